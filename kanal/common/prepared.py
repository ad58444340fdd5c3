"""Queries composed once: of a look-up by key, Django spends more on composing the SQL than the database on answering.

Only for the few queries that every page makes; everything else stays an ordinary QuerySet (docs/adr/0013).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=Model)
Value = str | int | datetime
Convert = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan(Generic[M]):
    """The SQL for one kind of database, where its values go, and how a row of it becomes an object."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[int, ...]
    model: type[M]
    columns: list[str]
    extra: dict[str, int]
    converters: tuple[tuple[int, Sequence[Convert], Any], ...]

    def given(self, values: Sequence[Any]) -> list[Any]:
        """The parameters with these values in their places."""
        params = list(self.params)
        for at, value in zip(self.places, values, strict=True):
            params[at] = value
        return params

    def built(self, row: Sequence[Any]) -> M:
        """The object of one row; annotations become attributes, as Django leaves them."""
        values = list(row)
        for at, converters, expression in self.converters:
            for convert in converters:
                values[at] = convert(values[at], expression, connection)
        one = self.model.from_db(connection.alias, self.columns, values[: len(self.columns)])
        for name, at in self.extra.items():
            setattr(one, name, values[at])
        return one


class Prepared(Generic[M]):
    """A query set of whole rows that is composed at its first use in a process and afterwards only given its values.

    `build` makes the query set from its values (str, int or aware datetime), each of which stands in it once; calling
    the object gives the rows as a list. No select_related: name what is needed of other tables with
    `annotate(officer_name=F("officer__name"))`. Raises ImproperlyConfigured at the first use otherwise.
    """

    def __init__(self, build: "Callable[..., QuerySet[M]]") -> None:
        self._build = build
        self._plans: dict[str, _Plan[M]] = {}

    def __call__(self, *values: Value) -> list[M]:
        """The rows for these values."""
        plan = self._plans.get(connection.vendor) or self._composed(values)
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, plan.given(_for_driver(values)))
            rows = cursor.fetchall()
        return [plan.built(row) for row in rows]

    def _composed(self, values: tuple[Value, ...]) -> _Plan[M]:
        stand_ins = [_stand_in(value, at) for at, value in enumerate(values)]
        rows = self._build(*stand_ins)
        compiler = rows.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        shape = compiler.klass_info
        once = all(params.count(value) == 1 for value in _for_driver(stand_ins))
        whole = rows._iterable_class is ModelIterable  # noqa: SLF001  # values() tells nobody else
        if not (once and whole and shape) or shape.get("related_klass_infos"):
            raise ImproperlyConfigured(f"This query cannot be prepared: {sql}")
        selected = [column for column, _sql, _alias in compiler.select]
        plan = _Plan(
            sql=sql,
            params=tuple(params),
            places=tuple(params.index(value) for value in _for_driver(stand_ins)),
            model=rows.model,
            columns=[selected[at].target.attname for at in shape["select_fields"]],
            extra=dict(compiler.annotation_col_map or {}),
            converters=tuple((at, *how) for at, how in compiler.get_converters(selected).items()),
        )
        self._plans[connection.vendor] = plan
        return plan


def _stand_in(value: Value, at: int) -> Value:
    """A value that is found again among the parameters of the SQL: nobody asks for such a one."""
    if isinstance(value, datetime):
        return datetime(1900, 1, 1 + at, tzinfo=UTC)
    return f"\ue000{at}" if isinstance(value, str) else -1_000_000_007 - at


def _for_driver(values: Sequence[Value]) -> list[Any]:
    """The values as the driver takes them."""
    moment = connection.ops.adapt_datetimefield_value
    return [moment(value) if isinstance(value, datetime) else value for value in values]
