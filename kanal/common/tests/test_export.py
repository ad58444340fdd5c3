import csv
import datetime as dt
import io
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kanal.common.export import csv_rows, safe_cell, xlsx_file

Table = list[list[object]]

FORMULAS = ["=1+1", "+62812", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"]
FORMULAS += ["＝1", "﹢1", "\u200b=1", "\N{MINUS SIGN}1", "\xa0@x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    "value", [-5, -1.5, Decimal(-2), dt.date(2026, 1, 2), None, True, "", "a=b", "Jl. Veteran - 5", "5-6"]
)
def test_numbers_dates_and_honest_texts_stay(value: object) -> None:
    assert safe_cell(value) == value


@given(st.text(alphabet=st.characters()))
def test_guarding_twice_changes_nothing(text: str) -> None:
    assert safe_cell(safe_cell(text)) == safe_cell(text)


def test_a_csv_opens_in_excel_with_the_right_letters() -> None:
    text = "".join(
        csv_rows(["Judul", "Tanggal", "Nilai"], [['Jalan, "rusak"', dt.date(2026, 11, 25), -3], ["=1", None, 1.5]])
    )
    assert text == '\ufeffJudul,Tanggal,Nilai\r\n"Jalan, ""rusak""",2026-11-25,-3\r\n\'=1,,1.5\r\n'


def test_a_csv_is_streamed_row_by_row() -> None:
    def rows() -> Iterator[list[str]]:
        yield ["satu"]
        raise AssertionError("asked for too early")

    lines = csv_rows(["Judul"], rows())
    assert [next(lines), next(lines)] == ["\ufeffJudul\r\n", "satu\r\n"]


def test_a_csv_hides_no_formula_behind_a_foreign_separator() -> None:
    text = "".join(csv_rows(["a"], [["x;=1+1\n@y"]]))
    assert ";'=1+1\n'@y" in text


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_every_csv_reads_back_with_all_its_rows(rows: list[list[str]]) -> None:
    text = "".join(csv_rows(["a", "b"], rows))
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == len(rows) + 1


def read_back(header: list[str], rows: list[list[object]], title: str = "Aduan") -> tuple[list[str], Table]:
    with xlsx_file(header, rows, title) as file:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
        return book.sheet_names, [list(row) for row in book.get_sheet_by_index(0).to_python()]


def test_a_workbook_keeps_texts_numbers_and_dates_apart() -> None:
    moment = dt.datetime(2026, 11, 25, 8, 30)  # noqa: DTZ001  # as a spreadsheet holds it
    row = ["=1+1", -3, dt.date(2026, 11, 25), moment, True]
    names, rows = read_back(["Kode", "Nilai", "Hari", "Saat", "Ya"], [row, ["http://a.id", None, "", "", False]])
    assert names == ["Aduan"]
    assert rows[0] == ["Kode", "Nilai", "Hari", "Saat", "Ya"]
    assert rows[1] == ["'=1+1", -3.0, dt.date(2026, 11, 25), moment, True]
    assert rows[2][0] == "http://a.id"


def test_times_are_written_in_the_regencys_zone() -> None:
    _names, rows = read_back(["Saat"], [[dt.datetime(2026, 11, 25, 1, 30, tzinfo=dt.UTC)]])
    assert rows[1] == [dt.datetime(2026, 11, 25, 8, 30)]  # noqa: DTZ001  # as a spreadsheet holds it


def test_a_long_identity_number_keeps_its_last_digits() -> None:
    assert read_back(["NIK"], [[3522011234560001]])[1][1] == ["3522011234560001"]


def test_what_a_cell_cannot_hold_says_so() -> None:
    rows = read_back(["Isi"], [["x" * 100_000], [float("nan")], [dt.date(1800, 1, 1)], ["\ud800a\x00b"]])[1]
    assert str(rows[1][0]).endswith("… [terpotong: teks lengkap ada di Kanal]")
    assert [row[0] for row in rows[2:4]] == ["nan", "1800-01-01"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Aduan: 2026/11 [baru]?", "Aduan  2026 11  baru"),
        ("", "Data"),
        ("History", "Data"),
        ("'x'", "x"),
        ("y" * 50, "y" * 31),
    ],
)
def test_any_title_becomes_a_sheet_name(title: str, name: str) -> None:
    assert read_back(["a"], [], title)[0] == [name]


@given(
    st.lists(
        st.one_of(st.text(alphabet=st.characters()), st.integers(), st.floats(), st.dates(), st.datetimes(), st.none())
    ),
    st.text(),
)
def test_any_row_and_title_makes_a_readable_workbook(row: list[object], title: str) -> None:
    assert read_back(["a"], [row], title)[1][0][0] == "a"


def test_memory_does_not_grow_with_the_rows() -> None:
    tracemalloc.start()
    with xlsx_file(["a", "b"], (["teks panjang " * 20, number] for number in range(3000)), "Besar"):
        peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000
