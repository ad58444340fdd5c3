"""Every access decision about issues, in one place: who sees which, does what, and which reports are counted."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from kanal.agencies.models import Membership
from kanal.agencies.queries import NOBODY, Actor, reference
from kanal.common.few import LEAST
from kanal.common.refusal import Refused
from kanal.issues.models import Bulletin, Issue
from kanal.issues.workflow import BULLETIN, BULLETIN_VERBS, CONFIRMED, STATUS, VERBS, BulletinStatus, Status, Who
from kanal.reports.policy import counted_openly

Role = Membership.Role
READERS = (Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR, Role.LEADER, Role.ANNOUNCER)
"""Who sees the issues at the desk: figures and words that name nobody. Reports are opened by their own policy."""
LEAST_PUBLIC = LEAST
"""From so many voices an issue is shown to everybody; fewer could be recognised by their neighbours."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who performs a verb: a signed-in person, the machine, or a room above on behalf of somebody."""

    actor: Actor = NOBODY
    machine: bool = False
    room: bool = False

    @property
    def user_id(self) -> int | None:
        """The account behind the deed, if any."""
        return self.actor.user_id


MACHINE = Doer(machine=True)


def person(actor: Actor) -> Doer:
    """A signed-in person as a doer."""
    return Doer(actor)


def on_behalf(actor: Actor) -> Doer:
    """A room above, which has made sure that this person may do there what moves the issue here."""
    return Doer(actor, room=True)


def capacities(by: Doer, issue: Issue) -> frozenset[Who]:
    """In what capacities somebody stands before this issue; empty: a stranger or a reader."""
    if by.machine:
        return frozenset({Who.MACHINE})
    held = {
        Who.ROOM: by.room,
        Who.COORDINATOR: by.actor.has(Role.COORDINATOR),
        Who.LEAD: issue.agency_id in by.actor.heads,
    }
    return frozenset(who for who, holds in held.items() if holds)


def sees(actor: Actor) -> bool:
    """Whether a signed-in person may open the issues at the desk."""
    return actor.has(*READERS)


def allows(verb: str, by: Doer, issue: Issue) -> bool:
    """Whether the verb is theirs to do and possible now."""
    rule = VERBS[verb]
    possible = issue.merged_into_id is None and Status(issue.status) in rule.since
    return possible and not capacities(by, issue).isdisjoint(rule.by)


def verbs_for(actor: Actor, issue: Issue) -> list[str]:
    """The verbs a person can do to this issue now, in the order of the workflow."""
    return [name for name in VERBS if allows(name, person(actor), issue)]


def check(verb: str, by: Doer, issue: Issue) -> None:
    """Raise Refused with a kind sentence unless `allows`."""
    rule = VERBS[verb]
    if not (by.machine or by.room or sees(by.actor)):
        raise Refused(_("Isu itu tidak ditemukan."), status=404, code="hidden")
    if capacities(by, issue).isdisjoint(rule.by):
        sentence = _("“%(verb)s” bukan bagian Anda untuk isu ini. Minta koordinator bila perlu.")
        raise Refused(sentence % {"verb": rule.words}, status=403, code="not_yours")
    if issue.merged_into_id is not None:
        raise Refused(_("Isu ini sudah digabung ke isu lain. Lanjutkan di sana."), code="merged")
    if Status(issue.status) not in rule.since:
        sentence = _("“%(verb)s” tidak bisa dilakukan: isu ini sekarang “%(status)s”.")
        word = STATUS[Status(issue.status)].word
        raise Refused(sentence % {"verb": rule.words, "status": word}, code="wrong_status")


def counted(at: str = "") -> Q:
    """The reports that may belong to an issue and be counted there, as a filter; `at` leads to the report.

    Never a secret one and never whistle-blowing, not even as a number; a report that becomes secret later drops out.
    """
    return counted_openly(at)


def public_filter() -> Q:
    """The issues that everybody may know of, if they have LEAST_PUBLIC voices: a person has confirmed them."""
    return Q(status__in=CONFIRMED, merged_into=None)


def weighs(actor: Actor) -> bool:
    """Whether somebody may say how much each factor of the ranking weighs."""
    return actor.has(Role.COORDINATOR)


def check_weights(by: Doer) -> None:
    """Raise Refused unless the weights are theirs to set."""
    if not weighs(by.actor):
        raise Refused(_("Bobot peringkat hanya diatur koordinator."), status=403, code="not_yours")


# Bulletins ------------------------------------------------------------------------------------------------------------


def bulletin_capacities(by: Doer, agency_id: int | None) -> frozenset[Who]:
    """In what capacities somebody stands before what this agency says to everybody concerned."""
    if by.machine:
        return frozenset({Who.MACHINE})
    held = {
        Who.COORDINATOR: by.actor.has(Role.COORDINATOR),
        Who.LEAD: agency_id in by.actor.heads,
        Who.OFFICER: agency_id in by.actor.handles,
    }
    return frozenset(who for who, holds in held.items() if holds)


def needs_another(by: Doer, bulletin: Bulletin) -> bool:
    """Whether somebody else must let this text out: its agency wants two pairs of eyes, as for every answer."""
    agency = reference().agency_today(bulletin.agency_id)
    return by.user_id == bulletin.author_id and (agency is None or agency.two_eyes)


def allows_bulletin(verb: str, by: Doer, bulletin: Bulletin) -> bool:
    """Whether the verb is theirs to do and possible now."""
    rule = BULLETIN_VERBS[verb]
    if bulletin.status not in rule.since or bulletin_capacities(by, bulletin.agency_id).isdisjoint(rule.by):
        return False
    return verb not in _LETS_OUT or not needs_another(by, bulletin)


_LETS_OUT = frozenset({"send", "extend"})


def bulletin_verbs_for(actor: Actor, bulletin: Bulletin) -> list[str]:
    """The verbs a person can do to this bulletin now, in the order of the workflow."""
    return [name for name in BULLETIN_VERBS if allows_bulletin(name, person(actor), bulletin)]


def writes_bulletins(actor: Actor, issue: Issue, agency_id: int | None) -> bool:
    """Whether somebody may write to everybody concerned by an issue, on behalf of this agency."""
    possible = issue.merged_into_id is None and issue.status in CONFIRMED and agency_id is not None
    return possible and not bulletin_capacities(person(actor), agency_id).isdisjoint(BULLETIN_VERBS["draft"].by)


def sees_bulletin(actor: Actor, bulletin: Bulletin) -> bool:
    """Whether somebody may open a bulletin at the desk: those of its agency always, the others once it is sent."""
    unsent = bulletin.status in {BulletinStatus.DRAFT, BulletinStatus.SUBMITTED, BulletinStatus.WITHDRAWN}
    return sees(actor) and (not unsent or bool(bulletin_capacities(person(actor), bulletin.agency_id)))


def check_bulletin(verb: str, by: Doer, bulletin: Bulletin) -> None:
    """Raise Refused with a kind sentence unless `allows_bulletin`."""
    rule = BULLETIN_VERBS[verb]
    if not (by.machine or sees_bulletin(by.actor, bulletin)):
        raise Refused(_("Kabar itu tidak ditemukan."), status=404, code="hidden")
    if bulletin_capacities(by, bulletin.agency_id).isdisjoint(rule.by):
        sentence = _("“%(verb)s” bukan bagian Anda untuk kabar ini. Minta atasan dinasnya atau koordinator.")
        raise Refused(sentence % {"verb": rule.words}, status=403, code="not_yours")
    if bulletin.status not in rule.since:
        sentence = _("“%(verb)s” tidak bisa dilakukan: kabar ini sekarang “%(status)s”.")
        word = BULLETIN[BulletinStatus(bulletin.status)].word
        raise Refused(sentence % {"verb": rule.words, "status": word}, code="wrong_status")
    if verb in _LETS_OUT and needs_another(by, bulletin):
        raise Refused(_("Kabar yang Anda tulis sendiri harus dikirim orang lain."), status=403, code="own_bulletin")
