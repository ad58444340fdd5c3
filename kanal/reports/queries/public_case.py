"""Everything the public page of one report shows, in five queries however long its history is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from kanal.agencies.queries import Reference, reference
from kanal.channels.models import Medium
from kanal.common import formats
from kanal.common.calendar import DayNote, local_date
from kanal.common.calendar_words import why_off
from kanal.common.masking import REPLACEMENT
from kanal.common.obligations import Explanation, Unit, counting, days_left
from kanal.common.prepared import Prepared
from kanal.common.refusal import Refused
from kanal.common.secrets import lookup_hash
from kanal.reports import policy
from kanal.reports.models import Answer, Attachment, Report, ReportClock, ReportEvent, Supporter
from kanal.reports.queries.reference import report_reference
from kanal.reports.workflow import KIND_WORDS, NEVER, STATUS, VERBS, Clock, Kind, Status, StatusInfo

ROUNDED = 3
"""Decimals of a published point: about 100 metres, so that it names a street and not a house."""

_CLOCK_OF = {"assign": Clock.VERIFY, "start": Clock.FOLLOW_UP, "publish_answer": Clock.SETTLE}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline; `state` is done, now or next."""

    title: str
    state: str = "done"
    when: datetime | None = None
    note: str = ""
    colour: str = "green"


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """What an agency said."""

    agency: str
    text: Markup
    at: datetime
    promised_on: date | None


@dataclass(frozen=True, slots=True)
class Working:
    """One line of a deadline's shown working: a day that counted with its number, or days that did not and why."""

    days: str
    said: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The settlement deadline with its working; `left` (running), `paused_on` or `met_at` tells where it stands."""

    due_on: date
    rule: str
    amount: int
    unit: Unit
    left: int | None
    paused_on: date | None
    met_at: datetime | None
    took: int | None
    working: list[Working]


@dataclass(frozen=True, slots=True)
class PublicCase:
    """One report as anybody may see it."""

    report: Report
    status: StatusInfo
    kind: str
    text: Markup
    place: str
    agency: str
    category: str
    category_code: str
    point: tuple[float, float] | None
    exact: bool
    steps: list[Step]
    answers: list[PublicAnswer]
    photos: list[Attachment]
    deadline: Deadline | None
    due_on: date | None
    left: int | None


_by_code: Prepared[Report] = Prepared(lambda code: Report.objects.defer("body").filter(tracking_code=code).order_by())
_clocks: Prepared[ReportClock] = Prepared(
    lambda report: ReportClock.objects.filter(report_id=report, voided_at=None).order_by()
)
_history: Prepared[ReportEvent] = Prepared(
    lambda report: (
        ReportEvent.objects.filter(report_id=report, public=True).only("verb", "at", "data").order_by("at", "id")
    )
)
_published: Prepared[Answer] = Prepared(
    lambda report: Answer.objects.filter(report_id=report, state=Answer.State.PUBLISHED).defer("text").order_by()
)


def find_public(code: str) -> Report:
    """A report anybody may read, or one that was merged into such a report (`status` merged).

    Raises Refused (404) in the same words for every other, so that nobody learns whether it exists.
    """
    report = next(iter(_by_code(code)), None)
    if report is not None and (policy.is_public(report) or _leads_on(report)):
        return report
    raise Refused(_("Laporan itu tidak ditemukan. Periksa kodenya."), status=404, code="hidden")


def _leads_on(report: Report) -> bool:
    main = report.merged_into
    return main is not None and not report.secret and policy.is_public(main)


def public_case(report: Report) -> PublicCase:
    """Gather the page of a report that `find_public` gave."""
    facts, kinds = reference(), report_reference()
    clocks = sorted(_clocks(report.pk), key=lambda clock: clock.pk)
    events = [{"verb": row.verb, "at": row.at, "data": row.data} for row in _history(report.pk)]
    region = facts.regions.get(report.region_id or 0)
    category = kinds.categories.get(report.category_id or 0)
    owed = report.due_on != NEVER
    return PublicCase(
        report=report,
        status=STATUS[Status(report.status)],
        kind=str(KIND_WORDS[Kind(report.kind)]),
        text=with_masks(report.public_body),
        place=region.place if region else "",
        agency=facts.told(report.agency_id),
        category=category.name if category else "",
        category_code=category.code if category else "",
        point=public_point(report, facts),
        exact=report.lat is not None,
        steps=_steps(report, events, clocks, facts),
        answers=_answers(report, facts),
        photos=sorted(
            Attachment.objects.filter(report_id=report.pk, public=True).order_by(), key=lambda photo: photo.pk
        )
        if report.has_photo
        else [],
        deadline=_deadline(clocks, facts),
        due_on=report.due_on if owed else None,
        left=days_left(facts.calendar, facts.today(), report.due_on, Unit.WORKING_DAYS) if owed else None,
    )


def with_masks(text: str) -> Markup:
    """A masked text in paragraphs, what was hidden set apart."""
    said = str(formats.paragraphs(text))
    for hidden in REPLACEMENT.values():
        said = said.replace(hidden, f'<mark class="masked">{hidden}</mark>')
    return Markup(said)  # noqa: S704  # escaped by formats.paragraphs; the markers are our own words


def public_point(report: Report, facts: Reference) -> tuple[float, float] | None:
    """Where the map may put a report: its own point rounded to about 100 m, else the middle of its village."""
    if report.lat is not None and report.lon is not None:
        return round(report.lat, ROUNDED), round(report.lon, ROUNDED)
    region = facts.regions.get(report.region_id or 0)
    return (region.lat, region.lon) if region and region.lat is not None and region.lon is not None else None


def _answers(report: Report, facts: Reference) -> list[PublicAnswer]:
    rows = sorted(_published(report.pk), key=lambda row: row.pk, reverse=True) if report.answered_at else []
    return [
        PublicAnswer(
            agency=agency.name if (agency := facts.agencies.get(row.agency_id or 0)) else facts.regency.name,
            text=with_masks(row.public_text),
            at=row.published_at,
            promised_on=row.promised_on,
        )
        for row in rows
        if row.published_at
    ]


# --- the timeline -------------------------------------------------------------------------------------------------


def _steps(
    report: Report, events: Iterable[Mapping[str, Any]], clocks: list[ReportClock], facts: Reference
) -> list[Step]:
    steps = [
        Step(told(event, facts), when=event["at"], note=_pace(event, clocks, facts), colour=_colour(event))
        for event in events
    ]
    status = Status(report.status)
    now, coming = _now_and_next(status, facts, report)
    if now:
        steps.append(Step(now, state="now", colour=STATUS[status].colour.value))
    if coming:
        steps.append(Step(coming, state="next"))
    return steps


def told(event: Mapping[str, Any], facts: Reference) -> str:
    """What happened, in words for the public; nothing that staff wrote for one another."""
    verb, data = event["verb"], event["data"]
    if verb == "receive":
        medium = data.get("medium")
        named = Medium(medium).within if medium in Medium.values else _("saluran lain")
        return _("Diterima lewat %(medium)s") % {"medium": named}
    if verb == "assign":
        agency = facts.agencies.get(data.get("agency") or 0)
        name = agency.name if agency else data.get("agency_name") or _("dinas")
        return _("Diteruskan ke %(agency)s") % {"agency": name}
    if verb == "import":
        return _("Dimasukkan dari berkas SP4N-LAPOR!: %(status)s") % {"status": data.get("status_word", "")}
    words = {
        "told": data.get("heading") or _("Kabar bersama"),
        "start": _("Mulai ditangani"),
        "ask_info": _("Pelapor diminta memberi keterangan"),
        "publish_answer": _("Dijawab"),
        "reopen": _("Dibuka lagi karena belum selesai"),
        "decline_reopen": _("Diminta dibuka lagi, tetap dinyatakan selesai"),
        "close": _("Dinyatakan selesai"),
    }
    return words.get(verb) or str(VERBS[verb].words if verb in VERBS else _("Diperbarui"))


def _colour(event: Mapping[str, Any]) -> str:
    return "yellow" if event["verb"] in {"ask_info", "reopen"} else "green"


def _pace(event: Mapping[str, Any], clocks: list[ReportClock], facts: Reference) -> str:
    """How many days it took beside how many it may take, from the clock that this step met; a word says itself."""
    if event["verb"] == "told":
        return str(event["data"].get("text", ""))
    kind = _CLOCK_OF.get(event["verb"])
    clock = next((c for c in clocks if kind and c.kind == kind.value and c.met_at == event["at"]), None)
    if clock is None:
        return ""
    took = took_days(clock, facts)
    unit = Unit(clock.unit)
    if local_date(clock.opened_at, facts.tz) == local_date(event["at"], facts.tz):
        pace = _("Hari yang sama.")
    elif took == 0:
        pace = _("Sebelum hari kerja pertama.")
    elif unit is Unit.WORKING_DAYS:
        pace = _("Hari kerja ke-%(number)d.") % {"number": took}
    else:
        pace = _("Hari ke-%(number)d.") % {"number": took}
    limit = _("Lewat batas %(amount)s.") if clock.was_late(facts.tz) else _("Batas %(amount)s.")
    return f"{pace} {limit % {'amount': said_amount(clock.allowance, unit)}}"


def said_amount(amount: int, unit: Unit) -> str:
    """An allowance as people say it: "3 hari kerja"."""
    if unit is Unit.WORKING_DAYS:
        return ngettext("%(count)d hari kerja", "%(count)d hari kerja", amount) % {"count": amount}
    return ngettext("%(count)d hari", "%(count)d hari", amount) % {"count": amount}


def took_days(clock: ReportClock, facts: Reference) -> int:
    """Days of the allowance that were used, without the pauses."""
    if clock.met_at is None:
        return 0
    days = counting(facts.calendar, Unit(clock.unit))
    gone = days.working_days_between(local_date(clock.opened_at, facts.tz), local_date(clock.met_at, facts.tz))
    return max(gone - clock.paused_days, 0)


def _now_and_next(status: Status, facts: Reference, report: Report) -> tuple[str, str]:
    agency = facts.agency_today(report.agency_id)
    waits = _("Menunggu ditangani %(agency)s") % {"agency": agency.short_name} if agency else _("Menunggu ditangani")
    lines: Mapping[Status, tuple[str, str]] = {
        Status.RECEIVED: (_("Menunggu diteruskan"), _("Diteruskan ke dinas")),
        Status.ASSIGNED: (waits, _("Mulai ditangani")),
        Status.IN_PROGRESS: (_("Sedang ditangani"), _("Dijawab")),
        Status.NEEDS_INFO: (_("Menunggu keterangan pelapor"), _("Ditangani lagi")),
        Status.ANSWERED: ("", _("Dinilai pelapor")),
    }
    return lines.get(status, ("", ""))


# --- the deadline and its working -----------------------------------------------------------------------------------


def _deadline(clocks: list[ReportClock], facts: Reference) -> Deadline | None:
    """The latest settlement duty; older ones belong to a time before the report was opened again."""
    clock = next((c for c in reversed(clocks) if c.kind == Clock.SETTLE.value), None)
    if clock is None:
        return None
    today = facts.today()
    shown = clock.explanation(facts.calendar, facts.tz, today)
    return Deadline(
        due_on=shown.due_on,
        rule=shown.rule,
        amount=shown.amount,
        unit=shown.unit,
        left=clock.days_left(facts.calendar, today) if clock.is_running else None,
        paused_on=clock.paused_on,
        met_at=clock.met_at,
        took=took_days(clock, facts) if clock.met_at else None,
        working=shown_working(shown),
    )


def shown_working(shown: Explanation) -> list[Working]:
    """The counted days one by one; days off in a row as one line, a plain weekend by its name."""
    lines: list[Working] = []
    off: list[DayNote] = []
    for note in shown.days:
        if not note.counted:
            off.append(note)
            continue
        if off:
            lines.append(_days_off(off))
            off = []
        number = _("hari ke-%(number)d") % {"number": note.number}
        lines.append(Working(formats.short_day(note.date), number, counted=True))
    return [*lines, _days_off(off)] if off else lines


def _days_off(off: list[DayNote]) -> Working:
    first, last = off[0].date, off[-1].date
    days = formats.short_day(first) if first == last else f"{formats.tiny_day(first)} – {formats.tiny_day(last)}"
    reasons = list(dict.fromkeys(_("akhir pekan") if n.reason in {"Sabtu", "Minggu"} else why_off(n) for n in off))
    return Working(days, formats.join_names(reasons), counted=False)


def has_supported(report: Report, browser_key: str) -> bool:
    """Whether this browser was counted as "saya juga mengalami"."""
    return Supporter.objects.filter(report_id=report.pk, key_hash=lookup_hash("supporter", browser_key)).exists()
