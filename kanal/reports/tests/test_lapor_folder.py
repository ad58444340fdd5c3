"""The watched folder: exports that are dropped there come in once, whole, and show what became of them."""

import csv
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels.lapor import Export
from kanal.channels.lapor.folder import DONE, SETTLED, Folder
from kanal.channels.models import MediumState
from kanal.reports.actions import importing, lapor_folder
from kanal.reports.actions.lapor_folder import Watch
from kanal.reports.models import LaporFile, Report
from tests.support.lapor import settings_for

pytestmark = pytest.mark.usefixtures("regency")
LONG_AGO = 3600.0


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.LAPOR = settings_for(folder=str(tmp_path))
    return tmp_path


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(lapor_folder, "LOOK_EVERY", -1.0)
    one = Watch()
    yield one
    one.forget()


def drop(folder: Path, *numbers: int, name: str = "laporan.csv", age: float = LONG_AGO, **cells: str) -> Path:
    """Put an export into the folder that was last written `age` seconds ago."""
    path = folder / name
    usual = {"Tracking ID": "", "Tanggal Laporan Masuk": "29 May 2023", "Judul Laporan": "Jalan rusak", **cells}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, usual)
        writer.writeheader()
        writer.writerows(usual | {"Tracking ID": str(number)} for number in numbers)
    at = time.time() - age
    os.utime(path, (at, at))
    return path


def work(watch: Watch) -> None:
    """Let the worker look until nothing is left to do."""
    while watch.turn(lambda: True):
        pass


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".") and path.is_file()}


def test_a_dropped_export_comes_in_and_is_put_away(folder: Path, watch: Watch) -> None:
    drop(folder, 7000001, 7000002)
    work(watch)
    assert Report.objects.filter(medium="lapor").count() == 2
    assert names(folder) == set()
    assert names(folder / DONE) == {"laporan.csv"}
    row = LaporFile.objects.get()
    assert (row.state, row.read, row.added, row.refused, row.message) == ("done", 2, 2, 0, "")
    assert MediumState.objects.get(medium="lapor").last_in_at


def test_a_file_twice_changes_nothing_and_both_are_kept(folder: Path, watch: Watch) -> None:
    drop(folder, 7000001)
    work(watch)
    before = list(Report.objects.values())
    drop(folder, 7000001)
    work(watch)
    assert list(Report.objects.values()) == before
    assert len(names(folder / DONE)) == 2


def test_a_file_that_is_still_being_written_is_waited_for(folder: Path, watch: Watch) -> None:
    path = drop(folder, 7000001, age=0)
    assert watch.turn(lambda: True) == 0
    drop(folder, 7000001, 7000002, age=0)
    later = time.time() + SETTLED + 1
    assert watch.turn(lambda: True, clock=lambda: later - SETTLED) == 0, "it has just grown"
    while watch.turn(lambda: True, clock=lambda: later + 1):
        pass
    assert Report.objects.count() == 2
    assert not path.exists()


def test_a_clock_that_runs_ahead_elsewhere_only_delays_a_file(folder: Path) -> None:
    drop(folder, 1, age=-LONG_AGO)
    watched, now = Folder(folder), time.time()
    assert not watched.whole(now=now)
    assert not watched.whole(now=now + SETTLED - 1)
    assert [mark.name for mark in watched.whole(now=now + SETTLED)] == ["laporan.csv"]


@pytest.mark.parametrize("name", [".laporan.csv", "~$laporan.xlsx", "laporan.csv.part", "a.crdownload", "a.tmp"])
def test_what_programs_leave_while_they_write_is_not_looked_at(folder: Path, watch: Watch, name: str) -> None:
    drop(folder, 7000001, name=name)
    work(watch)
    assert not LaporFile.objects.exists()


def test_links_and_folders_are_not_looked_at(
    folder: Path, watch: Watch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = drop(tmp_path_factory.mktemp("lain"), 7000001)
    (folder / "laporan.csv").symlink_to(elsewhere)
    (folder / "map.csv").mkdir()
    work(watch)
    assert not Report.objects.exists()
    assert elsewhere.exists()


def test_refused_lines_lie_beside_the_file_which_stays(folder: Path, watch: Watch) -> None:
    drop(folder, 7000001, 0)
    work(watch)
    assert names(folder) == {"laporan.csv", "laporan.csv-ditolak.csv"}
    assert Report.objects.count() == 1
    row = LaporFile.objects.get()
    assert (row.state, row.added, row.refused) == ("kept", 1, 1)
    assert "laporan.csv-ditolak.csv" in row.message
    assert "bukan nomor" in (folder / "laporan.csv-ditolak.csv").read_text()
    work(watch)
    assert LaporFile.objects.get().attempts == 0, "it is not read again and again"


def test_a_mended_file_goes_and_takes_its_report_along(folder: Path, watch: Watch) -> None:
    drop(folder, 7000001, 0)
    work(watch)
    drop(folder, 7000001, 7000002, age=LONG_AGO - 60)
    work(watch)
    assert names(folder) == set()
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "kosong"),
        (b"<html><table></table></html>", "halaman web"),
        (b"PK\x03\x04rusak", "rusak"),
        (b"a,b\n1,2\n", "judul"),
    ],
)
def test_what_is_no_export_stays_with_a_sentence_beside_it(
    folder: Path, watch: Watch, content: bytes, why: str
) -> None:
    path = drop(folder, name="laporan.xlsx")
    path.write_bytes(content)
    os.utime(path, (1, 1))
    drop(folder, 7000001, name="zz.csv")
    work(watch)
    assert names(folder) == {"laporan.xlsx", "laporan.xlsx-ditolak.csv"}
    assert why in LaporFile.objects.get(name="laporan.xlsx").message
    assert why in (folder / "laporan.xlsx-ditolak.csv").read_text()
    assert Report.objects.count() == 1, "the others are not held up"


def test_the_page_sees_how_far_it_is_and_a_stopped_worker_goes_on(
    folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    drop(folder, *range(7000001, 7000008))
    answers = iter([True, True, False])
    watch.turn(lambda: next(answers))
    row = LaporFile.objects.get()
    assert (row.state, row.read, row.expected) == ("reading", 4, 7)
    watch.forget()
    work(watch)
    row.refresh_from_db()
    assert (row.state, row.read, Report.objects.count()) == ("done", 7, 7)


def test_two_workers_do_not_take_the_same_folder(folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 1)
    drop(folder, 7000001, 7000002)
    answers = iter([True, False])
    watch.turn(lambda: next(answers))
    other = Watch()
    assert other.turn(lambda: True) == 0
    work(watch)
    assert LaporFile.objects.get().state == "done"


def test_a_file_that_never_ends_is_left_for_a_person(
    folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, 7000001)
    monkeypatch.setattr(importing.Importer, "_take_chunk", lambda _self, _rows: 1 / 0)
    for _time in range(lapor_folder.MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            watch.turn(lambda: True)
    work(watch)
    row = LaporFile.objects.get()
    assert (row.state, "tidak pernah selesai" in row.message) == ("kept", True)


def test_a_file_that_changes_while_it_is_read_is_read_again(
    folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 1)
    drop(folder, 7000001, 7000002)
    answers = iter([True, False])
    watch.turn(lambda: next(answers))
    drop(folder, 7000001, 7000002, 7000003, age=LONG_AGO - 60)
    work(watch)
    assert Report.objects.count() == 3
    assert names(folder) == set()


def test_a_file_that_is_taken_away_meanwhile_leaves_no_report_behind(
    folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(folder, 7000001)

    def gone(_path: Path) -> Export:
        path.unlink()
        raise FileNotFoundError

    monkeypatch.setattr(lapor_folder, "open_export", gone)
    work(watch)
    assert names(folder) == set()
    assert LaporFile.objects.get().state == "kept"


def test_without_a_folder_nothing_is_done_and_a_missing_one_is_said(settings: Settings, watch: Watch) -> None:
    settings.LAPOR = settings_for()
    assert watch.turn(lambda: True) == 0
    settings.LAPOR = settings_for(folder="/tidak/ada")
    assert watch.turn(lambda: True) == 0
    assert "tidak ada" in Folder(Path("/tidak/ada")).problem()


def test_between_two_looks_the_folder_is_left_alone(folder: Path) -> None:
    watch = Watch()
    assert watch.turn(lambda: True) == 0
    drop(folder, 7000001)
    assert watch.turn(lambda: True) == 0, "it has only just looked"
    watch.forget()
    assert watch.turn(lambda: True) > 0
    watch.forget()


def test_the_moment_of_a_download_is_the_moment_of_its_news(folder: Path, watch: Watch) -> None:
    drop(folder, 7000001, age=LONG_AGO)
    work(watch)
    put_away = (folder / DONE / "laporan.csv").stat().st_mtime
    assert timezone.now().timestamp() - put_away >= timedelta(seconds=LONG_AGO).total_seconds()
