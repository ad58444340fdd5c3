"""From what many people say to what becomes of it, and back to everybody on the medium they used: real doors only."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.agencies.models import User
from kanal.agencies.queries import reference
from kanal.dialogue.actions.packs import load_pack
from kanal.dialogue.models import Commitment, Episode
from kanal.issues.actions.spreading import spread
from kanal.issues.models import Issue
from kanal.reports.models import Report
from tests.support.browser import DESKTOP, PHONE
from tests.support.citizens import LETTER, Citizens, work
from tests.support.issues import MATTERS, many
from tests.support.messages import jpeg
from tests.support.people import PACK, People
from tests.support.sign_in import sign_in

IMPORTED = 25
"""How many people told LAPOR! of each matter."""
COLUMNS = (
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Klasifikasi Laporan", "Tipe Laporan"),
    *("Judul Laporan", "Isi Laporan Awal", "Isi Laporan Akhir", "Nama Pelapor", "Instansi Terdisposisi"),
    *("Status Laporan", "Kecamatan", "Kelurahan"),
)
STORY = "Jalan berlubang di pasar Jono sedalam mata kaki, aspal rusak parah, motor sering jatuh."
WHERE = "Desa Jono, Kecamatan Temayang"
QUESTION = "Kapan jalan di pasar Jono ditambal?"
PROMISE = "Lubang di jalan pasar Jono ditambal dengan aspal panas"
NEWS = "Jalan pasar Jono sudah ditambal dengan aspal panas, dari pertigaan sampai balai desa."
SARI = "sari@contoh.id"


@dataclass
class Hall:
    """Everybody's browsers, and what they share."""

    open_page: Callable[..., Page]
    url: str
    people: People
    citizens: Citizens
    folder: Path

    def desk(self, user: User, path: str) -> Page:
        """Somebody of the government on a page of the desk, in a browser of their own."""
        page = sign_in(self.open_page(DESKTOP), user, self.url)
        page.goto(path)
        return page

    def phone(self, path: str) -> Page:
        """A citizen on their telephone."""
        page = self.open_page(PHONE)
        page.goto(path)
        return page


@pytest.fixture
def hall(
    new_page: Callable[..., Page],
    live_url: str,
    people: People,
    citizens: Citizens,
    tmp_path: Path,
    settings: Settings,
) -> Hall:
    settings.PROOF_OF_WORK_COST = 300
    load_pack(PACK)
    return Hall(new_page, live_url, people, citizens, tmp_path)


def test_what_many_say_is_talked_about_promised_kept_and_told_to_each_of_them(hall: Hall) -> None:
    many_people_tell(hall)
    issue = one_issue_is_seen_in_it(hall)
    episode = it_is_put_on_the_air(hall, issue)
    a_citizen_asks_and_is_answered(hall, episode)
    promise = something_is_promised(hall, episode, issue)
    it_is_kept(hall, promise)
    everybody_is_told_once(hall, issue)
    everybody_may_read_it(hall, issue, promise)


# What happens ---------------------------------------------------------------------------------------------------------


def many_people_tell(hall: Hall) -> None:
    """A hundred in an export of LAPOR!, then one on each medium."""
    call_command("import_lapor", lapor_export(hall.folder), rejects=hall.folder, verbosity=0)
    for write in (hall.citizens.whatsapp, hall.citizens.telegram, hall.citizens.sms):
        write(STORY)
        write(WHERE)
    hall.citizens.letter(f"{STORY} {WHERE}.")
    kun = hall.desk(hall.people.kun, "/meja/pesan/")
    kun.get_by_role("link", name=re.compile("Jalan berlubang")).first.click()
    kun.get_by_role("link", name="Buat laporan").click()
    kun.get_by_role("button", name="Simpan laporan").click()
    sari_reports(hall)
    work()
    own = Report.objects.exclude(medium="lapor")
    assert sorted(own.values_list("medium", flat=True)) == ["email", "sms", "telegram", "web", "whatsapp"]
    assert Report.objects.count() == IMPORTED * len(MATTERS) + 5


def lapor_export(folder: Path) -> Path:
    """A file as SP4N-LAPOR! gives it: four matters, told over the last weeks."""
    path, told = folder / "laporan.csv", [(matter, text) for matter in MATTERS for text in many(matter, IMPORTED)]
    agency = "Dinas Pekerjaan Umum Bina Marga dan Penataan Ruang Kab. Bojonegoro"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for turn, (matter, text) in enumerate(told):
            day = timezone.now() - timedelta(days=1 + turn % 20)
            head = (7000000 + turn, f"{day:%d/%m/%Y}", "08:05:34", "Pengaduan", "", f"{matter} di Jono", text, text)
            writer.writerow((*head, f"Warga {turn}", agency, "Belum Ditindaklanjuti", "TEMAYANG", "Jono"))
    return path


def sari_reports(hall: Hall) -> None:
    page = hall.phone("/lapor/")
    page.get_by_label("Ceritakan kejadiannya").fill(STORY)
    page.get_by_role("button", name="Lanjut: di mana").click()
    page.get_by_role("combobox", name="Desa atau kelurahan").fill("jono")
    page.get_by_role("option", name="Jono, Kec. Temayang").click()
    page.get_by_role("button", name="Lanjut: siapa").click()
    page.get_by_label("E-mail").fill(SARI)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Laporan Anda sudah kami terima")


def one_issue_is_seen_in_it(hall: Hall) -> Issue:
    """The nightly pass proposes it, the coordinator says that it is one."""
    call_command("mine", verbosity=0)
    told = Report.objects.get(medium="web")
    issue = Issue.objects.get(rows__report=told)
    assert set(Report.objects.exclude(medium="lapor")) <= {row.report for row in issue.rows.select_related("report")}
    kun = hall.desk(hall.people.kun, "/meja/isu/")
    kun.get_by_role("link", name=issue.title, exact=True).click()
    kun.get_by_role("button", name="Akui sebagai isu").click()
    expect(kun.get_by_role("main")).to_contain_text("Diakui sebagai isu")
    return issue


def it_is_put_on_the_air(hall: Hall, issue: Issue) -> Episode:
    """The announcer plans an evening, takes the issue on its rundown, and announces it. Then it is time."""
    rina = hall.desk(hall.people.rina, "/meja/dialog/baru/")
    rina.get_by_label("Acara", exact=True).select_option(label="Dialog Jumat")
    rina.get_by_label("Tanggal").fill((reference().today() + timedelta(days=2)).isoformat())
    rina.get_by_label("Jam mulai").fill("13:00")
    rina.get_by_label("Tempat atau frekuensi").fill("Pendapa Malowopati")
    rina.get_by_role("button", name="Simpan jadwal").click()
    rina.wait_for_url(re.compile(r"/meja/dialog/\d+/"))
    rina.goto(f"/meja/isu/{issue.pk}/")
    rina.get_by_role("link", name="Masukkan ke dialog").click()
    rina.get_by_role("button", name="Masukkan ke susunan").click()
    expect(rina.locator("#daftar-topik")).to_contain_text(issue.title)
    rina.get_by_role("button", name="Umumkan").click()
    expect(rina.get_by_role("link", name="Halaman warga").first).to_be_visible()
    episode = Episode.objects.get()
    Episode.objects.update(starts_at=timezone.now() - timedelta(minutes=10))
    return episode


def a_citizen_asks_and_is_answered(hall: Hall, episode: Episode) -> None:
    """One asks on the public page, one by WhatsApp; the host puts the first on the air and answers."""
    page = hall.phone(f"/dialog/{episode.pk}/")
    page.get_by_role("link", name="Ajukan pertanyaan").click()
    page.get_by_label("Pertanyaan").fill(QUESTION)
    expect(page.locator("[name=proof]")).not_to_have_value("")
    page.get_by_role("button", name="Kirim pertanyaan").click()
    expect(page.get_by_role("main")).to_contain_text("menunggu giliran")
    hall.citizens.whatsapp("TANYA Apakah jembatannya ikut diperbaiki?")
    host = hall.desk(hall.people.rina, f"/meja/dialog/{episode.pk}/siaran/")
    expect(host.locator(".live-queue")).to_contain_text("Apakah jembatannya")
    host.locator("li, article", has_text=QUESTION).get_by_role("button", name="Siarkan").last.click()
    expect(host.locator(".live-now")).to_contain_text(QUESTION)
    host.locator(".live-now").get_by_label("Jawaban singkat").fill("Mulai Senin.")
    host.locator(".live-now").get_by_role("button", name="Dijawab").click()
    expect(host.locator(".live-done")).to_contain_text("(1)")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Mulai Senin.")


def something_is_promised(hall: Hall, episode: Episode, issue: Issue) -> Commitment:
    """The announcer notes it down, with a date."""
    rina = hall.desk(hall.people.rina, f"/meja/janji/baru/?dialog={episode.pk}")
    rina.get_by_label("Apa yang dijanjikan").fill(PROMISE)
    rina.get_by_label("Dinas", exact=True).select_option(label=hall.people.roads.name)
    rina.get_by_label("Isu").select_option(label=issue.title)
    rina.get_by_label("Paling lambat").fill((reference().today() + timedelta(days=6)).isoformat())
    rina.get_by_role("button", name="Simpan janji").click()
    expect(rina.get_by_role("heading", level=1)).to_contain_text(PROMISE)
    return Commitment.objects.get()


def it_is_kept(hall: Hall, promise: Commitment) -> None:
    """The agency shows what it did, the coordinator finds it kept."""
    picture = hall.folder / "hasil.jpg"
    picture.write_bytes(jpeg())
    oki = hall.desk(hall.people.oki, f"/meja/janji/{promise.pk}/")
    oki.get_by_label("Apa yang sudah dikerjakan").fill("Aspal panas, 40 meter.")
    oki.locator("input[type=file]").set_input_files(picture)
    oki.get_by_role("button", name="Laporkan selesai").click()
    expect(oki.get_by_role("main")).to_contain_text("Bukti dari dinas")
    kun = hall.desk(hall.people.kun, f"/meja/janji/{promise.pk}/")
    kun.get_by_role("button", name="Nyatakan ditepati").click()
    expect(kun.get_by_role("main")).to_contain_text("Ditepati")


def everybody_is_told_once(hall: Hall, issue: Issue) -> None:
    """The agency writes it, its head looks at the preview and sends it; each of the five has it, once."""
    work()
    oki = hall.desk(hall.people.oki, f"/meja/isu/{issue.pk}/")
    oki.get_by_role("link", name="Kabari semua pelapor").click()
    oki.get_by_label("Isi kabar").fill(NEWS)
    oki.get_by_role("button", name="Lihat pratinjau").click()
    expect(oki.get_by_role("main")).to_contain_text("5 orang")
    oki.get_by_role("button", name="Minta atasan mengirim").click()
    heni = hall.desk(hall.people.heni, oki.url)
    expect(heni.locator("#pratinjau")).to_contain_text(NEWS)
    heni.get_by_role("button", name="Kirim kepada 5 orang").click()
    expect(heni.get_by_role("main")).to_contain_text("Kemajuan")
    for _again in range(2):
        while spread(lambda: True):
            pass
        work()
    told = {who: sum(NEWS in one for one in messages) for who, messages in hall.citizens.told().items()}
    assert {who: times for who, times in told.items() if times} == {
        **dict.fromkeys(("whatsapp", "telegram", "sms", LETTER, SARI), 1)
    }


def everybody_may_read_it(hall: Hall, issue: Issue, promise: Commitment) -> None:
    """On the page of the issue and of the promise; and Sari where her letter leads."""
    [letter] = [one for one in hall.citizens.told()[SARI] if NEWS in one]
    page = hall.phone(f"/isu/{issue.pk}/")
    for words in (PROMISE, "Dialog Jumat", NEWS):
        expect(page.get_by_role("main")).to_contain_text(words)
    page.goto(f"/janji/{promise.pk}/")
    expect(page.get_by_role("main")).to_contain_text("Aspal panas, 40 meter.")
    page.goto(next(link for link in re.findall(r"https?://\S+/lacak/\S+", letter) if link.startswith(hall.url)))
    expect(page.get_by_role("main")).to_contain_text(NEWS)
