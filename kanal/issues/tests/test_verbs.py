"""What can be done to an issue, and that nothing a person said is undone by the machine."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from kanal.agencies.models import Region
from kanal.agencies.queries import actor_of
from kanal.channels.models import Contact
from kanal.common.refusal import Refused
from kanal.issues import actions, policy, queries
from kanal.issues.actions import Said
from kanal.issues.models import Issue, IssueEvent
from kanal.issues.policy import MACHINE
from kanal.issues.workflow import Source, Status
from kanal.reports.actions import archive
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.issues import tell
from tests.support.people import People


@pytest.fixture
def kun(people: People) -> policy.Doer:
    return policy.person(actor_of(people.kun))


@pytest.fixture
def road(people: People) -> Issue:
    """Three reports that the machine took for one issue."""
    return actions.found(said=Said(title="Jalan berlubang di Jono"), reports=tell(3), by=MACHINE, confidence=0.7)


def members(issue: Issue) -> set[int]:
    return set(queries.evidence(issue).values_list("pk", flat=True))


def lines(issue: Issue) -> list[str]:
    return list(issue.events.values_list("verb", flat=True))


def test_the_machine_begins_a_candidate_and_a_person_confirms_it(road: Issue, kun: policy.Doer) -> None:
    assert (road.status, road.source, len(members(road))) == (Status.CANDIDATE, Source.MACHINE, 3)
    told = queries.evidence(road).order_by("received_at")
    assert (road.first_seen, road.last_seen) == (told[0].received_at, told[2].received_at)
    actions.confirm(issue=road, by=kun)
    assert road.status == Status.CONFIRMED
    assert lines(road) == ["found", "confirm"]


def test_what_a_person_begins_is_confirmed(kun: policy.Doer) -> None:
    issue = actions.found(said=Said(title="Lampu jalan mati"), reports=tell(2), by=kun)
    assert (issue.status, issue.source, issue.settled) == (Status.CONFIRMED, Source.PERSON, ["title"])


def test_an_issue_moves_freely_once_it_is_confirmed(road: Issue, kun: policy.Doer) -> None:
    with pytest.raises(Refused, match="Calon isu"):
        actions.move(issue=road, to=Status.DISCUSSED, by=kun)
    actions.confirm(issue=road, by=kun)
    for status in (Status.DISCUSSED, Status.PLANNED, Status.BEING_FIXED, Status.DONE, Status.WATCHED, Status.CONFIRMED):
        actions.move(issue=road, to=status, by=kun, note="Dibahas di radio.")
        assert road.status == status
    event = road.events.order_by("id")[2]
    assert (event.verb, event.from_status, event.to_status, event.public) == ("move", "confirmed", "discussed", True)
    with pytest.raises(Refused, match="tidak dipilih dari sini"):
        actions.move(issue=road, to=Status.DISMISSED, by=kun)


def test_saying_twice_where_it_stands_does_no_harm(road: Issue, kun: policy.Doer) -> None:
    actions.confirm(issue=road, by=kun)
    actions.move(issue=road, to=Status.PLANNED, by=kun)
    with pytest.raises(Refused) as refused:
        actions.move(issue=road, to=Status.PLANNED, by=kun)
    assert refused.value.code == "repeated"
    assert lines(road) == ["found", "confirm", "move"]


def test_a_stale_page_is_refused_and_a_double_click_is_known(road: Issue, people: People, kun: policy.Doer) -> None:
    seen = road.version
    actions.rename(issue=road, title="Jalan Jono rusak", summary="", by=kun, version=seen)
    with pytest.raises(Refused) as again:
        actions.rename(issue=road, title="Jalan Jono rusak", summary="", by=kun, version=seen)
    with pytest.raises(Refused) as other:
        actions.confirm(issue=road, by=kun, version=seen)
    assert (again.value.code, other.value.code) == ("repeated", "stale")


def test_a_dismissed_issue_goes_on_gathering_and_can_come_back(road: Issue, kun: policy.Doer) -> None:
    actions.dismiss(issue=road, reason="Tiga lubang di tiga tempat.", by=kun)
    (late,) = tell(1, first=9)
    actions.gather(issue=road, confidences={late.pk: 0.6})
    assert late.pk in members(road)
    actions.confirm(issue=road, by=kun)
    assert road.status == Status.CONFIRMED


@pytest.mark.parametrize("title", ["", "   ", "x" * 121])
def test_a_title_is_neither_missing_nor_endless(road: Issue, kun: policy.Doer, title: str) -> None:
    with pytest.raises(Refused):
        actions.rename(issue=road, title=title, summary="", by=kun)
    with pytest.raises(Refused, match="2000"):
        actions.rename(issue=road, title="Jalan", summary="a" * 2001, by=kun)
    road.refresh_from_db()
    assert road.title == "Jalan berlubang di Jono"


def test_describing_settles_category_agency_and_places(road: Issue, people: People, kun: policy.Doer) -> None:
    place = Region.objects.filter(level="kecamatan")[0]
    actions.describe(issue=road, category=None, agency=people.roads, regions=[place], by=kun)
    road.refresh_from_db()
    assert (road.agency, list(road.regions.all())) == (people.roads, [place])
    assert road.settled == ["agency", "category", "regions"]


def test_a_persons_no_is_kept_and_the_machine_obeys_it(road: Issue, kun: policy.Doer) -> None:
    gone = queries.evidence(road)[0]
    actions.remove_reports(issue=road, reports=[gone], by=kun)
    actions.gather(issue=road, confidences={gone.pk: 0.99})
    assert gone.pk not in members(road)
    row = road.rows.get(report=gone)
    assert (row.belongs, row.source, row.user_id) == (False, Source.PERSON, kun.user_id)


def test_a_persons_yes_stays_a_persons(road: Issue, kun: policy.Doer) -> None:
    (more,) = tell(1, first=9)
    actions.add_reports(issue=road, reports=[more], by=kun)
    actions.gather(issue=road, confidences={more.pk: 0.3})
    row = road.rows.get(report=more)
    assert (row.belongs, row.source, row.confidence) == (True, Source.PERSON, 1)
    actions.remove_reports(issue=road, reports=[more], by=kun)
    actions.add_reports(issue=road, reports=[more], by=kun)
    assert more.pk in members(road)


def test_when_it_was_last_told_follows_its_reports(road: Issue, kun: policy.Doer) -> None:
    (late,) = tell(1, first=9)
    actions.gather(issue=road, confidences={late.pk: 0.8})
    road.refresh_from_db()
    assert road.last_seen == late.received_at
    actions.remove_reports(issue=road, reports=[late], by=kun)
    assert road.last_seen is not None
    assert road.last_seen < late.received_at


def test_secret_whistle_blowing_and_archived_reports_never_count(road: Issue, kun: policy.Doer) -> None:
    secret, whistle = tell(1, first=9, secret=True) + tell(1, first=10, secret=True, kind=Kind.WHISTLEBLOWING)
    for report in (secret, whistle):
        with pytest.raises(Refused) as refused:
            actions.add_reports(issue=road, reports=[report], by=kun)
        assert refused.value.code == "uncounted"
    actions.gather(issue=road, confidences={secret.pk: 0.9, whistle.pk: 0.9})
    assert len(members(road)) == 3


def test_a_report_that_becomes_secret_or_is_archived_drops_out_by_itself(road: Issue, people: People) -> None:
    first, second, _third = queries.evidence(road).order_by("pk")
    Report.objects.filter(pk=first.pk).update(secret=True, published=False)
    archive(report=second, reason="spam", by=people.doing(people.kun))
    assert queries.tallies([road.pk])[road.pk].reports == 1
    assert list(queries.issues_of(first)) == list(queries.issues_of(second)) == []


def test_a_contact_is_one_voice_however_often_they_write(people: People) -> None:
    reports = tell(4, contact=Contact.objects.create()) + tell(2, first=10)
    issue = actions.found(said=Said(title="Sampah menumpuk"), reports=reports, by=MACHINE)
    tally = queries.tallies([issue.pk])[issue.pk]
    assert (tally.reports, tally.voices) == (6, 3)


def test_a_merged_issue_keeps_its_rows_and_leads_to_the_whole(road: Issue, kun: policy.Doer) -> None:
    other = actions.found(said=Said(title="Jalan Temayang rusak"), reports=tell(2, first=20), by=kun)
    actions.merge(issue=road, into=other, by=kun, reason="Ruas yang sama.")
    assert len(members(other)) == 5
    assert road.rows.count() == 3
    road.refresh_from_db()
    assert queries.whole(road) == other
    assert (lines(road), lines(other)) == (["found", "merge"], ["found", "absorb"])
    assert list(queries.issues_of(queries.evidence(road)[0])) == [other]
    with pytest.raises(Refused, match="sudah digabung"):
        actions.confirm(issue=road, by=kun)
    with pytest.raises(Refused, match="sudah digabung"):
        actions.merge(issue=other, into=road, by=kun)


def test_an_issue_is_not_merged_into_itself(road: Issue, kun: policy.Doer) -> None:
    with pytest.raises(Refused, match="dirinya sendiri"):
        actions.merge(issue=road, into=Issue.objects.get(pk=road.pk), by=kun)


def test_the_weightier_word_stands_when_two_are_merged(road: Issue, kun: policy.Doer) -> None:
    shared = list(queries.evidence(road).order_by("pk"))
    other = actions.found(said=Said(title="Jalan Jono"), reports=shared, by=MACHINE)
    actions.remove_reports(issue=road, reports=shared[:1], by=kun)  # a person's no over the machine's yes
    actions.remove_reports(issue=road, reports=shared[1:2], by=kun)
    actions.add_reports(issue=other, reports=shared[1:2], by=kun)  # the later of two persons' words
    actions.merge(issue=road, into=other, by=kun)
    assert members(other) == {shared[1].pk, shared[2].pk}


def test_places_of_merged_issues_join_and_everywhere_stays_everywhere(road: Issue, kun: policy.Doer) -> None:
    here, there = Region.objects.filter(level="kecamatan")[:2]
    one, two = (
        actions.found(said=Said(title=f"Jalan {place.name}", regions=[place]), reports=tell(1, first=n), by=kun)
        for n, place in ((30, here), (40, there))
    )
    actions.merge(issue=one, into=two, by=kun)
    assert set(two.regions.all()) == {here, there}
    actions.merge(issue=road, into=two, by=kun)
    assert not two.regions.exists()


def test_a_split_is_remembered_by_the_machine(road: Issue, people: People, kun: policy.Doer) -> None:
    first, *rest = queries.evidence(road).order_by("pk")
    actions.describe(issue=road, category=None, agency=people.roads, regions=[], by=kun)
    new = actions.split(issue=road, reports=[first], title="Jembatan Jono", by=kun)
    assert (members(new), members(road)) == ({first.pk}, {report.pk for report in rest})
    assert (new.agency, new.status) == (people.roads, Status.CONFIRMED)
    actions.gather(issue=road, confidences={first.pk: 0.95})
    assert first.pk not in members(road)
    with pytest.raises(Refused, match="Sisakan"):
        actions.split(issue=road, reports=rest, title="Sisanya", by=kun)
    with pytest.raises(Refused, match="Pilih dulu"):
        actions.split(issue=road, reports=[first], title="Sudah tidak di sini", by=kun)


def test_history_is_never_rewritten(road: Issue) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        IssueEvent.objects.filter(issue=road).update(verb="confirm")


def test_everybody_reads_a_confirmed_issue_from_five_voices(kun: policy.Doer) -> None:
    issue = actions.found(said=Said(title="Air keruh"), reports=tell(4), by=kun)
    with pytest.raises(Refused, match="tidak ditemukan"):
        queries.get_public(issue.pk)
    actions.add_reports(issue=issue, reports=tell(1, first=9), by=kun)
    assert queries.get_public(issue.pk) == issue
    merged = actions.found(said=Said(title="Air PDAM"), reports=tell(1, first=20), by=kun)
    actions.merge(issue=merged, into=issue, by=kun)
    assert queries.get_public(merged.pk) == issue
    actions.dismiss(issue=issue, reason="", by=kun)
    with pytest.raises(Refused, match="tidak ditemukan"):
        queries.get_public(issue.pk)


def test_rooms_above_hear_of_every_verb(road: Issue, kun: policy.Doer, heard: Callable[[], list[str]]) -> None:
    actions.confirm(issue=road, by=kun)
    other = actions.found(said=Said(title="Jalan Jono"), reports=tell(1, first=9), by=kun)
    actions.merge(issue=road, into=other, by=kun)
    assert heard() == ["confirm", "found", "merge", "absorb"]
