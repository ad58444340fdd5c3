"""Who may be the same person: hints for a coordinator, who decides. No machine ever joins two contacts by them.

Two hints count: one telephone number on several media, and a name together with a number or e-mail address that
somebody wrote into their own words. Handles are encrypted, so the other contact is found by the keyed hash of what
stands here; a number that stands only in the other one's words is found from the other one's page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import phonenumbers
from django.db.models import Q
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.channels.actions import hash_of
from kanal.channels.models import Address, Contact, Medium
from kanal.channels.queries import masked
from kanal.common.masking import masked_spans
from kanal.common.text import one_line
from kanal.reports.queries.person import addresses_seen, contacts_seen, messages_seen, reports_seen

BY_NUMBER = (Medium.PHONE, Medium.SMS, Medium.WHATSAPP)
"""The media on which a handle is a telephone number."""
TEXTS = 10
"""How many of the latest reports and messages are read for numbers and addresses."""
MOST = 5
COUNTRY = "ID"
_LEAST_NAME = 3


@dataclass(frozen=True, slots=True)
class Likely:
    """A contact that may be the same person, by which of its addresses, and why."""

    contact: int
    medium: str
    shown: str
    why: str


def likely_same(actor: Actor, contact: Contact, addresses: Sequence[Address]) -> list[Likely]:
    """Contacts that may be the same person as this one, among those that exist for `actor`."""
    own = {row.handle for row in addresses if row.medium in BY_NUMBER and row.handle}
    texts = list(_texts(actor, contact))
    written = {pair for text in texts for pair in _handles_in(text)} - {(row.medium, row.handle) for row in addresses}
    same: set[tuple[str, str]] = {(medium, hash_of(medium, number)) for number in own for medium in BY_NUMBER}
    named = {(medium, hash_of(medium, handle)) for medium, handle in written}
    if not same | named:
        return []
    wanted = Q(pk__in=())
    for medium in {medium for medium, _hash in same | named}:
        wanted |= Q(medium=medium, handle_hash__in=[key for at, key in same | named if at == medium])
    rows = Address.objects.filter(wanted).exclude(contact=contact).select_related("contact")
    spoken = " ".join([contact.name, *texts]).lower()
    hits = {row.pk: row for row in rows if (row.medium, row.handle_hash) in same or _is_named(row.contact.name, spoken)}
    return _shown(actor, hits, same)


def _shown(actor: Actor, hits: dict[int, Address], same: set[tuple[str, str]]) -> list[Likely]:
    """Those of the hits that exist for this person, one for each contact."""
    contacts = {row.contact_id for row in hits.values()}
    if not contacts:
        return []
    exist = set(contacts_seen(actor).filter(pk__in=contacts).values_list("pk", flat=True))
    found: dict[int, Likely] = {}
    for row in addresses_seen(actor, exist).filter(pk__in=hits):
        why = (
            _("Nomornya sama.") if (row.medium, row.handle_hash) in same else _("Nama dan alamatnya ada di tulisannya.")
        )
        line = Likely(row.contact_id, row.get_medium_display(), masked(row.medium, row.handle), why)
        found.setdefault(row.contact_id, line)
    return list(found.values())[:MOST]


def _texts(actor: Actor, contact: Contact) -> Iterable[str]:
    """The latest words of this person that the reader may find."""
    told = reports_seen(actor).filter(contact=contact).order_by("-received_at")
    yield from told.values_list("body", flat=True)[:TEXTS]
    said = messages_seen(actor).filter(address__contact=contact).order_by("-received_at")
    yield from said.values_list("text", flat=True)[:TEXTS]


def _handles_in(text: str) -> Iterable[tuple[str, str]]:
    """The addresses that stand in a text, in their normal form."""
    for match in phonenumbers.PhoneNumberMatcher(text, COUNTRY):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield from ((medium, number) for medium in BY_NUMBER)
    for span in masked_spans(text):
        if span.kind == "email":
            yield Medium.EMAIL, text[span.start : span.end].lower()


def _is_named(name: str, spoken: str) -> bool:
    name = one_line(name).lower()
    return len(name) >= _LEAST_NAME and name in spoken
