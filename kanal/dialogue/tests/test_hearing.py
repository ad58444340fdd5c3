"""Questions from the mailroom: the word of an episode, in any writing and on any medium, and one click at the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.queries import Actor, actor_of
from kanal.channels import actions as mail
from kanal.channels import mailroom
from kanal.channels.models import Inbound, Outbound
from kanal.common.refusal import Refused
from kanal.dialogue import actions
from kanal.dialogue.actions.hearing import after_word, ask_from_message
from kanal.dialogue.models import Episode, Programme, Question
from kanal.dialogue.tests.conftest import Ask, MakeEpisode
from kanal.reports.models import Report, Talk
from tests.support.media import PlainMedium, Write
from tests.support.media import delivery as posted
from tests.support.messages import arrives
from tests.support.people import People

ASKS = "Kapan jalan Desa Jono, Kec. Temayang diperbaiki?"


@pytest.mark.parametrize("written", ["TANYA {}", "tanya {}", "Tanya: {}", "TANYA\n{}", "*TANYA* {}", "#tanya {}"])
def test_a_message_that_begins_with_the_word_is_a_question(running: Episode, sari_writes: Write, written: str) -> None:
    assert "sudah kami catat" in sari_writes(written.format(ASKS), name="Sari Utami")
    question = Question.objects.get()
    assert (question.text, question.name, question.medium) == (ASKS, "Sari Utami", "app")
    assert question.region
    assert question.region.name == "Jono"
    assert Inbound.objects.get().state == "answered"
    assert not Report.objects.exists()
    assert not Talk.objects.exists()


@pytest.mark.parametrize("text", ["", "Tanyakan saja", "TANYA-JAWAB itu", "1 TANYA", "TANYAKAN kapan"])
def test_other_words_are_no_word_of_an_episode(text: str) -> None:
    assert after_word(text)[0] != "TANYA"


def test_without_an_episode_near_it_is_a_message_like_any_other(
    make_episode: MakeEpisode, rina: Actor, sari_writes: Write
) -> None:
    far = make_episode(hours=24 * 8)
    actions.announce(episode=far, by=rina)
    sari_writes(f"TANYA {ASKS}")
    assert not Question.objects.exists()
    sari_writes(f"TANYA {ASKS}", minutes=60 * 26)
    assert Question.objects.get().episode_id == far.pk


def test_the_episode_that_runs_comes_before_the_next_one(
    running: Episode, make_episode: MakeEpisode, rina: Actor, sari_writes: Write
) -> None:
    actions.announce(episode=make_episode(hours=20), by=rina)
    sari_writes(f"TANYA {ASKS}")
    assert Question.objects.get().episode_id == running.pk


def test_a_programme_may_have_a_word_of_its_own(running: Episode, people: People, sari_writes: Write) -> None:
    told = {"name": "Dialog Jumat", "about": "", "place": "", "active": True, "by": actor_of(people.kun)}
    for wrong in ("LAPOR", "CEK", "STOP", "BATAL", "DUA KATA", "123", "TÄNYA"):
        with pytest.raises(Refused):
            actions.keep_programme(programme=running.programme, word=wrong, **told)  # type: ignore[arg-type]  # a test's own words
    actions.keep_programme(programme=running.programme, word="usul", **told)  # type: ignore[arg-type]  # a test's own words
    assert Programme.objects.get(pk=running.programme_id).word == "USUL"
    sari_writes(f"USUL {ASKS}")
    assert Question.objects.count() == 1
    sari_writes(f"TANYA {ASKS}")
    assert Question.objects.count() == 1


def test_a_word_without_a_question_is_told_how(running: Episode, sari_writes: Write) -> None:
    assert "Tulis TANYA lalu pertanyaan Anda" in sari_writes("TANYA")
    assert "Tulis TANYA" in sari_writes("TANYA 🙏🙏")
    assert not Question.objects.exists()
    assert set(Inbound.objects.values_list("state", flat=True)) == {"answered"}


def test_a_question_without_end_is_refused_and_waits_for_a_person(running: Episode, sari_writes: Write) -> None:
    assert "Paling panjang 2.000 huruf" in sari_writes("TANYA " + "panjang " * 12_500)
    assert Inbound.objects.get().state == "waiting"
    assert not Question.objects.exists()


def test_who_asks_too_much_is_told_once_and_nothing_is_lost(running: Episode, sari_writes: Write) -> None:
    for at in range(5):
        sari_writes(f"TANYA kapan jalan nomor {at} diperbaiki")
    assert "5 pertanyaan" in sari_writes("TANYA kapan jalan nomor 6 diperbaiki")
    assert not sari_writes("TANYA kapan jalan nomor 7 diperbaiki")
    assert Inbound.objects.filter(state="waiting").count() == 2


def test_the_same_words_again_are_counted_and_not_answered_again(running: Episode, sari_writes: Write) -> None:
    answers = [sari_writes(f"TANYA {ASKS}") for _at in range(4)]
    assert [bool(answer) for answer in answers] == [True, False, False, False]
    question = Question.objects.get()
    assert (question.times, question.people) == (4, 1)


def test_what_is_asked_in_public_is_a_question_and_answered_on_the_air_alone(
    running: Episode, sari_writes: Write
) -> None:
    assert not sari_writes(f"TANYA {ASKS}", public=True)
    assert Question.objects.get().voices.get().address is None
    assert not Outbound.objects.exists()


def test_half_a_report_goes_on_after_a_question(running: Episode, sari_writes: Write) -> None:
    assert "di mana" in sari_writes("Jalan di tikungan berlubang dalam, dua motor sudah jatuh.").lower()
    sari_writes(f"TANYA {ASKS}")
    sari_writes("Desa Jono Kecamatan Temayang")
    assert Question.objects.count() == Report.objects.count() == 1


def test_one_click_makes_a_question_of_a_message_in_the_inbox(
    client: Client, running: Episode, people: People, plain_medium: PlainMedium
) -> None:
    inbound = arrives(plain_medium, ASKS)
    client.force_login(people.kun)
    page = client.get(f"/meja/pesan/{inbound.pk}/").content.decode()
    assert "Pertanyaan untuk Dialog Jumat" in page
    address = f"/meja/pesan/{inbound.pk}/pertanyaan/{running.pk}/"
    assert client.post(address).status_code == 302
    question = Question.objects.get()
    assert (question.text, question.voices.get().inbound_id) == (ASKS, inbound.pk)
    assert Outbound.objects.filter(purpose="question_taken").count() == 1
    client.post(address)
    assert Question.objects.get().times == 1
    inbound.refresh_from_db()
    assert (inbound.state, inbound.why) == ("answered", "Menjadi pertanyaan untuk Dialog Jumat.")
    assert "Diambil bagian lain" in client.get(f"/meja/pesan/{inbound.pk}/").content.decode()


def test_a_message_that_is_no_question_stays_in_the_inbox(
    running: Episode, people: People, plain_medium: PlainMedium, client: Client
) -> None:
    inbound = arrives(plain_medium, "panjang " * 1000)
    with pytest.raises(Refused, match="Paling panjang"):
        ask_from_message(inbound=inbound, episode=running, by=actor_of(people.kun))
    inbound.refresh_from_db()
    assert inbound.state == "waiting"
    client.force_login(people.rina)
    assert client.post(f"/meja/pesan/{inbound.pk}/pertanyaan/{running.pk}/").status_code == 403


def test_the_inbox_offers_nothing_when_no_episode_is_near(
    client: Client, people: People, rina: Actor, plain_medium: PlainMedium
) -> None:
    inbound = arrives(plain_medium, ASKS)
    client.force_login(people.kun)
    assert "Pertanyaan untuk" not in client.get(f"/meja/pesan/{inbound.pk}/").content.decode()


def test_an_answer_arrives_where_the_question_came_from(running: Episode, rina: Actor, sari_writes: Write) -> None:
    sari_writes(f"TANYA {ASKS}")
    actions.answer(question=Question.objects.get(), answer="Mulai pekan depan.", by=rina)
    assert "Mulai pekan depan." in sari_writes("Siap")


def test_a_late_question_is_still_taken_until_the_episode_is_over(running: Episode, sari_writes: Write) -> None:
    Episode.objects.filter(pk=running.pk).update(starts_at=timezone.now() - timedelta(hours=2, minutes=30))
    sari_writes(f"TANYA {ASKS}")
    assert Question.objects.count() == 1


def test_a_question_that_waits_follows_its_message(running: Episode, plain_medium: PlainMedium) -> None:
    inbound = arrives(plain_medium, f"TANYA {ASKS}", at=timezone.now().isoformat())
    change_message(inbound.medium, "m1", "TANYA Kapan lampu Desa Jono menyala?")
    question = Question.objects.get()
    assert question.shown == "Kapan lampu Desa Jono menyala?"
    assert list(question.events.values_list("verb", flat=True)) == ["ask", "reword"]
    take_back(inbound.medium, "m1")
    question.refresh_from_db()
    assert (question.status, question.shown, question.text) == ("aside", "(ditarik)", "")


def test_what_others_asked_too_or_what_is_on_the_air_stays(
    running: Episode, plain_medium: PlainMedium, rina: Actor, ask: Ask
) -> None:
    inbound = arrives(plain_medium, f"TANYA {ASKS}", at=timezone.now().isoformat())
    ask(running, ASKS)
    take_back(inbound.medium, "m1")
    question = Question.objects.get()
    assert (question.status, question.shown) == ("waiting", ASKS)
    other = arrives(plain_medium, "TANYA Kapan lampu menyala?", 2, at=timezone.now().isoformat())
    actions.air(question=Question.objects.get(voices__inbound=other), by=rina)
    take_back(inbound.medium, "m2")
    assert Question.objects.get(voices__inbound=other).shown == "Kapan lampu menyala?"


def change_message(medium: str, external_id: str, text: str) -> None:
    item = {"is": "changed", "external_id": external_id, "text": text, "at": timezone.now().isoformat()}
    mail.store_delivery(medium=medium, payload=posted(item))
    mailroom.read_deliveries(lambda: True)


def take_back(medium: str, external_id: str) -> None:
    item = {"is": "removed", "external_id": external_id, "at": timezone.now().isoformat()}
    mail.store_delivery(medium=medium, payload=posted(item))
    mailroom.read_deliveries(lambda: True)
