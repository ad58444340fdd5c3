"""The desk's menu: every door in it opens for the one who sees it."""

import re

import pytest
from django.test import Client

from tests.support.people import People


@pytest.mark.parametrize(
    ("who", "menu"),
    [
        ("kun", ["Antrean", "Tugas", "Aturan disposisi", "Kiriman", "Kinerja"]),
        ("oki", ["Antrean", "Tugas", "Kinerja"]),
        ("laras", ["Antrean", "Kinerja"]),
        ("ida", ["Antrean", "Kinerja"]),
        ("agus", ["Antrean", "Kiriman", "Kinerja", "Admin"]),
    ],
)
def test_the_menu_offers_what_ones_roles_may_open(client: Client, people: People, who: str, menu: list[str]) -> None:
    client.force_login(getattr(people, who))
    html = client.get("/meja/").content.decode()
    nav = html.split('<nav class="nav wide-only"')[1].split("</nav>")[0]
    offered = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', nav)
    assert [words for _href, words in offered] == menu
    for href, _words in offered:
        assert client.get(href).status_code == 200
