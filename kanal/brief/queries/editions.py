"""Which editions there are, and who finds which."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor, reference
from kanal.brief import policy
from kanal.brief.models import Edition
from kanal.brief.policy import REGENCY, About
from kanal.brief.weeks import WEEK
from kanal.common.refusal import Refused
from kanal.reports.queries.pages import Keyset, Page

PER_PAGE = 30
_NEWEST = Keyset(("-year", "-week", "-id"))


def _of_week(friday: date) -> Q:
    year, week, _day = friday.isocalendar()
    return Q(year=year, week=week)


def _about(about: About) -> Q:
    return Q(scope=about.scope, agency_id=about.agency_id, region_id=about.region_id)


def latest(about: About, friday: date) -> Edition | None:
    """The newest version of a week's edition."""
    return Edition.objects.filter(_of_week(friday), _about(about)).order_by("-version").first()


def before(about: About, friday: date) -> Edition | None:
    """The edition of the week before, with which this week's is compared."""
    return latest(about, friday - WEEK)


def every() -> list[About]:
    """Everything there is a brief about: the regency, each kecamatan, and each agency that serves no single place."""
    facts = reference()
    agencies = [one.id for one in facts.agencies.values() if one.active and not one.is_local]
    return [
        REGENCY,
        *(About(region_id=one.id) for one in facts.districts()),
        *(About(agency_id=pk) for pk in agencies),
    ]


def missing(friday: date) -> list[About]:
    """What has no edition yet in a week."""
    made = set(Edition.objects.filter(_of_week(friday)).values_list("agency_id", "region_id"))
    return [one for one in every() if (one.agency_id, one.region_id) not in made]


def find_for(actor: Actor) -> QuerySet[Edition]:
    """The editions that a person may read, without their figures."""
    rows = Edition.objects.filter(policy.reads(actor)).defer("figures")
    return rows.select_related("made_by")


def newest_of_all(rows: QuerySet[Edition]) -> Edition | None:
    """The newest brief about the whole regency. The week's others are made after it and stand before it in the list."""
    return rows.filter(scope=REGENCY.scope).order_by("-year", "-week", "-version").first()


def page_of(rows: QuerySet[Edition], cursor: str | None) -> Page[Edition]:
    """A page of editions, the newest first."""
    return _NEWEST.page(rows, cursor, limit=PER_PAGE)


def get_for(actor: Actor, pk: int) -> Edition:
    """An edition. Raises Refused (404) alike for what is missing and what is not theirs."""
    found = Edition.objects.filter(policy.reads(actor), pk=pk).select_related("made_by").first() if pk < 2**63 else None
    if found is None:
        raise Refused(_("Lembar itu tidak ditemukan."), status=404, code="hidden")
    return found


def versions(edition: Edition) -> Sequence[Edition]:
    """Every version of a week's edition, the newest first, without their figures."""
    same = Q(scope=edition.scope, agency=edition.agency_id, region=edition.region_id)
    rows = Edition.objects.filter(same, year=edition.year, week=edition.week)
    return list(rows.defer("figures").select_related("made_by").order_by("-version"))


def of_week(friday: date) -> Sequence[Edition]:
    """The newest version of each edition of a week."""
    newest: dict[About, Edition] = {}
    for edition in Edition.objects.filter(_of_week(friday)).select_related("agency", "region").order_by("version"):
        newest[About(edition.agency_id, edition.region_id)] = edition
    return list(newest.values())


def name_of(about: About) -> str:
    """What a brief is about, in words."""
    facts = reference()
    if about.agency_id is not None:
        return facts.agencies[about.agency_id].name
    return facts.regency.name if about.region_id is None else facts.regions[about.region_id].place
