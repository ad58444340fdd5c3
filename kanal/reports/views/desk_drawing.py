"""Drawing what the queue shows over and over, once: the same report is on the same page for hours, for everybody.

A line depends on its Row and the language alone, so equal rows have equal lines; a changed report is a different Row.
Drawing fifty lines anew would take a quarter of the time of the whole page.
"""

from functools import lru_cache
from typing import Any

from django.template import engines
from django.utils.translation import get_language
from markupsafe import Markup

from kanal.reports.queries.desk_rows import Row

REMEMBERED = 4000
"""Lines kept in this process: some four megabytes."""


def _parts() -> Any:
    return engines["jinja2"].env.get_template("reports/_queue_parts.html").module  # type: ignore[attr-defined]  # Jinja2's


@lru_cache(maxsize=REMEMBERED)
def _line(row: Row, ticks: bool, _language: str | None) -> Markup:  # noqa: FBT001  # a key of the memory
    return Markup(_parts().line(row, ticks))  # noqa: S704  # the template escapes


def lines(rows: list[Row], *, ticks: bool) -> Markup:
    """The lines of a page; `ticks`: with a box to tick in front of each."""
    language = get_language()
    return Markup().join([_line(row, ticks, language) for row in rows])


@lru_cache(maxsize=32)
def _help(ticks: bool, assigns: bool, records: bool, _language: str | None) -> Markup:  # noqa: FBT001  # a key of the memory
    return Markup(_parts().help(ticks, assigns, records))  # noqa: S704  # the template escapes


def key_help(*, ticks: bool, assigns: bool, records: bool) -> Markup:
    """The line and the dialog that explain the keys."""
    return _help(ticks, assigns, records, get_language())
