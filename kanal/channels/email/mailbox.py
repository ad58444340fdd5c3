"""Asking the mailbox for news by IMAP. Nothing is marked, moved or deleted there: people may read it beside us."""

import imaplib
import json
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels.adapters import Found, UnreachableError

TIMEOUT = 20
PORTS = {"tls": 993, "starttls": 143, "none": 143}
HISTORY = timedelta(days=14)
"""How far back to read a mailbox that is seen for the first time, or whose numbers the server gave anew. What was read
before is known by its Message-ID."""
BATCH, BATCH_BYTES = 25, 4 * 2**20
LARGEST, HEAD = 35 * 2**20, 2**19
"""Bytes of a letter that is kept whole (25 MB of photos, as written in mail), and how much is kept of a larger one."""
_PASSING = re.compile(r"UNAVAILABLE|INUSE|LIMIT|too many|try again|temporar", re.IGNORECASE)


@contextmanager
def opened() -> Iterator[imaplib.IMAP4]:
    """A signed-in line to the mail server. Raises UnreachableError with what to do."""
    line = _connected()
    try:
        _sign_in(line)
        yield line
    except imaplib.IMAP4.abort as fault:
        raise UnreachableError(_("Sambungan ke kotak surat terputus.")) from fault
    except OSError as fault:
        raise UnreachableError(_("Sambungan ke kotak surat terputus.")) from fault
    except (imaplib.IMAP4.error, ValueError) as fault:
        raise UnreachableError(_("Server kotak surat menjawab tidak sesuai aturan IMAP."), alarm=True) from fault
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            line.logout()


def _connected() -> imaplib.IMAP4:
    have = settings.MAILBOX
    port = have["port"] or PORTS.get(have["security"], PORTS["tls"])
    try:
        if have["security"] in {"none", "starttls"}:
            line = imaplib.IMAP4(have["host"], port, timeout=TIMEOUT)
            if have["security"] == "starttls":
                line.starttls(ssl.create_default_context())
            return line
        return imaplib.IMAP4_SSL(have["host"], port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    except ssl.SSLError as fault:
        sentence = _("Sambungan aman ke kotak surat gagal: periksa sertifikat dan KANAL_EMAIL_IN_SECURITY.")
        raise UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True) from fault
    except (OSError, imaplib.IMAP4.error) as fault:
        raise UnreachableError(_("Kotak surat tidak bisa dihubungi.")) from fault


def _sign_in(line: imaplib.IMAP4) -> None:
    try:
        line.login(settings.MAILBOX["user"], settings.MAILBOX["password"])
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as refusal:  # imaplib writes ASCII alone
        passing = bool(_PASSING.search(str(refusal)))
        sentence = _("Kotak surat menolak masuk: periksa KANAL_EMAIL_IN_USER dan KANAL_EMAIL_IN_PASSWORD.")
        raise UnreachableError(sentence, pause=timedelta(minutes=10), alarm=not passing) from refusal


def look(cursor: str) -> Found | None:
    """Letters that came since `cursor` (UIDVALIDITY:UID); None when there are none. Raises UnreachableError."""
    looked = timezone.now()
    with opened() as line:
        validity, following = _selected(line)
        known, last = _position(cursor)
        if known != validity:
            uids, last = _search(line, "SINCE", (looked - HISTORY).strftime("%d-%b-%Y")), following - 1
        else:  # "n:*" names the last letter even where it is older than n
            uids = [uid for uid in _search(line, "UID", f"{last + 1}:*") if uid > last]
        if not uids:
            return Found(b"", f"{validity}:{last}") if known != validity else None
        letters, until = _letters(line, uids)
    page = {"mailbox": validity, "looked": looked.isoformat(), "letters": letters}
    return Found(json.dumps(page).encode() if letters else b"", f"{validity}:{until}", more=until < uids[-1])


def _position(cursor: str) -> tuple[int, int]:
    validity, _colon, last = cursor.partition(":")
    return (int(validity), int(last)) if validity.isdecimal() and last.isdecimal() else (0, 0)


def _selected(line: imaplib.IMAP4) -> tuple[int, int]:
    """Open the folder for reading alone; returns its UIDVALIDITY and the number that the next letter will have."""
    folder = settings.MAILBOX["folder"]
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    status = line.select(quoted, readonly=True)[0] if quoted.isascii() else "NO"  # modified UTF-7 is for machines
    if status != "OK":
        sentence = _("Folder “%(folder)s” tidak ada di kotak surat: periksa KANAL_EMAIL_IN_FOLDER.")
        raise UnreachableError(sentence % {"folder": folder}, pause=timedelta(minutes=10), alarm=True)
    validity, following = (_number(line.response(name)[1]) for name in ("UIDVALIDITY", "UIDNEXT"))
    return validity, following or max(_search(line, "ALL"), default=0) + 1


def _number(answer: list[Any]) -> int:
    told = answer[-1] if answer else None
    return int(told) if isinstance(told, bytes) and told.isdigit() else 0


def _search(line: imaplib.IMAP4, *criteria: str) -> list[int]:
    status, answer = line.uid("SEARCH", *criteria)
    if status != "OK":
        raise imaplib.IMAP4.error("SEARCH")
    return sorted({int(uid) for row in answer if isinstance(row, bytes) for uid in row.split()})


def _letters(line: imaplib.IMAP4, uids: list[int]) -> tuple[list[dict[str, Any]], int]:
    """Fetch letters until it is enough for one delivery; returns them and the number of the last one looked at."""
    letters: list[dict[str, Any]] = []
    total, until = 0, uids[0] - 1
    sizes = _sizes(line, uids[:BATCH])
    for uid in uids[:BATCH]:
        size = sizes.get(uid, 0)
        if letters and total + size > BATCH_BYTES:
            break
        until = uid
        letter = _letter(line, uid, size) if uid in sizes else None  # deleted since the search
        if letter:
            letters.append(letter)
            total += size
    return letters, until


def _sizes(line: imaplib.IMAP4, uids: list[int]) -> Mapping[int, int]:
    _status, answer = line.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
    rows = [row.decode("ascii", "replace") for row in answer if isinstance(row, bytes)]
    told = [(re.search(r"\bUID (\d+)", row), re.search(r"RFC822\.SIZE (\d+)", row)) for row in rows]
    return {int(uid[1]): int(size[1]) for uid, size in told if uid and size}


def _letter(line: imaplib.IMAP4, uid: int, size: int) -> dict[str, Any] | None:
    cut = size > LARGEST
    part = f"<0.{HEAD}>" if cut else ""
    _status, answer = line.uid("FETCH", str(uid), f"(UID INTERNALDATE BODY.PEEK[]{part})")
    found = next((row for row in answer if isinstance(row, tuple)), None)
    if found is None:
        return None
    told = (found[0] + b"".join(row for row in answer if isinstance(row, bytes))).decode("ascii", "replace")
    return {"uid": uid, "at": _arrived(told), "cut": cut, "raw": b64encode(found[1]).decode()}


def _arrived(told: str) -> str:
    """When the server took the letter; the Date header is whatever the sender's clock says."""
    date = re.search(r'INTERNALDATE "([^"]+)"', told)
    try:
        at = datetime.strptime(date[1].strip(), "%d-%b-%Y %H:%M:%S %z") if date else timezone.now()
    except ValueError:
        at = timezone.now()
    return min(at, timezone.now()).astimezone(UTC).isoformat()
