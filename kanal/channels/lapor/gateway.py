"""The two calls of SP4N-LAPOR! that are publicly known, and what their answers mean.

Both are old; the README of this folder says what is known of them and what is assumed.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol
from xml.etree import ElementTree as ET
from xml.parsers import expat

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import NotSentError, RefusedForGoodError, UncertainError, UnreachableError

PLATFORM: Final = "LAPOR!"
_LARGEST_ANSWER: Final = 4 * 2**20
_LONGEST_NUMBER: Final = 40
_NO_TOKEN: Final = {401, 403}
_MOVED: Final = {301, 302, 303, 307, 308, 404, 405, 410}
_NOT_TAKEN: Final = {429, 503}
"""Answers that say "not now" by their meaning; any other 5xx may come after the report was taken."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A report as it is handed over. `text` ends in the marker; nothing in it names the reporter."""

    text: str
    anonymous: bool
    secret: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What LAPOR! answers: the number that it shows to everybody, and that of the transaction."""

    ticket: str
    transaction: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A category of LAPOR!; `parent` is "" at the top."""

    id: str
    parent: str
    name: str


class LaporGateway(Protocol):
    """A line to SP4N-LAPOR!."""

    def push(self, submission: Submission, *, before: Callable[[], None]) -> Taken:
        """Hand over one report; `before` is called at the last moment at which nothing has left.

        Raises RefusedForGoodError or UnreachableError (it is not there) and UncertainError (it may be).
        """

    def topics(self) -> list[Topic]:
        """The categories of today. Raises UnreachableError."""


def can_push() -> bool:
    """Whether reports can be handed over by machine."""
    return bool(settings.LAPOR["token"])


def can_pull() -> bool:
    """Whether categories can be asked for."""
    return bool(settings.LAPOR["key"])


def gateway() -> AbstractContextManager[LaporGateway]:
    """A line to SP4N-LAPOR!, open for the length of a `with` block."""
    return LegacyGateway(settings.LAPOR)


class LegacyGateway(calling.Line):
    """`stream/addstream` (XML) and `services/f01/gettopics` (JSON)."""

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(settings["api"])
        self._have = settings

    def push(self, submission: Submission, *, before: Callable[[], None]) -> Taken:
        """Hand over one report. Raises as LaporGateway says; an answer without a number is an uncertain one."""
        response = calling.hand_over(
            self._line,
            f"{self._have['api']}/stream/addstream",
            platform=PLATFORM,
            before=before,
            content=_envelope(submission, self._have),
            headers={"Content-Type": "text/xml; charset=utf-8"},
        )
        if not response.is_success:
            raise _fault(response)
        found = _numbers(response.content)
        if not found.get("trackingid"):
            raise UncertainError("no trackingid")
        return Taken(found["trackingid"], found.get("transaksiid", ""))

    def topics(self) -> list[Topic]:
        """The categories of today. Raises UnreachableError, also for an answer that is no list of them."""
        url = f"{self._have['api']}/services/f01/gettopics"
        response = calling.ask(self._line, "POST", url, platform=PLATFORM, data={"KEYTOKEN": self._have["key"]})
        if response.status_code in _NO_TOKEN:
            raise _no_token("KANAL_LAPOR_KEY")
        if response.status_code in _MOVED:
            raise _moved(response)
        if not response.is_success:
            raise UnreachableError(_trouble(response), pause=calling.pause_of(response))
        try:
            return [_topic(row) for row in response.json()]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise UnreachableError(_("Daftar kategori LAPOR! tidak bisa dibaca.")) from None


def _envelope(submission: Submission, have: dict[str, Any]) -> bytes:
    """The report as the call wants it. The sender is the regency's own desk, never the reporter."""
    root = ET.Element("lapor", token=have["token"])
    sender = ET.SubElement(root, "pelapor")
    first, _space, last = have["sender_name"].partition(" ")
    values = {"email": have["sender_email"], "telpon": have["sender_phone"], "namadepan": first, "namabelakang": last}
    for name, value in values.items():
        ET.SubElement(sender, name).text = value
    flags = {"rahasia": str(int(submission.secret)), "anonim": str(int(submission.anonymous))}
    ET.SubElement(ET.SubElement(root, "laporan", flags), "isi").text = submission.text
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _numbers(answer: bytes) -> dict[str, str]:
    """Every name and value of the answer, elements and attributes alike: how it nests them is not documented.

    Read as events of the parser, without building a tree; an answer with a document type is none of ours.
    """
    found: dict[str, str] = {}
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name.rpartition(":")[2].casefold())
        for key, value in attributes.items():
            found.setdefault(key.casefold(), value.strip()[:_LONGEST_NUMBER])

    def text(data: str) -> None:
        if path and data.strip():
            found[path[-1]] = (found.get(path[-1], "") + data.strip())[:_LONGEST_NUMBER]

    def end(_name: str) -> None:
        path.pop()

    def doctype(*_details: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, doctype
    try:
        parser.Parse(answer[:_LARGEST_ANSWER], True)
    except (expat.ExpatError, ValueError):
        return {}
    return found


def _topic(row: dict[str, Any]) -> Topic:
    parent = str(row.get("parent") or "0")
    number, name = str(row["id"]).strip(), str(row["topic_name"]).strip()
    if not number or not name:
        raise ValueError("a topic without number or name")
    return Topic(number[:20], "" if parent == "0" else parent[:20], name[:200])


def _trouble(response: httpx.Response) -> str:
    return _("%(platform)s sedang terganggu (%(code)s).") % {"platform": PLATFORM, "code": response.status_code}


def _no_token(name: str) -> UnreachableError:
    sentence = _("LAPOR! menolak kunci Kanal. Minta kunci baru kepada tim LAPOR!, lalu isi %(name)s.") % {"name": name}
    return UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True)


def _moved(response: httpx.Response) -> UnreachableError:
    sentence = _(
        "Alamat panggilan LAPOR! tidak cocok lagi (%(code)s). Tanyakan kepada tim LAPOR!, isi KANAL_LAPOR_API."
    )
    return UnreachableError(sentence % {"code": response.status_code}, pause=timedelta(minutes=10), alarm=True)


def _fault(response: httpx.Response) -> NotSentError | UncertainError:
    """What an answer that is no success means for the report."""
    if response.status_code in _NO_TOKEN:
        return _no_token("KANAL_LAPOR_TOKEN")
    if response.status_code in _MOVED:
        return _moved(response)
    if response.status_code in _NOT_TAKEN:
        return UnreachableError(_trouble(response), pause=calling.pause_of(response))
    if response.is_server_error:
        return UncertainError(str(response.status_code))
    return RefusedForGoodError(_("LAPOR! menolak laporan ini (%(code)s).") % {"code": response.status_code})
