"""Reporting in a browser: three steps on a phone and on a desktop, without script, and with a line that breaks."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from kanal.agencies.models import Regency
from kanal.common.images import sanitise
from kanal.reports import actions
from kanal.reports.models import Report
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People

STORY = "Jalan di tikungan Desa Jono berlubang sedalam mata kaki sejak dua minggu lalu."
OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _house(regency: Regency, settings: Settings) -> None:
    settings.PROOF_OF_WORK_COST = 300


def _photo(tmp_path: Path) -> Path:
    drawn = io.BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(drawn, "JPEG", quality=90)
    path = tmp_path / "jalan.jpg"
    path.write_bytes(drawn.getvalue())
    return path


def _scene(tmp_path: Path) -> Path:
    """A photo that shows something: coloured blocks."""
    blocks = Image.effect_noise((12, 9), 90).resize((1200, 900), Image.Resampling.BICUBIC).convert("RGB")
    path = tmp_path / "tiang.jpg"
    blocks.save(path, "JPEG", quality=90)
    return path


def _no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_the_front_door_to_the_receipt(
    new_page: OpenPage, axe: Axe, tmp_path: Path, screen: dict[str, Any], scheme: str
) -> None:
    place = {"latitude": -7.3609, "longitude": 111.8863}
    page = new_page(screen, color_scheme=scheme, geolocation=place, permissions=["geolocation"])
    page.goto("/")
    axe(page)
    page.get_by_role("link", name="Buat laporan").first.click()
    axe(page)
    page.get_by_label("Ceritakan kejadiannya").fill("Jalan rusak")
    page.get_by_role("button", name="Lanjut: di mana").click()
    expect(page.get_by_text("Terlalu pendek untuk ditindaklanjuti")).to_be_visible()
    axe(page)
    page.get_by_label("Ceritakan kejadiannya").fill(STORY)
    page.locator("#id_photos").set_input_files([_photo(tmp_path)])
    expect(page.get_by_role("img", name="jalan.jpg, siap dikirim")).to_be_visible()
    page.get_by_role("button", name="Lanjut: di mana").click()
    expect(page.get_by_role("heading", name="Di mana kejadiannya?")).to_be_focused()
    page.get_by_role("button", name="Pakai lokasi saya").click()
    expect(page.locator("[data-pin-words]")).to_contain_text("Kec. Temayang")
    page.get_by_role("button", name="Pilih di peta").click()
    expect(page.locator(".pin-mark")).to_be_visible()
    axe(page)
    _no_sideways_scroll(page)
    page.get_by_role("button", name="Lanjut: siapa").click()
    expect(page.get_by_text("Pemeriksaan robot selesai")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    axe(page)
    _no_sideways_scroll(page)
    report = Report.objects.get()
    assert report.attachments.get().width == 1600
    assert report.lat is not None
    page.goto("/lacak/")
    axe(page)
    page.get_by_label("Kode laporan").fill(report.tracking_code.lower())
    page.get_by_role("button", name="Lacak").click()
    expect(page.get_by_role("heading", name=report.tracking_code)).to_be_visible()
    axe(page)


def test_without_script_one_page_is_enough(new_page: OpenPage, axe: Axe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kanal.channels.web.challenge.QUICKEST_PERSON", 0)
    page = new_page(PHONE, java_script_enabled=False)
    page.goto("/lapor/")
    page.get_by_label("Ceritakan kejadiannya").fill(STORY)
    page.locator("#id_region").select_option(label="Jono")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()


def test_a_repeated_village_name_is_chosen_by_keyboard(phone: Page) -> None:
    phone.goto("/lapor/")
    phone.get_by_label("Ceritakan kejadiannya").fill(STORY)
    phone.get_by_role("button", name="Lanjut: di mana").click()
    box = phone.get_by_role("combobox", name="Desa atau kelurahan")
    box.fill("kauman")
    expect(phone.get_by_role("option")).to_have_text(["Kauman, Kec. Baureno", "Kauman, Kec. Bojonegoro"])
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("Kauman, Kec. Bojonegoro")


def test_a_village_that_was_not_chosen_is_asked_back_and_the_words_stay(phone: Page, axe: Axe) -> None:
    phone.goto("/lapor/")
    phone.get_by_label("Ceritakan kejadiannya").fill(STORY)
    phone.get_by_role("button", name="Lanjut: di mana").click()
    phone.get_by_role("combobox", name="Desa atau kelurahan").fill("Kauman")
    phone.get_by_role("button", name="Lanjut: siapa").click()
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.get_by_role("alert").first).to_contain_text("Pilih kecamatannya")
    axe(phone)
    phone.get_by_role("radio", name="Kauman, Kec. Baureno").check()
    phone.get_by_role("button", name="Lanjut: siapa").click()
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    assert Report.objects.get().region is not None


def test_a_draft_survives_a_reload_and_can_be_wiped(phone: Page) -> None:
    phone.goto("/lapor/")
    phone.get_by_label("Ceritakan kejadiannya").fill(STORY)
    expect(phone.get_by_text("Draf tersimpan")).to_be_visible()
    phone.reload()
    expect(phone.get_by_label("Ceritakan kejadiannya")).to_have_value(STORY)
    phone.get_by_role("button", name="Hapus draf").click()
    expect(phone.get_by_label("Ceritakan kejadiannya")).to_have_value("")


def test_whistle_blowing_leaves_nothing_in_the_phone(phone: Page) -> None:
    phone.goto("/lapor/")
    phone.get_by_text("Laporkan penyelewengan oleh pegawai").click()
    phone.get_by_label("Ceritakan kejadiannya").fill(STORY)
    phone.wait_for_timeout(900)
    assert phone.evaluate("localStorage.length") == 0


def test_a_broken_line_keeps_the_report_and_sends_it_when_it_is_back(phone: Page) -> None:
    phone.goto("/lapor/")
    phone.get_by_label("Ceritakan kejadiannya").fill(STORY)
    phone.get_by_role("button", name="Lanjut: di mana").click()
    phone.get_by_role("button", name="Lanjut: siapa").click()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.get_by_text("dikirim sendiri begitu tersambung")).to_be_visible()
    assert not Report.objects.exists()
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible(timeout=20_000)
    assert phone.evaluate("localStorage.length") == 0


def test_when_the_fault_is_ours_it_is_sent_again_and_filed_once(phone: Page) -> None:
    answers = iter([503])

    def trouble(route: Route) -> None:
        if route.request.method == "POST" and next(answers, None):
            route.fulfill(status=503, body="")
        else:
            route.fallback()

    phone.route("**/lapor/", trouble)
    phone.goto("/lapor/")
    phone.get_by_label("Ceritakan kejadiannya").fill(STORY)
    phone.get_by_role("button", name="Lanjut: di mana").click()
    phone.get_by_role("button", name="Lanjut: siapa").click()
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.get_by_text("Maaf, kami sedang bermasalah. Laporan Anda tersimpan di HP ini")).to_be_visible()
    expect(phone.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible(timeout=20_000)
    assert Report.objects.count() == 1


def test_the_script_of_the_form_stays_small() -> None:
    folder = Path(__file__).parent.parent / "static" / "reports"
    sources = [*(folder / name for name in ("file.js", "map.js", "puzzle.js")), *folder.glob("file/*.js")]
    assert sum(len(path.read_bytes()) for path in sources) < 45_000  # with kanal.js and Leaflet below 60 kB compressed


def test_too_long_a_story_is_told_before_it_is_sent_and_stays(phone: Page) -> None:
    phone.goto("/lapor/")
    phone.get_by_label("Ceritakan kejadiannya").fill("jalan rusak " * 2000)
    phone.get_by_role("button", name="Lanjut: di mana").click()
    expect(phone.get_by_text("Panjangnya 24.000 huruf, paling banyak 20.000.")).to_be_visible()
    assert len(phone.get_by_label("Ceritakan kejadiannya").input_value()) == 24_000


def test_what_sending_again_would_not_mend_is_not_sent_again(phone: Page) -> None:
    posts: list[int] = []

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        posts.append(1)
        return route.fulfill(status=400, body="<h1>Bad Request</h1>")

    phone.route("**/lapor/", refuse)
    phone.goto("/lapor/")
    phone.get_by_label("Ceritakan kejadiannya").fill(STORY)
    phone.get_by_role("button", name="Lanjut: di mana").click()
    phone.get_by_role("button", name="Lanjut: siapa").click()
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.get_by_text("Kiriman ini tidak bisa kami terima.")).to_be_visible()
    phone.wait_for_timeout(6000)
    assert len(posts) == 1


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_same_photo_leads_to_the_report_that_has_it(
    new_page: OpenPage, axe: Axe, tmp_path: Path, people: People, screen: dict[str, Any]
) -> None:
    path = _scene(tmp_path)
    told = actions.Filing(body="Tiang miring", submission="tiang", photos=(sanitise(path.read_bytes(), name="a.jpg"),))
    known = actions.file_report(told)
    actions.assign(report=known, agency=people.roads, by=people.doing(people.kun))
    page = new_page(screen)
    page.goto("/lapor/")
    page.get_by_label("Ceritakan kejadiannya").fill("Mohon segera ditangani karena membahayakan orang lewat")
    page.locator("#id_photos").set_input_files([path])
    expect(page.get_by_text("Fotonya sama")).to_be_visible()
    expect(page.locator("[data-similar-here]").get_by_role("link")).to_contain_text(known.title)
    axe(page)
    _no_sideways_scroll(page)
    page.get_by_role("button", name="Saya juga mengalami").click()
    expect(page.locator("[data-similar-here]").get_by_role("button", name="Saya juga mengalami")).to_be_disabled()
