"""What a GET asks for. An empty parameter counts as none; what cannot be understood is refused with its reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.reports.open311.answering import Problem
from kanal.reports.open311.services import find_service

SPAN = timedelta(days=90)
MOST = 1000
PAGE_SIZE = 100
MOST_IDS = 100
_DEEPEST = 100_000
_SLACK = timedelta(days=1)
"""Clients send whole days: 90 of them with both ends are a little more than 90 days."""
_YEARS = range(2000, 2200)
_LOST_PLUS = re.compile(r"(T[\d:.]+) (\d{2}:?\d{2})$")
_LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, both included."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are asked for. `codes` alone decide when there are any."""

    codes: tuple[str, ...]
    span: Span
    categories: tuple[int | None, ...] | None
    is_open: bool | None
    offset: int
    limit: int


def read_wanted(params: QueryDict) -> Wanted:
    """Understand the parameters of GET requests; raises Problem."""
    page = _number(params, "page", 1, least=1, most=_DEEPEST)
    paged = bool(params.get("page") or params.get("page_size"))
    size = _number(params, "page_size", PAGE_SIZE if paged else MOST, least=1, most=MOST)
    if page * size > _DEEPEST:
        raise Problem(400, _("Halaman sejauh itu tidak ada. Persempit start_date dan end_date."))
    codes = _words(params, "service_request_id")
    if len(codes) > MOST_IDS:
        raise Problem(400, _("Paling banyak %(most)d service_request_id sekaligus.") % {"most": MOST_IDS})
    return Wanted(
        codes=tuple(codes),
        span=_only_codes() if codes else read_span(params),
        categories=None if codes else _categories(_words(params, "service_code")),
        is_open=None if codes else _is_open(_words(params, "status")),
        offset=(page - 1) * size,
        limit=size,
    )


def _only_codes() -> Span:
    now = timezone.now()
    return Span(now, now)


def _words(params: QueryDict, name: str) -> list[str]:
    words = (word.strip() for word in params.get(name, "").split(","))
    return list(dict.fromkeys(word for word in words if word))


def _number(params: QueryDict, name: str, default: int, *, least: int, most: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    known = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    if not known or not least <= int(text) <= most:
        facts = {"name": name, "least": least, "most": most}
        raise Problem(400, _("%(name)s harus angka dari %(least)d sampai %(most)d.") % facts)
    return int(text)


def _categories(codes: Iterable[str]) -> tuple[int | None, ...] | None:
    found = [find_service(code) for code in codes]
    return tuple(service.category_id for service in found if not service.is_blackbox) if found else None


def _is_open(words: Iterable[str]) -> bool | None:
    wanted = {word.lower() for word in words}
    if not wanted <= {"open", "closed"}:
        raise Problem(400, _("status harus open, closed, atau keduanya dengan koma."))
    return None if len(wanted) != 1 else wanted == {"open"}


def read_span(params: QueryDict) -> Span:
    """The asked range of at most 90 days; the newest 90 days when nothing is asked. Raises Problem."""
    start, end = _moment(params, "start_date"), _moment(params, "end_date")
    now = timezone.now()
    if end is None:
        end = min(start + SPAN, max(now, start)) if start else now
    if start is None:
        start = end - SPAN
    if end < start:
        raise Problem(400, _("end_date mendahului start_date."))
    if end - start > SPAN + _SLACK:
        raise Problem(400, _("start_date sampai end_date paling panjang 90 hari. Ambil sebagian demi sebagian."))
    return Span(start, end)


def _moment(params: QueryDict, name: str) -> datetime | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    found = read_moment(text)
    if found is None:
        sentence = _("%(name)s tidak terbaca. Tulis seperti 2026-11-22T08:00:00+07:00.")
        raise Problem(400, sentence % {"name": name})
    return found


def read_moment(text: str) -> datetime | None:
    """A W3C date or date and time; without an offset in the regency's time. None when it is none, or centuries away.

    A "+" that a client did not encode arrives as a space.
    """
    try:
        found = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", text[:40]))
    except ValueError:
        return None
    if found.year not in _YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=reference().tz)


def end_of(day: date) -> datetime:
    """The last second of a day in the regency."""
    return datetime.combine(day, time(23, 59, 59), reference().tz)
