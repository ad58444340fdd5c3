"""Pages of long lists: continue after the last row seen (keyset) instead of counting rows away (OFFSET).

A page deep in a million reports is then as quick as the first one, and a report that arrives meanwhile neither repeats
a row nor swallows one. There is no page number and no total; `capped_count` says how many, up to a limit.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldError, ValidationError
from django.db.models import F, Field, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict

T = TypeVar("T")

CURSOR = "hal"
"""The name of the cursor in an address."""

_LONGEST_CURSOR = 600


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list. `previous` and `next` are the cursors of its neighbours, None at an end."""

    rows: list[T]
    limit: int
    previous: str | None = None
    next: str | None = None

    def address(self, cursor: str | None, params: QueryDict) -> str | None:
        """The address ("?q=…&hal=…") of a neighbour, keeping every other parameter of the list; None without one."""
        if cursor is None:
            return None
        kept = params.copy()
        kept[CURSOR] = cursor
        return f"?{kept.urlencode()}"

    def previous_address(self, params: QueryDict) -> str | None:
        """The address of the page before, or None."""
        return self.address(self.previous, params)

    def next_address(self, params: QueryDict) -> str | None:
        """The address of the page after, or None."""
        return self.address(self.next, params)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a list has. With `more` it has more than `number`: nobody counted further."""

    number: int
    more: bool = False


def capped_count(queryset: QuerySet[Any, Any], cap: int = 1000) -> Count:
    """Count a list, but no further than `cap`: an exact count of a million matches costs more than the page itself."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return Count(cap, more=True) if found > cap else Count(found)


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order to page by: field names, "-" before a descending one. The last must be unique; none may be null.

    Annotations may be named too. When all fields go in one direction, the database walks a matching index from the
    cursor on (a row-value comparison); mixed directions are right, but quick only where the first field is selective.
    """

    fields: tuple[str, ...]

    def page(self, queryset: QuerySet[Any, T], cursor: str | None = None, *, limit: int = 50) -> Page[T]:
        """Fetch the page that a cursor points to. A missing, foreign or broken cursor gives the first page.

        One query (two for the step back onto the first page). `queryset` may give models or `.values()`; the named
        fields must be among them.
        """
        place = self.place(queryset, cursor)
        if place is None:
            return self._forward(queryset, None, limit)
        back, values = place
        return self._backward(queryset, values, limit) if back else self._forward(queryset, values, limit)

    def _forward(self, queryset: QuerySet[Any, T], after: Sequence[Any] | None, limit: int) -> Page[T]:
        wanted = queryset if after is None else queryset.filter(self._beyond(after, self.fields))
        rows = list(wanted.order_by(*self.fields)[: limit + 1])
        more, rows = len(rows) > limit, rows[:limit]
        return Page(
            rows=rows,
            limit=limit,
            previous=self.cursor(rows[0], back=True) if after is not None and rows else None,
            next=self.cursor(rows[-1]) if more else None,
        )

    def _backward(self, queryset: QuerySet[Any, T], before: Sequence[Any], limit: int) -> Page[T]:
        turned = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in self.fields)
        rows = list(queryset.filter(self._beyond(before, turned)).order_by(*turned)[: limit + 1])
        if len(rows) <= limit:
            return self._forward(queryset, None, limit)
        rows = rows[:limit][::-1]
        return Page(
            rows=rows, limit=limit, previous=self.cursor(rows[0], back=True), next=self.cursor(rows[-1], back=False)
        )

    @staticmethod
    def _beyond(values: Sequence[Any], order: Sequence[str]) -> Any:
        """The condition for the rows that come after `values` in `order`."""
        names = [name.removeprefix("-") for name in order]
        down = [name.startswith("-") for name in order]
        if len(set(down)) == 1:
            comparison = TupleLessThan if down[0] else TupleGreaterThan
            return comparison(Tuple(*(F(name) for name in names)), tuple(values))
        # (a, b, c) after (x, y, z): a beyond x, or a = x and b beyond y, or … The first line lets an index be used.
        beyond = Q(**{f"{names[0]}__{'lte' if down[0] else 'gte'}": values[0]})
        steps, same = Q(), Q()
        for name, falls, value in zip(names, down, values, strict=True):
            steps |= same & Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
            same &= Q(**{name: value})
        return beyond & steps

    def cursor(self, row: Any, *, back: bool = False) -> str:
        """The cursor of a row: where to go on after it, or before it when `back`."""
        values = [_plain(_value(row, name.removeprefix("-"))) for name in self.fields]
        text = json.dumps([int(back), *values], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def place(self, queryset: QuerySet[Any, T], cursor: str | None) -> tuple[bool, list[Any]] | None:
        """The direction and values of a cursor; None for anything that is not one of this list."""
        if not cursor or len(cursor) > _LONGEST_CURSOR or not cursor.isascii():
            return None
        try:
            parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        except (binascii.Error, ValueError, RecursionError):
            return None
        if not isinstance(parts, list) or len(parts) != len(self.fields) + 1 or parts[0] not in (0, 1):
            return None
        try:
            values = [
                _typed(_field(queryset, name.removeprefix("-")), value)
                for name, value in zip(self.fields, parts[1:], strict=True)
            ]
        except (ValidationError, ValueError, TypeError, OverflowError):
            return None
        return bool(parts[0]), values


def _value(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _field(queryset: QuerySet[Any, Any], name: str) -> Field[Any, Any]:
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return annotation.output_field
    found = queryset.model._meta.get_field(name)  # noqa: SLF001  # Django's documented _meta API
    if not isinstance(found, Field):
        raise FieldError(f"cannot page by {name}")
    return found


def _typed(field: Field[Any, Any], value: Any) -> Any:
    """The value as the database knows it. Raises Validation-, Value- or OverflowError for one it cannot hold."""
    if value is None or isinstance(value, (list, dict)) or (isinstance(value, str) and "\0" in value):
        raise ValueError("not a value")
    typed = field.to_python(value)
    if isinstance(typed, datetime):
        if typed.tzinfo is None:
            raise ValueError("a moment without its zone")
        typed = typed.astimezone(UTC)  # OverflowError beyond the years 1 and 9999
    field.run_validators(typed)
    return typed
