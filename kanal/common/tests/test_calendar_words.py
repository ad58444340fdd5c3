"""Why a day does not count and what is not yet certain, said in the reader's language."""

from datetime import date

import pytest
from django.utils import translation

from kanal.common.calendar import DayNote, WorkingCalendar
from kanal.common.calendar_words import warning, why_off

CALENDAR = WorkingCalendar()
WITHOUT_LEAVE = WorkingCalendar(count_collective_leave=False)


def off(day: date, calendar: WorkingCalendar = CALENDAR) -> DayNote:
    return DayNote(day, counted=False, number=None, reason=calendar.reason(day))


@pytest.mark.parametrize(
    ("day", "indonesian", "english"),
    [
        (date(2026, 11, 21), "Sabtu", "Saturday"),
        (date(2026, 12, 25), "Hari Raya Natal", "Christmas Day"),
        (date(2026, 12, 24), "cuti bersama: Hari Raya Natal", "collective leave: Christmas"),
        (date(2027, 3, 10), "Hari Raya Idul Fitri (perkiraan)", "Eid al-Fitr (estimated)"),
    ],
)
def test_a_day_off_has_its_reason_in_the_language_of_the_reader(day: date, indonesian: str, english: str) -> None:
    assert why_off(off(day)) == indonesian
    with translation.override("en"):
        assert why_off(off(day)) == english


def test_waiting_is_said_too() -> None:
    note = CALENDAR.explain(date(2026, 11, 18), 2, [(date(2026, 11, 19), date(2026, 11, 23))])[1]
    assert why_off(note) == "menunggu keterangan"
    with translation.override("en"):
        assert why_off(note) == "waiting for information"


def test_the_regencys_own_name_of_a_day_stays_and_a_nameless_one_is_a_local_holiday() -> None:
    calendar = WorkingCalendar({date(2026, 10, 20): ("Hari Jadi Bojonegoro", False), date(2026, 10, 21): ("", False)})
    with translation.override("en"):
        assert why_off(off(date(2026, 10, 20), calendar)) == "Hari Jadi Bojonegoro"
        assert why_off(off(date(2026, 10, 21), calendar)) == "local holiday"


def test_it_says_what_is_not_yet_certain() -> None:
    assert warning(CALENDAR, 2026) == ""
    assert warning(CALENDAR, 2027) == (
        "Hari libur 2027 yang tanggalnya masih perkiraan: 10 Maret (Hari Raya Idul Fitri), "
        "11 Maret (Hari kedua dari Hari Raya Idul Fitri), 17 Mei (Hari Raya Idul Adha)."
    )
    assert warning(CALENDAR, 2028).startswith(
        "Cuti bersama 2028 belum diketahui; tenggat di tahun itu masih dapat mundur. Hari libur 2028"
    )
    assert "Cuti bersama" not in warning(WITHOUT_LEAVE, 2028)


def test_it_says_so_in_english() -> None:
    with translation.override("en"):
        assert warning(CALENDAR, 2028).startswith(
            "The collective leave of 2028 is not known yet; deadlines in that year may still move back. "
        )
        assert "10 March (Eid al-Fitr)" in warning(CALENDAR, 2027)
