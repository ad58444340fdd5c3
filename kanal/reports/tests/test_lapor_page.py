"""/meja/lapor/: what SP4N-LAPOR! lacks or tells differently, what to do about each, and the rows to key in."""

import csv
import io
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from kanal.channels.lapor import open_export, sheet
from kanal.channels.lapor.marker import marker
from kanal.reports import actions
from kanal.reports.actions.import_names import Names
from kanal.reports.actions.importing import Importer
from kanal.reports.models import LaporFile, LaporMirror, LaporTopic, Report
from kanal.reports.queries.lapor import seen_of
from tests.support.lapor import settings_for
from tests.support.people import People

pytestmark = pytest.mark.django_db
PAGE = "/meja/lapor/"
State, Task = LaporMirror.State, LaporMirror.Task


@pytest.fixture(autouse=True)
def _fresh(settings: Settings) -> None:
    settings.LAPOR = settings_for()
    cache.clear()


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


@pytest.fixture
def assigned(people: People, sari_reports: Report) -> Report:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    return sari_reports


def filed(people: People, number: int = 1, **more: Any) -> Report:
    more = {"body": f"Lampu jalan nomor {number} mati.", **more}
    report = actions.file_report(actions.Filing(submission=f"lapor-{number}", **more))
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    return report


def text(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, report: Report, step: str, **more: str) -> str:
    mirror = LaporMirror.objects.get(report=report)
    report.refresh_from_db()
    data = {"step": step, "seen": seen_of(mirror, report), **more}
    return client.post(f"{PAGE}{mirror.pk}/", data, follow=True).content.decode()


@pytest.mark.parametrize(
    ("who", "shown", "file"),
    [
        *(("kun", 200, 200), ("laras", 200, 403), ("oki", 403, 403), ("heni", 403, 403)),
        *(("ida", 403, 403), ("agus", 403, 403), ("rina", 403, 403)),
    ],
)
def test_who_may_open_it(client: Client, people: People, assigned: Report, who: str, shown: int, file: int) -> None:
    client.force_login(getattr(people, who))
    assert client.get(PAGE).status_code == shown
    assert client.get(f"{PAGE}isian.csv").status_code == file
    mirror = LaporMirror.objects.get()
    given = {"step": "nomor", "ticket": "1", "seen": seen_of(mirror, assigned)}
    assert client.post(f"{PAGE}{mirror.pk}/", given).status_code == (302 if who == "kun" else 403)
    assert LaporMirror.objects.get().ticket == ("1" if who == "kun" else "")


def test_strangers_are_asked_to_sign_in(client: Client, regency: object) -> None:
    assert client.get(PAGE).status_code == 302


def test_a_report_is_listed_with_what_to_do_and_gone_once_its_number_is_typed(kun: Client, assigned: Report) -> None:
    page = text(kun)
    assert assigned.tracking_code in page
    assert "Masukkan ke LAPOR!" in page
    assert "Tercatat: nomor LAPOR! 1916449." in post(kun, assigned, "nomor", ticket="1916449")
    assert assigned.tracking_code not in text(kun)
    assert "Ada di LAPOR!, nomor 1916449" in text(kun, f"/meja/l/{assigned.tracking_code}/")


def test_a_wrong_number_is_a_sentence_and_nothing_is_lost(kun: Client, assigned: Report) -> None:
    assert "terdiri dari angka saja" in post(kun, assigned, "nomor", ticket="belum tahu")
    assert LaporMirror.objects.get().task == Task.ENTER


@pytest.mark.parametrize("data", [{}, {"step": "lain", "seen": "x"}, {"step": "nomor", "seen": "\0"}])
def test_a_broken_form_is_refused_politely(kun: Client, assigned: Report, data: dict[str, str]) -> None:
    assert kun.post(f"{PAGE}{LaporMirror.objects.get().pk}/", data).status_code == 400


@pytest.mark.parametrize("pk", [0, 10**6, 2**63, 10**30])
def test_what_is_not_there_is_not_found(kun: Client, pk: int) -> None:
    assert kun.post(f"{PAGE}{pk}/", {"step": "nomor"}).status_code == 404
    assert kun.get(f"{PAGE}isian.pdf").status_code == 404


def test_what_moved_on_here_is_to_be_brought_up_to_date(kun: Client, people: People, assigned: Report) -> None:
    post(kun, assigned, "nomor", ticket="1916449")
    actions.start(report=assigned, by=people.doing(people.oki))
    page = text(kun)
    assert "Tandai di LAPOR! bahwa laporan sedang diproses" in page
    assert "#1916449" in page
    assert "sudah sama" in post(kun, assigned, "sama")
    assert "Tidak ada yang perlu dikerjakan" in text(kun)


def test_what_moved_on_there_is_decided(kun: Client, assigned: Report) -> None:
    post(kun, assigned, "nomor", ticket="1916449")
    LaporMirror.objects.update(told="closed", told_word="Ditutup oleh Sistem", task=Task.LOOK)
    page = text(kun, f"{PAGE}?daftar=putuskan")
    assert "Ditutup oleh Sistem" in page
    assert "LAPOR! sudah menutupnya" in page
    assert "dibiarkan" in post(kun, assigned, "biarkan", daftar="putuskan")


def test_one_that_may_have_arrived_is_looked_up(kun: Client, assigned: Report) -> None:
    LaporMirror.objects.update(state=State.UNSURE, task=Task.CHECK, error="Sambungan putus.")
    page = text(kun)
    assert "Cari kode ini di LAPOR!" in page
    assert "Sambungan putus." in page
    post(kun, assigned, "lagi")
    assert LaporMirror.objects.get().state == State.DUE


def test_secret_reports_are_shown_apart_with_the_reason_and_never_to_the_leader(
    client: Client, people: People, settings: Settings
) -> None:
    report = filed(people, secret=True)
    client.force_login(people.kun)
    assert "jadi tidak dikirim ke LAPOR!" in text(client, f"{PAGE}?daftar=ditahan")
    assert report.tracking_code not in b"".join(client.get(f"{PAGE}isian.csv")).decode()
    client.force_login(people.laras)
    assert report.tracking_code not in text(client, f"{PAGE}?daftar=ditahan")
    settings.LAPOR = settings_for(secret_reports=True)
    actions.start(report=report, by=people.doing(people.oki))
    assert report.tracking_code not in text(client)
    client.force_login(people.kun)
    assert report.tracking_code in text(client)


def test_the_leader_reads_and_keeps_nothing(client: Client, people: People, assigned: Report) -> None:
    client.force_login(people.laras)
    page = text(client)
    assert assigned.tracking_code in page
    assert "Sudah ada di LAPOR!" not in page
    assert "Isian XLSX" not in page
    assert "KANAL_LAPOR_FOLDER" not in page


def test_with_a_key_only_what_needs_a_person_is_counted(
    kun: Client, people: People, assigned: Report, settings: Settings
) -> None:
    settings.LAPOR = settings_for("http://127.0.0.1:9")
    page = text(kun)
    assert "Menunggu dikirim Kanal" in page
    assert "1 laporan menunggu dikirim" in page
    assert 'LAPOR! <span class="badge red">' not in page
    assert len(list(csv.reader(io.StringIO(b"".join(kun.get(f"{PAGE}isian.csv")).decode())))) == 1
    LaporMirror.objects.update(state=State.REFUSED, error="LAPOR! menolak laporan ini (422).")
    cache.clear()
    page = text(kun)
    assert 'LAPOR! <span class="badge red">1</span>' in page
    assert "Kirim lagi" in page


@pytest.mark.parametrize(("who", "number"), [("kun", 2), ("laras", 1), ("oki", 0), ("agus", 0)])
def test_the_gaps_stand_in_the_menu_of_coordinator_and_leader(
    client: Client, people: People, who: str, number: int
) -> None:
    filed(people, 1)
    secret = filed(people, 2, secret=True)
    LaporMirror.objects.filter(report=secret).update(state=State.DUE, task=Task.ENTER)
    client.force_login(getattr(people, who))
    menu = text(client, "/meja/").split("</nav>", 1)[0]
    assert (f'LAPOR! <span class="badge red">{number}</span>' in menu) is bool(number)


def test_the_health_page_tells_the_gaps_and_the_folder(
    client: Client, people: People, assigned: Report, settings: Settings, tmp_path: Any
) -> None:
    client.force_login(people.agus)
    card = text(client, "/meja/saluran/").split('id="lapor"', 1)[1].split("</section>", 1)[0]
    assert "1 laporan belum ada di LAPOR!" in card
    assert "KANAL_LAPOR_FOLDER" in card
    assert "Buka daftarnya" not in card
    settings.LAPOR = settings_for(folder=str(tmp_path))
    path = tmp_path / "laporan.csv"
    path.write_text("x")
    told = path.stat()
    LaporFile.objects.create(
        name="laporan.csv",
        size=told.st_size,
        changed_ns=told.st_mtime_ns,
        state="kept",
        message="Baris judul tabel tidak ditemukan.",
        began_at=timezone.now(),
    )
    client.force_login(people.kun)
    card = text(client, "/meja/saluran/").split('id="lapor"', 1)[1].split("</section>", 1)[0]
    assert "Ada yang gagal" in card
    assert "Baris judul tabel tidak ditemukan." in card
    assert "Buka daftarnya" in card


def test_the_sheet_has_the_columns_of_their_export_and_is_known_when_it_comes_back(
    kun: Client, people: People, assigned: Report
) -> None:
    LaporTopic.objects.create(number="1397", name="Jalan Berlubang (SP4N)")
    rows = list(csv.DictReader(io.StringIO(b"".join(kun.get(f"{PAGE}isian.csv")).decode("utf-8-sig"))))
    assert list(rows[0])[2:-1] == list(sheet.COLUMNS)
    (row,) = rows
    assert row["Isi Laporan Awal"].endswith(marker(assigned.tracking_code))
    assert row["Klasifikasi Laporan"] == "Pengaduan Tidak Berkadar Pengawasan"
    assert row["Instansi Terdisposisi"] == people.roads.name
    assert (row["Status Laporan"], row["Kecamatan"], row["Kelurahan"]) == ("Terdisposisi", "Temayang", "Jono")
    assert "081234567890" not in str(row)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(kun.get(f"{PAGE}isian.xlsx").streaming_content)))  # type: ignore[attr-defined]  # a stream
    assert len(book.get_sheet_by_index(0).to_python()) == 2


def test_a_sheet_that_comes_back_with_numbers_is_taken_as_mirrored(
    kun: Client, assigned: Report, tmp_path: Path
) -> None:
    rows = list(csv.DictReader(io.StringIO(b"".join(kun.get(f"{PAGE}isian.csv")).decode("utf-8-sig"))))
    path = tmp_path / "isian.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([rows[0] | {"Tracking ID": "1916449"}, rows[0]])
    importer = Importer(Names())
    importer.take(open_export(path))
    assert (importer.tally.ours, importer.tally.added, len(importer.tally.rejects)) == (1, 0, 1)
    mirror = LaporMirror.objects.get(report=assigned)
    assert (mirror.ticket, mirror.task) == ("1916449", "")


def test_the_answer_stands_in_the_sheet_ready_to_be_copied(kun: Client, people: People, assigned: Report) -> None:
    officer, head = people.doing(people.oki), people.doing(people.heni)
    assigned.refresh_from_db()
    actions.draft_answer(report=assigned, text="Lubang sudah kami tambal. Hubungi 081234567890.", by=officer)
    actions.submit_answer(report=assigned, by=officer)
    actions.approve_answer(report=assigned, by=head)
    actions.publish_answer(report=assigned, by=officer)
    (row,) = csv.DictReader(io.StringIO(b"".join(kun.get(f"{PAGE}isian.csv")).decode("utf-8-sig")))
    assert row["Tindak lanjut"].startswith("Lubang sudah kami tambal.")
    assert "081234567890" not in row["Tindak lanjut"]


@pytest.mark.parametrize("number", [2, 40])
def test_the_number_of_queries_does_not_grow(
    kun: Client, people: People, django_assert_max_num_queries: Any, number: int
) -> None:
    with patch("kanal.reports.actions.notices.queue"):
        for one in range(number):
            filed(people, one)
    text(kun)
    with django_assert_max_num_queries(7):  # session, person, roles, signs (cached), counts, one list
        text(kun)
    with django_assert_max_num_queries(6):
        b"".join(kun.get(f"{PAGE}isian.csv"))


def test_pages_go_on(kun: Client, people: People) -> None:
    with patch("kanal.reports.queries.lapor.PER_PAGE", 2):
        for one in range(3):
            filed(people, one)
        first = text(kun)
        assert first.count("Nomor LAPOR! untuk") == 2
        following = first.split('rel="next"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
        assert text(kun, f"{PAGE}{following}").count("Nomor LAPOR! untuk") == 1
