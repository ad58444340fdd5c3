"""Maps of a regency that names a tile server (ADR 0010): the pictures come, with their makers' credit and no other."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from kanal.reports import actions
from kanal.reports.models import Report
from tests.support.people import People
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(desktop: Page, settings: Settings) -> Page:
    """An office screen; tiles come from our own origin here, as no test asks anybody else for anything."""
    settings.TILE_URL, settings.TILE_ATTRIBUTION = "/ubin/{z}/{x}/{y}.png", "Peta uji"
    drawn = io.BytesIO()
    Image.new("RGB", (256, 256), "wheat").save(drawn, "PNG")
    desktop.route("**/ubin/**", lambda route: route.fulfill(body=drawn.getvalue(), content_type="image/png"))
    return desktop


def shows_tiles(part: Locator) -> None:
    expect(part.locator("img.leaflet-tile-loaded").first).to_be_attached()
    expect(part.locator(".leaflet-control-attribution")).to_have_text("Peta uji")


def test_on_the_map_of_public_reports(page: Page, people: People, sari_reports: Report) -> None:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    page.goto("/aduan/peta/")
    shows_tiles(page.locator(".leaflet-container"))


def test_where_a_reporter_puts_the_pin(page: Page, regency: object) -> None:
    page.goto("/lapor/")
    page.get_by_label("Ceritakan kejadiannya").fill("Lubang besar di tikungan dekat jembatan, dalamnya sejengkal.")
    page.get_by_role("button", name="Lanjut: di mana").click()
    page.locator("[data-open-map]").click()
    shows_tiles(page.locator(".leaflet-container"))


def test_on_the_page_of_a_case(page: Page, people: People, sari_reports: Report, live_url: str) -> None:
    sign_in(page, people.kun, live_url)
    page.goto(f"/meja/l/{sari_reports.tracking_code}/")
    page.locator("[data-map]").scroll_into_view_if_needed()
    shows_tiles(page.locator(".leaflet-container"))
