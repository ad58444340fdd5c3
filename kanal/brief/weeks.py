"""Which week a brief is of. The ISO week names it; its days are the seven before the Friday of that week."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.reports.figures import friday_for

WEEK = timedelta(days=7)
_NAMED = re.compile(r"(\d{4})-?W(\d{2})", re.IGNORECASE)


def friday_of(name: str, today: date) -> date:
    """The Friday of an ISO week such as 2026-W47. Raises Refused (400) for no such week and for one that is ahead."""
    found = _NAMED.fullmatch(name.strip())
    latest = friday_for(today)
    try:
        friday = date.fromisocalendar(int(found[1]), int(found[2]), 5) if found else None
    except ValueError:
        friday = None
    if friday is None:
        sentence = _("Pekan “%(name)s” tidak ada. Tulis seperti %(example)s.")
        raise Refused(sentence % {"name": name[:20], "example": name_of(latest)}, status=400)
    if friday > latest:
        sentence = _("Pekan %(name)s belum selesai. Lembar terbaru: %(latest)s.")
        raise Refused(sentence % {"name": name_of(friday), "latest": name_of(latest)}, status=400)
    return friday


def name_of(friday: date) -> str:
    """The ISO week of a day, such as 2026-W47."""
    year, week, _day = friday.isocalendar()
    return f"{year}-W{week:02}"


def this_friday(today: date) -> date:
    """The meeting whose brief is wanted: tomorrow's on a Thursday, today's on a Friday, otherwise the last one."""
    return friday_for(today)
