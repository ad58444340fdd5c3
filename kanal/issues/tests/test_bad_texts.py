"""What people really send, through everything that reads it: reader, proposals, duplicates, pass, day, title.

A text that says the matter joins its issue however it is written; one that says nothing stays loose; none disturbs.
"""

import pytest

from kanal.common.indonesian import codes, matter, mended, normal_form, search_text, tokens
from kanal.issues import queries
from kanal.issues.actions.remembering import place_new
from kanal.issues.mining.night import mine
from kanal.issues.models import Issue
from kanal.issues.queries.standing import nearest
from kanal.reports.actions.reindexing import reindex_next
from kanal.reports.models import Report
from kanal.reports.queries.routing import propose_for
from kanal.reports.queries.similar import Probe, similar
from tests.support.issues import FIRST, MATTERS, many, tell
from tests.support.people import People

HOLE = "Jalan berlubang di pasar sedalam mata kaki, motor sering jatuh"
SAYING = {
    "capitals": "JALAN BERLUBANG DI TERMINAL SEDALAM MATA KAKI, MOTOR SERING JATUH!!!!!",
    "javanese": "Dalan bolong neng terminal jerone sakmata kaki, motor kerep tiba, dalan rusak",
    "mojibake": "Jalan berlubang di â€œterminalâ€\x9d sedalam mata kaki\\nmotor sering jatuh ðŸ™\x8f",
    "chain": "Diteruskan berkali-kali\nAssalamualaikum wr wb, mohon disebarkan!! Jalan berlubang di terminal, "
    "motor sering jatuh. Terima kasih banyak atas perhatiannya, wassalam",
    "100,000 characters": "Jalan berlubang di terminal, motor sering jatuh. " * 2041,
    "emoji between": "Jalan 🚧 berlubang 🕳️ di terminal, motor 🛵 sering jatuh 😭😭😭",
    "letters held down": "Jalaaaan berlubaaang di terminal, motor seriiing jatuuuh",
}
SILENT = {
    "empty": "",
    "blank": " \n\t ",
    "one word": "Tolong",
    "one letter": "p",
    "emoji only": "🙏🙏🙏😭",
    "english": "Good morning, when does the library open on holidays please?",
    "signs only": "!!!??? ... ---",
    "one long word": "A" * 100_000,
    "another script": "ꦧꦚ꧀ꦗꦶꦂ",
    "greeting": "Assalamualaikum warahmatullahi wabarakatuh, selamat pagi pak bupati",
    "chain without a matter": "Diteruskan berkali-kali. Sebarkan ke 10 orang agar mendapat berkah, terima kasih",
    "broken halves": "\x00\ufffd\u202e\u200b",
}
BAD = {**SAYING, **SILENT}


@pytest.fixture
def known(people: People) -> dict[str, list[Report]]:
    """Four matters of which thirty people told, gathered last night."""
    found = {
        name: [tell(1, text, first=100 * turn + place)[0] for place, text in enumerate(many(name, 30))]
        for turn, name in enumerate(MATTERS)
    }
    mine(at=FIRST)
    nearest.clear()
    return found


def said(name: str) -> str:
    return BAD[name].replace("\x00", "")  # no database takes it; forms and media take it out


@pytest.mark.parametrize("name", BAD)
def test_the_reader_takes_it(name: str) -> None:
    text = BAD[name]
    for read in (tokens, matter, mended, normal_form, search_text, codes):
        assert read(text) == read(text)
    assert all(word == word.lower() and len(word) <= 40 for word in tokens(text))


@pytest.mark.parametrize("name", BAD)
def test_nothing_is_proposed_of_it_that_its_words_do_not_say(people: People, name: str) -> None:
    (report,) = tell(1, said(name))
    assert name in SAYING or propose_for(report) == []


@pytest.mark.parametrize("name", SAYING)
def test_by_day_it_finds_its_issue_however_it_is_written(known: dict[str, list[Report]], name: str) -> None:
    (report,) = tell(1, said(name), first=900)
    assert place_new() == 1
    (issue,) = queries.issues_of(report)
    assert set(known["lubang"]) & set(queries.evidence(issue))


@pytest.mark.parametrize("name", SILENT)
def test_by_day_what_says_nothing_stays_loose(known: dict[str, list[Report]], name: str) -> None:
    (report,) = tell(1, said(name), first=900)
    assert place_new() == 1
    assert not queries.issues_of(report).exists()


def test_by_night_all_of_them_disturb_nobody(known: dict[str, list[Report]]) -> None:
    before = {issue.pk: issue.title for issue in Issue.objects.all()}
    odd = {name: tell(1, said(name), first=900 + turn)[0] for turn, name in enumerate(BAD)}
    outcome = mine(at=FIRST)
    assert outcome.read == 120 + len(BAD)
    assert {pk: Issue.objects.get(pk=pk).title for pk in before} == before
    hole = {pk for report in known["lubang"] for pk in queries.issues_of(report).values_list("pk", flat=True)}
    for name in SAYING:
        assert set(queries.issues_of(odd[name]).values_list("pk", flat=True)) <= hole, name
    for name in SILENT:
        assert not queries.issues_of(odd[name]).exists(), name


@pytest.mark.parametrize("name", SILENT)
def test_what_says_nothing_is_nobodys_duplicate(people: People, name: str) -> None:
    tell(3, HOLE)
    reindex_next(0)
    assert not similar(Probe(said(name)), Report.objects.filter(public_body=HOLE), at=FIRST)


@pytest.mark.parametrize("name", ["capitals", "mojibake", "emoji between", "letters held down"])
def test_a_copy_is_known_however_it_is_written(people: People, name: str) -> None:
    (report,) = tell(1, "Jalan berlubang di terminal sedalam mata kaki, motor sering jatuh")
    reindex_next(0)
    found = similar(Probe(said(name)), Report.objects.all(), at=FIRST)
    assert [one.report for one in found] == [report]


@pytest.mark.parametrize("name", SILENT)
def test_many_who_say_nothing_are_no_issue_with_a_strange_name(people: People, name: str) -> None:
    for place, text in enumerate(many("sampah", 12)):
        tell(1, text, first=place)
    tell(20, said(name), first=500)
    mine(at=FIRST)
    for issue in Issue.objects.all():
        assert 0 < len(issue.title) <= 120
        assert issue.title.isprintable()
