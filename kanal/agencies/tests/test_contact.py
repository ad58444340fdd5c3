"""How the regency is reached: at the foot of every page and on paper, and nothing where nothing is known."""

import pytest
from django.test import Client

from kanal.agencies.models import Regency
from kanal.agencies.queries import forget


def footer(client: Client) -> str:
    return client.get("/lacak/").content.decode().partition("<footer")[2]


@pytest.fixture
def reachable(regency: Regency) -> Regency:
    """The regency with everything about it known."""
    Regency.objects.update(
        office="Dinas Kominfo",
        address="Jl. P. Mas Tumapel 1",
        phone="0353 881826",
        whatsapp="0812-3456-7890",
        email="kanal@contoh.go.id",
        website="https://contoh.go.id/",
    )
    forget()
    return Regency.objects.get()


def test_what_is_known_stands_at_the_foot_of_the_page(reachable: Regency, client: Client) -> None:
    told = footer(client)
    for expected in (
        "Dinas Kominfo",
        "Jl. P. Mas Tumapel 1",
        '<a href="tel:0353881826">0353 881826</a>',
        '<a href="https://wa.me/6281234567890" rel="noopener">WhatsApp 0812-3456-7890</a>',
        '<a href="mailto:kanal@contoh.go.id">kanal@contoh.go.id</a>',
        '<a href="https://contoh.go.id/" rel="noopener">contoh.go.id</a>',
    ):
        assert expected in told


def test_where_nothing_is_known_nothing_is_promised(regency: Regency, client: Client) -> None:
    assert regency.contacts == []
    assert "Kontak" not in footer(client)


@pytest.mark.parametrize("number", ["081234567890", "+62 812-3456-7890"])
def test_a_whatsapp_number_opens_however_it_is_written(number: str) -> None:
    assert Regency(whatsapp=number).contacts[0][2] == "https://wa.me/6281234567890"
