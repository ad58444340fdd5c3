from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler

MINUTE = 60


def _fixed_offset(tz: ZoneInfo) -> int | None:
    """Minutes east of UTC where clocks are never changed, as everywhere in Indonesia; None elsewhere."""
    year = datetime.now(UTC).year
    found = {tz.utcoffset(datetime(year, month, 1)) for month in range(1, 13)}  # noqa: DTZ001  # a wall clock is asked
    offset = found.pop()
    return None if found or offset is None else int(offset.total_seconds()) // MINUTE


class LocalDay(Func):
    """The day of the regency on which a moment fell, as days since 1 January 2000.

    A whole number, because hundreds of thousands are grouped at once: SQLite counts them itself instead of asking
    Python for each, and neither database has to hand over a date.
    """

    output_field = IntegerField()

    def __init__(self, moment: str, tz: ZoneInfo) -> None:
        super().__init__(moment)
        self.zone = tz.key.replace("'", "")
        self.minutes = _fixed_offset(tz)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        """Count in SQLite itself."""
        # Whole seconds are shifted: SQLite would round fractions, perhaps into tomorrow. Where clocks change,
        # Django's own slower function knows the rules.
        local = (
            f"substr(%(expressions)s, 1, 19), '{self.minutes:+d} minutes'"
            if self.minutes is not None
            else f"django_datetime_cast_date(%(expressions)s, '{self.zone}', 'UTC')"
        )
        template = f"CAST(julianday({local}, 'start of day') - 2451544.5 AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        """PostgreSQL keeps moments in UTC and knows every zone."""
        template = f"((%(expressions)s AT TIME ZONE '{self.zone}')::date - DATE '2000-01-01')"
        return self.as_sql(compiler, connection, template=template, **more)
