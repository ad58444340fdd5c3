"""The radio desk as an announcer uses it: by keyboard alone, against the clock, and with a line that blinks."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from kanal.agencies.queries import actor_of, reference
from kanal.reports.actions import Filing
from kanal.reports.actions import radio as actions
from kanal.reports.models import RadioShow, Report
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People
from tests.support.sign_in import sign_in

OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]
STROKE = 180
"""Milliseconds from key to key: about 65 words a minute, somebody who types for a living and listens meanwhile."""
LONGEST_CALL = 20.0  # seconds
WORDS = "Lampu jalan depan pasar mati tiga hari"


@pytest.fixture
def show(people: People) -> RadioShow:
    return actions.start_show(by=actor_of(people.rina), programme="Sapa Malowopati")


@pytest.fixture
def desk(new_page: OpenPage, people: People, show: RadioShow, live_url: str) -> Page:
    """Rina before the running broadcast."""
    page = sign_in(new_page(DESKTOP), people.rina, live_url)
    page.goto("/meja/radio/")
    return page


def quick_call(page: Page, name: str, body: str = WORDS) -> None:
    """Type a call: name, three fields further the words, Enter."""
    page.keyboard.type(name)
    for _field in range(4):
        page.keyboard.press("Tab")
    page.keyboard.type(body)
    page.keyboard.press("Enter")


def test_a_call_takes_less_than_twenty_seconds_by_keyboard_alone(desk: Page) -> None:
    village = next(r for r in reference().villages() if r.place == "Kauman, Kec. Baureno")
    keys = desk.keyboard
    expect(desk.get_by_label("Nama penelepon")).to_be_focused()
    began = time.monotonic()
    keys.type("Bu Siti", delay=STROKE)
    keys.press("Tab", delay=STROKE)
    keys.type("081234567890", delay=STROKE)
    for _field in range(2):  # past "Tanpa nama"
        keys.press("Tab", delay=STROKE)
    keys.type("kauman bau", delay=STROKE)
    keys.press("Tab", delay=STROKE)
    keys.type(WORDS, delay=STROKE)
    keys.press("Tab", delay=STROKE)
    keys.type("2", delay=STROKE)
    keys.press("Enter", delay=STROKE)
    expect(desk.get_by_label("Nama penelepon")).to_be_focused()
    taken = time.monotonic() - began
    expect(desk.get_by_text("Bacakan kodenya")).to_be_visible()
    report = Report.objects.get()
    assert (report.medium, report.region_id, report.body) == ("radio", village.id, WORDS)
    assert report.category is not None
    assert report.category.name == "Lampu jalan"
    assert report.contact is not None
    assert [address.handle for address in report.contact.addresses.all()] == ["+6281234567890"]
    expect(desk.locator("#panggilan")).to_contain_text(report.tracking_code)
    assert taken < LONGEST_CALL, f"{taken:.1f} seconds"


def test_the_next_call_is_typed_while_the_first_is_on_its_way(desk: Page) -> None:
    for name in ("Siti", "Darmo", "Wati"):
        quick_call(desk, name, f"{WORDS}, kata {name}")
    expect(desk.locator("#panggilan li")).to_have_count(3)
    assert {report.body for report in Report.objects.all()} == {f"{WORDS}, kata {n}" for n in ("Siti", "Darmo", "Wati")}


def test_a_name_that_several_villages_bear_is_asked_back_and_nothing_is_lost(desk: Page) -> None:
    desk.get_by_label("Isi", exact=True).fill(WORDS)
    place = desk.get_by_role("combobox", name="Desa atau patokan")
    place.press_sequentially("kauman")
    place.press("Tab")
    desk.get_by_label("Isi", exact=True).press("Enter")
    expect(desk.get_by_text("Pilih desanya dari daftar")).to_be_visible()
    expect(place).to_be_focused()
    place.press("ArrowDown")
    place.press("ArrowDown")
    place.press("Enter")
    expect(place).to_have_value("Kauman, Kec. Bojonegoro")
    place.press("Enter")
    expect(desk.get_by_text("Bacakan kodenya")).to_be_visible()
    assert Report.objects.get().region is not None


def test_a_category_is_typed_by_letters_and_an_unknown_one_is_said(desk: Page) -> None:
    desk.get_by_label("Isi", exact=True).fill(WORDS)
    box = desk.get_by_role("combobox", name="Kategori")
    box.press_sequentially("xyz")
    box.press("Enter")
    expect(desk.get_by_text("Kategori itu tidak ada")).to_be_visible()
    box.fill("")
    box.press_sequentially("sampah")
    expect(desk.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(desk.get_by_text("Bacakan kodenya")).to_be_visible()
    category = Report.objects.get().category
    assert category is not None
    assert "sampah" in category.name.casefold()


def test_while_typing_one_hears_how_many_told_the_same(desk: Page, people: People, show: RadioShow) -> None:
    jono = next(r for r in reference().villages() if r.place == "Jono, Kec. Temayang")
    for number in range(12):
        filing = Filing(body=f"{WORDS}.", submission=f"radio-{number}", region_id=jono.id)
        actions.take_call(show=show, by=actor_of(people.rina), filing=filing)
    place = desk.get_by_role("combobox", name="Desa atau patokan")
    place.press_sequentially("jono tem")
    place.press("Tab")
    desk.keyboard.type("lampu jalan dekat pasar mati")
    expect(desk.get_by_text("Sudah ada 12 laporan serupa")).to_be_visible()


def test_calls_taken_without_a_line_are_kept_through_a_reload_and_sent_once(desk: Page) -> None:
    down = True

    def blink(route: Route) -> None:
        if down:
            route.abort()
        else:
            route.continue_()

    desk.route("**/telepon/", blink)
    quick_call(desk, "Siti", f"{WORDS} satu")
    quick_call(desk, "Darmo", f"{WORDS} dua")
    expect(desk.get_by_text("2 telepon belum terkirim")).to_be_visible()
    desk.keyboard.type("Wati baru mulai")
    desk.wait_for_timeout(400)
    desk.reload()
    expect(desk.get_by_text("2 telepon belum terkirim")).to_be_visible()
    expect(desk.get_by_label("Nama penelepon")).to_have_value("Wati baru mulai")
    assert not Report.objects.exists()
    down = False
    expect(desk.locator("#panggilan li")).to_have_count(2, timeout=15_000)
    expect(desk.locator("#belum-terkirim")).to_be_hidden()
    assert Report.objects.count() == 2
    assert desk.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kanal.radio.')).length") == 0


def test_an_answer_that_got_lost_does_not_double_the_call(desk: Page) -> None:
    answers = iter([True])

    def lose_the_answer(route: Route) -> None:
        if next(answers, False):
            route.fetch()  # it arrives and is filed
            route.abort()
        else:
            route.continue_()

    desk.route("**/telepon/", lose_the_answer)
    quick_call(desk, "Siti")
    expect(desk.get_by_text("Bacakan kodenya")).to_be_visible(timeout=15_000)
    assert Report.objects.count() == 1


def test_offline_the_browser_says_so_and_sends_as_soon_as_it_is_back(desk: Page) -> None:
    desk.context.set_offline(True)
    quick_call(desk, "Siti")
    expect(desk.get_by_text("1 telepon belum terkirim")).to_be_visible()
    expect(desk.get_by_text("Terus mencatat saja")).to_be_visible()
    desk.context.set_offline(False)
    expect(desk.get_by_text("Bacakan kodenya")).to_be_visible()


def test_what_the_server_refuses_comes_back_into_the_form(desk: Page) -> None:
    desk.keyboard.type("Siti")
    desk.keyboard.press("Tab")
    desk.keyboard.type("12")
    for _field in range(3):
        desk.keyboard.press("Tab")
    desk.keyboard.type(WORDS)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Nomor itu tidak kami kenali").first).to_be_visible()
    desk.get_by_role("button", name="Perbaiki").click()
    expect(desk.get_by_label("Isi", exact=True)).to_have_value(WORDS)
    desk.get_by_label("Nomor HP").fill("")
    desk.get_by_label("Nomor HP").press("Enter")
    expect(desk.get_by_text("Bacakan kodenya")).to_be_visible()
    expect(desk.locator("#belum-terkirim")).to_be_hidden()


def test_signed_out_the_calls_stay(desk: Page, people: People, live_url: str) -> None:
    desk.context.clear_cookies(name="sessionid")
    quick_call(desk, "Siti")
    expect(desk.get_by_text("Anda perlu masuk lagi")).to_be_visible()
    sign_in(desk, people.rina, live_url)
    desk.goto("/meja/radio/")
    expect(desk.get_by_text("Bacakan kodenya")).to_be_visible()
    assert Report.objects.count() == 1


def test_after_the_broadcast_what_waited_is_still_sent(desk: Page, people: People, show: RadioShow) -> None:
    desk.route("**/telepon/", lambda route: route.abort())
    quick_call(desk, "Siti")
    expect(desk.get_by_text("1 telepon belum terkirim")).to_be_visible()
    desk.get_by_role("button", name="Selesai siaran").click()
    expect(desk.get_by_role("heading", name="Notulen dan rekaman")).to_be_visible()
    desk.unroute("**/telepon/")
    desk.goto("/meja/radio/")
    expect(desk.locator("#belum-terkirim")).to_be_hidden(timeout=15_000)
    assert Report.objects.get().radio_call.show == show


def test_a_wrong_note_is_taken_back_without_losing_what_is_being_typed(desk: Page) -> None:
    quick_call(desk, "Siti")
    expect(desk.locator("#panggilan li")).to_have_count(1)
    desk.keyboard.type("Darmo")
    desk.get_by_role("button", name="Batalkan").press("Enter")
    expect(desk.get_by_text("dibatalkan: salah catat")).to_be_visible()
    expect(desk.get_by_label("Nama penelepon")).to_have_value("Darmo")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_the_desk_is_accessible(
    new_page: OpenPage, people: People, live_url: str, axe: Axe, screen: dict[str, object], scheme: str
) -> None:
    page = sign_in(new_page(screen, color_scheme=scheme), people.rina, live_url)
    page.goto("/meja/radio/")
    axe(page)
    page.get_by_label("Nama siaran").fill("Sapa Malowopati")
    page.get_by_role("button", name="Mulai siaran").click()
    expect(page.get_by_label("Nama penelepon")).to_be_focused()
    page.wait_for_load_state()  # nobody types a call faster than a script loads, but a test does
    quick_call(page, "Siti")
    expect(page.get_by_text("Bacakan kodenya")).to_be_visible()
    page.route("**/telepon/", lambda route: route.abort())
    quick_call(page, "Darmo")
    expect(page.get_by_text("1 telepon belum terkirim")).to_be_visible()
    page.get_by_role("combobox", name="Kategori").press_sequentially("jalan")
    expect(page.get_by_role("option").first).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="Selesai siaran").click()
    expect(page.get_by_role("heading", name="Notulen dan rekaman")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_script_it_is_a_plain_form(new_page: OpenPage, people: People, show: RadioShow, live_url: str) -> None:
    page = sign_in(new_page(PHONE, java_script_enabled=False), people.rina, live_url)
    page.goto("/meja/radio/")
    page.get_by_label("Nama penelepon").fill("Siti")
    page.get_by_label("Isi", exact=True).fill(WORDS)
    page.locator("#id_region").select_option(label="Jono")
    page.get_by_role("button", name="Simpan, telepon berikutnya").click()
    expect(page.get_by_text("Bacakan kodenya")).to_be_visible()
    assert Report.objects.get().region is not None
