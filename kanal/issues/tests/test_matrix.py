"""Who may do what to which issue: every role, verb and status against one table.

The table is written out on purpose: a change of the workflow that opens a door must also be made here, by hand.
"""

import itertools
from datetime import UTC, datetime

import pytest

from kanal.agencies.queries import actor_of
from kanal.common.refusal import Refused
from kanal.issues import policy, queries
from kanal.issues.models import Issue
from kanal.issues.workflow import STATUS, VERBS, Status
from tests.support.people import People

LETTERS = {
    "C": Status.CANDIDATE,
    "A": Status.CONFIRMED,
    "D": Status.DISCUSSED,
    "P": Status.PLANNED,
    "F": Status.BEING_FIXED,
    "S": Status.DONE,
    "W": Status.WATCHED,
    "X": Status.DISMISSED,
}
EVERY = "CADPFSWX"
# K(un) coordinates, O(ki) is officer and H(eni) supervisor of the agency that leads it, D(ewi) is officer of another,
# L(aras) leads the regency, I(da) inspects, A(gus) administers, R(ina) announces; M is the machine, B a room above.
EXPECTED: dict[str, tuple[str, str]] = {
    "found": ("KM", EVERY),
    "confirm": ("K", "CX"),
    "dismiss": ("K", "CADPFSW"),
    "move": ("KHB", "ADPFSW"),
    "tell": ("KHB", "ADPFSW"),
    "rename": ("K", EVERY),
    "describe": ("K", EVERY),
    "add_reports": ("K", EVERY),
    "remove_reports": ("K", EVERY),
    "merge": ("K", EVERY),
    "absorb": ("K", EVERY),
    "split": ("K", EVERY),
}
PEOPLE = {"K": "kun", "O": "oki", "H": "heni", "D": "dewi", "L": "laras", "I": "ida", "A": "agus", "R": "rina"}
SEE = "KOHDLR"


def doers(people: People) -> dict[str, policy.Doer]:
    persons = {letter: policy.person(actor_of(getattr(people, name))) for letter, name in PEOPLE.items()}
    return {**persons, "M": policy.MACHINE, "B": policy.on_behalf(actor_of(people.rina))}


def issue_that_is(letter: str, people: People) -> Issue:
    return Issue(title="Jalan rusak", status=LETTERS[letter], source="machine", agency=people.roads)


def test_the_table_knows_every_verb_and_status() -> None:
    assert set(EXPECTED) == set(VERBS)
    assert set(LETTERS.values()) == set(Status) == set(STATUS)


def test_every_role_verb_and_status(people: People) -> None:
    wrong = []
    for (letter, by), status, verb in itertools.product(doers(people).items(), LETTERS, VERBS):
        who, since = EXPECTED[verb]
        expected = letter in who and status in since
        if policy.allows(verb, by, issue_that_is(status, people)) is not expected:
            wrong.append(f"{letter} {verb} {LETTERS[status]}: should be {expected}")
    assert not wrong


def test_a_refusal_says_why_and_a_stranger_learns_nothing(people: People) -> None:
    wrong = []
    for (letter, by), verb in itertools.product(doers(people).items(), VERBS):
        if letter in EXPECTED[verb][0]:
            continue
        with pytest.raises(Refused) as refused:
            policy.check(verb, by, issue_that_is("A", people))
        expected = 404 if letter in "IA" else 403
        if refused.value.status != expected:
            wrong.append((letter, verb, refused.value.status))
    assert not wrong


def test_nothing_is_done_to_an_issue_that_went_up_in_another(people: People) -> None:
    gone = issue_that_is("A", people)
    gone.merged_into_id = 1
    for by, verb in itertools.product(doers(people).values(), VERBS):
        assert not policy.allows(verb, by, gone)


def test_who_sees_issues_at_the_desk(people: People) -> None:
    issue = issue_that_is("C", people)
    issue.founded_at = datetime(2026, 11, 2, tzinfo=UTC)
    issue.save()
    for letter, name in PEOPLE.items():
        actor = actor_of(getattr(people, name))
        assert queries.find_for(actor).exists() is (letter in SEE), name
        if letter in SEE:
            assert queries.get_for(actor, issue.pk) == issue
        else:
            with pytest.raises(Refused, match="tidak ditemukan"):
                queries.get_for(actor, issue.pk)
