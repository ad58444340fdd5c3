import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.message import Message
from typing import Any

from django.utils.translation import gettext as _

from kanal.channels.adapters import FileRef, GoneError, Item, Said, Strange, unknown_shape
from kanal.channels.email import letter as letters
from kanal.channels.email.automatic import automatic, is_ours
from kanal.channels.email.quotes import is_quoted_alone, new_words
from kanal.channels.models import Delivery, Medium, Outbound

_LOOKED_THROUGH = 100_000
"""Characters in which what is new is looked for."""
_CANDIDATES = 20
"""Deliveries among which a letter is looked for: the one that was stored right after the look, or one near it."""


def read(payload: bytes) -> Iterator[Item]:
    """The letters of one look at the mailbox."""
    page = _page(payload)
    looked = datetime.fromisoformat(page["looked"])
    for told in page["letters"]:
        raw = b64decode(told["raw"])
        try:
            place = f"{looked.timestamp():.3f}/{page['mailbox']}/{told['uid']}"
            yield _item(letters.parsed(raw), raw, datetime.fromisoformat(told["at"]), place=place)
        except RecursionError:
            yield Strange(_digest(raw), _("Surat ini tersusun terlalu dalam untuk dibuka."))


def _page(payload: bytes) -> Mapping[str, Any]:
    try:
        page = json.loads(payload)
        return {"mailbox": page["mailbox"], "looked": page["looked"], "letters": list(page["letters"])}
    except (ValueError, KeyError, TypeError) as fault:
        raise unknown_shape(type(fault).__name__) from fault


def _digest(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def name_of(mail: Message, raw: bytes) -> str:
    """What a letter is called: its Message-ID, with its sender, because careless programs use one twice."""
    own = message_ids_of(mail)
    if not own or len(own[0]) > 150:  # noqa: PLR2004  # the column holds 200
        return _digest(raw)
    return f"{own[0]} {hashlib.sha256(letters.sender_of(mail)[1].encode()).hexdigest()[:12]}"


def message_ids_of(mail: Message) -> list[str]:
    """The letter's own Message-ID, where it has one."""
    return letters.message_ids(mail, "Message-ID")


def _item(mail: Message, raw: bytes, at: datetime, *, place: str) -> Item:
    name = name_of(mail, raw)
    passed = automatic(mail, name, at)
    if passed:
        return passed
    person, handle = letters.sender_of(mail, "X-Original-From")
    if not handle:
        person, handle = letters.sender_of(mail)
    if not handle:
        return Strange(name, _("Surat tanpa alamat pengirim yang sah."))
    return Said(
        external_id=name,
        handle=handle,
        at=at,
        text=words_of(mail),
        name=person,
        subject=letters.header(mail, "Subject")[:200],
        thread=thread_of(mail),
        files=tuple(
            FileRef(f"{place}/{number}", kind, mime, file_name)
            for number, kind, mime, file_name in letters.files_of(mail)
        ),
    )


def words_of(mail: Message) -> str:
    """What the person wrote now; an enclosed letter where they wrote nothing of their own."""
    text = letters.words_of(mail)[:_LOOKED_THROUGH]
    if not text.strip():
        inner = letters.enclosed(mail)
        return letters.tidy(letters.words_of(inner)) if inner else ""
    if is_quoted_alone(text) and any(map(is_ours, letters.message_ids(mail, "In-Reply-To", "References"))):
        return ""  # an answer of photos alone: our own words are not theirs
    return letters.tidy(new_words(text))


def thread_of(mail: Message) -> str:
    """Where the letter belongs: what our letter was about that it answers, else the first letter of its thread."""
    before = letters.message_ids(mail, "In-Reply-To", "References")
    ours = [found for found in before if is_ours(found)]
    if ours:
        sent = Outbound.objects.filter(medium=Medium.EMAIL, external_id__in=ours).exclude(reference="")
        about = sent.order_by("-id").values_list("reference", flat=True).first()
        if about:
            return about
    roots = [*letters.message_ids(mail, "References"), *before, *message_ids_of(mail)]
    return next((root for root in roots if len(root) <= 200), "")  # noqa: PLR2004  # the column


# --- files ------------------------------------------------------------------------------------------------------------


def file_content(external_id: str) -> bytes:
    """The content of one part, taken out of the letter as it was kept. Raises GoneError."""
    looked, mailbox, uid, number = external_id.split("/")
    told = _kept(looked, mailbox, uid)
    if told is None:
        raise GoneError(_("Surat aslinya sudah dihapus, jadi lampirannya tidak bisa diambil lagi."))
    if told["cut"]:
        raise GoneError(_("Suratnya terlalu besar: lihat lampirannya di kotak surat."))
    parts = list(letters.parsed(b64decode(told["raw"])).walk())
    return letters.content_of(parts[int(number)]) if int(number) < len(parts) else b""


def _kept(looked: str, mailbox: str, uid: str) -> Mapping[str, Any] | None:
    at = datetime.fromtimestamp(float(looked) - 1, tz=UTC)
    near = Delivery.objects.filter(medium=Medium.EMAIL, received_at__gte=at).order_by("received_at", "id")
    for pk in near.values_list("pk", flat=True)[:_CANDIDATES]:
        page = _page(Delivery.objects.get(pk=pk).payload.encode())
        for told in page["letters"] if str(page["mailbox"]) == mailbox else ():
            if str(told["uid"]) == uid:
                return dict(told)
    return None
