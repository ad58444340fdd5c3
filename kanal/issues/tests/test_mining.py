"""The nightly pass proposes, people decide, and nothing is half-written or undone."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from kanal.agencies.queries import actor_of
from kanal.channels.models import Contact
from kanal.common.refusal import Refused
from kanal.issues import actions, policy, queries
from kanal.issues.actions import Said
from kanal.issues.actions.remembering import place_new
from kanal.issues.mining.night import Outcome, mine
from kanal.issues.mining.planning import Plan, Standing, plan
from kanal.issues.mining.turn import one_at_a_time
from kanal.issues.models import Issue, IssueReport, Memory, Proposal
from kanal.issues.policy import MACHINE
from kanal.issues.queries.standing import nearest
from kanal.issues.workflow import Status
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.issues import FIRST, MATTERS, many, tell
from tests.support.people import People

NOW = FIRST + timedelta(days=10)


@pytest.fixture
def kun(people: People) -> policy.Doer:
    return policy.person(actor_of(people.kun))


@pytest.fixture
def told(people: People) -> dict[str, list[Report]]:
    """Thirty reports of each of four matters."""
    found: dict[str, list[Report]] = {}
    for turn, matter in enumerate(MATTERS):
        texts = many(matter, 30)
        found[matter] = [tell(1, text, first=100 * turn + place)[0] for place, text in enumerate(texts)]
    return found


def night() -> Outcome:
    return mine(at=NOW)


def picture() -> set[tuple[int, int, bool, str]]:
    return set(IssueReport.objects.values_list("issue_id", "report_id", "belongs", "source"))


def of(reports: list[Report]) -> list[Issue]:
    """The issues to which most of these reports belong, the largest first."""
    issues = Issue.objects.filter(rows__report__in=reports, rows__belongs=True, merged_into=None).distinct()
    return sorted(issues, key=lambda issue: -queries.evidence(issue).count())


def test_it_proposes_candidates_named_from_the_reports_own_words(told: dict[str, list[Report]]) -> None:
    outcome = night()
    assert (outcome.read, outcome.begun) == (120, Issue.objects.count())
    for matter, reports in told.items():
        issue = of(reports)[0]
        assert (issue.status, issue.source) == (Status.CANDIDATE, "machine")
        assert set(queries.evidence(issue)) <= set(reports), matter
        said = " ".join(report.public_body.lower() for report in reports)
        assert all(phrase in said for phrase in issue.title.lower().split(", "))


def test_a_second_pass_over_the_same_reports_changes_nothing(told: dict[str, list[Report]]) -> None:
    night()
    before = picture()
    outcome = night()
    assert (outcome.begun, outcome.gathered) == (0, 0)
    assert picture() == before


def test_a_second_pass_proposes_nothing_neither_unchanged_nor_with_a_few_reports_more(
    told: dict[str, list[Report]],
) -> None:
    night()
    Proposal.objects.all().delete()
    assert night().proposed == 0
    for turn, matter in enumerate(MATTERS):
        tell(1, many(matter, 31)[-1], first=800 + turn)
    assert night().proposed == 0


def test_a_new_report_finds_its_issue_within_the_day_and_an_odd_one_stays_loose(told: dict[str, list[Report]]) -> None:
    night()
    nearest.clear()
    (lamp,) = tell(1, "Lampu jalan mati di terminal, malam gelap", first=900)
    odd, empty = tell(1, "Kapan lomba tari dibuka?", first=901) + tell(1, "", first=902)
    assert place_new() == 3
    assert set(queries.issues_of(lamp)) <= set(of(told["lampu"]))
    assert queries.issues_of(lamp).exists()
    assert not queries.issues_of(odd).exists()
    assert not queries.issues_of(empty).exists()
    assert place_new() == 0


def test_no_report_waits_for_what_the_machine_knows_to_be_read(told: dict[str, list[Report]]) -> None:
    night()
    nearest.clear()
    assert place_new() == 0
    Issue.objects.update(profile={})  # nobody would find an issue with what is read now
    (lamp,) = tell(1, "Lampu jalan mati di terminal, malam gelap", first=900)
    assert place_new() == 1
    assert queries.issues_of(lamp).exists()


def test_before_the_first_night_nothing_is_placed(people: People) -> None:
    tell(3)
    assert place_new() == 0


def test_nothing_that_a_person_said_is_undone(told: dict[str, list[Report]], people: People, kun: policy.Doer) -> None:
    night()
    issue = of(told["lubang"])[0]
    gone = queries.evidence(issue)[0]
    strange = told["air"][0]
    actions.rename(issue=issue, title="Jalan kabupaten rusak", summary="", by=kun)
    actions.describe(issue=issue, category=None, agency=people.roads, regions=[], by=kun)
    actions.remove_reports(issue=issue, reports=[gone], by=kun)
    actions.add_reports(issue=issue, reports=[strange], by=kun)
    actions.confirm(issue=issue, by=kun)
    for _again in range(2):
        tell(5, "Jalan berlubang di pasar, motor jatuh", first=Report.objects.count() + 2000)
        night()
    issue.refresh_from_db()
    assert (issue.title, issue.agency, issue.status) == ("Jalan kabupaten rusak", people.roads, Status.CONFIRMED)
    assert gone not in queries.evidence(issue)
    assert strange in queries.evidence(issue)


def test_what_was_dismissed_is_not_proposed_again(told: dict[str, list[Report]], kun: policy.Doer) -> None:
    night()
    for issue in of(told["sampah"]):
        actions.dismiss(issue=issue, reason="Sudah ada program lain.", by=kun)
    known = set(Issue.objects.values_list("pk", flat=True))
    for place, text in enumerate(many("sampah", 40)[30:]):
        tell(1, text, first=1000 + place)
    night()
    assert set(Issue.objects.values_list("pk", flat=True)) == known


def test_secret_and_whistle_blowing_reports_are_not_even_read(people: People) -> None:
    for place, text in enumerate(many("air", 20)):
        tell(1, text, first=place, secret=True, kind=Kind.WHISTLEBLOWING if place % 2 else Kind.COMPLAINT)
    assert night().read == 0
    assert not Issue.objects.exists()
    assert not {"pdam", "air"} & set(Memory.objects.get().weights)


def test_one_who_writes_ten_times_is_no_issue(people: People) -> None:
    sari = Contact.objects.create()
    for place, text in enumerate(many("air", 20)):
        tell(1, text, first=place, contact=sari)
    night()
    assert not Issue.objects.exists()


@pytest.fixture
def broken() -> Iterator[None]:
    """A pass that dies when it has begun two issues."""
    left = iter(range(2))
    whole = actions.found_by_machine

    def found(**given: object) -> Issue | None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return whole(**given)  # type: ignore[arg-type]  # passed through as it came

    with patch.object(actions, "found_by_machine", found):
        yield


def test_a_pass_that_is_killed_leaves_whole_issues_and_the_next_goes_on(
    told: dict[str, list[Report]], broken: None
) -> None:
    with pytest.raises(CommandError, match="Dihentikan"):
        call_command("mine")
    half = {issue.pk: queries.evidence(issue).count() for issue in Issue.objects.all()}
    assert len(half) == 2
    assert all(count >= 8 for count in half.values())


def test_after_a_broken_pass_the_same_issues_stand_as_after_a_whole_one(told: dict[str, list[Report]]) -> None:
    night()
    whole = {frozenset(queries.evidence(issue).values_list("pk", flat=True)) for issue in Issue.objects.all()}
    last = Issue.objects.order_by("-pk")[0]
    last.delete()  # as if it had died before the last
    night()
    assert {frozenset(queries.evidence(issue).values_list("pk", flat=True)) for issue in Issue.objects.all()} == whole


def test_two_passes_take_turns(people: People) -> None:
    with one_at_a_time(), pytest.raises(CommandError, match="sedang berjalan"):
        call_command("mine")


def test_the_command_says_what_it_did(told: dict[str, list[Report]]) -> None:
    out = StringIO()
    call_command("mine", stdout=out)
    assert "Laporan dibaca: 120." in out.getvalue()


# Planning, without the database -------------------------------------------------------------------------------------

EACH_ONE = {pk: pk for pk in range(100)}


def test_a_group_of_strangers_becomes_an_issue_and_a_small_one_does_not() -> None:
    assert plan([list(range(8)), [20, 21]], EACH_ONE, Standing({})) == Plan(new=[list(range(8))])
    assert plan([list(range(8))], dict.fromkeys(range(8), 1), Standing({})) == Plan()


def test_loose_reports_join_the_issue_that_has_their_group_unless_a_person_said_no() -> None:
    standing = Standing({1: [7], 2: [7]}, noes={(7, 3)})
    assert plan([[1, 2, 3, 4]], EACH_ONE, standing) == Plan(more={7: [4]})


def test_two_issues_in_one_group_may_be_one_unless_a_person_parted_them() -> None:
    belongs = {pk: (1,) if pk < 10 else (2,) for pk in range(15)}
    assert plan([list(range(15))], EACH_ONE, Standing(belongs)).merges == [(2, 1, 1.0)]
    for kept in (Standing(belongs, parted=[frozenset({1, 2})]), Standing(belongs, quiet=[2])):
        assert plan([list(range(15))], EACH_ONE, kept).merges == []


def test_an_issue_in_two_large_groups_may_be_two() -> None:
    belongs = dict.fromkeys(range(30), (1,))
    groups = [list(range(18)), list(range(18, 30))]
    assert plan(groups, EACH_ONE, Standing(belongs)).splits == [(1, list(range(18, 30)), 0.4)]
    edges = [list(range(20)), list(range(20, 30))]
    assert plan(edges, EACH_ONE, Standing(belongs)).splits == []
    assert plan(groups, EACH_ONE, Standing(belongs, quiet=[1])).splits == []


# What it proposes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def two(people: People) -> tuple[Issue, Issue]:
    return (
        actions.found(said=Said(title="Jalan Jono"), reports=tell(3), by=MACHINE),
        actions.found(said=Said(title="Jalan Temayang"), reports=tell(4, first=9), by=MACHINE),
    )


def test_a_proposed_merge_is_done_as_the_persons_own_deed(two: tuple[Issue, Issue], kun: policy.Doer) -> None:
    assert actions.propose(merges=[(two[0].pk, two[1].pk, 0.8)], splits=[]) == 1
    proposal = Proposal.objects.get()
    assert actions.accept(proposal=proposal, by=kun) == two[1]
    two[0].refresh_from_db()
    assert two[0].merged_into == two[1]
    assert two[0].events.order_by("-id")[0].user_id == kun.user_id
    with pytest.raises(Refused):
        actions.accept(proposal=proposal, by=kun)


def test_a_declined_merge_is_not_proposed_again_either_way(two: tuple[Issue, Issue], kun: policy.Doer) -> None:
    actions.propose(merges=[(two[0].pk, two[1].pk, 0.8)], splits=[])
    actions.decline(proposal=Proposal.objects.get(), by=kun)
    assert actions.propose(merges=[(two[0].pk, two[1].pk, 0.9)], splits=[]) == 0
    assert queries.standing.parted() == {frozenset({two[0].pk, two[1].pk})}


def test_a_proposed_split_is_done_or_declined_for_good(two: tuple[Issue, Issue], kun: policy.Doer) -> None:
    part = list(two[1].rows.values_list("report_id", flat=True)[:2])
    assert actions.propose(merges=[], splits=[(two[1].pk, part, "Jembatan", 0.5)]) == 1
    assert actions.propose(merges=[], splits=[(two[1].pk, part, "Jembatan", 0.5)]) == 0
    new = actions.accept(proposal=Proposal.objects.get(), by=kun)
    assert (new.title, queries.evidence(new).count(), queries.evidence(two[1]).count()) == ("Jembatan", 2, 2)
    assert queries.standing.parted() == {frozenset({new.pk, two[1].pk})}
    assert actions.propose(merges=[], splits=[(two[1].pk, part, "Jembatan", 0.5)]) == 0


def test_only_a_coordinator_answers_proposals(two: tuple[Issue, Issue], people: People) -> None:
    actions.propose(merges=[(two[0].pk, two[1].pk, 0.8)], splits=[])
    for someone in (people.oki, people.heni, people.laras):
        with pytest.raises(Refused, match="bukan bagian Anda"):
            actions.decline(proposal=Proposal.objects.get(), by=policy.person(actor_of(someone)))
