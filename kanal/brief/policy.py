"""Every access decision about the weekly brief, in one place: who reads which, and who has one made."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import Actor, reference
from kanal.brief.models import Edition
from kanal.common.refusal import Refused

Role = Membership.Role
ALL_READERS = (Role.LEADER, Role.INSPECTOR, Role.COORDINATOR)
"""Who reads every brief: there is nothing in it but figures and words that are fit for everybody."""
READERS = (*ALL_READERS, Role.OFFICER, Role.SUPERVISOR)
"""Who opens the page; officers and heads find the brief of their own agency or kecamatan there."""
ALL_MAKERS = (Role.LEADER, Role.COORDINATOR)


@dataclass(frozen=True, slots=True)
class About:
    """What a brief is about: the regency (neither), an agency, or a kecamatan."""

    agency_id: int | None = None
    region_id: int | None = None

    @property
    def scope(self) -> str:
        """The stored value of the scope."""
        if self.agency_id is not None:
            return Edition.Scope.AGENCY.value
        return (Edition.Scope.REGENCY if self.region_id is None else Edition.Scope.DISTRICT).value


REGENCY = About()


def own(ids: frozenset[int]) -> list[About]:
    """The briefs about these agencies: an office of a kecamatan has that of its kecamatan, every other its own.

    Somebody's agencies (Actor) hold all that was merged into them: who took over the work also reads its past.
    """
    known, found = reference().agencies, list[About]()
    for one in (known[pk] for pk in sorted(ids) if pk in known):
        if one.kind == Agency.Kind.DISTRICT and one.region_id is not None:
            found.append(About(region_id=one.region_id))
        elif not one.is_local:
            found.append(About(agency_id=one.id))
    return found


def reads(actor: Actor) -> Q:
    """The editions that a person may read, as a filter."""
    if actor.has(*ALL_READERS):
        return Q()
    theirs = own(actor.agencies)
    agencies = [one.agency_id for one in theirs if one.agency_id is not None]
    regions = [one.region_id for one in theirs if one.region_id is not None]
    return Q(agency_id__in=agencies) | Q(region_id__in=regions)


def makes(actor: Actor, about: About) -> bool:
    """Whether somebody may have this brief counted: leaders and coordinators each, heads their own."""
    return actor.has(*ALL_MAKERS) or about in own(actor.heads)


def check_makes(actor: Actor, about: About) -> None:
    """Raise Refused (403) unless `makes`."""
    if not makes(actor, about):
        raise Refused(_("Lembar ini dibuat oleh pimpinan, koordinator, atau kepala dinasnya."), status=403)
