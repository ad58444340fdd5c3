"""What the worker does for issues: new reports find theirs within seconds, and each night everything is seen anew."""

import subprocess
import sys
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from kanal.agencies.queries import reference
from kanal.common.tasks import pump, regularly
from kanal.issues.actions.remembering import place_new

LONGEST = timedelta(hours=2)

pump("issues")(place_new)


def _zone() -> ZoneInfo:
    return reference().tz


@regularly("mine", at=time(3, 30), zone=_zone, grace=timedelta(hours=6))
def _mine() -> str:
    """In a process of its own: what it loads for counting is gone with it, and the worker stays small."""
    command = [sys.executable, "-m", "kanal", "mine"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LONGEST.total_seconds())  # noqa: S603  # our own command
    return done.stdout.strip()
