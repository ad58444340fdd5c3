"""Minutes while they are written: nobody overwrites anybody, nothing is read before it is signed off."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.queries import Actor, actor_of
from kanal.common.refusal import Refused
from kanal.dialogue import actions
from kanal.dialogue.actions import Draft, Overtaken
from kanal.dialogue.briefs.minutes import minutes_data
from kanal.dialogue.models import Episode, Minute
from kanal.dialogue.queries import live
from kanal.dialogue.tests.conftest import Ask
from kanal.dialogue.views.minutes import merged
from tests.support.people import People

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def desk(client: Client, people: People) -> Client:
    client.force_login(people.rina)
    return client


def save(client: Client, episode: Episode, **told: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/meja/dialog/{episode.pk}/siaran/notulen/", told, headers=FETCH)
    return answer.status_code, json.loads(answer.content)


def test_each_topic_has_its_own_page_and_the_evening_one_more(running: Episode) -> None:
    assert [page.topic for page in live.pages(running)] == ["Jalan berlubang", "Air bersih", ""]


def test_what_is_typed_is_saved_with_its_version(desk: Client, running: Episode) -> None:
    slot = running.slots.get(topic="Air bersih")
    assert save(desk, running, slot=slot.pk, version=0, text="Pipa diganti") == (200, {"version": 1})
    assert save(desk, running, slot=slot.pk, version=1, text="Pipa diganti Senin") == (200, {"version": 2})
    assert save(desk, running, slot=slot.pk, version=1, text="Pipa diganti Senin") == (200, {"version": 2})
    assert save(desk, running, slot="", version=0, text="Hadir 80 orang") == (200, {"version": 1})
    assert [page.text for page in live.pages(running)] == ["", "Pipa diganti Senin", "Hadir 80 orang"]
    assert list(running.events.filter(verb="write").values_list("user__name", flat=True)) == ["Rina Anggraini"]


def test_minutes_are_encrypted(desk: Client, running: Episode) -> None:
    save(desk, running, slot="", version=0, text="Hadir 80 orang")
    stored = Minute.objects.extra(select={"raw": "text"}).values_list("raw", flat=True)
    assert "Hadir" not in stored[0]


def test_the_slower_of_two_writers_sees_both_and_merges(desk: Client, running: Episode, people: People) -> None:
    slot = running.slots.get(topic="Air bersih")
    save(desk, running, slot=slot.pk, version=0, text="Pipa diganti")
    status, told = save(desk, running, slot=slot.pk, version=0, text="Pipa diganti\nHarga tetap")
    assert (status, told["theirs"], told["version"]) == (409, "Pipa diganti", 1)
    assert "Rina Anggraini" in told["wrong"]
    joined = merged(told["theirs"], "Pipa diganti\nHarga tetap")
    assert joined == "Pipa diganti\nHarga tetap"
    assert save(desk, running, slot=slot.pk, version=1, text=joined) == (200, {"version": 2})


def test_two_writers_on_two_topics_are_in_nobodys_way(running: Episode, people: People, rina: Actor) -> None:
    first, second = running.slots.all()
    actions.write(episode=running, draft=Draft("Satu", first), by=rina)
    actions.write(episode=running, draft=Draft("Dua", second), by=actor_of(people.kun))
    actions.write(episode=running, draft=Draft("Satu, lagi", first, 1), by=rina)
    assert [one.text for one in running.notes.all()] == ["Satu, lagi", "Dua"]


def test_without_script_the_slower_one_gets_a_page_with_both(desk: Client, running: Episode) -> None:
    address = f"/meja/dialog/{running.pk}/siaran/notulen/"
    assert desk.post(address, {"slot": "", "version": 0, "text": "Hadir 80 orang"}).status_code == 302
    page = desk.post(address, {"slot": "", "version": 0, "text": "Hadir Camat"})
    assert page.status_code == 409
    assert "Hadir 80 orang\nHadir Camat" in page.content.decode()


def test_minutes_of_a_topic_that_is_dropped_keep_their_title(running: Episode, rina: Actor) -> None:
    slot = running.slots.get(topic="Air bersih")
    actions.write(episode=running, draft=Draft("Pipa diganti", slot), by=rina)
    actions.drop_topic(slot=slot, by=rina)
    assert [(page.slot, page.topic, page.text) for page in live.pages(running)][1:] == [
        (None, "Air bersih", "Pipa diganti"),
        (None, "", ""),
    ]


def test_too_much_and_too_late_are_refused(running: Episode, rina: Actor, people: People) -> None:
    with pytest.raises(Refused, match=r"20\.000 huruf"):
        actions.write(episode=running, draft=Draft("a" * 20_001), by=rina)
    with pytest.raises(Refused) as oki:
        actions.write(episode=running, draft=Draft("Saya juga"), by=actor_of(people.oki))
    assert oki.value.status == 403
    actions.write(episode=running, draft=Draft("Hadir 80 orang"), by=rina)
    actions.hold(episode=running, by=rina)
    actions.close_minutes(episode=running, by=rina)
    with pytest.raises(Refused, match="sudah ditutup"):
        actions.write(episode=running, draft=Draft("Hadir 90 orang", seen=1), by=rina)


def test_signed_minutes_are_everybodys_and_masked(
    client: Client, running: Episode, rina: Actor, people: People, ask: Ask
) -> None:
    question = ask(running, "Kapan pipa di rumah 081234567890 diganti?")
    actions.answer(question=question, answer="Hari Senin.", by=rina)
    actions.write(episode=running, draft=Draft("Hubungi Pak Darmo 081234567890.", running.slots.first()), by=rina)
    address = f"/dialog/{running.pk}/"
    assert "Pak Darmo" not in client.get(address).content.decode()
    assert client.get(f"{address}notulen.pdf").status_code == 404
    with pytest.raises(Refused, match="tidak bisa dilakukan"):
        actions.close_minutes(episode=running, by=rina)
    actions.hold(episode=running, by=rina)
    actions.close_minutes(episode=running, by=rina)
    page = client.get(address).content.decode()
    assert "Hubungi Pak Darmo [nomor HP disembunyikan]." in page
    assert "Hari Senin." in page
    assert "081234567890" not in page
    paper = client.get(f"{address}notulen.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    told = json.dumps(minutes_data(running, live.public_minutes(running), live.public_answers(running)))
    assert "Pak Darmo" in told
    assert "Hari Senin." in told
    assert "081234567890" not in told
    with pytest.raises(Refused) as twice:
        actions.close_minutes(episode=running, by=rina)
    assert twice.value.code == "repeated"
    actions.open_minutes(episode=running, by=actor_of(people.kun))
    assert "Pak Darmo" not in client.get(address).content.decode()


def test_what_was_taken_out_of_signed_minutes_is_read_no_more(
    client: Client, running: Episode, rina: Actor, people: People
) -> None:
    slot = running.slots.get(topic="Air bersih")
    actions.write(episode=running, draft=Draft("Rumah Bu Sri yang pertama", slot), by=rina)
    actions.write(episode=running, draft=Draft("Hadir 80 orang"), by=rina)
    actions.hold(episode=running, by=rina)
    actions.close_minutes(episode=running, by=rina)
    assert "Bu Sri" in client.get(f"/dialog/{running.pk}/").content.decode()
    actions.open_minutes(episode=running, by=actor_of(people.kun))
    actions.write(episode=running, draft=Draft("", slot, 1), by=rina)
    actions.close_minutes(episode=running, by=rina)
    page = client.get(f"/dialog/{running.pk}/").content.decode()
    assert "Hadir 80 orang" in page
    assert "Bu Sri" not in page


def test_empty_minutes_are_not_signed(running: Episode, rina: Actor) -> None:
    actions.hold(episode=running, by=rina)
    with pytest.raises(Refused, match="masih kosong"):
        actions.close_minutes(episode=running, by=rina)


def test_overtaken_carries_what_stands_there(running: Episode, rina: Actor, people: People) -> None:
    actions.write(episode=running, draft=Draft("Satu"), by=rina)
    with pytest.raises(Overtaken) as overtaken:
        actions.write(episode=running, draft=Draft("Dua"), by=actor_of(people.kun))
    assert overtaken.value.minute.text == "Satu"


def test_who_writes_is_named_by_a_host_and_has_a_desk(running: Episode, rina: Actor, people: People) -> None:
    actions.name_notes(episode=running, user=people.dewi, by=rina)
    actions.write(episode=running, draft=Draft("Hadir 80 orang"), by=actor_of(people.dewi))
    with pytest.raises(Refused, match="tidak punya meja"):
        actions.name_notes(episode=running, user=people.agus, by=rina)
    actions.name_notes(episode=running, user=None, by=rina)
    with pytest.raises(Refused):
        actions.write(episode=running, draft=Draft("Hadir 90", seen=1), by=actor_of(people.dewi))


def test_the_topic_that_is_on_is_said_once(running: Episode, rina: Actor) -> None:
    first, second = running.slots.all()
    for slot in (first, first, second):
        actions.turn(episode=running, slot=slot, by=rina)
    board = live.board(running)
    assert board.sitting.slot_id == second.pk
    assert board.next_topic is None
    assert "menit" in board.topic_left
    assert list(running.events.filter(verb="turn").values_list("data__topic", flat=True)) == [
        "Jalan berlubang",
        "Air bersih",
    ]


@pytest.mark.parametrize(
    ("before", "lasts", "words"),
    [(300, 60, "belum mulai"), (20, 60, "mulai 20 menit lagi"), (-10, 60, "sisa 50 menit"), (-70, 60, "lewat")],
)
def test_the_time_that_is_left_in_words(running: Episode, before: int, lasts: int, words: str) -> None:
    now = timezone.now()
    starts = now + timedelta(minutes=before)
    assert words in live.left_words(starts, starts + timedelta(minutes=lasts))
