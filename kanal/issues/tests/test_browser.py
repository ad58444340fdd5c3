"""The issues in a browser: found on the board, understood, curated with the keyboard alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kanal.issues import actions, queries
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import MACHINE
from tests.support.browser import SCREENS, Axe, OpenPage, look
from tests.support.issues import many, tell
from tests.support.people import People
from tests.support.sign_in import sign_in


@pytest.fixture
def roads(people: People) -> Issue:
    """A loud candidate, a quiet one, and what the machine proposes of them."""
    at = timezone.now() - timedelta(days=3)
    tell(1, first=900, received_at=at - timedelta(days=300))
    more: dict[str, Any] = {"received_at": at, "agency": people.roads, "published": True}
    loud = [report for turn, text in enumerate(many("lubang", 24)) for report in tell(1, text, first=turn, **more)]
    quiet = tell(3, first=100, **more)
    issue = actions.found(said=Said(title="Jalan berlubang", agency=people.roads), reports=loud, by=MACHINE)
    other = actions.found(said=Said(title="Aspal rusak di Jono", agency=people.roads), reports=quiet, by=MACHINE)
    part = list(queries.evidence(issue).values_list("pk", flat=True))[:9]
    actions.propose(merges=[(other.pk, issue.pk, 0.95)], splits=[(issue.pk, part, "Bahu jalan", 0.4)])
    return issue


@SCREENS
def test_from_a_candidate_to_what_is_being_repaired(
    new_page: OpenPage, people: People, roads: Issue, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    page = sign_in(new_page(screen), people.kun, live_url)
    page.goto("/meja/isu/")
    expect(page.get_by_text("Muncul tiba-tiba", exact=True).first).to_be_visible()
    look(page, axe)
    page.get_by_role("link", name="Jalan berlubang", exact=True).press("Enter")
    look(page, axe)
    page.get_by_role("button", name="Akui sebagai isu").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Diakui sebagai isu")
    page.locator("summary", has_text="Ubah judul dan ringkasan").press("Enter")
    page.get_by_label("Judul", exact=True).fill("")
    page.get_by_role("button", name="Ubah judul dan ringkasan").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Tulis judul isu")
    look(page, axe)
    page.get_by_label("Judul", exact=True).fill("Jalan berlubang di Jono")
    page.get_by_role("button", name="Ubah judul dan ringkasan").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jalan berlubang di Jono")
    page.get_by_role("button", name="Tolak usul").first.press("Enter")
    expect(page.get_by_role("button", name="Tolak usul")).to_have_count(1)
    page.get_by_role("checkbox").first.press("Space")
    page.get_by_role("button", name="Keluarkan yang dipilih").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("23 laporan dapat Anda baca.")
    head = sign_in(new_page(screen), people.heni, live_url)
    head.goto("/meja/isu/?tampilan=saya")
    head.get_by_role("link", name="Jalan berlubang di Jono").press("Enter")
    head.locator("summary", has_text="Ubah keadaan").press("Enter")
    head.get_by_label("Keadaan", exact=True).select_option(label="Sedang diperbaiki")
    head.get_by_role("button", name="Ubah keadaan").press("Enter")
    expect(head.get_by_role("main")).to_contain_text("Sedang diperbaiki")
    look(head, axe)


@SCREENS
def test_the_weights(
    new_page: OpenPage, people: People, roads: Issue, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    page = sign_in(new_page(screen), people.kun, live_url)
    page.goto("/meja/isu/bobot/")
    look(page, axe)
    page.get_by_label("Gawat").fill("10")
    page.get_by_role("button", name="Simpan bobot").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Bobot diubah")
    look(page, axe)
