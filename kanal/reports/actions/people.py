"""Joining contacts and parting them again. A person decides, with a reason; every step stays on record."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import actions as mail
from kanal.channels.models import Address, Contact, Inbound
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions.retention import forget_idle
from kanal.reports.models import ContactDeed, ContactMove, Follower, Report, Talk
from kanal.reports.policy import Doer
from kanal.reports.queries.person import JOINS, holder_of, missing, root_of, sees_contact

Verb = ContactDeed.Verb


def _stale() -> Refused:
    return Refused(_("Kontak ini baru saja digabung orang lain. Lihat dulu keadaannya yang terbaru."), code="stale")


def locked(*contacts: int) -> list[Contact]:
    """Contacts, locked in one order, so that two people who join them crosswise do not wait for one another."""
    found = {row.pk: row for row in Contact.objects.select_for_update().filter(pk__in=contacts).order_by("pk")}
    return [found[pk] for pk in contacts if pk in found]


@transaction.atomic
def merge_contacts(
    *, contact: Contact, other: Contact, by: Doer, reason: str, at: datetime | None = None
) -> ContactDeed:
    """Say that two contacts are one person: everything of `other` belongs to `contact` from now on.

    Raises Refused for one who may not or does not see both, without a reason, for one and the same contact, and when
    somebody joined one of them meanwhile (`code` "repeated" when it was with the other).
    """
    policy.check_person(by)
    if not reason.strip():
        raise Refused(_("Tulis alasannya: dari mana Anda tahu keduanya satu orang?"), status=400)
    if contact.pk == other.pk:
        raise Refused(_("Ini kontak yang sama."), status=400)
    if not (sees_contact(by.actor, contact.pk) and sees_contact(by.actor, other.pk)):
        if Contact.objects.filter(pk=other.pk, merged_into=contact).exists():
            raise Refused(_("Sudah digabung."), code="repeated")
        raise missing()
    rows = locked(contact.pk, other.pk)
    if len(rows) < 2 or any(row.merged_into_id for row in rows):  # noqa: PLR2004  # both
        raise _stale()
    return join(
        rows[0],
        rows[1],
        addresses=list(Address.objects.filter(contact=other)),
        reports=list(Report.objects.filter(contact=other).values_list("pk", flat=True)),
        deed=ContactDeed(verb=Verb.MERGED, user_id=by.user_id, reason=reason, at=at or timezone.now()),
    )


def join(
    contact: Contact, other: Contact, *, addresses: list[Address], reports: list[int], deed: ContactDeed
) -> ContactDeed:
    """Let addresses and reports of `other` belong to `contact`, and keep which; in the caller's transaction.

    A contact with nothing left becomes part of the other one and comes back when this is undone.
    """
    deed.contact, deed.other = contact, other
    deed.took_name = bool(other.name and not contact.name)
    deed.addresses_until = Address.objects.aggregate(last=Max("pk"))["last"] or 0
    deed.reports_until = Report.objects.aggregate(last=Max("pk"))["last"] or 0
    deed.save()
    ContactMove.objects.bulk_create(
        [
            *(ContactMove(deed=deed, source=other, address=row) for row in addresses),
            *(ContactMove(deed=deed, source=other, report_id=pk) for pk in reports),
        ]
    )
    mail.hand_addresses([row.pk for row in addresses], to=contact.pk)
    Report.objects.filter(pk__in=reports).update(contact=contact)
    if deed.took_name:
        mail.name_contact(contact.pk, other.name)
    if not (other.addresses.exists() or Report.objects.filter(contact=other).exists()):
        mail.merged(other.pk, into=contact.pk)
    return deed


@transaction.atomic
def part_contacts(*, deed: ContactDeed, by: Doer, reason: str, at: datetime | None = None) -> Contact:
    """Undo a merge or a join: everything that moved goes back, and what came by its addresses since goes with it.

    What retention took meanwhile does not come back. Returns the contact that stands for itself again. Raises Refused
    for one who may not, for what is hidden from them, without a reason, when it was undone already ("repeated"), and
    when somebody has just joined what is to be parted with a third ("stale").
    """
    policy.check_person(by)
    if not reason.strip():
        raise Refused(_("Tulis alasannya: mengapa keduanya bukan satu orang?"), status=400)
    deed = ContactDeed.objects.get(pk=deed.pk)  # with its contacts as they are now
    holder = holder_of(deed)
    if deed.verb not in JOINS or not sees_contact(by.actor, holder.pk):
        raise missing()
    kept, other = locked(holder.pk, deed.other_id or 0)
    if ContactDeed.objects.filter(undoes=deed).exists():
        raise Refused(_("Sudah dibatalkan."), code="repeated")
    if kept.merged_into_id:
        raise _stale()
    addresses, reports = _going_back(deed, kept)
    mail.hand_addresses(addresses, to=other.pk)
    Report.objects.filter(pk__in=reports).update(contact=other)
    if other.merged_into_id and root_of(other).pk == kept.pk:
        mail.merged(other.pk, into=None)
    for went_along in _gone_along(deed, kept, addresses):
        mail.merged(went_along, into=other.pk)
    _give_name_back(deed, other)
    ContactDeed.objects.create(
        verb=Verb.UNDONE,
        contact=kept,
        other=other,
        undoes=deed,
        user_id=by.user_id,
        reason=reason,
        at=at or timezone.now(),
    )
    for one in (kept.pk, other.pk):
        forget_idle(one)
    return other


def _gone_along(deed: ContactDeed, kept: Contact, addresses: Iterable[int]) -> list[int]:
    """The contacts that became part of `kept` by joins which now go back with the addresses they were asked from."""
    since = ContactDeed.objects.filter(verb=Verb.JOINED, pk__gt=deed.pk, via__in=addresses)
    return list(since.filter(other__merged_into=kept).values_list("other_id", flat=True))


def _going_back(deed: ContactDeed, kept: Contact) -> tuple[list[int], list[int]]:
    """The addresses and reports that go back: those that moved and are still there, and what came by them since."""
    # What came here by a deed that was undone meanwhile had come from where it is now: there it stays.
    stay = ContactMove.objects.filter(
        source=kept, deed__contact=deed.other, deed__pk__lt=deed.pk, deed__undone__pk__gt=deed.pk
    )
    moves = deed.moves.all()
    addresses = set(moves.filter(address__contact=kept).values_list("address_id", flat=True))
    addresses -= set(stay.values_list("address_id", flat=True))
    reports = set(moves.filter(report__contact=kept).values_list("report_id", flat=True))
    reports -= set(stay.values_list("report_id", flat=True))
    addresses |= _joined_since(deed, kept, addresses)
    later = Report.objects.filter(contact=kept, pk__gt=deed.reports_until)
    reports |= {pk for pk in later.values_list("pk", flat=True) if _came_by(pk) & addresses}
    reports |= set(
        ContactMove.objects.filter(
            deed__verb=Verb.JOINED, deed__pk__gt=deed.pk, deed__via__in=addresses, report__contact=kept
        ).values_list("report_id", flat=True)
    )
    new = Address.objects.filter(contact=kept, pk__gt=deed.addresses_until).exclude(pk__in=addresses)
    addresses |= {pk for pk in new.values_list("pk", flat=True) if _only_known_by(pk, reports)}
    return sorted(addresses), sorted(reports)


def _joined_since(deed: ContactDeed, kept: Contact, addresses: set[int]) -> set[int]:
    """Addresses that somebody proved since, asking from one of those that go back."""
    found = ContactMove.objects.filter(
        deed__verb=Verb.JOINED, deed__pk__gt=deed.pk, deed__via__in=addresses, address__contact=kept
    )
    return set(found.values_list("address_id", flat=True))


def _came_by(report: int) -> set[int]:
    """The address a report came by: that of its chat or message, else (a form) every address that was given in it."""
    talked = set(Talk.objects.filter(report=report).values_list("address_id", flat=True))
    said = set(Inbound.objects.filter(report=report, address__isnull=False).values_list("address_id", flat=True))
    return talked | said or set(_reporters(report))


def _reporters(report: int) -> Iterable[int]:
    return Follower.objects.filter(report=report, reporter=True).values_list("address_id", flat=True)


def _only_known_by(address: int, reports: set[int]) -> bool:
    """Whether an address was given in these reports and nowhere else."""
    known = set(Follower.objects.filter(address=address, reporter=True).values_list("report_id", flat=True))
    return bool(known) and known <= reports


def _give_name_back(deed: ContactDeed, other: Contact) -> None:
    """Take the name away from every contact that had none of its own and took this one's."""
    contact: Contact | None = deed.contact if deed.took_name else None
    while contact is not None and other.name and contact.name == other.name:
        mail.name_contact(contact.pk, "")
        handed_on = ContactDeed.objects.filter(
            verb__in=JOINS, other=contact, contact=contact.merged_into_id or 0, took_name=True
        )
        contact = contact.merged_into if handed_on.exists() else None
