"""Which reports are overdue now: the one question that the front page, /kinerja/ and the Friday sheet share.

Whatever range a page speaks of, an overdue report is overdue: these figures count everything, however long ago it came.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import Count, F, Q, QuerySet

from kanal.reports.models import Report, ReportClock
from kanal.reports.queries.desk_views import OPEN
from kanal.reports.workflow import Clock, Kind

OWED: Final = (Clock.VERIFY, Clock.FOLLOW_UP, Clock.SETTLE)
"""The duties of the government; the reporter's time to judge and to explain is nobody's lateness."""

# Whistle-blowing is in no figure at all: a count by place or agency would already tell that it exists.
COUNTED_KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.WHISTLEBLOWING)

Places = Counter[tuple[int | None, int | None]]
"""How many reports there are by (agency, region)."""


def counted() -> QuerySet[Report]:
    """Every report that may be counted in public."""
    return Report.objects.filter(kind__in=COUNTED_KINDS)


def open_reports() -> QuerySet[Report]:
    """Those of them that still wait for somebody."""
    return counted().filter(OPEN)


def overdue_reports(today: date) -> QuerySet[Report]:
    """The open ones with a duty past its day.

    One that was stopped in time by a question to the reporter is not late; asking late does not heal lateness.
    """
    late = ReportClock.objects.filter(
        Q(paused_on=None) | Q(paused_on__gt=F("due_on")),
        kind__in=OWED,
        met_at=None,
        voided_at=None,
        due_on__lt=today,
    )
    return open_reports().filter(pk__in=late.values("report_id"))


def by_place(reports: QuerySet[Report]) -> Places:
    """Count reports by agency and region."""
    rows: Iterable[tuple[int | None, int | None, int]] = (
        reports.order_by().values_list("agency_id", "region_id").annotate(count=Count("pk"))
    )
    return Counter({(agency, region): count for agency, region, count in rows})
