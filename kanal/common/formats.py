"""Dates, numbers and lists as people say them, in Indonesian and English. Every public function is a Jinja filter.

The language is the active one; any language but English gets Indonesian. Clock times and calendar days are those of
the regency (the installation's time zone). Results are remembered where the same value returns often, because a list of
fifty reports asks several hundred times. A missing value (``None``) becomes an en dash.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import ceil, log10
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup, escape

MISSING = "–"

Amount = int | float | Decimal


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """What one language needs to say dates, amounts and lists. Compared by identity, so it is a cheap cache key."""

    days: tuple[str, ...]
    short_days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    thousands: str
    point: str
    time: str
    comma: str
    conjunction: str
    working_days: tuple[str, str, str, str, str]
    ago: tuple[str, str, str, str, str, str, str]


INDONESIAN = Words(
    days=("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    short_days=("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    months=(
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    short_months=("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    thousands=".",
    point=",",
    time=".",
    comma=", ",
    conjunction="dan",
    working_days=("{} hari kerja lagi", "{} hari kerja lagi", "hari ini", "lewat {} hari kerja", "lewat {} hari kerja"),
    ago=(
        *("baru saja", "1 menit lalu", "{} menit lalu", "1 jam lalu", "{} jam lalu"),
        *("kemarin", "{} hari lalu"),
    ),
)
ENGLISH = Words(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    short_days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    short_months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    thousands=",",
    point=".",
    time=":",
    comma=", ",
    conjunction="and",
    working_days=(
        *("{} working day left", "{} working days left", "today"),
        *("{} working day overdue", "{} working days overdue"),
    ),
    ago=(
        *("just now", "1 minute ago", "{} minutes ago", "1 hour ago", "{} hours ago"),
        *("yesterday", "{} days ago"),
    ),
)

MINUTE, HOUR, DAYS_AGO_LIMIT = 60, 3600, 7


def _words() -> Words:
    return ENGLISH if (get_language() or "id").startswith("en") else INDONESIAN


def _local(value: datetime) -> datetime:
    return value.astimezone(timezone.get_default_timezone()) if value.tzinfo else value


def _this_year() -> int:
    return datetime.now(timezone.get_default_timezone()).year


def _date(value: date) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=4096)
def _say_day(value: date, words: Words, year: int, *, short: bool, weekday: bool = True) -> str:
    months = words.short_months if short else words.months
    said = f"{value.day} {months[value.month - 1]}"
    if value.year != year:
        said = f"{said} {value.year}"
    if not weekday:
        return said
    # A short day keeps its full weekday in Indonesian ("Jumat, 27 Nov"): three letters are not how people say it.
    name = (words.short_days if short and words is ENGLISH else words.days)[value.weekday()]
    return f"{name}, {said}"


def _say_time(local: datetime, words: Words) -> str:
    return f"{local.hour:02}{words.time}{local.minute:02}"


def _say_day_time(value: datetime, *, short: bool) -> str:
    local, words = _local(value), _words()
    return f"{_say_day(local.date(), words, _this_year(), short=short)}, {_say_time(local, words)}"


def day(value: date | None) -> str:
    """Say "Jumat, 27 November", with the year when it is not the current one."""
    return MISSING if value is None else _say_day(_date(value), _words(), _this_year(), short=False)


def short_day(value: date | None) -> str:
    """Say "Jumat, 27 Nov", with the year when it is not the current one."""
    return MISSING if value is None else _say_day(_date(value), _words(), _this_year(), short=True)


def tiny_day(value: date | None) -> str:
    """Say "27 Nov", for narrow columns; with the year when it is not the current one."""
    return MISSING if value is None else _say_day(_date(value), _words(), _this_year(), short=True, weekday=False)


def day_of_month(value: date) -> str:
    """Say "27 November", where the year is clear."""
    return f"{value.day} {_words().months[value.month - 1]}"


def clock_time(value: datetime | None) -> str:
    """Say "09.14" in the regency's time."""
    if value is None:
        return MISSING
    return _say_time(_local(value), _words())


def day_time(value: datetime | None) -> str:
    """Say "Jumat, 27 November, 09.14" in the regency's time."""
    return MISSING if value is None else _say_day_time(value, short=False)


def short_day_time(value: datetime | None) -> str:
    """Say "Jumat, 27 Nov, 09.14" in the regency's time."""
    return MISSING if value is None else _say_day_time(value, short=True)


def month(value: date | None, *, short: bool = False) -> str:
    """Say "November 2026", or "Nov" when short."""
    if value is None:
        return MISSING
    words = _words()
    if short:
        return words.short_months[value.month - 1]
    return f"{words.months[value.month - 1]} {value.year}"


def period(start: date, end: date) -> str:
    """Say "18–24 November 2026": both days inclusive, nothing said twice."""
    months = _words().months
    first, last = _date(start), _date(end)
    tail = f"{last.day} {months[last.month - 1]} {last.year}"
    if first == last:
        return tail
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{tail}"
    head = f"{first.day} {months[first.month - 1]}"
    return f"{head} – {tail}" if first.year == last.year else f"{head} {first.year} – {tail}"


def iso(value: date | None) -> str:
    """Write the machine's form, for ``<time datetime>``; datetimes in the regency's zone, to the minute."""
    if value is None:
        return ""
    return _local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def ago(value: datetime | None) -> str:
    """Say "5 menit lalu", "kemarin", "3 hari lalu"; from a week on, and for the future, the short day."""
    if value is None:
        return MISSING
    now = _local(timezone.now())
    seconds = int((now - value).total_seconds())
    days = (now.date() - _local(value).date()).days
    if seconds < -MINUTE or days >= DAYS_AGO_LIMIT:
        return short_day(value)
    said = _words().ago
    if days == 0 or seconds < HOUR:
        return _minutes_ago(seconds, said)
    return said[5] if days == 1 else said[6].format(days)


def _minutes_ago(seconds: int, said: tuple[str, ...]) -> str:
    if seconds < MINUTE:
        return said[0]
    if seconds < HOUR:
        minutes = seconds // MINUTE
        return said[1] if minutes == 1 else said[2].format(minutes)
    hours = seconds // HOUR
    return said[3] if hours == 1 else said[4].format(hours)


@lru_cache(maxsize=512)
def _say_distance(left: int, words: Words) -> str:
    one_left, many_left, today, one_late, many_late = words.working_days
    if left == 0:
        return today
    if left > 0:
        return (one_left if left == 1 else many_left).format(left)
    return (one_late if left == -1 else many_late).format(-left)


def distance_days(left: int | None) -> str:
    """Say how many working days a deadline is away: "2 hari kerja lagi", "hari ini", "lewat 4 hari kerja"."""
    return MISSING if left is None else _say_distance(left, _words())


@lru_cache(maxsize=4096)
def _say_number(value: Amount, places: int, words: Words, *, trim: bool = False) -> str:
    # Half up, from the decimal digits one sees: 2.125 is 2,13 in every published table, binary floats disagree.
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded + 0:,f}"
    whole, _, fraction = text.partition(".")
    if trim:
        fraction = fraction.rstrip("0")
    whole = whole.replace(",", words.thousands)
    return f"{whole}{words.point}{fraction}" if fraction else whole


def number(value: Amount | None) -> str:
    """Say "1.302": rounded to a whole number."""
    return MISSING if value is None else _say_number(value, 0, _words())


def decimal(value: Amount | None, places: int = 1) -> str:
    """Say "2,1": rounded half up to a fixed number of places."""
    return MISSING if value is None else _say_number(value, places, _words())


def percent(share: Amount | None, places: int = 1) -> str:
    """Say "86,1%" from the share 0.861."""
    return MISSING if share is None else f"{_say_number(Decimal(str(share)) * 100, places, _words())}%"


def filesize(size: int | None) -> str:
    """Say "1,2 MB": decimal units, as phones show them."""
    if size is None:
        return MISSING
    words = _words()
    for power, unit in ((9, "GB"), (6, "MB"), (3, "kB")):
        if size >= 10**power:
            return f"{_say_number(Decimal(size).scaleb(-power), 1, words, trim=True)} {unit}"
    return f"{size} B"


def join_names(names: Iterable[object]) -> str:
    """Say "a, b, dan c"; two are "a dan b"."""
    *front, last = [str(name) for name in names] or [""]
    words = _words()
    if len(front) > 1:
        return f"{words.comma.join(front)}{words.comma}{words.conjunction} {last}"
    return f"{front[0]} {words.conjunction} {last}" if front else last


def paragraphs(text: str | None) -> Markup:
    """Set a person's own words in ``<p>`` and ``<br>``: escaped, nothing linked, each with its own direction."""
    lines = str(text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks: list[list[Markup]] = [[]]
    for line in lines:
        stripped = line.strip()
        if stripped:
            blocks[-1].append(escape(stripped))
        elif blocks[-1]:
            blocks.append([])
    return Markup().join(Markup('<p dir="auto">{}</p>').format(Markup("<br>").join(block)) for block in blocks if block)


def ticks(highest: float, wanted: int = 3) -> list[int]:
    """Choose round numbers for a chart axis, from one step up to at least ``highest``: 147 gives 50, 100, 150."""
    if highest <= 0:
        return [1]
    rough = highest / wanted
    magnitude = 10.0 ** int(log10(rough)) if rough >= 1 else 1.0
    step = next(int(magnitude * factor) for factor in (1, 2, 5, 10) if magnitude * factor >= rough)
    return [step * count for count in range(1, ceil(highest / step) + 1)]


FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        *(ago, clock_time, day, day_time, decimal, distance_days, filesize, iso, join_names, month, number),
        *(paragraphs, percent, period, short_day, short_day_time, tiny_day),
    )
}
