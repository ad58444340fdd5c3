"""X and YouTube on the played telephone: Kanal really asks, a person decides, and the answer stands below."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.channels import queries
from kanal.channels.models import Inbound, Medium, Outbound
from kanal.channels.simulator import phones, walls
from kanal.channels.x.adapter import ADAPTER as X
from kanal.reports.actions import triage
from kanal.reports.actions.intake import Filing
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People
from tests.support.simulator import PUBLIC, look, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("regency")]
WORDS = "Lampu jalan mati sejak seminggu di Desa Jono"


def written(client: Client, medium: str, words: str = WORDS) -> None:
    client.post(f"/simulator/{medium}/kirim/", {"text": words})
    look()


def shown(client: Client, medium: str) -> str:
    return client.get(f"/simulator/{medium}/").content.decode()


@pytest.mark.parametrize("medium", PUBLIC)
def test_a_complaint_is_found_and_its_answer_stands_below_it(
    client: Client, simulator: str, people: People, medium: str
) -> None:
    written(client, medium)
    message = Inbound.objects.get()
    assert (message.medium, message.text, message.public) == (medium, WORDS, True)
    assert message.address is not None
    assert message.address.contact.name.startswith("Warga Simulator")
    triage.answer_message(inbound=message, text="Kami cek hari ini.", by=people.doing(people.kun))
    look()
    assert Outbound.objects.get().state == Outbound.State.SENT
    assert "Kami cek hari ini." in shown(client, medium)
    answer, post = walls.entries(medium)
    assert (answer.below, answer.text) == (post.id, "Kami cek hari ini.")
    look()
    assert Inbound.objects.count() == 1, "our own answer is no message"


@pytest.mark.parametrize("medium", PUBLIC)
def test_of_a_report_made_of_it_nothing_but_general_words_stand_there(
    client: Client, simulator: str, people: People, medium: str
) -> None:
    written(client, medium)
    message = Inbound.objects.get()
    filing = Filing(body=message.text, submission="m")
    report = triage.file_message(inbound=message, filing=filing, by=people.doing(people.kun))
    work()
    page = shown(client, medium)
    assert "Terima kasih, laporan Anda sudah kami catat." in page
    assert report.tracking_code not in page


@pytest.mark.parametrize("medium", PUBLIC)
def test_praise_is_passed_over_and_counted(client: Client, simulator: str, medium: str) -> None:
    written(client, medium, "Videonya bagus sekali")
    assert not Inbound.objects.exists()
    [health] = [one for one in queries.health() if one.medium == medium]
    assert sum(one.number for one in health.passed) == 1


def test_x_never_takes_the_same_words_twice(client: Client, simulator: str, people: People) -> None:
    for words in (WORDS, "Jalan berlubang parah"):
        written(client, "x", words)
    for message in Inbound.objects.order_by("pk"):
        triage.answer_message(inbound=message, text="Kami cek hari ini.", by=people.doing(people.kun))
    work()
    assert sorted(Outbound.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_the_played_platforms_listen_to_kanal_only(client: Client, simulator: str, settings: Settings) -> None:
    written(client, "x")
    there = f"{simulator}/simulator"
    for address in ("papan/2/users/62355/mentions", "papan/2/tweets?ids=1", "video/comments?id=1"):
        assert httpx.get(f"{there}/{address}").status_code == 401
    forged = {"Authorization": 'OAuth oauth_consumer_key="x", oauth_signature="tebakan"'}
    assert httpx.get(f"{there}/papan/2/users/62355/mentions", headers=forged).status_code == 401
    assert client.post("/simulator/video/token", {"refresh_token": "tebakan"}).status_code == 400
    settings.PLAYED_MEDIA = ["whatsapp"]
    for address in ("papan/2/users/62355/mentions", "video/comments", "video/token", "x/"):
        assert client.get(f"/simulator/{address}").status_code == 404


def test_nobody_writes_on_a_wall_as_somebody_else(simulator: str) -> None:
    with pytest.raises(ValueError, match="simulator"):
        walls.write("x", "../62811", "halo", name="1")
    assert X.is_configured


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("medium", PUBLIC)
def test_a_mention_and_a_comment_are_written_in_the_browser(
    simulator: str,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    people: People,
    screen: dict[str, Any],
    medium: str,
) -> None:
    page = new_page(screen)
    page.goto(f"/simulator/{medium}/")
    axe(page)
    log = page.get_by_role("log")
    page.get_by_label("Pesan").fill(WORDS)
    page.get_by_role("button", name="Kirim").click()
    expect(log).to_contain_text(re.compile("Menunggu petugas"))
    look()
    message = Inbound.objects.get(medium=Medium(medium))
    assert phones.is_number(walls.entries(medium)[0].number)
    triage.answer_message(inbound=message, text="Kami cek hari ini.", by=people.doing(people.kun))
    work()
    expect(log).to_contain_text("Kami cek hari ini.")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
