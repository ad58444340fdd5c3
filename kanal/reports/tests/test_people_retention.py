"""Letting go of persons keeps working when contacts were joined: nothing is lost too early, nothing is left behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kanal.channels.actions import address_for, opt_out
from kanal.channels.models import Address, Contact, Medium, Outbound
from kanal.reports import actions
from kanal.reports.actions import people as verbs
from kanal.reports.actions import retention
from kanal.reports.models import ContactDeed, ContactMove, Report, RetentionRule
from kanal.reports.policy import Doer
from tests.support.media import PlainMedium
from tests.support.messages import arrives
from tests.support.people import People


@pytest.fixture
def kun(people: People) -> Doer:
    return people.doing(people.kun)


def filed(key: str, **more: Any) -> Report:
    return actions.file_report(actions.Filing(body=f"Lampu jalan mati di gang {key}.", submission=key, **more))


def merged(kept: Report, gone: Report, by: Doer) -> ContactDeed:
    assert kept.contact is not None
    assert gone.contact is not None
    return verbs.merge_contacts(contact=kept.contact, other=gone.contact, by=by, reason="Orangnya sendiri bilang.")


@pytest.fixture
def sari(regency: object) -> Report:
    return filed("surel", email="sari@contoh.id", name="Sari Utami")


@pytest.fixture
def caller(regency: object) -> Report:
    return filed("telepon", phone="+6281234567890", name="Bu Sari")


def anonymise(report: Report) -> None:
    retention.anonymise(Report.objects.get(pk=report.pk), rule="JRA", at=timezone.now())


def test_a_report_that_was_made_anonymous_does_not_come_back_to_a_person_by_an_undo(
    kun: Doer, sari: Report, caller: Report
) -> None:
    deed = merged(sari, caller, kun)
    anonymise(caller)
    assert not ContactMove.objects.filter(report=caller).exists(), "not even the record says whose it was"
    verbs.part_contacts(deed=deed, by=kun, reason="Ternyata adiknya.")
    assert Report.objects.get(pk=caller.pk).contact is None


def test_addresses_that_only_the_anonymous_report_knew_go_with_it(kun: Doer, sari: Report, caller: Report) -> None:
    merged(sari, caller, kun)
    anonymise(caller)
    assert list(Address.objects.values_list("medium", flat=True)) == ["email"]
    assert Report.objects.get(pk=sari.pk).contact_id == sari.contact_id


def test_with_the_last_report_the_joined_contacts_and_their_record_go(kun: Doer, sari: Report, caller: Report) -> None:
    merged(sari, caller, kun)
    for report in (caller, sari):
        anonymise(report)
    for model in (Contact, Address, ContactDeed, ContactMove):
        assert not model.objects.exists(), model


def test_who_wants_no_messages_is_remembered_by_the_hash_alone(kun: Doer, sari: Report, caller: Report) -> None:
    merged(sari, caller, kun)
    opt_out(Address.objects.get(medium="email"))
    for report in (caller, sari):
        anonymise(report)
    kept = Address.objects.get()
    assert (kept.handle, kept.state) == ("", "opted_out")
    assert set(Contact.objects.values_list("name", flat=True)) == {""}
    assert not ContactDeed.objects.exists()
    assert address_for(medium=Medium.EMAIL, handle="sari@contoh.id").handle == "sari@contoh.id", "until they come back"


def test_destroying_a_joined_report_leaves_the_other_alone(kun: Doer, sari: Report, caller: Report) -> None:
    deed = merged(sari, caller, kun)
    retention.destroy(Report.objects.get(pk=sari.pk), rule="JRA", at=timezone.now())
    assert Report.objects.get().pk == caller.pk
    verbs.part_contacts(deed=deed, by=kun, reason="Ternyata adiknya.")
    caller.refresh_from_db()
    assert caller.contact_id == deed.other_id
    assert Contact.objects.get().pk == deed.other_id, "the emptied half is let go of"


def test_the_rule_of_the_archive_finds_joined_reports_as_before(kun: Doer, sari: Report, caller: Report) -> None:
    merged(sari, caller, kun)
    RetentionRule.objects.create(
        act="anonymise", after_days=365, rule="JRA", valid_from=timezone.localdate() - timedelta(days=9)
    )
    Report.objects.update(status="closed", closed_at=timezone.now(), answered_at=timezone.now())
    assert retention.run(at=timezone.now() + timedelta(days=400)) == (0, 2)
    assert not Contact.objects.exists()


def test_what_was_said_in_a_chat_about_the_report_goes_too(kun: Doer, plain_medium: PlainMedium) -> None:
    report = filed("pesan", inbound=(came := arrives(plain_medium)), address=came.address)
    talked = {"address": came.address, "medium": "app", "purpose": "talk", "next_attempt_at": timezone.now()}
    for number, about in enumerate((f"percakapan-{came.pk}", f"pesan-{came.pk}", "percakapan-0")):
        Outbound.objects.create(dedupe_key=str(number), reference=about, body="x", **talked)
    arrives(plain_medium, "Terima kasih.", number=2)  # keeps the address: it belongs to no report
    filed("lain", address=came.address)
    anonymise(report)
    assert set(Outbound.objects.values_list("reference", flat=True)) == {"percakapan-0"}
