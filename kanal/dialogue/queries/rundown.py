"""What could be talked about: the facts from which a rundown is proposed, and whether its minutes fit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from kanal.agencies.queries import Actor, reference
from kanal.dialogue import policy
from kanal.dialogue.models import Commitment, Episode, Slot
from kanal.dialogue.queries.episodes import STILL_ON
from kanal.dialogue.queries.promises import days_late, standing_filter
from kanal.dialogue.rundown import FRAME, Candidate, Late, Proposal, choose, fill
from kanal.dialogue.workflow import AHEAD, Standing, Status
from kanal.issues.models import Issue
from kanal.issues.policy import LEAST_PUBLIC
from kanal.issues.queries import Ranking, ranking
from kanal.issues.queries.districts import districts_of
from kanal.issues.ranking import NO_GROWTH, Facts
from kanal.issues.workflow import CONFIRMED, STATUS, Phase
from kanal.issues.workflow import Status as IssueStatus
from kanal.reports.queries import report_reference

MOST_LOOKED = 60
"""The loudest issues that are looked at; nobody's evening begins with the sixty-first."""
_OPEN = [status.value for status in CONFIRMED if STATUS[status].phase is Phase.OPEN]


def proposals_for(episode: Episode) -> list[Proposal]:
    """What this episode should take, the best first, beside what is on it already. The same few queries for any number.

    Only issues that a person has confirmed and of which everybody may know, never one that stands on an episode ahead.
    """
    today, planned = reference().today(), list(_planned(episode))
    issues_ahead = {issue for _episode, issue, _promise in planned if issue}
    promises_ahead = {promise for _episode, _issue, promise in planned if promise}
    late = _late(today, without=promises_ahead)
    here = {issue for at, issue, _promise in planned if issue and at == episode.pk}
    issues = _issues(late)
    known = _candidates(issues, here, late)
    loose = [Candidate(title=one.text, late=[one]) for one in late[None]]
    open_ = [one for pk, one in known.items() if pk not in issues_ahead]
    return choose([*open_, *loose], today=today, there=[known[pk] for pk in sorted(here)])


def _still_ahead() -> Q:
    """What nobody marked as held hours after it began is not ahead any more."""
    return Q(status__in=AHEAD, starts_at__gte=timezone.now() - STILL_ON)


def _planned(episode: Episode) -> Iterable[tuple[int, int | None, int | None]]:
    ahead = Episode.objects.filter(_still_ahead() | Q(pk=episode.pk)).values("pk")
    return Slot.objects.filter(episode__in=ahead).values_list("episode_id", "issue_id", "commitment_id")


def _late(today: date, *, without: Collection[int]) -> defaultdict[int | None, list[Late]]:
    """The promises whose date has passed, by their issue; those of an issue that went up in another by the whole."""
    rows = Commitment.objects.filter(standing_filter(Standing.LATE, today)).exclude(pk__in=without)
    facts, found = reference(), defaultdict[int | None, list[Late]](list)
    for one in rows.select_related("issue").defer("issue__profile").order_by("due_on", "pk"):
        agency = facts.agency_today(one.agency_id)
        issue = one.issue.merged_into_id or one.issue_id if one.issue else None
        name = agency.short_name or agency.name if agency else ""
        found[issue].append(Late(one.pk, one.text, name, days_late(one)))
    return found


def _issues(late: Mapping[int | None, Sequence[Late]]) -> list[Issue]:
    """The loudest issues that may be talked about, and every one of which a promise is late."""
    told = ranking()
    rows: QuerySet[Issue] = Issue.objects.filter(merged_into=None, status__in=_OPEN).defer("profile")
    loudest = sorted((one for one in rows if one.pk in told.places), key=lambda one: told.places[one.pk])
    public = [one for one in loudest if told.facts[one.pk].voices >= LEAST_PUBLIC]
    return public[:MOST_LOOKED] + [one for one in public[MOST_LOOKED:] if one.pk in late]


def _candidates(
    issues: Iterable[Issue], here: Collection[int], late: Mapping[int | None, Sequence[Late]]
) -> dict[int, Candidate]:
    told, rows = ranking(), {one.pk: one for one in issues}
    missing = [pk for pk in here if pk not in rows]
    rows.update(Issue.objects.defer("profile").in_bulk(missing) if missing else {})
    categories, places, last = report_reference().categories, districts_of(rows), discussed(rows)
    today, found = reference().today, {}
    for pk, one in rows.items():
        category = categories.get(one.category_id or 0)
        found[pk] = Candidate(
            title=one.title,
            issue_id=pk,
            facts=_facts(told, pk),
            growth=told.growths.get(pk, NO_GROWTH),
            districts=places[pk],
            category=category.name if category else "",
            late=late.get(pk, ()),
            discussed_on=today(last[pk]) if pk in last else None,
        )
    return found


def _facts(told: Ranking, pk: int) -> Facts:
    return told.facts.get(pk) or Facts()


def discussed(issue_ids: Iterable[int]) -> dict[int, datetime]:
    """When each issue was last on an episode that was held."""
    return dict(
        Slot.objects.filter(episode__status=Status.HELD, issue_id__in=list(issue_ids))
        .values_list("issue_id")
        .annotate(last=Max("episode__starts_at"))
        .order_by()
    )


def candidates_waiting() -> int:
    """How many groups the machine has proposed that nobody has confirmed yet: they are not proposed as topics."""
    return Issue.objects.filter(merged_into=None, status=IssueStatus.CANDIDATE).count()


@dataclass(frozen=True, slots=True)
class Minutes:
    """Whether the topics fit into an episode."""

    told: int
    whole: int

    @property
    def left(self) -> int:
        """What is still free, negative when it is too much."""
        return self.whole - self.told


def minutes_of(episode: Episode, topics: Iterable[Slot]) -> Minutes:
    """The sum of the minutes beside the length of the episode."""
    return Minutes(sum(one.minutes for one in topics), episode.duration)


def filling(episode: Episode) -> list[tuple[Proposal, int]]:
    """The proposals that fill what is free of an episode, each with its minutes."""
    minutes = minutes_of(episode, episode.slots.all())
    return fill(proposals_for(episode), minutes.left - FRAME)


def ahead_for(actor: Actor) -> list[Episode]:
    """The episodes into which somebody can put a topic, the nearest first, their topics read with them."""
    if not policy.hosts(actor):
        return []
    rows = Episode.objects.filter(policy.sees(actor), _still_ahead()).select_related("programme")
    return list(rows.prefetch_related("slots").order_by("starts_at", "pk")[:50])
