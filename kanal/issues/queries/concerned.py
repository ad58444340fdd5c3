"""Whom a word about an issue concerns: who is told where, who cannot be told and why, on which reports it stands."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from kanal.agencies.queries import reference
from kanal.channels.adapters import Outgoing, adapter_of, adapters, can_send
from kanal.channels.models import Address, Inbound
from kanal.issues.models import Bulletin
from kanal.issues.queries.counting import evidence
from kanal.issues.workflow import LeftOut
from kanal.reports.models import Follower, Report
from kanal.reports.workflow import Status

PURPOSE = "bulletin"
WAITS_FOR_ANSWER = (Status.ASSIGNED.value, Status.IN_PROGRESS.value)
"""Where a report waits for its agency's answer. One that waits for its reporter is answered by hand."""


class Way(NamedTuple):
    """One address on which somebody hears of one report."""

    report_id: int
    address_id: int
    reporter: bool
    follower_id: int
    contact_id: int
    medium: str
    state: str
    deleted: bool
    report_medium: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is told: where, what becomes of the message there ("" for nothing), and of which reports.

    `follower_id` is that of a report which they only follow; None for a reporter.
    """

    contact_id: int
    address_id: int
    medium: str
    remark: str
    heard_at: datetime | None
    own: tuple[int, ...]
    followed: tuple[int, ...]
    follower_id: int | None


@dataclass(frozen=True, slots=True)
class Concerned:
    """Everybody concerned, as of now. `nameless` counts reports whose reporter left no contact at all."""

    reports: tuple[int, ...] = ()
    answerable: tuple[int, ...] = ()
    people: tuple[Person, ...] = ()
    missed: Mapping[int, LeftOut] = field(default_factory=dict)
    nameless: int = 0

    def seal(self, bulletin: Bulletin) -> str:
        """What a preview showed, in a few letters: text, reports and people; and how many these were."""
        told = [bulletin.pk, bulletin.text, bulletin.kind, bulletin.as_answer, bulletin.issue.title]
        people = [(one.contact_id, one.address_id) for one in self.people]
        mark = hashlib.sha256(json.dumps([told, self.reports, people]).encode()).hexdigest()[:24]
        return f"{mark}:{len(self.reports)}:{len(self.people)}"


def reference_of(bulletin: Bulletin) -> str:
    """By what name its messages are found in the outbox."""
    return f"KABAR-{bulletin.pk}"


def concerned(bulletin: Bulletin) -> Concerned:
    """Everybody whom this bulletin concerns and who is not on its list yet: at first all, later those who joined."""
    listed = bulletin.reports.values("report_id")
    reports = evidence(bulletin.issue).exclude(pk__in=listed)
    fields = ("pk", "status", "agency_id", "contact_id", "contact__anonymised_at")
    rows = list(reports.order_by("pk").values_list(*fields))
    known = _listed_people(bulletin)
    people, missed = chosen([way for way in ways(reports) if way.contact_id not in known], reports)
    reached = known | {one.contact_id for one in people}
    for _pk, _status, _agency, contact_id, deleted_at in rows:
        if contact_id and contact_id not in reached:
            missed.setdefault(contact_id, LeftOut.DELETED if deleted_at else LeftOut.NO_ADDRESS)
    return Concerned(
        reports=tuple(row[0] for row in rows),
        answerable=tuple(row[0] for row in rows if waits_for(bulletin, status=row[1], agency_id=row[2])),
        people=tuple(people),
        missed=missed,
        nameless=sum(row[3] is None for row in rows),
    )


def _listed_people(bulletin: Bulletin) -> set[int]:
    """The contacts on its list, and those that were found to be the same person since."""
    rows = bulletin.recipients.values_list(
        "contact_id", "contact__merged_into_id", "contact__merged_into__merged_into_id"
    )
    return {pk for row in rows for pk in row if pk is not None}


def waits_for(bulletin: Bulletin, *, status: str, agency_id: int | None) -> bool:
    """Whether a report waits for an answer of the agency that speaks here."""
    return status in WAITS_FOR_ANSWER and reference().one_today(agency_id, bulletin.agency_id)


def ways(reports: QuerySet[Report]) -> list[Way]:
    """Every address on which somebody hears of one of these reports. Public followers hear of public ones alone."""
    rows = Follower.objects.filter(
        Q(reporter=True) | Q(report__published=True), report_id__in=reports.values("pk"), confirmed_at__isnull=False
    )
    found = rows.order_by("pk").values_list(
        *("report_id", "address_id", "reporter", "pk", "address__contact_id", "address__medium", "address__state"),
        *("address__contact__anonymised_at", "report__medium", "report__received_at"),
    )
    return [Way._make((*row[:7], row[7] is not None, *row[8:])) for row in found]


def chosen(found: Iterable[Way], reports: QuerySet[Report]) -> tuple[list[Person], dict[int, LeftOut]]:
    """For each person the one address where they are told, or why there is none."""
    theirs: defaultdict[int, list[Way]] = defaultdict(list)
    for way in found:
        theirs[way.contact_id].append(way)
    heard, people, missed = _heard(reports), list[Person](), dict[int, LeftOut]()
    for contact_id, mine in sorted(theirs.items()):
        one = _person(contact_id, mine, heard)
        if isinstance(one, LeftOut):
            missed[contact_id] = one
        else:
            people.append(one)
    return people, missed


def _heard(reports: QuerySet[Report]) -> Mapping[int, datetime]:
    """When each person last wrote in private on the media that ask for it."""
    talking = [medium for medium, adapter in adapters().items() if adapter.talks]
    following = Follower.objects.filter(report_id__in=reports.values("pk"), address__medium__in=talking)
    rows = Inbound.objects.filter(public=False, address_id__in=following.values("address_id"))
    return dict(rows.order_by().values_list("address_id").annotate(Max("received_at")))


def _person(contact_id: int, mine: list[Way], heard: Mapping[int, datetime]) -> Person | LeftOut:
    if any(way.deleted for way in mine):
        return LeftOut.DELETED
    open_ways = [(way, said) for way in mine if (said := _remark(way, heard.get(way.address_id))) is not None]
    if not open_ways:
        return _why_not(mine)
    best, remark = max(open_ways, key=lambda pair: _liking(pair[0]))
    own = sorted({way.report_id for way in mine if way.reporter})
    followed = sorted({way.report_id for way in mine} - set(own))
    return Person(
        contact_id=contact_id,
        address_id=best.address_id,
        medium=best.medium,
        remark=remark,
        heard_at=heard.get(best.address_id),
        own=tuple(own),
        followed=tuple(followed),
        follower_id=None if own else min(way.follower_id for way in mine),
    )


def _liking(way: Way) -> tuple[bool, bool, bool, datetime, int]:
    """Their own report before one they follow, the medium on which they wrote, no letter that costs, the newest."""
    adapter = adapter_of(way.medium)
    costs = adapter is not None and adapter.counts
    return (way.reporter, way.medium == way.report_medium, not costs, way.received_at, way.address_id)


def _remark(way: Way, heard_at: datetime | None) -> str | None:
    """What the medium makes of a message to this address; None where it would not take one."""
    adapter = adapter_of(way.medium)
    if adapter is None or not can_send(way.medium) or way.state != Address.State.OK:
        return None
    arrival = adapter.arrival(Outgoing(to="", body="", key="", purpose=PURPOSE, heard_at=heard_at))
    return arrival[1] if arrival else None


def _why_not(mine: list[Way]) -> LeftOut:
    states = {way.state for way in mine if can_send(way.medium)}
    for state, why in (
        (Address.State.OK, LeftOut.CLOSED),
        (Address.State.OPTED_OUT, LeftOut.OPTED_OUT),
        (Address.State.BOUNCED, LeftOut.BOUNCED),
    ):
        if state in states:
            return why
    return LeftOut.NO_ADDRESS
