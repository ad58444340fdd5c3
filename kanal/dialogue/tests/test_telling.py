"""A promise that is done and an answer given in an episode are told to everybody who reported the matter."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.queries import Actor, actor_of, reference
from kanal.dialogue import actions
from kanal.dialogue.actions import Draft, Promised, Shown
from kanal.dialogue.models import Commitment, Episode
from kanal.issues import policy
from kanal.issues.models import Bulletin, Issue
from tests.support.concerned import citizen, issue_of, messages, reported, send
from tests.support.people import People

MakePromise = Callable[..., Commitment]


@pytest.fixture
def road(people: People) -> Issue:
    return issue_of(people, reported(citizen(1), 1), reported(citizen(2), 2))


@pytest.fixture
def promised(people: People, rina: Actor, road: Issue) -> Commitment:
    due_on = reference().today() + timedelta(days=10)
    said = Promised("Lubang di tikungan Jono ditambal", people.roads, due_on, issue=road)
    return actions.promise(promised=said, by=rina)


def page(client: Client, promise: Commitment) -> str:
    return client.get(f"/meja/janji/{promise.pk}/").content.decode()


def way(issue: Issue, about: str) -> str:
    return f"/meja/isu/{issue.pk}/kabar/?asal={about}"


def test_a_promise_offers_it_once_its_agency_calls_it_done(
    client: Client, people: People, road: Issue, promised: Commitment
) -> None:
    client.force_login(people.oki)
    there = way(road, f"promise:{promised.pk}")
    assert there not in page(client, promised)
    actions.fulfil(commitment=promised, shown=Shown("Ditambal Senin, 30 November."), by=actor_of(people.oki))
    assert there in page(client, promised)
    form = client.get(there).content.decode()
    assert "Ditambal Senin, 30 November." in form
    assert "Lubang di tikungan Jono ditambal" in form
    client.force_login(people.dewi)
    assert client.get(there).status_code in {403, 404}


def test_from_a_kept_promise_to_everybody_s_channel(
    client: Client, people: People, road: Issue, promised: Commitment
) -> None:
    actions.fulfil(commitment=promised, shown=Shown("Ditambal Senin."), by=actor_of(people.oki))
    actions.accept(commitment=promised, by=actor_of(people.kun))
    client.force_login(people.oki)
    there = way(road, f"promise:{promised.pk}")
    assert client.post(there, {"kind": "promise", "text": "Sudah ditambal Senin."}).status_code == 302
    bulletin = Bulletin.objects.get()
    assert (bulletin.about, bulletin.kind, bulletin.agency) == (f"promise:{promised.pk}", "promise", people.roads)
    assert f"/meja/isu/kabar/{bulletin.pk}/" in page(client, promised)
    send(bulletin, policy.person(actor_of(people.heni)))
    assert len(messages()) == 2
    assert all("menepati janjinya" in body for body in messages().values())


def test_the_agency_that_promised_speaks_although_another_leads(
    client: Client, people: People, rina: Actor, road: Issue
) -> None:
    due_on = reference().today() + timedelta(days=10)
    said = Promised("Rambu dipasang", people.transport, due_on, issue=road)
    promise = actions.promise(promised=said, by=rina)
    actions.fulfil(commitment=promise, shown=Shown("Rambu berdiri."), by=actor_of(people.dewi))
    client.force_login(people.dewi)
    assert (
        client.post(way(road, f"promise:{promise.pk}"), {"kind": "work", "text": "Rambu berdiri."}).status_code == 302
    )
    bulletin = Bulletin.objects.get()
    assert bulletin.agency == people.transport
    send(bulletin, policy.person(actor_of(people.kun)))
    assert len(messages()) == 2


@pytest.mark.parametrize("about", ["promise:{other}", "promise:999999", "promise:x", "rapat:1", ":", "episode:{other}"])
def test_what_is_of_another_issue_gives_no_words(
    client: Client, people: People, road: Issue, promised: Commitment, about: str
) -> None:
    another = issue_of(people, reported(citizen(9), 9))
    client.force_login(people.oki)
    answer = client.get(way(another, about.format(other=promised.pk)))
    assert answer.status_code in {200, 404}
    assert "Lubang di tikungan" not in answer.content.decode()


def test_an_episode_that_took_place_offers_its_issues(
    client: Client, people: People, rina: Actor, road: Issue, held: Episode
) -> None:
    actions.add_topic(episode=held, topic="Jalan berlubang di Jono", issue=road, by=rina)
    client.force_login(people.kun)
    there = way(road, f"episode:{held.pk}")
    assert there not in client.get(f"/meja/dialog/{held.pk}/").content.decode()
    actions.hold(episode=held, by=rina)
    assert timezone.now() > held.starts_at
    assert there in client.get(f"/meja/dialog/{held.pk}/").content.decode()
    assert "Dibahas dalam Dialog Jumat" in client.get(there).content.decode()
    (slot,) = held.slots.all()
    actions.write(episode=held, draft=Draft("Kepala dinas: ditambal mulai Kamis.", slot), by=rina)
    assert "ditambal mulai Kamis" not in client.get(there).content.decode(), "the minutes are not everybody's yet"
    actions.close_minutes(episode=held, by=rina)
    assert "ditambal mulai Kamis" in client.get(there).content.decode()
    client.force_login(people.rina)
    assert there not in client.get(f"/meja/dialog/{held.pk}/").content.decode(), "who hosts does not speak for agencies"
