"""The rundown at the desk without script: proposals, one click, order, minutes; and an issue put on from its page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.queries import Actor, actor_of, reference
from kanal.common.snapshot import Snapshot
from kanal.dialogue import actions
from kanal.dialogue.models import Commitment, Episode
from kanal.issues import actions as issue_actions
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import person
from tests.support.issues import tell
from tests.support.people import People

DESK = "/meja/dialog/"
PUT = f"{DESK}masukkan/"
MakeEpisode = Callable[..., Episode]
MakeIssue = Callable[..., Issue]


@pytest.fixture
def host(client: Client, people: People, rina: Actor) -> Client:
    client.force_login(people.rina)
    return client


@pytest.fixture
def make_issue(people: People) -> MakeIssue:
    """A confirmed issue of so many voices."""
    made = 0

    def make(number: int = 8, title: str = "Jalan berlubang di Jono") -> Issue:
        nonlocal made
        made += 1
        at = timezone.now() - timedelta(days=2)
        reports = tell(number, first=100 * made, received_at=at, published=True)
        said = Said(title=title, agency=people.roads)
        issue = issue_actions.found(said=said, reports=reports, by=person(actor_of(people.kun)))
        Snapshot.clear_all()
        return issue

    return make


def press(client: Client, episode: Episode, deed: str, **told: Any) -> Any:
    episode.refresh_from_db()
    return client.post(f"{DESK}{episode.pk}/{deed}/", {"version": episode.version, **told}, follow=True)


def read(answer: Any) -> str:
    return str(answer.content.decode())


def names(episode: Episode) -> list[str]:
    return [slot.topic for slot in episode.slots.all()]


def test_a_proposal_says_why_and_is_taken_with_one_click(host: Client, episode: Episode, make_issue: MakeIssue) -> None:
    issue = make_issue()
    page = read(host.get(f"{DESK}{episode.pk}/"))
    assert "Belum pernah dibahas." in page
    assert "8 suara dalam setahun." in page
    assert "Mengapa diusulkan" in page
    answer = press(host, episode, "ambil", isu=issue.pk)
    assert answer.redirect_chain == [(f"{DESK}{episode.pk}/#topik", 302)]
    assert names(episode) == ["Jalan berlubang di Jono"]
    assert "Mengapa diusulkan" not in read(answer)
    press(host, episode, "ambil", isu=issue.pk)
    assert names(episode) == ["Jalan berlubang di Jono"]


def test_a_late_promise_is_taken_too(host: Client, episode: Episode, promise: Commitment) -> None:
    Commitment.objects.filter(pk=promise.pk).update(due_on=reference().today() - timedelta(days=3))
    assert "Menagih janji: Lubang di tikungan" in read(host.get(f"{DESK}{episode.pk}/"))
    press(host, episode, "ambil", janji=promise.pk)
    assert episode.slots.get().commitment == promise


@pytest.mark.parametrize("told", [{}, {"isu": "x"}, {"isu": 999999}, {"janji": "9" * 30}])
def test_nothing_is_taken_that_is_not_there(host: Client, episode: Episode, told: dict[str, Any]) -> None:
    assert press(host, episode, "ambil", **told).status_code in {400, 404}
    assert not names(episode)


def test_the_rest_is_filled_with_one_click(host: Client, episode: Episode, make_issue: MakeIssue) -> None:
    for turn in range(4):
        make_issue(8, f"Isu {turn}")
    page = read(press(host, episode, "otomatis"))
    assert "3 topik dimasukkan." in page
    assert "55 dari 60 menit, 5 menit masih bebas" in page
    assert press(host, episode, "otomatis").status_code == 409


def test_too_many_minutes_are_said_in_a_sentence(host: Client, episode: Episode, rina: Actor) -> None:
    one, other = (actions.add_topic(episode=episode, topic=words, by=rina) for words in ("Air", "Jalan"))
    page = read(press(host, episode, "menit", **{f"menit-{one.pk}": 45, f"menit-{other.pk}": "30"}))
    assert "Kelebihan 15 menit" in page
    assert "Topiknya 75 menit, acaranya 60 menit." in page
    assert press(host, episode, "menit", **{f"menit-{one.pk}": "banyak"}).status_code == 400


def test_the_order_of_the_script_is_kept(host: Client, episode: Episode, rina: Actor) -> None:
    one, other = (actions.add_topic(episode=episode, topic=words, by=rina) for words in ("Air", "Jalan"))
    press(host, episode, "urutan", order=f"{other.pk},{one.pk}")
    assert names(episode) == ["Jalan", "Air"]
    assert press(host, episode, "urutan", order="1,x").status_code == 409


def test_what_a_colleague_arranged_meanwhile_is_not_overwritten(
    host: Client, episode: Episode, people: People, rina: Actor
) -> None:
    seen = episode.version
    actions.add_topic(episode=episode, topic="Pasar", by=actor_of(people.kun))
    answer = host.post(f"{DESK}{episode.pk}/topik/", {"topic": "Sawah kering", "version": seen})
    assert answer.status_code == 409
    page = read(answer)
    assert "diubah orang lain" in page
    assert "Sawah kering" in page
    assert "Pasar" in page
    assert names(episode) == ["Pasar"]


def test_nobody_but_hosts_sees_proposals_or_arranges(
    client: Client, episode: Episode, make_issue: MakeIssue, people: People, rina: Actor
) -> None:
    issue = make_issue()
    actions.announce(episode=episode, by=rina)
    for user in (people.oki, people.laras):
        client.force_login(user)
        page = read(client.get(f"{DESK}{episode.pk}/"))
        assert "Usul topik" not in page
        assert "Simpan menit" not in page
        assert press(client, episode, "ambil", isu=issue.pk).status_code == 403
        assert press(client, episode, "otomatis").status_code == 403
        assert client.get(f"{PUT}{issue.pk}/").status_code == 403
    assert not names(episode)


def test_the_queries_of_the_page_do_not_grow(
    host: Client, episode: Episode, make_issue: MakeIssue, rina: Actor
) -> None:
    counts = []
    for number in (2, 5):
        for turn in range(number):
            issue = make_issue(6, f"Isu {number} {turn}")
        actions.add_topic(episode=episode, issue=issue, by=rina)
        host.get(f"{DESK}{episode.pk}/")
        with CaptureQueriesContext(connection) as captured:
            host.get(f"{DESK}{episode.pk}/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 25


# From the page of an issue --------------------------------------------------------------------------------------------


def test_an_issue_is_put_on_an_episode_from_its_page(host: Client, episode: Episode, make_issue: MakeIssue) -> None:
    issue = make_issue()
    address = f"{PUT}{issue.pk}/"
    assert address in read(host.get(f"/meja/isu/{issue.pk}/"))
    assert "0 dari 60 menit terisi" in read(host.get(address))
    told = {"dialog": episode.pk, "words": "Jalan Jono, kapan diperbaiki?", "minutes": 20}
    answer = host.post(address, told, follow=True)
    assert "Jalan Jono, kapan diperbaiki?" in read(answer)
    slot = episode.slots.get()
    assert (slot.issue, slot.minutes) == (issue, 20)
    page = read(host.get(address))
    assert "Sudah ada di susunan" in page
    assert "Tidak ada acara yang bisa diisi" in page


@pytest.mark.parametrize("told", [{}, {"dialog": "x"}, {"dialog": 999}, {"minutes": 0}, {"words": " "}])
def test_what_is_wrong_is_said_and_nothing_lost(
    host: Client, episode: Episode, make_episode: MakeEpisode, make_issue: MakeIssue, told: dict[str, Any]
) -> None:
    make_episode(hours=90)
    whole = {"dialog": episode.pk, "words": "Kapan?", "minutes": 20, **told} if told else {"words": "Kapan?"}
    answer = host.post(f"{PUT}{make_issue().pk}/", whole)
    assert answer.status_code == 400
    assert "Ada " in read(answer)
    assert not episode.slots.exists()


def test_an_issue_that_is_not_there_is_kindly_missing(host: Client) -> None:
    assert host.get(f"{PUT}999999/").status_code == 404


def test_an_evening_that_is_over_takes_no_topic(host: Client, held: Episode, make_issue: MakeIssue) -> None:
    Episode.objects.filter(pk=held.pk).update(starts_at=timezone.now() - timedelta(hours=9))
    assert "Tidak ada acara yang bisa diisi" in read(host.get(f"{PUT}{make_issue().pk}/"))
