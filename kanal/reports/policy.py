"""Every access decision about reports, in one place: who sees which report, does what, reads which text."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import NOBODY, Actor
from kanal.common.refusal import Refused
from kanal.reports.models import Report, ReportEvent, ReportTask
from kanal.reports.workflow import STATUS, VERBS, Kind, Status, Who, Words, public_info

Role = Membership.Role
HAND_OVER = timedelta(minutes=30)
"""How long after writing down a report for somebody its private link can be printed (docs/adr/0012)."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who performs a verb: a signed-in person, the reporter with the private link, a partner, or Kanal itself."""

    by: str
    actor: Actor = NOBODY

    @property
    def user_id(self) -> int | None:
        """The account behind the deed, if any."""
        return self.actor.user_id


REPORTER = Doer(ReportEvent.By.REPORTER)
PARTNER = Doer(ReportEvent.By.PARTNER)
SYSTEM = Doer(ReportEvent.By.SYSTEM)


def staff(actor: Actor) -> Doer:
    """A signed-in person as a doer."""
    return Doer(ReportEvent.By.STAFF, actor)


def _in_confidence(report: Report) -> bool:
    return report.kind == Kind.WHISTLEBLOWING


def capacities(by: Doer, report: Report) -> frozenset[Who]:
    """In what capacities somebody stands before this report; empty: a stranger.

    Whistle-blowing knows the Inspektorat (and its reporter) alone: everybody else is a stranger to it.
    """
    if by.by == ReportEvent.By.REPORTER:
        return frozenset({Who.REPORTER})
    if by.by == ReportEvent.By.SYSTEM:
        return frozenset({Who.SYSTEM})
    if by.by == ReportEvent.By.PARTNER:
        return frozenset()
    return _staff_capacities(by.actor, report)


def _staff_capacities(actor: Actor, report: Report) -> frozenset[Who]:
    if _in_confidence(report):
        return frozenset({Who.INSPECTOR}) if actor.has(Role.INSPECTOR) else frozenset()
    held = {
        Who.COORDINATOR: actor.has(Role.COORDINATOR),
        Who.HANDLER: report.agency_id in actor.handles,
        Who.HEAD: report.agency_id in actor.heads,
        Who.LEADER: actor.has(Role.LEADER) and not report.secret,
    }
    return frozenset(who for who, holds in held.items() if holds)


def has_task(actor: Actor, report: Report) -> bool:
    """Whether one of the person's agencies was given a point of this report; it may then read the case."""
    return (
        bool(actor.agencies)
        and ReportTask.objects.filter(report=report, agency_id__in=actor.agencies)
        .exclude(state=ReportTask.State.CANCELLED)
        .exists()
    )


def sees(actor: Actor, report: Report) -> bool:
    """Whether a signed-in person may open this report at the desk."""
    if capacities(staff(actor), report):
        return True
    return not _in_confidence(report) and has_task(actor, report)


def queue_filter(actor: Actor) -> Q:
    """The reports that belong in a person's queues, as a filter."""
    wanted = Q(pk__in=())
    if actor.has(Role.COORDINATOR):
        wanted |= ~Q(kind=Kind.WHISTLEBLOWING)
    elif actor.has(Role.LEADER):
        wanted |= Q(secret=False)
    if actor.agencies and not actor.has(Role.COORDINATOR):
        wanted |= Q(agency_id__in=sorted(actor.agencies)) & ~Q(kind=Kind.WHISTLEBLOWING)
    if actor.has(Role.INSPECTOR):
        wanted |= Q(kind=Kind.WHISTLEBLOWING)
    return wanted


def reads_raw_text(actor: Actor, report: Report) -> bool:
    """Whether somebody may read the citizen's own words; leaders and task guests read the masked text."""
    return not capacities(staff(actor), report).isdisjoint({Who.COORDINATOR, Who.HANDLER, Who.HEAD, Who.INSPECTOR})


def sees_photo(actor: Actor, report: Report, *, public: bool) -> bool:
    """Whether a person who `sees` the report may look at one of its photos; lists and the photo itself ask this.

    A photo can name a person like words do: leaders and task guests get what is fit for everybody (`public`), and
    nothing at all of a secret report.
    """
    return (public and not report.secret) or reads_raw_text(actor, report)


def may_open_identity(actor: Actor, report: Report) -> bool:
    """Whether somebody may ask for the reporter's name: nobody in the agency when the reporter is anonymous."""
    found = capacities(staff(actor), report)
    if report.anonymous:
        return not found.isdisjoint({Who.COORDINATOR, Who.INSPECTOR})
    return not found.isdisjoint({Who.COORDINATOR, Who.HANDLER, Who.HEAD, Who.INSPECTOR})


def hands_over_link(actor: Actor, report: Report, *, recorded_at: datetime) -> bool:
    """Whether the private link may be put into the hands of the person who has just written the report down.

    The link makes its holder the reporter, so it is shown while the reporter stands there or is on the phone
    (HAND_OVER) and never again; of whistle-blowing to inspectors alone, everybody else is then a stranger to it.
    """
    if _in_confidence(report) and not actor.has(Role.INSPECTOR):
        return False
    return timezone.now() - recorded_at < HAND_OVER


def allows(verb: str, by: Doer, report: Report) -> bool:
    """Whether the verb is theirs to do and possible now."""
    rule = VERBS[verb]
    if Status(report.status) not in rule.since:
        return False
    if verb == "open_identity":
        return may_open_identity(by.actor, report)
    return not capacities(by, report).isdisjoint(rule.by)


def check(verb: str, by: Doer, report: Report) -> None:
    """Raise Refused with a kind sentence unless `allows`."""
    rule = VERBS[verb]
    found = capacities(by, report)
    if by.by == ReportEvent.By.STAFF and not found and not sees(by.actor, report):
        raise Refused(_("Laporan itu tidak ditemukan."), status=404, code="hidden")
    if found.isdisjoint(rule.by) or (verb == "open_identity" and not may_open_identity(by.actor, report)):
        raise Refused(
            _("“%(verb)s” bukan bagian Anda untuk laporan ini. Minta koordinator bila perlu.") % {"verb": rule.words},
            status=403,
            code="not_yours",
        )
    if Status(report.status) not in rule.since:
        raise Refused(
            _("“%(verb)s” tidak bisa dilakukan: laporan %(code)s sekarang “%(status)s”.")
            % {"verb": rule.words, "code": report.tracking_code, "status": _status_word(by, report)},
            code="wrong_status",
        )


def _status_word(by: Doer, report: Report) -> Words:
    """The status in the reader's words: citizens never see those of the desk."""
    if by.by == ReportEvent.By.STAFF:
        return STATUS[Status(report.status)].staff_word
    return public_info(Status(report.status), Kind(report.kind)).word


def stay_in_confidence(report: Report, agency: Agency) -> None:
    """Raise Refused before whistle-blowing goes to an agency whose people may not know of it."""
    if report.kind == Kind.WHISTLEBLOWING and agency.kind != Agency.Kind.INSPECTORATE:
        raise Refused(
            _("Laporan pengawasan tidak keluar dari Inspektorat. Hubungi dinasnya tanpa menyebut laporan ini."),
            code="in_confidence",
        )


def verbs_for(actor: Actor, report: Report) -> list[str]:
    """The verbs a person can do to this report now, in the order of the workflow."""
    by = staff(actor)
    return [name for name in VERBS if allows(name, by, report)]


def is_public(report: Report) -> bool:
    """Whether anybody may read the masked report: published by a verification, neither secret nor whistle-blowing."""
    return report.published and not report.secret and not _in_confidence(report)
