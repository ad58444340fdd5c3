"""What follows from a grouping for the issues that are there. Pure: it reads no table and writes none.

An issue lives on where its reports are. Nothing here contradicts a person: a report stays where it was put and out of
where it was taken from, and two issues that a person parted are not proposed as one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

LEAST_VOICES = 8
KNOWN = 0.2
"""A group of which so many already belong to an issue is that issue's, and not a new one."""
MOST_OF = 0.9
"""Two issues that have so much of theirs in one group may be one."""
PART_OF = 0.4
"""An issue that has so much of its own in each of two groups may be two: it falls apart, rather than losing its edges.

Groups come out a little differently whenever a few reports are added, so an issue at the edge of two groups would be
proposed one night this way and the next night that way. With these shares only what is plain is put before a person.
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where things stand: for each report the open issues it belongs to, and the pairs a person said no to."""

    belongs: Mapping[int, Collection[int]]
    noes: Collection[tuple[int, int]] = ()
    parted: Collection[frozenset[int]] = ()
    quiet: Collection[int] = ()
    """Issues of which nothing is proposed: dismissed ones go on gathering, and that is all."""


@dataclass
class Plan:
    """What to do: begin issues, let issues gather more, propose merges (issue, other, share) and splits."""

    new: list[list[int]] = field(default_factory=list)
    more: dict[int, list[int]] = field(default_factory=dict)
    merges: list[tuple[int, int, float]] = field(default_factory=list)
    splits: list[tuple[int, list[int], float]] = field(default_factory=list)


def plan(groups: Sequence[Sequence[int]], voices: Mapping[int, int], standing: Standing) -> Plan:
    """Decide. `groups` are ids of reports; `voices` says whose voice each is."""
    return _Planner(voices, standing).over(groups)


class _Planner:
    def __init__(self, voices: Mapping[int, int], standing: Standing) -> None:
        self.voices, self.standing, self.made = voices, standing, Plan()
        self.sizes = Counter(issue for issues in standing.belongs.values() for issue in issues)

    def over(self, groups: Sequence[Sequence[int]]) -> Plan:
        parts: defaultdict[int, list[list[int]]] = defaultdict(list)
        for members in groups:
            here: defaultdict[int, list[int]] = defaultdict(list)
            for report in members:
                for issue in self.standing.belongs.get(report, ()):
                    here[issue].append(report)
            for issue, own in here.items():
                parts[issue].append(own)
            self._place(members, here)
            self._propose_merges(here)
        for issue in sorted(parts):
            self._propose_split(issue, parts[issue])
        return self.made

    def _many(self, reports: Collection[int]) -> bool:
        return len({self.voices[report] for report in reports}) >= LEAST_VOICES

    def _place(self, members: Sequence[int], here: Mapping[int, list[int]]) -> None:
        """Loose reports of a group go to the issue that has most of it, or become a new one."""
        loose = [report for report in members if not self.standing.belongs.get(report)]
        if here and len(members) - len(loose) >= KNOWN * len(members):
            owner = max(sorted(here), key=lambda issue: len(here[issue]))
            fresh = [report for report in loose if (owner, report) not in self.standing.noes]
            if fresh:
                self.made.more.setdefault(owner, []).extend(fresh)
        elif self._many(loose):
            self.made.new.append(loose)

    def _propose_merges(self, here: Mapping[int, list[int]]) -> None:
        quiet = self.standing.quiet
        mostly = [i for i in sorted(here) if len(here[i]) >= MOST_OF * self.sizes[i] and i not in quiet]
        main = max(mostly, key=lambda issue: (self.sizes[issue], -issue), default=0)
        for issue in mostly:
            if issue != main and frozenset({issue, main}) not in self.standing.parted:
                self.made.merges.append((issue, main, round(len(here[issue]) / self.sizes[issue], 3)))

    def _propose_split(self, issue: int, parts: Sequence[list[int]]) -> None:
        size = self.sizes[issue]
        large = [own for own in parts if len(own) >= PART_OF * size and self._many(own)]
        if len(large) > 1 and issue not in self.standing.quiet:
            smaller = min(large, key=len)
            self.made.splits.append((issue, sorted(smaller), round(len(smaller) / size, 3)))
