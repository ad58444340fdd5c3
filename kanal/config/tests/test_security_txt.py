"""/.well-known/security.txt (RFC 9116) names a real contact, or is not there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from kanal.agencies.models import Regency
from kanal.agencies.queries import forget
from kanal.config.inspection import Level, security_contact
from kanal.config.security_txt import ADDRESS, contact_uri


def fields(client: Client) -> list[tuple[str, str]]:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert not response.cookies
    body = response.content.decode()
    assert body.endswith("\n")
    return [(name, value) for name, _colon, value in (line.partition(": ") for line in body.splitlines())]


def levels() -> list[Level]:
    return [finding.level for finding in security_contact()]


@pytest.fixture
def mailed(regency: Regency) -> Regency:
    """A regency with an e-mail address of its own."""
    Regency.objects.update(email="kanal@contoh.go.id")
    forget()
    return regency


def test_without_a_contact_there_is_no_file_and_check_deploy_says_so(regency: Regency, client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404
    assert levels() == [Level.HINT]


@override_settings(SECURITY_CONTACT=["csirt@contoh.go.id", "https://csirt.contoh.go.id/lapor"])
def test_the_contacts_of_the_settings_come_in_their_order(mailed: Regency, client: Client) -> None:
    told = [value for name, value in fields(client) if name == "Contact"]
    assert told == ["mailto:csirt@contoh.go.id", "https://csirt.contoh.go.id/lapor"]
    assert levels() == [Level.GOOD]


def test_the_regencys_own_address_serves_where_no_other_is_set(mailed: Regency, client: Client) -> None:
    assert ("Contact", "mailto:kanal@contoh.go.id") in fields(client)
    assert levels() == [Level.GOOD]


@override_settings(BASE_URL="https://kanal.contoh.go.id")
def test_it_says_until_when_it_holds_and_where_it_belongs(mailed: Regency, client: Client) -> None:
    told = dict(fields(client))
    expires = datetime.strptime(told["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)
    assert told["Preferred-Languages"] == "id, en"
    assert told["Canonical"] == "https://kanal.contoh.go.id/.well-known/security.txt"


def test_a_base_address_without_https_is_not_called_canonical(mailed: Regency, client: Client) -> None:
    assert "Canonical" not in dict(fields(client))


@override_settings(SECURITY_CONTACT=["telepon saja", "csirt@contoh.go.id"])
def test_a_contact_that_no_program_can_open_is_left_out_and_told(regency: Regency, client: Client) -> None:
    assert [value for name, value in fields(client) if name == "Contact"] == ["mailto:csirt@contoh.go.id"]
    assert levels() == [Level.WRONG, Level.GOOD]


@pytest.mark.parametrize(
    "text", ["", "csirt", "http://contoh.go.id", "https://", "mailto:a b", "tel:1\nExpires: never", "javascript:x"]
)
def test_only_addresses_that_the_standard_allows_are_taken(text: str) -> None:
    assert contact_uri(text) is None


@override_settings(SECURITY_CONTACT=["csirt@contoh.go.id"])
def test_it_can_be_read_and_nothing_else(regency: Regency, client: Client) -> None:
    assert client.post(ADDRESS).status_code == 405
