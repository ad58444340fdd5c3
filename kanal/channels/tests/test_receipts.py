"""What was uncertain is settled by what the platform says afterwards, and nothing is sent that has arrived."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, delivery, mailroom
from kanal.channels.actions import Message
from kanal.channels.adapters import Receipt, UncertainError, UnreachableError
from kanal.channels.email.sending import message_id
from kanal.channels.models import Address, Medium, Outbound
from tests.support.media import PlainMedium
from tests.support.media import delivery as posted
from tests.support.platform import Answer, running
from tests.support.sms import SECRET, FakeGateway
from tests.support.sms import settings_for as sms_settings
from tests.support.smtp import mail_server
from tests.support.whatsapp import SARI, FakeGraph, call, text
from tests.support.whatsapp import settings_for as whatsapp_settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]
State = Outbound.State
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)


def queued(medium: str, handle: str) -> Outbound:
    address = actions.address_for(medium=medium, handle=handle)
    actions.queue([Message("assigned", "k1", "Diteruskan", "Laporan Anda diteruskan.", address=address)])
    return Outbound.objects.get(dedupe_key="k1")


def deliver() -> int:
    return delivery.deliver_due(lambda: True)


def again(row: Outbound) -> Outbound:
    return Outbound.objects.get(pk=row.pk)


def told(row: Outbound, state: str, *, external_id: str = "platform-1", key: str | None = None, **more: Any) -> None:
    """The platform says what became of a message, by its own id and by our key."""
    item = {"is": "receipt", "external_id": external_id, "state": state, "at": NOON.isoformat(), **more}
    item["key"] = f"{row.pk}:{row.dedupe_key}" if key is None else key
    actions.store_delivery(medium=Medium.APP, payload=posted(item))
    mailroom.read_deliveries(lambda: True)


@pytest.fixture
def uncertain(plain_medium: PlainMedium) -> Outbound:
    """A message whose line broke after it was handed over."""
    row = queued(Medium.APP, "+6281234567890")
    plain_medium.trouble = UncertainError("ReadTimeout")
    deliver()
    plain_medium.trouble = None
    row = again(row)
    assert (row.state, row.external_id) == (State.FAILED, "")
    return row


@pytest.mark.parametrize("state", ["sent", "delivered", "read"])
def test_a_receipt_with_our_key_settles_what_was_uncertain(uncertain: Outbound, state: str) -> None:
    told(uncertain, state)
    row = again(uncertain)
    assert (row.state, row.error, row.external_id, row.sent_at) == (state, "", "platform-1", NOON)
    assert not actions.resend(row.pk)


def test_afterwards_its_receipts_follow_by_the_platforms_own_id(uncertain: Outbound) -> None:
    told(uncertain, "sent")
    told(uncertain, "read", key="")
    assert again(uncertain).state == State.READ


@pytest.mark.parametrize("key", ["", "x", "1", "99999999999999999999:k1", "{pk}:another promise", "²:k1"])
def test_a_key_that_is_not_ours_settles_nothing(uncertain: Outbound, key: str) -> None:
    told(uncertain, "delivered", key=key.format(pk=uncertain.pk))
    assert again(uncertain).state == State.FAILED


def test_another_medium_cannot_speak_for_it(uncertain: Outbound) -> None:
    Outbound.objects.update(medium=Medium.SMS)
    told(uncertain, "delivered")
    assert again(uncertain).state == State.FAILED


def test_that_it_failed_becomes_certain_too(uncertain: Outbound) -> None:
    told(uncertain, "failed", sentence="Nomor ini tidak memakai WhatsApp.", no_such_address=True)
    row = again(uncertain)
    assert (row.state, row.error) == (State.FAILED, "Nomor ini tidak memakai WhatsApp.")
    assert Address.objects.get().state == Address.State.BOUNCED


@pytest.mark.parametrize("state", ["sent", "delivered"])
def test_a_second_copy_that_waits_is_not_sent_when_the_first_arrived(
    uncertain: Outbound, plain_medium: PlainMedium, state: str
) -> None:
    assert actions.resend(uncertain.pk)
    told(uncertain, state)
    assert deliver() == 0
    assert plain_medium.sent == []
    assert again(uncertain).state == state


def test_nor_is_one_that_was_to_be_tried_again_after_a_broken_answer(plain_medium: PlainMedium) -> None:
    row = queued(Medium.APP, "+6281234567890")
    plain_medium.trouble = UnreachableError("Sedang terganggu (500).")
    deliver()
    assert again(row).state == State.QUEUED
    told(row, "sent")
    plain_medium.trouble = None
    Outbound.objects.filter(state=State.QUEUED).update(next_attempt_at=timezone.now())
    assert deliver() == 0
    assert again(row).state == State.SENT


def test_a_receipt_of_the_first_copy_says_nothing_bad_of_the_second(
    uncertain: Outbound, plain_medium: PlainMedium
) -> None:
    actions.resend(uncertain.pk)
    deliver()
    assert again(uncertain).external_id == "out-1"
    told(uncertain, "failed", external_id="platform-1", sentence="Ditolak.")
    assert again(uncertain).state == State.SENT
    assert len(plain_medium.sent) == 1


def test_a_late_sent_does_not_mend_what_failed_after_it(plain_medium: PlainMedium) -> None:
    row = queued(Medium.APP, "+6281234567890")
    deliver()
    told(row, "failed", external_id="out-1", sentence="Ditolak.")
    told(row, "sent", external_id="out-1")
    assert again(row).state == State.FAILED
    told(row, "delivered", external_id="out-1")
    assert again(row).state == State.DELIVERED
    assert plain_medium.sent


@pytest.mark.usefixtures("plain_medium")
def test_a_receipt_faster_than_the_answer_has_the_last_word() -> None:
    row = actions.lease(queued(Medium.APP, "+6281234567890").pk)
    assert row
    actions.hand_over(row)
    told(row, "failed", sentence="Nomor ini tidak memakai WhatsApp.")
    actions.mark_sent(row, external_id="platform-1")
    assert again(row).state == State.FAILED


# --- each medium's own words ------------------------------------------------------------------------------------------


def test_whatsapp_hands_our_key_back(settings: Settings) -> None:
    def hear(*messages: dict[str, Any], statuses: tuple[dict[str, Any], ...] = ()) -> None:
        actions.store_delivery(medium=Medium.WHATSAPP, payload=call(*messages, statuses=statuses))
        mailroom.read_deliveries(lambda: True)

    now = str(int(timezone.now().timestamp()))
    with running(FakeGraph()) as graph:
        settings.WHATSAPP = whatsapp_settings(graph.url)
        hear(text("Halo, jalan rusak", timestamp=now))
        graph.hang_up = True
        row = queued(Medium.WHATSAPP, f"+{SARI}")
        deliver()
        key = graph.calls[-1].json["biz_opaque_callback_data"]
    assert again(row).error.startswith("Tidak pasti terkirim")
    for state, reached in (("sent", State.SENT), ("delivered", State.DELIVERED), ("sent", State.DELIVERED)):
        hear(statuses=({"id": "wamid.out9", "status": state, "timestamp": now, "biz_opaque_callback_data": key},))
        assert (again(row).state, again(row).error) == (reached, "")


@pytest.mark.parametrize(("out_id", "report"), [("", "id={key}"), (r'"id":"(\w+)"', "id=77&ref={key}")])
def test_a_gateway_hands_our_key_back(client: Client, settings: Settings, out_id: str, report: str) -> None:
    """As the name of the message, where it gives none of its own, or in a field beside it."""
    with running(FakeGateway()) as gateway:
        settings.SMS = {**settings.SMS, "gammu_database": "", "report_key": "ref", **sms_settings(gateway.url)}
        settings.SMS |= {"out_body": '{"to": "{to}", "text": "{text}", "ref": "{key}"}', "out_id": out_id}
        gateway.hang_up = True
        row = queued(Medium.SMS, "+6281234567890")
        deliver()
        key = gateway.calls[-1].json["ref"]
    assert again(row).error.startswith("Tidak pasti terkirim")
    address = f"/saluran/sms/laporan/?{report.format(key=key)}&status=delivered"
    client.get(address, headers={"X-Signature": SECRET})
    mailroom.read_deliveries(lambda: True)
    assert (again(row).state, again(row).error) == (State.DELIVERED, "")


def test_a_bounce_names_a_letter_whose_line_broke(settings: Settings) -> None:
    with mail_server() as post:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        post.hang_up = True
        row = queued(Medium.EMAIL, "sari@contoh.id")
        deliver()
    row = again(row)
    assert row.error.startswith("Tidak pasti terkirim")
    assert row.external_id == message_id(f"{row.pk}:{row.dedupe_key}")
    returned = Receipt(row.external_id, "failed", NOON, "Alamat ini tidak ada.", no_such_address=True)
    mailroom.take_in(Medium.EMAIL, returned, at=NOON)
    assert again(row).error == "Alamat ini tidak ada."
    assert Address.objects.get().state == Address.State.BOUNCED


def test_a_gateway_that_answers_keeps_its_own_number(settings: Settings) -> None:
    with running(FakeGateway()) as gateway:
        settings.SMS = {**settings.SMS, "gammu_database": "", **sms_settings(gateway.url), "out_id": r'"id":\s*"(\w+)"'}
        gateway.instead = Answer({"status": "OK", "id": "g77"})
        row = queued(Medium.SMS, "+6281234567890")
        deliver()
    assert (again(row).state, again(row).external_id) == (State.SENT, "g77")
