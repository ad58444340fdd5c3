"""After a change of the word lists every report is found by the new words: in steps, stopped and gone on with."""

import json
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from kanal.reports.actions import indexing, reindexing
from kanal.reports.management.commands import rebuild_search
from kanal.reports.models import Report
from kanal.reports.queries.search import matching
from kanal.reports.workflow import Kind
from tests.support.issues import tell


@pytest.fixture
def stale(regency: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """Seven reports in the index under words of yesterday."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(reindexing, "AT_ONCE", 3)
    told = tell(7, "Jembatan gantung miring")
    indexing.index([(report.pk, "katalama") for report in told])
    return told


def found(words: str) -> int:
    return matching(Report.objects.all(), f"{words} ").count()


def rebuild() -> str:
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    return out.getvalue()


def test_every_report_is_found_by_its_words_of_today(stale: list[Report]) -> None:
    assert (found("katalama"), found("jembatan")) == (7, 0)
    assert "untuk 7 laporan" in rebuild()
    assert (found("katalama"), found("jembatan")) == (0, 7)
    assert "untuk 7 laporan" in rebuild()


def test_whistle_blowing_leaves_the_index(stale: list[Report]) -> None:
    Report.objects.filter(pk=stale[0].pk).update(kind=Kind.WHISTLEBLOWING, secret=True, published=False)
    rebuild()
    assert (found("katalama"), found("jembatan")) == (0, 6)


def _stop_after_two_steps() -> None:
    steps = iter(range(2))
    whole = reindexing.reindex_next

    def step(after: int) -> int | None:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return whole(after)

    with patch.object(rebuild_search, "reindex_next", step), pytest.raises(CommandError, match="Dihentikan"):
        rebuild()


def test_stopped_half_way_the_next_run_goes_on(stale: list[Report]) -> None:
    _stop_after_two_steps()
    assert (found("katalama"), found("jembatan")) == (1, 6)
    indexing.index([(stale[0].pk, "tidakdisentuh")])
    said = rebuild()
    assert "Melanjutkan: 6 laporan" in said
    assert "untuk 7 laporan" in said
    assert (found("katalama"), found("tidakdisentuh")) == (0, 1)


def test_when_the_lists_changed_again_it_begins_anew(stale: list[Report]) -> None:
    _stop_after_two_steps()
    indexing.index([(stale[0].pk, "katalama")])
    with patch.object(rebuild_search, "_lists", return_value="lain"):
        assert "Melanjutkan" not in rebuild()
    assert found("katalama") == 0


@pytest.mark.parametrize("kept", ["", "{", "[]", json.dumps({"words": "lain"}), "\x00\x00"])
def test_a_damaged_note_of_where_it_stood_only_costs_time(stale: list[Report], kept: str, tmp_path: Path) -> None:
    (tmp_path / "rebuild-search.json").write_text(kept, encoding="utf-8")
    rebuild()
    assert found("katalama") == 0


def test_two_runs_take_turns(stale: list[Report]) -> None:
    with rebuild_search._progress_file(), pytest.raises(CommandError, match="sedang berjalan"):
        rebuild()
