"""The live page, the form of questions and the asker's own page: who opens them, what they show, what they cost."""

import json
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kanal.agencies.queries import Actor, actor_of, reference
from kanal.channels.actions import store_inbound
from kanal.channels.models import Medium
from kanal.dialogue import actions
from kanal.dialogue.models import Commitment, Episode, Question
from kanal.dialogue.tests.conftest import Ask, MakeEpisode
from kanal.issues import actions as issue_actions
from kanal.issues.actions import Said
from kanal.issues.policy import MACHINE, person
from tests.support.issues import tell
from tests.support.people import People

FETCH = {"X-Requested-With": "fetch"}
EVERYBODY = ("kun", "rina", "oki", "heni", "dewi", "laras", "ida", "agus")


@pytest.fixture
def desk(client: Client, people: People) -> Client:
    client.force_login(people.rina)
    return client


def at(episode: Episode, rest: str = "") -> str:
    return f"/meja/dialog/{episode.pk}/siaran/{rest}"


# Citizens -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def easy(settings: Settings) -> None:
    settings.PROOF_OF_WORK_COST = 0
    settings.LIMITS = {**settings.LIMITS, "report": (0, 60)}


def filled(**more: object) -> dict[str, Any]:
    stamp = signing.dumps([f"uji-{time.time_ns()}", time.time() - 60], salt="kanal.web.stamp")
    told = {"stamp": stamp, "text": "Kapan jalan Temayang diperbaiki?", "name": "Sari", "place": "Jono, Temayang"}
    return {**told, **more}


@pytest.mark.usefixtures("easy")
def test_a_stamp_of_a_report_makes_no_question(client: Client, running: Episode) -> None:
    used = store_inbound(medium=Medium.WEB, external_id="uji-laporan")
    stamp = signing.dumps([used.external_id, time.time() - 60], salt="kanal.web.stamp")
    page = client.post(f"/dialog/{running.pk}/tanya/", filled(stamp=stamp))
    assert page.status_code == 409
    assert "Kapan jalan Temayang diperbaiki?" in page.content.decode()
    assert not Question.objects.exists()
    assert client.get("/isu/99999999999999999999/").status_code == 404
    assert client.get("/dialog/99999999999999999999/tanya/").status_code == 404


@pytest.mark.usefixtures("easy")
def test_a_citizen_asks_and_reads_what_became_of_it(client: Client, running: Episode, rina: Actor) -> None:
    page = client.get(f"/dialog/{running.pk}/").content.decode()
    assert "Ajukan pertanyaan" in page
    assert "TANYA" in page
    told = filled()
    answer = client.post(f"/dialog/{running.pk}/tanya/", told)
    assert answer.status_code == 303
    receipt = answer["Location"]
    assert "menunggu giliran" in client.get(receipt).content.decode()
    question = Question.objects.get()
    assert question.region
    assert question.region.name == "Jono"
    assert client.post(f"/dialog/{running.pk}/tanya/", told)["Location"] == receipt
    assert Question.objects.get().times == 1
    actions.air(question=question, by=rina)
    assert "sedang dibahas" in client.get(receipt).content.decode()
    actions.answer(question=question, answer="Mulai Senin.", by=rina)
    assert "Mulai Senin." in client.get(receipt).content.decode()


@pytest.mark.usefixtures("easy")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "Tulis pertanyaannya"),
        ({"text": "🙏🙏🙏"}, "Tulis pertanyaannya"),
        ({"text": "a" * 100_000}, "100.000 huruf"),
        ({"name": "n" * 500}, "500 huruf"),
        ({"website": "http://spam"}, "kolom tersembunyi"),
        ({"stamp": "palsu"}, "terlalu lama terbuka"),
    ],
)
def test_what_is_wrong_is_said_and_the_words_stay(
    client: Client, running: Episode, change: dict[str, str], sentence: str
) -> None:
    page = client.post(f"/dialog/{running.pk}/tanya/", filled(**change))
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert "Sari" in page.content.decode() or "name" in change
    assert not Question.objects.exists()


def test_who_asks_too_often_waits(client: Client, running: Episode, settings: Settings) -> None:
    settings.PROOF_OF_WORK_COST = 1000
    settings.LIMITS = {**settings.LIMITS, "report": (4, 600)}
    answers = [client.post(f"/dialog/{running.pk}/tanya/", filled(text=f"Kapan jalan {n}?")) for n in range(3)]
    assert [answer.status_code for answer in answers] == [303, 429, 429]


def test_a_robot_that_hurries_is_asked_to_read_again(client: Client, running: Episode, settings: Settings) -> None:
    settings.PROOF_OF_WORK_COST = 1000
    stamp = signing.dumps(["uji-terlalu-cepat", time.time()], salt="kanal.web.stamp")
    assert "Terlalu cepat" in client.post(f"/dialog/{running.pk}/tanya/", filled(stamp=stamp)).content.decode()


def test_an_episode_that_takes_none_has_no_form(
    client: Client, running: Episode, make_episode: MakeEpisode, rina: Actor
) -> None:
    assert client.get(f"/dialog/{make_episode().pk}/tanya/").status_code == 404
    actions.hold(episode=running, by=rina)
    assert client.get(f"/dialog/{running.pk}/tanya/").status_code == 409
    assert "Ajukan pertanyaan" not in client.get(f"/dialog/{running.pk}/").content.decode()


@pytest.mark.parametrize("token", ["1", "abc:def", "eyJ9:x:y", "0" * 300])
def test_nobody_guesses_a_receipt(client: Client, regency: object, token: str) -> None:
    assert client.get(f"/dialog/pertanyaan/{token}/").status_code == 404


# The live page ------------------------------------------------------------------------------------------------------


def test_who_opens_the_live_page_and_who_acts_there(
    client: Client, running: Episode, people: People, rina: Actor, ask: Ask
) -> None:
    actions.invite(episode=running, agency=people.roads, by=rina)
    question = ask(running)
    opened, acted = set(), set()
    for name in EVERYBODY:
        client.force_login(getattr(people, name))
        page = client.get(at(running))
        if page.status_code == 200:
            opened.add(name)
            assert ("Siarkan" in page.content.decode()) == (name in {"kun", "rina"})
        if client.post(at(running, f"{question.pk}/siarkan/"), headers=FETCH).status_code == 200:
            acted.add(name)
            actions.requeue(question=question, by=rina)
    assert opened == {"kun", "rina", "oki", "heni", "dewi", "laras"}
    assert acted == {"kun", "rina"}


def test_a_draft_has_no_live_page(desk: Client, episode: Episode) -> None:
    assert desk.get(at(episode)).status_code == 404


def test_no_number_of_a_citizen_is_on_the_live_page(desk: Client, running: Episode, ask: Ask) -> None:
    ask(running, "Telepon saya di 081234567890, kapan?", handle="+6281234567890", name="Sari 081234567890")
    page = desk.get(at(running)).content.decode()
    assert "Sari" in page
    assert "81234567890" not in page


def test_every_button_works_without_script(desk: Client, running: Episode, ask: Ask) -> None:
    question = ask(running)
    steps: list[tuple[str, dict[str, object], str]] = [
        ("siarkan", {}, "on_air"),
        ("kembalikan", {}, "waiting"),
        ("kaitkan", {"slot": running.slots.all()[0].pk}, "waiting"),
        ("nanti", {}, "later"),
        ("siarkan", {}, "on_air"),
        ("jawab", {"answer": "Mulai Senin."}, "answered"),
        ("laporan", {}, "answered"),
    ]
    for deed, told, status in steps:
        question.refresh_from_db()
        answer = desk.post(at(running, f"{question.pk}/{deed}/"), {"version": question.version, **told})
        assert answer.status_code == 302, deed
        question.refresh_from_db()
        assert question.status == status, deed
    other = ask(running, "Kapan lampu menyala?")
    desk.post(at(running, f"{other.pk}/sisihkan/"), {"reason": "Sudah dibahas"})
    other.refresh_from_db()
    assert other.status == "aside"
    assert desk.post(at(running, f"{other.pk}/lain/")).status_code == 404


def test_a_script_is_told_in_json(desk: Client, running: Episode, ask: Ask) -> None:
    question = ask(running)
    address = at(running, f"{question.pk}/jawab/")
    wrong = desk.post(address, {"answer": ""}, headers=FETCH)
    assert (wrong.status_code, "wrong" in json.loads(wrong.content)) == (400, True)
    seen = {"version": question.version, "answer": "Mulai Senin."}
    assert "said" in json.loads(desk.post(address, seen, headers=FETCH).content)
    assert "said" in json.loads(desk.post(address, seen, headers=FETCH).content)
    stale = desk.post(at(running, f"{question.pk}/laporan/"), seen, headers=FETCH)
    assert (stale.status_code, "diubah orang lain" in json.loads(stale.content)["wrong"]) == (409, True)


def test_a_caller_is_noted(desk: Client, running: Episode) -> None:
    told = {"text": "Kapan lampu menyala?", "name": "Bu Tini", "place": "Temayang", "submission": "tanya-uji-penelepon"}
    assert desk.post(at(running, "penelepon/"), told).status_code == 302
    assert desk.post(at(running, "penelepon/"), told, headers=FETCH).status_code == 200
    question = Question.objects.get()
    assert (question.medium, question.name, question.times) == ("radio", "Bu Tini", 1)
    assert desk.post(at(running, "penelepon/"), {"text": ""}).status_code == 400


def test_a_promise_is_noted_and_shows_at_once(desk: Client, running: Episode, people: People, rina: Actor) -> None:
    actions.invite(episode=running, agency=people.roads, by=rina)
    due_on = reference().today() + timedelta(days=6)
    told = {"agency": people.roads.pk, "text": "Lubang ditambal", "due_on": due_on.isoformat(), "slot": ""}
    assert desk.post(at(running, "janji/"), {**told, "due_on": ""}).status_code == 400
    assert desk.post(at(running, "janji/"), told, headers=FETCH).status_code == 200
    assert Commitment.objects.get().episode_id == running.pk
    assert "Lubang ditambal" in desk.get(at(running, "papan/")).content.decode()


def test_the_first_choice_of_who_promises_is_who_was_invited(
    desk: Client, running: Episode, people: People, rina: Actor
) -> None:
    actions.invite(episode=running, agency=people.transport, by=rina)
    page = desk.get(at(running)).content.decode()
    options = re.findall(r'<option value="(\d*)"', page[page.index('name="agency"') :])
    assert options[:2] == ["", str(people.transport.pk)]


def test_holding_says_what_is_left_and_the_page_lists_it(desk: Client, running: Episode, ask: Ask) -> None:
    ask(running, "Kapan lampu menyala?")
    page = desk.post(f"/meja/dialog/{running.pk}/selesai/", follow=True).content.decode()
    assert "1 pertanyaan belum terjawab" in page
    assert "Belum terjawab (1)" in desk.get(at(running)).content.decode()


def test_the_live_page_costs_the_same_with_many_questions(desk: Client, running: Episode, ask: Ask) -> None:
    desk.get(at(running, "papan/"))  # what the process remembers from then on
    counts = []
    for size in (2, 30):
        for number in range(size):
            ask(running, f"Kapan jalan {size} {number} diperbaiki?", name="Sari", place="Jono")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            desk.get(at(running, "papan/"))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 11


def test_a_question_is_linked_to_an_issue(desk: Client, running: Episode, ask: Ask, people: People) -> None:
    issue = issue_actions.found(said=Said(title="Jalan berlubang di Jono"), reports=tell(3), by=MACHINE)
    issue_actions.confirm(issue=issue, by=person(actor_of(people.kun)))
    question = ask(running)
    address = at(running, f"{question.pk}/isu/")
    assert "Jalan berlubang di Jono" in desk.get(address).content.decode()
    assert desk.post(address, {"issue": issue.pk}).status_code == 302
    assert "Jalan berlubang di Jono" in desk.get(at(running)).content.decode()
    desk.post(at(running, f"{question.pk}/kaitkan/"), {"slot": running.slots.all()[0].pk})
    question.refresh_from_db()
    assert (question.issue_id, question.slot_id) == (issue.pk, running.slots.all()[0].pk)
    assert desk.post(address, {"issue": 999}).status_code == 400
    desk.force_login(people.oki)
    assert desk.get(address).status_code == 403


def test_the_page_of_the_episode_tells_how_many_wait(desk: Client, running: Episode, ask: Ask) -> None:
    ask(running)
    assert "1 pertanyaan" in desk.get(f"/meja/dialog/{running.pk}/").content.decode()
