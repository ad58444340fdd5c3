"""The rank shows its working, and small numbers are not over-read."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kanal.agencies.models import Region
from kanal.agencies.queries import actor_of
from kanal.channels.models import Contact
from kanal.common.refusal import Refused
from kanal.issues import actions, policy, queries
from kanal.issues.actions import Said
from kanal.issues.models import Issue, Weighing
from kanal.issues.policy import MACHINE
from kanal.issues.ranking import (
    DEFAULTS,
    REAL,
    Factor,
    Facts,
    Growth,
    corrected,
    growth_of,
    growth_sentence,
    is_sudden,
    parts_of,
    points_of,
    surely,
    tail,
)
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.issues import tell
from tests.support.people import People

NONE = Growth(0, 0, 0, 1, comparable=False)


@pytest.fixture
def kun(people: People) -> policy.Doer:
    return policy.person(actor_of(people.kun))


def test_the_binomial_tail_is_exact() -> None:
    assert tail(0, 10, 0.5) == 1
    assert tail(3, 3, 0.5) == pytest.approx(0.125)
    assert tail(8, 10, 0.5) == pytest.approx(56 / 1024)
    assert tail(3000, 4000, 0.5) < 1e-9


def test_two_of_two_say_less_than_ninety_of_a_hundred() -> None:
    assert surely(2, 2) < surely(90, 100) < 0.9
    assert surely(0, 5) == surely(0, 0) == 0


@pytest.mark.parametrize(
    ("windows", "real", "sudden"),
    [
        ([], False, False),
        ([40], False, False),  # nothing to compare with
        ([7, *[0] * 12], False, False),  # too few
        ([8, *[0] * 12], True, True),
        ([14, *[10] * 12], False, False),  # more, as happens
        ([30, *[10] * 12], True, True),
        ([150, *[100] * 12], True, False),  # certainly more, not doubled
        ([40, *[5] * 11, 40, 42, 38], False, False),  # as every year at this time
        ([40, *[5] * 14], True, True),
    ],
)
def test_growth_is_measured_against_the_issues_own_season(windows: list[int], *, real: bool, sudden: bool) -> None:
    growth = growth_of(windows)
    assert (growth.comparable and growth.chance <= REAL) is real
    assert is_sudden(growth) is sudden


def test_chances_are_corrected_for_asking_many_at_once() -> None:
    assert corrected([0.01]) == [0.01]
    assert corrected([0.01, *[1.0] * 99])[0] == pytest.approx(1.0)
    assert corrected([0.03, 0.01, 0.02]) == pytest.approx([0.03, 0.03, 0.03])


def test_the_parts_add_up_to_the_points_and_each_has_its_figure() -> None:
    facts = Facts(reports=90, voices=50, unanswered=60, overdue=30, urgent=9, villages=10, people=100_000, waiting=60)
    parts = parts_of(facts, NONE, DEFAULTS)
    assert sum(part.points for part in parts) == pytest.approx(points_of(facts, NONE, DEFAULTS))
    scores = {part.factor: part.score for part in parts}
    assert [scores[one] for one in (Factor.VOLUME, Factor.SPREAD, Factor.SHARE, Factor.AGE)] == [0.5] * 4
    said = {part.factor: part.sentence for part in parts}
    assert said[Factor.UNANSWERED].startswith("60 dari 90 laporan; ")
    assert said[Factor.SHARE] == "5,0 suara untuk setiap 10.000 dari 100.000 penduduk."
    assert "terlalu sedikit" in said[Factor.GROWTH]


def test_growth_says_its_figures() -> None:
    assert "biasanya 10,0" in growth_sentence(growth_of([30, *[10] * 12]))
    assert "wajar" in growth_sentence(growth_of([12, *[10] * 12]))


def issue_of(reports: list[Report], title: str = "Jalan berlubang") -> Issue:
    return actions.found(said=Said(title=title), reports=reports, by=MACHINE)


def test_what_is_counted_for_the_rank(people: People) -> None:
    now = timezone.now()
    villages = list(Region.objects.filter(level="desa")[:2])
    one, other = Contact.objects.create(), Contact.objects.create()
    rows = [
        *tell(3, first=0, contact=one, received_at=now - timedelta(days=3), region=villages[0], urgency=0),
        *tell(1, first=10, contact=other, received_at=now - timedelta(days=40), region=villages[1]),
        *tell(1, first=20, contact=one, received_at=now - timedelta(days=100)),
    ]
    issue = issue_of(rows)
    facts = queries.rank_now(now=now).facts[issue.pk]
    assert (facts.reports, facts.voices, facts.villages, facts.urgent) == (5, 2, 2, 3)
    assert facts.windows == (1, 1, 0)
    assert (facts.unanswered, facts.waiting) == (5, 100)
    assert facts.people > 1_000_000
    issue.regions.set(villages)
    Region.objects.filter(pk=villages[0].pk).update(population=300)
    assert queries.rank_now(now=now).facts[issue.pk].people == 0, "of one of them nobody knows"
    Region.objects.filter(pk=villages[1].pk).update(population=200)
    assert queries.rank_now(now=now).facts[issue.pk].people == 500


def test_a_report_that_becomes_secret_drops_out(people: People) -> None:
    rows = tell(6, received_at=timezone.now() - timedelta(days=2))
    issue = issue_of(rows)
    Report.objects.filter(pk=rows[0].pk).update(secret=True)
    Report.objects.filter(pk=rows[1].pk).update(kind=Kind.WHISTLEBLOWING, secret=True)
    assert queries.rank_now().facts[issue.pk].reports == 4


def test_the_louder_issue_stands_first_and_a_dismissed_one_nowhere(people: People, kun: policy.Doer) -> None:
    at = timezone.now() - timedelta(days=2)
    quiet, loud = issue_of(tell(2, received_at=at)), issue_of(tell(30, first=100, received_at=at), "Air keruh")
    assert queries.ranking().places == {loud.pk: 1, quiet.pk: 2}
    actions.dismiss(issue=loud, reason="", by=kun)
    assert queries.ranking().rank(loud.pk) is None
    rank = queries.ranking().rank(quiet.pk)
    assert rank is not None
    assert rank.place == 1


def test_weights_are_said_by_a_coordinator_and_kept(people: People, kun: policy.Doer) -> None:
    told = {**DEFAULTS, Factor.VOLUME: 10}
    actions.weigh(told=told, by=kun)
    actions.weigh(told=told, by=kun)
    assert queries.weights() == told
    assert list(Weighing.objects.values_list("user__name", flat=True)) == [people.kun.name]
    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        Weighing.objects.update(weights={})


@pytest.mark.parametrize("weights", [{Factor.VOLUME: 11}, {Factor.VOLUME: -1}, dict.fromkeys(Factor, 0)])
def test_impossible_weights_are_refused(people: People, kun: policy.Doer, weights: dict[Factor, int]) -> None:
    with pytest.raises(Refused):
        actions.weigh(told={**DEFAULTS, **weights}, by=kun)
    assert not Weighing.objects.exists()


@pytest.mark.parametrize("name", ["oki", "heni", "dewi", "laras", "ida", "agus", "rina"])
def test_nobody_else_says_weights(people: People, name: str) -> None:
    with pytest.raises(Refused, match="koordinator"):
        actions.weigh(told=dict(DEFAULTS), by=policy.person(actor_of(getattr(people, name))))
