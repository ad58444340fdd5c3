"""One report from a phone to a closed case, through the real pages only: what a regency does with Kanal every day."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.agencies.models import User
from kanal.channels import delivery
from kanal.reports.models import Report
from kanal.reports.workflow import Status
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People

STORY = "Jalan di tikungan Desa Jono berlubang sedalam mata kaki sejak dua minggu. Sudah tiga orang jatuh."
PASSWORD = "tikungan-jono-2026"
GPS = 0x8825
"""The EXIF block that says where a photo was taken."""


class Walk:
    """Everybody's browsers on one kind of screen. Each page passed is checked for accessibility and width."""

    def __init__(self, screen: dict[str, Any], new_page: Callable[..., Page], axe: Callable[[Page], None]) -> None:
        self.screen, self.new_page, self.axe = screen, new_page, axe
        self.opened: dict[str, Page] = {}

    def browser(self, who: str, **options: Any) -> Page:
        if who not in self.opened:
            self.opened[who] = self.new_page(self.screen, **options)
        return self.opened[who]

    def passed(self, page: Page) -> None:
        """Somebody stands on this page: it must be fit for everybody."""
        self.axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    def at_the_desk(self, user: User) -> Page:
        """Sign in through the page, once per person."""
        if user.email in self.opened:
            return self.opened[user.email]
        page = self.browser(user.email)
        page.goto("/meja/")
        self.passed(page)
        page.get_by_text("Masuk dengan kata sandi").click()
        form = page.locator("form", has=page.get_by_label("Kata sandi"))
        form.get_by_label("E-mail dinas").fill(user.email)
        form.get_by_label("Kata sandi").fill(PASSWORD)
        self.passed(page)
        form.get_by_role("button", name="Masuk").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Semua yang terbuka")
        self.passed(page)
        return page

    def opens(self, user: User, code: str, *, view: str = "terbuka") -> Page:
        """Find the report in one's own queue, not by its address."""
        page = self.at_the_desk(user)
        page.goto(f"/meja/?tampilan={view}")
        page.locator("#daftar tr", has_text=code).get_by_role("link").first.click()
        page.wait_for_url(f"**/meja/l/{code}/**")
        self.passed(page)
        return page


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def walk(request: pytest.FixtureRequest, new_page: Callable[..., Page], axe: Callable[[Page], None]) -> Walk:
    return Walk(request.param, new_page, axe)


@pytest.fixture(autouse=True)
def _house(settings: Settings, live_url: str, people: People) -> None:
    settings.PROOF_OF_WORK_COST = 300
    settings.BASE_URL = live_url
    for user in (people.kun, people.oki, people.heni):
        user.set_password(PASSWORD)
        user.save()


def photo_from_a_phone(folder: Path) -> Path:
    """A picture that tells where it was taken, as phones make them."""
    exif = Image.Exif()
    exif[0x010F] = "Hape Murah"
    exif.get_ifd(GPS).update({1: "S", 2: (7.0, 21.0, 39.0), 3: "E", 4: (111.0, 53.0, 10.0)})
    path = folder / "jalan.jpg"
    Image.effect_noise((1200, 900), 50).convert("RGB").save(path, "JPEG", exif=exif)
    with Image.open(path) as taken:
        assert taken.getexif().get_ifd(GPS)
    return path


def delivered(subject: str) -> str:
    """Let the worker empty the outbox, then read the newest letter of that subject."""
    delivery.deliver_due(lambda: True)
    letters = [letter for letter in mail.outbox if subject in letter.subject and letter.to == ["sari@contoh.id"]]
    assert letters, [letter.subject for letter in mail.outbox]
    return str(letters[-1].body)


def private_path(letter: str) -> str:
    link = re.search(r"https?://\S+/lacak/\S+/\S+/", letter)
    assert link, letter
    return urlsplit(link[0]).path


# What each of them does ---------------------------------------------------------------------------------------------


def sari_reports(walk: Walk, photo: Path) -> str:
    """Three steps on the form; returns the code on the receipt."""
    page = walk.browser("sari")
    page.goto("/")
    walk.passed(page)
    page.get_by_role("link", name="Buat laporan").first.click()
    walk.passed(page)
    page.get_by_label("Ceritakan kejadiannya").fill(STORY)
    page.locator("#id_photos").set_input_files([photo])
    expect(page.get_by_role("img", name="jalan.jpg, siap dikirim")).to_be_visible()
    page.get_by_role("button", name="Lanjut: di mana").click()
    village = page.get_by_role("combobox", name="Desa atau kelurahan")
    village.fill("jono")
    page.get_by_role("option", name="Jono, Kec. Temayang").click()
    walk.passed(page)
    page.get_by_role("button", name="Lanjut: siapa").click()
    page.get_by_label("E-mail").fill("sari@contoh.id")
    walk.passed(page)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Laporan Anda sudah kami terima")
    walk.passed(page)
    return Report.objects.get().tracking_code


def kun_assigns(walk: Walk, people: People, code: str) -> None:
    page = walk.opens(people.kun, code)
    page.get_by_role("radio", name="Lainnya").check()
    page.get_by_label("Dinas lain").select_option(label=people.roads.name)
    page.get_by_label("Catatan untuk dinas").fill("Tikungan berbahaya")
    page.get_by_role("button", name="Teruskan").last.click()
    expect(page.get_by_role("status")).to_contain_text("diteruskan ke")
    walk.passed(page)


def the_agency_answers(walk: Walk, people: People, code: str, text: str) -> None:
    """Oki writes, Heni approves, Oki publishes."""
    oki = walk.opens(people.oki, code)
    start = oki.get_by_role("button", name="Mulai tangani")
    if start.count():
        start.click()
        expect(oki.get_by_role("status")).to_contain_text("Mulai ditangani")
        walk.passed(oki)
    oki.get_by_label("Teks untuk pelapor dan umum").fill(text)
    oki.get_by_role("button", name="Ajukan ke atasan").click()
    expect(oki.get_by_role("status")).to_contain_text("diajukan ke atasan")
    walk.passed(oki)
    heni = walk.opens(people.heni, code)
    heni.get_by_role("button", name="Setujui jawaban").click()
    expect(heni.get_by_role("status")).to_contain_text("Jawaban disetujui")
    walk.passed(heni)
    oki = walk.opens(people.oki, code)
    oki.get_by_role("button", name="Terbitkan jawaban").click()
    expect(oki.get_by_role("status")).to_contain_text("Jawaban terbit")
    walk.passed(oki)


def sari_opens_her_mail(walk: Walk, letter: str, *, sees: str) -> Page:
    page = walk.browser("sari")
    page.goto(private_path(letter))
    expect(page.get_by_text(sees).first).to_be_visible()
    walk.passed(page)
    return page


def sari_gives_stars(walk: Walk, page: Page) -> None:
    page.get_by_role("link", name="Beri nilai").click()
    walk.passed(page)
    page.get_by_role("radio", name="5 bintang").check()
    page.get_by_role("button", name="Kirim nilai").click()
    expect(page.get_by_text("5 dari 5 bintang")).to_be_visible()
    walk.passed(page)


# The stories --------------------------------------------------------------------------------------------------------


def test_from_a_phone_to_a_closed_case(walk: Walk, people: People, tmp_path: Path) -> None:
    code = sari_reports(walk, photo_from_a_phone(tmp_path))
    letter = delivered(code)
    sari_opens_her_mail(walk, letter, sees=STORY)
    kun_assigns(walk, people, code)
    the_agency_answers(walk, people, code, "Lubang ditambal Jumat, 27 November. Rambu sudah dipasang.")

    page = sari_opens_her_mail(walk, delivered(code), sees="Rambu sudah dipasang.")
    sari_gives_stars(walk, page)
    report = Report.objects.get()
    assert report.status == Status.CLOSED
    page.goto("/lacak/")
    page.get_by_label("Kode laporan").fill(code)
    page.get_by_role("button", name="Lacak").click()
    expect(page.get_by_text("Selesai").first).to_be_visible()
    walk.passed(page)
    page.goto(f"/aduan/{code}/")
    expect(page.get_by_text("Rambu sudah dipasang.")).to_be_visible()
    walk.passed(page)
    page.goto("/kinerja/")
    walk.passed(page)


def test_a_photo_no_longer_tells_where_it_was_taken(walk: Walk, tmp_path: Path) -> None:
    sari_reports(walk, photo_from_a_phone(tmp_path))
    kept = Report.objects.get().attachments.get()
    for path in (kept.path, kept.thumb_path):
        with default_storage.open(path) as stored:
            assert not dict(Image.open(io.BytesIO(stored.read())).getexif())


def test_not_done_yet_opens_the_case_again(walk: Walk, people: People, tmp_path: Path) -> None:
    code = sari_reports(walk, photo_from_a_phone(tmp_path))
    kun_assigns(walk, people, code)
    the_agency_answers(walk, people, code, "Lubang ditambal sementara.")

    page = sari_opens_her_mail(walk, delivered(code), sees="Lubang ditambal sementara.")
    page.get_by_role("link", name="Belum selesai").click()
    walk.passed(page)
    page.get_by_label("Apa yang belum").fill("Tambalannya lepas lagi setelah hujan.")
    page.get_by_role("button", name="Minta dibuka lagi").click()
    expect(page.get_by_text("Anda meminta laporan dibuka lagi")).to_be_visible()
    walk.passed(page)

    kun = walk.opens(people.kun, code, view="buka-lagi")
    expect(kun.get_by_text("Pelapor berkata belum selesai")).to_be_visible()
    first = kun.get_by_role("group", name="Tindakan").get_by_role("link").first
    expect(first).to_contain_text("Buka lagi")
    first.click()
    walk.passed(kun)
    kun.get_by_role("button", name="Buka lagi").click()
    expect(kun.get_by_role("status")).to_contain_text("dibuka lagi")
    assert Report.objects.get().status == Status.IN_PROGRESS

    the_agency_answers(walk, people, code, "Jalan dihotmix ulang Kamis, 3 Desember.")
    page = sari_opens_her_mail(walk, delivered(code), sees="Jalan dihotmix ulang")
    sari_gives_stars(walk, page)
    assert Report.objects.get().status == Status.CLOSED


def test_a_phone_without_script_files_with_photo_and_reads_the_answer(
    new_page: Callable[..., Page], people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kanal.channels.web.challenge.QUICKEST_PERSON", 0)
    page = new_page(PHONE, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Buat laporan").first.click()
    page.get_by_label("Ceritakan kejadiannya").fill(STORY)
    page.locator("#id_photos").set_input_files([photo_from_a_phone(tmp_path)])
    page.locator("#id_region").select_option(label="Jono")
    page.get_by_label("E-mail").fill("sari@contoh.id")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Laporan Anda sudah kami terima")
    report = Report.objects.get()
    assert report.attachments.count() == 1
    page.goto(private_path(delivered(report.tracking_code)))
    expect(page.get_by_text(STORY)).to_be_visible()
