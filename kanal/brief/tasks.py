"""What the worker does for the brief: every Friday before the office opens it makes all that the week lacks."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from kanal.agencies.queries import reference
from kanal.brief import queries
from kanal.brief.weeks import this_friday
from kanal.common.processes import Apart
from kanal.common.tasks import regularly

LONGEST = timedelta(hours=2)
FRIDAY = 4


def _zone() -> ZoneInfo:
    return reference().tz


@regularly("weekly-brief", at=time(4, 30), zone=_zone, grace=timedelta(hours=20))
def _make() -> Apart | str:
    """On Saturday and Sunday what was left undone on Friday: a worker that stood still loses no week."""
    today = reference().today()
    if today.weekday() < FRIDAY or not queries.missing(this_friday(today)):
        return "nothing to make"
    return Apart("brief", "--all", seconds=LONGEST.total_seconds())
