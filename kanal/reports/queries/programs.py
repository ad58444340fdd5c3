"""What the desk sees of other programs: who they are, how their subscriptions fare, and the log of one of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.reports.models import ApiClient, EventDelivery, Subscription

State = EventDelivery.State
KEYS = ("signing_key", "old_signing_key")
"""Columns of programs and subscriptions that are opened only where something is signed or checked."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """A subscription with how many of its events wait and failed."""

    subscription: Subscription
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Program:
    """A program with its subscriptions; whether it can sign is known from when its key was made."""

    client: ApiClient
    subscriptions: Sequence[Told]


def programs() -> list[Program]:
    """Every program, by name; three queries however many there are."""
    found: Mapping[int, list[Told]] = defaultdict(list)
    for told in subscriptions_of(None):
        found[told.subscription.client_id].append(told)
    return [Program(client, found[client.pk]) for client in ApiClient.objects.defer(*KEYS).order_by("name")]


def subscriptions_of(client: ApiClient | None) -> list[Told]:
    """The subscriptions that have not ended, of one program or of all, with what waits and failed."""
    rows = Subscription.objects.exclude(state=Subscription.State.ENDED).select_related("agency").defer(*KEYS)
    rows = rows.filter(client=client) if client else rows
    open_ones = EventDelivery.objects.filter(state__in=[State.QUEUED, State.SENDING, State.FAILED])
    open_ones = open_ones.filter(subscription__client=client) if client else open_ones
    counted = open_ones.values_list("subscription", "state").annotate(Count("pk")).order_by()
    counts: Mapping[tuple[int, str], int] = defaultdict(int, {(pk, state): number for pk, state, number in counted})
    return [
        Told(row, counts[row.pk, State.QUEUED] + counts[row.pk, State.SENDING], counts[row.pk, State.FAILED])
        for row in rows.order_by("pk")
    ]


def program_of(pk: int) -> ApiClient:
    """A program by its number. Raises Refused (404)."""
    found = ApiClient.objects.defer(*KEYS).filter(pk=pk).first()
    if found is None:
        raise Refused(_("Aplikasi itu tidak ditemukan."), status=404)
    return found


def subscription_of(pk: int) -> Subscription:
    """A subscription by its number. Raises Refused (404)."""
    rows = Subscription.objects.select_related("client", "agency")
    found = rows.defer(*KEYS, *(f"client__{name}" for name in KEYS)).filter(pk=pk).first()
    if found is None:
        raise Refused(_("Langganan itu tidak ditemukan."), status=404)
    return found


@dataclass(frozen=True, slots=True)
class Log:
    """A page of a subscription's log, newest first; `older` is where the next page begins, or None."""

    rows: Sequence[EventDelivery]
    older: int | None


def log_of(subscription: Subscription, before: int | None) -> Log:
    """What was sent, waits or failed, before a row; one query."""
    rows: QuerySet[EventDelivery] = EventDelivery.objects.filter(subscription=subscription)
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(
        rows.select_related("report")
        .defer("payload", "report__body", "report__public_body")
        .order_by("-pk")[: PAGE + 1]
    )
    return Log(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)
