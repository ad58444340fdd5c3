"""Who may do what to which episode and promise: every role, verb and status against one table.

The table is written out on purpose: a change of the workflow that opens a door must also be made here, by hand.
"""

import itertools
from contextlib import suppress
from datetime import timedelta

import pytest

from kanal.agencies.queries import Actor, actor_of
from kanal.common.refusal import Refused
from kanal.dialogue import actions, policy, queries
from kanal.dialogue.models import Commitment, Episode, Question
from kanal.dialogue.queries import promises
from kanal.dialogue.workflow import PROMISE, QUESTION, STATUS, VERBS, PromiseStatus, QuestionStatus, Status
from tests.support.people import People

LETTERS = {
    "D": Status.DRAFT,
    "A": Status.ANNOUNCED,
    "H": Status.HELD,
    "X": Status.CANCELLED,
    "O": PromiseStatus.OPEN,
    "C": PromiseStatus.CLAIMED,
    "K": PromiseStatus.KEPT,
    "B": PromiseStatus.BROKEN,
    "W": PromiseStatus.WITHDRAWN,
    "w": QuestionStatus.WAITING,
    "o": QuestionStatus.ON_AIR,
    "a": QuestionStatus.ANSWERED,
    "l": QuestionStatus.LATER,
    "s": QuestionStatus.ASIDE,
}
# K(un) coordinates, R(ina) announces, O(ki) is officer and H(eni) supervisor of the agency that is invited or that
# promised, D(ewi) is officer of another, L(aras) leads the regency, I(da) inspects, A(gus) administers.
EXPECTED: dict[str, tuple[str, str]] = {
    "plan": ("KR", "DA"),
    "change": ("KR", "DA"),
    "announce": ("KR", "D"),
    "invite": ("KR", "DA"),
    "uninvite": ("KR", "DA"),
    "reply": ("KROH", "DA"),
    "arrange": ("KR", "DA"),
    "hold": ("KR", "A"),
    "cancel": ("KR", "DA"),
    "name_notes": ("KR", "DAH"),
    "turn": ("KR", "A"),
    "write": ("KR", "AH"),
    "close_minutes": ("KR", "H"),
    "open_minutes": ("K", "H"),
    "ask": ("KR", "w"),
    "air": ("KR", "wl"),
    "answer": ("KR", "wols"),
    "later": ("KR", "wo"),
    "requeue": ("KR", "ols"),
    "set_aside": ("KR", "wol"),
    "file": ("KR", "woals"),
    "link": ("KR", "woals"),
    "reword": ("", "wl"),
    "retract": ("", "wl"),
    "promise": ("KR", "O"),
    "correct": ("K", "O"),
    "fulfil": ("KOH", "OB"),
    "accept": ("K", "C"),
    "refuse": ("K", "C"),
    "give_up": ("KH", "O"),
    "withdraw": ("K", "OCB"),
    "escalate": ("", "O"),
}
PEOPLE = {"K": "kun", "R": "rina", "O": "oki", "H": "heni", "D": "dewi", "L": "laras", "I": "ida", "A": "agus"}


def subject_that_is(letter: str, people: People) -> Episode | Commitment | Question:
    status = LETTERS[letter]
    if isinstance(status, QuestionStatus):
        return Question(status=status)
    if isinstance(status, PromiseStatus):
        return Commitment(status=status, agency=people.roads)
    return Episode(status=status)


def test_the_table_knows_every_verb_and_status() -> None:
    assert set(EXPECTED) == set(VERBS)
    assert set(LETTERS.values()) == {*Status, *PromiseStatus, *QuestionStatus} == {*STATUS, *PROMISE, *QUESTION}


def test_every_role_verb_and_status(people: People) -> None:
    wrong = []
    actors = {letter: actor_of(getattr(people, name)) for letter, name in PEOPLE.items()}
    for (letter, actor), status, verb in itertools.product(actors.items(), LETTERS, VERBS):
        who, since = EXPECTED[verb]
        expected = letter in who and status in since
        subject = subject_that_is(status, people)
        if policy.allows(verb, actor, subject, agency_id=people.roads.pk) is not expected:
            wrong.append(f"{letter} {verb} {LETTERS[status]}: should be {expected}")
    assert not wrong


def test_a_refusal_says_why_and_a_stranger_learns_nothing(people: People) -> None:
    wrong = []
    for (letter, name), verb in itertools.product(PEOPLE.items(), VERBS):
        who, since = EXPECTED[verb]
        if letter in who:
            continue
        subject = subject_that_is(since[0], people)
        with pytest.raises(Refused) as refused:
            policy.check(verb, actor_of(getattr(people, name)), subject, agency_id=people.roads.pk)
        if refused.value.status != (404 if letter in "IA" else 403):
            wrong.append((letter, verb, refused.value.status))
    assert not wrong


def test_whose_desk_a_promise_is_on(people: People, promise: Commitment) -> None:
    found = set()
    for letter, name in PEOPLE.items():
        with suppress(Refused):
            promises.get_for(actor_of(getattr(people, name)), promise.pk)
            found.add(letter)
    assert found == set("KRLOH")


def readers(people: People, episode: Episode) -> set[str]:
    found = set()
    for letter, name in PEOPLE.items():
        with suppress(Refused):
            queries.get_for(actor_of(getattr(people, name)), episode.pk)
            found.add(letter)
    return found


def test_who_opens_an_episode_at_the_desk(people: People, episode: Episode) -> None:
    assert readers(people, episode) == set("KRL")
    actions.invite(episode=episode, agency=people.roads, by=actor_of(people.rina))
    assert readers(people, episode) == set("KRLOH")
    actions.announce(episode=episode, by=actor_of(people.rina))
    assert readers(people, episode) == set("KRLOHD")


def test_programmes_are_kept_by_coordinators_alone(people: People) -> None:
    keepers = {name for name in PEOPLE.values() if policy.keeps_programmes(actor_of(getattr(people, name)))}
    assert keepers == {"kun"}
    with pytest.raises(Refused, match="hanya diatur koordinator"):
        actions.keep_programme(
            programme=None, name="Sapa Pagi", about="", place="", active=True, by=actor_of(people.rina)
        )


NOTES = {"turn", "write", "ask", "air", "answer", "later", "requeue", "link", "promise"}


def test_who_writes_the_minutes_does_that_and_answers_at_that_episode_alone(
    people: People, episode: Episode, rina: Actor
) -> None:
    actions.announce(episode=episode, by=rina)
    actions.name_notes(episode=episode, user=people.dewi, by=rina)
    dewi = actor_of(people.dewi)
    other = actions.plan(
        plan=actions.Plan(episode.programme, episode.starts_at + timedelta(days=7), "Pendapa"), by=rina
    )
    allowed = set()
    for verb, status in itertools.product(VERBS, LETTERS.values()):
        here = allowed_at(verb, status, episode, dewi, people)
        assert not allowed_at(verb, status, other, dewi, people), verb
        allowed |= {verb} if here else set()
    assert allowed == NOTES


def allowed_at(verb: str, status: str, episode: Episode, actor: Actor, people: People) -> bool:
    subject: Episode | Commitment | Question
    if isinstance(status, Status):
        subject = Episode(pk=episode.pk, status=status)
    elif isinstance(status, QuestionStatus):
        subject = Question(status=status, episode_id=episode.pk)
    else:
        subject = Commitment(status=status, agency=people.roads, episode_id=episode.pk)
    return policy.allows(verb, actor, subject)
