"""Letting programs in: who they are, their keys, and where events go. Done by a coordinator or an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.models import Agency
from kanal.channels import outside
from kanal.channels.app import signing
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.models import ApiClient, EventDelivery, Subscription
from kanal.reports.open311.actions import new_key as new_open311_key
from kanal.reports.policy import Doer
from kanal.reports.queries.programs import KEYS
from kanal.reports.webhooks import events
from kanal.reports.webhooks.actions import outbox

CHANGE_OVER = timedelta(hours=24)
"""How long a replaced key goes on counting."""
State = EventDelivery.State


@dataclass(frozen=True, slots=True)
class App:
    """What is known of a program besides its keys."""

    name: str
    contact: str = ""
    hourly_limit: int = 120
    file_hosts: tuple[str, ...] = ()
    active: bool = True


@transaction.atomic
def keep_app(*, app: App, by: Doer, client: ApiClient | None = None) -> ApiClient:
    """Make a program known, or change what is known of it. Raises Refused when another has its name."""
    policy.check_app_keeper(by)
    row = _locked(client) if client else ApiClient()
    row.name, row.contact, row.hourly_limit = app.name, app.contact, app.hourly_limit
    row.file_hosts, row.active = list(app.file_hosts), app.active
    if client is None:
        _shown_to_nobody, row.key_hash = new_open311_key()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("Sudah ada aplikasi dengan nama itu."), status=400, code="name") from None
    _forget()
    return row


def _locked(client: ApiClient) -> ApiClient:
    return ApiClient.objects.select_for_update().defer(*KEYS).get(pk=client.pk)


def _forget() -> None:
    transaction.on_commit(events.listeners.clear)
    events.listeners.clear()


def _change_key(row: ApiClient | Subscription, seen: str) -> str:
    """A fresh signing key; `seen` is when the key was made that the person saw, so that a second press does nothing."""
    if seen != stamp(row.signing_key_at):
        raise Refused(_("Kuncinya baru saja diganti. Kunci baru hanya tampil satu kali."), code="repeated")
    now, before = timezone.now(), _readable(row)
    row.old_signing_key, row.old_key_until = before, now + CHANGE_OVER if before else None
    row.signing_key, row.signing_key_at = signing.new_key(), now
    row.save(update_fields=["signing_key", "signing_key_at", "old_signing_key", "old_key_until"])
    return row.signing_key


def _readable(row: ApiClient | Subscription) -> str:
    """The key that is to be replaced; "" for one that can no longer be opened, which is a reason to replace it."""
    try:
        return row.signing_key
    except InvalidToken:
        return ""


def stamp(made_at: datetime | None) -> str:
    """When a key was made, as the form that replaces it says it."""
    return made_at.isoformat() if made_at else ""


@transaction.atomic
def change_signing_key(*, client: ApiClient, seen: str, by: Doer) -> str:
    """Make or replace the key with which a program signs. It is returned once; the one before counts a day longer."""
    policy.check_app_keeper(by)
    return _change_key(_locked(client), seen)


@transaction.atomic
def change_open311_key(*, client: ApiClient, by: Doer) -> str:
    """Make or replace a program's Open311 key. It is returned once; the one before ends at once."""
    policy.check_app_keeper(by)
    row = _locked(client)
    key, row.key_hash = new_open311_key()
    row.save(update_fields=["key_hash"])
    return key


# --- subscriptions ----------------------------------------------------------------------------------------------------


@transaction.atomic
def subscribe(
    *, client: ApiClient, url: str, kinds: Sequence[str], by: Doer, agency: Agency | None = None
) -> Subscription:
    """Let a program hear of events; its key is shown on the next page, once. The same address twice is one.

    Raises Refused for an address that is not on the public internet.
    """
    policy.check_app_keeper(by)
    try:
        outside.check(url)
    except outside.InsideError as inside:
        raise Refused(inside.sentence, status=400, code="url") from None
    _locked(client)
    known = Subscription.objects.filter(client=client, url=url, agency=agency).exclude(state=Subscription.State.ENDED)
    if known.exists():
        raise Refused(_("Alamat itu sudah berlangganan."), status=400, code="url")
    row = Subscription.objects.create(
        client=client,
        url=url,
        events=list(kinds),
        agency=agency,
        signing_key=signing.new_key(),
        signing_key_at=timezone.now(),
        created_by_id=by.user_id,
    )
    _forget()
    return row


def _running(subscription: Subscription, by: Doer) -> Subscription:
    policy.check_app_keeper(by)
    row = Subscription.objects.select_for_update().defer(*KEYS).get(pk=subscription.pk)
    if row.state == Subscription.State.ENDED:
        raise Refused(_("Langganan itu sudah diakhiri."), code="ended")
    return row


@transaction.atomic
def choose_events(*, subscription: Subscription, kinds: Sequence[str], by: Doer) -> None:
    """Tell it of other events from now on."""
    row = _running(subscription, by)
    row.events = list(kinds)
    row.save(update_fields=["events"])
    _forget()


@transaction.atomic
def change_subscription_key(*, subscription: Subscription, seen: str, by: Doer) -> str:
    """Replace the key that events are signed with; for a day they carry both signatures. Returned once."""
    return _change_key(_running(subscription, by), seen)


@transaction.atomic
def set_state(*, subscription: Subscription, state: str, by: Doer) -> None:
    """Pause, go on, or end. Going on tries at once what waited; what has ended is not sent any more."""
    row = _running(subscription, by)
    row.state, row.resting_until, row.failures, row.alarm = state, None, 0, ""
    row.save(update_fields=["state", "resting_until", "failures", "alarm"])
    if state == Subscription.State.ENDED:
        left = row.deliveries.filter(state=State.QUEUED)
        with override("id"):
            left.update(state=State.WITHHELD, error=_("Langganan diakhiri."))
    outbox.tell_health()
    _forget()


@transaction.atomic
def ping(*, subscription: Subscription, by: Doer) -> None:
    """Send an event that says only that the line works."""
    outbox.record(events.ping(_running(subscription, by)))


@transaction.atomic
def replay(*, subscription: Subscription, by: Doer, since: datetime | None = None, one: int | None = None) -> int:
    """Send again what happened since a moment, or one event; each under its own id. Returns how many.

    What is just being sent or waits already is left alone.
    """
    row = _running(subscription, by)
    wanted = row.deliveries.filter(state__in=[State.SENT, State.FAILED, State.WITHHELD])
    wanted = wanted.filter(pk=one) if one is not None else wanted.filter(at__gte=since)
    again = {"state": State.QUEUED, "attempts": 0, "next_attempt_at": timezone.now(), "error": ""}
    number = wanted.update(**again)
    if number:
        row.resting_until, row.failures, row.alarm = None, 0, ""
        row.save(update_fields=["resting_until", "failures", "alarm"])
        outbox.tell_health()
    return number
