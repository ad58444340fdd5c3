"""How many reports need a person because of SP4N-LAPOR!, as columns that other counting takes along."""

from django.db.models import Count, IntegerField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from kanal.channels.lapor.gateway import can_push

# Written out: with bound parameters SQLite would not use the small index over rows with a task.
_ALL = "SELECT count(*) FROM reports_lapormirror WHERE task <> ''"
_OPEN = (
    "SELECT count(*) FROM reports_lapormirror JOIN reports_report ON reports_report.id = reports_lapormirror.report_id"
    " WHERE task <> '' AND NOT reports_report.secret"
)
_NOT_BY_MACHINE = " AND NOT (task = 'enter' AND state IN ('due', 'sending'))"


def gap_columns() -> dict[str, Coalesce]:
    """All of them, and those that are not secret; what the worker hands over by itself needs nobody.

    Columns for an aggregate over any table, as `channels.queries.pending_columns`.
    """
    more = _NOT_BY_MACHINE if can_push() else ""
    return {
        "lapor_gaps": Coalesce(RawSQL(_ALL + more, (), IntegerField()), Count("pk")),  # noqa: S611  # constants
        "lapor_gaps_open": Coalesce(RawSQL(_OPEN + more, (), IntegerField()), Count("pk")),  # noqa: S611  # constants
    }
