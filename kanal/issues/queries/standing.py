"""What the machine must know of reports and issues before it proposes anything."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from kanal.agencies.queries import reference
from kanal.common.indonesian import plain_words, tokens
from kanal.common.snapshot import Snapshot
from kanal.issues import policy
from kanal.issues.likeness import Nearest, stored_profile
from kanal.issues.models import Issue, IssueEvent, IssueReport, Memory, Proposal
from kanal.issues.workflow import Status
from kanal.reports.models import Report
from kanal.reports.queries.voices import voice


class Told(NamedTuple):
    """A report as a pass keeps it in mind: what it is about and whose it is. Its words stay in the database."""

    id: int
    voice: int
    category_id: int | None
    agency_id: int | None
    region_id: int | None
    received_at: datetime


_WORDS = ("title", "public_body")
_ASKED = 500  # ids in one question


def told_since(start: datetime) -> Iterator[tuple[Told, str, str]]:
    """Every report that may be counted, received from a moment on, with title and masked words, in order of the ids."""
    rows = Report.objects.filter(policy.counted(), received_at__gte=start).order_by("id")
    found = rows.annotate(voice=voice()).values_list(*Told._fields, *_WORDS).iterator(chunk_size=2000)
    return ((Told(*row[:-2]), row[-2], row[-1]) for row in found)


def texts_of(report_ids: Sequence[int]) -> list[tuple[str, str]]:
    """Title and masked words of reports, in order of the ids, of those that may be counted by now."""
    found: list[tuple[str, str]] = []
    for start in range(0, len(report_ids), _ASKED):
        rows = Report.objects.filter(policy.counted(), pk__in=report_ids[start : start + _ASKED]).order_by("id")
        found.extend(rows.values_list(*_WORDS))
    return found


def fresh_reports(after: int, limit: int) -> list[tuple[int, str, str]]:
    """Id, title and masked words of the next reports after an id."""
    rows = Report.objects.filter(policy.counted(), pk__gt=after).order_by("pk")
    return list(rows.values_list("id", "title", "public_body")[:limit])


def belongings() -> dict[int, list[int]]:
    """For each report the issues to which it belongs, without those that went up in another."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    rows = IssueReport.objects.filter(belongs=True, issue__merged_into=None)
    for report_id, issue_id in rows.values_list("report_id", "issue_id").iterator(chunk_size=5000):
        found[report_id].append(issue_id)
    return dict(found)


def noes() -> set[tuple[int, int]]:
    """Issue and report of every "no" that a person said."""
    return set(IssueReport.objects.filter(belongs=False).values_list("issue_id", "report_id"))


def parted() -> set[frozenset[int]]:
    """Pairs of issues that a person keeps apart: one was split off the other, or a merge was declined."""
    splits = IssueEvent.objects.filter(verb="split").values_list("issue_id", "data")
    declined = Proposal.objects.filter(kind="merge").exclude(answer="").values_list("issue_id", "other_id")
    pairs = {frozenset({one, data["into"]}) for one, data in splits if "into" in data}
    return pairs | {frozenset({one, other}) for one, other in declined}


def quiet() -> set[int]:
    """Issues of which the machine proposes nothing."""
    return set(Issue.objects.filter(status=Status.DISMISSED).values_list("pk", flat=True))


def place_words() -> frozenset[str]:
    """The words of places' names, as they stand and as they are compared: they say where, not what."""
    names = [region.name for region in reference().regions.values()]
    return frozenset(word for name in names for word in (*tokens(name), *plain_words(name)))


def _load_nearest() -> Nearest:
    memory = Memory.objects.filter(pk=1).first()
    issues = Issue.objects.filter(merged_into=None).exclude(profile={}).values_list("pk", "profile")
    profiles = {pk: stored_profile(data) for pk, data in issues}
    found = Nearest(profiles, memory.weights if memory else {}, place_words())
    found.to("", "jalan")  # the first text of a process reads the word lists
    return found


nearest: Snapshot[Nearest] = Snapshot(_load_nearest, seconds=300)
