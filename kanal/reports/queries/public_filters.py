"""What the address of the public list asks for, read forgivingly: whatever cannot be understood is not there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kanal.agencies.queries import reference
from kanal.channels.models import Medium
from kanal.common import formats
from kanal.common.text import one_line
from kanal.reports.models import Report
from kanal.reports.queries.pages import Keyset
from kanal.reports.queries.reference import report_reference
from kanal.reports.queries.search import matching
from kanal.reports.workflow import OPEN_VALUES, STATUS, Colour, Words

LONGEST_QUERY = 200
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

COLOURS: Mapping[str, Colour] = {"merah": Colour.RED, "kuning": Colour.YELLOW, "hijau": Colour.GREEN}
COLOUR_WORDS: Mapping[str, Words] = {
    "merah": gettext_lazy("Belum ditindaklanjuti"),
    "kuning": gettext_lazy("Sedang diproses"),
    "hijau": gettext_lazy("Sudah ditindaklanjuti"),
}
STATUSES_OF = {colour: tuple(s.value for s in STATUS if STATUS[s].colour is colour) for colour in Colour}


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the list; `only_open` leaves out what no longer waits."""

    name: str
    words: Words
    keyset: Keyset
    only_open: bool = False


ORDERS: Mapping[str, Order] = {
    order.name: order
    for order in (
        Order("terbaru", pgettext_lazy("urutan", "Terbaru"), Keyset(("-received_at", "-id"))),
        Order("dialami", gettext_lazy("Paling banyak dialami"), Keyset(("-supporters_count", "-id"))),
        Order("menunggu", gettext_lazy("Paling lama menunggu"), Keyset(("received_at", "id")), only_open=True),
    )
}
NEWEST = "terbaru"


@dataclass(frozen=True, slots=True)
class Filters:
    """The understood parts of an address, under the names they have there; "" and None ask for nothing."""

    q: str = ""
    kategori: str = ""
    kecamatan: str = ""
    desa: str = ""
    dinas: str = ""
    warna: str = ""
    saluran: str = ""
    sejak: date | None = None
    sampai: date | None = None
    urut: str = NEWEST

    @property
    def order(self) -> Order:
        """How the list is sorted."""
        return ORDERS[self.urut]

    def parameters(self, *, without: Iterable[str] = (), **changed: str) -> str:
        """The address of this list ("?q=…", or "?" for the plain one) with some parts left out or changed."""
        params = QueryDict(mutable=True)
        for name, value in self._set_values().items():
            if name not in without:
                params[name] = value
        for name, value in changed.items():
            params[name] = value
        if params.get("urut") == NEWEST:
            del params["urut"]
        return f"?{params.urlencode()}"

    def _set_values(self) -> dict[str, str]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value and (name, value) != ("urut", NEWEST)
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order is asked for."""
        return bool(self._set_values().keys() - {"urut"})

    def key(self) -> str:
        """One text for all addresses that mean the same, to remember answers by."""
        return self.parameters(without=("urut",))


def read_filters(params: QueryDict) -> Filters:
    """Understand an address. A code that nobody knows, a day that does not exist or a stray word is passed over."""
    places, kinds = reference(), report_reference()
    desa = _known(params, "desa", lambda code: _level(code) == "desa")
    kecamatan = _known(params, "kecamatan", lambda code: _level(code) == "kecamatan")
    if desa:
        parent = places.regions.get(places.regions_by_code[desa].parent_id or 0)
        kecamatan = parent.code if parent else ""
    since, until = _day(params.get("sejak", "")), _day(params.get("sampai", ""))
    if since and until and until < since:
        since, until = until, since
    return Filters(
        q=one_line(params.get("q", "")[:LONGEST_QUERY]).replace("\0", ""),
        kategori=_known(params, "kategori", lambda code: code in kinds.categories_by_code),
        kecamatan=kecamatan,
        desa=desa,
        dinas=_known(params, "dinas", lambda code: code in places.agencies_by_code),
        warna=_known(params, "warna", lambda name: name in COLOURS),
        saluran=_known(params, "saluran", lambda name: name in Medium.values),
        sejak=since,
        sampai=until,
        urut=_known(params, "urut", lambda name: name in ORDERS) or NEWEST,
    )


def _known(params: QueryDict, name: str, is_known: Callable[[str], bool]) -> str:
    value = params.get(name, "")
    return value if value and is_known(value) else ""


def _level(code: str) -> str:
    region = reference().regions_by_code.get(code)
    if region is None:
        return ""
    return "desa" if region.is_village else region.level


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def public_reports() -> QuerySet[Report]:
    """Every report that anybody may read.

    `published` alone says so: the database refuses to publish what is secret or whistle-blowing (constraints
    report_secret_unpublished and report_whistleblowing_is_secret), and one condition lets the partial indexes work.
    """
    return Report.objects.filter(published=True)


def listed(filters: Filters) -> QuerySet[Report]:
    """The public reports that an address asks for, its search words left aside."""
    found = public_reports().filter(_facts(filters))
    return found.filter(status__in=OPEN_VALUES) if filters.order.only_open else found


def narrowed(filters: Filters) -> QuerySet[Report]:
    """The public reports that an address asks for, search words included, in no order yet."""
    return matching(listed(filters), filters.q) if filters.q else listed(filters)


def _facts(filters: Filters) -> Q:
    places = reference()
    wanted = _place_and_category(filters)
    if filters.dinas:
        wanted &= Q(agency_id__in=sorted(places.with_past(places.agencies_by_code[filters.dinas].id)))
    if filters.warna:
        wanted &= Q(status__in=STATUSES_OF[COLOURS[filters.warna]])
    if filters.saluran:
        wanted &= Q(medium=filters.saluran)
    if filters.sejak:
        wanted &= Q(received_at__gte=datetime.combine(filters.sejak, time(), places.tz))
    if filters.sampai:
        wanted &= Q(received_at__lt=datetime.combine(filters.sampai + timedelta(days=1), time(), places.tz))
    return wanted


def _place_and_category(filters: Filters) -> Q:
    places, kinds = reference(), report_reference()
    wanted = Q()
    if filters.kategori:
        chosen = kinds.categories_by_code[filters.kategori].id
        wanted &= Q(category_id__in=[c.id for c in kinds.categories.values() if chosen in {c.id, c.parent_id}])
    if filters.desa:
        wanted &= Q(region_id=places.regions_by_code[filters.desa].id)
    elif filters.kecamatan:
        wanted &= Q(region_id__in=places.within(places.regions_by_code[filters.kecamatan].id))
    return wanted


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on: its words, and the address of the list without it."""

    words: str
    without: str


def chips(filters: Filters) -> list[Chip]:
    """Say what is filtered, each part with its way out. The search text is not among them: it stands in its box."""
    places, kinds = reference(), report_reference()
    words: Mapping[str, Callable[[], str]] = {
        "kategori": lambda: kinds.categories_by_code[filters.kategori].name,
        "kecamatan": lambda: places.regions_by_code[filters.kecamatan].place,
        "desa": lambda: places.regions_by_code[filters.desa].place,
        "dinas": lambda: places.agencies_by_code[filters.dinas].short_name,
        "warna": lambda: str(COLOUR_WORDS[filters.warna]),
        "saluran": lambda: _("Lewat %(medium)s") % {"medium": Medium(filters.saluran).label},
        "sejak": lambda: _("Sejak %(day)s") % {"day": formats.tiny_day(filters.sejak)},
        "sampai": lambda: _("Sampai %(day)s") % {"day": formats.tiny_day(filters.sampai)},
    }
    shown = [name for name in words if getattr(filters, name) and not (name == "kecamatan" and filters.desa)]
    together = {"desa": ("desa", "kecamatan")}
    return [Chip(words[name](), filters.parameters(without=together.get(name, (name,)))) for name in shown]
