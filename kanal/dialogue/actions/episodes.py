"""How an episode is planned, announced, held or cancelled."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kanal.agencies.queries import Actor, reference
from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.dialogue import policy
from kanal.dialogue.actions import answering, notices
from kanal.dialogue.actions.deed import Deed, tell, told
from kanal.dialogue.models import Episode, Programme
from kanal.issues import actions as issue_actions
from kanal.issues.models import Issue
from kanal.issues.policy import on_behalf
from kanal.issues.workflow import Status as IssueStatus


@dataclass(frozen=True, slots=True)
class Plan:
    """When, where and with whom. `duration` is in minutes, `place` may be a frequency."""

    programme: Programme
    starts_at: datetime
    place: str
    duration: int = 60
    theme: str = ""
    host: str = ""


def _fit(plan: Plan) -> Plan:
    """The plan as it is kept. Raises Refused for what no calendar can hold."""
    if not Episode.SHORTEST <= plan.duration <= Episode.LONGEST:
        raise Refused(_("Lamanya 5 menit sampai 12 jam."), status=400, code="duration")
    return Plan(
        plan.programme,
        plan.starts_at,
        told(Episode, "place", plan.place, missing=_("Tulis tempat atau frekuensinya.")),
        plan.duration,
        told(Episode, "theme", plan.theme),
        told(Episode, "host", plan.host),
    )


@transaction.atomic
def plan(*, plan: Plan, by: Actor) -> Episode:
    """Begin an episode. Only staff see it until it is announced."""
    fit = _fit(plan)
    episode = Episode(**{name: getattr(fit, name) for name in Plan.__slots__})
    policy.check("plan", by, episode)
    if not fit.programme.active:
        raise Refused(_("Acara tetap itu sudah tidak berjalan. Pilih yang lain."), code="ended")
    episode.save(force_insert=True)
    tell(episode, "plan", by=by, at=timezone.now())
    return episode


@transaction.atomic
def change(*, episode: Episode, plan: Plan, by: Actor, version: int | None = None) -> None:
    """Move it or word it anew. Calendars hear of it, and the agencies that are invited when time or place changed."""
    fit = _fit(plan)
    with Deed("change", episode, by=by, version=version) as deed:
        before = deed.subject.starts_at, deed.subject.place
        for name in Plan.__slots__:
            setattr(deed.subject, name, getattr(fit, name))
        deed.subject.sequence += 1
        deed.data = {"starts_at": fit.starts_at.isoformat(), "place": fit.place}
        if before != (fit.starts_at, fit.place):
            notices.tell_guests(
                deed.subject,
                "dialogue_moved",
                gettext_noop("%(programme)s pindah: sekarang %(when)s, %(place)s."),
            )


@transaction.atomic
def announce(*, episode: Episode, by: Actor, version: int | None = None) -> None:
    """Put it on the public agenda and into the calendars."""
    with Deed("announce", episode, by=by, version=version) as deed:
        if deed.subject.starts_at < deed.at:
            raise Refused(_("Waktunya sudah lewat. Ubah dulu jadwalnya."), code="past")
        deed.subject.announced_at = deed.at


@transaction.atomic
def hold(*, episode: Episode, by: Actor, version: int | None = None) -> None:
    """Say that it took place. The issues among its topics that nobody had talked about are discussed from now on."""
    with Deed("hold", episode, by=by, version=version) as deed:
        if deed.subject.starts_at > deed.at:
            raise Refused(_("Acaranya belum mulai."), code="early")
        _discussed(deed.subject, by)


def _discussed(episode: Episode, by: Actor) -> None:
    facts = reference()
    note = _("Dibahas di %(programme)s, %(day)s.") % {
        "programme": episode.programme.name,
        "day": formats.day(facts.today(episode.starts_at)),
    }
    for issue in Issue.objects.filter(slots__episode=episode, status=IssueStatus.CONFIRMED, merged_into=None):
        issue_actions.move(issue=issue, to=IssueStatus.DISCUSSED, by=on_behalf(by), note=note)


@transaction.atomic
def cancel(*, episode: Episode, reason: str, by: Actor, version: int | None = None) -> None:
    """Call it off. Everybody who knew of it reads why; agencies that are invited, and people who asked, are told."""
    reason = told(Episode, "reason", reason, missing=_("Tulis alasannya: itu yang dibaca warga."))
    with Deed("cancel", episode, by=by, version=version) as deed:
        deed.subject.reason = reason
        deed.subject.sequence += 1
        notices.tell_guests(
            deed.subject,
            "dialogue_cancelled",
            gettext_noop("%(programme)s, %(when)s, dibatalkan: %(reason)s"),
        )
        answering.postpone_all(deed.subject, by=by)
