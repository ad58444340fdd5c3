"""An evening of dialogue in a browser: the host prepares it, an agency answers, a citizen finds it."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from kanal.agencies.queries import Actor, reference
from kanal.dialogue.models import Episode
from tests.support.browser import SCREENS, Axe, OpenPage, look
from tests.support.messages import jpeg
from tests.support.people import People
from tests.support.sign_in import sign_in


def plan(page: Page, axe: Axe) -> None:
    page.goto("/meja/dialog/")
    page.get_by_role("link", name="Rencanakan acara").first.click()
    look(page, axe)
    page.get_by_role("button", name="Simpan jadwal").click()
    expect(page.get_by_role("alert")).to_contain_text("Isi tanggalnya.")
    look(page, axe)
    page.get_by_label("Acara", exact=True).select_option(label="Dialog Jumat")
    day = reference().today(timezone.now()) + timedelta(days=9)
    page.get_by_label("Tanggal").fill(day.isoformat())
    page.get_by_label("Jam mulai").fill("13:00")
    page.get_by_label("Tempat atau frekuensi").fill("Pendapa Malowopati")
    page.get_by_role("button", name="Simpan jadwal").click()


def arrange(page: Page, axe: Axe, agency: str) -> None:
    for topic in ("Air bersih di Temayang yang keruh sejak musim hujan", "Jalan berlubang"):
        page.get_by_label("Topik").fill(topic)
        page.get_by_role("button", name="Tambah").click()
        expect(page.locator("#topik")).to_contain_text(topic)
    page.get_by_role("button", name="Naikkan Jalan berlubang").click()
    expect(page.locator("#topik li").first).to_contain_text("Jalan berlubang")
    page.get_by_label("Dinas", exact=True).select_option(label=agency)
    page.get_by_role("button", name="Undang").click()
    expect(page.locator("#undangan")).to_contain_text("belum menjawab")
    page.get_by_role("button", name="Umumkan").click()
    expect(page.get_by_role("link", name="Halaman warga").first).to_be_visible()
    look(page, axe)


@SCREENS
def test_from_the_plan_to_the_public_agenda(
    new_page: OpenPage, people: People, rina: Actor, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    host = sign_in(new_page(screen), people.rina, live_url)
    plan(host, axe)
    arrange(host, axe, people.roads.name)
    address = f"/meja/dialog/{Episode.objects.get().pk}/"
    officer = sign_in(new_page(screen), people.oki, live_url)
    officer.goto(address)
    officer.get_by_label("Siapa yang hadir").fill("Kepala Bidang Jalan")
    officer.get_by_role("button", name="Hadir", exact=True).click()
    expect(officer.locator("#undangan")).to_contain_text("Kepala Bidang Jalan")
    look(officer, axe)
    citizen = new_page(screen)
    citizen.goto("/dialog/")
    look(citizen, axe)
    citizen.get_by_role("link", name="Dialog Jumat").last.click()
    expect(citizen.get_by_role("main")).to_contain_text("Kepala Bidang Jalan")
    look(citizen, axe)


@SCREENS
def test_programmes(
    new_page: OpenPage, people: People, rina: Actor, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    page = sign_in(new_page(screen), people.kun, live_url)
    page.goto("/meja/dialog/acara/")
    look(page, axe)
    page.get_by_role("link", name="Acara tetap baru").click()
    look(page, axe)
    page.get_by_label("Nama acara").fill("Rembug Warga")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("table")).to_contain_text("Rembug Warga")


@SCREENS
def test_a_promise_from_the_air_to_its_proof(
    new_page: OpenPage,
    people: People,
    rina: Actor,
    held: Episode,
    axe: Axe,
    live_url: str,
    tmp_path: Path,
    screen: dict[str, object],
) -> None:
    host = sign_in(new_page(screen), people.rina, live_url)
    host.goto(f"/meja/dialog/{held.pk}/")
    host.get_by_role("link", name="Catat janji").click()
    look(host, axe)
    host.get_by_role("button", name="Simpan janji").click()
    expect(host.get_by_role("alert")).to_contain_text("Janji tanpa tanggal")
    host.get_by_label("Apa yang dijanjikan").fill("Lubang di tikungan Jono ditambal dengan aspal panas")
    host.get_by_label("Dinas", exact=True).select_option(label=people.roads.name)
    host.get_by_label("Paling lambat").fill((reference().today() + timedelta(days=6)).isoformat())
    host.get_by_role("button", name="Simpan janji").click()
    look(host, axe)
    prove(sign_in(new_page(screen), people.oki, live_url), axe, tmp_path)
    kun = sign_in(new_page(screen), people.kun, live_url)
    kun.goto("/meja/janji/?tampilan=periksa")
    look(kun, axe)
    kun.get_by_role("link", name="Lubang di tikungan").click()
    kun.get_by_role("button", name="Nyatakan ditepati").click()
    look(kun, axe)
    citizen = new_page(screen)
    citizen.goto("/janji/")
    look(citizen, axe)
    citizen.get_by_role("link", name="Lubang di tikungan").click()
    expect(citizen.get_by_role("main")).to_contain_text("Aspal panas, 40 meter.")
    expect(citizen.get_by_role("img", name="Foto hasil 1")).to_be_visible()
    look(citizen, axe)


def prove(officer: Page, axe: Axe, folder: Path) -> None:
    officer.goto("/meja/janji/")
    look(officer, axe)
    officer.get_by_role("link", name="Lubang di tikungan").click()
    look(officer, axe)
    picture = folder / "hasil.jpg"
    picture.write_bytes(jpeg())
    officer.get_by_label("Apa yang sudah dikerjakan").fill("Aspal panas, 40 meter.")
    officer.locator("input[type=file]").set_input_files(picture)
    officer.get_by_role("button", name="Laporkan selesai").click()
    expect(officer.get_by_role("main")).to_contain_text("Bukti dari dinas")
    look(officer, axe)
