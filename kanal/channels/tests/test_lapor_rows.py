"""Lines become typed rows; what cannot is set aside with its reason, and nothing else is lost."""

import csv
import datetime as dt
import stat
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.channels.lapor import LaporRow, Reject, RowOptions, open_export, write_rejects
from kanal.channels.lapor.cells import Cell, clock_time, moment, text, tracking_id
from kanal.channels.lapor.rows import RowReader
from kanal.channels.lapor.words import COLUMNS, KIND_OF, MONTH_OF, STATUS_OF

JAKARTA = ZoneInfo("Asia/Jakarta")
FIELDS = list(COLUMNS)
GOOD: dict[str, Cell] = {
    "tracking_id": "7000001",
    "received_on": "3 Jan 2024",
    "received_time": "01:02:03",
    "kind": "Aspirasi",
    "title": "Taman kota",
    "body_original": "mohon taman",
    "privacy": "Anonim",
    "status": "Ditutup oleh Admin",
}


def reader(**options: Any) -> RowReader:
    names = [COLUMNS[field][0] for field in FIELDS]
    return RowReader(names, {field: n for n, field in enumerate(FIELDS)}, RowOptions(tz=JAKARTA, **options))


def read(*lines: dict[str, Cell], **options: Any) -> list[LaporRow | Reject]:
    table = [[(GOOD | line).get(field, "") for field in FIELDS] for line in lines]
    return list(reader(**options).read(enumerate(table, 2)))


def one_row(**cells: Cell) -> LaporRow:
    (row,) = read(cells)
    assert isinstance(row, LaporRow), row
    return row


def one_reject(**cells: Cell) -> Reject:
    (reject,) = read(cells)
    assert isinstance(reject, Reject), reject
    return reject


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Ditutup oleh Sistem", "closed"),
        ("Ditutup Oleh Pelapor", "closed"),
        ("Diarsipkan oleh Admin", "archived"),
        ("Konten Terblokir", "archived"),
        ("Menunggu Kelengkapan Informasi", "needs_info"),
        ("belum terverifikasi", "received"),
        ("Belum Diverifikasi", "received"),
        ("Terverifikasi", "assigned"),
        ("Sedang Diproses", "in_progress"),
        ("Sudah Ditindaklanjuti", "answered"),
    ],
)
def test_status_words_become_statuses_and_the_word_is_kept(word: str, status: str) -> None:
    row = one_row(status=word)
    assert (row.status, row.status_word) == (status, word)


def test_an_unknown_status_is_never_guessed_but_can_be_told() -> None:
    assert one_reject(status="Melayang").reason == "Status “Melayang” tidak dikenal."
    assert one_reject(status="").reason == "Status laporan kosong."
    (row,) = read({"status": "Melayang"}, statuses={"melayang": "in_progress"})
    assert isinstance(row, LaporRow)
    assert row.status == "in_progress"
    with pytest.raises(ValueError, match="terbang"):
        reader(statuses={"melayang": "terbang"})


@pytest.mark.parametrize(
    ("word", "kind", "supervision"),
    [
        ("Pengaduan Berkadar Pengawasan", "complaint", True),
        ("Pengaduan Tidak Berkadar Pengawasan", "complaint", False),
        ("Permintaan Informasi", "information", False),
        ("ASPIRASI", "aspiration", False),
        ("Whistle-Blowing", "whistleblowing", True),
        ("", "complaint", False),
    ],
)
def test_classification_becomes_kind_and_supervision(word: str, kind: str, supervision: bool) -> None:  # noqa: FBT001  # a table of cases
    row = one_row(kind=word)
    assert (row.kind, row.supervision, row.kind_word) == (kind, supervision, word)


def test_an_unknown_classification_or_type_is_set_aside_because_it_may_be_confidential() -> None:
    assert "“Pelaporan Khusus”" in one_reject(kind="Pelaporan Khusus").reason
    assert "“tertutup”" in one_reject(privacy="Anonim|Tertutup").reason


@pytest.mark.parametrize(
    ("cell", "flags"),
    [("", (False, False)), ("Anonim", (True, False)), ("rahasia", (False, True)), ("Rahasia | Anonim", (True, True))],
)
def test_one_cell_holds_two_switches(cell: str, flags: tuple[bool, bool]) -> None:
    row = one_row(privacy=cell)
    assert (row.anonymous, row.secret) == flags


def test_a_line_without_text_is_set_aside() -> None:
    assert "judul dan isi kosong" in one_reject(title=" ", body_original="nan").reason
    assert one_row(title="").body_original == "mohon taman"


def test_bad_ids_dates_and_times_are_named_in_the_reason() -> None:
    assert "Tracking ID kosong" in one_reject(tracking_id="").reason
    assert "“7.29E+06”" in one_reject(tracking_id="7.29E+06").reason
    assert "“31 Februari 2024”" in one_reject(received_on="31 Februari 2024").reason
    assert "“25:99”" in one_reject(received_time="25:99").reason
    assert "tidak mungkin" in one_reject(received_on="1 Jan 1997").reason
    assert "tidak mungkin" in one_reject(received_on="1 Jan 2999").reason


def test_a_reject_keeps_everything_that_the_line_held() -> None:
    reject = one_reject(status="?", reporter_name="Ibu Contoh")
    assert (reject.line, reject.tracking_id) == (2, "7000001")
    assert reject.raw["Nama Pelapor"] == "Ibu Contoh"
    assert reject.raw["Isi Laporan Awal"] == "mohon taman"


def test_identical_repeats_are_counted_and_different_ones_set_aside() -> None:
    table = [
        [(GOOD | line).get(field, "") for field in FIELDS]
        for line in ({}, {"tracking_id": "7000001.0"}, {"title": "lain"})
    ]
    reading = reader()
    results = list(reading.read(enumerate(table, 2)))
    assert [type(result) for result in results] == [LaporRow, Reject]
    assert reading.identical_duplicates == 1
    assert isinstance(results[1], Reject)
    assert "baris 2" in results[1].reason


def test_empty_lines_are_passed_over_and_short_lines_filled() -> None:
    lines: list[tuple[int, list[Cell]]] = [(2, []), (3, ["", " "]), (4, ["7000001", "3 Jan 2024"])]
    (reject,) = reader().read(lines)
    assert (reject.line, isinstance(reject, Reject)) == (4, True)


def test_a_line_with_too_many_cells_or_a_swallowed_line_is_set_aside() -> None:
    too_long: list[Cell] = [(GOOD).get(field, "") for field in FIELDS] + ["sisa"]
    (reject,) = reader().read([(2, too_long)])
    assert isinstance(reject, Reject)
    assert "Periksa tanda pemisah" in reject.reason
    assert "kutip tidak ditutup" in one_reject(body_original="a\n7000002,3 Jan 2024,01:00,x,y,z").reason


def test_a_telephone_number_in_a_text_is_not_a_swallowed_line() -> None:
    assert one_row(body_original="hubungi\n0351123456, terima kasih, salam").kind == "aspiration"


@pytest.mark.parametrize(
    "body", ["😀 ꦗꦮ \u202eabc", "x" * 100_000, '=HYPERLINK("a")', "a\0b", "<script>alert(1)</script>"]
)
def test_odd_texts_come_through(body: str) -> None:
    assert one_row(body_original=body).body_original == body.replace("\0", "")


def test_nothing_of_a_csv_with_one_bad_line_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Tracking ID,Tanggal,Judul,Status\n7000001,3 Jan 2024,a,Selesai\n7000002,kemarin,b,Selesai\n"
        '\n7000003,4 Jan 2024,"c\nd",Selesai\n',
        encoding="utf-8",
    )
    results = list(open_export(path).rows(RowOptions(tz=JAKARTA)))
    assert [(type(r), r.line) for r in results] == [(LaporRow, 2), (Reject, 3), (LaporRow, 5)]


def test_the_rejects_file_is_safe_private_and_can_be_imported_after_mending(tmp_path: Path) -> None:
    source, mended = tmp_path / "a.csv", tmp_path / "tolak.csv"
    source.write_text('Tracking ID,Tanggal,Judul,Status\n7000002,3 Jan 2024,"=1+1",Melayang\n', encoding="utf-8")
    rejects = [r for r in open_export(source).rows(RowOptions(tz=JAKARTA)) if isinstance(r, Reject)]
    assert write_rejects(mended, rejects) == 1
    assert stat.S_IMODE(mended.stat().st_mode) == 0o600
    with mended.open(encoding="utf-8-sig", newline="") as file:
        header, line = csv.reader(file)
    assert header == ["Nomor baris", "Sebab", "Tracking ID", "Tanggal", "Judul", "Status"]
    assert line[:2] == ["2", "Status “Melayang” tidak dikenal."]
    assert line[4] == "'=1+1"
    (row,) = open_export(mended).rows(RowOptions(tz=JAKARTA, statuses={"Melayang": "closed"}))
    assert isinstance(row, LaporRow)


@pytest.mark.parametrize(
    ("cell", "day", "clock"),
    [
        ("29 May 2023", dt.date(2023, 5, 29), None),
        ("29 Mei 2023", dt.date(2023, 5, 29), None),
        ("Senin, 29 Mei 2023 pukul 04.05", dt.date(2023, 5, 29), dt.time(4, 5)),
        ("3-Jan-26", dt.date(2026, 1, 3), None),
        ("May 29, 2023", dt.date(2023, 5, 29), None),
        ("2023-05-29 00:00:00", dt.date(2023, 5, 29), None),
        ("2023-05-29T04:05:34", dt.date(2023, 5, 29), dt.time(4, 5, 34)),
        ("29/05/2023", dt.date(2023, 5, 29), None),
        (45075.5, dt.date(2023, 5, 29), dt.time(12, 0)),
    ],
)
def test_dates_are_read_as_people_and_programs_write_them(cell: Cell, day: dt.date, clock: dt.time | None) -> None:
    assert moment(cell) == (day, clock)


@given(
    day=st.dates(dt.date(2010, 1, 1), dt.date(2099, 12, 31)),
    name=st.sampled_from(sorted(MONTH_OF)),
    upper=st.booleans(),
)
def test_every_month_name_is_read(day: dt.date, name: str, upper: bool) -> None:  # noqa: FBT001  # drawn by hypothesis
    day = day.replace(day=min(day.day, 28), month=MONTH_OF[name])
    assert moment(f"{day.day:02} {name.upper() if upper else name.title()} {day.year}") == (day, None)


@given(when=st.datetimes(dt.datetime(2000, 1, 2), dt.datetime(2099, 12, 30)))  # noqa: DTZ001  # spreadsheets have no zone
def test_iso_dates_and_spreadsheet_numbers_agree(when: dt.datetime) -> None:
    when = when.replace(microsecond=0)
    serial = (when - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)  # noqa: DTZ001  # spreadsheets have no zone
    assert moment(when) == moment(when.isoformat(" ")) == moment(float(serial))


@given(word=st.text(max_size=30) | st.floats() | st.integers())
def test_whatever_a_cell_holds_it_is_a_date_or_a_value_error(word: Cell) -> None:
    for parse in (moment, clock_time, tracking_id):
        try:
            parse(word)
        except ValueError:
            continue


@given(
    cells=st.lists(
        st.text(max_size=20) | st.floats() | st.integers() | st.booleans() | st.dates() | st.datetimes(), max_size=25
    )
)
def test_whatever_a_line_holds_it_is_a_row_or_a_reject_or_empty(cells: list[Cell]) -> None:
    assert len(list(reader().read([(2, cells)]))) <= 1


@given(number=st.integers(1, 10**15 - 1))
def test_an_id_survives_every_way_of_writing_it(number: int) -> None:
    spaced = f" # {number} "
    assert {tracking_id(cell) for cell in (number, float(number), f"{number}.0", spaced, f"'{number}")} == {str(number)}


@pytest.mark.parametrize(
    "cell", ["", "0", "-5", "12a", "674.5", "674.000", "1" * 19, True, float("nan"), dt.date(2024, 1, 1)]
)
def test_an_id_that_is_not_certain_is_refused(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*$"):
        tracking_id(cell)


def test_grouped_digits_are_one_number() -> None:
    assert tracking_id("7.296.418") == tracking_id("7,296,418") == "7296418"


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("04:05:34", dt.time(4, 5, 34)),
        ("4.05", dt.time(4, 5)),
        (4.1, dt.time(4, 10)),
        (0.5, dt.time(12)),
        ("4:05 PM", dt.time(16, 5)),
        (dt.timedelta(hours=4), dt.time(4)),
        ("", None),
    ],
)
def test_times_are_read_as_people_and_programs_write_them(cell: Cell, clock: dt.time | None) -> None:
    assert clock_time(cell) == clock


def test_a_time_that_names_its_zone_is_taken_at_its_word() -> None:
    assert one_row(received_time="06:00 WIB").received_at.isoformat() == "2024-01-03T06:00:00+07:00"


def test_the_readme_lists_every_word() -> None:
    readme = (Path(__file__).parents[1] / "lapor" / "README.md").read_text(encoding="utf-8")
    told = "".join(ch for ch in readme.casefold() if ch.isalnum())
    assert [word for word in {*STATUS_OF, *KIND_OF} if word not in told] == []


def test_line_ends_and_spreadsheet_escapes_are_cleaned() -> None:
    assert text("a\r\nb\rc_x000D_\nd") == "a\nb\nc\nd"
