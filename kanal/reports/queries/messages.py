"""The inbox of messages that nobody has taken up: one line each, the whole message, and what was decided about it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.agencies.queries import Actor
from kanal.channels.adapters import Adapter, adapter_of
from kanal.channels.models import Inbound, InboundFile, Outbound
from kanal.channels.queries import masked
from kanal.common import formats
from kanal.common.indonesian import search_tokens
from kanal.common.masking import mask
from kanal.common.refusal import Refused
from kanal.common.text import shorten
from kanal.reports import policy
from kanal.reports.models import MessageDecision, Report, ReportEvent, TalkPart
from kanal.reports.queries.pages import Keyset, Page

OLDEST_FIRST = Keyset(("received_at", "id"))
PER_PAGE = 50
LONGEST_LINE = 180
_TELLING = frozenset(search_tokens("suap sogok pungli pungutan liar korupsi gratifikasi penyelewengan pelicin setoran"))
"""Words that may tell of wrongdoing by officials; only a hint, a person decides."""
Kind = InboundFile.Kind


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message in the list."""

    id: int
    medium: str
    sender: str
    words: str
    extras: str
    received_at: datetime
    removed: bool
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message with everything about it that this person may know. `raw`: they read its own words and files.

    `report` is what it belongs to now; `answer` what was sent back, with its delivery state.
    """

    inbound: Inbound
    sender: str
    text: str
    raw: bool
    files: Sequence[InboundFile]
    telling: bool
    verbs: Sequence[str]
    report: Report | None = None
    decision: MessageDecision | None = None
    answer: Outbound | None = None
    contact: int | None = None
    """Who sent it, for those who may open the page of that contact."""
    adoptable: Sequence[InboundFile] = ()
    """The pictures that this person may make photos of its report."""

    @property
    def waits(self) -> bool:
        """Whether somebody must still decide."""
        return self.inbound.state == Inbound.State.WAITING

    @property
    def pictures(self) -> list[InboundFile]:
        """The pictures that are kept."""
        return _pictures(self.files)


def inbox(actor: Actor, cursor: str | None = None) -> Page[MessageLine]:
    """The messages that wait, the longest waiting first."""
    raw = policy.reads_message(actor, None)
    rows = Inbound.objects.filter(state=Inbound.State.WAITING).select_related("address")
    page = OLDEST_FIRST.page(rows, cursor, limit=PER_PAGE)
    files = _files_by_message(page.rows)
    lines = [_line(row, files.get(row.pk, Counter()), raw=raw) for row in page.rows]
    return Page(lines, page.limit, page.previous, page.next)


def _files_by_message(rows: Iterable[Inbound]) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    kinds = InboundFile.objects.filter(inbound__in=[row.pk for row in rows]).values_list("inbound_id", "kind")
    for pk, kind in kinds:
        found.setdefault(pk, Counter())[kind] += 1
    return found


def _line(row: Inbound, files: Counter[str], *, raw: bool) -> MessageLine:
    extras = [f"{formats.number(number)} {Kind(kind).label}" for kind, number in sorted(files.items())]
    if row.lat is not None or row.place:
        extras.append(_("lokasi"))
    words = " ".join(filter(None, (row.subject, row.text)))
    words = words or _("Tanpa kata-kata")
    return MessageLine(
        id=row.pk,
        medium=row.get_medium_display(),
        sender=sender_of(row),
        words=shorten(words if raw else mask(words).text, LONGEST_LINE),
        extras=", ".join(extras),
        received_at=row.received_at,
        removed=row.removed_at is not None,
        contact=row.address.contact_id if row.address else None,
    )


def sender_of(row: Inbound) -> str:
    """The address a message came from, masked; "" where the medium does not tell."""
    return masked(row.medium, row.address.handle) if row.address else ""


def report_of(inbound: Inbound) -> Report | None:
    """The report that a message belongs to: made of it, joined by it at the desk, or led there by a chat."""
    belongs = Q(inbound=inbound) | Q(message_decisions__inbound=inbound)
    found = Report.objects.filter(belongs).first()
    if found is None:
        part = TalkPart.objects.select_related("report", "talk__report").filter(inbound=inbound).first()
        found = (part.report or (part.talk.report if part.talk else None)) if part else None
    return found


def _missing() -> Refused:
    return Refused(_("Pesan itu tidak ditemukan."), status=404, code="hidden")


def message_for(actor: Actor, pk: int) -> tuple[Inbound, Report | None]:
    """A message, for one who may open it, and its report. Raises Refused (404) alike for hidden and missing ones.

    One that is still being talked about belongs to nobody at the desk yet, and is missing like one in confidence.
    """
    inbound = Inbound.objects.select_related("address").filter(pk=pk).first() if pk < 2**63 else None
    if inbound is None:
        raise _missing()
    report = None if inbound.state == Inbound.State.WAITING else report_of(inbound)
    lost = report is None and inbound.state in {Inbound.State.NEW, Inbound.State.USED}
    if lost or not policy.sees_message(actor, report):
        raise _missing()
    return inbound, report


def whole(actor: Actor, pk: int) -> Message:
    """Everything about one message. Raises Refused (404) as `message_for`."""
    inbound, report = message_for(actor, pk)
    raw = policy.reads_message(actor, report)
    opens = actor.has(*policy.MESSAGE_READERS) if report is None else policy.may_open_identity(actor, report)
    waits = inbound.state == Inbound.State.WAITING
    text = inbound.text if raw else mask(inbound.text).text
    files = list(inbound.files.order_by("pk"))
    adopts = report is not None and policy.allows("adopt_photo", policy.staff(actor), report)
    return Message(
        inbound=inbound,
        sender=sender_of(inbound),
        text=text,
        raw=raw,
        files=files,
        adoptable=_not_yet_adopted(report, files) if report and adopts else (),
        telling=waits and not _TELLING.isdisjoint(search_tokens(text)),
        verbs=policy.message_verbs(actor) if waits else (),
        report=report,
        contact=inbound.address.contact_id if inbound.address and opens else None,
        decision=None if waits else MessageDecision.objects.select_related("user").filter(inbound=inbound).first(),
        answer=None if waits else Outbound.objects.filter(reference=answer_reference(inbound.pk)).first(),
    )


def _pictures(files: Iterable[InboundFile]) -> list[InboundFile]:
    return [file for file in files if file.kind == Kind.IMAGE and file.state == InboundFile.State.KEPT]


def _not_yet_adopted(report: Report, files: Iterable[InboundFile]) -> list[InboundFile]:
    pictures = _pictures(files)
    lines = ReportEvent.objects.filter(report=report, verb="adopt_photo") if pictures else ()
    adopted = {line.data.get("file") for line in lines}
    return [file for file in pictures if file.pk not in adopted]


def answer_reference(inbound_id: int) -> str:
    """What an answer to a message says it is about, so that it is found again with its delivery state."""
    return f"pesan-{inbound_id}"


TALK_REFERENCE = "percakapan-"


def talk_reference(inbound_id: int) -> str:
    """What Kanal's own word in a chat says it is about. It may hold a private link: nobody at the desk reads it."""
    return f"{TALK_REFERENCE}{inbound_id}"


def file_for(actor: Actor, pk: int) -> InboundFile:
    """A kept file of a message, for one who may read the message. Raises Refused (404) alike for all others."""
    rows = InboundFile.objects.select_related("inbound").filter(state=InboundFile.State.KEPT)
    file = rows.filter(pk=pk).first() if pk < 2**63 else None
    if file is None:
        raise _missing()
    _inbound, report = message_for(actor, file.inbound_id)
    if not policy.reads_message(actor, report):
        raise _missing()
    return file


def listened_to(report: Report) -> list[InboundFile]:
    """Voice notes, films and papers of the messages that belong to a report from a medium that brings such files."""
    adapter = adapter_of(report.medium)
    if adapter is None or type(adapter).fetch is Adapter.fetch:
        return []
    decided = MessageDecision.objects.filter(report=report).values("inbound_id")
    said = TalkPart.objects.filter(report=report).values("inbound_id")
    talked = TalkPart.objects.filter(talk__report=report).values("inbound_id")
    belongs = Q(inbound=report.inbound_id or 0) | Q(inbound__in=decided) | Q(inbound__in=said) | Q(inbound__in=talked)
    kept = InboundFile.objects.filter(belongs, state=InboundFile.State.KEPT).exclude(kind=Kind.IMAGE)
    return list(kept.order_by("pk"))


def waiting_among(ids: Iterable[int]) -> QuerySet[Inbound]:
    """Those of some messages that still wait."""
    return Inbound.objects.filter(pk__in=list(ids), state=Inbound.State.WAITING)


def count_words(number: int) -> str:
    """How many wait, as a sentence."""
    words = ngettext("%(number)s pesan menunggu.", "%(number)s pesan menunggu.", number)
    return words % {"number": formats.number(number)}
