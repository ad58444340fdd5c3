"""The same verb for several reports: each in its own transaction, so that one refusal does not undo the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kanal.agencies.models import Agency
from kanal.agencies.queries import Actor
from kanal.common.refusal import Refused, once
from kanal.reports import policy
from kanal.reports.actions.disposition import archive, assign
from kanal.reports.actions.handling import take
from kanal.reports.actions.merging import merge
from kanal.reports.actions.sorting import flag_rapid
from kanal.reports.models import Report
from kanal.reports.queries import get_for

MOST = 200
"""Reports in one go: two hundred take a few seconds."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A report somebody ticked, in the version they saw."""

    code: str
    version: int


@dataclass(slots=True)
class Outcome:
    """What came of it: the codes that are done, and for each refused one the sentence why."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


Verb = Callable[[Report, int], object]


def assign_each(*, chosen: Iterable[Chosen], actor: Actor, agency: Agency, note: str = "") -> Outcome:
    """Hand each report to the same agency."""
    by = policy.staff(actor)
    return _each(
        chosen, actor, lambda report, version: assign(report=report, agency=agency, by=by, note=note, version=version)
    )


def archive_each(*, chosen: Iterable[Chosen], actor: Actor, reason: str) -> Outcome:
    """Put each report away with the same standard reason."""
    by = policy.staff(actor)
    return _each(chosen, actor, lambda report, version: archive(report=report, by=by, reason=reason, version=version))


def flag_each(*, chosen: Iterable[Chosen], actor: Actor, reason: str) -> Outcome:
    """Flag each report for rapid reaction, for the same reason."""
    by = policy.staff(actor)
    return _each(
        chosen, actor, lambda report, version: flag_rapid(report=report, by=by, reason=reason, version=version)
    )


def take_each(*, chosen: Iterable[Chosen], actor: Actor) -> Outcome:
    """Put one's own name on each report."""
    by = policy.staff(actor)
    return _each(chosen, actor, lambda report, version: take(report=report, by=by, version=version))


def merge_each(*, chosen: Iterable[Chosen], actor: Actor, into: str) -> Outcome:
    """Join each report with the main report `into` (a tracking code); the main report itself is passed over.

    Raises Refused (404) when the main report does not exist or is not to be seen by this person.
    """
    by, main = policy.staff(actor), get_for(actor, into)
    others = [one for one in chosen if one.code != main.tracking_code]
    return _each(others, actor, lambda report, version: merge(report=report, into=main, by=by, version=version))


def _each(chosen: Iterable[Chosen], actor: Actor, verb: Verb) -> Outcome:
    outcome = Outcome()
    for one in chosen:
        try:
            with once():
                verb(get_for(actor, one.code), one.version)
        except Refused as refusal:
            outcome.refused.append((one.code, refusal.sentence))
        else:
            outcome.done.append(one.code)
    return outcome
