"""One word to all in a browser: an officer writes it on a phone or at the office, the head looks once and sends it."""

import pytest
from playwright.sync_api import expect

from kanal.issues.actions.spreading import spread
from kanal.issues.models import Issue
from tests.support.browser import SCREENS, Axe, OpenPage, look
from tests.support.concerned import ANSWER, citizen, follows, issue_of, messages, reported
from tests.support.people import People
from tests.support.sign_in import sign_in


@pytest.fixture
def road(people: People) -> Issue:
    """Three people with four reports, and a neighbour who follows one."""
    sari, reports = citizen(1), [reported(citizen(number), number) for number in (2, 3)]
    reports += [reported(sari, 4), reported(sari, 5)]
    follows(citizen(6), reports[0])
    return issue_of(people, *reports)


@SCREENS
def test_from_the_issue_to_everybody_s_own_channel(
    new_page: OpenPage, people: People, road: Issue, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    page = sign_in(new_page(screen), people.oki, live_url)
    page.goto(f"/meja/isu/{road.pk}/")
    page.get_by_role("link", name="Kabari semua pelapor").press("Enter")
    look(page, axe)
    page.get_by_label("Isi kabar").fill(ANSWER)
    page.get_by_role("button", name="Lihat pratinjau").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("4 orang")
    look(page, axe)
    page.get_by_role("button", name="Minta atasan mengirim").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Menunggu dikirim atasan")
    head = sign_in(new_page(screen), people.heni, live_url)
    head.goto(f"/meja/isu/{road.pk}/")
    head.get_by_role("link", name="Jawaban untuk semua").press("Enter")
    look(head, axe)
    head.get_by_role("button", name="Kirim kepada 4 orang").press("Enter")
    expect(head.get_by_role("button", name="Hentikan pengiriman")).to_be_visible()
    while spread(lambda: True):
        pass
    assert len(messages()) == 4
    head.reload()
    expect(head.get_by_role("region", name="Kemajuan")).to_contain_text("Tampil di halaman 4 laporan")
    look(head, axe)
