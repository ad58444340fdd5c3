"""The public pages as people meet them: on a phone and on an office screen, with and without script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kanal.agencies.queries import reference
from kanal.reports import actions
from kanal.reports.models import Report
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People

BOTH = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
Open = Callable[..., Page]


@pytest.fixture
def shown(transactional_db: None, people: People) -> Report:
    """A public report of Jono with words from everybody, and a second one of Kauman."""
    places = {r.place: r.id for r in reference().villages()}
    texts = {
        "Jono, Kec. Temayang": "Jalan di tikungan berlubang sedalam mata kaki. Hubungi 081234567890 kalau perlu.",
        "Kauman, Kec. Bojonegoro": "Sampah menumpuk di dekat jembatan, baunya sampai rumah warga.",
    }
    reports = [
        actions.file_report(actions.Filing(body=body, submission=place, region_id=places[place], anonymous=True))
        for place, body in texts.items()
    ]
    for report in reports:
        actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    actions.start(report=reports[0], by=people.doing(people.oki))
    return reports[0]


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@BOTH
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_public_page_fits_and_is_accessible(
    new_page: Open, axe: Callable[[Page], None], shown: Report, screen: dict[str, Any], scheme: str
) -> None:
    page = new_page(screen, color_scheme=scheme)
    for path in (
        "/aduan/",
        "/aduan/?q=jalan&warna=kuning",
        "/aduan/?q=kuda",
        "/aduan/peta/",
        f"/aduan/{shown.tracking_code}/",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true; })")
        fits(page)
        axe(page)


@BOTH
def test_searching_filtering_and_opening_a_report(new_page: Open, shown: Report, screen: dict[str, Any]) -> None:
    page = new_page(screen)
    page.goto("/aduan/")
    expect(page.get_by_role("status").filter(has_text="laporan")).to_contain_text("2 laporan")
    page.get_by_label("Cari aduan").fill("jalan berlubang")
    page.get_by_role("button", name="Cari").click()
    expect(page.locator("mark").first).to_have_text(re.compile("jalan", re.IGNORECASE))
    page.locator("summary", has_text="Saringan").click()
    page.get_by_label("Keadaan").select_option("merah")
    page.get_by_role("button", name="Terapkan saringan").click()
    expect(page.get_by_role("heading", name="Tidak ada laporan “jalan berlubang”")).to_be_visible()
    page.get_by_role("link", name="Hapus saringan: Belum ditindaklanjuti").click()
    page.get_by_role("link", name=re.compile("berlubang sedalam")).click()
    expect(page.locator("mark.masked")).to_have_text("[nomor HP disembunyikan]")


@BOTH
def test_joining_in_and_following(new_page: Open, shown: Report, screen: dict[str, Any]) -> None:
    page = new_page(screen)
    page.goto(f"/aduan/{shown.tracking_code}/")
    page.get_by_role("button", name="Saya juga mengalami").click()
    expect(page.get_by_text("Terima kasih. Anda tercatat juga mengalaminya.")).to_be_visible()
    expect(page.get_by_role("button", name="Saya juga mengalami")).to_have_count(0)
    page.get_by_label("Kabari saya kalau ada perubahan").fill("bukan alamat")
    page.get_by_role("button", name="Ikuti lewat e-mail").click()
    expect(page.locator(".error")).to_be_visible()
    page.get_by_label("Kabari saya kalau ada perubahan").fill("budi@contoh.id")
    page.get_by_role("button", name="Ikuti lewat e-mail").click()
    expect(page.get_by_text("Kami mengirim tautan ke e-mail itu.")).to_be_visible()


@BOTH
def test_the_map_moves_and_leads_to_the_list(new_page: Open, shown: Report, screen: dict[str, Any]) -> None:
    page = new_page(screen)
    page.goto("/aduan/peta/")
    mark = page.get_by_role("button", name=re.compile("Kec. Temayang: 0 belum, 1 diproses"))
    mark.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Lihat laporannya").click()
    expect(page).to_have_url(re.compile(r"/aduan/\?kecamatan="))
    expect(page.get_by_role("heading", name=re.compile("berlubang sedalam"))).to_be_visible()


def test_a_phone_fetches_no_map_with_the_list(new_page: Open, shown: Report) -> None:
    page = new_page(PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/aduan/")
    page.wait_for_load_state("networkidle")
    assert not [address for address in asked if "leaflet" in address or "peta" in address]


@BOTH
def test_everything_can_be_read_without_script(new_page: Open, shown: Report, screen: dict[str, Any]) -> None:
    page = new_page(screen, java_script_enabled=False)
    page.goto("/aduan/peta/")
    expect(page.get_by_role("img", name=re.compile("Peta aduan per kecamatan"))).to_be_visible()
    page.get_by_role("link", name="Temayang", exact=True).click()
    page.get_by_role("link", name=re.compile("berlubang sedalam")).click()
    expect(page.get_by_role("heading", name="Perjalanan laporan")).to_be_visible()
    page.get_by_role("button", name="Saya juga mengalami").click()
    expect(page.get_by_text("Terima kasih. Anda tercatat juga mengalaminya.")).to_be_visible()
