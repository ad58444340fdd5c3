from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from kanal.channels.models import Address, Contact, Inbound, Medium, Outbound
from kanal.channels.signals import inbound_received
from kanal.common.secrets import lookup_hash


def store_inbound(*, medium: str, external_id: str, payload: str = "", at: datetime | None = None) -> Inbound:
    """Keep a message as it came, in the caller's transaction.

    Raises IntegrityError when (medium, external id) is known: deliveries repeat themselves. The transaction is lost
    then, so the caller looks for what the first delivery became after leaving it.
    """
    inbound = Inbound.objects.create(
        medium=medium, external_id=external_id, payload=payload, received_at=at or timezone.now()
    )
    inbound_received.send(sender=Inbound, inbound=inbound)
    return inbound


def hash_of(medium: str, handle: str) -> str:
    """The look-up hash of a handle, which must already be in its normal form (+62…, lower-case e-mail)."""
    return lookup_hash(f"address:{medium}", handle)


def address_for(*, medium: str, handle: str, name: str = "") -> Address:
    """The address with this handle and its contact; made when it is new."""
    found = Address.objects.select_related("contact").filter(medium=medium, handle_hash=hash_of(medium, handle)).first()
    if found:
        return found
    try:
        with transaction.atomic():
            contact = Contact.objects.create(name=name)
            return Address.objects.create(
                contact=contact, medium=medium, handle=handle, handle_hash=hash_of(medium, handle)
            )
    except IntegrityError:  # another request was faster
        return Address.objects.select_related("contact").get(medium=medium, handle_hash=hash_of(medium, handle))


def add_address(*, contact: Contact, medium: str, handle: str) -> Address:
    """One more way to reach a contact.

    A handle that somebody else already has stays theirs and is returned as it is: two addresses become one person only
    after proof.
    """
    address, _ = Address.objects.get_or_create(
        medium=medium, handle_hash=hash_of(medium, handle), defaults={"contact": contact, "handle": handle}
    )
    return address


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be sent; `dedupe_key` says which promise it keeps, so that the same is never queued twice."""

    purpose: str
    dedupe_key: str
    subject: str
    body: str
    reference: str = ""
    address: Address | None = None
    to_staff: str = ""


def queue(messages: Iterable[Message]) -> None:
    """Put messages into the outbox, in the transaction of whatever caused them. Known dedupe keys are passed over."""
    now = timezone.now()
    rows = [
        Outbound(
            address=m.address,
            to_staff=m.to_staff,
            medium=m.address.medium if m.address else Medium.EMAIL,
            purpose=m.purpose,
            reference=m.reference,
            dedupe_key=m.dedupe_key,
            subject=m.subject[:200],
            body=m.body,
            next_attempt_at=now,
        )
        for m in messages
        if m.address is None or (m.address.medium == Medium.EMAIL and m.address.state == Address.State.OK)
    ]
    if rows:
        Outbound.objects.bulk_create(rows, ignore_conflicts=True)
