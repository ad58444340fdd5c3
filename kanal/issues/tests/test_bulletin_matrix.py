"""Who may do what to which bulletin: every role, verb and status against one table."""

import itertools

import pytest

from kanal.agencies.queries import actor_of
from kanal.common.refusal import Refused
from kanal.issues import policy
from kanal.issues.models import Bulletin, Issue
from kanal.issues.workflow import BULLETIN, BULLETIN_VERBS, BulletinStatus
from tests.support.people import People

LETTERS = {
    "D": BulletinStatus.DRAFT,
    "M": BulletinStatus.SUBMITTED,
    "S": BulletinStatus.SENDING,
    "H": BulletinStatus.STOPPED,
    "T": BulletinStatus.SENT,
    "X": BulletinStatus.WITHDRAWN,
}
# K(un) coordinates, O(ki) is officer and H(eni) supervisor of the agency that speaks, D(ewi) is officer of another,
# L(aras) leads the regency, I(da) inspects, A(gus) administers, R(ina) announces; M is the machine.
EXPECTED: dict[str, tuple[str, str]] = {
    "draft": ("KOH", "D"),
    "write": ("KOH", "DM"),
    "submit": ("KOH", "D"),
    "send": ("KH", "DM"),
    "withdraw": ("KOH", "DM"),
    "stop": ("KOH", "S"),
    "resume": ("KH", "H"),
    "extend": ("KH", "T"),
    "finish": ("M", "S"),
}
PEOPLE = {"K": "kun", "O": "oki", "H": "heni", "D": "dewi", "L": "laras", "I": "ida", "A": "agus", "R": "rina"}
UNSENT = "DMX"


def doers(people: People) -> dict[str, policy.Doer]:
    persons = {letter: policy.person(actor_of(getattr(people, name))) for letter, name in PEOPLE.items()}
    return {**persons, "M": policy.MACHINE}


def bulletin_that_is(letter: str, people: People, author: int = 0) -> Bulletin:
    issue = Issue(title="Jalan rusak", status="confirmed", agency=people.roads)
    return Bulletin(issue=issue, agency=people.roads, status=LETTERS[letter], author_id=author)


def test_the_table_knows_every_verb_and_status() -> None:
    assert set(EXPECTED) == set(BULLETIN_VERBS)
    assert set(LETTERS.values()) == set(BulletinStatus) == set(BULLETIN)


def test_every_role_verb_and_status(people: People) -> None:
    wrong = []
    for (letter, by), status, verb in itertools.product(doers(people).items(), LETTERS, BULLETIN_VERBS):
        who, since = EXPECTED[verb]
        expected = letter in who and status in since
        if policy.allows_bulletin(verb, by, bulletin_that_is(status, people)) is not expected:
            wrong.append(f"{letter} {verb} {LETTERS[status]}: should be {expected}")
    assert not wrong


def test_whoever_wrote_it_does_not_let_it_out(people: People) -> None:
    for letter, verb in itertools.product("KH", ("send", "extend")):
        by = doers(people)[letter]
        status = "D" if verb == "send" else "T"
        assert not policy.allows_bulletin(verb, by, bulletin_that_is(status, people, by.user_id or 0))
        with pytest.raises(Refused) as refused:
            policy.check_bulletin(verb, by, bulletin_that_is(status, people, by.user_id or 0))
        assert refused.value.code == "own_bulletin"


def test_a_refusal_says_why_and_a_stranger_learns_nothing(people: People) -> None:
    wrong = []
    for (letter, by), verb, status in itertools.product(doers(people).items(), BULLETIN_VERBS, LETTERS):
        if letter in EXPECTED[verb][0]:
            continue
        with pytest.raises(Refused) as refused:
            policy.check_bulletin(verb, by, bulletin_that_is(status, people))
        hidden = letter in "IA" or (letter in "DLR" and status in UNSENT)
        if refused.value.status != (404 if hidden else 403):
            wrong.append((letter, verb, status, refused.value.status))
    assert not wrong


def test_who_writes_to_everybody(people: People) -> None:
    issue = Issue(title="Jalan rusak", status="confirmed", agency=people.roads)
    for letter, name in PEOPLE.items():
        assert policy.writes_bulletins(actor_of(getattr(people, name)), issue, people.roads.pk) is (letter in "KOH")
        assert not policy.writes_bulletins(actor_of(getattr(people, name)), issue, None)
    issue.status = "candidate"
    assert not policy.writes_bulletins(actor_of(people.kun), issue, people.roads.pk)
