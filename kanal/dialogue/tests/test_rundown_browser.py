"""The rundown in a browser: taken with a key, dragged, moved with Alt and an arrow, timed; and without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kanal.agencies.queries import Actor, actor_of
from kanal.common.snapshot import Snapshot
from kanal.dialogue import actions
from kanal.dialogue.models import Episode
from kanal.issues import actions as issue_actions
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import person
from tests.support.browser import SCREENS, Axe, OpenPage, look
from tests.support.issues import tell
from tests.support.people import People
from tests.support.sign_in import sign_in


@pytest.fixture
def matters(people: People) -> list[Issue]:
    """Three confirmed issues, the loudest first."""
    kun, at, found = person(actor_of(people.kun)), timezone.now() - timedelta(days=2), []
    for turn, title in enumerate(("Jalan berlubang di Jono", "Air keruh di Temayang", "Lampu mati di Kapas")):
        reports = tell(9 - turn, first=100 * turn, received_at=at, published=True)
        found.append(issue_actions.found(said=Said(title=title, agency=people.roads), reports=reports, by=kun))
    Snapshot.clear_all()
    return found


def topics(episode: Episode) -> list[str]:
    return [slot.topic for slot in episode.slots.all()]


@SCREENS
def test_a_rundown_is_made_without_reloading(
    new_page: OpenPage,
    people: People,
    episode: Episode,
    matters: list[Issue],
    axe: Axe,
    live_url: str,
    screen: dict[str, object],
) -> None:
    page = sign_in(new_page(screen), people.rina, live_url)
    page.goto(f"/meja/dialog/{episode.pk}/")
    look(page, axe)
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Masukkan Air keruh di Temayang").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#daftar-topik")).to_contain_text("Air keruh di Temayang")
    page.get_by_role("button", name="Susun otomatis").click()
    rows = page.locator("#daftar-topik [data-slot]")
    expect(rows).to_have_count(3)
    page.locator("[data-grip]").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#kabar-susunan")).to_have_text("Air keruh di Temayang: urutan 2 dari 3.")
    expect(rows.nth(1)).to_contain_text("Air keruh di Temayang")
    first = rows.first.get_attribute("data-topic") or ""
    drag(page, first)
    expect(rows.last).to_contain_text(first)
    expect(page.locator("#susunan:not([aria-busy])")).to_be_visible()
    page.get_by_label(f"Menit untuk {first}").fill("60")
    page.get_by_label(f"Menit untuk {first}").press("Tab")
    expect(page.locator("#topik")).to_contain_text("Kelebihan")
    look(page, axe)
    assert page.evaluate("window.same")
    assert topics(episode)[0] == "Air keruh di Temayang"
    assert topics(episode)[-1] == first
    page.get_by_role("button", name="Umumkan").click()
    expect(page.get_by_role("link", name="Halaman warga").first).to_be_visible()


def drag(page: Page, topic: str) -> None:
    """Drag a topic below the last one by its grip."""
    expect(page.locator("#susunan:not([aria-busy])")).to_be_visible()
    page.locator("#topik h2").evaluate("one => one.scrollIntoView()")
    grip = page.get_by_role("button", name=f"Urutkan {topic}").bounding_box()
    last = page.locator("#daftar-topik [data-slot]").last.bounding_box()
    assert grip
    assert last
    across, bottom = grip["x"] + grip["width"] / 2, last["y"] + last["height"]
    page.mouse.move(across, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(across, bottom, steps=12)
    page.mouse.up()


@SCREENS
def test_an_issue_is_put_on_from_its_page(
    new_page: OpenPage,
    people: People,
    episode: Episode,
    matters: list[Issue],
    axe: Axe,
    live_url: str,
    screen: dict[str, object],
) -> None:
    page = sign_in(new_page(screen), people.rina, live_url)
    page.goto(f"/meja/isu/{matters[0].pk}/")
    page.get_by_role("link", name="Masukkan ke dialog").click()
    look(page, axe)
    page.get_by_role("button", name="Masukkan ke susunan").click()
    expect(page.locator("#daftar-topik")).to_contain_text("Jalan berlubang di Jono")


def test_what_a_colleague_changed_meanwhile_is_said_kindly(
    desktop: Page, people: People, episode: Episode, rina: Actor, live_url: str
) -> None:
    actions.add_topic(episode=episode, topic="Air", by=rina)
    page = sign_in(desktop, people.rina, live_url)
    page.goto(f"/meja/dialog/{episode.pk}/")
    actions.add_topic(episode=episode, topic="Pasar", by=actor_of(people.kun))
    page.get_by_role("button", name="Hapus Air").click()
    expect(page.get_by_role("main")).to_contain_text("diubah orang lain")
    assert topics(episode) == ["Air", "Pasar"]


@SCREENS
def test_the_sheets_are_read_on_a_screen(
    new_page: OpenPage,
    people: People,
    episode: Episode,
    matters: list[Issue],
    rina: Actor,
    axe: Axe,
    live_url: str,
    screen: dict[str, object],
) -> None:
    actions.add_topic(episode=episode, issue=matters[0], by=rina)
    actions.invite(episode=episode, agency=people.roads, by=rina)
    host = sign_in(new_page(screen), people.rina, live_url)
    host.goto(f"/meja/dialog/{episode.pk}/")
    host.get_by_role("link", name="Lembar penyiar").click()
    expect(host.get_by_role("main")).to_contain_text("Kata warga")
    look(host, axe)
    officer = sign_in(new_page(screen), people.oki, live_url)
    officer.goto(f"/meja/dialog/{episode.pk}/")
    officer.get_by_role("link", name="Lembar untuk").click()
    expect(officer.get_by_role("main")).to_contain_text("Yang perlu dibawa")
    look(officer, axe)
