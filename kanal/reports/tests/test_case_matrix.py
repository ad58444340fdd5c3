"""Who may do what to which report: every role, verb, visibility and status against one table.

The table is written out on purpose: a change of the workflow that opens a door must also be made here, by hand.
"""

import itertools
import re
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from kanal.agencies.models import User
from kanal.agencies.queries import actor_of
from kanal.reports import policy
from kanal.reports.forms.verbs import FORMS
from kanal.reports.models import Report
from kanal.reports.workflow import VERBS, Kind, Status
from tests.support.people import People

NOBODY, EVERY = "", "RAPNWCMX"
STATUS = {
    "R": Status.RECEIVED,
    "A": Status.ASSIGNED,
    "P": Status.IN_PROGRESS,
    "N": Status.NEEDS_INFO,
    "W": Status.ANSWERED,
    "C": Status.CLOSED,
    "M": Status.MERGED,
    "X": Status.ARCHIVED,
}
# K(un) coordinates, O(ki) is officer and H(eni) head of the agency that has it. Third: whether the Inspektorat does the
# same to whistle-blowing. The Leader, Dewi of another agency and the administrator never do anything.
EXPECTED: dict[str, tuple[str, str, bool]] = {
    "assign": ("K", "RAPNW", True),
    "return_": ("OH", "APN", False),
    "recall": ("K", "A", False),
    "start": ("KOH", "A", True),
    "ask_info": ("KOH", "RAP", True),
    "note": ("KOH", EVERY, True),
    "draft_answer": ("KOH", "RAPNW", True),
    "submit_answer": ("KOH", "RAPNW", True),
    "approve_answer": ("KH", "RAPNW", True),
    "publish_answer": ("KOH", "RAPNW", True),
    "merge": ("K", "RAPN", True),
    "unmerge": ("K", "M", True),
    "archive": ("K", "RAPN", True),
    "withdraw": (NOBODY, NOBODY, False),
    "take_back": (NOBODY, NOBODY, False),
    "reply": (NOBODY, NOBODY, False),
    "add_contact": (NOBODY, NOBODY, False),
    "ask_reopen": (NOBODY, NOBODY, False),
    "reopen": ("K", "WCX", True),
    "decline_reopen": ("K", "WC", True),
    "feedback": (NOBODY, NOBODY, False),
    "close": ("KOH", "W", True),
    "escalate": ("KOH", "RAPN", True),
    "flag_rapid": ("KOH", "RAPN", True),
    "unflag_rapid": ("K", "RAPN", True),
    "split": ("KOH", "APN", True),
    "answer_task": ("KOH", EVERY, True),
    "close_task": ("KOH", EVERY, True),
    "renew_task": ("KOH", EVERY, True),
    "classify": ("KOH", "RAPNW", True),
    "edit_public_text": ("KOH", EVERY, True),
    "adopt_photo": ("KOH", "RAPNWC", True),
    "take": ("OH", "APN", False),
    "open_identity": ("KOH", EVERY, True),
}
VISIBILITIES = ("open", "secret", "anonymous", "whistleblowing")
PEOPLE = {"K": "kun", "O": "oki", "H": "heni", "D": "dewi", "L": "laras", "I": "ida", "A": "agus"}


def readers(visibility: str, status: str) -> str:
    """Who may open the report at all."""
    if visibility == "whistleblowing":
        return "I"
    handlers = "" if status == "R" else "OH"
    return f"K{handlers}" + ("" if visibility == "secret" else "L")


def doers(verb: str, visibility: str, status: str) -> str:
    """Who may do the verb now, by the table alone."""
    people, since, inspector = EXPECTED[verb]
    if status not in since:
        return NOBODY
    if visibility == "whistleblowing":
        return "I" if inspector else NOBODY
    if verb == "open_identity" and visibility == "anonymous":
        return "K"
    return "".join(person for person in people if person in readers(visibility, status))


def report_that_is(visibility: str, status: str, people: People) -> Report:
    confidential = visibility == "whistleblowing"
    return Report(
        tracking_code="BJN-2222-2222",
        kind=Kind.WHISTLEBLOWING if confidential else Kind.COMPLAINT,
        secret=visibility in {"secret", "whistleblowing"},
        anonymous=visibility == "anonymous",
        status=STATUS[status],
        agency=None if status == "R" or confidential else people.roads,
        received_at=datetime(2026, 11, 16, 3, tzinfo=UTC),
    )


def test_the_table_knows_every_verb() -> None:
    assert set(EXPECTED) == set(VERBS)


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_every_role_verb_and_status(people: People, visibility: str) -> None:
    actors = {letter: actor_of(getattr(people, name)) for letter, name in PEOPLE.items()}
    wrong = []
    for status, (letter, actor), verb in itertools.product(STATUS, actors.items(), VERBS):
        report = report_that_is(visibility, status, people)
        expected = letter in doers(verb, visibility, status)
        if policy.allows(verb, policy.staff(actor), report) is not expected:
            wrong.append(f"{PEOPLE[letter]} {verb} {visibility} {STATUS[status]}: should be {expected}")
    assert not wrong


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_who_reads_the_citizens_own_words(people: People, visibility: str) -> None:
    for status, (letter, name) in itertools.product(STATUS, PEOPLE.items()):
        report = report_that_is(visibility, status, people)
        expected = letter in readers(visibility, status) and letter != "L"
        assert policy.reads_raw_text(actor_of(getattr(people, name)), report) is expected, (name, status)


@pytest.fixture(params=VISIBILITIES)
def kept(request: pytest.FixtureRequest, people: People) -> tuple[str, Report]:
    report = report_that_is(request.param, "A", people)
    report.save()
    return request.param, report


def answer(client: Client, user: User, path: str) -> int:
    """The status of a post that leaves nothing behind."""
    client.force_login(user)
    with transaction.atomic():
        status = client.post(path).status_code
        transaction.set_rollback(True)
    return status


def test_pages_are_for_readers_and_do_not_exist_for_others(
    client: Client, people: People, kept: tuple[str, Report]
) -> None:
    visibility, report = kept
    for letter, name in PEOPLE.items():
        client.force_login(getattr(people, name))
        for tail in ("", "pratinjau/", "mirip/", "surat.pdf"):
            expected = 200 if letter in readers(visibility, "A") else 404
            assert client.get(f"/meja/l/{report.tracking_code}/{tail}").status_code == expected, (name, tail)


def test_every_verb_by_address_is_refused_to_everybody_who_may_not(
    client: Client, people: People, kept: tuple[str, Report]
) -> None:
    visibility, report = kept
    wrong = []
    for (letter, name), verb in itertools.product(PEOPLE.items(), FORMS):
        status = answer(client, getattr(people, name), f"/meja/l/{report.tracking_code}/{verb}/")
        if letter not in readers(visibility, "A"):
            fine = status == 404
        elif letter in doers(FORMS[verb].verb, visibility, "A"):
            fine = status in {302, 400, 409}  # done, or something was missing in the empty form
        else:
            fine = status in {403, 409}
        if not fine:
            wrong.append((name, verb, status))
    assert not wrong


def test_a_stranger_learns_nothing_from_the_difference_between_hidden_and_missing(
    client: Client, people: People, kept: tuple[str, Report]
) -> None:
    _visibility, report = kept
    client.force_login(people.dewi)
    hidden, missing = (client.get(f"/meja/l/{code}/") for code in (report.tracking_code, "BJN-9999-9999"))
    assert hidden.status_code == missing.status_code == 404
    assert without_noise(hidden.content.decode()) == without_noise(missing.content.decode())


def without_noise(page: str) -> str:
    """A page without its code and its tokens, which differ every time."""
    return re.sub(r'BJN-\w{4}-\w{4}|value="\w{64}"', "", page)
