"""Two contacts become one, and two again: by a coordinator, with a reason, exactly, and on a record nobody rewrites."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kanal.channels import actions as mail
from kanal.channels.models import Address, Contact, Inbound, Medium
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.actions import people as verbs
from kanal.reports.models import ContactDeed, ContactMove, Report
from kanal.reports.policy import Doer
from kanal.reports.workflow import Kind
from tests.support.media import PlainMedium
from tests.support.messages import arrives
from tests.support.people import People

WHY = "Bu Sari sendiri yang bilang, lewat telepon."


@pytest.fixture
def kun(people: People) -> Doer:
    return people.doing(people.kun)


def filed(key: str, **more: Any) -> Report:
    return actions.file_report(actions.Filing(body=f"Lampu jalan mati di gang {key}.", submission=key, **more))


@pytest.fixture
def by_mail(regency: object) -> Contact:
    return contact_of(filed("surel", email="sari@contoh.id", name="Sari Utami"))


@pytest.fixture
def by_phone(regency: object) -> Contact:
    return contact_of(filed("telepon", phone="+6281234567890"))


def contact_of(report: Report) -> Contact:
    assert report.contact is not None
    return report.contact


def state() -> dict[str, Any]:
    """Whose everything is."""
    return {
        "addresses": dict(Address.objects.values_list("pk", "contact_id")),
        "reports": dict(Report.objects.values_list("pk", "contact_id")),
        "contacts": {row.pk: (row.name, row.merged_into_id) for row in Contact.objects.all()},
    }


def merge(contact: Contact, other: Contact, by: Doer, reason: str = WHY) -> ContactDeed:
    return verbs.merge_contacts(contact=contact, other=other, by=by, reason=reason)


def part(deed: ContactDeed, by: Doer, reason: str = "Ternyata adiknya.") -> Contact:
    return verbs.part_contacts(deed=deed, by=by, reason=reason)


def test_everything_of_the_other_contact_belongs_to_this_one(kun: Doer, by_mail: Contact, by_phone: Contact) -> None:
    merge(by_mail, by_phone, kun)
    assert set(Address.objects.values_list("contact_id", flat=True)) == {by_mail.pk}
    assert set(Report.objects.values_list("contact_id", flat=True)) == {by_mail.pk}
    assert Contact.objects.get(pk=by_phone.pk).merged_into_id == by_mail.pk


def test_an_undo_gives_exactly_that_back(kun: Doer, by_mail: Contact, by_phone: Contact) -> None:
    before = state()
    assert part(merge(by_phone, by_mail, kun), kun) == by_mail
    assert state() == before


def test_what_came_in_between_follows_the_address_it_came_by(
    kun: Doer, by_mail: Contact, by_phone: Contact, plain_medium: PlainMedium
) -> None:
    talked = arrives(plain_medium, handle="+628111111111")
    chat = contact_of_address(talked)
    deed = merge(by_mail, chat, kun)
    again = arrives(plain_medium, "Masih mati.", number=2, handle="+628111111111")
    by_chat = filed("dari-chat", address=again.address, inbound=again, email="anak@contoh.id")
    by_letter = filed("lagi", email="sari@contoh.id")
    assert contact_of(by_chat) == by_mail
    part(deed, kun)
    assert Report.objects.get(pk=by_chat.pk).contact == chat
    assert contact_of_address(again) == chat
    assert Address.objects.get(handle_hash=mail.hash_of(Medium.EMAIL, "anak@contoh.id")).contact == chat
    assert Report.objects.get(pk=by_letter.pk).contact == by_mail
    assert set(by_mail.addresses.values_list("medium", flat=True)) == {"email"}


def contact_of_address(inbound: Inbound) -> Contact:
    return Address.objects.get(inbounds=inbound.pk).contact


def test_a_chain_of_merges_is_undone_in_any_order(kun: Doer, by_mail: Contact, by_phone: Contact) -> None:
    third = contact_of(filed("tiga", phone="+6281999999999", name="Budi"))
    before = state()
    first, second = merge(by_phone, by_mail, kun), merge(third, by_phone, kun)
    assert set(Address.objects.values_list("contact_id", flat=True)) == {third.pk}
    part(first, kun)
    assert Address.objects.get(medium="email").contact == by_mail
    part(second, kun)
    assert state() == before


def test_after_a_merge_is_undone_a_join_made_meanwhile_is_undone_where_it_belongs(
    client: Client, people: People, kun: Doer, by_mail: Contact, by_phone: Contact
) -> None:
    third = contact_of(filed("tiga", email="budi@contoh.id"))
    before = state()
    merged = merge(by_mail, by_phone, kun)
    phone, proven = Address.objects.get(medium=Medium.PHONE), Address.objects.get(contact=third)
    deed = ContactDeed(verb="joined", address=proven, via=phone, at=timezone.now())
    reports = list(Report.objects.filter(contact=third).values_list("pk", flat=True))
    joined = verbs.join(by_mail, third, addresses=[proven], reports=reports, deed=deed)
    part(merged, kun)
    client.force_login(people.kun)
    home = reverse("reports:desk_person", args=[by_phone.pk])
    assert client.get(reverse("reports:desk_person", args=[third.pk]))["Location"] == home
    undo = reverse("reports:desk_person_part", args=[by_phone.pk, joined.pk])
    assert undo in client.get(home).content.decode()
    assert undo not in client.get(reverse("reports:desk_person", args=[by_mail.pk])).content.decode()
    assert client.post(undo, {"reason": "Ternyata tetangganya."})["Location"] == home
    assert state() == before


def test_a_name_is_taken_over_only_where_there_was_none_and_goes_back(
    kun: Doer, by_mail: Contact, by_phone: Contact
) -> None:
    deed = merge(by_phone, by_mail, kun)
    assert Contact.objects.get(pk=by_phone.pk).name == "Sari Utami"
    part(deed, kun)
    assert Contact.objects.get(pk=by_phone.pk).name == ""
    other = contact_of(filed("lain", phone="+6281999999999", name="Budi"))
    merge(by_mail, other, kun)
    assert Contact.objects.get(pk=by_mail.pk).name == "Sari Utami"


def test_twice_does_no_harm(kun: Doer, by_mail: Contact, by_phone: Contact) -> None:
    deed = merge(by_mail, by_phone, kun)
    with pytest.raises(Refused) as refusal:
        merge(by_mail, by_phone, kun)
    assert refusal.value.code == "repeated"
    part(deed, kun)
    with pytest.raises(Refused) as refusal:
        part(deed, kun)
    assert refusal.value.code == "repeated"
    assert ContactDeed.objects.filter(verb="undone").count() == 1
    merge(by_mail, by_phone, kun)  # and joined anew, when it was right after all
    assert set(Address.objects.values_list("contact_id", flat=True)) == {by_mail.pk}


def test_what_was_joined_with_a_third_meanwhile_is_looked_at_again(
    kun: Doer, by_mail: Contact, by_phone: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = contact_of(filed("tiga", phone="+6281999999999", name="Budi"))
    deed, locked = merge(by_phone, by_mail, kun), verbs.locked

    def merged_first(*contacts: int) -> list[Contact]:
        monkeypatch.setattr(verbs, "locked", locked)
        merge(third, by_phone, kun)
        return locked(*contacts)

    monkeypatch.setattr(verbs, "locked", merged_first)
    with pytest.raises(Refused) as refusal:
        part(deed, kun)
    assert refusal.value.code == "stale"
    assert not ContactDeed.objects.filter(verb="undone").exists()
    assert part(deed, kun) == by_mail


def test_it_takes_a_coordinator_and_a_reason_and_two_contacts(
    people: People, kun: Doer, by_mail: Contact, by_phone: Contact
) -> None:
    for user in (people.oki, people.heni, people.dewi, people.laras, people.ida, people.agus, people.rina):
        with pytest.raises(Refused) as refusal:
            merge(by_mail, by_phone, people.doing(user))
        assert refusal.value.status == 403
    with pytest.raises(Refused):
        merge(by_mail, by_phone, kun, reason="  ")
    with pytest.raises(Refused):
        merge(by_mail, by_mail, kun)
    deed = merge(by_mail, by_phone, kun)
    with pytest.raises(Refused):
        part(deed, kun, reason="")
    with pytest.raises(Refused):
        part(deed, people.doing(people.ida))


def test_a_contact_that_only_the_inspectorate_knows_cannot_be_merged(kun: Doer, by_mail: Contact) -> None:
    hidden = contact_of(filed("rahasia", email="saksi@contoh.id", kind=Kind.WHISTLEBLOWING))
    for pair in ((by_mail, hidden), (hidden, by_mail)):
        with pytest.raises(Refused) as refusal:
            merge(*pair, kun)
        assert refusal.value.status == 404


def test_the_record_is_never_rewritten(kun: Doer, by_mail: Contact, by_phone: Contact) -> None:
    deed = merge(by_mail, by_phone, kun)
    for rows in (ContactDeed.objects.filter(pk=deed.pk), ContactMove.objects.filter(deed=deed)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**{"reason": "lain"} if rows.model is ContactDeed else {"source": by_mail})
    deed.refresh_from_db()
    assert (deed.reason, deed.user_id, deed.verb) == (WHY, kun.user_id, "merged")
