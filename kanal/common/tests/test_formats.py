"""How dates, numbers and lists are said."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kanal.common import formats

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 25, 10, 20, tzinfo=WIB)


@pytest.fixture(autouse=True)
def wednesday_25_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), translation.override("id"):
        yield


def test_days_are_said_with_their_weekday_and_the_year_only_when_it_differs() -> None:
    assert formats.day(date(2026, 11, 27)) == "Jumat, 27 November"
    assert formats.day(date(2025, 4, 11)) == "Jumat, 11 April 2025"
    assert formats.short_day(date(2026, 8, 7)) == "Jumat, 7 Agu"
    assert formats.tiny_day(date(2025, 12, 31)) == "31 Des 2025"


def test_times_are_those_of_the_regency() -> None:
    before_midnight_in_london = datetime(2026, 11, 26, 23, 14, tzinfo=UTC)
    assert formats.day_time(before_midnight_in_london) == "Jumat, 27 November, 06.14"
    assert formats.short_day_time(before_midnight_in_london) == "Jumat, 27 Nov, 06.14"
    assert formats.clock_time(before_midnight_in_london) == "06.14"
    assert formats.iso(before_midnight_in_london) == "2026-11-27T06:14+07:00"
    assert formats.iso(date(2026, 11, 27)) == "2026-11-27"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=20), "baru saja"),
        (timedelta(minutes=1), "1 menit lalu"),
        (timedelta(minutes=5), "5 menit lalu"),
        (timedelta(hours=3), "3 jam lalu"),
        (timedelta(hours=20), "kemarin"),
        (timedelta(days=3), "3 hari lalu"),
        (timedelta(days=7), "Rabu, 18 Nov"),
        (timedelta(days=-2), "Jumat, 27 Nov"),
    ],
)
def test_distance_to_the_past_is_said_roughly(before: timedelta, said: str) -> None:
    assert formats.ago(NOW - before) == said


@pytest.mark.parametrize(
    ("left", "said", "in_english"),
    [
        (2, "2 hari kerja lagi", "2 working days left"),
        (1, "1 hari kerja lagi", "1 working day left"),
        (0, "hari ini", "today"),
        (-1, "lewat 1 hari kerja", "1 working day overdue"),
        (-4, "lewat 4 hari kerja", "4 working days overdue"),
    ],
)
def test_a_deadline_says_how_far_it_is(left: int, said: str, in_english: str) -> None:
    assert formats.distance_days(left) == said
    with translation.override("en"):
        assert formats.distance_days(left) == in_english


def test_periods_say_nothing_twice() -> None:
    assert formats.period(date(2026, 11, 18), date(2026, 11, 24)) == "18–24 November 2026"
    assert formats.period(date(2026, 10, 28), date(2026, 11, 3)) == "28 Oktober – 3 November 2026"
    assert formats.period(date(2025, 12, 29), date(2026, 1, 2)) == "29 Desember 2025 – 2 Januari 2026"
    assert formats.period(date(2026, 11, 24), date(2026, 11, 24)) == "24 November 2026"
    assert formats.month(date(2026, 5, 1)) == "Mei 2026"
    assert formats.month(date(2026, 5, 1), short=True) == "Mei"


def test_numbers_use_the_marks_of_the_language() -> None:
    assert formats.number(1302) == "1.302"
    assert formats.number(-1234567) == "-1.234.567"
    assert formats.decimal(2.13) == "2,1"
    assert formats.decimal(4) == "4,0"
    assert formats.percent(0.861) == "86,1%"
    assert formats.percent(0.88, 0) == "88%"


def test_rounding_is_half_up_from_the_digits_one_sees() -> None:
    assert formats.decimal(2.125, 2) == "2,13"
    assert formats.decimal(1.005, 2) == "1,01"
    assert formats.percent(0.8125) == "81,3%"
    assert formats.number(-0.4) == "0"


def test_file_sizes_are_decimal() -> None:
    assert formats.filesize(340) == "340 B"
    assert formats.filesize(1_240_000) == "1,2 MB"
    assert formats.filesize(20_000_000) == "20 MB"


def test_names_are_joined_as_in_a_sentence() -> None:
    assert formats.join_names(["a", "b", "c"]) == "a, b, dan c"
    assert formats.join_names(["a", "b"]) == "a dan b"
    assert formats.join_names(["a"]) == "a"
    assert formats.join_names([]) == ""


def test_english_has_its_own_order_and_marks() -> None:
    with translation.override("en"):
        assert formats.day(date(2026, 11, 27)) == "Friday, 27 November"
        assert formats.short_day(date(2026, 11, 27)) == "Fri, 27 Nov"
        assert formats.clock_time(NOW) == "10:20"
        assert formats.number(1302) == "1,302"
        assert formats.percent(0.861) == "86.1%"
        assert formats.join_names(["a", "b", "c"]) == "a, b, and c"
        assert formats.ago(NOW - timedelta(days=1)) == "yesterday"


@pytest.mark.parametrize(
    "say", [formats.day, formats.day_time, formats.ago, formats.number, formats.percent, formats.distance_days]
)
def test_a_missing_value_is_a_dash(say: Callable[[None], str]) -> None:
    assert say(None) == "–"


def test_own_words_become_paragraphs_without_becoming_markup() -> None:
    said = formats.paragraphs("Jalan rusak\r\nsejak <b>Mei</b>\n\n\n  https://contoh.id  ")
    assert said == ('<p dir="auto">Jalan rusak<br>sejak &lt;b&gt;Mei&lt;/b&gt;</p><p dir="auto">https://contoh.id</p>')
    assert formats.paragraphs(None) == ""


@given(st.text())
def test_no_text_breaks_out_of_its_paragraph(text: str) -> None:
    inner = formats.paragraphs(text).replace('<p dir="auto">', "").replace("</p>", "").replace("<br>", "")
    assert "<" not in inner
    assert ">" not in inner


@given(st.floats(min_value=0, max_value=1e9))
def test_an_axis_always_reaches_its_highest_value_in_few_even_steps(highest: float) -> None:
    marks = formats.ticks(highest)
    assert marks[-1] >= highest
    assert len(marks) <= 4
    assert {after - before for before, after in zip([0, *marks], marks, strict=False)} == {marks[0]}


def test_an_axis_uses_round_numbers() -> None:
    assert formats.ticks(147) == [50, 100, 150]
    assert formats.ticks(0) == [1]
