"""Drawing what the queue shows over and over, once: the same report is on the same page for hours, for everybody.

A line depends on the report's row, the day, the language and the reference data alone. A changed report is a different
row, and new reference data comes with a new calendar, so a remembered line is never wrong. Drawing fifty lines anew
would take a third of the time of the whole page.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.template import engines
from django.utils.translation import get_language
from markupsafe import Markup

from kanal.agencies.queries import reference
from kanal.common.calendar import WorkingCalendar
from kanal.reports.queries.desk_rows import Rows

REMEMBERED = 4000
"""Lines kept in this process: some four megabytes."""


def _parts() -> Any:
    return engines["jinja2"].env.get_template("reports/_queue_parts.html").module  # type: ignore[attr-defined]  # Jinja2's


@lru_cache(maxsize=4)
def _rows(_calendar: WorkingCalendar, _today: date, _language: str | None) -> Rows:
    return Rows()


@lru_cache(maxsize=REMEMBERED)
def _line(row: Any, rows: Rows, ticks: bool) -> Markup:  # noqa: FBT001  # a key of the memory
    return Markup(_parts().line(rows(row), ticks))  # noqa: S704  # the template escapes


def lines(found: Iterable[Any], *, ticks: bool) -> Markup:
    """The lines of a page, from rows of `queries.desk.page_of`; `ticks`: with a box to tick in front of each."""
    facts = reference()
    rows = _rows(facts.calendar, facts.today(), get_language())
    return Markup().join([_line(row, rows, ticks) for row in found])


@lru_cache(maxsize=32)
def _help(ticks: bool, assigns: bool, records: bool, _language: str | None) -> Markup:  # noqa: FBT001  # a key of the memory
    return Markup(_parts().help(ticks, assigns, records))  # noqa: S704  # the template escapes


def key_help(*, ticks: bool, assigns: bool, records: bool) -> Markup:
    """The line and the dialog that explain the keys."""
    return _help(ticks, assigns, records, get_language())
