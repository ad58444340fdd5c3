"""Ways on from a page of the desk: a menu whose every door opens, and an empty list that says what comes next."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.reports import actions
from kanal.reports.models import Report
from tests.support.people import People


@pytest.mark.parametrize(
    ("who", "menu"),
    [
        (
            "kun",
            [
                *("Antrean", "Pesan", "Tugas", "Acara", "Radio", "Kinerja"),
                *("Isu", "Dialog", "Janji", "Lembar pekanan", "Aturan disposisi", "LAPOR!", "Saluran", "Kiriman"),
            ],
        ),
        ("oki", ["Antrean", "Tugas", "Acara", "Isu", "Dialog", "Kinerja", "Janji", "Lembar pekanan"]),
        ("rina", ["Isu", "Dialog", "Janji", "Radio", "Kinerja"]),
        ("laras", ["Antrean", "Isu", "Dialog", "Janji", "Lembar pekanan", "Kinerja", "LAPOR!"]),
        ("ida", ["Antrean", "Pesan", "Lembar pekanan", "Kinerja"]),
        ("agus", ["Antrean", "Saluran", "Kiriman", "Kinerja", "Admin"]),
    ],
)
def test_the_menu_offers_what_ones_roles_may_open(client: Client, people: People, who: str, menu: list[str]) -> None:
    client.force_login(getattr(people, who))
    html = client.get("/meja/", follow=True).content.decode()
    nav = html.split('<nav class="nav wide-only"')[1].split("</nav>")[0]
    offered = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', nav)
    assert [words for _href, words in offered] == menu
    for href, _words in offered:
        assert client.get(href).status_code == 200


def test_what_is_opened_seldom_stands_under_one_word_when_the_menu_is_long(client: Client, people: People) -> None:
    for who, word in ((people.kun, True), (people.agus, False)):
        client.force_login(who)
        nav = (
            client.get("/meja/", follow=True).content.decode().split('<nav class="nav wide-only"')[1].split("</nav>")[0]
        )
        assert ("Lainnya" in nav) is word


def test_nothing_due_today_says_what_comes_next(client: Client, people: People) -> None:
    client.force_login(people.kun)
    assert "Yang berikutnya" not in client.get("/meja/?tampilan=hari-ini").content.decode()
    today = reference().today()
    for days in (1, 1, 9):
        filing = actions.Filing(body="Lampu jalan mati sejak tiga hari", submission=f"antre-{Report.objects.count()}")
        Report.objects.filter(pk=actions.file_report(filing).pk).update(due_on=today + timedelta(days=days))
    assert "Yang berikutnya: 2 laporan, besok." in client.get("/meja/?tampilan=hari-ini").content.decode()
    Report.objects.filter(due_on=today + timedelta(days=1)).update(due_on=today - timedelta(days=1))
    later = formats.day(today + timedelta(days=9))
    assert f"Yang berikutnya: 1 laporan, {later}." in client.get("/meja/?tampilan=hari-ini").content.decode()
