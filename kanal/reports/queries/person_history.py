"""Everything between a person and us in one line of time: reports, calls, messages in and out, words on the page.

Newest first.

Case state and delivery state stand beside one another here and are never mixed: a report shows how far its case is, a
message out whether it arrived. Words are masked; who may read more follows the link to the report or the message.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor, reference
from kanal.channels.models import Address, Contact, Inbound, Medium, Outbound
from kanal.common.masking import DOT, mask
from kanal.common.text import shorten
from kanal.reports import policy
from kanal.reports.models import Follower, Report, ReportEvent
from kanal.reports.queries.messages import answer_reference, talk_reference
from kanal.reports.queries.person import messages_seen, reports_seen
from kanal.reports.talk_words import Wish, meant
from kanal.reports.workflow import STATUS, Colour, Kind, Status, StatusInfo, heading

PER_PAGE = 30
LONGEST_LINE = 200
PROOF = "address_proof"
"""The purpose of messages with a code that proves an address; they belong to no report."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,17})-([0-3])-(\d{1,18})")
_REPORT, _IN, _OUT, _PAGE = range(4)
_ARRIVED = (Outbound.State.SENT, Outbound.State.DELIVERED, Outbound.State.READ)
_COLOUR: dict[str, str] = {
    Outbound.State.FAILED.value: Colour.RED.value,
    Outbound.State.GIVEN_UP.value: Colour.YELLOW.value,
    **{state.value: Colour.GREEN.value for state in _ARRIVED},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `rank` and `id` make its place in time certain when several share a moment."""

    at: datetime
    rank: int
    id: int
    medium: str = ""
    words: str = ""
    code: str = ""
    status: StatusInfo | None = None
    marks: Sequence[str] = ()
    broadcast: str = ""
    state: str = ""
    state_word: str = ""
    error: str = ""
    purpose: str = ""

    @property
    def kind(self) -> str:
        """What it is: report, message in or out, or words that were written on the private page."""
        return ("report", "in", "out", "page")[self.rank]

    @property
    def colour(self) -> str:
        """The colour of a delivery state."""
        return _COLOUR.get(self.state, "") if self.rank == _OUT else ""

    @property
    def cursor(self) -> str:
        """Where to go on after it."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.rank}-{self.id}"


@dataclass(frozen=True, slots=True)
class History:
    """One page of it; `next` is the cursor of the older ones, None at the end."""

    lines: list[Line] = field(default_factory=list)
    next: str | None = None


def history_of(actor: Actor, contact: Contact, addresses: Sequence[Address], cursor: str | None = None) -> History:
    """A page of what was between this person and us, as far as `actor` may know of it; four queries."""
    place = _place(cursor)
    sources: list[tuple[int, str, QuerySet[Any]]] = [
        (_REPORT, "received_at", _reports(actor, contact)),
        (_IN, "received_at", messages_seen(actor).filter(address__in=addresses)),
        (_OUT, "created_at", _sent(actor, contact, addresses)),
        (_PAGE, "at", _written(actor, contact)),
    ]
    draw = (_report_line, _in_line, _out_line, _page_line)
    found: list[Line] = []
    for rank, moment, rows in sources:
        wanted = rows.filter(_after(place, rank, moment)).order_by(f"-{moment}", "-pk")[: PER_PAGE + 1]
        found += [draw[rank](row) for row in wanted]
    found.sort(key=lambda line: (line.at, line.rank, line.id), reverse=True)
    lines = found[:PER_PAGE]
    return History(lines, lines[-1].cursor if len(found) > PER_PAGE else None)


def latest_reports(actor: Actor, contact: Contact, *, most: int) -> list[Line]:
    """The newest reports of this person, as far as `actor` may know of them."""
    return [_report_line(row) for row in _reports(actor, contact).order_by("-received_at", "-pk")[:most]]


def _place(cursor: str | None) -> tuple[datetime, int, int] | None:
    """What a cursor says; None for a missing, foreign or broken one."""
    match = _CURSOR.fullmatch(cursor or "")
    if not match:
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(match[1])), int(match[2]), int(match[3])
    except OverflowError:
        return None


def _after(place: tuple[datetime, int, int] | None, rank: int, moment: str) -> Q:
    if place is None:
        return Q()
    at, of, pk = place
    if rank != of:
        return Q(**{f"{moment}__{'lte' if rank < of else 'lt'}": at})
    return Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": pk})


def _reports(actor: Actor, contact: Contact) -> QuerySet[Report]:
    rows = reports_seen(actor).filter(contact=contact)
    return rows.annotate(programme=F("radio_call__show__programme")).defer("body", "public_body")


def _sent(actor: Actor, contact: Contact, addresses: Sequence[Address]) -> QuerySet[Outbound]:
    """Messages out about reports that the person may open, or in answer to messages that they may find here.

    A coordinator also sees what went to a follower of somebody else's report.
    """
    about = reports_seen(actor).filter(contact=contact).values("tracking_code")
    told = Q(reference__in=about) | Q(purpose=PROOF)
    said = messages_seen(actor).filter(address__in=addresses)
    for name in (answer_reference, talk_reference):
        prefix = Value(name(0).removesuffix("0"))
        named = said.annotate(named=Concat(prefix, Cast("pk", CharField()), output_field=CharField()))
        told |= Q(reference__in=named.values("named"))
    if actor.has(*policy.PERSON_KEEPERS):
        followed = Follower.objects.filter(address__in=addresses).values("report_id")
        told |= Q(reference__in=reports_seen(actor).filter(pk__in=followed).values("tracking_code"))
    return Outbound.objects.filter(told, address__in=addresses).defer("body")


def _written(actor: Actor, contact: Contact) -> QuerySet[ReportEvent]:
    """What the person wrote on the private pages of their reports; words of a chat are messages."""
    theirs = ReportEvent.objects.filter(report__in=reports_seen(actor).filter(contact=contact))
    by_hand = Q(verb="reply", data__on_page=True) | Q(verb="ask_reopen")
    return theirs.filter(by_hand, by=ReportEvent.By.REPORTER).annotate(code=F("report__tracking_code"))


def _report_line(row: Report) -> Line:
    marks = [(row.anonymous, _("Anonim")), (row.secret, _("Rahasia"))]
    return Line(
        at=row.received_at,
        rank=_REPORT,
        id=row.pk,
        medium=Medium(row.medium).within,
        words=str(heading(Kind(row.kind), row.title)),
        code=row.tracking_code,
        status=STATUS[Status(row.status)],
        marks=[word for holds, word in marks if holds],
        broadcast=row.__dict__["programme"] or "",
    )


def _in_line(row: Inbound) -> Line:
    words = " ".join(filter(None, (row.subject, row.text)))
    return Line(
        at=row.received_at,
        rank=_IN,
        id=row.pk,
        medium=Medium(row.medium).within,
        words=_without_codes(shorten(mask(words).text, LONGEST_LINE)),
        state=row.state,
        state_word=str(row.get_state_display()),
        error="" if row.removed_at is None else _("Ditarik pengirimnya"),
    )


def _page_line(row: ReportEvent) -> Line:
    return Line(
        at=row.at,
        rank=_PAGE,
        id=row.pk,
        words=_without_codes(shorten(mask(row.note).text, LONGEST_LINE)),
        code=row.__dict__["code"],
    )


def _out_line(row: Outbound) -> Line:
    return Line(
        at=row.created_at,
        rank=_OUT,
        id=row.pk,
        medium=Medium(row.medium).within,
        words=row.subject,
        code=row.reference if row.reference.startswith(f"{reference().regency.code_prefix}-") else "",
        state=row.state,
        state_word=str(row.get_state_display()),
        error=row.error,
        purpose=row.purpose,
    )


def _without_codes(words: str) -> str:
    """Words without tracking codes: somebody may ask after a report of which the reader must not know."""
    prefix = reference().regency.code_prefix
    asked = meant(words, prefix)
    if asked.wish is Wish.STATUS:
        return _("Menanyakan kabar laporan")
    return re.sub(rf"(?i){prefix}[\W_]{{0,3}}\w{{4}}[\W_]{{0,3}}\w{{4}}", DOT * 3, words)


def pages(history: History, cursor: str | None) -> Iterator[str | None]:
    """The addresses of the newest page and of the next one."""
    yield "?" if cursor else None
    yield f"?hal={history.next}" if history.next else None
