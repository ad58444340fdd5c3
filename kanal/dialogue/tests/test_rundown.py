"""Which topics an episode is proposed, why, and for how long; and how they are put on, ordered and timed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.models import Region
from kanal.agencies.queries import Actor, actor_of, reference
from kanal.common.refusal import Refused
from kanal.common.snapshot import Snapshot
from kanal.dialogue import actions, rundown
from kanal.dialogue.actions import Promised, Topic
from kanal.dialogue.models import Commitment, Episode
from kanal.dialogue.queries import history
from kanal.dialogue.queries.rundown import filling, minutes_of, proposals_for
from kanal.dialogue.rundown import Candidate, Late, Proposal, choose, fill, weighed
from kanal.issues import actions as issue_actions
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import person
from kanal.issues.ranking import Facts, growth_of
from tests.support.issues import tell
from tests.support.people import People

TODAY = date(2026, 11, 20)
MakeEpisode = Callable[..., Episode]
MakeIssue = Callable[..., Issue]


def candidate(pk: int, voices: int = 40, **more: Any) -> Candidate:
    facts = Facts(reports=voices, voices=voices, unanswered=voices // 2, waiting=30)
    return Candidate(**{"title": f"Isu {pk}", "issue_id": pk, "facts": facts, "districts": {f"K{pk}": voices}, **more})


def late(pk: int, days: int) -> Late:
    return Late(pk, f"Janji {pk}", "Dishub", days)


def ids(proposals: list[Proposal]) -> list[int | None]:
    return [one.candidate.issue_id for one in proposals]


# Choosing -------------------------------------------------------------------------------------------------------------


def test_the_points_are_what_the_factors_earn_with_their_weights() -> None:
    found = weighed(candidate(1), TODAY)
    assert found.points == pytest.approx(sum(part.points for part in found.parts))
    assert sum(part.weight for part in found.parts) == sum(rundown.WEIGHTS.values())
    full = 100 * rundown.WEIGHTS[rundown.Factor.RESTED] / sum(rundown.WEIGHTS.values())
    assert found.parts[-1].points == pytest.approx(full)


def test_the_louder_comes_first_and_says_why() -> None:
    found = choose([candidate(1, 10), candidate(2, 200)], today=TODAY)
    assert ids(found) == [2, 1]
    assert "200 suara dalam setahun." in found[0].reasons
    assert "Belum pernah dibahas." in found[0].reasons


def test_growth_speaks_for_a_topic_only_when_it_is_real() -> None:
    grown, noise = growth_of([30, *[10] * 12]), growth_of([12, *[10] * 12])
    found = choose([candidate(1, growth=noise), candidate(2, growth=grown)], today=TODAY)
    assert ids(found) == [2, 1]
    assert weighed(candidate(1, growth=noise), TODAY).parts[1].points == 0


@pytest.mark.parametrize(("days", "proposed"), [(7, False), (27, False), (28, True), (200, True)])
def test_what_was_talked_about_lately_rests(days: int, *, proposed: bool) -> None:
    one = candidate(1, discussed_on=TODAY - timedelta(days=days))
    assert bool(choose([one], today=TODAY)) is proposed


def test_a_late_promise_brings_a_topic_back_at_once() -> None:
    one = candidate(1, discussed_on=TODAY - timedelta(days=7), late=[late(5, 3), late(6, 12)])
    (found,) = choose([one], today=TODAY)
    assert "2 janji lewat tanggal, yang terlama 12 hari kerja (Dishub)." in found.reasons


def test_the_longer_a_topic_rested_the_better() -> None:
    fresh, old = (candidate(pk, discussed_on=TODAY - timedelta(days=days)) for pk, days in ((1, 30), (2, 80)))
    assert ids(choose([fresh, old], today=TODAY)) == [2, 1]


def test_an_evening_is_not_three_roads_in_one_kecamatan() -> None:
    roads = [candidate(pk, 100 - 2 * pk, category="Jalan", districts={"Malo": 9}) for pk in (1, 2, 3)]
    water = candidate(4, 60, category="Air", districts={"Kapas": 9})
    found = choose([*roads, water], today=TODAY)
    assert ids(found) == [1, 4, 2, 3]
    assert found[0].alike == ""
    assert found[2].share == pytest.approx(rundown.SAME_FIELD * rundown.SAME_PLACE)
    assert "Jalan" in found[2].alike
    assert "Malo" in found[2].alike


def test_what_is_on_the_rundown_counts_as_there() -> None:
    there = candidate(9, category="Jalan")
    road, water = candidate(1, 60, category="Jalan"), candidate(2, 50, category="Air")
    assert ids(choose([road, water], today=TODAY, there=[there])) == [2, 1]


def test_late_promises_without_an_issue_are_a_few_the_longest_late() -> None:
    loose = [Candidate(title=f"Janji {days}", late=[late(days, days)]) for days in (1, 40, 5, 30, 20)]
    found = choose(loose, today=TODAY)
    assert [one.candidate.late[0].days for one in found] == [40, 30, 20]
    assert all(one.is_promise for one in found)


def test_no_more_than_asked_and_nothing_from_nothing() -> None:
    assert choose([], today=TODAY) == []
    assert len(choose([candidate(pk) for pk in range(30)], today=TODAY)) == rundown.MOST_PROPOSED


# Filling --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("free", [*range(-20, 200, 7), 720])
def test_what_is_filled_fits_and_each_topic_has_time(free: int) -> None:
    proposals = choose([candidate(pk, 20 + 9 * pk) for pk in range(8)], today=TODAY)
    filled = fill(proposals, free)
    assert sum(minutes for _one, minutes in filled) <= max(free, 0)
    assert all(rundown.SHORTEST <= minutes <= rundown.LONGEST and minutes % 5 == 0 for _one, minutes in filled)
    assert bool(filled) is (free >= rundown.SHORTEST)


def test_the_louder_gets_the_longer_time() -> None:
    proposals = choose([candidate(1, 400), candidate(2, 5), candidate(3, 4)], today=TODAY)
    minutes = [one for _proposal, one in fill(proposals, 55)]
    assert minutes == sorted(minutes, reverse=True)
    assert minutes[0] > minutes[-1]


# From the database ----------------------------------------------------------------------------------------------------


@pytest.fixture
def make_issue(people: People) -> MakeIssue:
    """A confirmed issue of so many voices."""
    made, kun = 0, person(actor_of(people.kun))

    def make(number: int = 8, title: str = "", *, confirmed: bool = True, **more: Any) -> Issue:
        nonlocal made
        made += 1
        at = timezone.now() - timedelta(days=2)
        reports = tell(number, first=100 * made, **{"received_at": at, "published": True, **more})
        said = Said(title=title or f"Isu ke-{made}", agency=people.roads)
        issue = issue_actions.found(said=said, reports=reports, by=kun)
        if not confirmed:
            Issue.objects.filter(pk=issue.pk).update(status="candidate")
        Snapshot.clear_all()
        return issue

    return make


def proposed(episode: Episode) -> list[str]:
    return [one.candidate.title for one in proposals_for(episode)]


def test_confirmed_public_issues_are_proposed_with_their_kecamatan(episode: Episode, make_issue: MakeIssue) -> None:
    village = Region.objects.filter(level="desa").select_related("parent")[0]
    make_issue(8, "Jalan berlubang", region=village)
    make_issue(4, "Empat suara")
    make_issue(9, "Calon", confirmed=False)
    (found,) = proposals_for(episode)
    assert found.candidate.title == "Jalan berlubang"
    assert found.candidate.facts.voices == 8
    assert village.parent is not None
    assert found.candidate.districts == {village.parent.name: 8}


def test_nothing_is_proposed_that_stands_on_an_episode_ahead(
    episode: Episode, make_episode: MakeEpisode, make_issue: MakeIssue, rina: Actor
) -> None:
    here, there, free = make_issue(title="Di sini"), make_issue(title="Di sana"), make_issue(title="Bebas")
    other = make_episode(hours=90)
    actions.add_topic(episode=episode, issue=here, by=rina)
    actions.add_topic(episode=other, issue=there, by=rina)
    assert proposed(episode) == [free.title]
    actions.announce(episode=other, by=rina)
    actions.cancel(episode=other, reason="Batal", by=rina)
    assert set(proposed(episode)) == {free.title, there.title}


def test_what_was_held_lately_rests_until_a_promise_about_it_is_late(
    episode: Episode, held: Episode, make_issue: MakeIssue, people: People, rina: Actor
) -> None:
    issue = make_issue(title="Jalan")
    actions.add_topic(episode=held, issue=issue, by=rina)
    actions.hold(episode=held, by=rina)
    assert proposed(episode) == []
    due_on = reference().today() + timedelta(days=1)
    promised = Promised("Ditambal", people.roads, due_on, issue=issue)
    commitment = actions.promise(promised=promised, by=rina)
    assert proposed(episode) == []
    Commitment.objects.filter(pk=commitment.pk).update(due_on=reference().today() - timedelta(days=7))
    (found,) = proposals_for(episode)
    assert found.candidate.title == "Jalan"
    assert 0 < found.candidate.late[0].days <= 5  # working days, as deadlines are counted


def test_a_late_promise_without_an_issue_is_a_topic_of_its_own_once(
    episode: Episode, promise: Commitment, rina: Actor
) -> None:
    assert proposals_for(episode) == []
    Commitment.objects.filter(pk=promise.pk).update(due_on=reference().today() - timedelta(days=3))
    (found,) = proposals_for(episode)
    assert found.is_promise
    slot = actions.add_topic(episode=episode, commitment=promise, by=rina)
    assert slot.topic == "Menagih janji: Lubang di tikungan Jono ditambal"
    assert proposals_for(episode) == []
    with pytest.raises(Refused, match="Janji itu sudah ada"):
        actions.add_topic(episode=episode, commitment=promise, by=rina)


def test_the_rundown_is_filled_up_to_its_length(episode: Episode, make_issue: MakeIssue, rina: Actor) -> None:
    for turn in range(5):
        make_issue(8 + turn)
    actions.add_topic(episode=episode, topic="Pembuka", minutes=20, by=rina)
    chosen = filling(episode)
    assert sum(minutes for _one, minutes in chosen) <= episode.duration - 20 - rundown.FRAME
    assert len(chosen) == 2


def test_the_queries_do_not_grow_with_the_issues(episode: Episode, make_issue: MakeIssue) -> None:
    counts = []
    for number in (1, 5):
        for _turn in range(number):
            make_issue(6)
        proposals_for(episode)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            proposals_for(episode)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


# The verbs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def topics(episode: Episode, rina: Actor) -> list[int]:
    told = [Topic(words) for words in ("Air", "Jalan", "Lampu")]
    return [slot.pk for slot in actions.put_topics(episode=episode, topics=told, by=rina)]


def names(episode: Episode) -> list[str]:
    return [slot.topic for slot in episode.slots.all()]


def test_topics_are_put_in_a_given_order(episode: Episode, topics: list[int], rina: Actor) -> None:
    actions.order_topics(episode=episode, order=topics[::-1], by=rina)
    assert names(episode) == ["Lampu", "Jalan", "Air"]


@pytest.mark.parametrize("change", [lambda ids: ids[:2], lambda ids: [*ids, 999], lambda ids: [ids[0]] * 3])
def test_an_order_of_other_topics_is_refused(
    episode: Episode, topics: list[int], rina: Actor, change: Callable[[list[int]], list[int]]
) -> None:
    with pytest.raises(Refused, match="baru saja berubah"):
        actions.order_topics(episode=episode, order=change(topics), by=rina)
    assert names(episode) == ["Air", "Jalan", "Lampu"]


def test_several_topics_are_put_all_or_none(episode: Episode, topics: list[int], rina: Actor) -> None:
    with pytest.raises(Refused, match="paling banyak 20"):
        actions.put_topics(episode=episode, topics=[Topic(f"Topik {turn}") for turn in range(18)], by=rina)
    assert len(topics) == episode.slots.count()


def test_minutes_are_said_and_summed(episode: Episode, topics: list[int], rina: Actor) -> None:
    actions.set_minutes(episode=episode, minutes={topics[0]: 25, topics[1]: 30, 999: 5}, by=rina)
    told = minutes_of(episode, episode.slots.all())
    assert (told.told, told.whole, told.left) == (65, 60, -5)


@pytest.mark.parametrize("minutes", [0, 721])
def test_senseless_minutes_are_refused(episode: Episode, topics: list[int], rina: Actor, minutes: int) -> None:
    with pytest.raises(Refused, match="1 sampai 720 menit"):
        actions.set_minutes(episode=episode, minutes={topics[0]: minutes}, by=rina)


def test_what_somebody_else_arranged_meanwhile_is_looked_at_first(
    episode: Episode, topics: list[int], people: People, rina: Actor
) -> None:
    seen = episode.version
    actions.add_topic(episode=episode, topic="Pasar", by=actor_of(people.kun))
    with pytest.raises(Refused, match="diubah orang lain"):
        actions.add_topic(episode=episode, topic="Sawah", by=rina, version=seen)
    with pytest.raises(Refused, match="diubah orang lain"):
        actions.order_topics(episode=episode, order=topics, by=rina, version=seen)


def test_ones_own_earlier_arranging_is_no_surprise(episode: Episode, topics: list[int], rina: Actor) -> None:
    seen = episode.version
    actions.order_topics(episode=episode, order=topics[::-1], by=rina, version=seen)
    actions.set_minutes(episode=episode, minutes={topics[0]: 5}, by=rina, version=seen)
    assert names(episode) == ["Lampu", "Jalan", "Air"]
    assert episode.slots.get(pk=topics[0]).minutes == 5


def test_arranging_is_one_line_of_the_history_until_somebody_else_does_something(
    episode: Episode, topics: list[int], people: People, rina: Actor
) -> None:
    for _turn in range(3):
        actions.order_topics(episode=episode, order=topics[::-1], by=rina)
    assert [event.verb for event in history(episode)] == ["arrange", "plan"]
    actions.add_topic(episode=episode, topic="Pasar", by=actor_of(people.kun))
    actions.order_topics(episode=episode, order=[slot.pk for slot in episode.slots.all()], by=rina)
    assert [event.verb for event in history(episode)] == ["arrange", "arrange", "arrange", "plan"]


def test_the_same_free_topic_is_put_once(episode: Episode, topics: list[int], rina: Actor) -> None:
    with pytest.raises(Refused, match="Topik itu sudah ada"):
        actions.add_topic(episode=episode, topic=" Air ", by=rina)
    assert len(topics) == episode.slots.count()


def test_a_long_promise_is_shortened_at_a_word(episode: Episode, people: People, rina: Actor) -> None:
    due_on = reference().today() + timedelta(days=3)
    promise = actions.promise(promised=Promised("Lubang ditambal " * 20, people.roads, due_on), by=rina)
    slot = actions.add_topic(episode=episode, commitment=promise, by=rina)
    assert len(slot.topic) <= 120
    assert slot.topic.endswith("…")
