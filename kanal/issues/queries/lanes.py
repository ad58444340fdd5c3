"""The board in columns: the issues of each status side by side, the loudest of each first."""

from collections import defaultdict
from dataclasses import dataclass

from kanal.agencies.queries import Actor
from kanal.issues.queries.desk import Filters, Line, lines_of, wanted
from kanal.issues.queries.ranked import ranking
from kanal.issues.workflow import STATUS, Phase, Status, StatusInfo

PER_LANE = 12


@dataclass(frozen=True, slots=True)
class Lane:
    """One column: its status, how many issues there are and the first of them."""

    status: Status
    standing: StatusInfo
    found: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The whole board in columns; `found` and `counts` are as on the board by rank."""

    lanes: list[Lane]
    found: int
    counts: dict[str, int]


def lanes_of(actor: Actor, filters: Filters) -> Lanes:
    """The issues that an address asks for in columns; those that are none stand in no column."""
    places = ranking().places
    told = defaultdict[str, list[int]](list)
    for pk, status in wanted(actor, filters).values_list("pk", "status"):
        told[status].append(pk)
    shown = [one for one in Status if STATUS[one].phase is not Phase.GONE and filters.keadaan in {"", one.value}]
    first = {
        one: sorted(told[one.value], key=lambda pk: (places.get(pk, len(places) + 1), pk))[:PER_LANE] for one in shown
    }
    lines = {line.issue.pk: line for line in lines_of([pk for ids in first.values() for pk in ids])}
    lanes = [Lane(one, STATUS[one], len(told[one.value]), [lines[pk] for pk in first[one]]) for one in shown]
    counts = {status.value: len(told[status.value]) for status in Status}
    return Lanes(lanes, sum(lane.found for lane in lanes), counts)
