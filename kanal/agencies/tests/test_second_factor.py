import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.agencies.models import User
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People

SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
SECRET = "beras-kencur-hangat"
STEP = 30  # seconds that a code of an app is valid


def app_code(secret: str) -> str:
    """What the app on the phone shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // STEP)))


@pytest.fixture
def oki(people: People, settings: Settings) -> User:
    settings.SECOND_FACTOR_REQUIRED = True
    people.oki.set_password(SECRET)
    people.oki.save()
    return people.oki


@pytest.mark.parametrize("path", ["/meja/", "/admin/", "/meja/aturan/"])
def test_the_desk_is_closed_until_a_second_factor_is_set_up(client: Client, oki: User, path: str) -> None:
    client.force_login(oki)
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[0][0] == reverse("mfa_index")
    page = answer.content.decode()
    assert "pasang dulu pengaman kedua" in page
    assert "Aplikasi pengaman di ponsel" in page


def test_the_pages_to_set_it_up_and_to_leave_stay_open(client: Client, oki: User) -> None:
    client.force_login(oki)
    for name in ("mfa_index", "account_logout", "account_change_password"):
        assert client.get(reverse(name)).status_code == 200


def test_where_it_is_not_required_nobody_is_stopped(client: Client, oki: User, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(oki)
    assert client.get("/meja/").status_code == 200


def test_citizens_are_never_asked(client: Client, oki: User) -> None:
    assert client.get("/").status_code == 200


@SCREENS
def test_setting_up_an_app_and_signing_in_with_it(
    new_page: Callable[..., Page], axe: Callable[[Page], None], oki: User, screen: dict[str, Any]
) -> None:
    page = new_page(screen)
    enter(page, oki)
    expect(page.get_by_role("heading", name="Keamanan akun")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Pasang").first.click()
    expect(page.get_by_role("heading", name="Pastikan ini Anda")).to_be_visible()
    axe(page)
    page.get_by_label("Kata sandi").fill(SECRET)
    page.get_by_role("button", name="Lanjutkan").click()
    expect(page.get_by_role("img", name="Kode QR")).to_be_visible()
    axe(page)
    secret = page.locator("#kunci-totp").inner_text()
    page.get_by_label("Kode", exact=True).fill("000000")
    page.get_by_role("button", name="Pasang").click()
    expect(page.locator(".error")).to_be_visible()
    page.get_by_label("Kode", exact=True).fill(app_code(page.locator("#kunci-totp").inner_text()))
    page.get_by_role("button", name="Pasang").click()
    expect(page.get_by_role("heading", name="Kode cadangan")).to_be_visible()
    axe(page)
    spare = page.locator("#kode-cadangan code").all_inner_texts()
    assert len(spare) == 10
    page.get_by_role("link", name="Sudah saya simpan").click()
    page.wait_for_url("**/meja/")
    sign_in_again(page, axe, oki, spare[0])
    assert Authenticator.objects.filter(user=oki).count() == 2
    assert secret


def enter(page: Page, user: User) -> None:
    page.goto("/akun/login/?next=/meja/")
    page.get_by_text("Masuk dengan kata sandi").click()
    form = page.locator("details form")
    form.get_by_label("E-mail dinas").fill(user.email)
    form.get_by_label("Kata sandi").fill(SECRET)
    form.get_by_role("button", name="Masuk").click()


def sign_in_again(page: Page, axe: Callable[[Page], None], user: User, spare: str) -> None:
    """The phone is lost: a spare code opens the desk, once."""
    page.context.clear_cookies()
    enter(page, user)
    expect(page.get_by_role("heading", name="Pengaman kedua")).to_be_visible()
    axe(page)
    page.get_by_label("Kode", exact=True).fill("123456")
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator(".error")).to_be_visible()
    page.get_by_label("Kode", exact=True).fill(spare)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/meja/")


def test_a_passkey_is_set_up_and_opens_the_desk(desktop: Page, axe: Callable[[Page], None], oki: User) -> None:
    tools = desktop.context.new_cdp_session(desktop)
    tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = device | {"isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    desktop.goto("/akun/login/")
    desktop.goto(desktop.url.replace("127.0.0.1", "localhost"))
    enter_here(desktop, oki)
    desktop.goto(desktop.url.split("/akun")[0] + reverse("mfa_add_webauthn"))
    desktop.get_by_label("Kata sandi").fill(SECRET)
    desktop.get_by_role("button", name="Lanjutkan").click()
    expect(desktop.get_by_role("heading", name="Pasang kunci sandi")).to_be_visible()
    axe(desktop)
    desktop.get_by_label("Nama kunci").fill("Laptop kantor")
    desktop.get_by_label("Boleh dipakai untuk masuk langsung").check()
    desktop.get_by_role("button", name="Pasang").click()
    expect(desktop.get_by_role("heading", name="Kode cadangan")).to_be_visible()
    desktop.context.clear_cookies()
    desktop.goto(desktop.url.split("/akun")[0] + "/akun/login/")
    desktop.get_by_role("button", name="Pakai kunci sandi").click()
    desktop.wait_for_url("**/meja/")


def enter_here(page: Page, user: User) -> None:
    page.get_by_text("Masuk dengan kata sandi").click()
    form = page.locator("details form")
    form.get_by_label("E-mail dinas").fill(user.email)
    form.get_by_label("Kata sandi").fill(SECRET)
    form.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", name="Keamanan akun")).to_be_visible()


def test_taking_the_second_factor_off_closes_the_desk_again(client: Client, oki: User) -> None:
    sign_in = {"login": oki.email, "password": SECRET}
    client.post(reverse("account_login"), sign_in)
    client.post(reverse("account_reauthenticate"), {"password": SECRET})
    secret = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'id="kunci-totp">(\w+)<', secret)
    assert found
    client.post(reverse("mfa_activate_totp"), {"code": app_code(found[1])})
    assert client.get("/meja/").status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert client.get("/meja/").status_code == 302
