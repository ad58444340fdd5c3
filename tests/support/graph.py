"""A Graph API on the loopback for a Page and an Instagram account, and what Meta posts, made for these tests."""

import itertools
import json
from typing import Any

from django.test import Client
from django.utils import timezone

from kanal.channels.graph.views import signature
from tests.support.platform import Answer, Call, FakePlatform

OURS, TOKEN, APP_SECRET, VERIFY = "17841400000000001", "EAAhalaman", "rahasia-aplikasi-halaman", "kata-sandi-halaman"
SARI = "7654321098765432"
OBJECTS = {"facebook": "page", "instagram": "instagram"}


class FakePage(FakePlatform):
    """Takes private messages and answers below comments; hands out files: `files` by name, `told` by a thing's id."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.told: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The private messages that it took."""
        return [call.json for call in self.calls if call.path.endswith("/me/messages")]

    @property
    def posted(self) -> list[tuple[str, str]]:
        """What it took to be read by everybody: where, and the words."""
        edges = ("/comments", "/replies", "/mentions")
        return [
            (call.path.removeprefix("/v23.0/"), call.json["message"])
            for call in self.calls
            if call.path.endswith(edges)
        ]

    def keeps(self, name: str, content: bytes, **lies: Any) -> None:
        """A message with one picture."""
        self.files[name] = content
        data = {"image_data": {"url": f"{self.url}/isi/{name}"}, "size": len(content), **lies}
        self.told[name] = {"id": name, "attachments": {"data": [data]}}

    def answer(self, call: Call) -> Answer:
        """As graph.facebook.com does."""
        if call.path.startswith("/isi/"):
            return Answer(self.files[call.path.rpartition("/")[2]], headers={"Content-Type": "image/jpeg"})
        if call.headers.get("Authorization") != f"Bearer {TOKEN}":
            return error(190, 401)
        if call.method == "POST":
            number = next(self._numbers)
            named = "message_id" if call.path.endswith("/me/messages") else "id"
            return Answer({"recipient_id": SARI, named: f"m_out{number}"})
        name = call.path.rpartition("/")[2]
        return Answer(self.told[name]) if name in self.told else error(100, 400, 33)


def error(code: int, status: int = 400, subcode: int = 0, headers: dict[str, str] | None = None) -> Answer:
    """An error as the Graph API words it."""
    told = {"message": "(#x) says why", "type": "OAuthException", "code": code}
    return Answer({"error": told | ({"error_subcode": subcode} if subcode else {})}, status, headers or {})


def settings_for(url: str, *, human_agent: bool = False) -> dict[str, Any]:
    """The settings of a Page or an account for a Graph API at this address."""
    return {
        "api": f"{url}/v23.0",
        "id": OURS,
        "name": "pemkab.bojonegoro",
        "door": "https://m.me/pemkab.bojonegoro",
        "token": TOKEN,
        "app_secret": APP_SECRET,
        "verify_token": VERIFY,
        "human_agent": human_agent,
    }


def post(client: Client, medium: str, body: bytes, sign: str | None = None) -> int:
    """Call the webhook of a medium; returns the status that Meta sees."""
    signed = signature(body, APP_SECRET) if sign is None else sign
    head = {"X-Hub-Signature-256": signed}
    return client.post(f"/saluran/{medium}/", body, content_type="application/json", headers=head).status_code


def milliseconds(hours_ago: float = 0) -> int:
    """A moment as conversations write it."""
    return int((timezone.now().timestamp() - hours_ago * 3600) * 1000)


def envelope(medium: str, *, ours: str = OURS, hours_ago: float = 0, **parts: Any) -> str:
    """One call with one entry: `envelope("facebook", messaging=[…])` or `changes=[…]`."""
    entry = {"id": ours, "time": milliseconds(hours_ago) // 1000, **parts}
    return json.dumps({"object": OBJECTS[medium], "entry": [entry]})


def event(hours_ago: float = 0, *, sender: str = SARI, recipient: str = OURS, **told: Any) -> dict[str, Any]:
    """One event of a conversation."""
    people = {"sender": {"id": sender}, "recipient": {"id": recipient}}
    return {**people, "timestamp": milliseconds(hours_ago), **told}


def direct(medium: str, text: str = "", number: int = 1, hours_ago: float = 0, **more: Any) -> str:
    """A private message of Sari's."""
    message = {"mid": f"m_in{number}", **({"text": text} if text else {}), **more}
    return envelope(medium, messaging=[event(hours_ago, message=message)])


def comment(medium: str, text: str, number: int = 1, hours_ago: float = 0, **more: Any) -> str:
    """A comment of Sari's below a post of ours."""
    if medium == "instagram":
        writer, media = {"id": SARI, "username": "sari.utami"}, {"id": "17900", "media_product_type": "FEED"}
        value = {"id": f"1785000{number}", "from": writer, "media": media, "text": text, **more}
        return envelope(medium, hours_ago=hours_ago, changes=[{"field": "comments", "value": value}])
    value = {
        "item": "comment",
        "verb": "add",
        "comment_id": f"900_{number}",
        "post_id": f"{OURS}_900",
        "parent_id": f"{OURS}_900",
        "created_time": milliseconds(hours_ago) // 1000,
        "from": {"id": SARI, "name": "Sari Utami"},
        "message": text,
        **more,
    }
    return envelope(medium, hours_ago=hours_ago, changes=[{"field": "feed", "value": value}])
