"""The grid of an event in a browser: ten voices by keyboard, forty pasted, nothing lost without a line or script."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kanal.agencies.queries import reference
from kanal.reports import actions
from kanal.reports.actions import Typed
from kanal.reports.models import Gathering, Report
from kanal.reports.queries.gatherings import COLUMNS, drafts_of
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People
from tests.support.sign_in import sign_in

Axe = Callable[[Page], None]
LAMP = "Lampu jalan di depan balai desa mati sejak tiga hari."
TEN_BY_KEYBOARD = 20  # seconds of the machine for ten rows, from the first key until all are saved and looked at
FORTY_PASTED = 5


@pytest.fixture
def event(people: People) -> Gathering:
    told = actions.Occasion(kind="sambang", title="Sambang Desa Jono", held_on=reference().today())
    return actions.hold_gathering(occasion=told, by=people.doing(people.kun))


def opened(page: Page, people: People, live_url: str, event: Gathering) -> Page:
    sign_in(page, people.kun, live_url)
    page.goto(f"{live_url}/meja/acara/{event.pk}/")
    return page


def paste(page: Page, text: str, html: str = "") -> None:
    page.evaluate(
        """([text, html]) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            if (html) data.setData("text/html", html);
            const told = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", told));
        }""",
        [text, html],
    )


def field(page: Page, row: int, name: str) -> Any:
    return page.locator("tr.voice").nth(row).locator(f'[name="{name}"]')


def saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_contain_text("Tersimpan")


def test_ten_voices_by_keyboard_alone_are_filed_with_their_slips(
    desktop: Page, live_url: str, people: People, event: Gathering, axe: Axe
) -> None:
    page = opened(desktop, people, live_url, event)
    axe(page)
    field(page, 0, "name").focus()
    began = time.monotonic()
    for at in range(10):
        for told in (f"Warga {at}", f"08123456789{at}", "Jono, Kec. Temayang", f"{LAMP} Gang {at}.", "", "usul"):
            page.keyboard.insert_text(told)
            page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("[data-tally]")).to_have_text("10 siap, 0 perlu diperbaiki")
    took = time.monotonic() - began
    assert took < TEN_BY_KEYBOARD, f"ten voices took {took:.1f} s"
    assert field(page, 10, "name").evaluate("node => node === document.activeElement")
    page.get_by_role("button", name="Periksa dan ajukan").click()
    axe(page)
    page.get_by_role("button", name="Ajukan 10 laporan").click()
    expect(page.get_by_text("10 laporan diajukan.")).to_be_visible()
    axe(page)
    assert Report.objects.filter(kind="aspiration", region__name="Jono").count() == 10
    page.get_by_role("link", name="Cetak slip untuk warga").click()
    expect(page.get_by_role("img", name=re.compile("Kode QR tautan pribadi"))).to_have_count(10)
    axe(page)
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_forty_rows_pasted_from_a_spreadsheet(
    desktop: Page, live_url: str, people: People, event: Gathering, axe: Axe
) -> None:
    page = opened(desktop, people, live_url, event)
    lines = ["Desa\tNama\tIsi"]
    lines += [f'Jono, Kec. Temayang\tWarga {at}\t"{LAMP}\nRT ""{at}"""' for at in range(39)]
    lines += ["Sumberejo\tWarga 39\tAir ledeng keruh sejak hari Minggu."]
    field(page, 0, "name").focus()
    began = time.monotonic()
    paste(page, "\r\n".join(lines))
    saved(page)
    expect(page.locator("[data-tally]")).to_contain_text("siap")
    took = time.monotonic() - began
    assert took < FORTY_PASTED, f"forty rows took {took:.1f} s"
    drafts = drafts_of(event)
    assert [draft.cells["name"] for draft in drafts] == [f"Warga {at}" for at in range(40)]
    assert drafts[7].cells["words"] == f'{LAMP}\nRT "7"'
    axe(page)


def test_a_village_that_repeats_is_chosen_with_one_press(
    desktop: Page, live_url: str, people: People, event: Gathering, axe: Axe
) -> None:
    names = [village.name for village in reference().villages()]
    name = next(name for name in names if names.count(name) > 1)
    page = opened(desktop, people, live_url, event)
    field(page, 0, "village").fill(name)
    field(page, 0, "words").fill(LAMP)
    saved(page)
    expect(page.get_by_text("ada di lebih dari satu tempat")).to_be_visible()
    axe(page)
    page.reload()
    page.locator(".choices button").first.click()
    expect(page.locator("[data-tally]")).to_have_text("1 siap, 0 perlu diperbaiki")
    assert name in drafts_of(event)[0].cells["village"]


def test_keys_move_copy_and_delete(desktop: Page, live_url: str, people: People, event: Gathering) -> None:
    page = opened(desktop, people, live_url, event)
    field(page, 0, "name").focus()
    page.keyboard.type("Darmo")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+d")
    expect(field(page, 1, "name")).to_have_value("Darmo")
    page.keyboard.press("ArrowUp")
    assert field(page, 0, "name").evaluate("node => node === document.activeElement")
    field(page, 0, "words").focus()
    paste(page, "Baris satu dari cerita.\nBaris dua dari cerita.")
    page.keyboard.insert_text("Cerita")
    page.keyboard.press("Shift+Enter")
    page.keyboard.insert_text("panjang tentang jalan.")
    expect(field(page, 0, "words")).to_have_value("Cerita\npanjang tentang jalan.")
    page.get_by_role("button", name="Tambah 10 baris").click()
    expect(page.locator("tr.voice")).to_have_count(20)
    saved(page)
    page.locator("tr.voice").nth(1).locator("[name=drop]").click()
    expect(page.locator("tr.voice")).to_have_count(19)
    expect(page.locator("[data-tally]")).to_have_text("1 siap, 0 perlu diperbaiki")
    assert len(drafts_of(event)) == 1


def test_what_is_typed_without_a_line_waits_on_the_device(
    desktop: Page, live_url: str, people: People, event: Gathering
) -> None:
    page = opened(desktop, people, live_url, event)
    page.context.set_offline(True)
    field(page, 0, "name").fill("Darmo")
    field(page, 0, "words").fill(LAMP)
    expect(page.locator("[data-state]")).to_contain_text("Luring")
    assert not drafts_of(event)
    page.goto("about:blank")
    second = page.context.new_page()
    second.context.set_offline(False)
    second.goto(f"{live_url}/meja/acara/{event.pk}/")
    second.wait_for_function("localStorage.length === 0")  # it leaves the device when it has arrived, by whichever page
    assert [draft.cells["name"] for draft in drafts_of(event)] == ["Darmo"]


def test_signed_out_meanwhile_nothing_is_lost(desktop: Page, live_url: str, people: People, event: Gathering) -> None:
    page = opened(desktop, people, live_url, event)
    page.context.clear_cookies(name="sessionid")
    field(page, 0, "words").fill(LAMP)
    expect(page.locator("[data-state]")).to_contain_text("muat ulang halaman ini")
    opened(page, people, live_url, event)
    saved(page)
    assert [draft.cells["words"] for draft in drafts_of(event)] == [LAMP]


def test_a_full_event_is_sent_in_parcels_and_as_one_form(
    desktop: Page, live_url: str, people: People, event: Gathering
) -> None:
    page = opened(desktop, people, live_url, event)
    field(page, 0, "name").focus()
    story = " ".join([LAMP] * 80)
    paste(page, "\n".join(f"Warga {at}\t\t\t{story} {at}" for at in range(205)))
    expect(page.locator("[data-state]")).to_contain_text("Paling banyak 200 baris")
    expect(page.locator("[data-tally]")).to_contain_text("200 siap", timeout=30_000)
    assert len(drafts_of(event)) == 200
    page.get_by_role("button", name="Tambah 10 baris").click()
    page.get_by_role("button", name="Periksa dan ajukan").click()
    expect(page.get_by_role("button", name="Ajukan 200 laporan")).to_be_visible(timeout=30_000)


def test_without_script_the_rows_are_a_plain_form(
    new_page: Callable[..., Page], live_url: str, people: People, event: Gathering
) -> None:
    page = opened(new_page({**DESKTOP, "java_script_enabled": False}), people, live_url, event)
    field(page, 0, "name").fill("Darmo")
    field(page, 0, "words").fill(LAMP)
    page.get_by_role("button", name="Tambah 10 baris").click()
    assert page.locator("tr.voice").count() == 21
    field(page, 3, "words").fill("pendek")
    page.get_by_role("button", name="Periksa dan ajukan").click()
    expect(page.get_by_text("1 baris belum bisa diajukan")).to_be_visible()
    page.get_by_role("button", name="Ajukan 1 laporan").click()
    expect(page.get_by_text("1 laporan diajukan.")).to_be_visible()
    assert Report.objects.get().body == LAMP


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_on_a_phone_each_voice_is_a_card(
    new_page: Callable[..., Page], live_url: str, people: People, event: Gathering, axe: Axe, colours: str
) -> None:
    said = {**dict.fromkeys(COLUMNS, ""), "words": "pendek", "village": "Atlantis", "name": "Darmo"}
    actions.save_rows(gathering=event, rows=[Typed("baris-00000001", said)], by=people.doing(people.kun))
    page = opened(new_page({**PHONE, "color_scheme": colours}), people, live_url, event)
    expect(page.get_by_text("tidak ada di daftar desa")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    field(page, 0, "words").fill(LAMP)
    saved(page)
    axe(page)
