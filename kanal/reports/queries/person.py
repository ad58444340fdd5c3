"""One contact as one person may see it: which of its addresses, reports and messages exist for them at all.

Everything here goes by `policy.person_filter`: an address, a message or a whole contact that is known through hidden
reports alone is missing, exactly like one that does not exist.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.channels.models import Address, Contact, Inbound
from kanal.channels.queries import masked
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.models import ContactDeed, Follower, Report

MOST_DEEDS = 50
_TIES = ("report", "decision__report", "part__report", "part__talk__report")
"""How a message belongs to a report: made of it, decided at the desk, added in a chat, or led there by a chat."""
State = Inbound.State
Verb = ContactDeed.Verb
JOINS = (Verb.MERGED, Verb.JOINED)


def missing() -> Refused:
    """What is said of a contact that does not exist for somebody, whether it exists or not."""
    return Refused(_("Kontak itu tidak ditemukan."), status=404, code="hidden")


def messages_seen(actor: Actor) -> QuerySet[Inbound]:
    """The messages that somebody may find on the page of a contact.

    Those of reports they may open, and, for readers of the inbox, those of no report. What is still being talked about
    belongs to nobody yet.
    """
    free, seen = Q(state__in=(State.ANSWERED, State.DROPPED)), Q(pk__in=())
    for tie in _TIES:
        free &= Q(**{f"{tie}__isnull": True})
        seen |= Q(**{f"{tie}__isnull": False}) & policy.person_filter(actor, f"{tie}__")
    waits = Q(state=State.WAITING)
    if policy.reads_message(actor, None):
        return Inbound.objects.filter(waits | free | seen)
    return Inbound.objects.filter(seen & ~waits)


def reports_seen(actor: Actor) -> QuerySet[Report]:
    """The reports that somebody may find on the page of a contact."""
    return Report.objects.filter(policy.person_filter(actor))


def addresses_seen(actor: Actor, contacts: Collection[int]) -> QuerySet[Address]:
    """The addresses of contacts that exist for somebody: not those which only hidden reports or messages know."""
    tied = Follower.objects.filter(address=OuterRef("pk"), reporter=True)
    said = Inbound.objects.filter(address=OuterRef("pk"))
    known = Exists(tied.filter(policy.person_filter(actor, "report__"))) | Exists(
        messages_seen(actor).filter(address=OuterRef("pk"))
    )
    return Address.objects.filter(known | (~Exists(tied) & ~Exists(said)), contact__in=contacts).order_by("pk")


def contacts_seen(actor: Actor) -> QuerySet[Contact]:
    """The contacts that exist for somebody."""
    return Contact.objects.filter(
        Exists(reports_seen(actor).filter(contact=OuterRef("pk")))
        | Exists(messages_seen(actor).filter(address__contact=OuterRef("pk")))
    )


def root_of(contact: Contact) -> Contact:
    """The contact that this one is part of by now; itself when it stands alone."""
    while contact.merged_into_id:
        contact = Contact.objects.get(pk=contact.merged_into_id)
    return contact


def holder_of(deed: ContactDeed) -> Contact:
    """Who has by now what a join moved: where the address that it was joined to is, else who its contact is part of."""
    return root_of(deed.via.contact if deed.via else deed.contact)


def family_of(contact: int) -> set[int]:
    """A contact and those that were merged into it, and into those."""
    found, new = {contact}, {contact}
    while new:
        new = set(Contact.objects.filter(merged_into__in=new).values_list("pk", flat=True)) - found
        found |= new
    return found


def contact_for(actor: Actor, pk: int) -> Contact:
    """A contact, or the one it was merged into. Raises Refused (404) alike for hidden and missing ones."""
    named = Contact.objects.filter(pk=pk).first() if pk < 2**63 and actor.has(*policy.PERSON_READERS) else None
    found = contacts_seen(actor).filter(pk=root_of(named).pk).first() if named else None
    if found is None:
        raise missing()
    return found


def sees_contact(actor: Actor, pk: int) -> bool:
    """Whether the contact exists for somebody."""
    return actor.has(*policy.PERSON_READERS) and contacts_seen(actor).filter(pk=pk).exists()


@dataclass(frozen=True, slots=True)
class AddressLine:
    """One address: masked unless the identity stands open, with its state and since when it is proven."""

    id: int
    medium: str
    shown: str
    state: str
    state_word: str
    verified_at: datetime | None
    language: str

    @property
    def silent(self) -> bool:
        """Whether the person wants no messages there."""
        return self.state == Address.State.OPTED_OUT


def address_lines(rows: Sequence[Address], *, clear: bool) -> list[AddressLine]:
    """Addresses as the page shows them."""
    return [
        AddressLine(
            id=row.pk,
            medium=row.get_medium_display(),
            shown=row.handle if clear else masked(row.medium, row.handle),
            state=row.state,
            state_word=str(row.get_state_display()),
            verified_at=row.verified_at,
            language=str(row.get_language_display()),
        )
        for row in rows
        if row.handle
    ]


def joined_since(contact: Contact, moment: datetime) -> bool:
    """Whether anybody was joined to a contact since then, known to the reader or not."""
    return ContactDeed.objects.filter(contact=contact, verb__in=JOINS, at__gt=moment).exists()


@dataclass(frozen=True, slots=True)
class DeedLine:
    """One line of what was done about a contact. `undoable`: it joined two contacts and they can still be parted."""

    deed: ContactDeed
    who: str
    about: str
    undoable: bool


def deeds_of(actor: Actor, contact: Contact, addresses: Sequence[Address]) -> list[DeedLine]:
    """What was done about a contact and those in it, newest first; lines about hidden addresses are left out."""
    if not actor.has(*policy.PERSON_KEEPERS, policy.Role.INSPECTOR):
        return []
    family = family_of(contact.pk)
    # A join whose two went to another contact when a merge was undone is that one's to undo.
    went_along = Q(verb=ContactDeed.Verb.JOINED, other__in=family - {contact.pk})
    lines = ContactDeed.objects.filter(Q(contact__in=family) | went_along)
    if not actor.has(policy.Role.INSPECTOR):
        lines = lines.filter(in_confidence=False)
    lines = lines.filter(Q(address=None) | Q(address__in=[row.pk for row in addresses]))
    gone = Exists(ContactDeed.objects.filter(undoes=OuterRef("pk")))
    rows = lines.select_related("user", "address", "undoes").annotate(parted=gone)[:MOST_DEEDS]
    keeps = actor.has(*policy.PERSON_KEEPERS)
    return [
        DeedLine(
            deed=row,
            who=row.user.name if row.user else "",
            about=masked(row.address.medium, row.address.handle) if row.address else "",
            undoable=keeps and row.verb in JOINS and not row.__dict__["parted"],
        )
        for row in rows
    ]
