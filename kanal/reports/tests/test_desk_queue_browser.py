"""The queue in a browser: on a phone by touch, at the office by keyboard alone, readable for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kanal.agencies.models import Membership
from kanal.channels.actions import pulse
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.queries.signs import forget_signs
from kanal.reports.workflow import Status
from tests.support.media import PlainMedium
from tests.support.messages import arrives
from tests.support.people import People
from tests.support.sign_in import sign_in

Axe = Callable[[Page], None]
TEXTS = (
    "Lampu jalan mati di depan balai desa sejak tiga hari.",
    "Air ledeng keruh sejak Minggu, tidak bisa dipakai memasak.",
    "Parkir tanpa karcis di pasar, tarifnya dua kali lipat.",
)


@pytest.fixture
def reports(people: People) -> list[Report]:
    return [actions.file_report(actions.Filing(body=text, submission=f"layar-{text[:6]}")) for text in TEXTS]


def here(page: Page) -> str:
    return page.locator("#daftar .is-here .code").inner_text()


def test_a_coordinator_works_by_keyboard_alone(
    desktop: Page, live_url: str, people: People, reports: list[Report], axe: Axe
) -> None:
    page = desktop
    sign_in(page, people.kun, live_url)
    page.goto("/meja/")
    first, second, third = (report.tracking_code for report in reports)
    assert here(page) == first
    axe(page)
    page.keyboard.press("j")
    assert here(page) == second
    page.keyboard.press("ArrowDown")
    assert here(page) == third
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("#dipilih")).to_have_text("2 dipilih")
    axe(page)
    page.keyboard.press("t")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 laporan")
    axe(page)
    expect(page.get_by_label("Teruskan ke")).to_be_focused()
    page.keyboard.type("Dinas Perhubungan")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 diteruskan.")).to_be_visible()
    assert Report.objects.filter(status=Status.ASSIGNED).count() == 2


def test_letters_can_be_switched_off_for_good(
    desktop: Page, live_url: str, people: People, reports: list[Report]
) -> None:
    page = desktop
    sign_in(page, people.kun, live_url)
    page.goto("/meja/")
    page.keyboard.press("?")
    page.get_by_label("Pintasan satu huruf aktif").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.locator("#daftar tbody th a").first.focus()
    page.keyboard.press("j")
    assert here(page) == reports[0].tracking_code
    page.keyboard.press("ArrowDown")
    assert here(page) == reports[1].tracking_code, "arrows are no letters and stay"


def test_letters_mean_letters_outside_the_list(
    desktop: Page, live_url: str, people: People, reports: list[Report]
) -> None:
    page = desktop
    sign_in(page, people.kun, live_url)
    page.goto("/meja/")
    page.keyboard.press("/")
    page.keyboard.type("jx ledeng")
    expect(page.locator("#cari-atas")).to_have_value("jx ledeng")
    assert here(page) == reports[0].tracking_code


def test_filters_and_views_swap_the_list_and_the_address(
    desktop: Page, live_url: str, people: People, reports: list[Report], axe: Axe
) -> None:
    page = desktop
    sign_in(page, people.kun, live_url)
    page.goto("/meja/")
    page.evaluate("window.same = true")
    page.get_by_label("Saring dan urutkan").click()
    page.get_by_label("Saluran", exact=True).select_option("letter")
    expect(page.get_by_text("Tidak ada laporan yang cocok")).to_be_visible()
    expect(page.get_by_label("Saluran", exact=True)).to_be_visible()
    assert "saluran=letter" in page.url
    axe(page)
    page.get_by_label("Hapus saringan: Surat").click()
    expect(page.locator("#daftar tbody tr")).to_have_count(3)
    page.get_by_role("link", name="Reaksi cepat 0").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reaksi cepat")
    assert page.evaluate("window.same")
    page.go_back()
    expect(page.locator("#daftar tbody tr")).to_have_count(3)


def test_an_officer_finds_the_way_on_a_phone(
    phone: Page, live_url: str, people: People, reports: list[Report], axe: Axe
) -> None:
    for report in reports:
        actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    page = phone
    sign_in(page, people.oki, live_url)
    page.goto("/meja/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    head, first = page.locator(".head").bounding_box(), page.locator("#daftar tbody tr").first.bounding_box()
    assert head
    assert first
    assert first["y"] - head["height"] <= 220, "the first report stands on the first screen, above the tools"
    expect(page.get_by_role("link", name="XLSX")).to_be_visible()
    page.get_by_label("Saring dan urutkan").click()
    expect(page.get_by_label("Saluran", exact=True)).to_be_visible()
    page.get_by_label(f"Pilih {reports[0].tracking_code}").check()
    page.get_by_role("button", name="Ambil").click()
    axe(page)
    page.get_by_role("button", name="Ambil").click()
    expect(page.get_by_text("1 Anda ambil.")).to_be_visible()
    page.get_by_role("link", name="Punya saya 1").click()
    expect(page.locator("#daftar tbody tr")).to_have_count(1)


def test_a_call_is_written_down_on_a_phone(phone: Page, live_url: str, people: People, axe: Axe) -> None:
    page = phone
    sign_in(page, people.kun, live_url)
    page.goto("/meja/catat/")
    axe(page)
    page.get_by_label("Apa yang disampaikan pelapor?").fill(TEXTS[0])
    page.get_by_role("button", name="Simpan laporan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Laporan tersimpan")
    axe(page)
    page.get_by_role("link", name="Cetak slip").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tanda terima laporan")
    axe(page)


def test_everything_works_without_script(
    new_page: Callable[..., Page], live_url: str, people: People, reports: list[Report]
) -> None:
    page = new_page({"viewport": {"width": 1280, "height": 800}}, java_script_enabled=False)
    sign_in(page, people.kun, live_url)
    page.goto("/meja/")
    page.get_by_label(f"Pilih {reports[1].tracking_code}").check()
    page.get_by_role("button", name="Arsipkan").click()
    page.get_by_label("Alasan").select_option("spam")
    page.get_by_role("button", name="Arsipkan").click()
    expect(page.get_by_text("1 diarsipkan.")).to_be_visible()
    page.goto("/meja/?saluran=letter")
    page.get_by_label("Hapus saringan: Surat").click()
    expect(page.locator("#daftar tbody tr")).to_have_count(2)


@pytest.mark.parametrize("path", ["/meja/tugas/", "/meja/?tampilan=hari-ini", "/meja/?q=tidakada"])
def test_the_other_lists_are_accessible_at_both_widths(
    new_page: Callable[..., Page], live_url: str, people: People, axe: Axe, path: str
) -> None:
    for width in (360, 1280):
        page = new_page({"viewport": {"width": width, "height": 800}}, color_scheme="dark")
        sign_in(page, people.kun, live_url)
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 1100])
def test_the_menu_stands_on_one_line_with_every_role_and_its_numbers(
    desktop: Page, live_url: str, people: People, plain_medium: PlainMedium, axe: Axe, width: int
) -> None:
    for role in Membership.Role.values:
        Membership.objects.get_or_create(user=people.kun, role=role, agency=people.roads)
    for number in range(12):
        arrives(plain_medium, f"Halo {number}", number)
    pulse.pause("telegram", sentence="Token habis.", for_=None, alarm=True)
    forget_signs()
    desktop.set_viewport_size({"width": width, "height": 740})
    sign_in(desktop, people.kun, live_url)
    desktop.goto("/meja/")
    head = desktop.locator(".head")
    seen = head.locator(".brand, .nav.wide-only > a, .nav summary, .search, .lang, summary.btn").locator("visible=true")
    middles = {round(box["y"] + box["height"] / 2) for one in seen.all() if (box := one.bounding_box())}
    assert max(middles) - min(middles) <= 2
    assert desktop.evaluate("document.documentElement.scrollWidth") <= width
    expect(head.get_by_role("link", name="Pesan 12")).to_be_visible()
    more = head.locator(".nav.wide-only summary", has_text="Lainnya 1")
    more.focus()
    desktop.keyboard.press("Enter")
    axe(desktop)
    media = head.locator(".nav.wide-only a[href='/meja/saluran/']")
    for _each in range(head.locator(".nav.wide-only details a").count()):
        desktop.keyboard.press("Tab")
        if media.evaluate("link => link === document.activeElement"):
            break
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/meja/saluran/")
    expect(more).to_have_attribute("aria-current", "true")


def test_on_a_low_phone_the_menu_reaches_its_end(phone: Page, live_url: str, people: People) -> None:
    for role in Membership.Role.values:
        Membership.objects.get_or_create(user=people.kun, role=role, agency=people.roads)
    phone.set_viewport_size({"width": 360, "height": 420})
    sign_in(phone, people.kun, live_url)
    phone.goto("/meja/")
    phone.locator(".menu.phone-only summary").click()
    menu = phone.locator(".menu.phone-only")
    menu.get_by_role("link", name="Admin").click()
    phone.wait_for_url("**/admin/**")
