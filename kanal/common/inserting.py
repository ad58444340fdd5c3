"""Inserting rows with the statement built once per model: filing a report writes five rows and citizens wait for it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

_AS_THEY_ARE = {
    *(models.CharField, models.TextField, models.BooleanField, models.FloatField),
    *(models.IntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField),
}
"""Columns whose Python value is what the driver takes; asking each field to prepare it costs as much as the INSERT."""


def _is_plain(field: "Field[Any, Any]") -> bool:
    """Whether a value needs no preparing: a column of exactly one of these types, or a key to another row."""
    return type(field) in _AS_THEY_ARE or isinstance(field, models.ForeignKey)


@lru_cache(maxsize=32)
def _parts(model: type[Model], vendor: str) -> tuple[tuple[tuple["Field[Any, Any]", str, bool], ...], str, str, str]:  # noqa: ARG001  # part of the key
    """The columns, and the statement around any number of rows of values."""
    options = model._meta  # noqa: SLF001  # Django's documented _meta API
    fields = [field for field in options.local_concrete_fields if not isinstance(field, models.AutoField)]
    columns_of = tuple((field, field.attname, _is_plain(field)) for field in fields)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    head = f"INSERT INTO {quote(options.db_table)} ({columns}) VALUES "  # noqa: S608  # names of our own tables
    row = f"({', '.join(['%s'] * len(fields))})"
    return columns_of, head, row, f" RETURNING {quote(str(options.pk.column))}"


def _prepared(field: "Field[Any, Any]", row: Model, database: BaseDatabaseWrapper) -> Any:
    value = field.pre_save(row, add=True)
    if value is None or value == "":  # half of a report's dates are not yet, and empty words are not encrypted
        return value
    if isinstance(field, models.DateTimeField):  # asked straight: the field would first look whether it is a moment
        return database.ops.adapt_datetimefield_value(value)
    return field.get_db_prep_save(value, database)


def insert(rows: Sequence[Model], *, skip_known: bool = False) -> bool:
    """Write fresh rows of one model in one statement and give them their keys, in order; returns True.

    Like `Model.save(force_insert=True)` without its signals; for models with one table and an automatic key.
    A row that breaks a unique constraint raises IntegrityError as every insert does. With `skip_known` it is passed
    over instead: then the rows get no keys and the answer is False.
    """
    model, database = type(rows[0]), connections[DEFAULT_DB_ALIAS]  # found once: the proxy looks at each use
    fields, head, row_sql, tail = _parts(model, database.vendor)
    values = [
        getattr(row, name) if plain else _prepared(field, row, database)
        for row in rows
        for field, name, plain in fields
    ]
    known = " ON CONFLICT DO NOTHING" if skip_known else ""
    with database.cursor() as cursor:
        cursor.execute(head + ", ".join([row_sql] * len(rows)) + known + tail, values)
        keys = [key for (key,) in cursor.fetchall()]
    if len(keys) < len(rows):
        return False
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding = False  # noqa: SLF001  # as Django's own save leaves it
        row._state.db = database.alias  # noqa: SLF001  # likewise
    return True
