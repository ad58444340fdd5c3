"""An episode from the first plan to the evening itself: who is told, what follows, what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from kanal.agencies.models import Agency
from kanal.agencies.queries import Actor, actor_of
from kanal.channels.models import Outbound
from kanal.common.refusal import Refused
from kanal.dialogue import actions
from kanal.dialogue.actions import Plan
from kanal.dialogue.actions.packs import load_pack
from kanal.dialogue.models import Episode, EpisodeEvent, Invitation, Programme
from kanal.issues import actions as issue_actions
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import MACHINE, person
from tests.support.issues import tell
from tests.support.people import PACK, People


def lines(episode: Episode) -> list[str]:
    return list(episode.events.values_list("verb", flat=True))


def letters(purpose: str) -> list[Outbound]:
    return list(Outbound.objects.filter(purpose=purpose).order_by("to_staff"))


def later(episode: Episode, **more: Any) -> Plan:
    told: dict[str, Any] = {
        "programme": episode.programme,
        "starts_at": episode.starts_at + timedelta(days=1),
        "place": "Alun-alun",
    }
    return Plan(**{**told, **more})


@pytest.fixture
def road(people: People) -> Issue:
    issue = issue_actions.found(said=Said(title="Jalan berlubang di Jono"), reports=tell(3), by=MACHINE)
    issue_actions.confirm(issue=issue, by=person(actor_of(people.kun)))
    return issue


# Programmes ---------------------------------------------------------------------------------------------------------


def test_the_pack_brings_the_four_programmes_of_the_regency_once(regency: object) -> None:
    load_pack(PACK)
    names = set(Programme.objects.values_list("name", flat=True))
    assert names == {"Ayo Mas Bro", "Dialog Interaktif", "Dialog Jumat", "Sambang Desa"}
    Programme.objects.filter(code="ayo-mas-bro").update(name="Ayo Bojonegoro")
    load_pack(PACK)
    assert Programme.objects.filter(name="Ayo Bojonegoro").exists()
    assert Programme.objects.count() == 4


def test_a_programme_keeps_its_code_when_it_is_named_anew(people: People) -> None:
    kun = actor_of(people.kun)
    told: dict[str, Any] = {"about": "", "place": "Balai desa", "active": True, "by": kun}
    made = actions.keep_programme(programme=None, name="Rembug Warga", **told)
    actions.keep_programme(programme=made, name="Rembug Desa", **told)
    assert (made.code, made.name) == ("rembug-warga", "Rembug Desa")
    with pytest.raises(Refused, match="sudah ada"):
        actions.keep_programme(programme=None, name="Rembug Desa", **told)


def test_a_programme_that_ended_begins_no_episode(episode: Episode, rina: Actor) -> None:
    Programme.objects.update(active=False)
    episode.programme.refresh_from_db()
    with pytest.raises(Refused, match="tidak berjalan"):
        actions.plan(plan=later(episode), by=rina)


# The life of an episode ---------------------------------------------------------------------------------------------


def test_from_the_plan_to_the_evening(held: Episode, rina: Actor) -> None:
    actions.hold(episode=held, by=rina)
    assert held.status == "held"
    assert lines(held) == ["plan", "announce", "hold"]


def test_what_is_past_is_not_announced_and_what_is_ahead_not_held(episode: Episode, held: Episode, rina: Actor) -> None:
    Episode.objects.filter(pk=episode.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="sudah lewat"):
        actions.announce(episode=episode, by=rina)
    Episode.objects.filter(pk=held.pk).update(starts_at=timezone.now() + timedelta(minutes=5))
    with pytest.raises(Refused, match="belum mulai"):
        actions.hold(episode=held, by=rina)
    assert lines(episode) == ["plan"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"place": " "}, "tempat"), ({"duration": 4}, "5 menit"), ({"place": "x" * 161}, "160 huruf")],
)
def test_what_no_calendar_can_hold_is_refused(
    episode: Episode, rina: Actor, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        actions.plan(plan=later(episode, **wrong), by=rina)


def test_a_double_click_is_one_deed_and_a_stale_page_is_refused(episode: Episode, people: People, rina: Actor) -> None:
    seen = episode.version
    actions.announce(episode=episode, by=rina, version=seen)
    with pytest.raises(Refused) as twice:
        actions.announce(episode=episode, by=rina, version=seen)
    with pytest.raises(Refused) as stale:
        actions.cancel(episode=episode, reason="Hujan", by=actor_of(people.kun), version=seen)
    assert (twice.value.code, stale.value.code) == ("repeated", "stale")


def test_cancelling_needs_a_reason(episode: Episode, rina: Actor) -> None:
    with pytest.raises(Refused, match="alasannya"):
        actions.cancel(episode=episode, reason="  ", by=rina)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Episode.objects.filter(pk=episode.pk).update(status="cancelled")


def test_the_history_is_never_rewritten(episode: Episode) -> None:
    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        EpisodeEvent.objects.filter(episode=episode).update(verb="cancel")


# Issues -------------------------------------------------------------------------------------------------------------


def test_a_confirmed_issue_on_the_rundown_is_discussed_once_the_evening_was(
    held: Episode, road: Issue, rina: Actor
) -> None:
    actions.add_topic(episode=held, topic="", issue=road, by=rina)
    road.refresh_from_db()
    assert road.status == "confirmed"
    actions.hold(episode=held, by=rina)
    road.refresh_from_db()
    assert road.status == "discussed"
    assert "Dialog Jumat" in road.events.get(verb="move").note


def test_an_issue_that_is_further_stays_where_it_is(held: Episode, road: Issue, rina: Actor) -> None:
    Issue.objects.update(status="being_fixed")
    actions.add_topic(episode=held, topic="Jalan Jono", issue=road, by=rina)
    actions.hold(episode=held, by=rina)
    road.refresh_from_db()
    assert road.status == "being_fixed"


def test_a_rundown_is_put_in_order_and_holds_an_issue_once(episode: Episode, road: Issue, rina: Actor) -> None:
    for topic in ("Air", "Lampu"):
        actions.add_topic(episode=episode, topic=topic, by=rina)
    slot = actions.add_topic(episode=episode, topic="", issue=road, by=rina)
    with pytest.raises(Refused, match="sudah ada di susunan"):
        actions.add_topic(episode=episode, topic="Jalan lagi", issue=road, by=rina)
    actions.move_topic(slot=slot, to=1, by=rina)
    assert [one.topic for one in episode.slots.all()] == ["Jalan berlubang di Jono", "Air", "Lampu"]
    actions.move_topic(slot=slot, to=99, by=rina)
    assert [one.topic for one in episode.slots.all()] == ["Air", "Lampu", "Jalan berlubang di Jono"]
    actions.drop_topic(slot=slot, by=rina)
    assert [one.topic for one in episode.slots.all()] == ["Air", "Lampu"]


# Guests -------------------------------------------------------------------------------------------------------------


def test_an_invited_agency_is_told_once_and_answers(episode: Episode, people: People, rina: Actor) -> None:
    for _twice in range(2):
        invitation = actions.invite(episode=episode, agency=people.roads, by=rina)
    assert [row.to_staff for row in letters("dialogue_invited")] == [people.heni.email, people.oki.email]
    body = letters("dialogue_invited")[0].body
    assert "Dialog Jumat" in body
    assert f"/meja/dialog/{episode.pk}/" in body
    actions.reply(invitation=invitation, coming=True, who="Kepala Bidang Jalan", by=actor_of(people.oki))
    invitation.refresh_from_db()
    assert (invitation.state, invitation.who) == ("coming", "Kepala Bidang Jalan")


def test_who_comes_must_be_said_and_strangers_do_not_answer(episode: Episode, people: People, rina: Actor) -> None:
    invitation = actions.invite(episode=episode, agency=people.roads, by=rina)
    with pytest.raises(Refused, match="siapa yang hadir"):
        actions.reply(invitation=invitation, coming=True, who=" ", by=actor_of(people.oki))
    with pytest.raises(Refused, match="bukan bagian Anda"):
        actions.reply(invitation=invitation, coming=False, who="", by=actor_of(people.dewi))
    assert Invitation.objects.get().state == "waiting"


def test_a_new_time_and_a_cancellation_reach_those_who_come(episode: Episode, people: People, rina: Actor) -> None:
    actions.invite(episode=episode, agency=people.roads, by=rina)
    refused = actions.invite(episode=episode, agency=people.transport, by=rina)
    actions.reply(invitation=refused, coming=False, who="", by=rina)
    actions.change(episode=episode, plan=later(episode), by=rina)
    assert {row.to_staff for row in letters("dialogue_moved")} == {people.heni.email, people.oki.email}
    actions.change(episode=episode, plan=later(episode, starts_at=episode.starts_at, theme="Air"), by=rina)
    assert len(letters("dialogue_moved")) == 2, "a new theme is no reason to write"
    actions.cancel(episode=episode, reason="Pendapa dipakai.", by=rina)
    assert {row.body.partition("\n")[0].rpartition(": ")[2] for row in letters("dialogue_cancelled")} == {
        "Pendapa dipakai."
    }


def test_an_invitation_taken_back_is_told_too(episode: Episode, people: People, rina: Actor) -> None:
    actions.uninvite(invitation=actions.invite(episode=episode, agency=people.roads, by=rina), by=rina)
    assert len(letters("dialogue_uninvited")) == 2
    assert not episode.invitations.exists()


def test_an_agency_that_is_gone_is_not_invited(episode: Episode, people: People, rina: Actor) -> None:
    Agency.objects.filter(pk=people.roads.pk).update(active=False)
    people.roads.refresh_from_db()
    with pytest.raises(Refused, match="tidak aktif"):
        actions.invite(episode=episode, agency=people.roads, by=rina)
