"""Wishes about messages that a person told somebody at the desk: none any more, again, or in another language."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.channels import actions as mail
from kanal.channels.models import Address
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions.notices import THEIRS
from kanal.reports.models import ContactDeed
from kanal.reports.policy import Doer
from kanal.reports.queries.person import addresses_seen

Verb = ContactDeed.Verb


def _theirs(addresses: Sequence[Address], by: Doer, reason: str) -> list[Address]:
    """The addresses, locked, for one who may do this and sees them. Raises Refused."""
    policy.check_person(by)
    if not reason.strip():
        raise Refused(_("Tulis apa yang dikatakan orangnya."), status=400)
    wanted = {row.pk for row in addresses}
    seen = addresses_seen(by.actor, {row.contact_id for row in addresses}).filter(pk__in=wanted)
    if not wanted or {row.pk for row in seen} != wanted:
        raise Refused(_("Alamat itu tidak ditemukan."), status=404, code="hidden")
    return list(Address.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


def _note(rows: Sequence[Address], verb: str, by: Doer, *, reason: str, at: datetime | None) -> None:
    at = at or timezone.now()
    ContactDeed.objects.bulk_create(
        ContactDeed(verb=verb, contact_id=row.contact_id, address=row, user_id=by.user_id, reason=reason, at=at)
        for row in rows
    )


@transaction.atomic
def silence(*, addresses: Sequence[Address], by: Doer, reason: str, at: datetime | None = None) -> int:
    """Send nothing more to these addresses, as the person asked; what waits in the outbox is not sent either.

    Returns how many were silenced now. Raises Refused for one who may not, without a reason, for hidden addresses.
    """
    rows = [row for row in _theirs(addresses, by, reason) if row.state != Address.State.OPTED_OUT]
    for row in rows:
        mail.opt_out(row)
    _note(rows, Verb.SILENCED, by, reason=reason, at=at)
    return len(rows)


@transaction.atomic
def unsilence(*, address: Address, by: Doer, reason: str, at: datetime | None = None) -> bool:
    """Send messages to this address again, because the person said so. Returns False when it was so already.

    Raises Refused as `silence`.
    """
    rows = [row for row in _theirs([address], by, reason) if row.state == Address.State.OPTED_OUT]
    for row in rows:
        mail.opt_in(row)
    _note(rows, Verb.UNSILENCED, by, reason=reason, at=at)
    return bool(rows)


@transaction.atomic
def speak(*, addresses: Sequence[Address], language: str, by: Doer, reason: str, at: datetime | None = None) -> int:
    """Write to these addresses in another language (Address.Language), as the person asked.

    Returns how many had another one until now. Raises Refused as `silence`, and for a language that is none.
    """
    if language not in Address.Language.values:
        raise Refused(_("Pilih bahasanya."), status=400)
    rows = [row for row in _theirs(addresses, by, reason) if row.language != language]
    for row in rows:
        mail.choose_language(row, language)
    with override(THEIRS):
        chosen = str(Address.Language(language).label)
    _note(rows, Verb.LANGUAGE, by, reason=f"{chosen}. {reason}", at=at)
    return len(rows)
