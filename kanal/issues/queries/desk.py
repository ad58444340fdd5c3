"""What the desk shows of issues: the board in the order of the ranking, and everything about one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor, reference
from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.common.text import drop_surrogates, one_line, row_id
from kanal.issues import policy
from kanal.issues.models import Issue, Proposal
from kanal.issues.queries.access import find_for
from kanal.issues.queries.campaigned import campaigns_in
from kanal.issues.queries.counting import Tally, counted_rows, evidence, tallies
from kanal.issues.queries.districts import by_district
from kanal.issues.queries.ranked import ranking
from kanal.issues.ranking import DAYS, Rank
from kanal.issues.workflow import STATUS, Phase, Status, StatusInfo
from kanal.reports.models import Report
from kanal.reports.policy import queue_filter
from kanal.reports.queries import report_reference
from kanal.reports.queries.pages import Keyset, Page

PER_PAGE = 25
EVIDENCE_PER_PAGE = 20
MOST_PLACES = 12
LONGEST_SEARCH = 100
_GOING_ON = [status for status in Status if STATUS[status].phase in {Phase.PROPOSED, Phase.OPEN}]
_NEWEST = Keyset(("-received_at", "-id"))
VIEWS = ("saya", "tiba-tiba", "usul")
BOARD = "papan"
"""The issues in columns by their status instead of a list by their rank."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address of /meja/isu/ asks for; `cari` are words to look for, `bentuk` is a list ("") or BOARD."""

    tampilan: str = ""
    keadaan: str = ""
    dinas: str = ""
    kategori: str = ""
    cari: str = ""
    bentuk: str = ""
    hal: int = 1

    def parameters(self, **changed: str) -> str:
        """The address ("?…") with some parts changed; an empty part is left out, and a changed list begins anew."""
        params = QueryDict(mutable=True)
        kept = {name: getattr(self, name) for name in ("tampilan", "keadaan", "dinas", "kategori", "cari", "bentuk")}
        params.update({name: value for name, value in {**kept, **changed}.items() if value})
        return f"?{params.urlencode()}"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.tampilan) or self.is_searched

    @property
    def is_searched(self) -> bool:
        """Whether a tab of the page holds less than it could."""
        return bool(self.keadaan or self.dinas or self.kategori or self.cari)


def read_filters(params: QueryDict) -> Filters:
    """Understand an address; what nobody knows is passed over."""
    view, status, agency = params.get("tampilan", ""), params.get("keadaan", ""), params.get("dinas", "")
    category = params.get("kategori", "")
    known = {one.code for one in report_reference().categories.values()}
    return Filters(
        tampilan=view if view in VIEWS else "",
        keadaan=status if status in set(Status) else "",
        dinas=agency if agency in reference().agencies_by_code else "",
        kategori=category if category in known else "",
        cari=one_line(drop_surrogates(params.get("cari", "")))[:LONGEST_SEARCH],
        bentuk=BOARD if params.get("bentuk") == BOARD else "",
        hal=row_id(params.get("hal", "")) or 1,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An issue on the board. `rank` is None for one that is not ranked.

    `asked` says that a proposal waits for it, `campaigns` that the same message came from many at once.
    """

    issue: Issue
    rank: Rank | None
    standing: StatusInfo
    agency: str
    tally: Tally
    asked: bool
    campaigns: bool


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board and how many issues there are of each status, all other filters kept."""

    lines: list[Line]
    found: int
    page: int
    pages: int
    counts: dict[str, int]


def wanted(actor: Actor, filters: Filters) -> QuerySet[Issue]:
    """The issues that an address asks for, whatever their status."""
    rows = find_for(actor)
    if filters.tampilan == "saya":
        rows = rows.filter(agency_id__in=actor.agencies)
    if filters.tampilan == "tiba-tiba":
        rows = rows.filter(pk__in=ranking().sudden())
    if filters.tampilan == "usul":
        rows = rows.filter(pk__in=asked())
    if filters.dinas:
        agency = reference().agencies_by_code.get(filters.dinas)
        rows = rows.filter(agency_id__in=reference().with_past(agency.id) if agency else ())
    if filters.kategori:
        rows = rows.filter(category__code=filters.kategori)
    for word in filters.cari.split():
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    return rows


def asked() -> QuerySet[Proposal, int]:
    """The issues for which a proposal of the machine waits, by id."""
    return Proposal.objects.filter(answer="").values_list("issue_id", flat=True)


def board(actor: Actor, filters: Filters) -> Board:
    """The issues that a person may see, the loudest first; without a status those that are not over."""
    told, known = ranking(), list(wanted(actor, filters).values_list("pk", "status"))
    counts = {status.value: sum(one == status for _pk, one in known) for status in Status}
    shown = {filters.keadaan} if filters.keadaan else {status.value for status in _GOING_ON}
    order = sorted(
        (pk for pk, status in known if status in shown), key=lambda pk: (told.places.get(pk, len(told.places) + 1), pk)
    )
    pages = max(1, -(-len(order) // PER_PAGE))
    page = min(filters.hal, pages)
    here = order[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Board(lines_of(here), len(order), page, pages, counts)


def lines_of(ids: Sequence[int]) -> list[Line]:
    """Issues as lines of the board, in the order of their ids."""
    told = ranking()
    issues, heard = Issue.objects.defer("profile").in_bulk(ids), tallies(ids)
    waiting = set(asked().filter(issue_id__in=ids))
    found = []
    for pk in ids:
        one = issues[pk]
        agency = reference().agency_today(one.agency_id)
        rank = told.rank(pk) if one.status != Status.DISMISSED else None
        info = STATUS[Status(one.status)]
        found.append(
            Line(one, rank, info, agency.name if agency else "", heard[pk], pk in waiting, bool(campaigns_in(pk)))
        )
    return found


@dataclass(frozen=True, slots=True)
class Evidence:
    """The reports of an issue that a person may read, a page of them, and how many others only count."""

    page: Page[Report]
    seen: int
    unseen: int


def evidence_for(actor: Actor, issue: Issue, cursor: str | None = None, words: str = "") -> Evidence:
    """The reports of an issue that this person may read: those of their queues, and the public ones.

    `words` (each in the title, or a code) narrow the page, not the numbers.
    """
    rows = evidence(issue)
    theirs = rows.filter(queue_filter(actor) | Q(published=True))
    total, seen = rows.count(), theirs.count()
    fields = ("tracking_code", "title", "received_at", "status", "region", "agency", "published", "merged_into")
    for word in words.split():
        theirs = theirs.filter(Q(title__icontains=word) | Q(tracking_code__iexact=word))
    return Evidence(_NEWEST.page(theirs.only(*fields), cursor, limit=EVIDENCE_PER_PAGE), seen, total - seen)


def chosen(actor: Actor, issue: Issue, codes: Sequence[str]) -> list[Report]:
    """Reports of an issue by their codes, as far as this person may read them."""
    theirs = evidence(issue).filter(queue_filter(actor) | Q(published=True))
    return list(theirs.filter(tracking_code__in=list(codes)[:500]))


def named(actor: Actor, codes: Sequence[str]) -> list[Report]:
    """Countable reports of somebody's queues by their codes, in the order of the codes."""
    rows = Report.objects.filter(policy.counted(), queue_filter(actor), tracking_code__in=list(codes)[:500])
    found = {report.tracking_code: report for report in rows}
    return [found[code] for code in dict.fromkeys(codes) if code in found]


def districts_of(issue: Issue) -> dict[int, int]:
    """How many voices came from which kecamatan, by its id."""
    told = by_district(counted_rows().filter(issue=issue))
    return {district.id: voices for _issue_id, district, voices in told}


def places_of(districts: Mapping[int, int]) -> list[tuple[str, int]]:
    """The kecamatan by name with their voices, the most first."""
    regions = reference().regions
    named = [(regions[pk].place, voices) for pk, voices in districts.items()]
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))[:MOST_PLACES]


def neighbours_of(actor: Actor, issue: Issue) -> tuple[int | None, int | None]:
    """The issues before and after this one on the board, by rank."""
    if not policy.sees(actor):
        return None, None
    order = sorted(ranking().places, key=lambda pk: ranking().places[pk])
    if issue.pk not in order:
        return None, order[0] if order else None
    at = order.index(issue.pk)
    return order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None


def proposals_of(issue: Issue) -> list[Proposal]:
    """What the machine proposes of an issue and nobody has answered, on either side of a merge."""
    rows = Proposal.objects.filter(Q(issue=issue) | Q(other=issue), answer="").select_related("issue", "other")
    return list(rows.order_by("-share", "id"))


def proposal_of(issue: Issue, proposal_id: int | None) -> Proposal:
    """One of them. Raises Refused (404) for another issue's."""
    found = next((one for one in proposals_of(issue) if one.pk == proposal_id), None)
    if found is None:
        raise Refused(_("Usul ini sudah dijawab atau tidak ada."), status=404, code="hidden")
    return found


def others(actor: Actor, issue: Issue, most: int = 300) -> list[Issue]:
    """The issues into which this one may go up, by title."""
    rows = find_for(actor).exclude(pk=issue.pk).exclude(status=Status.DISMISSED).only("pk", "title")
    return list(rows.order_by("title", "pk")[:most])


def columns(windows: Sequence[int]) -> list[tuple[str, list[int]]]:
    """The trend as columns of a chart, the oldest first, each named by the first of its 28 days."""
    today = reference().today(timezone.now())
    names = [formats.tiny_day(today - timedelta(days=DAYS * (turn + 1))) for turn in range(len(windows))]
    return [(name, [voices]) for name, voices in zip(names, windows, strict=True)][::-1]
