"""What the public could not read stays unreadable whatever happens later: only a person at the desk shows it."""

import pytest

from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.policy import Doer
from tests.support.people import People


@pytest.fixture
def kun(people: People) -> Doer:
    return people.doing(people.kun)


def passed_on(report: Report, people: People, kun: Doer, *, publish: bool) -> Report:
    return actions.assign(report=report, agency=people.roads, by=kun, publish=publish)


@pytest.fixture
def main(regency: object) -> Report:
    return actions.file_report(actions.Filing(body="Lubang besar di tikungan Jono.", submission="utama"))


@pytest.mark.parametrize("publish", [True, False])
def test_reopened_from_the_archive_it_is_shown_as_before(
    people: People, kun: Doer, sari_reports: Report, *, publish: bool
) -> None:
    passed_on(sari_reports, people, kun, publish=publish)
    actions.archive(report=sari_reports, by=kun, reason="no_reply")
    assert not sari_reports.published
    actions.reopen(report=sari_reports, by=kun)
    assert sari_reports.published is publish


@pytest.mark.parametrize("publish", [True, False])
def test_parted_from_its_main_report_it_is_shown_as_before(
    people: People, kun: Doer, sari_reports: Report, main: Report, *, publish: bool
) -> None:
    passed_on(sari_reports, people, kun, publish=publish)
    actions.merge(report=sari_reports, into=main, by=kun)
    actions.unmerge(report=sari_reports, by=kun)
    assert sari_reports.published is publish


def test_taken_from_the_public_and_answered_it_is_reopened_unseen(
    people: People, kun: Doer, sari_reports: Report
) -> None:
    passed_on(sari_reports, people, kun, publish=False)
    oki, heni = people.doing(people.oki), people.doing(people.heni)
    actions.draft_answer(report=sari_reports, by=oki, text="Sudah ditambal.")
    actions.submit_answer(report=sari_reports, by=oki)
    actions.approve_answer(report=sari_reports, by=heni)
    actions.publish_answer(report=sari_reports, by=oki)
    actions.reopen(report=sari_reports, by=kun)
    assert not sari_reports.published


def test_what_its_reporter_withdrew_never_comes_back(people: People, kun: Doer, sari_reports: Report) -> None:
    passed_on(sari_reports, people, kun, publish=True)
    actions.withdraw(report=sari_reports)
    text = {"title": "Lubang", "public_body": "Lubang.", "published": True}
    with pytest.raises(Refused, match="tidak tampil untuk umum"):
        actions.edit_public_text(report=sari_reports, by=kun, **text)  # type: ignore[arg-type]  # as typed in the form
    actions.reopen(report=sari_reports, by=kun)
    assert not sari_reports.published
