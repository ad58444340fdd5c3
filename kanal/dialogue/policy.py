"""Every access decision about dialogue, in one place: who sees which episode and promise and does what there."""

from django.db.models import Q
from django.utils.translation import gettext as _

from kanal.agencies.models import Membership
from kanal.agencies.queries import Actor
from kanal.common.refusal import Refused
from kanal.dialogue.models import Commitment, Episode, Invitation, Question, Sitting
from kanal.dialogue.workflow import PROMISE, QUESTION, STATUS, VERBS, PromiseStatus, QuestionStatus, Status, Verb, Who

Role = Membership.Role
Subject = Episode | Commitment | Question
HOSTS = (Role.COORDINATOR, Role.ANNOUNCER)
"""Who plans and leads what is talked about."""
READERS = (*HOSTS, Role.OFFICER, Role.SUPERVISOR, Role.LEADER)
"""Who sees the dialogue at the desk."""


def hosts(actor: Actor) -> bool:
    """Whether somebody plans and leads episodes."""
    return actor.has(*HOSTS)


def sees(actor: Actor) -> Q:
    """The episodes that a person may open at the desk, as a filter: agencies those they know of or are invited to."""
    if actor.has(*HOSTS, Role.LEADER):
        return Q()
    if not actor.has(*READERS):
        return Q(pk__in=())
    invited = Invitation.objects.filter(agency_id__in=actor.agencies).values("episode_id")
    return public_filter() | Q(pk__in=invited)


def public_filter() -> Q:
    """The episodes that everybody may know of: announced once, whatever became of them."""
    return Q(announced_at__isnull=False)


def capacities(actor: Actor, agency_id: int | None = None) -> frozenset[Who]:
    """In what capacities somebody stands before an episode or a promise, of or with an agency."""
    held = {
        Who.HOST: hosts(actor),
        Who.COORDINATOR: actor.has(Role.COORDINATOR),
        Who.AGENCY: agency_id in actor.agencies,
        Who.HEAD: agency_id in actor.heads,
    }
    return frozenset(who for who, holds in held.items() if holds)


def allows(verb: str, by: Actor, subject: Subject, *, agency_id: int | None = None) -> bool:
    """Whether the verb is theirs to do and possible now; `agency_id` names the invitation that it is about."""
    rule = VERBS[verb]
    return subject.status in rule.since and _may(by, rule, subject, agency_id)


def _may(by: Actor, rule: Verb, subject: Subject, agency_id: int | None) -> bool:
    stands = capacities(by, subject.agency_id if isinstance(subject, Commitment) else agency_id)
    return not stands.isdisjoint(rule.by) or (Who.NOTES in rule.by and _takes_notes(by, subject))


def _takes_notes(actor: Actor, subject: Subject) -> bool:
    episode_id = subject.pk if isinstance(subject, Episode) else subject.episode_id
    if episode_id is None or actor.user_id is None or not actor.has(*READERS):
        return False
    return Sitting.objects.filter(episode_id=episode_id, notes_by_id=actor.user_id).exists()


def runs(actor: Actor, episode: Episode) -> bool:
    """Whether somebody works at the live page of an episode: its hosts, and who writes its minutes. Others read it."""
    return hosts(actor) or _takes_notes(actor, episode)


def verbs_for(actor: Actor, subject: Subject) -> list[str]:
    """The verbs a person can do to this episode or promise now, in the order of the workflow."""
    return [name for name in VERBS if allows(name, actor, subject)]


def check(verb: str, by: Actor, subject: Subject, *, agency_id: int | None = None) -> None:
    """Raise Refused with a kind sentence unless `allows`."""
    rule = VERBS[verb]
    if by.user_id is None or not by.has(*READERS):
        raise Refused(_missing(subject), status=404, code="hidden")
    if not _may(by, rule, subject, agency_id):
        sentence = _("“%(verb)s” bukan bagian Anda di sini. Minta koordinator bila perlu.")
        raise Refused(sentence % {"verb": rule.words}, status=403, code="not_yours")
    if subject.status not in rule.since:
        sentence = _("“%(verb)s” tidak bisa dilakukan: keadaannya sekarang “%(status)s”.")
        raise Refused(sentence % {"verb": rule.words, "status": _word(subject)}, code="wrong_status")


def _missing(subject: Subject) -> str:
    if isinstance(subject, Commitment):
        return _("Janji itu tidak ditemukan.")
    return _("Pertanyaan itu tidak ditemukan.") if isinstance(subject, Question) else _("Acara itu tidak ditemukan.")


def _word(subject: Subject) -> object:
    """The word for where it stands now."""
    if isinstance(subject, Commitment):
        return PROMISE[PromiseStatus(subject.status)].word
    if isinstance(subject, Question):
        return QUESTION[QuestionStatus(subject.status)].word
    return STATUS[Status(subject.status)].word


def promise_filter(actor: Actor) -> Q:
    """The promises on a person's desk: hosts and leaders all, agencies their own."""
    if actor.has(*HOSTS, Role.LEADER):
        return Q()
    return Q(agency_id__in=actor.agencies)


def sees_evidence(actor: Actor, commitment: Commitment) -> bool:
    """Whether somebody may see what an agency shows for a promise: everybody, once it counts as kept."""
    kept = commitment.status == PromiseStatus.KEPT
    return kept or actor.has(*HOSTS, Role.LEADER) or commitment.agency_id in actor.agencies


def reads_host_sheet(actor: Actor) -> bool:
    """Whether somebody may have the host's sheet: what the people said, what was promised, what to ask."""
    return hosts(actor)


def reads_agency_sheet(actor: Actor, agency_id: int) -> bool:
    """Whether somebody may have the sheet of an agency that is invited: its own officers and heads, and hosts."""
    return hosts(actor) or agency_id in actor.agencies


def check_sheet(*, allowed: bool) -> None:
    """Raise Refused unless the sheet is theirs to have."""
    if not allowed:
        raise Refused(_("Lembar ini untuk penyiar dan dinas yang diundang."), status=403, code="not_yours")


def keeps_programmes(actor: Actor) -> bool:
    """Whether somebody may begin and change programmes."""
    return actor.has(Role.COORDINATOR)


def check_programmes(by: Actor) -> None:
    """Raise Refused unless programmes are theirs to keep."""
    if not keeps_programmes(by):
        raise Refused(_("Acara tetap hanya diatur koordinator."), status=403, code="not_yours")
