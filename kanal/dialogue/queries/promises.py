"""Which promises there are, how they stand, and how many were kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor, reference
from kanal.common import formats
from kanal.common.feeds import Feed
from kanal.common.obligations import Explanation, Unit, days_left
from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.dialogue import policy
from kanal.dialogue.models import Commitment, Episode, Evidence, EvidencePhoto
from kanal.dialogue.workflow import STANDING, PromiseStatus, Standing, StatusInfo
from kanal.issues.models import Issue
from kanal.issues.policy import LEAST_PUBLIC
from kanal.issues.policy import public_filter as public_issues
from kanal.issues.queries import tallies
from kanal.reports.queries.pages import Keyset, Page

PER_PAGE = 30
MOST_ROWS = 20_000
FEED_ENTRIES = 40
BY_DATE = Keyset(("-due_on", "-id"))


_OTHERWISE = {
    PromiseStatus.CLAIMED: Standing.CLAIMED,
    PromiseStatus.BROKEN: Standing.BROKEN,
    PromiseStatus.WITHDRAWN: Standing.WITHDRAWN,
}


def standing_filter(standing: Standing, today: date) -> Q:
    """The promises that stand so today, as a filter."""
    return {
        Standing.OPEN: Q(status=PromiseStatus.OPEN, due_on__gte=today),
        Standing.LATE: Q(status=PromiseStatus.OPEN, due_on__lt=today),
        Standing.CLAIMED: Q(status=PromiseStatus.CLAIMED),
        Standing.KEPT: Q(status=PromiseStatus.KEPT, kept_on__lte=F("due_on")),
        Standing.KEPT_LATE: Q(status=PromiseStatus.KEPT, kept_on__gt=F("due_on")),
        Standing.BROKEN: Q(status=PromiseStatus.BROKEN),
        Standing.WITHDRAWN: Q(status=PromiseStatus.WITHDRAWN),
    }[standing]


def standing_of(commitment: Commitment, today: date) -> Standing:
    """How a promise stands today: lateness is never stored, it is a matter of the day."""
    if commitment.status == PromiseStatus.OPEN:
        return Standing.LATE if commitment.due_on < today else Standing.OPEN
    if commitment.kept_on is not None:
        return Standing.KEPT_LATE if commitment.kept_on > commitment.due_on else Standing.KEPT
    return _OTHERWISE[PromiseStatus(commitment.status)]


@dataclass(frozen=True, slots=True)
class Row:
    """A promise as lists show it. `left` counts the working days to its date while it is open, negative when late."""

    commitment: Commitment
    standing: StatusInfo
    agency: str
    left: int | None


def rows_of(commitments: Iterable[Commitment]) -> list[Row]:
    """Promises as rows of a list, without a query."""
    facts = reference()
    today = facts.today()
    found = []
    for one in commitments:
        standing = standing_of(one, today)
        running = standing in {Standing.OPEN, Standing.LATE}
        left = working_days_left(one) if running else None
        found.append(Row(one, STANDING[standing], facts.told(one.agency_id), left))
    return found


def working_days_left(commitment: Commitment) -> int:
    """The working days to the promised date, as people say how far a date is away."""
    facts = reference()
    return days_left(facts.calendar, facts.today(), commitment.due_on, Unit.WORKING_DAYS)


def days_late(commitment: Commitment) -> int:
    """The working days since the promised date; 0 while there is time."""
    return max(0, -working_days_left(commitment))


# The public page ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address of /janji/ asks for."""

    keadaan: str = ""
    dinas: str = ""
    isu: int | None = None

    def parameters(self, **changed: str) -> str:
        """The address ("?…") with some parts changed; an empty part is left out."""
        params = QueryDict(mutable=True)
        told = {"keadaan": self.keadaan, "dinas": self.dinas, "isu": str(self.isu or ""), **changed}
        params.update({name: value for name, value in told.items() if value})
        return f"?{params.urlencode()}"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.keadaan or self.dinas or self.isu)


def read_filters(params: QueryDict) -> Filters:
    """Understand an address; what nobody knows is passed over."""
    keadaan, dinas = params.get("keadaan", ""), params.get("dinas", "")
    return Filters(
        keadaan=keadaan if keadaan in set(Standing) else "",
        dinas=dinas if dinas in reference().agencies_by_code else "",
        isu=row_id(params.get("isu", "")),
    )


def _said(filters: Filters) -> QuerySet[Commitment]:
    """The promises of an agency or about an issue, in any standing."""
    rows = Commitment.objects.all()
    if filters.dinas:
        rows = rows.filter(agency_id__in=reference().with_past(reference().agencies_by_code[filters.dinas].id))
    return rows.filter(issue_id=filters.isu) if filters.isu else rows


def wanted(filters: Filters) -> QuerySet[Commitment]:
    """The promises that an address asks for."""
    rows = _said(filters).select_related("episode__programme")
    if not filters.keadaan:
        return rows
    return rows.filter(standing_filter(Standing(filters.keadaan), reference().today()))


def page_of(rows: QuerySet[Commitment], cursor: str | None) -> Page[Commitment]:
    """A page of promises, the latest date first."""
    return BY_DATE.page(rows, cursor, limit=PER_PAGE)


Counts = dict[str, int]


def _counts() -> dict[str, Count]:
    today = reference().today()
    return {one.value: Count("pk", filter=standing_filter(one, today)) for one in Standing}


def counted(filters: Filters) -> Counts:
    """How many promises stand how, whatever standing the address asks for."""
    return _said(filters).aggregate(**_counts())


@dataclass(frozen=True, slots=True)
class Account:
    """How an agency, or an issue, fared: a name, the part of the address that leads to its promises, and the counts."""

    name: str
    code: str
    counts: Counts


def by_agency(filters: Filters) -> list[Account]:
    """How each agency fared, those with most promises first; withdrawn ones are counted nowhere."""
    facts = reference()
    rows = _said(filters).order_by().values("agency_id").annotate(**_counts())
    found = [
        Account(facts.told(row["agency_id"]), facts.agencies[row["agency_id"]].code, _only_counts(row))
        for row in rows
        if row["agency_id"] in facts.agencies
    ]
    return sorted(found, key=lambda one: (-sum(one.counts.values()), one.name))


def by_issue(filters: Filters) -> list[Account]:
    """How each issue fared that everybody may know of: confirmed, with enough voices."""
    rows = {row["issue_id"]: row for row in _said(filters).order_by().values("issue_id").annotate(**_counts())}
    titles = dict(Issue.objects.filter(public_issues(), pk__in=[pk for pk in rows if pk]).values_list("pk", "title"))
    voices = tallies(titles)
    found = [
        Account(title, str(pk), _only_counts(rows[pk]))
        for pk, title in titles.items()
        if voices[pk].voices >= LEAST_PUBLIC
    ]
    return sorted(found, key=lambda one: (-sum(one.counts.values()), one.name))


def _only_counts(row: Mapping[str, Any]) -> Counts:
    return {one.value: row[one.value] for one in Standing}


def get_public(pk: int) -> Commitment:
    """A promise; raises Refused (404) for a missing one."""
    rows = Commitment.objects.select_related("episode__programme", "issue", "report")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Refused(_("Janji itu tidak ditemukan."), status=404, code="hidden")
    return found


def public_issue(commitment: Commitment) -> Issue | None:
    """The issue of a promise, if everybody may know of it."""
    if commitment.issue_id is None:
        return None
    found = Issue.objects.filter(public_issues(), pk=commitment.issue_id).first()
    return found if found and tallies([found.pk])[found.pk].voices >= LEAST_PUBLIC else None


def explanation(commitment: Commitment) -> Explanation:
    """The shown working of a promise's date."""
    facts = reference()
    return commitment.explanation(facts.calendar, facts.tz, facts.today())


def evidence_of(commitment: Commitment, actor: Actor) -> list[Evidence]:
    """What the agency has shown, as far as somebody may see it (a citizen is NOBODY)."""
    if not policy.sees_evidence(actor, commitment):
        return []
    return list(commitment.evidence.prefetch_related("photos"))


def photo_of(actor: Actor, pk: int) -> EvidencePhoto:
    """A photo of evidence that somebody may see; raises Refused (404)."""
    rows = EvidencePhoto.objects.select_related("evidence__commitment")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None or not policy.sees_evidence(actor, found.evidence.commitment):
        raise Refused(_("Foto itu tidak ditemukan."), status=404, code="hidden")
    return found


def promises_in(episode: Episode) -> list[Row]:
    """What was promised in an episode."""
    return rows_of(episode.commitments.order_by("due_on", "pk"))


# The desk -----------------------------------------------------------------------------------------------------------

GROUPS: dict[str, tuple[Standing, ...]] = {
    "jalan": (Standing.LATE, Standing.OPEN),
    "periksa": (Standing.CLAIMED,),
    "selesai": (Standing.KEPT, Standing.KEPT_LATE, Standing.BROKEN, Standing.WITHDRAWN),
}
"""The tabs of the desk: what must be done, what waits for the coordinator, what is over."""


def find_for(actor: Actor, group: str) -> QuerySet[Commitment]:
    """The promises of one tab on somebody's desk."""
    today = reference().today()
    wanted_here = Q(pk__in=())
    for standing in GROUPS[group]:
        wanted_here |= standing_filter(standing, today)
    rows = Commitment.objects.filter(policy.promise_filter(actor)).filter(wanted_here)
    return rows.select_related("episode__programme")


def get_for(actor: Actor, pk: int) -> Commitment:
    """A promise on somebody's desk. Raises Refused (404) alike for what is missing and what is not theirs."""
    rows = Commitment.objects.filter(policy.promise_filter(actor)).select_related(
        "episode__programme", "issue", "report"
    )
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Refused(_("Janji itu tidak ditemukan."), status=404, code="hidden")
    return found


# Files --------------------------------------------------------------------------------------------------------------


def export_header() -> list[str]:
    """The columns of an export, in the reader's language."""
    return [
        *(_("Nomor"), _("Janji"), _("Dinas"), _("Disampaikan oleh"), _("Acara"), _("Diucapkan"), _("Paling lambat")),
        *(_("Keadaan"), _("Ditepati tanggal"), _("Alasan"), _("Alamat halaman")),
    ]


def export_rows(filters: Filters) -> Iterator[list[object]]:
    """The promises of a list, in its order, at most MOST_ROWS."""
    facts = reference()
    today, base = facts.today(), settings.BASE_URL + reverse("dialogue:promises")
    words = {standing: str(info.word) for standing, info in STANDING.items()}
    rows = wanted(filters).order_by(*BY_DATE.fields)[:MOST_ROWS]
    return (
        [
            one.pk,
            one.text,
            facts.agencies[one.agency_id].name if one.agency_id in facts.agencies else "",
            one.speaker,
            one.episode.programme.name if one.episode else "",
            facts.today(one.opened_at),
            one.due_on,
            words[standing_of(one, today)],
            one.kept_on,
            one.reason,
            f"{base}{one.pk}/",
        ]
        for one in rows.iterator(chunk_size=500)
    )


def feed_xml(filters: Filters) -> str:
    """The promises that changed last as Atom (RFC 4287), each with its address as a permanent name."""
    regency = reference().regency
    base = settings.BASE_URL + reverse("dialogue:promises")
    feed = Feed(
        title=_("Janji pemerintah %(regency)s") % {"regency": regency.name},
        page=base + filters.parameters(),
        address=settings.BASE_URL + reverse("dialogue:promises_feed") + filters.parameters(),
        author=regency.name,
    )
    for row in rows_of(wanted(filters).order_by("-changed_at", "-id")[:FEED_ENTRIES]):
        one = row.commitment
        said = _("%(standing)s. %(agency)s, paling lambat %(day)s.") % {
            "standing": row.standing.word,
            "agency": row.agency,
            "day": formats.day(one.due_on),
        }
        feed.add(
            title=one.text,
            address=f"{base}{one.pk}/",
            text=said,
            pubdate=one.opened_at,
            updateddate=max(one.changed_at, one.opened_at),
        )
    return feed.writeString("utf-8")
