"""The sheets for the host and for agencies: what stands there, what never does, and who may have them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.models import Region
from kanal.agencies.queries import Actor, actor_of, reference
from kanal.channels.models import Outbound
from kanal.common.obligations import Unit, days_left
from kanal.common.snapshot import Snapshot
from kanal.dialogue import actions, policy
from kanal.dialogue.actions import Promised
from kanal.dialogue.briefs.paper import agency_data, agency_pdf, host_data, host_pdf
from kanal.dialogue.briefs.questions import Matter, Word, questions_for, to_bring
from kanal.dialogue.briefs.quotes import LONGEST, Quote, pick, readable, shortened
from kanal.dialogue.models import Commitment, Episode
from kanal.dialogue.queries.briefs import agency_sheet, host_sheet
from kanal.dialogue.workflow import Standing
from kanal.issues import actions as issue_actions
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import person
from kanal.issues.ranking import NO_GROWTH, Facts, growth_of
from kanal.reports.models import Report, ReportClock
from tests.support.issues import tell
from tests.support.people import People

DAY = date(2026, 11, 20)


def quote(text: str, district: str = "") -> Quote:
    return Quote(text, district, DAY)


# Quotations -----------------------------------------------------------------------------------------------------------


def test_quotations_are_whole_sentences_or_end_at_a_word() -> None:
    sentences = "Jalan ini rusak sejak lama. " * 20
    assert shortened(sentences).endswith("lama.")
    assert len(shortened(sentences)) <= LONGEST
    long = shortened("jalan rusak " * 60)
    assert long.endswith(("jalan…", "rusak…"))
    assert shortened("Jalan\n rusak.") == "Jalan rusak."


def test_quotations_come_from_different_places_and_differ() -> None:
    said = [
        quote("Jalan di depan pasar berlubang sekali.", "Malo"),
        quote("JALAN di depan pasar, berlubang sekali!!", "Kapas"),
        quote("Jalan utama rusak parah sejak lebaran.", "Malo"),
        quote("Lubang di tikungan membahayakan motor.", "Balen"),
        quote("Rusak", "Kapas"),
    ]
    assert [one.district for one in pick(said)] == ["Malo", "Balen", "Malo"]
    assert len(pick(said, 1)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lubang di depan rumah Pak Darmo, dalam sekali. Motor sering jatuh di situ.", "Motor sering jatuh di situ."),
        ("Jalan berlubang sejak puasa. Hubungi [nomor HP disembunyikan]. Sudah gelap.", "Jalan berlubang sejak puasa."),
        ("Assalamualaikum. Pak Bupati, jalan depan pasar lama rusak.", "Jalan depan pasar lama rusak."),
        ("JALAN RUSAK PARAH SUDAH SETAHUN TIDAK DIPERBAIKI", ""),
        ("Jalan RT 03 berlubang, identitas saya tolong dirahasiakan.", ""),
        ("Lihat di https://contoh.id/jalan-rusak-parah ya semua", ""),
    ],
)
def test_what_names_or_hides_somebody_is_not_read_out(text: str, said: str) -> None:
    assert readable(text) == said
    assert [one.text for one in pick([quote(text)])] == [said] * bool(said)


# Questions ------------------------------------------------------------------------------------------------------------


def word(standing: Standing, days: int = 0) -> Word:
    return Word("Lubang ditambal", "PU", DAY, standing, days)


def test_a_late_promise_is_asked_about_first() -> None:
    matter = Matter(Facts(), NO_GROWTH, words=[word(Standing.KEPT), word(Standing.LATE, 12)])
    first, second, last = questions_for(matter)
    assert "“Lubang ditambal” paling lambat Jumat, 20 November" in first
    assert "Sekarang lewat 12 hari kerja." in first
    assert "Sudahkah warga merasakannya?" in second
    assert "siapa yang bertanggung jawab" in last


def test_questions_carry_their_figures() -> None:
    facts = Facts(reports=40, unanswered=20, waiting=64, overdue=7)
    asked = " ".join(questions_for(Matter(facts, NO_GROWTH, villages={"Jono, Kec. Temayang": 9})))
    assert "20 dari 40 laporan belum dijawab, yang terlama menunggu 64 hari." in asked
    assert "7 laporan sudah lewat tenggat." in asked
    assert "Jono, Kec. Temayang" in asked


@pytest.mark.parametrize("facts", [Facts(reports=40, unanswered=2, waiting=3), Facts(reports=100, unanswered=10)])
def test_a_small_share_without_an_answer_is_no_question(facts: Facts) -> None:
    assert len(questions_for(Matter(facts, NO_GROWTH))) == 1


def test_growth_and_an_earlier_evening_are_asked_about() -> None:
    asked = " ".join(questions_for(Matter(Facts(), growth_of([30, *[10] * 12]), discussed_on=DAY)))
    assert "Suara naik menjadi 30 dalam 28 hari, biasanya 10,0." in asked
    assert "Ini pernah dibahas Jumat, 20 November." in asked


def test_what_an_agency_should_bring() -> None:
    words = [word(Standing.OPEN), word(Standing.LATE, 3), word(Standing.CLAIMED)]
    brought = to_bring(overdue=4, unanswered=2, words=words, topics=["Jalan Jono"])
    assert brought[0].startswith("Keadaan terakhir 4 laporan yang lewat tenggat")
    assert "yang lewat 3 hari kerja" in brought[1]
    assert brought[2].startswith("Kemajuan janji")
    assert "“Jalan Jono”" in brought[4]
    assert len(to_bring(overdue=0, unanswered=0, words=[], topics=[])) == 1


# The sheets -----------------------------------------------------------------------------------------------------------


MakeIssue = Callable[..., Issue]


@pytest.fixture
def make_issue(people: People) -> MakeIssue:
    """A confirmed issue of so many public reports of the last days, from one village."""
    made = 0

    def make(number: int = 6, title: str = "Jalan berlubang di Jono", *, texts: list[str] | None = None) -> Issue:
        nonlocal made
        made += 1
        village = Region.objects.filter(level="desa")[0]
        fields: dict[str, Any] = {"published": True, "agency": people.roads, "region": village}
        rows = []
        for turn in range(number):
            at = timezone.now() - timedelta(days=2, hours=turn)
            text = texts[turn] if texts else f"Jalan nomor {turn} di tikungan berlubang sedalam mata kaki."
            rows += tell(1, text, first=100 * made + turn, received_at=at, **fields)
        by = person(actor_of(people.kun))
        issue = issue_actions.found(said=Said(title=title, agency=people.roads), reports=rows, by=by)
        Snapshot.clear_all()
        return issue

    return make


def late_by(days: int) -> date:
    """A day since which so many working days have passed."""
    facts = reference()
    due_on = facts.today()
    while days_left(facts.calendar, facts.today(), due_on, Unit.WORKING_DAYS) > -days:
        due_on -= timedelta(days=1)
    return due_on


def overdue(report: Report, people: People, days: int) -> None:
    """Make a report late by so many working days at the roads agency."""
    at = timezone.now() - timedelta(days=3 * days + 10)
    ReportClock.objects.create(
        report=report,
        agency=people.roads,
        kind="follow_up",
        opened_at=at,
        due_on=late_by(days),
        allowance=5,
        unit="working_days",
        rule="Uji",
    )


def test_the_host_reads_figures_words_promises_and_questions(
    episode: Episode, make_issue: MakeIssue, people: People, rina: Actor
) -> None:
    issue = make_issue()
    actions.add_topic(episode=episode, issue=issue, minutes=25, by=rina)
    actions.add_topic(episode=episode, topic="Salam penutup", minutes=5, by=rina)
    due_on = reference().today() + timedelta(days=3)
    promised = actions.promise(promised=Promised("Ditambal", people.roads, due_on, issue=issue), by=rina)
    Commitment.objects.filter(pk=promised.pk).update(due_on=late_by(6))
    actions.invite(episode=episode, agency=people.roads, by=rina)
    sheet = host_sheet(episode)
    first, second = sheet.topics
    assert ("6", "suara dalam setahun") in first.figures
    assert ("6 dari 6", "laporan belum dijawab") in first.figures
    assert len(first.quotes) == 4
    assert first.owed[0].when.endswith(", lewat 6 hari kerja")
    assert "Sekarang lewat 6 hari kerja." in first.questions[0]
    assert "Apa yang menghalangi?" in first.questions[0]
    assert first.time.split("\u2013")[1] == second.time.split("\u2013")[0]
    assert not second.quotes
    assert sheet.guests[0].words == "belum menjawab"
    assert host_pdf(sheet, by="Rina").startswith(b"%PDF")


def test_the_host_reads_what_else_is_late_of_those_who_come(
    episode: Episode, people: People, promise: Commitment, rina: Actor
) -> None:
    Commitment.objects.filter(pk=promise.pk).update(due_on=reference().today() - timedelta(days=4))
    assert not host_sheet(episode).owed
    actions.invite(episode=episode, agency=people.roads, by=rina)
    assert [one.text for one in host_sheet(episode).owed] == [promise.text]
    actions.add_topic(episode=episode, commitment=promise, by=rina)
    assert not host_sheet(episode).owed


def test_only_public_masked_words_are_quoted(episode: Episode, make_issue: MakeIssue, rina: Actor) -> None:
    texts = [
        "Lubang di jalan ini, hubungi saya di 081234567890 ya.",
        "Rahasia: mandor proyek ini meminta uang pelicin.",
        "Belum dilihat siapa pun, masih mentah dan apa adanya.",
        "Sudah diarsipkan karena salah alamat pengaduan.",
        "Motor saya jatuh dua kali di tikungan itu. Hubungi saya di 081234567891 ya.",
        "Sudah dilupakan siapa penulisnya, menurut aturan retensi.",
    ]
    issue = make_issue(6, texts=texts)
    ids = {one.body: one.pk for one in issue.reports.all()}
    Report.objects.filter(pk=ids[texts[1]]).update(secret=True, published=False)
    Report.objects.filter(pk=ids[texts[2]]).update(published=False)
    Report.objects.filter(pk=ids[texts[3]]).update(status="archived", archive_reason="wrong")
    Report.objects.filter(pk=ids[texts[5]]).update(anonymised_at=timezone.now())
    actions.add_topic(episode=episode, issue=issue, by=rina)
    said = [one.text for one in host_sheet(episode).topics[0].quotes]
    assert said == ["Motor saya jatuh dua kali di tikungan itu."]


def test_small_numbers_stand_on_no_sheet(episode: Episode, make_issue: MakeIssue, people: People, rina: Actor) -> None:
    issue = make_issue(30)
    here = Region.objects.filter(level="desa")[0]
    away, other = Region.objects.filter(level="kecamatan").exclude(pk__in=[here.parent_id])[:2]
    ids = list(issue.reports.order_by("pk").values_list("pk", flat=True))
    Report.objects.filter(pk__in=ids[:9]).update(region=away, received_at=timezone.now() - timedelta(days=40))
    Report.objects.filter(pk__in=ids[9:12]).update(region=other, received_at=timezone.now() - timedelta(days=70))
    Snapshot.clear_all()
    actions.add_topic(episode=episode, issue=issue, by=rina)
    (topic,) = host_sheet(episode).topics
    assert topic.places == "Dari 3 kecamatan"
    assert [voices for _name, voices in topic.districts] == [18, None]
    assert "tidak disebut" in topic.places_note
    assert [voices for _name, voices in topic.trend][-2:] == [None, 18]
    data = host_data(host_sheet(episode), by="Rina")
    assert data["words"]["few"]
    assert host_pdf(host_sheet(episode), by="Rina").startswith(b"%PDF")


def test_an_agency_reads_its_topics_its_cases_by_code_and_what_to_bring(
    episode: Episode, make_issue: MakeIssue, people: People, promise: Commitment, rina: Actor
) -> None:
    issue, other = make_issue(), make_issue(6, "Air keruh")
    Issue.objects.filter(pk=other.pk).update(agency=people.transport)
    other.reports.update(agency=people.transport)
    late, secret = issue.reports.order_by("pk")[:2]
    for report, days in ((late, 9), (secret, 30)):
        overdue(report, people, days)
    Report.objects.filter(pk=secret.pk).update(secret=True, published=False)
    for one in (issue, other):
        actions.add_topic(episode=episode, issue=one, by=rina)
    sheet = agency_sheet(episode, people.roads.pk)
    assert [one.slot.topic for one in sheet.topics] == ["Jalan berlubang di Jono"]
    assert [one.slot.topic for one in sheet.others] == ["Air keruh"]
    assert [(one.code, one.days) for one in sheet.cases] == [(late.tracking_code, 9)]
    assert sheet.owed[0].text == promise.text
    assert sheet.bring[0].startswith("Keadaan terakhir 1 laporan")
    told = str(agency_data(sheet, by="Oki")["cases"])
    assert late.tracking_code in told
    assert "berlubang" not in told
    assert agency_data(sheet, by="Oki")["words"]["case"][3] == "Lewat (hari kerja)"
    assert agency_pdf(sheet, by="Oki").startswith(b"%PDF")


def test_what_somebody_wrote_is_never_markup(episode: Episode, people: People, rina: Actor) -> None:
    actions.add_topic(episode=episode, topic='#panic("x") $ * _ [', by=rina)
    assert host_data(host_sheet(episode), by="#x")["topics"][0]["topic"] == '#panic("x") $ * _ ['
    assert host_pdf(host_sheet(episode), by='#panic("x")').startswith(b"%PDF")


def test_an_empty_evening_has_its_sheets_too(episode: Episode, people: People, rina: Actor) -> None:
    actions.invite(episode=episode, agency=people.roads, by=rina)
    assert host_pdf(host_sheet(episode), by="Rina").startswith(b"%PDF")
    assert agency_pdf(agency_sheet(episode, people.roads.pk), by="Oki").startswith(b"%PDF")


def test_the_queries_do_not_grow_with_the_reports(episode: Episode, make_issue: MakeIssue, rina: Actor) -> None:
    actions.add_topic(episode=episode, issue=make_issue(6), by=rina)
    host_sheet(episode)
    with CaptureQueriesContext(connection) as few:
        host_sheet(episode)
    actions.drop_topic(slot=episode.slots.get(), by=rina)
    actions.add_topic(episode=episode, issue=make_issue(30, "Air"), by=rina)
    host_sheet(episode)
    with CaptureQueriesContext(connection) as many:
        host_sheet(episode)
    assert len(few) == len(many) <= 11


# Who may have them ----------------------------------------------------------------------------------------------------


PEOPLE = {"K": "kun", "R": "rina", "O": "oki", "H": "heni", "D": "dewi", "L": "laras", "I": "ida", "A": "agus"}


def test_who_may_have_which_sheet(people: People, rina: Actor) -> None:
    actors = {letter: actor_of(getattr(people, name)) for letter, name in PEOPLE.items()}
    roads = people.roads.pk
    assert {letter for letter, one in actors.items() if policy.reads_host_sheet(one)} == set("KR")
    assert {letter for letter, one in actors.items() if policy.reads_agency_sheet(one, roads)} == set("KROH")


@pytest.mark.parametrize("ending", ["/", ".pdf"])
@pytest.mark.parametrize(
    ("who", "host", "roads"),
    [
        *(("rina", 200, 200), ("kun", 200, 200), ("oki", 403, 200), ("heni", 403, 200)),
        *(("dewi", 403, 403), ("laras", 403, 403), ("ida", 403, 403), ("agus", 403, 403)),
    ],
)
def test_the_doors_of_the_sheets(  # each role and both forms
    client: Client, people: People, episode: Episode, rina: Actor, ending: str, who: str, host: int, roads: int
) -> None:
    actions.invite(episode=episode, agency=people.roads, by=rina)
    actions.announce(episode=episode, by=rina)
    client.force_login(getattr(people, who))
    base = f"/meja/dialog/{episode.pk}/lembar"
    assert client.get(f"{base}{ending}").status_code == host
    answer = client.get(f"{base}/{people.roads.code}{ending}")
    assert answer.status_code == roads
    if roads == 200 and ending == ".pdf":
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_an_agency_that_is_not_invited_has_no_sheet(client: Client, people: People, episode: Episode) -> None:
    client.force_login(people.kun)
    assert client.get(f"/meja/dialog/{episode.pk}/lembar/{people.roads.code}/").status_code == 404
    assert client.get(f"/meja/dialog/{episode.pk}/lembar/tidak-ada.pdf").status_code == 404


def test_the_invitation_says_where_to_read_what_to_bring(people: People, episode: Episode, rina: Actor) -> None:
    actions.invite(episode=episode, agency=people.roads, by=rina)
    letters = Outbound.objects.filter(purpose="dialogue_invited")
    assert letters.count() == 2
    address = f"/meja/dialog/{episode.pk}/lembar/{people.roads.code}/"
    assert all("Yang perlu disiapkan dan dibawa: http://" in one.body and address in one.body for one in letters)


def test_a_place_from_which_few_came_is_not_read_out() -> None:
    """Four people of one kecamatan would be known by their neighbours."""
    told = questions_for(Matter(facts=Facts(), growth=NO_GROWTH, districts={"Malo": 5, "Kapas": 4}))
    assert any("Kec. Malo." in one for one in told)
    assert not any("Kapas" in one for one in told)
