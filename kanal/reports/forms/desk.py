"""Reading the address of the queue: what is understood becomes filters, what is not is passed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kanal.agencies.queries import Actor, reference
from kanal.channels.models import Medium
from kanal.common import formats
from kanal.common.snapshot import Snapshot
from kanal.common.text import one_line
from kanal.reports.queries.desk import EVERY_STATUS, ORDERS, Filters
from kanal.reports.queries.desk_views import VIEWS
from kanal.reports.queries.pages import CURSOR
from kanal.reports.queries.reference import report_reference
from kanal.reports.workflow import KIND_WORDS, STATUS, Kind, Status

LONGEST_SEARCH = 200
FIRST_YEAR, LAST_YEAR = 2000, 2100

NARROWING = ("status", "dinas", "kecamatan", "kategori", "saluran", "jenis", "sejak", "sampai")
"""The parameters behind the button "Saring", in the order of their chips."""

PARAMETERS = ("tampilan", "q", *NARROWING, "urut")
"""Everything that names a list; the cursor and what htmx adds are not part of it."""


def read_filters(params: QueryDict, actor: Actor) -> Filters:
    """The filters of an address. Unknown values, and views of other roles, count as not given."""
    facts, ways = reference(), report_reference()
    view = VIEWS.get(params.get("tampilan", ""))
    agency = facts.agencies_by_code.get(params.get("dinas", ""))
    district = facts.regions_by_code.get(params.get("kecamatan", ""))
    category = ways.categories_by_code.get(params.get("kategori", ""))
    return Filters(
        view=view.slug if view and actor.has(*view.roles) else "",
        text=one_line(params.get("q", ""))[:LONGEST_SEARCH],
        status=_one_of(params, "status", {*Status, EVERY_STATUS}),
        agency_id=agency.id if agency else None,
        district_id=district.id if district and district.level == "kecamatan" else None,
        category_id=category.id if category else None,
        medium=_one_of(params, "saluran", set(Medium.values)),
        kind=_one_of(params, "jenis", set(Kind)),
        since=_day(params.get("sejak", "")),
        until=_day(params.get("sampai", "")),
        order=_one_of(params, "urut", set(ORDERS)),
    )


def _one_of(params: QueryDict, name: str, known: set[str]) -> str:
    value = params.get(name, "")
    return value if value in known else ""


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def understood(params: QueryDict, filters: Filters) -> QueryDict:
    """The address again with only what was understood, in a fixed order: for links, saved views and exports."""
    meant: Mapping[str, object] = {
        "tampilan": filters.view,
        "q": filters.text,
        "status": filters.status,
        "dinas": filters.agency_id,
        "kecamatan": filters.district_id,
        "kategori": filters.category_id,
        "saluran": filters.medium,
        "jenis": filters.kind,
        "sejak": filters.since,
        "sampai": filters.until,
        "urut": filters.order,
    }
    kept = QueryDict(mutable=True)
    for name in PARAMETERS:
        if meant[name]:
            kept[name] = filters.text if name == "q" else params.get(name, "")
    return kept


def without(params: QueryDict, *names: str) -> str:
    """The address of the list without some parameters, beginning with "?"; always from its first page."""
    kept = params.copy()
    for name in (*names, CURSOR):
        kept.pop(name, None)
    return f"?{kept.urlencode()}"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: what it says and the address without it."""

    text: str
    href: str


def chips(filters: Filters, params: QueryDict) -> list[Chip]:
    """The filters that are on, in the order of the form."""
    facts, ways = reference(), report_reference()
    day = formats.tiny_day
    words = {
        "status": _status_word(filters.status),
        "dinas": facts.agencies[filters.agency_id].short_name if filters.agency_id else "",
        "kecamatan": facts.regions[filters.district_id].place if filters.district_id else "",
        "kategori": ways.categories[filters.category_id].name if filters.category_id else "",
        "saluran": str(Medium(filters.medium).label) if filters.medium else "",
        "jenis": str(KIND_WORDS[Kind(filters.kind)]) if filters.kind else "",
        "sejak": _("Sejak %(day)s") % {"day": day(filters.since)} if filters.since else "",
        "sampai": _("Sampai %(day)s") % {"day": day(filters.until)} if filters.until else "",
    }
    found = [Chip(f"“{filters.text}”", without(params, "q"))] if filters.text else []
    return found + [Chip(word, without(params, name)) for name, word in words.items() if word]


def _status_word(status: str) -> str:
    if status == EVERY_STATUS:
        return _("Semua keadaan")
    return str(STATUS[Status(status)].staff_word) if status else ""


Group = tuple[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Select:
    """A drop-down of the filter form; `options` has the chosen one marked."""

    name: str
    label: str
    options: Markup


def _options(*groups: Group) -> str:
    """Draw the options of a drop-down; a group without a name stands outside any group."""
    parts = []
    for label, options in groups:
        lines = Markup().join(Markup('<option value="{}">{}</option>').format(value, words) for value, words in options)
        parts.append(Markup('<optgroup label="{}">{}</optgroup>').format(label, lines) if label else lines)
    return "".join(parts)


def _category_groups() -> list[Group]:
    return [
        (top.name, [(top.code, _("Semua %(name)s") % {"name": top.name.lower()}), *((c.code, c.name) for c in below)])
        for top, below in report_reference().grouped_categories()
    ]


def _draw_lists() -> dict[str, tuple[str, str]]:
    everything = ("", _("Semua"))
    agencies = sorted((a.short_name, a.code) for a in reference().agencies.values() if a.active)
    return {
        "status": (
            _("Keadaan"),
            _options(
                (
                    "",
                    [
                        ("", _("Ikut tampilan")),
                        (EVERY_STATUS, _("Semua keadaan")),
                        *((status.value, str(info.staff_word)) for status, info in STATUS.items()),
                    ],
                )
            ),
        ),
        "dinas": (_("Dinas"), _options(("", [everything, *((code, name) for name, code in agencies)]))),
        "kecamatan": (
            _("Kecamatan"),
            _options(("", [everything, *((d.code, d.name) for d in reference().districts())])),
        ),
        "kategori": (_("Kategori"), _options(("", [everything]), *_category_groups())),
        "saluran": (_("Saluran"), _options(("", [everything, *((v, str(w)) for v, w in Medium.choices)]))),
        "jenis": (_("Jenis"), _options(("", [everything, *((k.value, str(w)) for k, w in KIND_WORDS.items())]))),
        "urut": (
            _("Urutan"),
            _options(
                (
                    "",
                    [
                        ("", _("Otomatis")),
                        ("tenggat", _("Paling mendesak dulu")),
                        ("terbaru", _("Terbaru dulu")),
                        ("terlama", _("Terlama dulu")),
                    ],
                )
            ),
        ),
    }


# Drawing two hundred options costs more than the rest of the form; they change when reference data does.
_drawn: Snapshot[dict[str | None, dict[str, tuple[str, str]]]] = Snapshot(dict)


def selects(params: QueryDict) -> list[Select]:
    """The drop-downs of the filter form, with what the address says chosen. `params` must be `understood`."""
    by_language, language = _drawn(), get_language()
    if language not in by_language:
        by_language[language] = _draw_lists()
    found = []
    for name, (label, options) in by_language[language].items():
        value = escape(params.get(name, ""))
        chosen = options.replace(f'value="{value}"', f'value="{value}" selected', 1)
        found.append(Select(name, label, Markup(chosen)))  # noqa: S704  # drawn above with every value escaped
    return found
