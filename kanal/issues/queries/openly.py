"""The issues that everybody may know of: the list, its filters, and what stands in its files."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Region
from kanal.agencies.queries import AgencyFacts, reference
from kanal.common.few import tellable
from kanal.common.snapshot import Snapshot
from kanal.common.text import drop_surrogates, one_line, row_id
from kanal.issues import policy
from kanal.issues.models import Issue
from kanal.issues.queries.counting import VOICES, counted_rows
from kanal.issues.queries.districts import by_district
from kanal.issues.queries.ranked import ranking
from kanal.issues.workflow import CONFIRMED, STATUS, Status, StatusInfo
from kanal.reports.queries import report_reference
from kanal.reports.queries.reference import CategoryFacts
from kanal.reports.workflow import OPEN_VALUES, Words

PER_PAGE = 20
LONGEST_SEARCH = 100
SECONDS = 60
"""How long counted figures may be shown before they are counted anew."""
LOUDEST, NEWEST = "terkeras", "terbaru"
ORDERS: Mapping[str, Words] = {LOUDEST: gettext_lazy("Terkeras"), NEWEST: gettext_lazy("Terakhir disampaikan")}
SHOWN = [status for status in Status if status in CONFIRMED]
"""The statuses in which an issue may be public, in the order of the workflow."""


class Figures(NamedTuple):
    """What is counted of an issue: reports, voices, reports that wait for an answer, villages; first and last told."""

    reports: int
    voices: int
    waiting: int
    villages: int
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """An issue as everybody may see it. `districts` are the voices of each kecamatan, as far as they are tellable.

    `where` names the places of which a person said that it is a matter there; none means everywhere. `at` is when
    something was last said of it, `loud` its place among all issues (1 is the loudest).
    """

    pk: int
    title: str
    summary: str
    status: Status
    category_id: int | None
    agency_id: int | None
    first_seen: datetime | None
    last_seen: datetime | None
    at: datetime
    told: Figures
    districts: Mapping[int, int | None]
    where: Sequence[int]
    loud: int
    sudden: bool

    @property
    def standing(self) -> StatusInfo:
        """How its status is drawn."""
        return STATUS[self.status]

    @property
    def answered(self) -> float:
        """The share of its reports that no longer wait for an answer."""
        return (self.told.reports - self.told.waiting) / self.told.reports if self.told.reports else 0.0

    @property
    def category(self) -> CategoryFacts | None:
        """What it is about, if somebody has said."""
        return report_reference().categories.get(self.category_id or 0)

    @property
    def agency(self) -> AgencyFacts | None:
        """The agency that leads it today, if somebody has said."""
        return reference().agency_today(self.agency_id)

    @property
    def places(self) -> list[str]:
        """The names of the places where it is a matter; none for the whole regency."""
        regions = reference().regions
        return [regions[pk].place for pk in self.where if pk in regions]


def _load() -> dict[int, OpenIssue]:
    """Every public issue with its figures: the same few queries, however many there are."""
    issues = Issue.objects.filter(policy.public_filter())
    figures = _figures(issues)
    enough = [pk for pk, found in figures.items() if found.voices >= policy.LEAST_PUBLIC]
    if not enough:
        return {}
    spread, where, ranks = _spread(issues), _where(issues), ranking()
    sudden = set(ranks.sudden())
    said = Coalesce(Max("events__at", filter=Q(events__public=True)), F("founded_at"))
    rows = issues.filter(pk__in=enough).defer("profile").annotate(said_at=said)
    return {
        one.pk: OpenIssue(
            one.pk,
            one.title,
            one.summary,
            Status(one.status),
            one.category_id,
            one.agency_id,
            figures[one.pk].first,
            figures[one.pk].last,
            one.said_at,
            figures[one.pk],
            tellable(spread[one.pk], figures[one.pk].voices),
            where[one.pk],
            ranks.places.get(one.pk, len(ranks.places) + 1),
            one.pk in sudden,
        )
        for one in rows
    }


def _figures(issues: QuerySet[Issue]) -> dict[int, Figures]:
    villages = (Region.Level.VILLAGE, Region.Level.URBAN_VILLAGE)
    counted = (
        counted_rows()
        .filter(issue__in=issues)
        .values_list("issue_id")
        .annotate(
            reports=Count("id"),
            voices=VOICES,
            waiting=Count("id", filter=Q(report__status__in=OPEN_VALUES, report__answered_at=None)),
            villages=Count("report__region_id", distinct=True, filter=Q(report__region__level__in=villages)),
            first=Min("report__received_at"),
            last=Max("report__received_at"),
        )
    )
    return {pk: Figures(*rest) for pk, *rest in counted}


def _spread(issues: QuerySet[Issue]) -> defaultdict[int, dict[int, int]]:
    """The voices of each kecamatan of each issue."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for pk, district, voices in by_district(counted_rows().filter(issue__in=issues)):
        found[pk][district.id] = voices
    return found


def _where(issues: QuerySet[Issue]) -> defaultdict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for pk, place in issues.filter(regions__isnull=False).values_list("pk", "regions").order_by("regions__code"):
        found[pk].append(place)
    return found


register: Snapshot[dict[int, OpenIssue]] = Snapshot(_load, seconds=SECONDS)
"""The public issues of at most a minute ago. The page of one issue asks anew whether it still is public."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address of /isu/ asks for, under the names it has there; "" asks for nothing."""

    cari: str = ""
    kecamatan: str = ""
    kategori: str = ""
    dinas: str = ""
    keadaan: str = ""
    urut: str = LOUDEST
    hal: int = 1

    def parameters(self, **changed: str) -> str:
        """The address ("?…") with some parts changed; an empty part is left out, and a changed list begins anew."""
        names = ("cari", "kecamatan", "kategori", "dinas", "keadaan", "urut")
        kept = {name: getattr(self, name) for name in names}
        params = QueryDict(mutable=True)
        for name, value in {**kept, **changed}.items():
            if value and (name, value) != ("urut", LOUDEST):
                params[name] = value
        return f"?{params.urlencode()}"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order is asked for."""
        return bool(self.cari or self.kecamatan or self.kategori or self.dinas or self.keadaan)


def read_filters(params: QueryDict) -> Filters:
    """Understand an address; what nobody knows is passed over."""
    places, kinds = reference(), report_reference()
    order, area = params.get("urut", ""), places.regions_by_code.get(params.get("kecamatan", ""))
    return Filters(
        cari=one_line(drop_surrogates(params.get("cari", "")[: 4 * LONGEST_SEARCH]))[:LONGEST_SEARCH],
        kecamatan=area.code if area and area.level == Region.Level.DISTRICT else "",
        kategori=_known(params.get("kategori", ""), kinds.categories_by_code),
        dinas=_known(params.get("dinas", ""), places.agencies_by_code),
        keadaan=_known(params.get("keadaan", ""), dict.fromkeys(SHOWN)),
        urut=order if order in ORDERS else LOUDEST,
        hal=row_id(params.get("hal", "")) or 1,
    )


def _known(code: str, codes: Mapping[str, object]) -> str:
    return code if code in codes else ""


def wanted(filters: Filters) -> list[OpenIssue]:
    """The public issues that an address asks for, in its order. Without a query while the register is fresh."""
    found = [issue for issue in register().values() if _fits(issue, filters)]
    if filters.urut == NEWEST:
        return sorted(found, key=lambda one: (one.last_seen or one.at, one.pk), reverse=True)
    return sorted(found, key=lambda one: (one.loud, one.pk))


def _fits(issue: OpenIssue, filters: Filters) -> bool:
    facts, kinds = reference(), report_reference()
    if filters.keadaan and issue.status != filters.keadaan:
        return False
    if filters.dinas and issue.agency_id not in facts.with_past(facts.agencies_by_code[filters.dinas].id):
        return False
    if filters.kategori:
        kind = issue.category
        if kind is None or kinds.categories_by_code[filters.kategori].id not in {kind.id, kind.parent_id}:
            return False
    if filters.kecamatan and not _is_there(issue, facts.regions_by_code[filters.kecamatan].id):
        return False
    told = f"{issue.title}\n{issue.summary}".casefold()
    return all(word in told for word in filters.cari.casefold().split())


def _is_there(issue: OpenIssue, district_id: int) -> bool:
    regions = reference().regions
    named = {regions[pk].district_id for pk in issue.where if pk in regions}
    return district_id in issue.districts or district_id in named


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, how many there are in all, and of each status when every other filter is kept."""

    rows: list[OpenIssue]
    found: int
    page: int
    pages: int
    counts: Mapping[str, int]


def listing(filters: Filters) -> Listing:
    """The page that an address asks for; a page beyond the last is the last."""
    found = wanted(filters)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(filters.hal, pages)
    every = wanted(replace(filters, keadaan="")) if filters.keadaan else found
    counts = Counter(one.status.value for one in every)
    return Listing(found[(page - 1) * PER_PAGE : page * PER_PAGE], len(found), page, pages, counts)


def choices(filters: Filters) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the filters: only what some public issue is about, and what is chosen now."""
    facts, kinds, found = reference(), report_reference(), register().values()
    about = [*(one.category for one in found), kinds.categories_by_code.get(filters.kategori)]
    lead = [*(one.agency for one in found), facts.agencies_by_code.get(filters.dinas)]
    return {
        "districts": [(one.code, one.name) for one in facts.districts()],
        "categories": _by_name({one.code: one.name for one in about if one}),
        "agencies": _by_name({one.code: one.name for one in lead if one}),
    }


def _by_name(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda pair: pair[1])


def forget(**_signal: object) -> None:
    """Read the public issues anew for the next reader: something was said of one of them."""
    register.clear()
