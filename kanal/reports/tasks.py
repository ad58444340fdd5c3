"""What the worker does for reports: keeps deadlines, climbs to heads, writes the morning letter, lets old things go."""

from collections.abc import Callable
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from kanal.agencies.queries import reference
from kanal.channels.web import parking
from kanal.common.actions import run_soon
from kanal.common.processes import Apart
from kanal.common.tasks import KeepGoing, pump, regularly, rescue
from kanal.reports.actions import (
    attachments,
    digest,
    gathering_photos,
    indexing,
    lapor_folder,
    lapor_mirror,
    lapor_push,
    leftovers,
    outages,
    proposing,
    proving,
    retention,
    sweeping,
    talking,
)
from kanal.reports.forms.performance import usual_scopes
from kanal.reports.queries import alone, learned
from kanal.reports.queries.performance import count_ahead
from kanal.reports.webhooks.actions import outbox
from kanal.reports.webhooks.sending import send_due

HOURLY = timedelta(hours=1)
BEFORE_FIGURES_AGE = timedelta(minutes=4)
TIDYING_SECONDS = 120.0
"""The most of a night that the search index is written anew; what is left over waits for the next."""
RECOMPUTE = "recompute-clocks"

pump("events")(send_due)
rescue("events")(outbox.reap)


def _zone() -> ZoneInfo:
    return reference().tz


def _until_none_is_left(sweep: Callable[[], int]) -> int:
    """A sweep does a few hundred at a time; go on while it finds something."""
    total = 0
    while done := sweep():
        total += done
    return total


@regularly("close-silent", every=HOURLY)
def _close_silent() -> str:
    return f"{_until_none_is_left(sweeping.close_silent)} closed"


@regularly("file-silent-talks", every=timedelta(minutes=5))
def _file_silent_talks() -> str:
    return f"{talking.file_silent_talks()} talks"


@regularly("forget-proofs", every=HOURLY)
def _forget_proofs() -> str:
    return f"{proving.forget_proofs()} codes"


@regularly("archive-unanswered", every=HOURLY)
def _archive_unanswered() -> str:
    return f"{_until_none_is_left(sweeping.archive_unanswered_questions)} archived"


@regularly("escalate-overdue", every=HOURLY)
def _escalate_overdue() -> str:
    return f"{_until_none_is_left(sweeping.escalate_overdue)} escalated"


@regularly("digest", at=time(6, 30), zone=_zone, grace=timedelta(hours=6))
def _digest() -> str:
    return f"{digest.send_digest()} letters"


@regularly("media-outages", every=timedelta(minutes=10))
def _outages() -> str:
    return f"{outages.tell_of_outages()} letters"


@regularly("calendar-warning", at=time(7), zone=_zone)
def _calendar_warning() -> str:
    return f"{digest.warn_of_calendar()} letters"


@regularly(RECOMPUTE, at=time(0, 10), zone=_zone)
def _recompute() -> str:
    return f"{sweeping.recompute_clocks()} moved"


@regularly("retention", at=time(1, 30), zone=_zone)
def _retention() -> str:
    destroyed, anonymised = retention.run()
    return f"{destroyed} destroyed, {anonymised} made anonymous, {sum(leftovers.run().values())} without a report"


@regularly("forget-deliveries", at=time(1, 40), zone=_zone)
def _forget_deliveries() -> str:
    return f"{leftovers.forget_read_deliveries()} rows"


@regularly("tidy-search", at=time(2), zone=_zone)
def _tidy_search() -> str:
    return f"{indexing.tidy(seconds=TIDYING_SECONDS)} steps"


@regularly("parked-photos", every=HOURLY)
def _parked() -> str:
    return f"{parking.sweep()} forms"


@regularly("figures", every=BEFORE_FIGURES_AGE)
def _figures() -> str:
    return f"{count_ahead(usual_scopes())} ranges"


@regularly("files-without-row", at=time(3), zone=_zone)
def _loose_files() -> str:
    return f"{attachments.remove_loose_files() + gathering_photos.remove_loose_sheets()} files"


pump("proposals")(proposing.propose_due)


@regularly("look-for-unproposed", every=timedelta(minutes=10))
def _look_again() -> str:
    alone.look_at_all_again()
    return "looking"


@regularly("forget-proposals", at=time(2, 50), zone=_zone)
def _forget_proposals() -> str:
    return f"{proposing.forget_proposals()} rows"


pump("LAPOR! reports")(lapor_push.push_due)
rescue("LAPOR! reports")(lapor_push.reap_mirrors)


@pump("LAPOR! folder")
def _lapor_folder(keep_going: KeepGoing) -> int:
    return lapor_folder.watch.turn(keep_going)


@regularly("lapor-topics", at=time(2, 10), zone=_zone)
def _lapor_topics() -> str:
    return f"{lapor_push.pull_topics()} topics"


@regularly("lapor-missing", at=time(2, 15), zone=_zone)
def _lapor_missing() -> str:
    if settings.DEMO:  # invented reports belong nowhere else
        return "demo"
    begun, after = lapor_mirror.begin_missing()
    while after:
        more, after = lapor_mirror.begin_missing(after=after)
        begun += more
    return f"{begun} reports, {lapor_mirror.release_held()} released"


def holidays_changed(**_signal: object) -> None:
    """A holiday came or went: count every running deadline anew, once, a few seconds after the last change."""
    run_soon(RECOMPUTE)


@regularly(learned.JOB, at=time(3, 0), zone=_zone, grace=timedelta(hours=12))
def _learn() -> Apart:
    return Apart("learn-routing", seconds=timedelta(minutes=30).total_seconds())


@regularly("forget-events", at=time(2, 45), zone=_zone)
def _forget_events() -> str:
    return f"{outbox.forget()} rows"
