"""An SMS gateway on the loopback that speaks as many do: form or JSON in, a number of its own out."""

import itertools

from tests.support.platform import Answer, Call, FakePlatform

SECRET = "rahasia-gateway"  # of the tests


class FakeGateway(FakePlatform):
    """Takes messages and numbers them."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)

    def answer(self, call: Call) -> Answer:
        """As a gateway does that takes everything."""
        if call.headers.get("X-Key") != SECRET:
            return Answer(b"who are you", 401)
        return Answer(f'{{"status": "OK", "message_id": "gw-{next(self._numbers)}"}}'.encode())


def settings_for(url: str, **more: str) -> dict[str, str]:
    """The settings for a gateway at this address."""
    return {
        "in_secret": SECRET,
        "out_url": f"{url}/send",
        "out_method": "POST",
        "out_headers": f"X-Key: {SECRET}|Accept: application/json",
        "out_body": '{"to": "{to}", "message": "{text}"}',
        "out_success": r'"status":\s*"OK"',
        "out_id": r'"message_id":\s*"([^"]+)"',
        "out_no_number": "NOSUCH",
        **more,
    }
