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


def in_words(friday: date) -> str:
    """The week of a day as people say it: pekan 47 tahun 2026."""
    year, week, _day = friday.isocalendar()
    return _("pekan %(week)s tahun %(year)s") % {"week": week, "year": year}


def name_in_words(name: str) -> str:
    """The same of a kept name such as 2026-W47; what is no such name stays as it is."""
    found = _NAMED.fullmatch(name)
    return _("pekan %(week)s tahun %(year)s") % {"week": int(found[2]), "year": found[1]} if found else name


def this_friday(today: date) -> date:
    """The meeting whose brief is wanted: tomorrow's on a Thursday, today's on a Friday, otherwise the last one."""
    return friday_for(today)
