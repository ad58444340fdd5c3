"""Handing our reports over to SP4N-LAPOR!, each once, and pulling its categories.

LAPOR! knows no key by which it would recognise a report that comes twice. So the row notes the moment just before the
first byte leaves, and whatever ends without an answer after it is a person's to look up; the marker in the text lets
the next export answer the same question by itself.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import reference
from kanal.channels.actions import PAUSES, LeaseLostError, pulse
from kanal.channels.adapters import RefusedForGoodError, UncertainError, UnreachableError
from kanal.channels.lapor.gateway import LaporGateway, Submission, Taken, Topic, can_pull, can_push, gateway
from kanal.channels.lapor.marker import marker
from kanal.channels.lapor.words import WORD_OF
from kanal.channels.models import Medium
from kanal.common.tasks import KeepGoing
from kanal.reports import policy
from kanal.reports.actions.notices import THEIRS
from kanal.reports.mirror import settle
from kanal.reports.models import LaporMirror, LaporTopic, Report, ReportEvent
from kanal.reports.workflow import Status

logger = logging.getLogger("kanal.lapor")

State = LaporMirror.State
BATCH = 10
LEASE = timedelta(minutes=2)


def push_due(keep_going: KeepGoing) -> int:
    """Hand over what is due. Returns how many reports were handled, whatever became of them."""
    if not can_push():
        return 0
    waiting = LaporMirror.objects.filter(state=State.DUE, next_attempt_at__lte=timezone.now())
    due = list(waiting.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:BATCH])
    if not due or Medium.LAPOR in pulse.paused():
        return 0
    handled = 0
    with gateway() as line:
        for pk in due:
            row = _lease(pk) if keep_going() else None
            if row is None:
                continue
            handled += 1
            if not _push(row, line):
                break
    return handled


@transaction.atomic
def _lease(pk: int) -> LaporMirror | None:
    """Take one row to hand over. None when another worker has it, or when it may not or need not go any more."""
    known = LaporMirror.objects.filter(pk=pk).first()
    if known is None:
        return None
    report = Report.objects.select_for_update().get(pk=known.report_id)
    row = LaporMirror.objects.select_for_update().get(pk=pk)
    if row.state != State.DUE:
        return None
    settle(row, report, kept=policy.kept_from_lapor(report))
    if row.state == State.DUE:
        row.state, row.leased_until, row.attempts = State.SENDING, timezone.now() + LEASE, row.attempts + 1
        row.handed_at = None
    row.save()
    row.report = report
    return row if row.state == State.SENDING else None


def submission_of(report: Report) -> Submission:
    """What LAPOR! is given: the masked public words, the place, and the marker. No name, no number, no address."""
    region = reference().regions.get(report.region_id or 0)
    place = ", ".join(filter(None, (report.place_text, region.place if region else "")))
    with override(THEIRS):
        where = _("Lokasi: %(place)s") % {"place": place} if place else ""
    parts = (report.public_body, where, marker(report.tracking_code))
    return Submission("\n\n".join(filter(None, parts)), report.anonymous, report.secret)


def _push(row: LaporMirror, line: LaporGateway) -> bool:
    """Hand over one leased row and note what became of it. Returns whether the next one may go."""
    try:
        taken = line.push(submission_of(row.report), before=lambda: _hand_over(row))
    except RefusedForGoodError as refusal:
        _mark(row, State.REFUSED, refusal.sentence)
    except UnreachableError as trouble:
        until = pulse.pause(Medium.LAPOR, sentence=trouble.sentence, for_=trouble.pause, alarm=trouble.alarm)
        pause = PAUSES[min(row.attempts, len(PAUSES)) - 1]
        _mark(row, State.DUE, trouble.sentence, again=max(until, timezone.now() + pause))
        return False
    except UncertainError:
        _mark(row, State.UNSURE, _unsure())
    except LeaseLostError:
        logger.warning("mirror %s: the lease was lost, another worker decides", row.pk)
    else:
        _taken(row, taken)
        pulse.note_out(Medium.LAPOR)
    return True


def _unsure() -> str:
    return _("Sambungan putus saat diserahkan, jadi tidak pasti LAPOR! menerimanya.")


def _mine(row: LaporMirror) -> QuerySet[LaporMirror]:
    return LaporMirror.objects.filter(pk=row.pk, state=State.SENDING, leased_until=row.leased_until)


def _hand_over(row: LaporMirror) -> None:
    """Note, before the first byte leaves, that it does. Raises LeaseLostError when the row is not ours any more."""
    if not _mine(row).update(handed_at=timezone.now()):
        raise LeaseLostError


@transaction.atomic
def _mark(row: LaporMirror, state: str, error: str, *, again: datetime | None = None) -> None:
    mirror = _mine(row).select_for_update().first()
    if mirror is None:
        return
    mirror.state, mirror.error, mirror.leased_until = state, error[:300], None
    mirror.next_attempt_at = again or mirror.next_attempt_at
    mirror.handed_at = mirror.handed_at if state == State.UNSURE else None
    _settle(mirror)


def _settle(mirror: LaporMirror) -> None:
    report = Report.objects.get(pk=mirror.report_id)
    settle(mirror, report, kept=policy.kept_from_lapor(report))
    mirror.save()


def _taken(row: LaporMirror, taken: Taken) -> None:
    try:
        _mark_taken(row, taken)
    except IntegrityError:
        sentence = _("LAPOR! memberi nomor %(number)s, tetapi nomor itu sudah dipakai laporan lain.")
        _mark(row, State.UNSURE, sentence % {"number": taken.ticket})


@transaction.atomic
def _mark_taken(row: LaporMirror, taken: Taken) -> None:
    mirror = _mine(row).select_for_update().first()
    if mirror is None:
        return
    mirror.state, mirror.ticket, mirror.transaction = State.MIRRORED, taken.ticket, taken.transaction
    mirror.error, mirror.leased_until = "", None
    mirror.told, mirror.told_word = Status.RECEIVED, WORD_OF[Status.RECEIVED]
    mirror.told_at = timezone.now()
    _settle(mirror)
    ReportEvent.objects.create(
        report_id=mirror.report_id,
        verb="mirror",
        at=timezone.now(),
        by=ReportEvent.By.SYSTEM,
        data={"ticket": taken.ticket, "what": "pushed"},
    )


def reap_mirrors() -> int:
    """Take back rows whose worker died: before the hand-over they are due again, after it nobody knows."""
    died = LaporMirror.objects.filter(state=State.SENDING, leased_until__lt=timezone.now())
    free = {"leased_until": None, "changed_at": timezone.now()}
    again = died.filter(handed_at=None).update(state=State.DUE, **free)
    unsure = died.exclude(handed_at=None).update(
        state=State.UNSURE, task=LaporMirror.Task.CHECK, error=_unsure()[:300], **free
    )
    return again + unsure


# --- categories -------------------------------------------------------------------------------------------------------


def pull_topics() -> int:
    """Ask LAPOR! for its categories and keep them. Returns how many there are; 0 without a key or an answer."""
    if not can_pull() or Medium.LAPOR in pulse.paused():
        return 0
    try:
        with gateway() as line:
            found = line.topics()
    except UnreachableError as trouble:
        pulse.pause(Medium.LAPOR, sentence=trouble.sentence, for_=trouble.pause, alarm=trouble.alarm)
        return 0
    if found:  # an empty list is more likely a fault there than the end of all categories
        _keep_topics(found)
        pulse.note_in(Medium.LAPOR, at=timezone.now())
        pulse.reached(Medium.LAPOR)
    return len(found)


@transaction.atomic
def _keep_topics(found: list[Topic]) -> None:
    rows = [
        LaporTopic(number=one.id, parent=one.parent, name=one.name) for one in {one.id: one for one in found}.values()
    ]
    LaporTopic.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["number"], update_fields=["parent", "name", "gone_at"]
    )
    gone = LaporTopic.objects.filter(gone_at=None).exclude(number__in=[row.number for row in rows])
    gone.update(gone_at=timezone.now())
