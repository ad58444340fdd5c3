"""What the weekly brief asks of promises: those that are late or due, those that ended in the week, and the account."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from kanal.dialogue.models import Commitment
from kanal.dialogue.queries.promises import standing_filter, standing_of
from kanal.dialogue.workflow import PromiseStatus, Standing

_KEPT = frozenset({Standing.KEPT, Standing.KEPT_LATE})
_ENDED = _KEPT | {Standing.BROKEN, Standing.LATE}


@dataclass(frozen=True, slots=True)
class Week:
    """The promises around a day: past their day or broken in the week before it, due in the week after, and kept.

    `ended` and `kept_of` count by agency those whose day was in this year: kept, broken and late ones, and the kept.
    """

    late: list[Commitment]
    due: list[Commitment]
    kept: list[Commitment]
    ended: Counter[int]
    kept_of: Counter[int]


def week_of(today: date, *, since: datetime) -> Week:
    """The promises as they stand on a day; `since` is when its week began."""
    broken = Q(status=PromiseStatus.BROKEN, changed_at__gte=since)
    late = Commitment.objects.filter(standing_filter(Standing.LATE, today) | broken)
    due = Commitment.objects.filter(standing_filter(Standing.OPEN, today), due_on__lt=today + timedelta(days=7))
    kept = Commitment.objects.filter(status=PromiseStatus.KEPT, met_at__gte=since)
    ended, kept_of = Counter[int](), Counter[int]()
    for one in Commitment.objects.filter(due_on__year=today.year).only("agency_id", "status", "due_on", "kept_on"):
        standing = standing_of(one, today)
        ended[one.agency_id] += standing in _ENDED
        kept_of[one.agency_id] += standing in _KEPT
    return Week(
        late=list(late.order_by("due_on", "pk")),
        due=list(due.order_by("due_on", "pk")),
        kept=list(kept.order_by("kept_on", "pk")),
        ended=ended,
        kept_of=kept_of,
    )
