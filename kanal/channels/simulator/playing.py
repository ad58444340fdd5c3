"""What a played telephone sends: the platform's real payload, really signed, posted to the real webhook."""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
from django.conf import settings

from kanal.channels import outside
from kanal.channels.graph.views import signature
from kanal.channels.simulator import phones, walls
from kanal.channels.simulator.phones import Line

NAME = "Warga Simulator"
_TIMEOUT = httpx.Timeout(20)
_PATIENCE = 1.0
"""Seconds that a page waits for its message to be taken: as a rule it then shows how that went."""
_lines = ThreadPoolExecutor(max_workers=4, thread_name_prefix="simulator")


class NotTakenError(Exception):
    """Kanal's webhook did not take the message."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends from a played telephone: words, a file that the platform keeps, or a place."""

    text: str = ""
    kind: str = ""
    """image, audio, video or document for a file."""
    file: str = ""
    mime: str = ""
    lat: float | None = None
    lon: float | None = None
    public: bool = False
    """A comment below a post of the regency's."""
    name: str = ""
    """What a wall calls it."""


def send(medium: str, number: str, parcels: Sequence[Sent], *, failed: str) -> None:
    """Have the platform tell Kanal, one message after the other; the phone says `failed` where one is not taken.

    What stands on a wall is told when Kanal asks.
    The calls come to this very server, so they are made beside its threads: a server whose every thread waited for
    itself would stand still.
    """
    if medium in PUBLIC_ONLY:
        for sent in parcels:
            walls.write(medium, number, f"@pemkab {sent.text}" if medium == "x" else sent.text, name=sent.name)
        return
    wait([_lines.submit(_send, medium, number, parcels, failed)], timeout=_PATIENCE)


def _send(medium: str, number: str, parcels: Sequence[Sent], failed: str) -> None:
    try:
        for sent in parcels:
            _post(medium, number, sent)
    except NotTakenError:
        phones.write(medium, number, Line(phones.new_id(), mine=False, text=failed, picture="alert"))


def _post(medium: str, number: str, sent: Sent) -> None:
    address, payload, head = _MEDIA[medium](number, sent)
    body = json.dumps(payload).encode()
    try:
        with httpx.Client(timeout=_TIMEOUT, trust_env=False, verify=outside.trusted()) as line:
            answer = line.post(
                f"{settings.BASE_URL}/saluran/{address}",
                content=body,
                headers={"Content-Type": "application/json", **head(body)},
            )
    except httpx.HTTPError as fault:
        raise NotTakenError(type(fault).__name__) from fault
    if not answer.is_success:
        raise NotTakenError(str(answer.status_code))


Call = tuple[str, dict[str, Any], Callable[[bytes], dict[str, str]]]


def _whatsapp(number: str, sent: Sent) -> Call:
    kind, part = "text", {"body": sent.text}
    if sent.file:
        kind, part = sent.kind, {"id": sent.file, "mime_type": sent.mime}
        if sent.text:
            part["caption"] = sent.text
    message: dict[str, Any] = {
        "from": number,
        "id": f"wamid.{secrets.token_urlsafe(18)}",
        "timestamp": str(int(time.time())),
        "type": kind,
        kind: part,
    }
    if sent.lat is not None:
        del message[kind]
        message |= {"type": "location", "location": {"latitude": sent.lat, "longitude": sent.lon}}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62353000000", "phone_number_id": settings.WHATSAPP["phone_id"]},
        "contacts": [{"profile": {"name": NAME}, "wa_id": number}],
        "messages": [message],
    }
    changes = [{"field": "messages", "value": value}]
    payload = {"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": changes}]}
    secret = str(settings.WHATSAPP["app_secret"])
    return "whatsapp/", payload, lambda body: {"X-Hub-Signature-256": signature(body, secret)}


def _page(medium: str, number: str, sent: Sent) -> Call:
    have = settings.FACEBOOK if medium == "facebook" else settings.INSTAGRAM
    kind = "page" if medium == "facebook" else "instagram"
    part = _comment(medium, number, sent, have["id"]) if sent.public else _direct(number, sent, have["id"])
    payload = {"object": kind, "entry": [{"id": have["id"], "time": int(time.time()), **part}]}
    secret = str(have["app_secret"])
    return f"{medium}/", payload, lambda body: {"X-Hub-Signature-256": signature(body, secret)}


def _comment(medium: str, number: str, sent: Sent, ours: str) -> dict[str, Any]:
    name = f"{number}_{secrets.token_hex(8)}"
    if medium == "instagram":
        value: dict[str, Any] = {"id": name, "from": {"id": number, "username": NAME}, "text": sent.text}
        return {"changes": [{"field": "comments", "value": {**value, "media": {"id": "1"}}}]}
    value = {"item": "comment", "verb": "add", "comment_id": name, "post_id": f"{ours}_1", "parent_id": f"{ours}_1"}
    value |= {"from": {"id": number, "name": NAME}, "message": sent.text, "created_time": int(time.time())}
    return {"changes": [{"field": "feed", "value": value}]}


def _direct(number: str, sent: Sent, ours: str) -> dict[str, Any]:
    message: dict[str, Any] = {"mid": f"m_{sent.file or secrets.token_hex(16)}"}
    if sent.text:
        message["text"] = sent.text
    if sent.file:
        message["attachments"] = [{"type": {"document": "file"}.get(sent.kind, sent.kind), "payload": {"url": ""}}]
    if sent.lat is not None:
        where = {"coordinates": {"lat": sent.lat, "long": sent.lon}}
        message["attachments"] = [{"type": "location", "payload": where}]
    event = {"sender": {"id": number}, "recipient": {"id": ours}, "timestamp": int(time.time() * 1000)}
    return {"messaging": [{**event, "message": message}]}


def _telegram(number: str, sent: Sent) -> Call:
    person = {"id": int(number), "is_bot": False, "first_name": NAME}
    message: dict[str, Any] = {
        "message_id": secrets.randbelow(2**31),
        "from": person,
        "chat": {"id": int(number), "type": "private", "first_name": NAME},
        "date": int(time.time()),
    }
    if sent.lat is not None:
        message["location"] = {"latitude": sent.lat, "longitude": sent.lon}
    elif sent.file:
        message |= _telegram_file(sent)
    else:
        message["text"] = sent.text
    payload = {"update_id": secrets.randbelow(2**31), "message": message}
    return "telegram/", payload, lambda _body: {"X-Telegram-Bot-Api-Secret-Token": str(settings.TELEGRAM["secret"])}


def _telegram_file(sent: Sent) -> dict[str, Any]:
    told = {"file_id": sent.file, "mime_type": sent.mime}
    if sent.kind == "image":
        part: dict[str, Any] = {"photo": [{"file_id": sent.file, "width": 1280, "height": 960}]}
    else:
        part = {{"audio": "voice"}.get(sent.kind, sent.kind): told}
    return part | ({"caption": sent.text} if sent.text else {})


def _sms(number: str, sent: Sent) -> Call:
    have = settings.SMS
    payload = {have["in_from"]: f"+{number}", have["in_text"]: sent.text, have["in_id"]: secrets.token_hex(8)}
    return "sms/masuk/", payload, lambda _body: {"Authorization": f"Bearer {have['in_secret']}"}


_MEDIA: dict[str, Callable[[str, Sent], Call]] = {
    "whatsapp": _whatsapp,
    "telegram": _telegram,
    "facebook": partial(_page, "facebook"),
    "instagram": partial(_page, "instagram"),
    "sms": _sms,
}
WITH_COMMENTS = frozenset({"facebook", "instagram"})
"""The media where one may also write below a post, for everybody."""
PUBLIC_ONLY = frozenset(walls.NAMES)
"""The media where everything is read by everybody, and which Kanal asks instead of being called."""
WITH_FILES = frozenset({"whatsapp", "telegram"}) | WITH_COMMENTS
"""The media that carry more than words."""
