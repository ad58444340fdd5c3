"""Letters that no person wrote just now: bounces, holiday replies, lists, our own. RFC 3834, 3464, 3462, 2919."""

import re
from collections.abc import Collection
from datetime import datetime
from email.message import Message
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels.adapters import Item, Passed, Receipt
from kanal.channels.email.letter import content_of, header, message_ids, raw_header, sender_of
from kanal.channels.email.sending import message_id
from kanal.common.text import one_line

_OURS = re.compile(r"<kanal\.[0-9a-f]{32}@[^<>\s]+>")
_POSTMASTER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|bounces?)(?:[+=-].*)?@")
_STATUS = re.compile(r"^\s*Status:\s*([245])\.(\d{1,3})\.(\d{1,3})", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^\s*Action:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_DIAGNOSIS = re.compile(r"^\s*Diagnostic-Code:\s*(?:smtp;)?\s*(.{1,200})", re.IGNORECASE | re.MULTILINE)
_NO_MAILBOX = re.compile(
    r"\b5\.1\.\d{1,2}\b|user unknown|no such user|does not exist|mailbox unavailable", re.IGNORECASE
)
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|(?:balasan|jawaban) otomatis)\b",
    re.IGNORECASE,
)
_BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_READ_FROM_REPORT = 100_000
_NO_SUCH_ADDRESS = "1"


def is_ours(identifier: str) -> bool:
    """Whether a Message-ID is of a letter that we sent."""
    home = message_id("").rpartition("@")[2]
    return bool(_OURS.fullmatch(identifier)) and identifier.endswith(f"@{home}")


def automatic(mail: Message, name: str, at: datetime) -> Item | None:
    """What follows of a letter that no person wrote; None for one that a person did."""
    bounce = _bounce(mail, name, at)
    if bounce:
        return bounce
    why = _why_passed(mail)
    return Passed(name, why) if why else None


# --- bounces ----------------------------------------------------------------------------------------------------------


def _bounce(mail: Message, name: str, at: datetime) -> Item | None:
    report = mail.get_content_type() == "multipart/report"
    if report and str(mail.get_param("report-type", "")).lower() == "disposition-notification":
        return Passed(name, "says that it was read or deleted")
    returned = report or _POSTMASTER.match(sender_of(mail)[1]) or raw_header(mail, "X-Failed-Recipients")
    if not returned:
        return None
    told = _told(mail)
    ours = next(
        (found for found in [*message_ids(mail, "In-Reply-To", "References"), *_OURS.findall(told)] if is_ours(found)),
        "",
    )
    if not ours:
        return Passed(name, "a bounce of something that we did not send")
    return _outcome(told, ours, at, name=name, report=report)


def _told(mail: Message) -> str:
    """Everything that a bounce says, with the letter that it returns."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    heads = [f"{key}: {value}" for part in mail.walk() for key, value in part.raw_items()]
    bodies = [content_of(part)[:_READ_FROM_REPORT].decode("utf-8", "replace") for part in parts]
    return "\n".join([*heads, *bodies])[: 3 * _READ_FROM_REPORT]


def _outcome(told: str, ours: str, at: datetime, *, name: str, report: bool) -> Item:
    action = _ACTION.search(told)
    done = action[1].lower() if action and report else "failed"
    if done in {"delivered", "relayed", "expanded"}:
        return Receipt(ours, "delivered", at) if done == "delivered" else Passed(name, "on its way")
    if done == "delayed":
        return Passed(name, "delayed; the server goes on trying")
    status, diagnosis = _STATUS.search(told), _DIAGNOSIS.search(told)
    gone = status[1] == "5" and status[2] == _NO_SUCH_ADDRESS if status else bool(_NO_MAILBOX.search(told))
    code = ".".join(status.groups()) if status else ""
    reason = " ".join(filter(None, [code, diagnosis[1].strip() if diagnosis else ""]))
    sentence = _("Alamat ini tidak ada.") if gone else _("Surat kembali dari server penerima.")
    return Receipt(ours, "failed", at, one_line(f"{sentence} {reason}")[:300], no_such_address=gone)


# --- what else nobody wrote -------------------------------------------------------------------------------------------


def _why_passed(mail: Message) -> str:
    if any(is_ours(found) for found in message_ids(mail, "Message-ID")):
        return "our own letter came back"
    if sender_of(mail)[1] == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower():
        return "from our own address"
    submitted = raw_header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in {"", "no"}:
        return f"written by a machine ({submitted[:40]})"
    if any(raw_header(mail, field) for field in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")):
        return "an automatic reply"
    if _AUTOMATIC_SUBJECT.match(header(mail, "Subject")):
        return "an automatic reply"
    return _why_many(mail, settings.MAILBOX["own_lists"])


def _why_many(mail: Message, own_lists: Collection[str]) -> str:
    """Lists and newsletters; lists that are the regency's own way in are not meant."""
    lists = raw_header(mail, "List-Id").lower()
    if any(name.lower() in lists for name in own_lists):
        return ""
    if lists or any(raw_header(mail, field) for field in ("List-Unsubscribe", "List-Post")):
        return "from a mailing list"
    return "sent to many" if raw_header(mail, "Precedence").lower() in _BULK else ""
