"""Keeping a report's mirror in SP4N-LAPOR!: what changes here, what is heard from there, what a person says.

Locks are taken report first, mirror second, everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels.lapor import LaporRow
from kanal.channels.lapor.cells import tracking_id
from kanal.channels.lapor.marker import code_in
from kanal.channels.lapor.words import STATUS_OF, WORD_OF, plain
from kanal.channels.models import Medium
from kanal.common.inserting import insert
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.mirror import BELONGS_THERE, pair_of, settle
from kanal.reports.models import LaporMirror, Report, ReportEvent
from kanal.reports.policy import Doer
from kanal.reports.queries.lapor import seen_of
from kanal.reports.workflow import VERBS, Kind, Status

State = LaporMirror.State
BATCH = 500
_IMPORTED = ("receive", "import")
_EVENT = "mirror"


# --- what changes here ------------------------------------------------------------------------------------------------


def follow(report: Report, verb: str) -> None:
    """A report was changed here: its mirror is begun or worked out anew. In the transaction of the verb.

    Verbs that lead nowhere else cost nothing, and whistle-blowing has no mirror.
    """
    if VERBS[verb].to is None and verb not in {"return_", "unmerge"}:
        return
    if report.kind == Kind.WHISTLEBLOWING:
        return
    mirror = LaporMirror.objects.select_for_update().filter(report=report).first()
    if mirror is None:
        mirror = _begun(report)
        if mirror is not None:
            insert([mirror], skip_known=True)
        return
    before = (mirror.state, mirror.task)
    settle(mirror, report, kept=policy.kept_from_lapor(report))
    if (mirror.state, mirror.task) != before:
        mirror.save()


def _begun(report: Report) -> LaporMirror | None:
    """The mirror of a report that has none: of ours as soon as it belongs there, of theirs once we work on it."""
    now = timezone.now()
    mirror = LaporMirror(report=report, next_attempt_at=now, changed_at=now)
    if report.medium == Medium.LAPOR:
        if not report.external_id:  # written down by hand as coming from there, without its number
            return None
        word, mirror.told_at = _last_heard(report)
        mirror.state, mirror.ticket = State.MIRRORED, report.external_id
        mirror.told, mirror.told_word = STATUS_OF.get(plain(word), Status.RECEIVED), word[:80]
    elif report.status not in BELONGS_THERE:
        return None
    settle(mirror, report, kept=policy.kept_from_lapor(report))
    return mirror


def _last_heard(report: Report) -> tuple[str, datetime | None]:
    """What the last export that wrote this report said of its status, and when it was read."""
    event = ReportEvent.objects.filter(report=report, verb__in=_IMPORTED).order_by("-at", "-id").first()
    return (str(event.data.get("status_word", "")), event.at) if event else ("", None)


def begin_missing(*, after: int = 0) -> tuple[int, int]:
    """Begin the mirrors of up to BATCH reports of ours that belong there and have none (loaded, or older than this).

    Returns how many were begun and the id after which to go on; 0 when there are no more.
    """
    rows = Report.objects.filter(pk__gt=after, status__in=BELONGS_THERE, mirror=None)
    found = list(rows.exclude(kind=Kind.WHISTLEBLOWING).exclude(medium=Medium.LAPOR).order_by("pk")[:BATCH])
    mirrors = [mirror for report in found if (mirror := _begun(report))]
    if mirrors:
        insert(mirrors, skip_known=True)
    return len(mirrors), found[-1].pk if len(found) == BATCH else 0


@transaction.atomic
def release_held() -> int:
    """Let go what was held back and may leave by now: the regency has decided so. Returns how many."""
    released = 0
    for mirror in LaporMirror.objects.select_for_update(of=("self",)).filter(state=State.HELD).select_related("report"):
        if not policy.kept_from_lapor(mirror.report):
            settle(mirror, mirror.report, kept="")
            mirror.save()
            released += 1
    return released


# --- what is heard from there -----------------------------------------------------------------------------------------


@dataclass
class Heard:
    """The mirrors that some lines of an export speak of, locked: by number, and ours by the code in their text."""

    by_ticket: Mapping[str, LaporMirror] = field(default_factory=dict)
    by_code: Mapping[str, LaporMirror] = field(default_factory=dict)
    reports: Mapping[int, Report] = field(default_factory=dict)

    def ours(self, row: LaporRow) -> LaporMirror | None:
        """The mirror of a report of ours that comes back in this line; None for a report that began there."""
        mirror = self.by_ticket.get(row.tracking_id)
        if mirror is not None:
            return mirror if self.reports[mirror.report_id].medium != Medium.LAPOR else None
        mirror = self.by_code.get(code_in(row.body_final, row.body_original)) if self.by_code else None
        return mirror if mirror is not None and not mirror.ticket else None


def hear(rows: Sequence[LaporRow]) -> Heard:
    """Lock and return the mirrors that these lines speak of. In the transaction of the import."""
    codes = {row.tracking_id: code for row in rows if (code := code_in(row.body_final, row.body_original))}
    locked = LaporMirror.objects.select_for_update().order_by("pk")
    found = list(locked.filter(ticket__in=[row.tracking_id for row in rows]))
    if codes:
        found += locked.filter(report__tracking_code__in=set(codes.values()), ticket="")
    reports = Report.objects.in_bulk([mirror.report_id for mirror in found]) if found else {}
    return Heard(
        {mirror.ticket: mirror for mirror in found if mirror.ticket},
        {reports[mirror.report_id].tracking_code: mirror for mirror in found if not mirror.ticket},
        reports,
    )


def tell(mirror: LaporMirror, report: Report, row: LaporRow, *, at: datetime) -> bool:
    """Note what an export of this moment says of a report; returns whether anything is new. The report itself stays.

    An export that is older than what is known (a file once more, one from last week) changes nothing.
    """
    linked = not mirror.ticket
    if not linked and mirror.told_at is not None and at <= mirror.told_at:
        return False
    mirror.ticket, mirror.state, mirror.error = row.tracking_id, State.MIRRORED, ""
    mirror.told, mirror.told_word, mirror.told_at = row.status, row.status_word[:80], at
    settle(mirror, report, kept="")
    mirror.save()
    if linked:
        _note(report, None, ticket=mirror.ticket, what="found")
    return True


def tell_theirs(mirror: LaporMirror | None, report: Report, row: LaporRow, *, at: datetime) -> None:
    """Note what an export says of a report that began there and that people have taken up here."""
    if mirror is None:
        mirror = LaporMirror(report=report, state=State.MIRRORED, ticket=row.tracking_id, next_attempt_at=at)
        mirror.told = Status.RECEIVED
    tell(mirror, report, row, at=at)


# --- what a person says -----------------------------------------------------------------------------------------------


def _take(mirror: LaporMirror, by: Doer, seen: str) -> tuple[LaporMirror, Report]:
    """Mirror and report, locked, for one who may do this and saw how they stand (`seen`). Raises Refused."""
    report = Report.objects.select_for_update().get(pk=mirror.report_id)
    policy.check_mirror(by, report)
    row = LaporMirror.objects.select_for_update().get(pk=mirror.pk)
    if seen != seen_of(row, report):
        if row.user_id == by.user_id:
            raise Refused(_("Sudah dilakukan."), code="repeated")
        raise Refused(_("Keadaan laporan ini baru saja berubah. Lihat dulu yang terbaru."), code="stale")
    return row, report


def _write(mirror: LaporMirror, report: Report, by: Doer, what: str) -> LaporMirror:
    mirror.user_id = by.user_id
    settle(mirror, report, kept=policy.kept_from_lapor(report))
    mirror.save()
    _note(report, by, ticket=mirror.ticket, what=what)
    return mirror


def _note(report: Report, by: Doer | None, *, ticket: str, what: str) -> None:
    ReportEvent.objects.create(
        report=report,
        verb=_EVENT,
        at=timezone.now(),
        by=by.by if by else ReportEvent.By.SYSTEM,
        user_id=by.user_id if by else None,
        data={"ticket": ticket, "what": what},
    )


@transaction.atomic
def enter_ticket(*, mirror: LaporMirror, ticket: str, seen: str, by: Doer) -> LaporMirror:
    """A person entered the report there, with all that it has here, or found it there: this is its number."""
    row, report = _take(mirror, by, seen)
    if row.state in {State.MIRRORED, State.SENDING}:
        raise Refused(_("Laporan ini sedang dikirim atau sudah punya nomor."), code="taken")
    number = _number(ticket)
    _demand_free(number, report)
    now = timezone.now()
    row.state, row.ticket, row.error, row.handed_at = State.MIRRORED, number, "", None
    row.told, row.told_word, row.told_at, row.carried_at = report.status, "", now, now
    return _write(row, report, by, "entered")


def _number(ticket: str) -> str:
    try:
        return tracking_id(ticket.strip().lstrip("#"))
    except ValueError as fault:
        raise Refused(_("Nomor LAPOR! terdiri dari angka saja, misalnya 1916449."), status=400) from fault


def _demand_free(number: str, report: Report) -> None:
    """Raise Refused for a number that stands for another report."""
    other = Report.objects.filter(mirror__ticket=number).exclude(pk=report.pk).first()
    other = other or Report.objects.filter(medium=Medium.LAPOR, external_id=number).first()
    if other:
        shown = other.tracking_code if other.kind != Kind.WHISTLEBLOWING else _("laporan lain")
        raise Refused(
            _("Nomor %(number)s sudah dipakai %(code)s. Bila isinya sama, gabungkan kedua laporan itu.")
            % {"number": number, "code": shown},
            code="taken",
        )


@transaction.atomic
def carry_over(*, mirror: LaporMirror, seen: str, by: Doer) -> LaporMirror:
    """A person has made LAPOR! say what Kanal says: status, and the answer when there is one."""
    row, report = _take(mirror, by, seen)
    _demand_number(row)
    now = timezone.now()
    row.told, row.told_word, row.told_at, row.carried_at = report.status, WORD_OF[report.status], now, now
    return _write(row, report, by, "carried")


@transaction.atomic
def leave(*, mirror: LaporMirror, seen: str, by: Doer) -> LaporMirror:
    """A person says that this difference is fine; the next change on either side asks again."""
    row, report = _take(mirror, by, seen)
    _demand_number(row)
    row.accepted = pair_of(row, report).word
    return _write(row, report, by, "left")


@transaction.atomic
def send_again(*, mirror: LaporMirror, seen: str, by: Doer) -> LaporMirror:
    """A person looked for it there and did not find it, or mended what LAPOR! refused: it is due once more."""
    row, report = _take(mirror, by, seen)
    if row.state not in {State.UNSURE, State.REFUSED}:
        raise Refused(_("Laporan ini tidak menunggu dikirim lagi."), code="taken")
    row.state, row.error, row.attempts, row.handed_at = State.DUE, "", 0, None
    row.next_attempt_at = timezone.now()
    return _write(row, report, by, "again")


def _demand_number(row: LaporMirror) -> None:
    if row.state != State.MIRRORED:
        raise Refused(_("Tulis dulu nomornya di LAPOR!."), code="no_number")
