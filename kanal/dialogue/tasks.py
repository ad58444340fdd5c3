"""What the worker does for dialogue: reminders of promises, word to the heads, what is forgotten, loose photos."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from kanal.agencies.queries import reference
from kanal.common.tasks import regularly
from kanal.dialogue.actions import clock
from kanal.dialogue.actions.forgetting import forget_askers
from kanal.dialogue.actions.promises import remove_loose_photos

HOURLY = timedelta(hours=1)


def _zone() -> ZoneInfo:
    return reference().tz


@regularly("remind-of-promises", every=HOURLY)
def _remind() -> str:
    return f"{clock.remind()} promises"


@regularly("late-promises", every=HOURLY)
def _escalate() -> str:
    return f"{clock.escalate()} promises"


@regularly("forget-askers", at=time(3, 20), zone=_zone)
def _forget_askers() -> str:
    return f"{forget_askers()} questions"


@regularly("promise-photos-without-row", at=time(3, 10), zone=_zone)
def _loose_photos() -> str:
    return f"{remove_loose_photos()} files"
