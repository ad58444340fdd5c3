from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.common.export import csv_rows
from kanal.reports.figures import (
    AGE_LIMITS,
    FOLLOW_UP_LIMIT,
    FOLLOW_UP_LIMITS,
    MINIMUM,
    VERIFY_LIMIT,
    AgeGroup,
    Pace,
    States,
    by_age,
    columns,
    friday_for,
    per_column,
    whole_percents,
)
from kanal.reports.forms.performance import FiguresForm
from kanal.reports.queries import report_reference
from kanal.reports.queries.friday import WEEK, Sheet, sheet_of
from kanal.reports.queries.overdue import COUNTED_KINDS
from kanal.reports.queries.performance import Figures, Row, figures_of, first_year
from kanal.reports.workflow import CLOCK_WORDS, KIND_WORDS, Clock, Kind

WHOLE, AGENCIES, DISTRICTS, METHOD = "kabupaten", "dinas", "kecamatan", "hitung"
PAGES = {
    WHOLE: "reports/performance.html",
    AGENCIES: "reports/performance_agency.html",
    DISTRICTS: "reports/performance_agency.html",
    METHOD: "reports/performance_method.html",
}
BUSIEST = 12
"""So many agencies stand on the first page; the rest have a page of their own."""
MUCH_OVERDUE = 0.25
"""From a quarter of what is open, the number of overdue reports is set in red."""
DECISIONS, LONGEST, PILES, TOPICS = 3, 5, 3, 3
"""So many lines fit on one sheet of A4."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of figures with its name and the address of its reports; `code` is "" for what has no agency or place."""

    name: str
    code: str
    row: Row
    href: str

    @property
    def enough(self) -> bool:
        """Whether shares may be shown."""
        return self.row.states.counted >= MINIMUM

    @property
    def share(self) -> float | None:
        """The share followed up within the limit, by which agencies are sorted."""
        return self.row.pace.within(FOLLOW_UP_LIMIT).share if self.enough else None

    @property
    def much_overdue(self) -> bool:
        """Whether the overdue ones stand out."""
        return self.row.open >= MINIMUM and self.row.overdue >= MUCH_OVERDUE * self.row.open


def _list_link(figures: Figures, form: FiguresForm) -> Callable[..., str]:
    """How a figure finds its reports in the public list; "" where that list cannot be narrowed alike."""
    chosen = form.chosen()

    def link(*, ever: bool = False, **narrower: str) -> str:
        if "jenis" in chosen:
            return ""
        period = {} if ever else {"sejak": figures.since.isoformat(), "sampai": figures.until.isoformat()}
        parameters = {**period, **narrower}
        if "saluran" in chosen:
            parameters["saluran"] = chosen["saluran"]
        return f"{reverse('reports:public_list')}?{urlencode(parameters)}"

    return link


def _agency_lines(figures: Figures, link: Callable[..., str]) -> list[Line]:
    """Agencies from the best share down; those with too few reports last, by name; what has no agency at the end."""
    agencies = reference().agencies
    lines = []
    for row in figures.agencies:
        agency = agencies.get(row.id or 0)
        name, code = (reference().told(agency.id), agency.code) if agency else (_("Belum diteruskan ke dinas"), "")
        lines.append(Line(name, code, row, link(dinas=code) if code else ""))
    return sorted(lines, key=lambda line: (not line.code, line.share is None, -(line.share or 0), line.name))


def _district_lines(figures: Figures, link: Callable[..., str]) -> list[Line]:
    """Kecamatan with the most reports first; reports without a village at the end."""
    regions = reference().regions
    lines = []
    for row in figures.districts:
        region = regions.get(row.id or 0)
        name, code = (region.name, region.code) if region else (_("Tanpa kecamatan"), "")
        lines.append(Line(name, code, row, link(kecamatan=code) if code else ""))
    return sorted(lines, key=lambda line: (not line.code, -line.row.states.counted, line.name))


def _chart(figures: Figures) -> dict[str, object]:
    """The columns of "Laporan masuk", and the sentence for those who do not see them."""
    unit, cut = columns(figures.since, figures.until)
    states = per_column(cut, figures.days)
    labels = [_column_label(unit, column.start, figures.since.year != figures.until.year) for column in cut]
    titles = {"week": _("Laporan masuk tiap pekan"), "month": _("Laporan masuk tiap bulan")}
    title = titles.get(unit, _("Laporan masuk tiap tahun"))
    counts = [state.counted for state in states] or [0]
    summary = _("%(title)s, %(period)s. Tertinggi %(most)s, terendah %(least)s.") % {
        "title": title,
        "period": formats.period(figures.since, figures.until),
        "most": formats.number(max(counts)),
        "least": formats.number(min(counts)),
    }
    heads = {"week": _("Pekan mulai"), "month": _("Bulan")}
    return {
        "title": title,
        "summary": summary,
        "head": heads.get(unit, _("Tahun")),
        "columns": [(label, [s.green, s.yellow, s.red]) for label, s in zip(labels, states, strict=True)],
    }


def _column_label(unit: str, start: date, several_years: bool) -> str:  # noqa: FBT001  # a fact about the chart
    if unit == "year":
        return str(start.year)
    if unit == "week":
        return f"{start.day} {formats.month(start, short=True)}"
    name = formats.month(start, short=True)
    return f"{name} {start:%y}" if several_years and start.month == 1 else name


def _paces(figures: Figures) -> list[tuple[str, float | None]]:
    forwarded = (
        _("Diteruskan dalam %(days)s hari kerja") % {"days": VERIFY_LIMIT},
        figures.verify.within(VERIFY_LIMIT).share,
    )
    followed = [
        (
            _("Ditindaklanjuti dalam %(days)s hari kerja") % {"days": limit},
            figures.follow_up.within(limit).share,
        )
        for limit in FOLLOW_UP_LIMITS
    ]
    return [forwarded, *followed]


def _ages(figures: Figures) -> list[tuple[AgeGroup, AgeGroup]]:
    """The reds and the yellows by age, side by side."""
    return list(zip(by_age(figures.red_ages), by_age(figures.yellow_ages), strict=True))


def _kinds(figures: Figures) -> list[tuple[str, int, int]]:
    """Each kind with its reports and whole per cents."""
    kinds = [Kind(kind) for kind in sorted(figures.kinds, key=lambda kind: -figures.kinds[kind])]
    shares = whole_percents([figures.kinds[kind] for kind in kinds])
    return [(str(KIND_WORDS[kind]), figures.kinds[kind], share) for kind, share in zip(kinds, shares, strict=True)]


def _shares(states: States) -> list[int] | None:
    """Green, yellow and red in whole per cents; None where there are too few reports."""
    if states.counted < MINIMUM:
        return None
    return whole_percents([states.green, states.yellow, states.red])


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How well the regency answers: the whole, each agency, each kecamatan, and how it is counted."""
    form = FiguresForm(request.GET.dict())
    part = request.GET.get("bagian", WHOLE)
    part = part if part in PAGES else WHOLE
    figures = figures_of(form.scope())
    link = _list_link(figures, form)
    agencies = _agency_lines(figures, link)
    named = [line for line in agencies if line.code]
    busiest = {line.row.id for line in sorted(named, key=lambda line: -line.row.states.counted)[:BUSIEST]}
    context = {
        "form": form,
        "part": part,
        "tabs": _tabs(form, part),
        "carried": urlencode(form.chosen()),
        "figures": figures,
        "shares": _shares(figures.states),
        "link": link,
        "minimum": MINIMUM,
        "limit": FOLLOW_UP_LIMIT,
    }
    if part == WHOLE:
        context |= {"chart": _chart(figures), "paces": _paces(figures), "ages": _ages(figures)}
        context |= {"kinds": _kinds(figures), "more": len(named) - len(busiest)}
        context["lines"] = [line for line in named if line.row.id in busiest]
    elif part in {AGENCIES, DISTRICTS}:
        context["lines"] = agencies if part == AGENCIES else _district_lines(figures, link)
    else:
        context |= {"terms": _terms(), "verify_limit": VERIFY_LIMIT, "ages": AGE_LIMITS}
    return render(request, PAGES[part], context)


def _tabs(form: FiguresForm, part: str) -> list[tuple[str, str, bool]]:
    words = {
        WHOLE: _("Seluruh kabupaten"),
        AGENCIES: _("Per dinas"),
        DISTRICTS: _("Per kecamatan"),
        METHOD: _("Cara menghitung"),
    }
    base = reverse("reports:performance")
    found = []
    for name, text in words.items():
        parameters = form.chosen() | ({"bagian": name} if name != WHOLE else {})
        found.append((f"{base}?{urlencode(parameters)}" if parameters else base, text, name == part))
    return found


def _terms() -> list[tuple[str, int, str, date, date | None]]:
    """The dated allowances behind the deadlines, in the order of a report's life; of one duty the newest first."""
    settling = {
        f"settle_{kind.value}": _("Penyelesaian: %(kind)s") % {"kind": KIND_WORDS[kind]} for kind in COUNTED_KINDS
    }
    words = {
        Clock.VERIFY.value: CLOCK_WORDS[Clock.VERIFY],
        Clock.FOLLOW_UP.value: CLOCK_WORDS[Clock.FOLLOW_UP],
        **settling,
        "settle_supervision": _("Penyelesaian: berkadar pengawasan"),
        Clock.REPLY.value: CLOCK_WORDS[Clock.REPLY],
        Clock.INFO_WAIT.value: CLOCK_WORDS[Clock.INFO_WAIT],
    }
    order = list(words)
    rows = [row for row in reference().allowances if row.kind in words]
    rows.sort(key=lambda row: (order.index(row.kind), -row.valid_from.toordinal()))
    return [(str(words[row.kind]), row.amount, row.rule, row.valid_from, row.valid_to) for row in rows]


@require_safe
def data(request: HttpRequest) -> StreamingHttpResponse:
    """The table behind the page, for spreadsheets: the same filters, every agency and kecamatan."""
    form = FiguresForm(request.GET.dict())
    figures = figures_of(form.scope())
    answer = StreamingHttpResponse(csv_rows(_csv_head(), _csv_body(figures, form)), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="kinerja-{figures.since}-{figures.until}.csv"'
    return answer


def _csv_head() -> list[str]:
    return [
        _("bagian"),
        _("kode"),
        _("nama"),
        _("sejak"),
        _("sampai"),
        _("laporan"),
        _("sudah"),
        _("proses"),
        _("belum"),
        _("digabung atau diarsipkan"),
        _("lewat tenggat sekarang"),
        _("diteruskan"),
        _("rata-rata hari kerja sampai diteruskan"),
        _("bagian diteruskan dalam 3 hari kerja"),
        _("ditindaklanjuti"),
        _("rata-rata hari kerja sampai tindak lanjut"),
        *(_("bagian ditindaklanjuti dalam %(days)s hari kerja") % {"days": limit} for limit in FOLLOW_UP_LIMITS),
    ]


def _csv_body(figures: Figures, form: FiguresForm) -> Iterator[list[object]]:
    regency, link = reference().regency, _list_link(figures, form)
    whole = Row(None, figures.states, figures.overdue, figures.open, figures.follow_up)
    yield _csv_row(figures, WHOLE, Line(regency.name, regency.code, whole, ""), figures.verify)
    for line in _agency_lines(figures, link):
        yield _csv_row(figures, AGENCIES, line, None)
    for line in _district_lines(figures, link):
        yield _csv_row(figures, DISTRICTS, line, None)


def _csv_row(figures: Figures, part: str, line: Line, verify: Pace | None) -> list[object]:
    states, pace = line.row.states, line.row.pace
    return [
        *(part, line.code, line.name, figures.since, figures.until),
        *(states.counted, states.green, states.yellow, states.red, states.gone, line.row.overdue),
        *((verify.count, verify.mean, verify.within(VERIFY_LIMIT).share) if verify else ("", "", "")),
        *(
            (pace.count, pace.mean, *(pace.within(limit).share for limit in FOLLOW_UP_LIMITS))
            if part != DISTRICTS
            else [""] * (2 + len(FOLLOW_UP_LIMITS))
        ),
    ]


def _asked_friday(text: str, today: date) -> tuple[date, bool]:
    """The Friday of an address, and whether it was understood. Sheets exist from the first report to next Friday."""
    usual = friday_for(today)
    if not text:
        return usual, True
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return usual, False
    known = first_year() <= day.year and day.weekday() == usual.weekday() and day < today + WEEK
    return (day, True) if known else (usual, False)


@require_safe
def friday(request: HttpRequest) -> HttpResponse:
    """One A4 page for the leaders' Friday meeting. It holds nothing that is not public."""
    today = reference().today()
    day, understood = _asked_friday(request.GET.get("jumat", ""), today)
    sheet = sheet_of(day)
    context = {
        "sheet": sheet,
        "understood": understood,
        "start": day - WEEK,
        "end": day - timedelta(days=1),
        "earlier": (day - WEEK).isoformat() if (day - WEEK).year >= first_year() else "",
        "later": (day + WEEK).isoformat() if day + WEEK < today + WEEK else "",
        "shares": _shares(sheet.now.states),
        "decisions": sheet.groups[:DECISIONS],
        "longest": sheet.late[:LONGEST],
        "piles": sheet.piles[:PILES],
        "topics": sheet.topics[:TOPICS],
        "chart": _week_chart(sheet),
        "places": reference().regions,
        "offices": reference().agencies,
        "categories": report_reference().categories,
        "minimum": MINIMUM,
    }
    return render(request, "reports/friday.html", context)


def _week_chart(sheet: Sheet) -> dict[str, object]:
    """Eight bars: (x, y, height, incoming, Friday, overdue) in a drawing of 360 by 122, and its sentence."""
    slot, base, room = 44, 86, 62
    counts = [week.states.counted for week in sheet.weeks]
    most = max([*counts, 1])
    bars = [
        (8 + slot * place, base - round(count * room / most, 1), round(count * room / most, 1), count, week)
        for place, (count, week) in enumerate(zip(counts, sheet.weeks, strict=True))
    ]
    summary = _(
        "Laporan masuk dan lewat tenggat, delapan pekan. Masuk %(first)s lalu %(last)s, "
        "lewat tenggat %(late_first)s lalu %(late_last)s."
    ) % {
        "first": counts[0],
        "last": counts[-1],
        "late_first": sheet.weeks[0].overdue,
        "late_last": sheet.weeks[-1].overdue,
    }
    return {"bars": bars, "summary": summary}
