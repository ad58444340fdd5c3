from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, Case, F, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies import contributions
from kanal.agencies.models import Agency, AllowanceRule, Holiday, Membership, Regency, Region, User
from kanal.common.calendar import WorkingCalendar, local_date
from kanal.common.obligations import Allowance, Unit
from kanal.common.refusal import Refused
from kanal.common.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """A place as lists and maps need it. `place` names the village and its kecamatan, because village names repeat."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    lat: float | None
    lon: float | None
    place: str
    district_id: int | None

    @property
    def is_village(self) -> bool:
        """Whether it is a desa or a kelurahan."""
        return self.level in {"desa", "kelurahan"}


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """An agency as lists need it."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    email: str
    two_eyes: bool
    active: bool
    region_id: int | None
    parent_id: int | None
    successor_id: int | None
    """What it was merged into when it ceased to be."""

    @property
    def is_local(self) -> bool:
        """Whether it is the office of one place, a kecamatan or a village."""
        return self.kind in {Agency.Kind.DISTRICT, Agency.Kind.VILLAGE}


@dataclass(frozen=True)
class Reference:
    """Who and where, read once and shared by every request of this process for a few seconds."""

    regency: Regency
    regions: Mapping[int, RegionFacts]
    agencies: Mapping[int, AgencyFacts]
    calendar: WorkingCalendar
    allowances: tuple[Allowance, ...]
    regions_by_code: Mapping[str, RegionFacts] = field(default_factory=dict)
    agencies_by_code: Mapping[str, AgencyFacts] = field(default_factory=dict)

    @cached_property
    def tz(self) -> ZoneInfo:
        """The regency's timezone, in which every working day is counted."""
        return ZoneInfo(self.regency.timezone)

    def today(self, at: datetime | None = None) -> date:
        """The regency's date now, or at a moment."""
        return local_date(at or timezone.now(), self.tz)

    def villages(self) -> list[RegionFacts]:
        """Every desa and kelurahan, by kecamatan and name."""
        return [r for r in self.regions.values() if r.is_village]

    def districts(self) -> list[RegionFacts]:
        """Every kecamatan by name."""
        return sorted((r for r in self.regions.values() if r.level == "kecamatan"), key=lambda r: r.name)

    def district_id(self, region_id: int | None) -> int | None:
        """The id of the kecamatan of a village, or of itself; None where only the regency is known."""
        found = self.regions.get(region_id or 0)
        return found.district_id if found else None

    def district_of(self, region_id: int | None) -> RegionFacts | None:
        """The kecamatan of a place, as `district_id`."""
        return self.regions.get(self.district_id(region_id) or 0)

    def agency_today(self, agency_id: int | None) -> AgencyFacts | None:
        """An agency, or, if it is no more, the one that it was merged into; None for one that nobody knows."""
        agency, seen = self.agencies.get(agency_id or 0), set[int]()
        while agency and not agency.active and agency.id not in seen:
            seen.add(agency.id)
            agency = self.agencies.get(agency.successor_id or 0, agency)
        return agency

    def within(self, region_id: int) -> list[int]:
        """The ids of a region and everything directly below it."""
        return [region_id, *(r.id for r in self.regions.values() if r.parent_id == region_id)]

    def id_today(self, agency_id: int | None) -> int | None:
        """The number of what an agency is today; the same number for one that is not known here."""
        now = self.agency_today(agency_id)
        return now.id if now else agency_id

    @cached_property
    def _pasts(self) -> Mapping[int, frozenset[int]]:
        """For each agency that something was merged into, itself and all that it was."""
        pasts: dict[int, set[int]] = {}
        for one in self.agencies.values():
            after: AgencyFacts | None = one
            while after and not after.active and (after := self.agencies.get(after.successor_id or 0)):
                past = pasts.setdefault(after.id, {after.id})
                if one.id in past:
                    break
                past.add(one.id)
        return {pk: frozenset(past) for pk, past in pasts.items()}

    def with_past(self, agency_id: int) -> frozenset[int]:
        """An agency and every one that was merged into it: where to look for what is its own."""
        return self._pasts.get(agency_id) or frozenset({agency_id})

    def whole(self, agency_ids: Iterable[int | None]) -> frozenset[int]:
        """Agencies as they stand today, each with its past: all for which its people act."""
        now = {self.id_today(pk) for pk in agency_ids}
        return frozenset(pk for one in now if one for pk in self.with_past(one))

    def one_today(self, agency_id: int | None, other_id: int | None) -> bool:
        """Whether two agencies are one and the same by now."""
        now, other = self.agency_today(agency_id), self.agency_today(other_id)
        return now is not None and now is other

    def became(self, code: str) -> tuple[AgencyFacts, AgencyFacts] | None:
        """A merged agency by its code, and what it is today; None for every other."""
        then = self.agencies_by_code.get(code)
        now = self.agency_today(then.id) if then else None
        return (then, now) if then and now and then is not now else None

    def told(self, agency_id: int | None) -> str:
        """The name under which something happened and, after a merge, what the agency is called now."""
        then, now = self.agencies.get(agency_id or 0), self.agency_today(agency_id)
        if then is None or now is None or then is now:
            return then.name if then else ""
        return _("%(agency)s (kini %(now)s)") % {"agency": then.name, "now": now.name}


def _regions() -> dict[int, RegionFacts]:
    rows = list(Region.objects.values_list("id", "code", "name", "level", "parent_id", "lat", "lon").order_by("code"))
    names = {row[0]: (row[2], row[3]) for row in rows}
    facts = {}
    for pk, code, name, level, parent_id, lat, lon in rows:
        parent_name, parent_level = names.get(parent_id, ("", "")) if parent_id else ("", "")
        if level == Region.Level.DISTRICT:
            place, district = f"Kec. {name}", pk
        elif parent_level == Region.Level.DISTRICT:
            place, district = f"{name}, Kec. {parent_name}", parent_id
        else:
            place, district = name, None
        facts[pk] = RegionFacts(pk, code, name, level, parent_id, lat, lon, place, district)
    return facts


def _agencies() -> dict[int, AgencyFacts]:
    rows = Agency.objects.order_by("name").values_list(
        "id",
        "code",
        "name",
        "short_name",
        "kind",
        "email",
        "two_eyes",
        "active",
        "region_id",
        "parent_id",
        "successor_id",
    )
    return {row[0]: AgencyFacts(*row) for row in rows}


def _load() -> Reference:
    regency = Regency.objects.first() or Regency(
        pk=1, code="00.00", name="Kabupaten", short_name="Kabupaten", code_prefix="KNL", timezone=settings.TIME_ZONE
    )
    regions, agencies = _regions(), _agencies()
    return Reference(
        regency=regency,
        regions=MappingProxyType(regions),
        agencies=MappingProxyType(agencies),
        calendar=WorkingCalendar(
            {day: (name, working) for day, name, working in Holiday.objects.values_list("date", "name", "working")},
            count_collective_leave=regency.count_collective_leave,
        ),
        allowances=tuple(
            Allowance(kind, amount, Unit(unit), rule, start, end)
            for kind, amount, unit, rule, start, end in AllowanceRule.objects.values_list(
                "kind", "amount", "unit", "rule", "valid_from", "valid_to"
            )
        ),
        regions_by_code=MappingProxyType({r.code: r for r in regions.values()}),
        agencies_by_code=MappingProxyType({a.code: a for a in agencies.values()}),
    )


reference: Snapshot[Reference] = Snapshot(_load)


def forget(**_signal: object) -> None:
    """Drop the shared copy after a change; receivers of Django's model signals call it."""
    reference.clear()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a signed-in person with their roles, or nobody in particular.

    `handles` are the agencies of which they are an officer, `heads` those they supervise, each with all that was merged
    into it: who took over the work acts for those who had it.
    """

    user_id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    handles: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()

    @property
    def agencies(self) -> frozenset[int]:
        """Every agency whose cases they may open."""
        return self.handles | self.heads

    def has(self, *roles: str) -> bool:
        """Whether they hold one of these roles anywhere."""
        return not self.roles.isdisjoint(roles)


NOBODY = Actor()


def actor_of(user: User) -> Actor:
    """The roles of a person; those that came with a session's account (sign_in.StaffBackend) need no query."""
    held = user.held
    if held is None:
        held = list(Membership.objects.filter(user_id=user.pk).values_list("role", "agency_id"))
    role = Membership.Role
    return Actor(
        user_id=user.pk,
        name=user.name,
        roles=frozenset(name for name, _ in held),
        handles=_acts_for([agency for name, agency in held if name == role.OFFICER and agency]),
        heads=_acts_for([agency for name, agency in held if name == role.SUPERVISOR and agency]),
    )


def _acts_for(agency_ids: Collection[int]) -> frozenset[int]:
    return reference().whole(agency_ids) if agency_ids else frozenset()


def staff_of(agency_ids: Iterable[int | None], *roles: str) -> QuerySet[Membership]:
    """Who holds one of these roles in the agencies as they stand today: of a merged one, in what it became."""
    return Membership.objects.filter(agency_id__in=reference().whole(agency_ids), role__in=roles, user__is_active=True)


def today_at(path: str) -> Case:
    """An expression for lists that are grouped by agency: the number of what the one at this path is today."""
    facts = reference()
    merged = [(pk, now.id) for pk, one in facts.agencies.items() if (now := facts.agency_today(pk)) and now is not one]
    whens = (When(**{path: then}, then=Value(now)) for then, now in merged)
    return Case(*whens, default=F(path), output_field=BigIntegerField())


def goes_over(agency: Agency) -> list[tuple[str, int]]:
    """What goes on elsewhere once an agency is merged, in words with how many: its people first, then rooms above."""
    ids = reference().with_past(agency.pk)
    people = Membership.objects.filter(agency_id__in=ids).values("user_id").distinct().count()
    return [(_("Orang yang berperan di sana"), people), *(row for told in contributions.goes_on for row in told(ids))]


def check_stands(agency: Agency) -> None:
    """Raise Refused for new work that is meant for an agency which is no more; a merged one names who has its work."""
    if agency.active:
        return
    now = reference().agency_today(agency.pk)
    if now and now.active and now.id != agency.pk:  # another process may still read it as active for a few seconds
        sentence = _("%(agency)s sudah bergabung ke %(now)s. Pilih %(now)s.")
        raise Refused(sentence % {"agency": agency.name, "now": now.name}, code="ended")
    raise Refused(_("%(agency)s sudah tidak aktif. Pilih dinas lain.") % {"agency": agency.name}, code="ended")
