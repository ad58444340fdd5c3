"""The page of LAPOR! in a browser: a coordinator types a number and goes on, on a phone and at the office."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.reports import actions
from kanal.reports.models import LaporFile, LaporMirror, Report
from tests.support.lapor import settings_for
from tests.support.people import People
from tests.support.sign_in import sign_in

Axe = Callable[[Page], None]
PAGE = "/meja/lapor/"


@pytest.fixture
def reports(people: People, settings: Settings, tmp_path: Path) -> list[Report]:
    """One not there yet, one that may have arrived, one to be brought up to date, one that differs, one secret."""
    cache.clear()
    settings.LAPOR = settings_for(folder=str(tmp_path))
    words = (
        "Lampu jalan di depan pasar mati sejak tiga hari, gelap sekali bila malam.",
        "Jembatan kayu ke sawah lapuk, dua papan sudah lepas.",
        "Sampah di pinggir kali tidak diangkut dua minggu.",
        "Antrean di puskesmas sampai tiga jam setiap Senin.",
        "Perangkat desa memotong bantuan.",
    )
    found = [
        actions.file_report(actions.Filing(body=body, submission=f"b-{n}", secret=n == len(words) - 1))
        for n, body in enumerate(words)
    ]
    for report in found:
        actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    _first, unsure, behind, ahead, _secret = found
    rows = LaporMirror.objects
    rows.filter(report=unsure).update(state="unsure", task="check", error="Sambungan putus saat diserahkan.")
    rows.filter(report=behind).update(state="mirrored", ticket="1916449", told="received", task="update")
    told = {"told": "closed", "told_word": "Ditutup oleh Sistem"}
    rows.filter(report=ahead).update(state="mirrored", ticket="1916450", task="look", **told)
    LaporFile.objects.create(
        name="laporan-ringkas-november-2026.xlsx",
        size=1,
        changed_ns=1,
        state="kept",
        expected=1442,
        read=1442,
        added=1430,
        refused=12,
        message="Sebagian barisnya ditolak. Sebabnya di laporan-ringkas-november-2026.xlsx-ditolak.csv.",
        began_at=timezone.now() - timedelta(hours=2),
    )
    return found


def test_a_coordinator_types_the_number_and_the_report_is_gone(
    desktop: Page, live_url: str, people: People, reports: list[Report], axe: Axe
) -> None:
    page = desktop
    sign_in(page, people.kun, live_url)
    page.goto("/meja/")
    menu = page.get_by_role("navigation", name="Meja")
    menu.get_by_text("Lainnya").click()
    menu.get_by_role("link", name="LAPOR! 4").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("LAPOR!")
    axe(page)
    code = reports[0].tracking_code
    page.get_by_label(f"Nomor LAPOR! untuk {code}").fill("1916400")
    page.get_by_role("button", name=f"Sudah ada di LAPOR! {code}").click()
    expect(page.get_by_text("Tercatat: nomor LAPOR! 1916400.")).to_be_visible()
    expect(page.get_by_text(code)).to_have_count(0)
    page.get_by_role("link", name="Perlu diperbarui (1)").click()
    page.get_by_role("button", name="Sudah saya samakan").click()
    expect(page.get_by_text("Tidak ada yang perlu dikerjakan")).to_be_visible()


@pytest.mark.browser  # asks for its screen by name
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_every_list_is_readable(
    request: pytest.FixtureRequest,
    live_url: str,
    people: People,
    reports: list[Report],
    axe: Axe,
    *,
    screen: str,
    scheme: str,
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
    sign_in(page, people.kun, live_url)
    for address in (
        *(f"{PAGE}?daftar={name}" for name in ("masukkan", "perbarui", "putuskan", "ditahan")),
        "/meja/saluran/",
    ):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert len(reports) == LaporMirror.objects.count()


def test_the_leader_reads_it_on_a_phone(
    phone: Page, live_url: str, people: People, reports: list[Report], axe: Axe
) -> None:
    sign_in(phone, people.laras, live_url)
    phone.goto(PAGE)
    expect(phone.get_by_text(reports[0].tracking_code)).to_be_visible()
    expect(phone.get_by_role("button", name="Sudah ada di LAPOR!")).to_have_count(0)
    axe(phone)
