"""A Graph API on the loopback, and what WhatsApp posts, made for these tests."""

import hashlib
import itertools
import json
from typing import Any

from tests.support.graph import error
from tests.support.platform import Answer, Call, FakePlatform

PHONE_ID, TOKEN, APP_SECRET, VERIFY = "106540352242922", "EAAtoken", "rahasia-aplikasi", "kata-sandi-webhook"
SARI = "6281234567890"


class FakeGraph(FakePlatform):
    """Takes messages and hands out files: `files` by id; `lies` are put over what is told of a file."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.lies: dict[str, Any] = {}
        self._numbers = itertools.count(1)

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages that it took."""
        return [call.json for call in self.calls if call.path.endswith("/messages")]

    def answer(self, call: Call) -> Answer:
        """As graph.facebook.com does."""
        if call.headers.get("Authorization") != f"Bearer {TOKEN}":
            return error(190, 401)
        last = call.path.rpartition("/")[2]
        if call.method == "POST" and call.path == f"/v23.0/{PHONE_ID}/messages":
            return Answer({"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out{next(self._numbers)}"}]})
        if call.path.startswith("/isi/"):
            return Answer(self.files[last], headers={"Content-Type": "image/jpeg"})
        if last not in self.files:
            return error(100, 400)
        content = self.files[last]
        told = {"url": f"{self.url}/isi/{last}", "sha256": hashlib.sha256(content).hexdigest(), "id": last}
        return Answer({**told, "file_size": len(content), "mime_type": "image/jpeg", **self.lies})


def settings_for(url: str, *templates: str) -> dict[str, Any]:
    """The settings of WhatsApp for a Graph API at this address."""
    return {
        "api": f"{url}/v23.0",
        "phone_id": PHONE_ID,
        "token": TOKEN,
        "app_secret": APP_SECRET,
        "verify_token": VERIFY,
        "templates": list(templates),
    }


def call(*messages: dict[str, Any], statuses: tuple[dict[str, Any], ...] = (), phone_id: str = PHONE_ID) -> str:
    """One call of the webhook."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62353881826", "phone_number_id": phone_id},
    }
    if messages:
        value |= {"contacts": [{"profile": {"name": "Sari"}, "wa_id": SARI}], "messages": list(messages)}
    if statuses:
        value["statuses"] = list(statuses)
    return around({"value": value, "field": "messages"})


def around(change: dict[str, Any]) -> str:
    """A change in its envelope."""
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "2154", "changes": [change]}]})


def message(kind: str, part: object, number: int = 1, **more: Any) -> dict[str, Any]:
    """One message of a kind."""
    told = {"from": SARI, "id": f"wamid.in{number}", "timestamp": "1795406400", "type": kind}
    return {**told, kind: part, **more}


def text(words: str, number: int = 1, **more: Any) -> dict[str, Any]:
    """One message of words."""
    return message("text", {"body": words}, number, **more)
