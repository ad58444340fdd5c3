"""Whoever acts may read Kanal in English: what is sent to others is in Indonesian, dates included."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

from kanal.channels.models import Outbound
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.life import Life
from tests.support.people import People

ENGLISH = frozenset(
    (
        *("a", "about", "after", "all", "an", "and", "answer", "answered", "are", "as", "asked", "at", "be", "because"),
        *(
            "by",
            "can",
            "for",
            "from",
            "has",
            "have",
            "in",
            "is",
            "it",
            "latest",
            "more",
            "must",
            "no",
            "not",
            "of",
            "on",
        ),
        *("opened", "or", "please", "read", "report", "reports", "the", "this", "to", "until", "was", "we", "will"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "working", "you", "your"),
    )
)
"""Words without which hardly an English sentence is made, and that mean nothing in Indonesian."""
CODE = re.compile(r'(?:Notice\(|purpose=)\s*"(\w+)"')
ACTIONS = Path(actions.__file__).parent

PURPOSES = sorted(name for name in vars(Life) if not name.startswith("_"))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def english_in(text: str) -> frozenset[str]:
    said = re.sub(r"https?://\S+|[A-Z]{3}-\w{4}-\w{4}", "", text)
    return ENGLISH.intersection(re.findall(r"[a-z]+", said.lower()))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_is_sent_is_indonesian_while_the_page_is_english(
    people: People, sari_reports: Report, purpose: str
) -> None:
    act: Callable[[], None] = getattr(Life(people, sari_reports), purpose)
    act()
    letters = Outbound.objects.filter(purpose=purpose)
    assert letters
    assert [
        (row.subject, row.body, found) for row in letters if (found := english_in(f"{row.subject} {row.body}"))
    ] == []
    assert [row.subject for row in letters if "%" in row.subject] == []


def test_no_purpose_is_forgotten_here() -> None:
    said = {purpose for path in ACTIONS.glob("*.py") for purpose in CODE.findall(path.read_text(encoding="utf-8"))}
    assert said - {"talk"} == set(PURPOSES)  # test_talk.py has the conversation


def test_the_words_of_a_person_stand_as_they_are(people: People, sari_reports: Report) -> None:
    Life(people, sari_reports).reopen_declined()
    assert "Sudah beres 100%.\n" in Outbound.objects.get(purpose="reopen_declined").body


def test_the_inspectors_hear_in_indonesian_too(people: People) -> None:
    report = actions.file_report(actions.Filing(body="Pungli.", submission="w", kind=Kind.WHISTLEBLOWING))
    actions.escalate(report=report, by=people.doing(people.ida))
    assert english_in(Outbound.objects.get(purpose="escalated").body) == frozenset()


def test_what_is_kept_with_the_report_is_indonesian(people: People, sari_reports: Report) -> None:
    Life(people, sari_reports).rapid()
    sari_reports.refresh_from_db()
    assert sari_reports.rapid_reason == "ditandai petugas"
