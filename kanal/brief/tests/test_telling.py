"""What an old edition no longer says: words that were fit for everybody when it was made, and are not any more."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kanal.brief import actions, paper
from kanal.brief.figures import NOTHING, Figures, Quote, Taken, freeze, thaw
from kanal.brief.models import Edition
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries import Survey, told_now
from kanal.brief.wording import shown
from kanal.issues.models import Issue
from kanal.reports.actions.retention import anonymise, destroy
from kanal.reports.models import Report, ReportClock
from tests.support.brief import MakeIssue
from tests.support.people import People

Look = Callable[..., Survey]


@pytest.fixture
def issue(make_issue: MakeIssue) -> Issue:
    return make_issue(7)


@pytest.fixture
def edition(look: Look, issue: Issue) -> Edition:
    return actions.make(about=REGENCY, survey=look())


def quotes(figures: Figures) -> list[Quote]:
    return [quote for part in (figures.issues, figures.fields) for one in part for quote in one.quotes]


def quoted(edition: Edition) -> Report:
    """The report of the first quote of an edition."""
    return Report.objects.get(pk=quotes(thaw(edition.figures))[0].report)


def test_while_everything_may_be_told_nothing_is_taken_out(edition: Edition) -> None:
    figures = thaw(edition.figures)
    assert quotes(figures)
    assert told_now(figures) == (figures, NOTHING)
    assert shown(figures)["taken"] == ""


@pytest.mark.parametrize("way", ["secret", "unpublished", "whistle", "archived", "anonymised", "destroyed", "reworded"])
def test_a_quote_goes_when_its_report_may_not_be_told(edition: Edition, way: str) -> None:
    report = quoted(edition)
    gone = [one for one in quotes(thaw(edition.figures)) if one.report == report.pk]
    changes: dict[str, dict[str, Any]] = {
        "secret": {"secret": True, "published": False},
        "unpublished": {"published": False},
        "whistle": {"kind": "whistleblowing", "secret": True, "published": False},
        "archived": {"status": "archived", "archive_reason": "wrong"},
        "reworded": {"public_body": "Jalan berlubang di depan rumah [nama disembunyikan]."},
    }
    if way == "anonymised":
        anonymise(report, rule="Uji", at=timezone.now())
    elif way == "destroyed":
        destroy(report, rule="Uji", at=timezone.now())
    else:
        Report.objects.filter(pk=report.pk).update(**changes[way])
    figures, taken = told_now(thaw(edition.figures))
    assert not {one.text for one in gone} & {one.text for one in quotes(figures)}
    assert taken == Taken(quotes=len(gone))
    assert [one.title for one in figures.issues] == ["Jalan berlubang"]


def test_a_quote_of_which_nobody_knows_the_report_is_not_told(edition: Edition) -> None:
    edition.figures["issues"][0]["quotes"] = [{"text": "Jalan berlubang di depan pasar, motor sering jatuh."}]
    figures, taken = told_now(thaw(edition.figures))
    assert figures.issues[0].quotes == []
    assert taken.quotes == 1


def test_an_issue_that_has_become_small_is_named_nowhere(edition: Edition, issue: Issue) -> None:
    ids = list(issue.rows.values_list("report_id", flat=True)[:3])
    Report.objects.filter(pk__in=ids).update(secret=True, published=False)
    before = thaw(edition.figures)
    assert before.told == 1
    assert before.fields[0].issues == ["Jalan berlubang"]
    figures, taken = told_now(before)
    assert taken.titles == 1
    assert "Jalan berlubang" not in str([freeze(figures)[name] for name in ("issues", "sudden", "solved", "decisions")])
    assert figures.fields[0].issues == []
    assert figures.told == 0


def test_a_case_that_became_secret_goes_and_one_whose_title_changed_stays_by_its_code(
    look: Look, issue: Issue, people: People, at: datetime
) -> None:
    reports = list(Report.objects.filter(issues=issue).order_by("pk")[:3])
    for report in reports:
        ReportClock.objects.create(
            report=report, kind="follow_up", allowance=5, opened_at=at - timedelta(days=99), due_on=date(2026, 1, 2)
        )
    Report.objects.filter(issues=issue).update(status="assigned")
    edition = actions.make(about=About(agency_id=people.roads.pk), survey=look())
    assert all(one.title for one in thaw(edition.figures).cases)
    secret, changed, same = reports
    Report.objects.filter(pk=secret.pk).update(secret=True, published=False)
    Report.objects.filter(pk=changed.pk).update(title="Jalan berlubang di depan rumah seseorang")
    figures, taken = told_now(thaw(edition.figures))
    assert {one.code: one.title for one in figures.cases} == {changed.tracking_code: "", same.tracking_code: same.title}
    assert taken.titles == 2


def test_page_and_paper_say_that_something_was_taken_out(client: Client, edition: Edition, people: People) -> None:
    client.force_login(people.laras)
    assert "dikeluarkan" not in client.get(f"/meja/lembar/{edition.pk}/").content.decode()
    report = quoted(edition)
    text = next(one.text for one in quotes(thaw(edition.figures)) if one.report == report.pk)
    Report.objects.filter(pk=report.pk).update(secret=True, published=False)
    page = client.get(f"/meja/lembar/{edition.pk}/").content.decode()
    assert text not in page
    assert "kutipan dikeluarkan karena laporannya tidak lagi boleh diceritakan." in page
    figures, taken = told_now(thaw(edition.figures))
    assert "kutipan dikeluarkan" in shown(figures, taken=taken)["taken"]
    assert paper.pdf(edition) != b""
    edition.refresh_from_db()
    assert text in str(edition.figures)  # what was counted is never rewritten
