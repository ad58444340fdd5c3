"""Reports from the files of SP4N-LAPOR!: bad lines are set aside, good ones all load, twice changes nothing.

An export says when a report came in and how it stands, but not when it was passed on, worked on or answered. So none
of these moments is invented: they stay empty, and the clocks are voided from the beginning. Imported reports therefore
count in every number by status and in no figure of speed. Their own figures begin with the first verb done here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.channels.lapor import Export, LaporRow, Reject, RowOptions
from kanal.channels.models import Medium
from kanal.common.codes import new_code
from kanal.common.masking import mask
from kanal.common.text import TooLong, clean, one_line, title_from
from kanal.reports.actions import lapor_mirror
from kanal.reports.actions.bulk_load import Person, Story, load
from kanal.reports.actions.clocks import new_clock
from kanal.reports.actions.import_names import Names
from kanal.reports.actions.intake import HIDDEN_TITLE
from kanal.reports.models import Reason, Report, ReportClock, ReportEvent
from kanal.reports.queries import forget
from kanal.reports.workflow import HANDLED, NEVER, Clock, Kind, Status

CHUNK = 500
LONGEST_BODY = 100_000
ARCHIVED_THERE = "lapor"
"""The reason of reports that LAPOR! put away for a cause that Kanal has no reason for."""
_ARCHIVED_BECAUSE = (
    (re.compile("keinginan pelapor", re.IGNORECASE), "withdrawn"),
    (re.compile("kada?luw?arsa", re.IGNORECASE), "no_reply"),
)
_FURTHER = {s: n for n, s in enumerate(("received", "assigned", "in_progress", "needs_info", "answered", "closed"))}
_FURTHER["archived"] = _FURTHER["closed"]
_FROM_THERE = ("receive", "import")


@dataclass
class Tally:
    """What became of the lines of all files together."""

    read: int = 0
    added: int = 0
    renewed: int = 0
    known: int = 0
    touched: int = 0
    ours: int = 0
    repeated: int = 0
    without_agency: int = 0
    rejects: list[Reject] = field(default_factory=list)


@dataclass
class Importer:
    """Takes exports one after another; `names` and `tally` tell afterwards what happened."""

    names: Names
    tally: Tally = field(default_factory=Tally)
    progress: Callable[[int], None] = lambda _count: None
    at: datetime = field(default_factory=timezone.now)
    _told_at: datetime = field(default_factory=timezone.now, init=False)

    def take(self, export: Export, options: RowOptions | None = None) -> None:
        """Import one file, a chunk at a time; interrupted, the same file simply goes on where it stopped."""
        for count in self.steps(export, options):
            self.progress(count)

    def steps(self, export: Export, options: RowOptions | None = None) -> Iterator[int]:
        """Import one file, a chunk for each step; gives how many lines it was."""
        _archive_reason()
        self._told_at = min(datetime.fromtimestamp(export.path.stat().st_mtime, tz=UTC), timezone.now())
        rows = export.rows(options or RowOptions(tz=reference().tz))
        while lines := list(islice(rows, CHUNK)):
            self.tally.read += len(lines)
            self.tally.rejects += [line for line in lines if isinstance(line, Reject)]
            good = [line for line in lines if isinstance(line, LaporRow)]
            self.names.learn_government(export.banner.agency_name, good)
            self._take_chunk(good)
            yield len(lines)
        self.tally.repeated += export.identical_duplicates

    @transaction.atomic
    def _take_chunk(self, rows: list[LaporRow]) -> None:
        ids = [row.tracking_id for row in rows]
        known = {
            report.external_id: report
            for report in Report.objects.select_for_update().filter(medium=Medium.LAPOR, external_id__in=ids)
        }
        heard = lapor_mirror.hear(rows)
        new: list[LaporRow] = []
        for row in rows:
            mirror = heard.ours(row)
            if mirror is not None:  # a report of ours that was entered there: never a second report here
                self.tally.ours += 1
                lapor_mirror.tell(mirror, heard.reports[mirror.report_id], row, at=self._told_at)
            elif row.tracking_id in known:
                self._again(known[row.tracking_id], row, heard)
            else:
                new.append(row)
        load(list(self._new_stories(iter(new))))

    def _new_stories(self, rows: Iterator[LaporRow]) -> Iterator[Story]:
        for row in rows:
            try:
                body = clean(row.body_original or row.body_final or row.title, max_chars=LONGEST_BODY)
                public = clean(row.body_final or row.body_original or row.title, max_chars=LONGEST_BODY)
            except TooLong as error:
                why = _("Isi laporan terlalu panjang: %(count)d huruf.") % {"count": error.actual}
                self.tally.rejects.append(Reject(row.line, row.tracking_id, why, {"Tracking ID": row.tracking_id}))
                continue
            self.tally.added += 1
            yield self._story(row, body, public)

    def _story(self, row: LaporRow, body: str, public: str) -> Story:
        agency = self.names.agency(row)
        region, told_place = self.names.place(row)
        confidential = row.kind == Kind.WHISTLEBLOWING
        secret = row.secret or confidential
        status = _standing(row.status, agency if not confidential else None)
        self.tally.without_agency += agency is None
        title = row.title or title_from(public)
        report: dict[str, Any] = {
            "tracking_code": new_code(reference().regency.code_prefix),
            "external_id": row.tracking_id,
            "medium": Medium.LAPOR.value,
            "kind": row.kind,
            "supervision": row.supervision or confidential,
            "title": HIDDEN_TITLE if confidential else mask(one_line(title)).text[:200],
            "body": body,
            "public_body": "" if confidential else mask(public).text,
            "category_id": self.names.category(row),
            "region_id": region,
            "place_text": mask(one_line(told_place)).text[:200],
            "anonymous": row.anonymous,
            "secret": secret,
            "status": status.value,
            "agency_id": None if confidential else agency,
            "published": not secret and status not in {Status.RECEIVED, Status.ARCHIVED},
            "archive_reason": _why_archived(row) if status is Status.ARCHIVED else "",
            "received_at": row.received_at,
            "changed_at": self.at,
            "due_on": NEVER,
            "version": 2,
        }
        return Story(
            report,
            Person(one_line(row.reporter_name)[:120]) if row.reporter_name else None,
            events=[_came(row), self._imported(row, status)],
            clocks=_voided(report),
        )

    def _imported(self, row: LaporRow, status: Status) -> dict[str, Any]:
        moved = status is not Status.RECEIVED
        return {
            "verb": "import",
            "at": max(self.at, row.received_at),
            "by": ReportEvent.By.SYSTEM.value,
            "public": True,  # or the timeline would not say why there is no other step
            "from_status": Status.RECEIVED.value if moved else "",
            "to_status": status.value if moved else "",
            "note": row.archive_reason,
            "data": {"status_word": row.status_word, "agency_name": row.agency_name, "source": row.source_name},
        }

    def _again(self, report: Report, row: LaporRow, heard: lapor_mirror.Heard) -> None:
        """A report that is here already: its status follows the export, forward only.

        An agency that is known by now is filled in. What people have taken up here stays theirs: where LAPOR! says
        something else, its mirror notes it and a coordinator is shown the difference.
        """
        mirror = heard.by_ticket.get(row.tracking_id)
        agency = report.agency_id
        if agency is None and report.kind != Kind.WHISTLEBLOWING:
            agency = self.names.agency(row)
        status = _standing(row.status, agency)
        further = _FURTHER[status] > _FURTHER.get(report.status, len(_FURTHER))
        taken_up = mirror is not None or (further and _by_people(report))
        if taken_up and report.kind != Kind.WHISTLEBLOWING:
            lapor_mirror.tell_theirs(mirror, report, row, at=self._told_at)
        if not further and agency == report.agency_id:
            self.tally.known += 1
        elif taken_up or _by_people(report):
            self.tally.touched += 1
        else:
            report.agency_id = agency
            self._renew(report, row, status if further else Status(report.status))
            self.tally.renewed += 1

    def _renew(self, report: Report, row: LaporRow, status: Status) -> None:
        event = self._imported(row, status)
        moved = report.status != status
        event |= {"from_status": report.status if moved else "", "to_status": status.value if moved else ""}
        report.status = status
        report.archive_reason = _why_archived(row) if status is Status.ARCHIVED else ""
        report.published = not report.secret and status not in {Status.RECEIVED, Status.ARCHIVED}
        report.version += 1
        report.save()
        ReportEvent.objects.create(report=report, **event)


def _by_people(report: Report) -> bool:
    """Whether anybody has done anything to a report since it was read from an export."""
    return report.events.exclude(verb__in=_FROM_THERE).exists()


def _standing(told: str, agency_id: int | None) -> Status:
    """The status here. One that is being worked on by an agency that nobody knows waits for the coordinator instead."""
    status = Status(told)
    return Status.RECEIVED if status in HANDLED and agency_id is None else status


def _came(row: LaporRow) -> dict[str, Any]:
    return {
        "verb": "receive",
        "at": row.received_at,
        "by": ReportEvent.By.REPORTER.value,
        "public": True,
        "to_status": Status.RECEIVED.value,
        "data": {"medium": Medium.LAPOR.value},
    }


def _voided(report: dict[str, Any]) -> list[ReportClock]:
    """The duties that began with the report, voided at once: whether they were kept, the export does not say."""
    shape = Report(kind=report["kind"], supervision=report["supervision"])
    clocks = []
    for kind in (Clock.VERIFY, Clock.SETTLE):
        try:
            clock = new_clock(shape, kind, report["received_at"])
        except LookupError:  # older than every dated rule: there was no such duty
            continue
        clock.voided_at = report["received_at"]
        clocks.append(clock)
    return clocks


def _why_archived(row: LaporRow) -> str:
    return next((code for sign, code in _ARCHIVED_BECAUSE if sign.search(row.archive_reason)), ARCHIVED_THERE)


def _archive_reason() -> None:
    """The standard reason of what was put away there; inactive, so that nobody chooses it here."""
    _reason, made = Reason.objects.get_or_create(
        use=Reason.Use.ARCHIVE,
        code=ARCHIVED_THERE,
        defaults={"name": "Diarsipkan di SP4N-LAPOR!", "active": False},
    )
    if made:
        forget()
