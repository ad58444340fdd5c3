"""The worker's part of a bulletin: it stands on every report's page, then everybody concerned gets it, once.

Each batch is one transaction with what it did, so that a worker may die anywhere: the next goes on behind the last
whole batch. No more than IN_FLIGHT messages of one bulletin wait on a medium at a time: other people's messages pass
it, and what is stopped stops.
"""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import override

from kanal.agencies.queries import actor_of
from kanal.channels.actions import queue
from kanal.channels.models import Address, Contact, Outbound
from kanal.common.refusal import Refused
from kanal.issues.actions.bulletin_deed import BulletinDeed
from kanal.issues.bulletin_words import letter
from kanal.issues.models import Bulletin, BulletinRecipient, BulletinReport
from kanal.issues.policy import MACHINE
from kanal.issues.queries.bulletins import heading
from kanal.issues.queries.concerned import PURPOSE, Person, chosen, reference_of, waits_for, ways
from kanal.issues.queries.counting import evidence
from kanal.issues.workflow import BulletinStatus, LeftOut
from kanal.reports import policy as reports_policy
from kanal.reports.actions import Word, answer_alike, tell_reports
from kanal.reports.actions.notices import THEIRS
from kanal.reports.models import Report

AT_ONCE = 100
ANSWERS_AT_ONCE = 20
IN_FLIGHT = 200
LONGEST_REFUSAL = 300
State = BulletinRecipient.State


def spread(keep_going: Callable[[], bool]) -> int:
    """Take each bulletin that is being sent one batch further; returns how many reports and people that were.

    Trouble with one holds up no other; it is raised in the end, for the worker to note and to try again.
    """
    done, troubles = 0, list[Exception]()
    for pk in Bulletin.objects.filter(status=BulletinStatus.SENDING).order_by("pk").values_list("pk", flat=True):
        if not keep_going():
            break
        try:
            with override(THEIRS):
                done += _stand_on_pages(pk) or _hand_over(pk) or _finish(pk)
        except Exception as trouble:  # noqa: BLE001  # whatever it is, it is raised below
            troubles.append(trouble)
    if troubles:
        raise troubles[0]
    return done


def _locked(pk: int) -> Bulletin | None:
    """The bulletin, if it is still being sent; nobody stops it meanwhile."""
    rows = Bulletin.objects.select_for_update(of=("self",)).select_related("issue", "author", "sender")
    return rows.filter(pk=pk, status=BulletinStatus.SENDING).first()


# On the reports' pages ------------------------------------------------------------------------------------------------


@transaction.atomic
def _stand_on_pages(pk: int) -> int:
    bulletin = _locked(pk)
    if bulletin is None:
        return 0
    limit = ANSWERS_AT_ONCE if bulletin.as_answer else AT_ONCE
    rows = list(bulletin.reports.filter(state=BulletinReport.State.WAITING).order_by("pk")[:limit])
    found = evidence(bulletin.issue).filter(pk__in=[row.report_id for row in rows])
    here = found.only("status", "agency").in_bulk()
    if bulletin.as_answer:
        for row in rows:
            _answer(bulletin, row, here.get(row.report_id))
    rest = [row for row in rows if row.state == BulletinReport.State.WAITING]
    _tell(bulletin, [row for row in rest if row.report_id in here])
    _note_reports(rows)
    return len(rows)


def _note_reports(rows: Sequence[BulletinReport]) -> None:
    """Write what became of each; who still waits now has left the issue."""
    for row in rows:
        if row.state == BulletinReport.State.WAITING:
            row.state = BulletinReport.State.LEFT_OUT
        if row.refusal:
            row.save(update_fields=["refusal"])
    for state in {row.state for row in rows}:
        BulletinReport.objects.filter(pk__in=[row.pk for row in rows if row.state == state]).update(state=state)


def _answer(bulletin: Bulletin, row: BulletinReport, report: Report | None) -> None:
    """Answer one report if it waits for this agency; what its own rules refuse is only told, and the reason kept."""
    if report is None or not waits_for(bulletin, status=report.status, agency_id=report.agency_id):
        return
    author = reports_policy.staff(actor_of(bulletin.author))
    try:
        with transaction.atomic():
            answer_alike(report=report, text=bulletin.text, author=author, by=_sender(bulletin), at=timezone.now())
    except Refused as refused:
        row.refusal = refused.sentence[:LONGEST_REFUSAL]
    else:
        row.state = BulletinReport.State.ANSWERED


def _sender(bulletin: Bulletin) -> reports_policy.Doer:
    return reports_policy.staff(actor_of(bulletin.sender or bulletin.author))


def _tell(bulletin: Bulletin, rows: Sequence[BulletinReport]) -> None:
    word = Word(heading(bulletin), bulletin.text, bulletin.pk)
    told = tell_reports(ids=[row.report_id for row in rows], word=word, by=_sender(bulletin), at=timezone.now())
    for row in rows:
        if row.report_id in told:
            row.state = BulletinReport.State.TOLD


# To the people --------------------------------------------------------------------------------------------------------


@transaction.atomic
def _hand_over(pk: int) -> int:
    bulletin = _locked(pk)
    if bulletin is None:
        return 0
    rows = _next_people(bulletin)
    _follow_joined(bulletin, rows)
    ids = {report_id for row in rows for report_id in row.reports}
    reports = evidence(bulletin.issue).filter(pk__in=ids)
    theirs = {row.contact_id: row for row in rows if row.state == State.WAITING}
    mine = [way for way in ways(reports) if way.contact_id in theirs]
    mine = [way for way in mine if way.report_id in theirs[way.contact_id].reports]
    people, missed = chosen(mine, reports)
    known = reports.only("tracking_code", "published").in_bulk()
    answered = _answered(bulletin, ids)
    addresses = Address.objects.in_bulk([one.address_id for one in people])
    messages = []
    for one in people:
        address = addresses[one.address_id]
        is_answer = not answered.isdisjoint(one.own)
        messages.append(letter(bulletin, one, address, reports=known, answered=is_answer))
    queue(messages)
    _note_outcome(rows, {one.contact_id: one for one in people}, missed)
    return len(rows)


def _next_people(bulletin: Bulletin) -> list[BulletinRecipient]:
    """The next of the list, without those whose medium has enough to do."""
    in_flight = Outbound.objects.filter(
        reference=reference_of(bulletin), purpose=PURPOSE, state__in=[Outbound.State.QUEUED, Outbound.State.SENDING]
    )
    counts = dict(in_flight.values_list("medium").annotate(Count("pk")).order_by())
    full = [medium for medium, number in counts.items() if number >= IN_FLIGHT]
    waiting = bulletin.recipients.filter(state=State.WAITING).exclude(address__medium__in=full)
    return list(waiting.order_by("pk")[:AT_ONCE])


def _follow_joined(bulletin: Bulletin, rows: Sequence[BulletinRecipient]) -> None:
    """Whoever was found to be one person with another meanwhile: told once."""
    merged = dict(
        Contact.objects.filter(pk__in=[row.contact_id for row in rows], merged_into__isnull=False).values_list(
            "pk", "merged_into_id"
        )
    )
    listed = set(bulletin.recipients.filter(contact_id__in=merged.values()).values_list("contact_id", flat=True))
    for row in rows:
        root = merged.get(row.contact_id)
        if root in listed:
            row.state, row.why = State.LEFT_OUT, LeftOut.JOINED
            row.save(update_fields=["state", "why"])
        elif root:
            row.contact_id = root
            row.save(update_fields=["contact"])
            listed.add(root)


def _answered(bulletin: Bulletin, ids: set[int]) -> set[int]:
    rows = bulletin.reports.filter(state=BulletinReport.State.ANSWERED, report_id__in=ids)
    return set(rows.values_list("report_id", flat=True))


def _note_outcome(rows: Sequence[BulletinRecipient], people: dict[int, Person], missed: dict[int, LeftOut]) -> None:
    """Write who was handed to the outbox, and why the others are not; those as the list says, most of them, at once."""
    as_listed = []
    for row in rows:
        if row.state != State.WAITING:
            continue
        one = people.get(row.contact_id)
        if one is None:
            row.state, row.why = State.LEFT_OUT, missed.get(row.contact_id, LeftOut.GONE)
        elif one.address_id == row.address_id:
            as_listed.append(row.pk)
            continue
        else:
            row.state, row.address_id = State.HANDED, one.address_id
        row.save(update_fields=["state", "why", "address"])
    BulletinRecipient.objects.filter(pk__in=as_listed).update(state=State.HANDED)


@transaction.atomic
def _finish(pk: int) -> int:
    """It is sent once nobody waits any more: what the outbox still holds is the outbox's."""
    bulletin = _locked(pk)
    if bulletin is None or bulletin.recipients.filter(state=State.WAITING).exists():
        return 0
    with BulletinDeed("finish", bulletin, by=MACHINE) as deed:
        deed.bulletin.finished_at = deed.at
    return 1
