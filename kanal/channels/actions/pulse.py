"""How each medium fares, noted in one row: for the health page, and to leave a platform alone when it asks for that."""

from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import F, Q
from django.utils import timezone

from kanal.channels.models import MediumState
from kanal.common.prepared import Prepared

PAUSE = timedelta(seconds=30)
"""How long to wait for a platform that cannot be reached and does not say how long."""

NEARLY = timedelta(seconds=10)
OUTAGE = timedelta(minutes=30)
"""After so long without one success failures are an outage, of which people are told; most troubles are over before."""
FORGOTTEN = timedelta(hours=1)
"""When nothing was tried for so long after a pause (nothing was due), the next failure is the first of its own."""


_known: Prepared[MediumState] = Prepared(lambda medium: MediumState.objects.filter(medium=medium))


def _row(medium: str) -> None:
    MediumState.objects.get_or_create(medium=medium)


def _note(medium: str, **changes: object) -> None:
    if not MediumState.objects.filter(medium=medium).update(**changes):
        _row(medium)
        MediumState.objects.filter(medium=medium).update(**changes)


def note_in(medium: str, *, at: datetime) -> None:
    """Something came in. Noted to within NEARLY, never back in time: in a burst all workers would meet at this row.

    What this process saw there stays in its memory for as long, because every filing asks.
    """
    mark = f"last-in:{medium}"
    seen = cache.get(mark)
    if seen is not None and at - NEARLY < seen:
        return
    noted = next((row.last_in_at for row in _known(medium)), None)
    if noted is None or noted <= at - NEARLY:
        _note(medium, last_in_at=at)
        noted = at
    cache.set(mark, noted, NEARLY.total_seconds())


def note_out(medium: str) -> None:
    """Something went out: the platform works, whatever was said of it before."""
    changes = {"alarm": "", "alarm_at": None, "paused_until": None, "failing_since": None, "down_since": None}
    _note(medium, last_out_at=timezone.now(), **changes)


def reached(medium: str) -> None:
    """The platform answered as it should to something else than a message of ours: an outage is over."""
    failing = MediumState.objects.filter(medium=medium, failing_since__isnull=False)
    failing.update(failing_since=None, down_since=None)


def alarm(medium: str, *, sentence: str) -> None:
    """Say that somebody must act, without holding anything up; an empty sentence says that it is done."""
    _note(medium, alarm=sentence[:300], alarm_at=timezone.now() if sentence else None)


def note_refused(medium: str) -> None:
    """Somebody knocked without the right signature."""
    _note(medium, refused=F("refused") + 1, refused_at=timezone.now())


def pause(medium: str, *, sentence: str, for_: timedelta | None, alarm: bool, looking: bool = False) -> datetime:
    """Leave a platform alone for a while; with `alarm` the sentence tells people to act. Returns until when.

    `looking`: it failed when it was asked for news.
    """
    now = timezone.now()
    until = now + (for_ or PAUSE)
    _note(medium, paused_until=until, **_failed(medium, sentence, now, alarm=alarm, looking=looking))
    return until


def _failed(medium: str, sentence: str, now: datetime, *, alarm: bool, looking: bool) -> dict[str, object]:
    """What a failure changes. One with an alarm is no outage: the platform answers, and what to do is said."""
    changes: dict[str, object] = {"trouble": sentence[:300]}
    failing, down = ("looks_failing_since", "looks_down_since") if looking else ("failing_since", "down_since")
    if alarm:
        return {**changes, "alarm": sentence[:300], "alarm_at": now, failing: None, down: None}
    row = next(iter(_known(medium)), MediumState())
    if getattr(row, down):
        return changes
    since: datetime = getattr(row, failing) or now
    tried = max(filter(None, (row.paused_until, row.looked_at if looking else None)), default=now)
    since = now if now - tried > FORGOTTEN else since
    return {**changes, failing: since, down: since if now - since >= OUTAGE else None}


def paused(at: datetime | None = None) -> dict[str, datetime]:
    """The media that are left alone just now, each with the moment until which."""
    rows = MediumState.objects.filter(paused_until__gt=at or timezone.now())
    return {medium: until for medium, until in rows.values_list("medium", "paused_until") if until}


def cursor_of(medium: str) -> tuple[str, datetime | None]:
    """Where the last look at a platform ended, and when that was."""
    row = MediumState.objects.filter(medium=medium).first()
    return (row.cursor, row.looked_at) if row else ("", None)


def take_line(medium: str, worker: str, *, until: datetime) -> bool:
    """Take the one line on which news of a platform are awaited, or keep it. False when another worker has it."""
    ours = Q(held_by=worker) | Q(held_until=None) | Q(held_until__lt=timezone.now())
    _row(medium)
    return bool(MediumState.objects.filter(ours, medium=medium).update(held_by=worker, held_until=until))


def let_go(medium: str, worker: str) -> None:
    """Let another worker await news there at once."""
    MediumState.objects.filter(medium=medium, held_by=worker).update(held_by="", held_until=None)


def look_later(medium: str, *, sentence: str, for_: timedelta | None, alarm: bool) -> None:
    """Ask a platform for news later, while messages go on leaving; with `alarm` the sentence tells people to act."""
    now = timezone.now()
    changes = _failed(medium, sentence, now, alarm=alarm, looking=True)
    _note(medium, looked_at=now + (for_ or timedelta()), **changes)


def looked(medium: str, *, cursor: str, used: int, alarm: str = "") -> None:
    """Note where a look ended and what it used of the platform's allowance for the day.

    That ends an alarm, unless sending rests: looking says nothing of the server that answers go to. `alarm` begins one.
    """
    now = timezone.now()
    ended = {"looks_failing_since": None, "looks_down_since": None}
    _note(medium, cursor=cursor, looked_at=now, used_today=_used_today(medium, used, now), **ended)
    alarmed = MediumState.objects.filter(medium=medium).exclude(alarm="").exclude(paused_until__gt=now)
    alarmed.exclude(alarm=alarm[:300]).update(alarm="", alarm_at=None)
    if alarm:
        MediumState.objects.filter(medium=medium, alarm="").update(alarm=alarm[:300], alarm_at=now)


def spent(medium: str, used: int, *, on: date | None = None) -> None:
    """Note what sending used of the platform's allowance; `on` is the day to which the platform itself counts it."""
    changes: dict[str, object] = {"used_today": _used_today(medium, used, timezone.now())}
    if on:
        known = MediumState.objects.filter(medium=medium, spent_on=on).exists()
        changes |= {"spent": F("spent") + used if known else used, "spent_on": on}
    _note(medium, **changes)


def state_of(medium: str) -> MediumState:
    """What is noted of a medium; nothing yet for one of which nothing is."""
    return MediumState.objects.filter(medium=medium).first() or MediumState(medium=medium)


def _used_today(medium: str, used: int, now: datetime) -> object:
    row, _made = MediumState.objects.get_or_create(medium=medium)
    same_day = row.looked_at is not None and timezone.localdate(row.looked_at) == timezone.localdate(now)
    return F("used_today") + used if same_day else used
