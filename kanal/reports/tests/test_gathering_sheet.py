"""The paper of an event: a list to print and fill, read again whatever people did to it; photos for staff alone."""

import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from python_calamine import CalamineWorkbook

from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.common.secrets import cipher
from kanal.reports import actions
from kanal.reports.actions.gathering_photos import MOST, remove_loose_sheets
from kanal.reports.forms.gathering_sheet import LARGEST, MOST_LINES, blank_sheet, read_sheet
from kanal.reports.models import Gathering, GatheringPhoto
from kanal.reports.queries.gatherings import COLUMNS, MOST_DRAFTS, drafts_of
from tests.support.people import People

LAMP = "Lampu jalan di depan balai desa mati sejak tiga hari."
ROAD = "Jalan ke sawah berlubang sepanjang dua ratus meter."
HEAD = ("No.", "Nama", "Nomor HP", "Desa", "Yang disampaikan", "Kategori", "Jenis")


@pytest.fixture
def event(people: People) -> Gathering:
    told = actions.Occasion(kind="sambang", title="=Sambang Desa Jono", held_on=reference().today())
    return actions.hold_gathering(occasion=told, by=people.doing(people.kun))


@pytest.fixture
def kun(people: People, client: Client) -> Client:
    client.force_login(people.kun)
    return client


def workbook(*lines: Sequence[object], first_sheet: Sequence[Sequence[object]] = ()) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for rows in (first_sheet, lines) if first_sheet else (lines,):
            sheet = book.add_worksheet()
            for at, line in enumerate(rows):
                sheet.write_row(at, 0, line)
    return target.getvalue()


def upload(client: Client, event: Gathering, raw: bytes) -> str:
    given = SimpleUploadedFile("lembar.xlsx", raw)
    return client.post(f"/meja/acara/{event.pk}/unggah/", {"sheet": given}, follow=True).content.decode()


# The list to print --------------------------------------------------------------------------------------------------


def test_the_list_is_ruled_numbered_and_offers_what_can_be_chosen(kun: Client, event: Gathering) -> None:
    response = kun.get(f"/meja/acara/{event.pk}/lembar.xlsx")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="sambang-desa-jono-')
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    lines = list(book.get_sheet_by_index(0).iter_rows())
    assert tuple(lines[4]) == HEAD
    assert [line[0] for line in lines[5:8]] == [1, 2, 3]
    assert str(lines[0][0]).startswith("'="), "a title is never a formula"
    package = zipfile.ZipFile(io.BytesIO(response.content))
    paper = package.read("xl/worksheets/sheet1.xml").decode()
    assert paper.count("<dataValidation ") == 3
    assert 'orientation="landscape"' in paper
    assert "<f>" not in paper


def test_the_empty_list_read_again_is_no_row(event: Gathering) -> None:
    assert read_sheet(blank_sheet(event)) == []


# The list read again ------------------------------------------------------------------------------------------------


def test_good_rows_load_and_bad_ones_stay_with_a_sentence(kun: Client, event: Gathering) -> None:
    raw = workbook(
        ("Sambang Desa",),
        (),
        HEAD,
        (1, "Darmo", 81234567890.0, "Jono, Kec. Temayang", LAMP, "", "Usul"),
        (2, "", "", "", "", "", ""),
        (3, "Siti", "tidak punya", "Atlantis", ROAD, "", ""),
    )
    page = upload(kun, event, raw)
    assert "2 baris masuk dari berkas." in page
    assert "“Atlantis” tidak ada di daftar desa" in page
    assert "Nomor itu tidak kami kenali" in page
    assert [draft.cells["phone"] for draft in drafts_of(event)] == ["81234567890", "tidak punya"]


def test_the_same_file_again_repeats_nothing_and_keeps_what_was_corrected(kun: Client, event: Gathering) -> None:
    raw = workbook(HEAD, (1, "Darmo", "", "", "Lampu mati", "", ""))
    upload(kun, event, raw)
    (draft,) = drafts_of(event)
    fields = {"key": draft.key, "version": draft.version, **draft.cells, "words": LAMP}
    kun.post(f"/meja/acara/{event.pk}/", fields)
    page = upload(kun, event, raw)
    assert "1 baris sudah ada dan tidak diulang." in page
    assert [row.cells["words"] for row in drafts_of(event)] == [LAMP]


def test_two_people_with_the_same_words_are_two_rows(event: Gathering) -> None:
    assert len({row.key for row in read_sheet(workbook(HEAD, (1, "", "", "", LAMP), (2, "", "", "", LAMP)))}) == 2


def test_the_header_is_found_by_name_in_any_order_on_any_sheet(regency: object) -> None:
    raw = workbook(
        ("Daftar hadir",), ("keluhan", "catatan", "NAMA LENGKAP :"), (LAMP, "x", "Darmo"), first_sheet=[("Sampul",)]
    )
    (row,) = read_sheet(raw)
    assert (row.cells["words"], row.cells["name"]) == (LAMP, "Darmo")


def test_a_formula_is_not_worked_out(regency: object) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Nama", "Yang disampaikan"))
        sheet.write_formula(1, 0, '=HYPERLINK("http://contoh.id","klik")', None, "Darmo")
        sheet.write_string(1, 1, f"=1+1 {LAMP}")
    (row,) = read_sheet(target.getvalue())
    assert row.cells["name"] == "Darmo"
    assert row.cells["words"] == f"=1+1 {LAMP}"


def test_more_rows_than_find_room_come_with_the_next_upload(kun: Client, event: Gathering) -> None:
    raw = workbook(HEAD, *((at, "", "", "", f"{LAMP} Nomor {at}.") for at in range(MOST_DRAFTS + 20)))
    assert "20 baris belum muat" in upload(kun, event, raw)
    assert len(drafts_of(event)) == MOST_DRAFTS


def _far_away() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_string(1_048_575, 16_383, "x")
    return target.getvalue()


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return target.getvalue()


def _a_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("x.txt", "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (lambda: b"", "bukan lembar .xlsx"),
        (lambda: b"nama,isi\nDarmo,Lampu", "bukan lembar .xlsx"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "bukan lembar .xlsx"),
        (lambda: workbook(HEAD)[:-100], "bukan lembar .xlsx"),
        (_a_zip, "bukan lembar .xlsx"),
        (lambda: b"PK\x03\x04" + b"x" * LARGEST, "lebih dari 5 MB"),
        (_far_away, "terlalu banyak"),
        (_bomb, "terlalu banyak"),
        (lambda: workbook(("Tanggal", "Jumlah"), (1, 2)), "Baris judul tidak ditemukan"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    kun: Client, event: Gathering, raw: object, sentence: str
) -> None:
    assert callable(raw)
    assert sentence in upload(kun, event, raw())
    assert not drafts_of(event)


def test_no_file_is_asked_for(kun: Client, event: Gathering) -> None:
    assert "Pilih dulu berkas" in kun.post(f"/meja/acara/{event.pk}/unggah/", follow=True).content.decode()


def test_a_file_of_endless_lines_is_read_to_its_limit(regency: object) -> None:
    assert len(read_sheet(workbook(HEAD, *[(1, "", "", "", LAMP)] * (MOST_LINES + 50)))) == MOST_LINES


@given(st.lists(st.lists(st.text(max_size=30) | st.integers() | st.floats() | st.booleans(), max_size=9), max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_sheet_becomes_text_or_a_refusal(regency: object, lines: list[list[object]]) -> None:
    target = io.BytesIO()
    options = {"in_memory": True, "nan_inf_to_errors": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for at, line in enumerate(lines, 1):
            for column, value in enumerate(line):
                sheet.write(at, column, value)
    for row in read_sheet(target.getvalue()):
        assert set(row.cells) == set(COLUMNS)
        assert all(isinstance(value, str) for value in row.cells.values())


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_refused_and_never_a_fault(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_sheet(b"PK\x03\x04" + raw)


# Photos of the paper ------------------------------------------------------------------------------------------------


def picture(colour: str = "white") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(drawn, "JPEG")
    return SimpleUploadedFile("lembar.jpg", drawn.getvalue(), content_type="image/jpeg")


def test_a_photo_of_the_paper_is_encrypted_and_shown_to_its_keepers(
    people: People, kun: Client, event: Gathering
) -> None:
    where = f"/meja/acara/{event.pk}/foto/"
    kun.post(where, {"photos": [picture(), picture("grey")]})
    kun.post(where, {"photos": picture()})
    first, _second = GatheringPhoto.objects.all()
    raw = Path(default_storage.path(first.path)).read_bytes()
    assert not raw.startswith(b"\xff\xd8")
    shown = kun.get(f"{where}{first.pk}-kecil.jpg")
    assert shown.content.startswith(b"\xff\xd8")
    assert "no-store" in shown.headers["Cache-Control"]
    assert kun.get(f"{where}{first.pk}-sedang.jpg").status_code == 404
    assert Client().get(f"{where}{first.pk}-besar.jpg").status_code == 302
    kun.force_login(people.oki)
    assert kun.get(f"{where}{first.pk}-besar.jpg").status_code == 404
    assert cipher().decrypt(raw).startswith(b"\xff\xd8")


def test_a_photo_is_taken_away_with_its_files(
    kun: Client, event: Gathering, django_capture_on_commit_callbacks: object
) -> None:
    where = f"/meja/acara/{event.pk}/foto/"
    kun.post(where, {"photos": picture()})
    photo = GatheringPhoto.objects.get()
    assert callable(django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        for _again in range(2):
            assert kun.post(f"{where}{photo.pk}/hapus/").status_code == 302
    assert not GatheringPhoto.objects.exists()
    assert not Path(default_storage.path(photo.path)).exists()


def test_what_is_no_photo_is_refused_and_the_others_stay(kun: Client, event: Gathering) -> None:
    where = f"/meja/acara/{event.pk}/foto/"
    page = kun.post(where, {"photos": [SimpleUploadedFile("x.jpg", b"bukan"), picture()]}, follow=True).content.decode()
    assert "bukan foto" in page
    assert GatheringPhoto.objects.count() == 1
    assert "Pilih dulu fotonya" in kun.post(where, follow=True).content.decode()


def test_an_event_carries_so_many_photos_and_no_more(people: People, kun: Client, event: Gathering) -> None:
    GatheringPhoto.objects.bulk_create(
        GatheringPhoto(gathering=event, path=f"x{at}", thumb_path="x", width=1, height=1, sha256=f"{at:064}")
        for at in range(MOST)
    )
    assert kun.post(f"/meja/acara/{event.pk}/foto/", {"photos": picture()}).status_code == 409


def test_files_without_a_row_go_at_night(kun: Client, event: Gathering) -> None:
    kun.post(f"/meja/acara/{event.pk}/foto/", {"photos": picture()})
    photo = GatheringPhoto.objects.get()
    loose = Path(default_storage.path(photo.path)).with_name("0123.jpg")
    loose.write_bytes(b"x")
    assert remove_loose_sheets(older_than=timedelta(seconds=-5)) == 1
    assert not loose.exists()
    assert Path(default_storage.path(photo.path)).exists()
