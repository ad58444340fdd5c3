"""`kanal enrol`: the first administrator and everybody after, without a password to pass on."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from kanal.agencies.models import Agency, Membership, User
from tests.support.people import People

pytestmark = pytest.mark.django_db


def enrol(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command("enrol", *words)
    return capsys.readouterr().out


def refused(*words: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("enrol", *words)
    return str(caught.value)


@override_settings(BASE_URL="https://kanal.contoh.go.id")
def test_the_first_administrator_gets_an_account_and_is_told_how_to_come_in(capsys: pytest.CaptureFixture[str]) -> None:
    told = enrol(capsys, "Ani@Contoh.go.id", "--name", " Ani  Lestari ", "--role", "administrator")
    ani = User.objects.get(email="ani@contoh.go.id")
    assert (ani.name, ani.is_staff, ani.is_superuser, ani.has_usable_password()) == ("Ani Lestari", True, False, False)
    assert ani.memberships.get().role == "administrator"
    assert "https://kanal.contoh.go.id/akun/login/code/" in told
    assert "Kata sandi tidak diperlukan" in told


def test_the_way_in_that_is_printed_works(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    enrol(capsys, "ani@contoh.go.id", "--name", "Ani", "--role", "administrator")
    client.post("/akun/login/code/", {"email": "ani@contoh.go.id"})
    assert [message.to for message in mail.outbox] == [["ani@contoh.go.id"]]


@override_settings(SECOND_FACTOR_REQUIRED=True, EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
def test_what_still_stands_in_the_way_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    told = enrol(capsys, "ani@contoh.go.id", "--name", "Ani", "--role", "administrator")
    assert "pengaman kedua" in told
    assert "KANAL_EMAIL_BACKEND" in told


def test_twice_is_once_and_a_new_name_is_taken(people: People, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("oki@contoh.go.id", "--role", "officer", "--agency", people.roads.code, "--name")
    enrol(capsys, *words, "Oki Prasetyo")
    told = enrol(capsys, *words, "Oki Prasetyo, S.T.")
    people.oki.refresh_from_db()
    assert people.oki.name == "Oki Prasetyo, S.T."
    assert people.oki.memberships.count() == 1
    assert "sudah ada" in told


def test_a_second_role_stands_beside_the_first(people: People, capsys: pytest.CaptureFixture[str]) -> None:
    enrol(capsys, "oki@contoh.go.id", "--name", "Oki Prasetyo", "--role", "coordinator")
    assert set(people.oki.memberships.values_list("role", flat=True)) == {"officer", "coordinator"}


def test_a_role_that_does_not_exist_is_answered_with_those_that_do(regency: object) -> None:
    told = refused("ani@contoh.go.id", "--name", "Ani", "--role", "boss")
    assert all(role in told for role in Membership.Role.values)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ani", "--name", "Ani", "--role", "leader"), "bukan alamat e-mail"),
        (("a@b.id\n", "--name", " ", "--role", "leader"), "Namanya harus"),
        (("ani@b.id", "--name", "A" * 121, "--role", "leader"), "Namanya harus"),
        (("ani@b.id", "--name", "Ani", "--role", "officer"), "tambahkan --agency"),
        (("ani@b.id", "--name", "Ani", "--role", "leader", "--agency", "dishub"), "hapus --agency"),
        (("ani@b.id", "--name", "Ani", "--role", "officer", "--agency", "pu-jalan"), "Maksudnya: pu-"),
        (("ani@b.id", "--name", "Ani", "--role", "officer", "--agency", "zzz"), "Misalnya: bag-hukum"),
    ],
)
def test_a_slip_of_the_keyboard_is_told_and_makes_no_account(
    regency: object, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refused(*words)
    assert not User.objects.exists()


def test_an_agency_that_is_no_longer_active_gets_nobody(people: People) -> None:
    Agency.objects.filter(pk=people.roads.pk).update(active=False)
    words = ("baru@contoh.go.id", "--name", "Baru", "--role", "officer", "--agency", people.roads.code)
    assert "tidak ada" in refused(*words)


def test_a_closed_account_is_not_opened_in_passing(people: People) -> None:
    User.objects.filter(pk=people.agus.pk).update(is_active=False)
    assert "sudah ditutup" in refused("agus@contoh.go.id", "--name", "Agus Salim", "--role", "leader")
    assert people.agus.memberships.count() == 1
