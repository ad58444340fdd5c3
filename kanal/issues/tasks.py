"""What the worker does for issues: new reports find theirs within seconds, each night everything is seen anew.

What everybody concerned is told goes out from here too.
"""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from kanal.agencies.queries import reference
from kanal.common.processes import Apart
from kanal.common.tasks import pump, regularly
from kanal.issues.actions.remembering import place_new
from kanal.issues.actions.spreading import spread

LONGEST = timedelta(hours=2)

pump("issues")(place_new)
pump("bulletins")(spread)


def _zone() -> ZoneInfo:
    return reference().tz


@regularly("mine", at=time(3, 30), zone=_zone, grace=timedelta(hours=6))
def _mine() -> Apart:
    return Apart("mine", seconds=LONGEST.total_seconds())
