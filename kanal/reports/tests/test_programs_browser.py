"""Letting a program in by hand, on a phone and at the office, readable for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.reports.models import ApiClient
from tests.support.people import People
from tests.support.sign_in import sign_in
from tests.support.webhooks import subscribed

Axe = Callable[[Page], None]


def fits(page: Page) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0, f"{page.url} is wider than its screen"


def let_in(page: Page, axe: Axe) -> None:
    page.goto("/meja/saluran/")
    page.get_by_role("link", name="Aplikasi lain").click()
    axe(page)
    page.get_by_role("link", name="Daftarkan aplikasi").click()
    axe(page)
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_contain_text("Beri nama dulu.")
    page.get_by_label("Nama aplikasi").fill("SIPD Jalan")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("button", name="Buat kunci tanda tangan").click()
    expect(page.locator("#kunci-baru")).to_contain_text("whsec_")
    axe(page)
    fits(page)
    page.get_by_role("link", name="Tambah langganan").click()
    axe(page)
    page.get_by_label("Alamat tujuan").fill("http://127.0.0.1:9/kejadian-laporan-yang-panjang-sekali-alamatnya")
    page.get_by_role("button", name="Mulai langganan").click()
    expect(page.locator("#kunci-baru")).to_contain_text("whsec_")
    axe(page)
    fits(page)
    page.get_by_role("button", name="Kirim uji coba").click()
    expect(page.get_by_role("table")).to_contain_text("uji coba")
    expect(page.locator("#kunci-baru")).to_have_count(0)
    axe(page)
    fits(page)


@pytest.mark.browser
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_a_coordinator_lets_a_program_in(
    request: pytest.FixtureRequest, people: People, axe: Axe, live_url: str, settings: Settings, screen: str
) -> None:
    settings.WEBHOOK_LOOPBACK = True
    page: Page = request.getfixturevalue(screen)
    sign_in(page, people.kun, live_url)
    let_in(page, axe)
    assert ApiClient.objects.get().subscriptions.count() == 1


def test_what_is_wrong_with_a_subscription_stands_on_a_phone(
    phone: Page, people: People, axe: Axe, live_url: str, settings: Settings
) -> None:
    told = subscribed(people.doing(people.agus), settings)
    sign_in(phone, people.agus, live_url)
    for address in ("/meja/aplikasi/", f"/meja/langganan/{told.pk}/", "/pengembang/"):
        phone.goto(address)
        axe(phone)
        fits(phone)
