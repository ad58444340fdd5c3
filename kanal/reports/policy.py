"""Every access decision about reports, in one place: who sees which report, does what, reads which text."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import NOBODY, Actor
from kanal.common.refusal import Refused
from kanal.reports.models import Gathering, RadioShow, Report, ReportEvent, ReportTask
from kanal.reports.workflow import STATUS, VERBS, Kind, Status, Who, Words, public_info

Role = Membership.Role
HAND_OVER = timedelta(minutes=30)
"""How long after writing down a report for somebody its private link can be printed (docs/adr/0012)."""

LATE = timedelta(days=7)
"""How long after a broadcast its calls may still arrive from a browser that had no line."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who performs a verb: a signed-in person, the reporter with the private link, a partner, or Kanal itself."""

    by: str
    actor: Actor = NOBODY
    recorder: bool = False
    """Stands before this report as the one who has just written it down, and as nothing else; see `retractor`."""

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
    if by.recorder:
        return frozenset({Who.RECORDER})
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


PERSON_READERS = (Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR, Role.INSPECTOR)
"""Who opens the page of a contact; each sees on it only what `person_filter` gives them."""
PERSON_KEEPERS = (Role.COORDINATOR,)
"""Who joins and parts contacts, and records that somebody wants no messages."""


def person_filter(actor: Actor, at: str = "") -> Q:
    """The reports whose reporter somebody `may_open_identity`, as a filter; `at` leads to the report ("report__").

    Only these stand on the page of a contact, so that nothing on it tells of a report which they could not open.
    """
    secret = {f"{at}kind": Kind.WHISTLEBLOWING}
    wanted = Q(pk__in=())
    if actor.has(Role.COORDINATOR):
        wanted |= ~Q(**secret)
    elif actor.handles | actor.heads:
        own = {f"{at}agency_id__in": sorted(actor.handles | actor.heads), f"{at}anonymous": False}
        wanted |= Q(**own) & ~Q(**secret)
    if actor.has(Role.INSPECTOR):
        wanted |= Q(**secret)
    return wanted


def check_person(by: Doer) -> None:
    """Raise Refused unless contacts are theirs to join, part and silence."""
    if by.by != ReportEvent.By.STAFF or not by.actor.has(*PERSON_KEEPERS):
        raise Refused(_("Menggabungkan dan mengatur kontak adalah bagian koordinator."), status=403)


def hands_over_link(actor: Actor, report: Report, *, recorded_at: datetime) -> bool:
    """Whether the private link may be put into the hands of the person who has just written the report down.

    The link makes its holder the reporter, so it is shown while the reporter stands there or is on the phone
    (HAND_OVER) and never again; of whistle-blowing to inspectors alone, everybody else is then a stranger to it.
    """
    if _in_confidence(report) and not actor.has(Role.INSPECTOR):
        return False
    return timezone.now() - recorded_at < HAND_OVER


RADIO_HOSTS = (Role.ANNOUNCER, Role.COORDINATOR)


def hosts_radio(actor: Actor) -> bool:
    """Whether somebody runs the radio desk: broadcasts, their calls, minutes and recordings."""
    return actor.has(*RADIO_HOSTS)


def takes_calls(actor: Actor, show: RadioShow, *, at: datetime) -> bool:
    """Whether a call can be filed under this broadcast; those kept in a browser without a line may come LATE."""
    return hosts_radio(actor) and (show.ended_at is None or at - show.ended_at < LATE)


def retractor(actor: Actor, show: RadioShow) -> Doer:
    """Who takes back a call that was noted wrongly: a host, on the air. Anybody else acts as the staff they are."""
    return Doer(ReportEvent.By.STAFF, actor, recorder=hosts_radio(actor) and show.ended_at is None)


def hears_broadcast(actor: Actor, report: Report) -> bool:
    """Whether somebody is shown in which broadcast a report was told, and its recording: a voice names its owner."""
    return reads_raw_text(actor, report) and may_open_identity(actor, report)


def counted_openly(at: str = "") -> Q:
    """The reports that may be counted where everybody hears it: neither secret (so no whistle-blowing) nor put away.

    `at` leads to the report ("report__"). Only their number is said; titles come from those that `is_public`.
    """
    return Q(**{f"{at}secret": False}) & ~Q(**{f"{at}status": Status.ARCHIVED})


def routes_alone(report: Report) -> bool:
    """Whether Kanal itself may hand a report on: undecided, not urgent, not secret (a wrong agency would read it)."""
    untouched = report.status == Status.RECEIVED and report.verified_at is None
    return untouched and not (report.secret or _in_confidence(report) or report.is_rapid)


def allows(verb: str, by: Doer, report: Report) -> bool:
    """Whether the verb is theirs to do and possible now."""
    rule = VERBS[verb]
    if Status(report.status) not in rule.since or _beyond_the_machine(verb, by, report):
        return False
    if verb == "open_identity":
        return may_open_identity(by.actor, report)
    return not capacities(by, report).isdisjoint(rule.by)


def _beyond_the_machine(verb: str, by: Doer, report: Report) -> bool:
    return verb == "assign" and by.by == ReportEvent.By.SYSTEM and not routes_alone(report)


def check(verb: str, by: Doer, report: Report) -> None:
    """Raise Refused with a kind sentence unless `allows`."""
    rule = VERBS[verb]
    found = capacities(by, report)
    if by.by == ReportEvent.By.STAFF and not found and not sees(by.actor, report):
        raise Refused(_("Laporan itu tidak ditemukan."), status=404, code="hidden")
    if (
        found.isdisjoint(rule.by)
        or (verb == "open_identity" and not may_open_identity(by.actor, report))
        or _beyond_the_machine(verb, by, report)
    ):
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


def quotable() -> Q:
    """The reports whose masked words and titles may be printed and read out: public, and not cut from their people."""
    return Q(published=True, anonymised_at=None) & counted_openly()


GATHERERS = (Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR)
"""Who writes down what is said at events."""


def gathering_filter(actor: Actor) -> Q:
    """The events a person may open: a coordinator all, others their own. Unfiled rows name people."""
    if not actor.has(*GATHERERS):
        return Q(pk__in=())
    return Q() if actor.has(Role.COORDINATOR) else Q(created_by_id=actor.user_id or 0)


def check_gathering(actor: Actor, gathering: Gathering) -> None:
    """Raise Refused unless the event is theirs to keep; a stranger does not learn that it exists."""
    own = gathering.created_by_id == actor.user_id
    if not actor.has(*GATHERERS) or not (own or actor.has(Role.COORDINATOR)):
        raise Refused(_("Acara itu tidak ditemukan."), status=404, code="hidden")


WORDING_EDITORS = (Role.COORDINATOR,)
"""Who words anew what citizens are sent."""
MEDIA_KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""Who looks after the media: how they fare, and reading again what could not be read."""
APP_KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""Who lets other programs in: their keys, and where events go."""
MESSAGE_READERS = (Role.COORDINATOR, Role.INSPECTOR)
"""Who may see what waits in the inbox; an administrator sees on the health page that messages come through."""
MESSAGE_VERBS: dict[str, frozenset[str]] = {
    "read": frozenset({Role.COORDINATOR, Role.INSPECTOR}),
    **dict.fromkeys(("file", "add", "answer", "drop", "take"), frozenset({Role.COORDINATOR})),
    "confide": frozenset({Role.COORDINATOR, Role.INSPECTOR}),
}
"""What is done with a message that belongs to no report yet, and by whom; "read" is its own words and its files."""


def sees_message(actor: Actor, report: Report | None) -> bool:
    """Whether somebody may open a message. One that belongs to a report is seen by whoever sees that report."""
    return actor.has(*MESSAGE_READERS) if report is None else sees(actor, report)


def reads_message(actor: Actor, report: Report | None) -> bool:
    """Whether somebody may read a message's own words and open its files; others get the masked text."""
    return actor.has(*MESSAGE_VERBS["read"]) if report is None else reads_raw_text(actor, report)


def message_verbs(actor: Actor) -> list[str]:
    """What somebody may do with a message that waits."""
    return [verb for verb, roles in MESSAGE_VERBS.items() if actor.has(*roles)]


def check_learning(by: Doer) -> None:
    """Refuse anybody but a coordinator who would choose among learned models, rules and switches of routing."""
    if by.by != ReportEvent.By.STAFF or not by.actor.has(Role.COORDINATOR):
        raise Refused(_("Ini pekerjaan koordinator."), status=403)


def check_wording(by: Doer) -> None:
    """Raise Refused unless the sentences to citizens are theirs to word."""
    if by.by != ReportEvent.By.STAFF or not by.actor.has(*WORDING_EDITORS):
        raise Refused(_("Kalimat untuk warga hanya diubah koordinator."), status=403)


def check_message(verb: str, by: Doer) -> None:
    """Raise Refused unless the verb is theirs to do to a message that waits."""
    if by.by != ReportEvent.By.STAFF or verb not in message_verbs(by.actor):
        raise Refused(_("Itu bukan bagian Anda untuk pesan ini. Minta koordinator bila perlu."), status=403)


def check_app_keeper(by: Doer) -> None:
    """Raise Refused unless other programs' keys and subscriptions are theirs to keep."""
    if by.by != ReportEvent.By.STAFF or not by.actor.has(*APP_KEEPERS):
        raise Refused(_("Aplikasi lain hanya diatur koordinator atau administrator."), status=403)


def tells_programs(report: Report) -> bool:
    """Whether other programs may know that something happened to a report: of what is secret, not even its code."""
    return not report.secret and not _in_confidence(report)


def asks_status(client_id: int, report: Report, *, filed_by: int | None) -> bool:
    """Whether a program may ask how a report fares: one that it filed, or one that everybody may read."""
    return tells_programs(report) and (filed_by == client_id or is_public(report))


LAPOR_KEEPERS = (Role.COORDINATOR,)
"""Who keeps LAPOR! and Kanal alike: enters reports there, says what was entered, decides on differences."""
LAPOR_READERS = (Role.COORDINATOR, Role.LEADER)
"""Who sees what is not yet in LAPOR!: it is obligatory, so its gaps are the leader's matter too."""


def kept_from_lapor(report: Report) -> str:
    """Why a report may not go to LAPOR! ("" when it may): a reason's code, worded by `queries.lapor`.

    Whistle-blowing never leaves the Inspektorat. A secret report was promised to be read by the regency's own people
    alone, and LAPOR! is read by others: it goes only where the regency has decided so (KANAL_LAPOR_SECRET_REPORTS).
    """
    if _in_confidence(report):
        return "whistleblowing"
    return "secret" if report.secret and not settings.LAPOR["secret_reports"] else ""


def mirror_filter(actor: Actor) -> Q:
    """The mirrors somebody may see: a coordinator all, a leader those that are not secret; never whistle-blowing."""
    if not actor.has(*LAPOR_READERS):
        return Q(pk__in=())
    wanted = ~Q(report__kind=Kind.WHISTLEBLOWING)
    return wanted if actor.has(Role.COORDINATOR) else wanted & Q(report__secret=False)


def keeps_lapor(actor: Actor) -> bool:
    """Whether somebody may say what stands in LAPOR!, and take the rows to enter there as a file."""
    return actor.has(*LAPOR_KEEPERS)


def check_mirror(by: Doer, report: Report) -> None:
    """Raise Refused unless the report's life in LAPOR! is theirs to keep; a stranger does not learn that it exists."""
    if by.by != ReportEvent.By.STAFF or _in_confidence(report) or not by.actor.has(*LAPOR_READERS):
        raise Refused(_("Laporan itu tidak ditemukan."), status=404, code="hidden")
    if not keeps_lapor(by.actor):
        raise Refused(_("Catatan tentang LAPOR! hanya diisi koordinator."), status=403)
