"""What YouTube allows in a day, in units of its own: a question costs 1, an answer 50. The day is California's.

What questions cost stands in the cursor, written with the page that it brought; what answers cost is noted just before
they leave. So both survive a worker that dies.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from kanal.channels.models import MediumState

HERE = ZoneInfo("America/Los_Angeles")
QUESTION, ANSWER = 1, 50
SENDING = 2 * QUESTION + ANSWER
"""One answer at most: is it there already, the answer, and once more when the line breaks."""


def day_of(now: datetime) -> date:
    """The day to which YouTube counts a moment."""
    return now.astimezone(HERE).date()


def until_reset(now: datetime) -> timedelta:
    """How long it is to the next midnight in California, when everything may be asked anew."""
    midnight = datetime.combine(day_of(now) + timedelta(days=1), time(), tzinfo=HERE)
    return midnight.astimezone(now.tzinfo) - now + timedelta(minutes=1)


def used_by_answers(state: MediumState, now: datetime) -> int:
    """What answers of this day cost, or may have cost."""
    return state.spent if state.spent_on == day_of(now) else 0


def left_to_ask(used_by_questions: int, used_by_answers: int) -> int:
    """What may still be spent on questions: half of the day at most, so that answers always have the other half."""
    have = int(settings.YOUTUBE["units_a_day"])
    return max(0, min(have // 2 - used_by_questions, have - used_by_questions - used_by_answers))


def left_to_answer(used_by_questions: int, used_by_answers: int) -> int:
    """What may still be spent on answers."""
    return int(settings.YOUTUBE["units_a_day"]) - used_by_questions - used_by_answers
