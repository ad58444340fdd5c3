"""One letter as its raw bytes tell it: headers, words and parts, however badly they are written."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import EmailPolicy
from email.utils import parseaddr
from itertools import islice

import ftfy

from kanal.channels.email.html import text_of
from kanal.common.text import TooLong, clean, drop_surrogates, one_line

LONGEST = 20_000
"""Characters of one message, as everywhere in Kanal."""
_STUMBLES = (ValueError, LookupError, AttributeError, TypeError, RecursionError)
"""How the standard library's parser fails on broken headers."""
_LONGEST_NAME, _LONGEST_HEADER = 100, 3_000
_LONGEST_BODY = 600_000
# Printable ASCII: other letters in an identifier are a fault, and a NUL byte no database takes.
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,250}@[!-;=?A-~]{1,250}>")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+_-]{1,40}/[a-z0-9.+_-]{1,39}")
_SMALL_PICTURE = 4_000
"""Bytes; logos and dots under a signature, never a photo."""
_MOST_PARTS = 200
_SEALS = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_KINDS = {"image", "audio", "video"}


class _Patient(EmailPolicy):
    """The modern policy for letters from anybody: alone it takes minutes over a megabyte of Content-Type, or falls."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of one header."""
        name, value = super().header_source_parse(sourcelines)
        return name[:_LONGEST_NAME], value[:_LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The header as the parser understands it, else as it stands there."""
        try:
            parsed_value: str = super().header_fetch_parse(name, value)
        except _STUMBLES:
            return " ".join(drop_surrogates(value).split())
        return parsed_value


_POLICY = _Patient()


def parsed(raw: bytes) -> Message:
    """The letter. Raises RecursionError for one that is made of boxes in boxes without end."""
    return message_from_bytes(raw.lstrip(b"\xef\xbb\xbf\x00\r\n"), policy=_POLICY)


# --- headers ----------------------------------------------------------------------------------------------------------


def raw_header(mail: Message, name: str) -> str:
    """A header as it stands there, unfolded; "" when it is missing."""
    for known, value in mail.raw_items():
        if known.lower() == name.lower():
            return " ".join(str(value)[:_LONGEST_HEADER].split())
    return ""


def header(mail: Message, name: str) -> str:
    """A header in readable letters."""
    raw = raw_header(mail, name)
    told = str(_POLICY.header_fetch_parse(name, raw))
    return one_line(ftfy.fix_encoding(_without_surrogates(told)))


def _without_surrogates(text: str) -> str:
    """Bytes that no charset was told for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return readable(text.encode("utf-8", "surrogateescape"), "")
    return text


def message_ids(mail: Message, *names: str) -> list[str]:
    """The Message-IDs in these headers, in order."""
    return [found for name in names for found in _MESSAGE_ID.findall(raw_header(mail, name))]


def sender_of(mail: Message, name: str = "From") -> tuple[str, str]:
    """The sender's name and address in lower case; an empty address for what is none."""
    shown, address = parseaddr(header(mail, name))
    address = address.strip().lower()
    return (one_line(shown)[:120], address) if re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,189}", address) else ("", "")


# --- words ------------------------------------------------------------------------------------------------------------


def readable(content: bytes, charset: str) -> str:
    """The text of these bytes: in the charset they claim where that can be, in UTF-8 or Windows' letters otherwise."""
    content = content[:_LONGEST_BODY]
    honest = charset.lower() not in {
        "",
        "us-ascii",
        "ascii",
        "iso-8859-1",
        "latin-1",
        "latin1",
        "windows-1252",
        "utf-8",
    }
    for name in (charset if honest else "utf-8", "utf-8-sig", "cp1252"):
        try:
            return ftfy.fix_encoding(content.decode(name).removeprefix("\ufeff"))
        except (UnicodeError, LookupError, ValueError):
            continue
    return content.decode("latin-1")


def content_of(part: Message) -> bytes:
    """The decoded content of a part that has no parts."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return content if isinstance(content, bytes) else b""


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_name_of(part))


def _name_of(part: Message) -> str:
    try:
        return one_line(part.get_filename() or "")[:120]
    except _STUMBLES:
        return ""


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except _STUMBLES:
        return ""


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def words_of(part: Message) -> str:
    """What the letter says, before anything is cut; of two versions the plain one."""
    kind = part.get_content_type()
    if _is_file(part) or kind == "message/rfc822":
        return ""
    if kind == "multipart/alternative":
        versions = sorted(_parts(part), key=lambda one: one.get_content_type() != "text/plain")
        return next((words for one in versions if (words := words_of(one)).strip()), "")
    if part.is_multipart():
        return "\n\n".join(filter(None, map(words_of, _parts(part))))
    if kind == "text/html":
        return text_of(readable(content_of(part), _charset(part)))
    return readable(content_of(part), _charset(part)) if kind == "text/plain" else ""


def enclosed(mail: Message) -> Message | None:
    """A letter that is enclosed as a whole (forwarded as an attachment)."""
    return next((_parts(part)[0] for part in mail.walk() if part.get_content_type() == "message/rfc822"), None)


def tidy(text: str) -> str:
    """Words as Kanal keeps them; of more than it keeps, the beginning."""
    try:
        return clean(text[: LONGEST - 2], max_chars=LONGEST)
    except TooLong:  # composing letters may lengthen it
        return clean(text[: LONGEST // 2], max_chars=LONGEST)


# --- files ------------------------------------------------------------------------------------------------------------


def files_of(mail: Message) -> Iterator[tuple[int, str, str, str]]:
    """The files of a letter: the part's number, its kind (InboundFile.Kind), its media type and its name."""
    for number, part in islice(enumerate(mail.walk()), _MOST_PARTS):
        kind = part.get_content_type()
        main = kind.partition("/")[0]
        if part.is_multipart() or kind in _SEALS or (main in {"text", "message"} and not _is_file(part)):
            continue
        decoration = main == "image" and "Content-ID" in part and len(content_of(part)) < _SMALL_PICTURE
        if not decoration:
            told = kind if _MEDIA_TYPE.fullmatch(kind) else ""
            yield number, main if main in _KINDS else "document", told, _name_of(part)
