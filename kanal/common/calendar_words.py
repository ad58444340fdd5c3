"""What a working calendar says to people, in their language. The calendar itself keeps Indonesian phrases as data."""

from typing import Final

import holidays
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kanal.common import formats
from kanal.common.calendar import (
    COLLECTIVE_LEAVE,
    ESTIMATED,
    LOCAL_HOLIDAY,
    WAITING,
    WEEKDAYS,
    DayNote,
    WorkingCalendar,
    national,
)

_PACKAGE_LANGUAGE: Final = {"en": "en_US"}
_ENDINGS: Final = ("(estimated)", "Joint Holiday")
"""What the holidays package adds to an English name and our own sentences say already."""
_DAYS: Final = (
    *(gettext_lazy("Senin"), gettext_lazy("Selasa"), gettext_lazy("Rabu"), gettext_lazy("Kamis")),
    *(gettext_lazy("Jumat"), gettext_lazy("Sabtu"), gettext_lazy("Minggu")),
)
_SAID: Final[dict[str, Promise]] = {
    **dict(zip(WEEKDAYS, _DAYS, strict=True)),
    WAITING: pgettext_lazy("hitungan tenggat", "menunggu keterangan"),
    LOCAL_HOLIDAY: gettext_lazy("libur daerah"),
}


def why_off(note: DayNote) -> str:
    """Why a day of a shown calculation does not count. What the regency calls a day off of its own stays as it is."""
    if note.reason in _SAID:
        return str(_SAID[note.reason])
    year, language = note.date.year, _PACKAGE_LANGUAGE.get(get_language() or "", "id")
    if national(year, holidays.PUBLIC).get(note.date) == note.reason:
        return _estimated(_bare(national(year, holidays.PUBLIC, language)[note.date]), note.reason)
    leave = national(year, holidays.GOVERNMENT).get(note.date, "")
    if leave and note.reason == f"{COLLECTIVE_LEAVE}: {_bare(leave)}":
        name = _bare(national(year, holidays.GOVERNMENT, language)[note.date])
        return _("cuti bersama: %(name)s") % {"name": name}
    return note.reason


def _bare(name: str) -> str:
    for ending in (*_ENDINGS, ESTIMATED):
        name = name.replace(ending, "")
    return name.removeprefix("Cuti Bersama").strip()


def _estimated(name: str, reason: str) -> str:
    return _("%(name)s (perkiraan)") % {"name": name} if ESTIMATED in reason else name


def warning(calendar: WorkingCalendar, year: int) -> str:
    """Say what is not yet certain about `year`; "" when all is known. Raises ValueError outside the calendar."""
    sentences = []
    if not calendar.confirmed(year):
        leave = _("Cuti bersama %(year)s belum diketahui; tenggat di tahun itu masih dapat mundur.")
        sentences.append(leave % {"year": year})
    language = _PACKAGE_LANGUAGE.get(get_language() or "", "id")
    if days := calendar.estimated(year):
        names = national(year, holidays.PUBLIC, language)
        listed = ", ".join(f"{formats.day_of_month(day)} ({_bare(names[day])})" for day in days)
        dates = _("Hari libur %(year)s yang tanggalnya masih perkiraan: %(days)s.")
        sentences.append(dates % {"year": year, "days": listed})
    return " ".join(sentences)
