"""A question from its words to its answer: who is told what, what is counted, what is refused."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from kanal.agencies.queries import Actor
from kanal.channels.models import Outbound
from kanal.common.refusal import Refused
from kanal.dialogue import actions
from kanal.dialogue.actions import Asked
from kanal.dialogue.actions.forgetting import forget_askers
from kanal.dialogue.models import Episode, Question, QuestionEvent, Slot, Voice
from kanal.dialogue.queries import live, questions
from kanal.dialogue.tests.conftest import Ask, MakeEpisode
from kanal.reports.models import Report

SARI, BUDI = "+6281234567890", "+6281299998888"


def letters(purpose: str) -> list[Outbound]:
    return list(Outbound.objects.filter(purpose=purpose).order_by("pk"))


def test_from_the_queue_to_the_air_and_its_answer(running: Episode, ask: Ask, rina: Actor) -> None:
    question = ask(running, handle=SARI, name="Sari")
    assert "sudah kami catat" in letters("question_taken")[0].body
    actions.air(question=question, by=rina)
    actions.answer(question=question, answer="Mulai Senin, hubungi 081277776666.", by=rina)
    question.refresh_from_db()
    assert (question.status, question.answer) == ("answered", "Mulai Senin, hubungi [nomor HP disembunyikan].")
    assert list(question.events.values_list("verb", flat=True)) == ["ask", "air", "answer"]
    (told,) = letters("question_answered")
    assert "Mulai Senin" in told.body
    assert told.address
    assert told.address.handle == SARI


def test_what_people_wrote_is_kept_encrypted_and_shown_masked(running: Episode, ask: Ask) -> None:
    question = ask(running, "Kapan jalan diperbaiki? Hubungi 081234567890", name="Sari 081234567890")
    assert "081234567890" in question.text
    assert "081234567890" not in question.shown
    stored = Question.objects.filter(pk=question.pk).extra(select={"raw": "text", "who": "name"}).values("raw", "who")
    assert all("Kapan" not in row["raw"] and "Sari" not in row["who"] for row in stored)
    assert live.board(running).waiting[0].who == "Sari [nomor HP disembunyikan]"


def test_a_campaign_is_one_question_with_one_voice_per_contact(running: Episode, ask: Ask) -> None:
    for at in range(12):
        ask(running, "Kapan jalan Temayang diperbaiki?" + "!" * at, handle=(SARI, BUDI)[at % 2])
    ask(running, "KAPAN jalan temayang diperbaiki 🙏")
    ask(running, "kapan jalan temayang diperbaiki")
    question = Question.objects.get()
    assert (question.times, question.people) == (14, 3)
    assert Voice.objects.count() == 14
    assert len(letters("question_taken")) == 2


def test_each_who_asked_is_answered_once(running: Episode, ask: Ask, rina: Actor) -> None:
    for handle in (SARI, BUDI, SARI):
        question = ask(running, handle=handle)
    actions.answer(question=question, answer="Pekan depan.", by=rina)
    assert len(letters("question_answered")) == 2
    with pytest.raises(Refused, match="tidak bisa dilakukan"):
        actions.answer(question=question, answer="Bulan depan.", by=rina)


def test_who_asks_what_was_answered_already_hears_the_answer(running: Episode, ask: Ask, rina: Actor) -> None:
    actions.answer(question=ask(running), answer="Pekan depan.", by=rina)
    ask(running, handle=BUDI)
    assert [one.body.count("Pekan depan.") for one in letters("question_answered")] == [1]
    assert not letters("question_taken")


def test_the_same_message_is_one_question(running: Episode) -> None:
    asked = Asked("Kapan jalan diperbaiki?", submission="uji-kirim-dua-kali")
    first, second = (actions.ask_once(episode=running, asked=asked) for _at in range(2))
    assert first.pk == second.pk
    assert Question.objects.get().times == 1


@pytest.mark.parametrize("text", ["", "   ", "🙏🙏🙏", "?!?!", "ya"])
def test_nothing_is_no_question(running: Episode, ask: Ask, text: str) -> None:
    with pytest.raises(Refused, match="dengan kata-kata"):
        ask(running, text)


def test_a_hundred_thousand_letters_are_refused_with_their_number(running: Episode, ask: Ask) -> None:
    with pytest.raises(Refused, match=r"2\.000 huruf; ini 100\.000"):
        ask(running, "a" * 100_000)


def test_one_person_asks_five_things(running: Episode, ask: Ask, rina: Actor) -> None:
    asked = [ask(running, f"Kapan jalan nomor {at} diperbaiki?", handle=SARI) for at in range(5)]
    with pytest.raises(Refused, match="5 pertanyaan"):
        ask(running, "Satu lagi: kapan lampu menyala?", handle=SARI)
    actions.answer(question=asked[0], answer="Besok.", by=rina)
    ask(running, "Satu lagi: kapan lampu menyala?", handle=SARI)


def test_only_what_is_announced_and_not_over_is_asked(
    make_episode: MakeEpisode, ask: Ask, rina: Actor, running: Episode
) -> None:
    with pytest.raises(Refused, match="tidak menerima"):
        ask(make_episode())
    Episode.objects.filter(pk=running.pk).update(starts_at=timezone.now() - timedelta(hours=4))
    with pytest.raises(Refused, match="tidak menerima"):
        ask(running)
    actions.hold(episode=running, by=rina)
    with pytest.raises(Refused, match="tidak menerima"):
        ask(running)


def test_later_comes_up_at_the_next_episode_of_the_programme(
    running: Episode, make_episode: MakeEpisode, ask: Ask, rina: Actor
) -> None:
    question = ask(running, handle=SARI)
    actions.later(question=question, by=rina)
    following = make_episode(hours=24 * 7)
    assert not live.board(following).later[0].question.answer
    with pytest.raises(Refused, match="bukan dari acara ini"):
        actions.air(question=question, episode=following, by=rina)
    actions.announce(episode=following, by=rina)
    actions.air(question=questions.question_of(following, question.pk), episode=following, by=rina)
    question.refresh_from_db()
    assert (question.episode_id, question.status) == (following.pk, "on_air")
    with pytest.raises(Refused, match="tidak ditemukan"):
        questions.question_of(running, question.pk)


def test_set_aside_needs_a_reason_and_can_be_taken_back(running: Episode, ask: Ask, rina: Actor) -> None:
    question = ask(running)
    with pytest.raises(Refused, match="alasannya"):
        actions.set_aside(question=question, reason=" ", by=rina)
    actions.set_aside(question=question, reason="Di luar wewenang kabupaten", by=rina)
    actions.requeue(question=question, by=rina)
    question.refresh_from_db()
    assert (question.status, question.reason) == ("waiting", "")


def test_a_complaint_becomes_a_report_of_its_asker(running: Episode, ask: Ask, rina: Actor) -> None:
    question = ask(running, "Lampu jalan di depan balai desa mati sejak tiga hari", handle=SARI)
    report = actions.file_question(question=question, by=rina)
    question.refresh_from_db()
    assert (question.report_id, question.status) == (report.pk, "aside")
    assert report.tracking_code in question.reason
    assert (report.body, report.medium) == (question.text, "whatsapp")
    assert report.contact_id == question.voices.get().contact_id
    with pytest.raises(Refused) as again:
        actions.file_question(question=question, by=rina)
    assert again.value.code == "repeated"
    assert Report.objects.count() == 1


def test_an_answered_question_that_becomes_a_report_stays_answered(running: Episode, ask: Ask, rina: Actor) -> None:
    question = ask(running, "Lampu jalan di depan balai desa mati sejak tiga hari")
    actions.answer(question=question, answer="Kami periksa.", by=rina)
    actions.file_question(question=question, by=rina)
    question.refresh_from_db()
    assert question.status == "answered"


def test_a_question_belongs_to_a_topic_of_its_own_episode(
    running: Episode, make_episode: MakeEpisode, ask: Ask, rina: Actor
) -> None:
    question, slot = ask(running), running.slots.first()
    actions.link(question=question, slot=slot, by=rina)
    question.refresh_from_db()
    assert question.slot_id == (slot.pk if slot else 0)
    foreign = actions.add_topic(episode=make_episode(), topic="Sampah", by=rina)
    with pytest.raises(Refused, match="tidak ada lagi"):
        actions.link(question=question, slot=foreign, by=rina)
    assert Slot.objects.filter(questions=question).exists()


def test_of_two_who_act_at_once_the_slower_is_told(running: Episode, ask: Ask, rina: Actor, people: object) -> None:
    question = ask(running)
    seen = question.version
    actions.air(question=Question.objects.get(pk=question.pk), by=rina, version=seen)
    with pytest.raises(Refused, match="diubah orang lain"):
        actions.later(question=Question.objects.get(pk=question.pk), by=rina, version=seen)
    with pytest.raises(Refused) as again:
        actions.air(question=Question.objects.get(pk=question.pk), by=rina, version=seen)
    assert again.value.code == "repeated"


def test_when_the_episode_is_called_off_askers_are_told_and_the_question_is_kept(
    running: Episode, make_episode: MakeEpisode, ask: Ask, rina: Actor
) -> None:
    for text in ("Kapan jalan diperbaiki?", "Kapan lampu menyala?"):
        ask(running, text, handle=SARI)
    ask(running, "Kapan jalan diperbaiki?", handle=BUDI)
    actions.cancel(episode=running, reason="Narasumber sakit", by=rina)
    told = letters("question_called_off")
    assert len(told) == 2
    assert all("Narasumber sakit. Pertanyaan Anda kami simpan" in one.body for one in told)
    assert set(Question.objects.values_list("status", flat=True)) == {"later"}
    assert len(live.board(make_episode(hours=24 * 7)).later) == 2


def test_a_fault_on_the_way_leaves_nothing_half_written(
    running: Episode, ask: Ask, rina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = ask(running, handle=SARI)

    def dies(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("kanal.dialogue.actions.telling.queue", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.answer(question=question, answer="Besok.", by=rina)
        with pytest.raises(KeyboardInterrupt):
            ask(running, "Kapan lampu menyala?", handle=BUDI)
    question.refresh_from_db()
    assert (question.status, question.answer, question.events.count()) == ("waiting", "", 1)
    assert Question.objects.count() == Voice.objects.count() == 1


def test_the_database_holds_what_must_hold(running: Episode, ask: Ask) -> None:
    question = ask(running)
    wrong: list[dict[str, object]] = [
        {"status": "answered"},
        {"status": "aside"},
        {"status": "lost"},
        {"shown": ""},
        {"people": 2},
        {"people": 0},
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.filter(pk=question.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionEvent.objects.update(verb="answer")
    voice = question.voices.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.create(question=question, inbound=voice.inbound, at=voice.at)


def test_who_asked_is_forgotten_once_nothing_is_owed(running: Episode, ask: Ask, rina: Actor) -> None:
    open_one, over = ask(running, "Kapan lampu menyala?", handle=SARI), ask(running, handle=BUDI, name="Budi")
    actions.answer(question=over, answer="Senin.", by=rina)
    assert forget_askers() == 0
    Question.objects.update(changed_at=timezone.now() - timedelta(days=31))
    assert forget_askers() == 1
    over.refresh_from_db()
    assert (over.text, over.name, over.shown) == ("", "", "Kapan jalan Temayang diperbaiki?")
    assert over.voices.get().contact is None
    assert open_one.voices.get().address
    with pytest.raises(Refused, match="sudah dihapus"):
        actions.file_question(question=over, by=rina)
