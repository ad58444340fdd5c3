"""What an edition says, and that it goes on saying it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from kanal.agencies.models import Agency
from kanal.agencies.queries import actor_of, reference
from kanal.brief import actions, queries
from kanal.brief.figures import Figures, freeze, hush, thaw
from kanal.brief.models import Edition
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries import Survey
from kanal.brief.wording import shown
from kanal.common.refusal import Refused
from kanal.common.snapshot import Snapshot
from kanal.dialogue import actions as dialogue
from kanal.dialogue.actions import Promised
from kanal.dialogue.models import Commitment
from kanal.issues import actions as issues
from kanal.issues.models import Issue, IssueEvent
from kanal.issues.policy import person
from kanal.issues.workflow import Status
from kanal.reports.models import Category, Report, ReportClock, ReportEvent
from kanal.reports.queries import report_reference
from kanal.reports.workflow import Kind
from tests.support.brief import MakeIssue, village
from tests.support.people import People

Look = Callable[..., Survey]


def made(look: Look, about: About = REGENCY, weeks: int = 0) -> Figures:
    return thaw(actions.make(about=about, survey=look(weeks)).figures)


def temayang() -> About:
    return About(region_id=next(one.id for one in reference().districts() if one.name == "Temayang"))


# What is told -------------------------------------------------------------------------------------------------------


def test_an_issue_is_told_with_its_figures_and_the_peoples_words(look: Look, make_issue: MakeIssue) -> None:
    make_issue(6, days=2)
    matter = made(look).issues[0]
    assert (matter.title, matter.place, matter.agency, matter.field) == (
        "Jalan berlubang",
        1,
        "PU Bina Marga",
        "Jalan dan jembatan",
    )
    assert matter.weeks == [0, 0, 0, 0, 0, 0, 0, 6]
    assert (matter.voices, matter.reports, matter.villages, matter.unanswered) == (6, 6, 1, 6)
    assert matter.quotes
    assert matter.quotes[0].place == "Kec. Temayang"


def test_the_week_runs_from_friday_to_thursday(look: Look, make_issue: MakeIssue, friday: date) -> None:
    make_issue(5, days=1)
    make_issue(6, "Lampu mati", days=7, matter="lampu")
    make_issue(7, "Sampah menumpuk", days=8, matter="sampah")
    weeks = {one.title: one.weeks[-2:] for one in made(look).issues}
    assert weeks == {"Jalan berlubang": [0, 5], "Lampu mati": [0, 6], "Sampah menumpuk": [7, 0]}


def test_a_group_of_four_is_not_told_and_not_quoted(look: Look, make_issue: MakeIssue) -> None:
    make_issue(4)
    figures = made(look)
    assert (figures.issues, figures.told, figures.hidden) == ([], 0, 1)
    assert figures.fields == []
    assert "berlubang" not in str(freeze(figures)["fields"]) + str(freeze(figures)["issues"])
    assert "1 isu di bawah 5 suara" in shown(figures)["small"]
    assert [hush(count) for count in (0, 1, 4, 5)] == [0, None, None, 5]


def test_one_person_is_one_voice(look: Look, make_issue: MakeIssue, sari_reports: Report) -> None:
    make_issue(8, contact=sari_reports.contact)
    figures = made(look)
    assert figures.issues == []
    assert figures.hidden == 1


@pytest.mark.parametrize(
    "hidden", [{"secret": True, "published": False}, {"kind": Kind.WHISTLEBLOWING, "secret": True, "published": False}]
)
def test_secret_reports_are_neither_counted_nor_quoted(
    look: Look, make_issue: MakeIssue, hidden: dict[str, Any]
) -> None:
    issue = make_issue(7)
    Report.objects.filter(pk__in=issue.rows.values("report_id")[:6]).update(**hidden)
    figures = made(look)
    assert figures.issues == []
    assert figures.fields == []


def test_words_that_are_not_public_are_counted_but_not_quoted(look: Look, make_issue: MakeIssue) -> None:
    make_issue(6, published=False)
    matter = made(look).issues[0]
    assert (matter.voices, matter.quotes) == (6, [])


def test_an_issue_that_is_over_or_dismissed_makes_room(look: Look, make_issue: MakeIssue, people: People) -> None:
    kun = person(actor_of(people.kun))
    over, none, going = make_issue(9, "Selesai"), make_issue(8, "Bukan isu"), make_issue(5, "Masih")
    issues.move(issue=over, to=Status.DONE, by=kun)
    issues.dismiss(issue=none, reason="", by=kun)
    figures = made(look)
    assert [one.title for one in figures.issues] == ["Masih"]
    assert figures.places == {str(going.pk): 1}


def test_what_was_solved_in_the_week_is_named(
    look: Look, make_issue: MakeIssue, people: People, friday: date, at: datetime
) -> None:
    issue, early = make_issue(9, "Sumur bor"), make_issue(9, "Dulu")
    for one, days in ((issue, 2), (early, 12)):
        issues.move(issue=one, to=Status.DONE, by=person(actor_of(people.kun)))
        IssueEvent.objects.filter(issue=one, to_status=Status.DONE).delete()
        IssueEvent.objects.create(issue=one, verb="move", at=at - timedelta(days=days), to_status=Status.DONE)
    figures = made(look)
    assert [one.title for one in figures.solved] == ["Sumur bor"]
    assert shown(figures)["solved"] == ["Sumur bor: selesai"]


def test_fields_of_life_are_named_with_what_they_are_about(look: Look, make_issue: MakeIssue) -> None:
    make_issue(6, days=2)
    make_issue(5, "Beasiswa", days=9, category=Category.objects.get(code="beasiswa"), matter="air")
    roads, education = made(look).fields
    assert (roads.name, roads.weeks[-1], [part.name for part in roads.parts]) == (
        "Jalan dan jembatan",
        6,
        ["Jalan berlubang atau rusak"],
    )
    assert (education.name, education.weeks[-2:]) == ("Pendidikan", [5, 0])
    assert roads.quotes
    assert roads.issues == ["Jalan berlubang"]


def test_promises_past_their_day_are_put_before_the_bupati(
    look: Look, make_issue: MakeIssue, people: People, friday: date
) -> None:
    issue, kun = make_issue(6), actor_of(people.kun)
    for days, text in ((-10, "Lubang ditambal"), (3, "Rambu dipasang"), (30, "Jembatan dibangun")):
        promised = Promised(text, people.roads, reference().today() + timedelta(days=20), issue=issue)
        promise = dialogue.promise(promised=promised, by=kun)
        Commitment.objects.filter(pk=promise.pk).update(due_on=friday + timedelta(days=days))
    figures = made(look)
    assert [(one.text, one.late > 0) for one in figures.promises] == [
        ("Lubang ditambal", True),
        ("Rambu dipasang", False),
    ]
    assert [one.kind for one in figures.decisions] == ["promise_late"]
    assert figures.issues[0].promises[0].text == "Lubang ditambal"
    assert (figures.promises_kept, figures.promises_ended) == (0, 1)


# Its own agency and kecamatan ---------------------------------------------------------------------------------------


def test_an_agency_reads_its_issues_overdue_cases_and_what_it_gave_back(
    look: Look, make_issue: MakeIssue, people: People, at: datetime, friday: date
) -> None:
    mine = make_issue(6)
    make_issue(7, "Lampu mati", agency=people.transport, matter="lampu")
    report = Report.objects.filter(issues=mine).first()
    assert report
    Report.objects.filter(pk=report.pk).update(status="assigned")
    ReportClock.objects.create(
        report=report,
        kind="follow_up",
        allowance=5,
        opened_at=at - timedelta(days=20),
        due_on=friday - timedelta(days=10),
    )
    told = {"agency": people.roads.pk, "reason_name": "Wewenang provinsi"}
    ReportEvent.objects.create(report=report, verb="return_", at=at - timedelta(days=3), by="staff", data=told)
    figures = made(look, About(agency_id=people.roads.pk))
    assert [one.title for one in figures.issues] == ["Jalan berlubang"]
    assert [one.code for one in figures.cases] == [report.tracking_code]
    assert figures.cases[0].days > 0
    assert [(one.reason, one.count) for one in figures.returned] == [("Wewenang provinsi", 1)]
    other = made(look, About(agency_id=people.transport.pk))
    assert (other.cases, other.returned) == ([], [])


def test_a_secret_case_is_named_on_no_paper(look: Look, make_issue: MakeIssue, people: People, at: datetime) -> None:
    report = Report.objects.filter(issues=make_issue(6)).first()
    assert report
    Report.objects.filter(pk=report.pk).update(status="assigned", secret=True, published=False)
    ReportClock.objects.create(report=report, kind="follow_up", allowance=5, opened_at=at, due_on=date(2026, 1, 2))
    assert made(look, About(agency_id=people.roads.pk)).cases == []


def test_a_case_that_is_not_public_stands_there_by_its_code_alone(
    look: Look, make_issue: MakeIssue, people: People, at: datetime
) -> None:
    report = Report.objects.filter(issues=make_issue(6)).first()
    assert report
    Report.objects.filter(pk=report.pk).update(status="assigned", published=False)
    ReportClock.objects.create(
        report=report, kind="follow_up", allowance=5, opened_at=at - timedelta(days=99), due_on=date(2026, 1, 2)
    )
    figures = made(look, About(agency_id=people.roads.pk))
    assert [(one.code, one.title) for one in figures.cases] == [(report.tracking_code, "")]
    assert shown(figures)["cases"][0][1] == "belum tampil untuk umum"


def test_an_issue_of_others_is_told_to_an_agency_by_its_own_reports(
    look: Look, make_issue: MakeIssue, people: People
) -> None:
    issue = make_issue(9, agency=people.transport)
    own = list(issue.rows.values_list("report_id", flat=True)[:5])
    Report.objects.filter(pk__in=own).update(agency=people.roads)
    matter = made(look, About(agency_id=people.roads.pk)).issues[0]
    assert (matter.voices, matter.guest, matter.agency) == (5, True, "Dishub")
    assert made(look, About(agency_id=people.transport.pk)).issues[0].voices == 9


def test_a_kecamatan_reads_its_villages_and_who_owes_an_answer_there(
    look: Look, make_issue: MakeIssue, people: People
) -> None:
    make_issue(6)
    make_issue(7, "Lampu mati", region_id=village("Kapas, Kec. Kapas"), matter="lampu")
    Report.objects.filter(region_id=village("Jono, Kec. Temayang")).update(status="assigned")
    figures = made(look, temayang())
    assert figures.name == "Kec. Temayang"
    assert [one.title for one in figures.issues] == ["Jalan berlubang"]
    assert [(one.name, one.voices) for one in figures.villages] == [("Jono", 6)]
    assert [(one.name, one.open) for one in figures.agencies] == [(people.roads.name, 6)]
    assert figures.districts == []


# Against last week --------------------------------------------------------------------------------------------------


def test_the_first_week_says_so_kindly(look: Look, make_issue: MakeIssue) -> None:
    make_issue(6)
    figures = made(look)
    assert figures.compared == ""
    page = shown(figures)
    assert page["issues"][0]["move_words"] == ""
    assert "Pekan lalu belum ada lembar" in page["compared"]


def test_places_are_compared_with_last_weeks_edition(look: Look, make_issue: MakeIssue) -> None:
    loud = make_issue(6, days=9)
    made(look, weeks=1)
    new = make_issue(40, "Lampu mati", days=1, matter="lampu")
    first, second = made(look).issues
    assert (first.id, first.before, second.id, second.before) == (new.pk, None, loud.pk, 1)
    told = shown(made(look))["issues"]
    assert [one["move"] for one in told] == ["new", "down"]
    assert told[1]["move_words"] == "turun dari 1"


def test_a_week_without_an_edition_is_not_compared_across(look: Look, make_issue: MakeIssue) -> None:
    make_issue(6, days=16)
    made(look, weeks=2)
    assert made(look).compared == ""


def test_an_edition_of_another_schema_is_not_read_but_does_not_stop_the_next(look: Look, make_issue: MakeIssue) -> None:
    make_issue(6, days=9)
    last = actions.make(about=REGENCY, survey=look(1))
    Edition.objects.filter(pk=last.pk).delete()
    Edition.objects.create(
        year=last.year, week=last.week, scope="regency", version=1, figures={"schema": 99}, made_at=last.made_at
    )
    assert made(look).compared == ""
    with pytest.raises(Refused, match="versi Kanal yang lain"):
        thaw({"schema": 99})
    with pytest.raises(Refused, match="rusak"):
        thaw({"schema": 1, "scope": "regency"})


# Nothing there ------------------------------------------------------------------------------------------------------


def test_a_regency_without_reports_has_an_edition_too(look: Look) -> None:
    for about in (REGENCY, temayang(), About(agency_id=reference().agencies_by_code["disdik"].id)):
        page = shown(made(look, about))
        assert page["words"]["no_voices"] == "Tidak ada laporan pekan ini."
        assert page["issues"] == []


def test_a_category_that_is_no_longer_used_keeps_its_name(look: Look, make_issue: MakeIssue) -> None:
    make_issue(6)
    Category.objects.filter(code__in=["jalan", "jalan-berlubang"]).update(active=False)
    Snapshot.clear_all()
    assert made(look).fields[0].name == "Jalan dan jembatan"
    assert report_reference().categories_by_code["jalan"].active is False


def test_a_merged_agency_is_led_by_its_successor(look: Look, make_issue: MakeIssue, people: People) -> None:
    make_issue(6)
    Agency.objects.filter(pk=people.roads.pk).update(active=False, successor=people.transport)
    Snapshot.clear_all()
    matter = made(look, About(agency_id=people.transport.pk)).issues[0]
    assert (matter.agency, matter.guest, matter.voices) == ("Dishub", False, 6)
    with pytest.raises(Refused, match="Buat lembar untuk Dinas Perhubungan"):
        actions.make(about=About(agency_id=people.roads.pk), survey=look())


# Kept for ever ------------------------------------------------------------------------------------------------------


def test_counted_again_it_is_a_new_version_and_the_old_one_stays(
    look: Look, make_issue: MakeIssue, people: People
) -> None:
    make_issue(6)
    first = actions.make(about=REGENCY, survey=look())
    make_issue(9, "Lampu mati", matter="lampu")
    second = actions.make(about=REGENCY, survey=look(), by=actor_of(people.laras))
    assert (first.version, first.made_by_id, second.version, second.made_by_id) == (1, None, 2, people.laras.pk)
    first.refresh_from_db()
    assert [one.title for one in thaw(first.figures).issues] == ["Jalan berlubang"]
    assert [one.version for one in queries.versions(first)] == [2, 1]


def test_the_database_refuses_to_change_an_edition(look: Look) -> None:
    edition = actions.make(about=REGENCY, survey=look())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(version=7)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "agency"},
        {"scope": "district"},
        {"version": 0},
        {"week": 54},
        {"week": 0},
        {"year": 1999},
        {"scope": "regency", "version": 1},
    ],
)
def test_the_database_holds_what_an_edition_is(look: Look, at: datetime, wrong: dict[str, Any]) -> None:
    known = actions.make(about=REGENCY, survey=look())
    right = {"year": known.year, "week": known.week, "scope": "regency", "version": 2, "figures": {}, "made_at": at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(**{**right, **wrong})


def test_two_at_the_same_moment_make_one(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.make(about=REGENCY, survey=look())
    monkeypatch.setattr(queries, "latest", lambda *_asked: None)
    with pytest.raises(Refused, match="baru saja dibuat") as refused:
        actions.make(about=REGENCY, survey=look())
    assert refused.value.code == "meanwhile"
    assert Edition.objects.count() == 1


def test_what_is_kept_says_the_same_when_it_is_read_again(look: Look, make_issue: MakeIssue) -> None:
    issue = make_issue(6)
    edition = actions.make(about=REGENCY, survey=look())
    before = shown(thaw(edition.figures))
    Issue.objects.filter(pk=issue.pk).update(title="Lain sama sekali")
    Report.objects.update(public_body="Lain sama sekali.")
    edition.refresh_from_db()
    assert shown(thaw(edition.figures)) == before
