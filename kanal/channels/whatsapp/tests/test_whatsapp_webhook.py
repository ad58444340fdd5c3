"""What Meta calls: the challenge, the signature over the raw bytes, and what is kept before it gets its answer."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, mailroom
from kanal.channels.graph.views import signature
from kanal.channels.models import Address, Delivery, Inbound, MediumState, Outbound
from tests.support.whatsapp import APP_SECRET, SARI, VERIFY, call, settings_for, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("medium_alone")]
URL = "/saluran/whatsapp/"


@pytest.fixture(autouse=True)
def _account(settings: Settings) -> None:
    settings.WHATSAPP = settings_for("http://127.0.0.1:9")


def post(client: Client, body: bytes, sign: str | None = None) -> int:
    signed = signature(body, APP_SECRET) if sign is None else sign
    answer = client.post(URL, body, content_type="application/json", headers={"X-Hub-Signature-256": signed})
    return int(answer.status_code)


def test_the_challenge_is_repeated_to_whoever_knows_the_word(client: Client) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = client.get(URL, asked)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer.headers["Content-Type"] == "text/plain"
    assert client.get(URL, {**asked, "hub.verify_token": "tebakan"}).status_code == 403
    assert client.get(URL).status_code == 403


def test_a_message_is_kept_then_read(client: Client) -> None:
    assert post(client, call(text("Jalan rusak di Jono")).encode()) == 200
    assert not Inbound.objects.exists()
    mailroom.read_deliveries(lambda: True)
    message = Inbound.objects.get()
    assert (message.text, message.medium) == ("Jalan rusak di Jono", "whatsapp")
    assert Address.objects.get().handle == f"+{SARI}"


@pytest.mark.parametrize("sign", ["", "sha256=", "sha1=00", f"sha256={'0' * 64}", "sha256=é"])
def test_a_wrong_signature_is_refused_and_counted(client: Client, sign: str) -> None:
    assert post(client, call(text("palsu")).encode(), sign) == 403
    assert not Delivery.objects.exists()
    assert MediumState.objects.get(medium="whatsapp").refused == 1


def test_without_a_secret_nobody_is_believed(client: Client, settings: Settings) -> None:
    settings.WHATSAPP["app_secret"] = settings.WHATSAPP["verify_token"] = ""
    body = call(text("palsu")).encode()
    assert post(client, body, signature(body, "")) == 403
    assert client.get(URL, {"hub.mode": "subscribe", "hub.verify_token": ""}).status_code == 403


def test_five_megabytes_are_kept_and_twenty_are_not(client: Client) -> None:
    assert post(client, call(text("a" * 5_000_000)).encode()) == 200
    assert post(client, b"x" * 20_000_000) == 413
    mailroom.read_deliveries(lambda: True)
    assert len(Inbound.objects.get().text) == 5_000_000


def test_bytes_that_are_no_text_are_kept_and_stay_with_their_reason(client: Client) -> None:
    assert post(client, b"\xff\xfe{") == 200
    mailroom.read_deliveries(lambda: True)
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_a_call_repeated_a_day_later_changes_nothing(client: Client) -> None:
    body = call(text("Jalan rusak di Jono")).encode()
    with time_machine.travel(timezone.now()) as clock:
        for days in (0, 1, 40):
            clock.shift(timedelta(days=days))
            assert post(client, body) == 200
            assert mailroom.read_deliveries(lambda: True) == 1
            actions.forget_deliveries(older_than=timedelta(days=30))
    assert Delivery.objects.count() == 1, "the raw ones are forgotten, the message is known all the same"
    assert Inbound.objects.count() == Address.objects.count() == 1
    assert not Outbound.objects.exists()


def test_unknown_fields_beside_known_ones_change_nothing(client: Client) -> None:
    payload = json.loads(call(text("Jalan rusak", hal_baru={"x": [1]})))
    payload["versi"] = 99
    post(client, json.dumps(payload).encode())
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.get().text == "Jalan rusak"


def test_a_changed_message_and_one_taken_back_reach_the_mailroom(client: Client) -> None:
    edit = {"original_message_id": "wamid.in1", "message": {"type": "text", "text": {"body": "Di Kalianyar"}}}
    more = {"from": SARI, "timestamp": "1795406400"}
    post(client, call(text("Di Jono"), {**more, "id": "wamid.in2", "type": "edit", "edit": edit}).encode())
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.get().text == "Di Kalianyar"
    revoke = {"original_message_id": "wamid.in1"}
    post(client, call({**more, "id": "wamid.in3", "type": "revoke", "revoke": revoke}).encode())
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.get().removed_at is not None


def test_stop_on_whatsapp_stops_everything(client: Client) -> None:
    post(client, call(text("STOP")).encode())
    mailroom.read_deliveries(lambda: True)
    assert Address.objects.get().state == Address.State.OPTED_OUT
    actions.reached(Address.objects.get())
