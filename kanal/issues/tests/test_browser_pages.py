"""What citizens read of issues, and the desk's board and letters, in a browser on both screens."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kanal.agencies.models import Region
from kanal.agencies.queries import actor_of
from kanal.issues import actions
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import MACHINE, person
from tests.support.browser import DESKTOP, SCREENS, Axe, OpenPage, look
from tests.support.issues import many, tell
from tests.support.people import People
from tests.support.sign_in import sign_in


@pytest.fixture
def roads(people: People) -> Issue:
    """A confirmed issue with a place and a promise-free story, and a candidate beside it."""
    at = timezone.now() - timedelta(days=3)
    more: dict[str, Any] = {"received_at": at, "agency": people.roads, "published": True}
    jono = Region.objects.get(level="desa", name="Jono")
    loud = [
        one for turn, text in enumerate(many("lubang", 12)) for one in tell(1, text, first=turn, region=jono, **more)
    ]
    said = Said(title="Jalan berlubang di Jono", agency=people.roads)
    issue = actions.found(said=said, reports=loud, by=person(actor_of(people.kun)))
    actions.found(said=Said(title="Lampu mati", agency=people.roads), reports=tell(3, first=100, **more), by=MACHINE)
    return issue


@SCREENS
def test_a_citizen_finds_what_many_say_and_what_became_of_it(
    new_page: OpenPage, roads: Issue, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    page = new_page(screen)
    page.goto("/")
    page.get_by_role("link", name="Semua isu").click()
    look(page, axe)
    page.get_by_label("Cari isu").fill("berlubang")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("main").get_by_role("link", name="Jalan berlubang di Jono", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("12 warga")
    expect(page.get_by_role("main")).to_contain_text("Pertama disampaikan warga")
    look(page, axe)
    page.locator("#laporan ~ ul").get_by_role("link").first.click()
    expect(page.get_by_role("complementary")).to_contain_text("Bagian dari isu")
    look(page, axe)


@SCREENS
def test_an_empty_list(new_page: OpenPage, people: People, axe: Axe, live_url: str, screen: dict[str, object]) -> None:
    page = new_page(screen)
    page.goto("/isu/")
    expect(page.get_by_role("main")).to_contain_text("Belum ada isu yang tampil")
    look(page, axe)


@SCREENS
def test_the_board_in_columns_and_an_issue_begun_by_hand(
    new_page: OpenPage, people: People, roads: Issue, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    page = sign_in(new_page(screen), people.kun, live_url)
    page.goto("/meja/isu/")
    page.get_by_role("link", name="Papan").click()
    expect(page.get_by_role("region", name="Papan isu")).to_contain_text("Lampu mati")
    expect(page.get_by_role("heading", name="Sedang diperbaiki")).to_be_visible()
    look(page, axe)
    page.get_by_role("link", name="Buat isu").click()
    look(page, axe)
    page.get_by_role("button", name="Buat isu").click()
    expect(page.get_by_role("alert")).to_contain_text("Tulis judul isu")
    look(page, axe)


def stands_on(page: Page, title: str) -> None:
    """Wait until the next page is there with its scripts; a key pressed before is lost, as it is for people."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state()


def test_letters_on_the_board_and_on_the_page(new_page: OpenPage, people: People, roads: Issue, live_url: str) -> None:
    page = sign_in(new_page(DESKTOP), people.kun, live_url)
    page.goto("/meja/isu/")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Jalan berlubang di Jono", exact=True)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Lampu mati", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    stands_on(page, "Lampu mati")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Gabungkan ke isu lain")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("k")
    stands_on(page, "Jalan berlubang di Jono")
    page.keyboard.press("u")
    expect(page.get_by_label("Judul", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Jalan Jono bolong")
    page.keyboard.press("Enter")
    stands_on(page, "Jalan Jono bolong")
    page.keyboard.press("e")
    page.keyboard.press("Space")
    page.keyboard.press("x")
    expect(page.get_by_role("main")).to_contain_text("11 laporan dapat Anda baca.")


def test_a_letter_counts_although_the_closed_window_still_holds_the_focus(
    new_page: OpenPage, people: People, roads: Issue, live_url: str
) -> None:
    page = sign_in(new_page(DESKTOP), people.kun, live_url)
    page.goto(f"/meja/isu/{roads.pk}/")
    # Chromium gives the focus back a moment after the window has closed; a quick hand is quicker.
    page.locator("#pintasan-aktif").dispatch_event("keydown", {"key": "j", "bubbles": True})
    expect(page).not_to_have_url(f"{live_url}/meja/isu/{roads.pk}/")


def test_letters_can_be_switched_off(new_page: OpenPage, people: People, roads: Issue, live_url: str) -> None:
    page = sign_in(new_page(DESKTOP), people.kun, live_url)
    page.goto(f"/meja/isu/{roads.pk}/")
    page.keyboard.press("?")
    page.get_by_label("Pintasan satu huruf aktif di peramban ini").uncheck()
    page.get_by_role("button", name="Tutup", exact=True).click()
    page.keyboard.press("u")
    expect(page.get_by_label("Judul", exact=True)).to_be_hidden()
