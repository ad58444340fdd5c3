import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.agencies.demo_people import PASSWORD, PEOPLE
from kanal.agencies.models import User
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People

SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
SECRET = "beras-kencur-hangat"


@pytest.fixture
def oki(people: People) -> User:
    people.oki.set_password(SECRET)
    people.oki.save()
    return people.oki


def code_in(message: Any) -> str:
    found = re.search(r"^ {4}(\S+)$", message.body, re.MULTILINE)
    assert found, message.body
    return found[1]


def sign_in(client: Client, email: str, password: str = SECRET, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def test_password_opens_the_desk(client: Client, oki: User) -> None:
    assert sign_in(client, "OKI@contoh.go.id").url == "/meja/"


def test_a_wrong_password_and_an_unknown_address_say_the_same(client: Client, oki: User) -> None:
    wrong = sign_in(client, oki.email, "salah-salah-salah").content.decode()
    unknown = sign_in(client, "siapa@contoh.go.id").content.decode()
    sentence = "tidak benar"
    assert sentence in wrong
    assert sentence in unknown
    assert "<details" in wrong
    assert re.search(r"<details[^>]* open", wrong), "the password field is there to be tried again"


def test_a_mailed_code_opens_the_desk(client: Client, people: People) -> None:
    client.post(reverse("account_request_login_code"), {"email": people.kun.email})
    assert mail.outbox[0].to == [people.kun.email]
    assert "Kode masuk Kanal" in mail.outbox[0].subject
    answer = client.post(reverse("account_confirm_login_code"), {"code": code_in(mail.outbox[0])})
    assert answer["Location"] == "/meja/"


def test_a_wrong_code_may_be_tried_a_few_times_only(client: Client, people: People) -> None:
    client.post(reverse("account_request_login_code"), {"email": people.kun.email})
    answers = [client.post(reverse("account_confirm_login_code"), {"code": "SALAH"}) for _time in range(5)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 302
    code = code_in(mail.outbox[0])
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get("/meja/").status_code == 302, "the code is spent"


def test_an_unknown_address_gets_no_code_and_the_page_does_not_tell(client: Client, people: People) -> None:
    known = client.post(reverse("account_request_login_code"), {"email": people.kun.email}, follow=True)
    stranger = Client().post(reverse("account_request_login_code"), {"email": "x@contoh.id"}, follow=True)
    assert known.redirect_chain == stranger.redirect_chain
    page = stranger.content.decode()
    assert "Masukkan kode" in page
    assert "tidak ada akun" in mail.outbox[1].body
    assert "sign up" not in mail.outbox[1].body


def test_guessing_passwords_is_stopped(client: Client, oki: User) -> None:
    for _time in range(6):
        sign_in(client, oki.email, "salah-salah-salah")
    assert "Terlalu banyak" in sign_in(client, oki.email).content.decode()


def test_one_who_guesses_behind_our_proxy_locks_nobody_else_out(
    client: Client, oki: User, people: People, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(12):  # each for another account, so that the limit of one address is what stops it
        address = {"login": f"siapa{number}@contoh.go.id", "password": "salah-salah"}
        guess = client.post(reverse("account_login"), address, headers={"X-Forwarded-For": "203.0.113.9"})
    assert "Terlalu banyak" in guess.content.decode()
    right = {"login": oki.email, "password": SECRET}
    assert client.post(reverse("account_login"), right, headers={"X-Forwarded-For": "198.51.100.7"}).status_code == 302


@pytest.mark.parametrize("told", ["", "ngawur", "1.2.3.4, ::1%eth0"])
def test_a_nonsensical_address_is_counted_too(client: Client, oki: User, settings: Settings, told: str) -> None:
    settings.TRUSTED_PROXIES = 1
    right = {"login": oki.email, "password": SECRET}
    assert client.post(reverse("account_login"), right, headers={"X-Forwarded-For": told}).status_code == 302


def test_nobody_gives_their_account_another_address(client: Client, oki: User, people: People) -> None:
    client.force_login(oki)
    for address in (people.ida.email, "surel-lain@contoh.id"):
        for deed in ("action_add", "action_primary"):
            answer = client.post("/akun/email/", {"email": address, deed: ""})
            assert answer.status_code == 403
            assert "diatur oleh administrator" in answer.content.decode()
    assert client.get("/akun/email/").status_code == 403
    assert not EmailAddress.objects.exists()
    oki.refresh_from_db()
    assert oki.email == "oki@contoh.go.id"


def test_asking_for_codes_is_limited(client: Client, people: People) -> None:
    for _time in range(25):
        answer = client.post(reverse("account_request_login_code"), {"email": people.kun.email})
        client.logout()
    assert len(mail.outbox) < 25
    assert answer.status_code in {200, 302, 429}


def test_an_account_switched_off_stays_out(client: Client, oki: User) -> None:
    User.objects.filter(pk=oki.pk).update(is_active=False)
    page = client.get(sign_in(client, oki.email).url) if sign_in(client, oki.email).status_code == 302 else None
    assert page is None or "tidak aktif" in page.content.decode()
    assert client.get("/meja/").status_code == 302


def test_nobody_signs_up(client: Client, regency: object) -> None:
    assert "Akun dibuat administrator" in client.get(reverse("account_signup")).content.decode()
    client.post(reverse("account_signup"), {"email": "baru@contoh.id", "password1": SECRET})
    assert not User.objects.filter(email="baru@contoh.id").exists()


def test_a_forgotten_password_is_made_anew_by_mail(client: Client, oki: User) -> None:
    client.post(reverse("account_reset_password"), {"email": oki.email})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link
    page = client.get(link[1], follow=True)
    form = page.redirect_chain[-1][0]
    assert "Kata sandi baru" in page.content.decode()
    assert "10 huruf" in client.post(form, {"password1": "pendek", "password2": "pendek"}).content.decode()
    client.post(form, {"password1": "soto-ayam-lamongan", "password2": "soto-ayam-lamongan"})
    assert User.objects.get(pk=oki.pk).check_password("soto-ayam-lamongan")
    assert "tidak berlaku" in client.get(link[1], follow=True).content.decode()


def test_the_own_password_can_be_changed_and_a_missing_one_made(client: Client, oki: User, people: People) -> None:
    client.force_login(oki)
    form = {"oldpassword": SECRET, "password1": "nasi-pecel-madiun", "password2": "nasi-pecel-madiun"}
    client.post(reverse("account_change_password"), form)
    assert User.objects.get(pk=oki.pk).check_password("nasi-pecel-madiun")
    people.kun.set_unusable_password()
    people.kun.save()
    client.force_login(people.kun)
    assert "belum punya kata sandi" in client.get(reverse("account_change_password"), follow=True).content.decode()


def test_the_way_back_is_kept_but_never_to_strangers(client: Client, oki: User) -> None:
    assert sign_in(client, oki.email, next="/admin/").url == "/admin/"
    client.logout()
    assert sign_in(client, oki.email, next="https://jahat.example/").url == "/meja/"


def test_leaving_asks_first_and_only_by_a_button(client: Client, oki: User) -> None:
    client.force_login(oki)
    assert "Keluar dari Kanal?" in client.get(reverse("account_logout")).content.decode()
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == "/"
    assert client.get(reverse("mfa_index")).status_code == 302


def test_the_demo_offers_its_accounts_and_only_there(client: Client, people: People, settings: Settings) -> None:
    User.objects.create_user(PEOPLE[0].email, PASSWORD, name=PEOPLE[0].name)
    page = client.get(reverse("account_login")).content.decode()
    assert PASSWORD not in page
    settings.DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    assert PEOPLE[0].email in page
    assert PEOPLE[1].email not in page, "only accounts that exist"
    settings.PRODUCTION = True
    assert PASSWORD not in client.get(reverse("account_login")).content.decode()


def test_the_pages_are_in_english_too(client: Client, regency: object) -> None:
    client.cookies["bahasa"] = "en"
    assert client.get(reverse("account_login")).status_code == 200


@SCREENS
def test_signing_in_with_a_password(
    new_page: Callable[..., Page], axe: Callable[[Page], None], oki: User, screen: dict[str, Any]
) -> None:
    page = new_page(screen)
    page.goto("/akun/login/")
    axe(page)
    page.get_by_text("Masuk dengan kata sandi").click()
    form = page.locator("details form")
    form.get_by_label("E-mail dinas").fill(oki.email)
    form.get_by_label("Kata sandi").fill("salah-salah-salah")
    form.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    axe(page)
    form.get_by_label("Kata sandi").fill(SECRET)
    form.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/meja/")


@SCREENS
def test_signing_in_with_a_mailed_code(
    new_page: Callable[..., Page], axe: Callable[[Page], None], people: People, screen: dict[str, Any]
) -> None:
    page = new_page(screen)
    page.goto("/akun/login/")
    page.get_by_label("E-mail dinas").first.fill(people.kun.email)
    page.get_by_role("button", name="Kirim kode ke e-mail").click()
    expect(page.get_by_role("heading", name="Masukkan kode")).to_be_visible()
    axe(page)
    page.get_by_label("Kode dari e-mail").fill(code_in(mail.outbox[-1]).lower())
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/meja/")


def test_one_tap_signs_in_to_the_demo(
    phone: Page, axe: Callable[[Page], None], regency: object, settings: Settings
) -> None:
    settings.DEMO = True
    User.objects.create_user(PEOPLE[0].email, PASSWORD, name=PEOPLE[0].name)
    phone.goto("/akun/login/")
    axe(phone)
    phone.get_by_role("button", name=PEOPLE[0].email).click()
    phone.wait_for_url("**/meja/")


def test_the_fields_name_no_hint_that_is_not_there(client: Client, db: None) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert 'aria-describedby="None"' not in page
