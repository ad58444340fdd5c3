"""Finding reports by what they say: stems, slang, unfinished words; newest first; filters on top; page by page."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kanal.agencies.models import Regency
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.queries import search
from kanal.reports.queries.search import matching, search_count, search_page
from kanal.reports.workflow import Kind


def file(text: str, number: int, **more: Any) -> Report:
    return actions.file_report(actions.Filing(body=text, submission=f"cari-{number}", **more))


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "WINDOW", 4)


def codes(rows: list[Report]) -> list[str]:
    return [row.tracking_code for row in rows]


@pytest.mark.parametrize("words", ["jalan lubang", "jln bolong", "berlubang", "jalan luba", "DALAN rusak berlubang"])
def test_people_find_it_in_their_own_words(regency: Regency, words: str) -> None:
    wanted = file("Jalan rusak dan berlubang di depan pasar", 1)
    file("Lampu padam di alun-alun", 2)
    assert codes(list(matching(Report.objects.all(), words))) == [wanted.tracking_code]


@pytest.mark.parametrize("words", ["", "   ", "yang di ke", "'); DROP TABLE", '"* OR rowid:*', "\\'", "🙂", "a" * 5000])
def test_odd_queries_find_nothing_and_break_nothing(regency: Regency, words: str) -> None:
    file("Jalan berlubang di depan pasar", 1)
    assert not search_page(Report.objects.all(), words).rows
    assert not matching(Report.objects.all(), words).exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tulisan ꦲꦏ꧀ꦱꦫ ꦗꦮ di gapura rusak", "ꦲꦏ꧀ꦱꦫ"),
        ("Tulisan ꦲꦏ꧀ꦱꦫ ꦗꦮ di gapura rusak", "ꦲꦏ꧀"),
        ("Spanduk مَسْجِد jatuh", "مَسْجِد"),
        ("Kedai ร้านอาหาร menutup trotoar", "ร้านอาหาร "),
        ("Papan 消防 hilang", "消"),
    ],
)
def test_words_in_other_scripts_are_found(regency: Regency, text: str, words: str) -> None:
    wanted = file(text, 1)
    file("Jalan berlubang di depan pasar", 2)
    assert codes(search_page(Report.objects.all(), words).rows) == [wanted.tracking_code]


@given(words=st.text(max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_words_whatever_break_a_search(regency: Regency, words: str) -> None:
    assert not search_page(Report.objects.all(), words).rows
    assert not matching(Report.objects.all(), words).exists()


def test_its_code_finds_it(regency: Regency) -> None:
    wanted = file("Jalan berlubang di depan pasar", 1)
    assert codes(search_page(Report.objects.all(), wanted.tracking_code).rows) == [wanted.tracking_code]


def test_hidden_numbers_and_whistleblowing_are_not_searchable(regency: Regency) -> None:
    file("Hubungi saya di 081234567890 tentang jembatan", 1)
    file("Bendahara meminta uang jembatan", 2, kind=Kind.WHISTLEBLOWING)
    assert not search_page(Report.objects.all(), "081234567890").rows
    assert len(search_page(Report.objects.all(), "jembatan").rows) == 1


@pytest.mark.usefixtures("small_windows")
def test_pages_walk_newest_first_there_and_back(regency: Regency) -> None:
    filed = [file(f"Sampah menumpuk nomor {number}", number) for number in range(11)]
    newest_first = codes(filed)[::-1]
    first = search_page(Report.objects.all(), "sampah", limit=4)
    second = search_page(Report.objects.all(), "sampah", first.next, limit=4)
    third = search_page(Report.objects.all(), "sampah", second.next, limit=4)
    assert [codes(page.rows) for page in (first, second, third)] == [
        newest_first[:4],
        newest_first[4:8],
        newest_first[8:],
    ]
    assert (first.previous, third.next) == (None, None)
    assert codes(search_page(Report.objects.all(), "sampah", third.previous, limit=4).rows) == newest_first[4:8]
    assert codes(search_page(Report.objects.all(), "sampah", second.previous, limit=4).rows) == newest_first[:4]


@pytest.mark.usefixtures("small_windows")
@pytest.mark.parametrize(("few", "widest"), [(1, 1), (1000, 4)], ids=["slice after slice", "ever more at once"])
def test_slices_of_ids_change_nothing_in_what_is_found(
    regency: Regency, monkeypatch: pytest.MonkeyPatch, few: int, widest: int
) -> None:
    for name, value in (("SLICE", 1), ("FEW", few), ("WIDEST", widest)):
        monkeypatch.setattr(search, name, value)
    for number in range(15):
        file(f"Lampu padam nomor {number}" if number % 3 else f"Jalan rusak nomor {number}", number)
    wanted = [row.tracking_code for row in matching(Report.objects.all(), "lampu pad").order_by("-pk")]
    seen, cursor = [], None
    for _page in range(10):
        page = search_page(Report.objects.all(), "lampu pad", cursor, limit=3)
        seen += codes(page.rows)
        cursor = page.next
        if cursor is None:
            break
    assert seen == wanted
    assert search_count(Report.objects.all(), "lampu pad").number == len(wanted)


@pytest.mark.usefixtures("small_windows")
def test_a_common_word_may_be_taken_as_finished_and_a_rare_one_as_begun(regency: Regency) -> None:
    for number in range(5):
        file(f"Jalan rusak nomor {number}", number)
    rare = file("Jalanan macet, lampunya mati", 10)
    common = codes(search_page(Report.objects.all(), "jalan").rows)
    assert len(common) >= 5
    assert codes(search_page(Report.objects.all(), "lampu mat").rows) == [rare.tracking_code]
    assert codes(search_page(Report.objects.all(), "jala").rows)[0] == rare.tracking_code


@pytest.mark.usefixtures("small_windows")
def test_filters_narrow_across_windows(regency: Regency) -> None:
    wanted = file("Sampah di sungai", 0, anonymous=True)
    for number in range(1, 10):
        file(f"Sampah di jalan {number}", number)
    page = search_page(Report.objects.filter(anonymous=True), "sampah", limit=3)
    assert codes(page.rows) == [wanted.tracking_code]


@pytest.mark.usefixtures("small_windows")
def test_counts_are_exact_when_cheap_and_honest_when_not(regency: Regency) -> None:
    for number in range(9):
        file(f"Sampah di jalan {number}", number)
    exact = search_count(Report.objects.all(), "sampah", cap=100, steps=10)
    assert (exact.number, exact.more) == (9, False)
    capped = search_count(Report.objects.all(), "sampah", cap=3)
    assert (capped.number, capped.more) == (3, True)
    unfinished = search_count(Report.objects.filter(anonymous=True), "sampah", steps=1)
    assert (unfinished.number, unfinished.more) == (0, True)
