"""The page of LAPOR!: what is not there yet, what differs, what lies in the folder, and the rows to key in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from kanal.agencies.models import Region
from kanal.agencies.queries import Actor, reference
from kanal.channels.lapor import sheet
from kanal.channels.lapor.folder import Folder, Mark
from kanal.channels.lapor.gateway import can_push
from kanal.channels.lapor.marker import marker
from kanal.channels.lapor.words import CLASSIFICATION_OF, WORD_OF
from kanal.channels.models import Medium
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.mirror import advice, pair_of
from kanal.reports.models import Answer, LaporFile, LaporMirror, LaporTopic, Reason, Report
from kanal.reports.queries.pages import Keyset, Page
from kanal.reports.queries.reference import report_reference
from kanal.reports.workflow import STATUS, Status

State, Task = LaporMirror.State, LaporMirror.Task
OLDEST_FIRST = Keyset(("id",))
PER_PAGE = 25
HELD = "ditahan"
LISTS: Mapping[str, tuple[str, ...]] = {
    "masukkan": (Task.ENTER, Task.CHECK),
    "perbarui": (Task.ANSWER, Task.UPDATE),
    "putuskan": (Task.LOOK,),
}
"""The page's lists by the word in its address, each with the tasks it holds; HELD is the fourth."""
_BY_MACHINE = Q(task=Task.ENTER, state__in=(State.DUE, State.SENDING))
_MOST_FILES = 8


@dataclass(frozen=True, slots=True)
class MirrorLine:
    """One report of the page. `seen` tells the verbs how it stood; `here` and `there` are both statuses in words."""

    id: int
    code: str
    title: str
    agency: str
    received_at: datetime
    here: str
    there: str
    ticket: str
    advice: str
    error: str
    state: str
    task: str
    seen: str


def _rows(actor: Actor) -> QuerySet[LaporMirror]:
    return LaporMirror.objects.filter(policy.mirror_filter(actor))


def counts(actor: Actor) -> dict[str, int]:
    """How many reports stand in each list; one query."""
    counted = {name: Count("pk", filter=Q(task__in=tasks)) for name, tasks in LISTS.items()}
    counted[HELD] = Count("pk", filter=Q(state=State.HELD))
    counted["machine"] = Count("pk", filter=_BY_MACHINE)
    return dict(_rows(actor).filter(~Q(task="") | Q(state=State.HELD)).aggregate(**counted))


def listed(actor: Actor, name: str, cursor: str | None) -> Page[MirrorLine]:
    """One list, the oldest first."""
    wanted = Q(state=State.HELD) if name == HELD else Q(task__in=LISTS[name])
    rows = _rows(actor).filter(wanted).select_related("report").defer("report__body", "report__public_body")
    page = OLDEST_FIRST.page(rows, cursor, limit=PER_PAGE)
    return Page([_line(row) for row in page.rows], page.limit, page.previous, page.next)


def _line(row: LaporMirror) -> MirrorLine:
    report, pair = row.report, pair_of(row, row.report)
    agency = reference().agency_today(report.agency_id)
    name = agency.short_name or agency.name if agency else ""
    said = advice(row, pair, by_machine=can_push(), agency=name)
    if row.state == State.HELD:
        said = _held(policy.kept_from_lapor(report))
    return MirrorLine(
        id=row.pk,
        code=report.tracking_code,
        title=str(report.heading),
        agency=name,
        received_at=report.received_at,
        here=str(STATUS[Status(report.status)].staff_word),
        there=row.told_word or (str(STATUS[Status(row.told)].staff_word) if row.told else ""),
        ticket=row.ticket,
        advice=said,
        error=row.error,
        state=row.state,
        task=row.task,
        seen=seen_of(row, report),
    )


def seen_of(mirror: LaporMirror, report: Report) -> str:
    """How a row stands, as a form carries it: another state means that somebody was faster."""
    return f"{mirror.state}.{mirror.task}.{pair_of(mirror, report).word}.{mirror.ticket}"


def _held(why: str) -> str:
    if why == "secret":
        return _("Rahasia: pelapor dijanjikan hanya petugas kabupaten yang membacanya, jadi tidak dikirim ke LAPOR!.")
    return _("Tidak dikirim ke LAPOR!.") if why else _("Sekarang boleh dikirim; masuk daftar malam ini.")


def mirror_for(actor: Actor, pk: int) -> LaporMirror:
    """A mirror, for one who may see it. Raises Refused (404) alike for hidden and missing ones."""
    row = _rows(actor).select_related("report").filter(pk=pk).first() if pk < 2**63 else None
    if row is None:
        raise Refused(_("Laporan itu tidak ditemukan."), status=404, code="hidden")
    return row


# --- the folder -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FolderHealth:
    """The watched folder: what keeps it from working, files that wait, and what the last ones brought."""

    path: str
    problem: str
    waiting: list[Mark]
    files: list[LaporFile]

    @property
    def kept(self) -> list[LaporFile]:
        """Files that a person must look at: those that still lie there."""
        lying = {(mark.name, mark.size, mark.changed_ns) for mark in self.waiting}
        return [row for row in self.files if row.state == "kept" and (row.name, row.size, row.changed_ns) in lying]


def folder_health() -> FolderHealth | None:
    """How the watched folder fares; None when none is named."""
    path = settings.LAPOR["folder"]
    if not path:
        return None
    folder = Folder(Path(path))
    problem = folder.problem()
    files = list(LaporFile.objects.order_by("-began_at")[:_MOST_FILES])
    return FolderHealth(path, problem, [] if problem else folder.waiting(), files)


# --- rows to key in ---------------------------------------------------------------------------------------------------


def header() -> list[str]:
    """The columns that LAPOR!'s administrators know, between what to do and the answer to copy."""
    return [_("Kode"), _("Yang harus dilakukan"), *sheet.COLUMNS, _("Tindak lanjut")]


def keyed(actor: Actor) -> Iterator[list[Any]]:
    """The rows of every report that a person must enter there or bring up to date, the oldest first."""
    tasks = (*LISTS["masukkan"], *LISTS["perbarui"])
    newest = Answer.objects.filter(report=OuterRef("report_id"), state=Answer.State.PUBLISHED).order_by("-published_at")
    rows = _rows(actor).filter(task__in=tasks).select_related("report").defer("report__body").order_by("pk")
    if can_push():
        rows = rows.exclude(_BY_MACHINE)
    names = dict(LaporTopic.objects.values_list("number", "name"))
    answered = rows.annotate(said=Subquery(newest.values("public_text")[:1]), raw=Subquery(newest.values("text")[:1]))
    for row in answered.iterator(chunk_size=500):
        yield _keyed(row, row.said or row.raw or "", names)


def _keyed(row: LaporMirror, answer: str, topics: Mapping[str, str]) -> list[Any]:
    report, facts = row.report, reference()
    agency = facts.agency_today(report.agency_id)
    at = report.received_at.astimezone(facts.tz)
    ways = report_reference()
    category = ways.categories.get(report.category_id or 0)
    reason = ways.reasons.get((Reason.Use.ARCHIVE, report.archive_reason))
    number = category.lapor_ids[0] if category and category.lapor_ids else ""
    district, village, place = _place(report)
    text = "\n\n".join(filter(None, (report.public_body, place)))
    marked = text if report.medium == Medium.LAPOR else f"{text}\n\n{marker(report.tracking_code)}"
    said = advice(row, pair_of(row, report), by_machine=can_push(), agency=agency.name if agency else "")
    return [
        *(report.tracking_code, said),
        *(row.ticket, at.date(), at.time().replace(microsecond=0)),
        CLASSIFICATION_OF.get((report.kind, report.supervision), ""),
        *(number, topics.get(number) or (category.name if category else "")),
        *(report.title, marked, "", sheet.privacy(anonymous=report.anonymous, secret=report.secret)),
        *(f"Kanal ({Medium(report.medium).label})", f"Pemerintah {facts.regency.name}", ""),
        *(agency.name if agency else "", WORD_OF[report.status], reason.name if reason else ""),
        *("", facts.regency.short_name, district, village),
        answer,
    ]


def _place(report: Report) -> tuple[str, str, str]:
    """District and village by their names, and the reporter's own words about the place."""
    regions = reference().regions
    region = regions.get(report.region_id or 0)
    if region is None:
        return "", "", report.place_text
    parent = regions.get(region.parent_id or 0)
    if region.level == Region.Level.DISTRICT:
        return region.name, "", report.place_text
    return (parent.name if parent else ""), region.name, report.place_text
