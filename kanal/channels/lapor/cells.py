"""One cell at a time: text, numbers used as names, dates and times."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from kanal.channels.lapor.words import MONTH_OF, NOTHING, UNKNOWN
from kanal.common.indonesian import mended

# Everything that a spreadsheet or CSV reader hands over.
Cell = int | float | str | bool | time | date | datetime | timedelta

_SPACES = re.compile(r"\s+")
_FLOAT_ID = re.compile(r"([0-9]+)\.0{1,2}")
_GROUPED_ID = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]{1,3}(?:,[0-9]{3}){2,}")
_MAX_ID_DIGITS: Final = 18  # fits a signed 64-bit number; real ones have seven digits
_EXACT_FLOAT: Final = 2**53

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t ]+(.+))?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?:[ ,]+(.+))?")
_NAMED = re.compile(r"(?:[a-z']+, *)?([0-9]{1,2})[-/. ]+([a-z]+)\.?[-/., ]+([0-9]{4}|[0-9]{2})(?:[ ,]+(.+))?")
_NAME_FIRST = re.compile(r"([a-z]+)\.? +([0-9]{1,2}),? +([0-9]{4})(?:[ ,]+(.+))?")
_TIME = re.compile(
    r"(?:pukul|jam)? *([0-9]{1,2})[:.]([0-9]{1,2})(?:[:.]([0-9]{1,2}))?(?:\.[0-9]+)?"
    r" *([ap]m)? *(wib|wita|wit|utc|z|[+-][0-9]{2}:?[0-9]{2})?"
)
_ZONES: Final[dict[str, tzinfo]] = {
    "wib": timezone(timedelta(hours=7), "WIB"),
    "wita": timezone(timedelta(hours=8), "WITA"),
    "wit": timezone(timedelta(hours=9), "WIT"),
    "utc": UTC,
    "z": UTC,
}
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001  # a spreadsheet's day has no zone
_EXCEL_DAYS: Final = range(36_526, 73_051)  # 1 January 2000 to 31 December 2099
_NOON: Final = 12
_MIDNIGHT: Final = time(0, 0)


def text(cell: Cell) -> str:
    """Return the cell as clean text: mended, line ends as LF, no NUL, a number 674.0 as "674", "nan" as nothing."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_FLOAT:
        return str(int(cell))
    raw = mended(str(cell)).replace("\0", "").replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if raw.casefold() in NOTHING else raw


def label(cell: Cell) -> str:
    """Return the cell as a name on one line; "-" and "Tidak Diketahui" are nothing."""
    name = _SPACES.sub(" ", text(cell)).strip()
    return "" if name.casefold() in UNKNOWN else name


def number_name(cell: Cell) -> str:
    """Return a number used as a name ("674.0" -> "674"); what is not a number stays as it is written."""
    name = label(cell)
    found = _FLOAT_ID.fullmatch(name)
    return found.group(1) if found else name


def tracking_id(cell: Cell) -> str:
    """Return the digits of a tracking id, or raise ValueError when they cannot be known for certain.

    Numbers in scientific notation have lost digits, and "674.000" may be 674 or 674000: both are refused.
    """
    # A date or a true/false cell keeps its letters and signs, so it is refused below.
    name = text(cell).lstrip("#'’").replace(" ", "").replace("\xa0", "")
    found = _FLOAT_ID.fullmatch(name)
    digits = found.group(1) if found else name
    if _GROUPED_ID.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", "")
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) > _MAX_ID_DIGITS or int(digits) == 0:
        raise ValueError(name)
    return str(int(digits))


def moment(cell: Cell) -> tuple[date, time | None]:
    """Return the day, and the time of day when the cell holds one (midnight counts as none); ValueError otherwise.

    Reads spreadsheet dates, ISO dates, English and Indonesian month names, and day-first numbers ("29/05/2023"),
    which is how dates are written in Indonesia.
    """
    if isinstance(cell, datetime):
        return _split(cell)
    if isinstance(cell, date):
        return cell, None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell // 1 in _EXCEL_DAYS:
        return _split(_EXCEL_EPOCH + timedelta(seconds=round(cell * 86_400)))
    return _moment_of_words(_SPACES.sub(" ", text(cell)).casefold())


def _moment_of_words(words: str) -> tuple[date, time | None]:
    if found := _ISO.fullmatch(words):
        year, month, day, rest = found.groups()
        return date(int(year), int(month), int(day)), _optional_time(rest)
    if found := _DAY_FIRST.fullmatch(words):
        day, month, year, rest = found.groups()
        return date(int(year), int(month), int(day)), _optional_time(rest)
    if found := _NAMED.fullmatch(words):
        day, name, year, rest = found.groups()
        return date(_full_year(year), _month(name), int(day)), _optional_time(rest)
    if found := _NAME_FIRST.fullmatch(words):
        name, day, year, rest = found.groups()
        return date(int(year), _month(name), int(day)), _optional_time(rest)
    raise ValueError(words)


def clock_time(cell: Cell) -> time | None:
    """Return the time of day in the cell, None for an empty one, ValueError for anything else.

    The time carries a zone only when the cell names one ("04:05 WIB").
    """
    if isinstance(cell, datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, time):
        return cell.replace(microsecond=0)
    if isinstance(cell, timedelta):
        return _time_of_fraction(cell / timedelta(days=1))
    if isinstance(cell, float):
        # A part of a day, or "4.05" that a spreadsheet took for a number and wrote without its last zero.
        return _time_of_fraction(cell) if 0 <= cell < 1 else _time_of_words(f"{cell:.2f}")
    words = label(cell).casefold()
    return _time_of_words(words) if words else None


def _time_of_words(words: str) -> time:
    found = _TIME.fullmatch(words)
    if not found:
        raise ValueError(words)
    hour, minute, second, half, zone = found.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= _NOON:
            raise ValueError(words)
        hours = hours % _NOON + (_NOON if half == "pm" else 0)
    return time(hours, int(minute), int(second or 0), tzinfo=_zone(zone))


def _zone(name: str | None) -> tzinfo | None:
    if not name or name in _ZONES:
        return _ZONES.get(name or "")
    digits = name[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name.startswith("-") else offset)


def _time_of_fraction(part: float) -> time:
    seconds = round(part * 86_400)
    if not 0 <= seconds < 86_400:  # noqa: PLR2004  # seconds of a day
        raise ValueError(str(part))
    return (_EXCEL_EPOCH + timedelta(seconds=seconds)).time()


def _split(moment_: datetime) -> tuple[date, time | None]:
    rounded = moment_ + timedelta(microseconds=500_000)
    clock = rounded.time().replace(microsecond=0)
    return rounded.date(), None if clock == _MIDNIGHT else clock


def _optional_time(words: str | None) -> time | None:
    clock = _time_of_words(words.strip()) if words else None
    return None if clock == _MIDNIGHT else clock


def _full_year(year: str) -> int:
    return int(year) if len(year) == len("2023") else 2000 + int(year)


def _month(name: str) -> int:
    if name not in MONTH_OF:
        raise ValueError(name)
    return MONTH_OF[name]
