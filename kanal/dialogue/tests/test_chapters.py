"""The story of an issue: where it is talked about and what was promised, as everybody reads it on /isu/."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.queries import Actor, actor_of, reference
from kanal.dialogue import actions
from kanal.dialogue.actions import Promised, Shown
from kanal.dialogue.models import Commitment, Episode
from kanal.issues import actions as issue_actions
from kanal.issues.actions import Said
from kanal.issues.contributions import Entry
from kanal.issues.models import Issue
from kanal.issues.policy import person
from kanal.issues.queries.story import story
from tests.support.issues import tell
from tests.support.people import People


@pytest.fixture
def roads(people: People) -> Issue:
    reports = tell(6, received_at=timezone.now() - timedelta(days=20), published=True)
    said = Said(title="Jalan berlubang di Jono", agency=people.roads)
    return issue_actions.found(said=said, reports=reports, by=person(actor_of(people.kun)))


def words(issue: Issue) -> list[str]:
    return [str(entry.words) for entry in story(issue)]


def promise_about(issue: Issue, people: People, rina: Actor) -> Commitment:
    due_on = reference().today() + timedelta(days=10)
    said = Promised("Lubang di tikungan ditambal", people.roads, due_on, issue=issue)
    return actions.promise(promised=said, by=rina)


def last(issue: Issue) -> Entry:
    return story(issue)[-1]


def test_an_announced_evening_lies_ahead_and_a_draft_is_not_told(episode: Episode, roads: Issue, rina: Actor) -> None:
    actions.add_topic(episode=episode, topic="", issue=roads, by=rina)
    assert not any("Dialog Jumat" in line for line in words(roads))
    actions.announce(episode=episode, by=rina)
    entry = last(roads)
    assert (str(entry.words), entry.state) == ("Dijadwalkan dibahas di Dialog Jumat", "next")
    assert entry.address == f"/dialog/{episode.pk}/"
    actions.cancel(episode=episode, reason="Hujan.", by=rina)
    assert not any("Dialog Jumat" in line for line in words(roads))


def test_a_topic_leads_to_its_issue_once_that_is_public(
    client: Client, episode: Episode, roads: Issue, people: People, rina: Actor
) -> None:
    actions.add_topic(episode=episode, topic="Jalan Jono", issue=roads, by=rina)
    actions.announce(episode=episode, by=rina)
    assert f'<a href="/isu/{roads.pk}/">Jalan Jono</a>' in client.get(f"/dialog/{episode.pk}/").content.decode()
    issue_actions.dismiss(issue=roads, reason="", by=person(actor_of(people.kun)))
    assert f"/isu/{roads.pk}/" not in client.get(f"/dialog/{episode.pk}/").content.decode()


def test_where_it_was_discussed_is_told_once(held: Episode, roads: Issue, rina: Actor) -> None:
    actions.add_topic(episode=held, topic="", issue=roads, by=rina)
    actions.hold(episode=held, by=rina)
    roads.refresh_from_db()
    assert roads.status == "discussed"
    assert [line for line in words(roads) if "ibahas" in line] == ["Dibahas di Dialog Jumat"]


def test_a_promise_from_its_word_to_its_end(roads: Issue, people: People, rina: Actor) -> None:
    promise = promise_about(roads, people, rina)
    entry = last(roads)
    assert (str(entry.words), entry.state, entry.at) == ("Harus ditepati", "next", promise.due_on)
    assert "Janji: Lubang di tikungan ditambal" in words(roads)
    Commitment.objects.filter(pk=promise.pk).update(due_on=reference().today() - timedelta(days=1))
    late = next(entry for entry in story(roads) if entry.words == "Janji: Lewat tanggal")
    assert (late.colour, late.state) == ("red", "done")
    promise.refresh_from_db()
    actions.fulfil(commitment=promise, shown=Shown("Tiga lubang ditambal."), by=actor_of(people.oki))
    assert "Janji: Diperiksa" in words(roads)
    actions.accept(commitment=promise, by=actor_of(people.kun))
    assert "Janji: Ditepati, terlambat" in words(roads)


def test_the_citizen_and_the_desk_read_the_same_story(
    client: Client, roads: Issue, people: People, rina: Actor
) -> None:
    promise = promise_about(roads, people, rina)
    pages = [client.get(f"/isu/{roads.pk}/").content.decode()]
    client.force_login(people.oki)
    pages.append(client.get(f"/meja/isu/{roads.pk}/").content.decode())
    for page in pages:
        assert f'<a href="/janji/{promise.pk}/">Janji: Lubang di tikungan ditambal</a>' in page
    assert f'href="/isu/{roads.pk}/"' in client.get(f"/janji/{promise.pk}/").content.decode()


def test_what_was_promised_for_a_merged_issue_is_told_in_the_whole(roads: Issue, people: People, rina: Actor) -> None:
    kun = person(actor_of(people.kun))
    whole = issue_actions.found(said=Said(title="Jalan rusak"), reports=tell(6, first=500), by=kun)
    promise_about(roads, people, rina)
    issue_actions.merge(issue=roads, into=whole, by=kun)
    assert "Janji: Lubang di tikungan ditambal" in words(whole)
