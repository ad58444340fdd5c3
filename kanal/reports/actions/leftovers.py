"""What belongs to no report goes when its own term is over: messages, raw deliveries, rows, papers, minutes.

Which term, and by which rule, are rows of `RetentionRule`, as for reports; without a row nothing goes but what was read
of raw deliveries. A few hundred go in one transaction with their line of the register, so the job may be killed at any
moment and started again. Files are deleted after their transaction; the nightly look for files without a row finds what
a killed process left.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Min, Model, Q, QuerySet
from django.utils import timezone

from kanal.agencies.queries import reference
from kanal.channels.actions import delete_messages, forget_deliveries
from kanal.channels.models import Address, Delivery, Inbound, Outbound
from kanal.common.calendar import local_date
from kanal.common.photo_files import remove_files
from kanal.reports.actions.retention import forget_senders, rules_on
from kanal.reports.models import Destruction, GatheringPhoto, GatheringRow, RadioShow, RetentionRule, Talk
from kanal.reports.queries.messages import TALK_REFERENCE, answer_reference, talk_reference

Act = RetentionRule.Act
BATCH = 200
UNRULED = timedelta(days=30)
"""How long a raw delivery stays after it came and was read, where no rule says how long."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What is due by one rule: how many there are, and the day of the oldest. `until`: what is older goes."""

    act: str
    rule: str
    until: datetime
    number: int
    oldest: date


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of thing: which are older than a moment, from when they count, and how some of them go."""

    older: Callable[[datetime], QuerySet[Any, Any]]
    since: str
    forget: Callable[[Sequence[int]], None]


def due(*, at: datetime | None = None) -> Iterator[Leftovers]:
    """What is due by each rule in force; sorts of which nothing is due are left out."""
    facts = reference()
    today = facts.today(at)
    for rule in rules_on(today):
        sort = _SORTS.get(rule.act)
        if sort is None:
            continue
        until = datetime.combine(today - timedelta(days=rule.after_days), datetime.min.time(), tzinfo=facts.tz)
        told = sort.older(until).aggregate(number=Count("pk"), oldest=Min(sort.since))
        if told["number"]:
            oldest = told["oldest"]
            day = local_date(oldest, facts.tz) if isinstance(oldest, datetime) else oldest
            yield Leftovers(rule.act, rule.rule, until, told["number"], day)


def apply(item: Leftovers, *, at: datetime | None = None) -> Iterator[int]:
    """Do what is due by one rule; after each transaction comes how many went in it."""
    last = 0
    while ids := list(_older(item).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = ids[-1]
        with transaction.atomic():
            # Asked again in the transaction: an answer, a report or a new word may have come in between.
            still = list(_older(item).filter(pk__in=ids).values_list("pk", flat=True))
            if still:
                _SORTS[item.act].forget(still)
                _register(item, len(still), at or timezone.now())
        yield len(still)


def run(*, at: datetime | None = None) -> dict[str, int]:
    """Do everything that is due. Returns how many went, by act."""
    return {item.act: sum(apply(item, at=at)) for item in due(at=at)}


def forget_read_deliveries(*, at: datetime | None = None) -> int:
    """Delete raw deliveries that are read and UNRULED old; none where a rule in force says when, longer or shorter."""
    if any(rule.act == Act.DELIVERIES for rule in rules_on(reference().today(at))):
        return 0
    return forget_deliveries(older_than=UNRULED)


def _older(item: Leftovers) -> QuerySet[Any, Any]:
    return _SORTS[item.act].older(item.until)


def _register(item: Leftovers, number: int, at: datetime) -> None:
    line, new = Destruction.objects.get_or_create(
        act=item.act,
        tracking_code="",
        received_on=local_date(item.until, reference().tz) - timedelta(days=1),
        rule=item.rule,
        defaults={"at": at, "number": number},
    )
    if not new:
        Destruction.objects.filter(pk=line.pk).update(number=F("number") + number, at=at)


# --- messages ---------------------------------------------------------------------------------------------------------


def _messages(until: datetime) -> QuerySet[Inbound]:
    """Messages that were dropped or answered, or said in a conversation that was broken off. None that waits."""
    over = Inbound.objects.filter(received_at__lt=until).exclude(state__in=[Inbound.State.NEW, Inbound.State.WAITING])
    of_reports = Q(report__isnull=False) | Q(decision__report__isnull=False)
    talked = Q(part__report__isnull=False) | Q(part__talk__report__isnull=False) | Q(part__talk__state=Talk.State.OPEN)
    return over.exclude(of_reports).exclude(talked)


def _forget_messages(ids: Sequence[int]) -> None:
    """The messages with their files, decisions and answers, and senders of whom we hold nothing else."""
    senders = Address.objects.filter(inbounds__in=ids).values_list("pk", flat=True)
    known = list(senders.distinct())
    Talk.objects.filter(parts__inbound__in=ids, report=None).exclude(state=Talk.State.OPEN).delete()
    answers = [name(pk) for pk in ids for name in (answer_reference, talk_reference)]
    _sent_for_good(Outbound.objects.filter(reference__in=answers)).delete()
    delete_messages(ids)
    silent = Address.objects.filter(pk__in=known, inbounds=None, following=None, talks=None)
    unwritten = ~Q(outbounds__state__in=_UNDERWAY)
    forget_senders(list(silent.filter(unwritten).values_list("pk", flat=True)))


_UNDERWAY = (Outbound.State.QUEUED, Outbound.State.SENDING)


def _sent_for_good(rows: QuerySet[Outbound]) -> QuerySet[Outbound]:
    return rows.exclude(state__in=_UNDERWAY)


def _sent(until: datetime) -> QuerySet[Outbound]:
    """What Kanal itself said in conversations, and all else to citizens that names no report."""
    unnamed = Q(reference="") | Q(reference__startswith=TALK_REFERENCE)
    return _sent_for_good(Outbound.objects.filter(unnamed, created_at__lt=until, address__isnull=False))


def _deliveries(until: datetime) -> QuerySet[Delivery]:
    """Raw deliveries, those that could not be read included; none that still waits to be read."""
    return Delivery.objects.filter(received_at__lt=until).exclude(state=Delivery.State.STORED)


# --- events and broadcasts --------------------------------------------------------------------------------------------


def _rows(until: datetime) -> QuerySet[GatheringRow]:
    """Rows that nobody filed, long after the event and after the last word typed into them."""
    rows = GatheringRow.objects.filter(filed_at=None, changed_at__lt=until)
    return rows.filter(gathering__held_on__lt=local_date(until, reference().tz))


def _papers(until: datetime) -> QuerySet[GatheringPhoto]:
    photos = GatheringPhoto.objects.filter(added_at__lt=until)
    return photos.filter(gathering__held_on__lt=local_date(until, reference().tz))


def _forget_papers(ids: Sequence[int]) -> None:
    photos = list(GatheringPhoto.objects.filter(pk__in=ids))
    GatheringPhoto.objects.filter(pk__in=ids).delete()
    transaction.on_commit(lambda: remove_files(photos))


def _broadcasts(until: datetime) -> QuerySet[RadioShow]:
    return RadioShow.objects.filter(ended_at__lt=until).exclude(minutes="", recording_url="")


def _forget_minutes(ids: Sequence[int]) -> None:
    """Minutes and the link go; that there was a broadcast stays. Whoever has the old minutes open is told."""
    RadioShow.objects.filter(pk__in=ids).update(minutes="", recording_url="", version=F("version") + 1)


def _delete(model: type[Model]) -> Callable[[Sequence[int]], None]:
    def delete(ids: Sequence[int]) -> None:
        model._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001  # Django's documented name

    return delete


_SORTS: Mapping[str, _Sort] = {
    Act.MESSAGES: _Sort(_messages, "received_at", _forget_messages),
    Act.SENT: _Sort(_sent, "created_at", _delete(Outbound)),
    Act.DELIVERIES: _Sort(_deliveries, "received_at", _delete(Delivery)),
    Act.ROWS: _Sort(_rows, "gathering__held_on", _delete(GatheringRow)),
    Act.PAPERS: _Sort(_papers, "gathering__held_on", _forget_papers),
    Act.BROADCASTS: _Sort(_broadcasts, "ended_at", _forget_minutes),
}
