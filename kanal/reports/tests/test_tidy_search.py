"""What is destroyed leaves the search index too, not only the lists that are made from it."""

import pytest
from django.db import connection

from kanal.reports.actions import indexing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's own housekeeping does this"),
]


def in_segments(word: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM reports_search_data WHERE instr(block, %s) LIMIT 1", [word.encode()])
        return cursor.fetchone() is not None


def segments() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT segid) FROM reports_search_idx")
        return int(cursor.fetchone()[0])


@pytest.fixture
def _one_is_gone(regency: object) -> None:
    for number in range(1, 40):
        indexing.index([(number, f"lampu jalan padam nomor{number}")])
    indexing.index([(40, "zyxwvut lampu")])
    indexing.unindex([40])


@pytest.mark.usefixtures("_one_is_gone")
def test_a_destroyed_word_leaves_the_segments_at_night() -> None:
    assert in_segments("zyxwvut"), "taken out, it is only marked as gone"
    indexing.tidy(seconds=60)
    assert not in_segments("zyxwvut")
    assert segments() == 1
    assert indexing.tidy(seconds=60) == 0, "nothing is left to do"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_search WHERE reports_search MATCH 'lampu'")
        assert cursor.fetchone()[0] == 39


@pytest.mark.usefixtures("_one_is_gone")
def test_what_the_time_did_not_suffice_for_is_done_the_next_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_PAGES", 1)
    for _night in range(200):
        if not indexing.tidy(seconds=0) and segments() == 1:
            break
    assert not in_segments("zyxwvut")
    assert segments() == 1
