"""Roads becomes part of transport: what it promised and where it was invited is for transport to keep."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kanal.agencies.queries import Actor, actor_of, reference
from kanal.channels.models import Outbound
from kanal.common.refusal import Refused
from kanal.dialogue import actions, policy
from kanal.dialogue.actions import Promised, Shown
from kanal.dialogue.beside import goes_over
from kanal.dialogue.forms.promises import PromiseForm
from kanal.dialogue.forms.questions import LivePromiseForm
from kanal.dialogue.models import Commitment, Episode, Invitation
from kanal.dialogue.queries import promises as queries
from kanal.dialogue.queries.briefs import agency_sheet
from tests.support.people import People, roads_join_transport

pytestmark = pytest.mark.django_db
EVERYBODY = {"oki@contoh.go.id", "heni@contoh.go.id", "dewi@contoh.go.id"}


@pytest.fixture
def invited(episode: Episode, people: People, rina: Actor) -> Invitation:
    return actions.invite(episode=episode, agency=people.roads, by=rina)


def told(purpose: str) -> set[str]:
    return set(Outbound.objects.filter(purpose=purpose).values_list("to_staff", flat=True))


# Promises -------------------------------------------------------------------------------------------------------------


def test_a_promise_is_on_the_desk_of_those_who_took_over(promise: Commitment, people: People) -> None:
    assert not Commitment.objects.filter(policy.promise_filter(actor_of(people.dewi))).exists()
    roads_join_transport(people)
    dewi = actor_of(people.dewi)
    assert list(Commitment.objects.filter(policy.promise_filter(dewi))) == [promise]
    actions.fulfil(commitment=promise, shown=Shown("Tiga lubang ditambal."), by=dewi)
    assert policy.sees_evidence(dewi, promise)


def test_they_are_reminded_and_their_heads_told_of_lateness(promise: Commitment, people: People) -> None:
    roads_join_transport(people)
    actions.remind(at=timezone.now() + timedelta(days=4))
    assert told("promise_due") == {"oki@contoh.go.id", "dewi@contoh.go.id"}
    actions.escalate(at=timezone.now() + timedelta(days=20))
    assert told("promise_late") == EVERYBODY | {"kun@contoh.go.id"}


def test_word_about_it_goes_to_all_of_them(promise: Commitment, people: People) -> None:
    roads_join_transport(people)
    actions.fulfil(commitment=promise, shown=Shown("Tiga lubang ditambal."), by=actor_of(people.dewi))
    actions.refuse(commitment=promise, reason="Fotonya belum ada.", by=actor_of(people.kun))
    assert told("promise_returned") == EVERYBODY


def test_it_promises_nothing_new(promise: Commitment, people: People, rina: Actor) -> None:
    roads_join_transport(people)
    people.roads.refresh_from_db()
    with pytest.raises(Refused, match=f"sudah bergabung ke {people.transport.name}. Pilih {people.transport.name}"):
        actions.promise(promised=Promised("Lain", people.roads, promise.due_on), by=rina)


def test_correcting_it_begins_with_the_agency_of_today(promise: Commitment, people: People, rina: Actor) -> None:
    roads_join_transport(people)
    assert PromiseForm(actor=rina, commitment=promise).initial["agency"] == str(people.transport.pk)


def test_the_public_page_keeps_the_name_and_leads_on(promise: Commitment, people: People, client: Client) -> None:
    roads_join_transport(people)
    both = f"{people.roads.name} (kini {people.transport.name})"
    assert both in client.get(reverse("dialogue:promise", args=[promise.pk])).content.decode()
    for agency in (people.roads, people.transport):
        assert list(queries.wanted(queries.Filters(dinas=agency.code))) == [promise]
    old = client.get(reverse("dialogue:promises"), {"dinas": people.roads.code}).content.decode()
    assert f"{people.roads.name} bergabung ke {people.transport.name}." in old


# Episodes -------------------------------------------------------------------------------------------------------------


def test_its_invitation_is_answered_by_those_who_took_over(
    invited: Invitation, promise: Commitment, people: People
) -> None:
    roads_join_transport(people)
    dewi = actor_of(people.dewi)
    assert policy.reads_agency_sheet(dewi, invited.agency_id)
    actions.reply(invitation=invited, coming=True, who="Kepala Bidang Jalan", by=dewi)
    sheet = agency_sheet(invited.episode, people.transport.pk)
    assert [one.row.commitment for one in sheet.owed] == [promise]


def test_news_of_the_episode_reaches_all_of_them(invited: Invitation, people: People, rina: Actor) -> None:
    roads_join_transport(people)
    Outbound.objects.all().delete()
    actions.uninvite(invitation=invited, by=rina)
    assert told("dialogue_uninvited") == EVERYBODY


def test_everybody_reads_who_comes_under_both_names(
    invited: Invitation, people: People, rina: Actor, client: Client
) -> None:
    actions.announce(episode=invited.episode, by=rina)
    roads_join_transport(people)
    page = client.get(reverse("dialogue:episode", args=[invited.episode.pk])).content.decode()
    assert f"{people.roads.name} (kini {people.transport.name})" in page
    client.force_login(people.rina)
    desk = client.get(reverse("dialogue:desk_episode", args=[invited.episode.pk])).content.decode()
    assert f"<b>{people.roads.name} (kini {people.transport.name})</b>" in desk


def test_it_is_not_invited_any_more(episode: Episode, people: People, rina: Actor) -> None:
    roads_join_transport(people)
    people.roads.refresh_from_db()
    with pytest.raises(Refused, match="sudah bergabung"):
        actions.invite(episode=episode, agency=people.roads, by=rina)


def test_a_promise_on_the_air_names_the_guest_of_today(
    invited: Invitation, running: Episode, people: People, rina: Actor
) -> None:
    actions.invite(episode=running, agency=people.transport, by=rina)
    Invitation.objects.filter(pk=invited.pk).update(episode=running)
    roads_join_transport(people)
    names = [pk for pk, _name in LivePromiseForm(actor=rina, episode=running).fields["agency"].choices]  # type: ignore[attr-defined]  # it is a ChoiceField
    assert names[:2] == ["", str(people.transport.pk)]
    assert str(people.roads.pk) not in names


def test_the_preview_of_the_merge_counts_them(invited: Invitation, promise: Commitment, people: People) -> None:
    del invited, promise
    assert [number for _words, number in goes_over([people.roads.pk])] == [1, 1]
    assert reference().id_today(people.roads.pk) == people.roads.pk
