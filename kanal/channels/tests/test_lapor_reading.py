"""An export of SP4N-LAPOR! is found, opened and read whatever its layout; every bad file is one clear sentence."""

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from kanal.channels.lapor import Export, LaporRow, NotAnExport, Reject, RowOptions, cells, open_export

JAKARTA = ZoneInfo("Asia/Jakarta")
OPTIONS = RowOptions(tz=JAKARTA)
OFFICIAL = [
    "Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Klasifikasi Laporan", "ID Kategori", "Kategori",
    "Judul Laporan", "Isi Laporan Awal", "Isi Laporan Akhir", "Tipe Laporan (Anonim/Rahasia)", "Sumber Laporan",
    "Instansi Induk", "Instansi Terdisposisi", "Status Laporan", "Alasan Tunda/Arsip", "Provinsi", "Kota/Kabupaten",
]  # fmt: skip
LINE: list[Any] = [
    "7000001", "29 May 2023", "23:05:34", "Pengaduan Berkadar Pengawasan", "928", "Infrastruktur Jalan",
    "Jembatan retak", "jembatan di desa kami retak", "Jembatan di desa kami retak", "Anonim|Rahasia", "Website",
    "Pemerintah Kabupaten Contoh", "Dinas Jembatan Kab. Contoh", "Ditutup oleh Sistem", "", "Jawa Timur", "Contoh",
]  # fmt: skip


def sheet(path: Path, lines: list[list[Any]], first_line: int = 1) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "d mmm yyyy"})
    page = book.add_worksheet("Laporan Ringkas")
    for number, values in enumerate(lines, first_line - 1):
        page.write_row(number, 0, values)
    book.close()
    return path


def delimited(path: Path, lines: list[list[Any]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    told = io.StringIO(newline="")
    csv.writer(told, delimiter=delimiter).writerows(lines)
    path.write_bytes(told.getvalue().encode(encoding))
    return path


def read(path: Path, options: RowOptions = OPTIONS) -> tuple[list[LaporRow], list[Reject]]:
    results = list(open_export(path).rows(options))
    return [r for r in results if isinstance(r, LaporRow)], [r for r in results if isinstance(r, Reject)]


def official(tmp_path: Path) -> Export:
    banner = [
        ["Judul Laporan", "Laporan Ringkas"], [], ["Nama Instansi", "Pemerintah Kabupaten Contoh"], [],
        ["Tanggal Generate", "2025-11-14"], [], ["Periode Masuk", "(2021-01-01) - (2024-12-31)"], [], ["Pengelola"], [],
    ]  # fmt: skip
    return open_export(sheet(tmp_path / "resmi.xlsx", [*banner, OFFICIAL, LINE]))


def test_the_official_layout_is_found_under_its_banner(tmp_path: Path) -> None:
    export = official(tmp_path)
    assert export.banner.agency_name == "Pemerintah Kabupaten Contoh"
    assert export.banner.period == "(2021-01-01) - (2024-12-31)"
    assert export.banner.generated == "2025-11-14"
    assert export.row_count_estimate == 1
    assert export.notes() == []
    (row,) = export.rows(OPTIONS)
    assert isinstance(row, LaporRow)
    assert (row.line, row.tracking_id, row.status, row.status_word) == (12, "7000001", "closed", "Ditutup oleh Sistem")
    assert (row.kind, row.supervision, row.anonymous, row.secret) == ("complaint", True, True, True)
    assert row.agency_name == "Dinas Jembatan Kab. Contoh"
    assert (row.regency, row.district, row.village) == ("Contoh", "", "")


def test_the_times_of_an_export_are_in_utc_and_results_in_the_zone_of_the_regency(tmp_path: Path) -> None:
    (row,) = official(tmp_path).rows(OPTIONS)
    assert isinstance(row, LaporRow)
    assert row.received_at.isoformat() == "2023-05-30T06:05:34+07:00"
    (local,) = official(tmp_path).rows(RowOptions(tz=JAKARTA, clock=JAKARTA))
    assert isinstance(local, LaporRow)
    assert local.received_at.isoformat() == "2023-05-29T23:05:34+07:00"


def test_an_export_can_be_read_twice(tmp_path: Path) -> None:
    export = official(tmp_path)
    assert list(export.rows(OPTIONS)) == list(export.rows(OPTIONS))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_in_every_usual_encoding_and_delimiter(tmp_path: Path, delimiter: str, encoding: str) -> None:
    line = LINE.copy()
    line[6] = "Jalan “rusak”, parah; café"
    rows, rejects = read(delimited(tmp_path / "a.csv", [OFFICIAL, line], delimiter, encoding))
    assert rejects == []
    assert rows[0].title == "Jalan “rusak”, parah; café"


def test_any_subset_and_order_of_columns_under_any_spelling(tmp_path: Path) -> None:
    header = ["  STATUS_LAPORAN", "kecamatan_final", "isi_laporan_awal", "dinas_tujuan", "tracking id", "Catatan"]
    path = delimited(tmp_path / "a.csv", [header, ["Selesai", "Tidak Diketahui", "teks", "Dinas X", "674.0", "hm"]])
    export = open_export(path)
    assert len(export.notes()) == 4
    moment = dt.datetime(2024, 1, 2, tzinfo=JAKARTA)
    (row,) = export.rows(RowOptions(tz=JAKARTA, undated=moment))
    assert isinstance(row, LaporRow)
    assert (row.tracking_id, row.district, row.agency_name, row.status) == ("674", "", "Dinas X", "closed")
    assert row.received_at == moment


def test_a_file_that_does_not_tell_what_is_secret_is_taken_as_secret(tmp_path: Path) -> None:
    header, line = OFFICIAL[:9] + OFFICIAL[10:], LINE[:9] + LINE[10:]
    rows, _rejects = read(delimited(tmp_path / "a.csv", [header, line]))
    assert (rows[0].anonymous, rows[0].secret) == (True, True)


def test_a_file_without_dates_says_so_on_every_line_unless_a_date_is_given(tmp_path: Path) -> None:
    rows, rejects = read(delimited(tmp_path / "a.csv", [["Tracking ID", "Judul"], ["1234567", "teks"]]))
    assert rows == []
    assert rejects[0].reason == "Berkas ini tidak memuat kolom tanggal laporan masuk."


def test_spreadsheet_numbers_and_dates_are_understood(tmp_path: Path) -> None:
    header = ["Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Judul Laporan", "ID Kategori"]
    lines: list[list[Any]] = [
        header,
        [7000001.0, dt.datetime(2026, 1, 3, 4, 5), "", "a", 674.0],  # noqa: DTZ001  # a spreadsheet has no zone
        [7000002, dt.date(2026, 1, 3), dt.time(4, 5), "b", ""],
        ["#7000003", 46025, "4.05", "c", "674.0"],
    ]
    rows, rejects = read(sheet(tmp_path / "a.xlsx", lines))
    assert rejects == []
    assert {row.received_at.isoformat() for row in rows} == {"2026-01-03T11:05:00+07:00"}
    assert [row.lapor_category_id for row in rows] == ["674", "", "674"]


def test_the_second_sheet_is_read_when_the_first_is_something_else(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Sampul").write(0, 0, "Rekapitulasi")
    page = book.add_worksheet("Data")
    page.write_row(0, 0, OFFICIAL)
    page.write_row(1, 0, LINE)
    book.close()
    rows, _rejects = read(path)
    assert len(rows) == 1


def test_missing_columns_are_named_with_those_that_were_found(tmp_path: Path) -> None:
    path = delimited(tmp_path / "a.csv", [["Judul Laporan", "Kategori"], ["a", "b"]])
    with pytest.raises(NotAnExport, match=r"tidak ada: Tracking ID\. Kolom yang ditemukan: Judul Laporan, Kategori\."):
        open_export(path)
    path = delimited(tmp_path / "b.csv", [["Tracking ID", "Kategori"], ["a", "b"]])
    with pytest.raises(NotAnExport, match="Judul Laporan atau Isi Laporan Awal"):
        open_export(path)


def test_a_header_below_the_fortieth_line_is_not_looked_for(tmp_path: Path) -> None:
    assert open_export(sheet(tmp_path / "a.xlsx", [OFFICIAL, LINE], first_line=40)).row_count_estimate == 1
    with pytest.raises(NotAnExport, match="40 baris pertama"):
        open_export(sheet(tmp_path / "b.xlsx", [OFFICIAL, LINE], first_line=41))


def locked_workbook() -> bytes:
    # The directory of a compound file names the stream; its content does not matter for telling it.
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("kosong.csv", b"", "kosong"),
        ("kosong.xlsx", b"  \n", "kosong"),
        ("halaman.xls", b"\xef\xbb\xbf\n<html><table><tr><td>Tracking ID</td></tr></table>", "halaman web"),
        ("rusak.xlsx", b"PK\x03\x04" + b"x" * 500, "rusak"),
        ("lama.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "rusak"),
        ("terkunci.xlsx", locked_workbook(), "kata sandi"),
        ("biner.csv", bytes(range(10)) * 50, "tidak ditemukan"),
        ("nol.csv", bytes(500), "bukan tabel"),
        ("gambar.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), "bukan tabel"),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NotAnExport, match=sentence):
        open_export(path)


def test_a_missing_file_and_a_folder_are_refused_in_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "tiada.xlsx"):
        with pytest.raises(NotAnExport, match="tidak dapat dibuka"):
            open_export(path)


def test_a_truncated_workbook_and_another_office_file_are_refused(tmp_path: Path) -> None:
    whole = sheet(tmp_path / "a.xlsx", [OFFICIAL, LINE]).read_bytes()
    (tmp_path / "potong.xlsx").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(tmp_path / "surat.xlsx", "w") as package:
        package.writestr("word/document.xml", "<a/>")
    for name in ("potong.xlsx", "surat.xlsx"):
        with pytest.raises(NotAnExport, match="rusak"):
            open_export(tmp_path / name)


def swollen(path: Path, member: str, *, claims: int | None = None) -> Path:
    """A workbook of which one part unpacks to 101 MB, and says so unless it `claims` another size."""
    sheet(path, [OFFICIAL, LINE])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open(member, "w") as part,
    ):
        for _megabyte in range(101):
            part.write(b" " * 1_048_576)
    if claims is not None:
        real, told = (101 * 1_048_576).to_bytes(4, "little"), claims.to_bytes(4, "little")
        path.write_bytes(path.read_bytes().replace(real, told))
    return path


@pytest.mark.parametrize("member", ["xl/worksheets/sheet9.xml", "xl/sharedStrings9.xml"])
def test_a_file_made_to_fill_the_memory_is_refused_in_a_sentence(tmp_path: Path, member: str) -> None:
    with pytest.raises(NotAnExport, match="tidak wajar besarnya"):
        open_export(swollen(tmp_path / "bom.xlsx", member))
    with pytest.raises(NotAnExport, match="rusak"):
        open_export(swollen(tmp_path / "bohong.xlsx", member, claims=1_000))


def test_a_stray_cell_far_to_the_right_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, OFFICIAL)
    page.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(NotAnExport, match="kolom AZ"):
        open_export(path)


def test_the_estimate_of_a_large_csv_is_near(tmp_path: Path) -> None:
    lines = [[str(7_000_000 + n), *LINE[1:]] for n in range(2000)]
    estimate = open_export(delimited(tmp_path / "a.csv", [OFFICIAL, *lines])).row_count_estimate
    assert 1800 <= estimate <= 2200


def unclosed_quote(path: Path) -> Path:
    tail = "".join(f"{7_000_010 + n},3 Jan 2024,b\n" for n in range(8000))
    path.write_text(f'Tracking ID,Tanggal,Judul\n7000001,3 Jan 2024,"a\n{tail}', encoding="utf-8")
    return path


def test_a_quote_that_is_never_closed_swallows_no_report_in_silence(tmp_path: Path) -> None:
    rows, rejects = read(unclosed_quote(tmp_path / "a.csv"))
    assert rows == []
    assert "kutip tidak ditutup" in rejects[0].reason
    assert "7008009" in rejects[0].raw["Judul"]


def test_a_text_beyond_all_measure_is_reported_and_reading_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kanal.channels.lapor.sources._MAX_FIELD", 100_000)
    rows, rejects = read(unclosed_quote(tmp_path / "a.csv"))
    assert len(rows) > 1000
    assert "tidak terbaca" in rejects[0].reason


def test_cells_of_an_export_are_mended() -> None:
    assert cells.text("Selokan mampet\\nsejak lama, dekat kafÃ©") == "Selokan mampet\nsejak lama, dekat kafé"
