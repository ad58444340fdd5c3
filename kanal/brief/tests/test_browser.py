"""The weekly brief in a browser: one button, then a page that is read on a telephone and printed on paper."""

from collections.abc import Callable

from playwright.sync_api import expect

from kanal.brief import actions
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries import Survey
from tests.support.brief import MakeIssue
from tests.support.browser import SCREENS, Axe, OpenPage
from tests.support.browser import look as look_at
from tests.support.people import People
from tests.support.sign_in import sign_in


@SCREENS
def test_from_the_button_to_the_page(
    new_page: OpenPage, people: People, make_issue: MakeIssue, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    make_issue(6)
    page = sign_in(new_page(screen), people.laras, live_url)
    page.goto("/meja/lembar/")
    look_at(page, axe)
    page.get_by_role("button", name="Buat lembar minggu ini").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Suara warga pekan ini")
    expect(page.get_by_role("main")).to_contain_text("6 suara pekan ini")
    look_at(page, axe)
    page.emulate_media(color_scheme="dark")
    look_at(page, axe)
    page.get_by_role("link", name="Semua lembar").click()
    expect(page.get_by_role("link", name="Kabupaten Bojonegoro").first).to_be_visible()
    look_at(page, axe)


@SCREENS
def test_an_agency_and_a_kecamatan(  # fixtures
    new_page: OpenPage,
    people: People,
    make_issue: MakeIssue,
    look: Callable[..., Survey],
    axe: Axe,
    live_url: str,
    screen: dict[str, object],
) -> None:
    make_issue(6)
    survey = look()
    page = sign_in(new_page(screen), people.kun, live_url)
    for about in (About(agency_id=people.roads.pk), About(region_id=survey.facts.districts()[0].id), REGENCY):
        edition = actions.make(about=about, survey=survey)
        page.goto(f"/meja/lembar/{edition.pk}/")
        look_at(page, axe)
