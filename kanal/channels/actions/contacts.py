from collections.abc import Collection

from django.utils import timezone

from kanal.channels.models import Address, Contact
from kanal.common.inserting import insert
from kanal.common.prepared import Prepared
from kanal.common.secrets import lookup_hash


def hash_of(medium: str, handle: str) -> str:
    """The look-up hash of a handle, which must already be in its normal form (+62…, lower-case e-mail)."""
    return lookup_hash(f"address:{medium}", handle)


_known: Prepared[Address] = Prepared(
    lambda medium, handle_hash: Address.objects.filter(medium=medium, handle_hash=handle_hash).order_by()
)


def address_for(*, medium: str, handle: str, name: str = "") -> Address:
    """The address with this handle and its contact; made when it is new."""
    for found in _known(medium, hash_of(medium, handle)):
        if not found.handle:  # retention kept the hash of one who wanted no messages; now they came back
            found.handle = handle
            found.save(update_fields=["handle"])
        return found
    contact = Contact(name=name)
    insert([contact])
    address = add_address(contact=contact, medium=medium, handle=handle)
    if address.contact_id != contact.pk:  # another request was faster
        contact.delete()
    return address


def add_address(*, contact: Contact, medium: str, handle: str) -> Address:
    """One more way to reach a contact.

    A handle that somebody else already has stays theirs and is returned as it is: two addresses become one person only
    after proof.
    """
    address = Address(contact=contact, medium=medium, handle=handle, handle_hash=hash_of(medium, handle))
    if insert([address], skip_known=True):
        return address
    return Address.objects.select_related("contact").get(medium=medium, handle_hash=address.handle_hash)


def opt_out(address: Address) -> None:
    """Nothing more is sent to this address."""
    address.state = Address.State.OPTED_OUT
    Address.objects.filter(pk=address.pk).update(state=address.state)


def reached(address: Address) -> None:
    """The person wrote from this address: it works, and they want to be answered."""
    if address.state != Address.State.OK:
        address.state = Address.State.OK
        Address.objects.filter(pk=address.pk).update(state=address.state)


def choose_language(address: Address, language: str) -> None:
    """The person wants to be written to in this language (Address.Language)."""
    address.language = language
    Address.objects.filter(pk=address.pk).update(language=language)


def opt_in(address: Address) -> None:
    """The person wants messages there again."""
    address.state = Address.State.OK
    Address.objects.filter(pk=address.pk, state=Address.State.OPTED_OUT).update(state=address.state)


def proven(address: Address) -> None:
    """It is certain that this address is the person's own; the first time counts."""
    if address.verified_at is None:
        address.verified_at = timezone.now()
        Address.objects.filter(pk=address.pk, verified_at=None).update(verified_at=address.verified_at)


def hand_addresses(addresses: Collection[int], *, to: int) -> None:
    """Let addresses belong to another contact; what was said and sent there stays with them."""
    Address.objects.filter(pk__in=addresses).update(contact_id=to)


def merged(contact: int, *, into: int | None) -> None:
    """Note that a contact is part of another one, or (None) stands for itself again."""
    Contact.objects.filter(pk=contact).update(merged_into_id=into)


def name_contact(contact: int, name: str) -> None:
    """Give a contact this name."""
    Contact.objects.filter(pk=contact).update(name=name)


def forget_address(address: int) -> None:
    """Delete an address, and its contact when nothing else belongs to it."""
    for contact in Contact.objects.filter(addresses=address):
        Address.objects.filter(pk=address).delete()
        if not contact.addresses.exists() and not contact.merged.exists():
            contact.delete()
