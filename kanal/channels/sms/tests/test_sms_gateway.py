"""A gateway over HTTP: what it posts is kept and read, what we hand it leaves once, its faults have a sentence."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kanal.channels import actions, calling, mailroom
from kanal.channels.actions import LeaseLostError
from kanal.channels.adapters import NotUnderstoodError, Outgoing, RefusedForGoodError, UncertainError, UnreachableError
from kanal.channels.models import Delivery, Inbound, Medium, MediumState, Passing
from kanal.channels.sms import reading
from kanal.channels.sms.adapter import ADAPTER
from kanal.channels.sms.gateway import moment
from kanal.channels.sms.numbers import number_of
from kanal.channels.sms.outgoing import filled, writer_for
from kanal.channels.sms.words import tidy
from tests.support.platform import Answer, running
from tests.support.sms import SECRET, FakeGateway, settings_for

pytestmark = pytest.mark.django_db
SARI = "+6281234567890"
IN, REPORT = "/saluran/sms/masuk/", "/saluran/sms/laporan/"
TOKEN = {"headers": {"X-Signature": SECRET}}


@pytest.fixture
def gateway(settings: Settings) -> Iterator[FakeGateway]:
    with running(FakeGateway()) as platform:
        settings.SMS = {**settings.SMS, "gammu_database": "", **settings_for(platform.url)}
        yield platform


def read() -> list[tuple[str, str]]:
    mailroom.read_deliveries(lambda: True)
    return [(one.address.handle, one.text) for one in Inbound.objects.order_by("id") if one.address]


def send(body: str = "Laporan Anda diteruskan.", to: str = SARI, key: str = "1:a") -> str:
    connection = ADAPTER.sending()
    assert connection is not None
    with connection as sender:
        return sender.send(Outgoing(to=to, body=body, key=key), before=lambda: None)


# --- in ---------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("how", ["form", "json", "query"])
def test_a_message_is_kept_first_and_read_afterwards(client: Client, how: str) -> None:
    told = {"from": "081234567890", "text": "Jalan rusak", "id": "7"}
    if how == "form":
        answer = client.post(IN, told, **TOKEN)  # type: ignore[arg-type]  # headers
    elif how == "json":
        answer = client.post(IN, json.dumps(told), content_type="application/json", **TOKEN)  # type: ignore[arg-type]  # headers
    else:
        answer = client.get(IN, {**told, "secret": SECRET})
    assert (answer.status_code, answer.content) == (200, b"")  # some gateways text the answer to the citizen
    assert not Inbound.objects.exists()
    assert SECRET not in Delivery.objects.get().payload
    assert read() == [(SARI, "Jalan rusak")]


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("given", ["", "salah", "rahasia-gatewa\u0301y"])
def test_without_the_secret_nothing_is_kept_and_it_is_counted(client: Client, given: str) -> None:
    assert client.get(IN, {"from": SARI, "text": "x", "secret": given}).status_code == 403
    assert not Delivery.objects.exists()
    assert MediumState.objects.get(medium=Medium.SMS).refused == 1


@pytest.mark.usefixtures("gateway")
def test_an_unset_secret_lets_nobody_in(client: Client, settings: Settings) -> None:
    settings.SMS = {**settings.SMS, "in_secret": ""}
    assert client.get(IN, {"from": SARI, "text": "x", "secret": ""}).status_code == 403


@pytest.mark.usefixtures("gateway")
def test_a_signature_is_checked_on_the_raw_bytes(client: Client, settings: Settings) -> None:
    settings.SMS = {**settings.SMS, "in_auth": "hmac", "in_signature": "X-Hub-Signature-256"}
    body = b'{"from": "081234567890",  "text": "Halo"}'
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

    def post(content: bytes, signed: str) -> int:
        heads = {"X-Hub-Signature-256": signed}
        return client.post(IN, content, content_type="application/json", headers=heads).status_code

    assert post(body, f"sha256={signature}") == 200
    assert post(body.replace(b"  ", b" "), f"sha256={signature}") == 403
    assert post(body, SECRET) == 403
    assert client.get(IN, {"from": SARI, "secret": SECRET}).status_code == 403


@pytest.mark.usefixtures("gateway")
def test_a_gateway_that_repeats_itself_is_heard_once(client: Client) -> None:
    for _again in range(3):
        client.get(IN, {"from": SARI, "text": "Jalan rusak", "secret": SECRET, "at": "2026-11-20T08:00:00Z"})
        client.get(IN, {"from": SARI, "text": "Jalan lain", "secret": SECRET, "id": "9"})
    assert read() == [(SARI, "Jalan rusak"), (SARI, "Jalan lain")]


@pytest.mark.usefixtures("gateway")
def test_fields_may_be_called_anything_and_lie_anywhere(client: Client, settings: Settings) -> None:
    names = {"in_items": "data.results", "in_from": "sender.msisdn", "in_text": "parts.0", "in_id": "messageId"}
    settings.SMS = {**settings.SMS, **names}
    one = {"sender": {"msisdn": 6281234567890}, "parts": ["Satu"], "messageId": "a"}
    other = {"sender": {"msisdn": "TELKOMSEL"}, "parts": ["Promo!"], "messageId": "b", "news": {"x": 1}}
    told = {"data": {"results": [one, other]}}
    client.post(IN, json.dumps(told), content_type="application/json", **TOKEN)  # type: ignore[arg-type]  # headers
    assert read() == [(SARI, "Satu")]


@pytest.mark.usefixtures("gateway")
def test_fields_that_are_called_otherwise_are_named_and_the_message_is_read_once_they_are_set(
    client: Client, settings: Settings
) -> None:
    client.get(IN, {"msisdn": SARI, "pesan": "Jalan rusak", "secret": SECRET})
    assert read() == []
    row = Delivery.objects.get()
    assert row.error == "Tidak ada isian “from” (yang ada: msisdn, pesan)."
    settings.SMS = {**settings.SMS, "in_from": "msisdn", "in_text": "pesan"}
    assert actions.read_again(Medium.SMS) == 1
    assert read() == [(SARI, "Jalan rusak")]


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("body", [b"\xff\xfe\x00{", b"{bukan json", b"[" * 100_000, b"", b"from=%FF%FE&text=%00"])
def test_broken_bodies_are_kept_and_stop_nobody(client: Client, body: bytes) -> None:
    assert client.post(IN, body, content_type="application/json", **TOKEN).status_code == 200  # type: ignore[arg-type]  # headers
    client.get(IN, {"from": SARI, "text": "Jalan rusak", "secret": SECRET})
    assert read() == [(SARI, "Jalan rusak")]
    assert Delivery.objects.count() == 2


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize(
    ("status", "state"),
    [("DELIVRD", "delivered"), ("failed", "failed"), ("sent", ""), ("hologram", "strange")],
)
def test_delivery_reports(client: Client, status: str, state: str) -> None:
    client.post(REPORT, {"id": "gw-1", "status": status}, **TOKEN)  # type: ignore[arg-type]  # headers
    [item] = reading.read(Delivery.objects.get().payload.encode())
    assert getattr(item, "state", "") == state or state == "strange"
    if state == "strange":
        read()
        assert "hologram" in Passing.objects.get(strange=True).why


@pytest.mark.parametrize(
    ("sender", "number"),
    [
        ("0812-3456-7890", SARI),
        ("6281234567890", SARI),
        ("+62 812 3456 7890", SARI),
        ("+60123456789", "+60123456789"),
        ("3636", ""),
        ("TELKOMSEL", ""),
        ("", ""),
        ("0" * 90, ""),
    ],
)
def test_senders_in_normal_form(sender: str, number: str) -> None:
    assert number_of(sender) == number


@pytest.mark.parametrize(
    ("told", "iso"),
    [
        ("2026-11-22T01:15:00Z", "2026-11-22T01:15:00+00:00"),
        ("2026-11-22 08:15:00", "2026-11-22T01:15:00+00:00"),
        ("2026/11/22 08:15:00", "2026-11-22T01:15:00+00:00"),
        ("1795310100", "2026-11-22T01:15:00+00:00"),
        ("1795310100000", "2026-11-22T01:15:00+00:00"),
        ("kemarin", None),
        ("1e400", None),
        ("nan", None),
    ],
)
def test_moments_as_gateways_write_them(told: str, iso: str | None) -> None:
    at = moment(told)
    assert (at and at.isoformat()) == iso


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("where", [IN, REPORT])
def test_no_byte_that_a_database_refuses_stops_the_mailroom(client: Client, where: str) -> None:
    told = {name: f"{name}\x00\ud83d0812" for name in ("id", "status", "text", "at", "\x00")} | {
        "from": "0812345678\x00"
    }
    client.post(where, json.dumps(told), content_type="application/json", **TOKEN)  # type: ignore[arg-type]  # headers
    client.post(where, json.dumps({"\x00": "\ud83d"}), content_type="application/json", **TOKEN)  # type: ignore[arg-type]  # headers
    read()
    states = list(Delivery.objects.order_by("id").values_list("state", flat=True))
    assert states == [Delivery.State.READ, Delivery.State.FAILED]


@given(st.text(max_size=300))
def test_tidying_never_fails_and_once_is_enough(text: str) -> None:
    tidied = tidy(text)
    assert "\x00" not in tidied
    assert len(tidied) <= 20_000


@given(st.text(max_size=80), st.sampled_from(["in", "report"]), st.sampled_from(["", "from=0812&", "{"]))
def test_any_body_is_read_or_refused_with_a_reason(body: str, kind: str, before: str) -> None:
    call = {"gateway": kind, "at": "2026-11-22T00:00:00+00:00", "query": "", "body": before + body}
    call["body"] = call["body"].encode("utf-8", "replace").decode("latin-1")
    try:
        list(reading.read(json.dumps(call).encode()))
    except NotUnderstoodError:
        return


# --- out --------------------------------------------------------------------------------------------------------------


def test_a_message_leaves_with_its_words_unhurt(gateway: FakeGateway) -> None:
    body = 'Kode "BJN-7K4M-Q2XD".\nTerima kasih… & salam {to}'
    assert send(body) == "gw-1"
    [call] = gateway.calls
    assert call.json == {"to": SARI, "message": 'Kode "BJN-7K4M-Q2XD".\nTerima kasih... & salam {to}'}
    assert call.headers["Content-Type"] == "application/json"


def test_a_template_of_the_address_alone(gateway: FakeGateway, settings: Settings) -> None:
    settings.SMS |= {"out_method": "get", "out_body": "", "out_success": "", "out_id": ""}
    settings.SMS["out_url"] = f"{gateway.url}/api?hp={{to_local}}&isi={{text}}&panjang={{parts}}{{coding}}"
    assert send("Aman & beres = 100% + ꦗ") == "1:a"
    assert gateway.calls[0].query == {"hp": "081234567890", "isi": "Aman & beres = 100% + ꦗ", "panjang": "1ucs2"}


@pytest.mark.parametrize(
    ("answer", "fault", "sentence", "alarm"),
    [
        (Answer(b"", 429, {"Retry-After": "120"}), UnreachableError, "minta menunggu", False),
        (Answer(b"", 503), UnreachableError, "minta menunggu", False),
        (Answer(b"", 401), UnreachableError, "KANAL_SMS_OUT_HEADERS", True),
        (Answer(b"", 402), UnreachableError, "Saldo gateway SMS habis", True),
        (Answer(b"", 302, {"Location": "http://10.0.0.1/"}), UnreachableError, "mengalihkan", True),
        (Answer(b"bad request", 400), RefusedForGoodError, "bad request", False),
        (Answer(b'{"status": "NOSUCH"}'), RefusedForGoodError, "NOSUCH", False),
        (Answer(b"", 504), UncertainError, "504", False),
    ],
)
def test_faults_of_the_gateway(
    gateway: FakeGateway, answer: Answer, fault: type[Exception], sentence: str, *, alarm: bool
) -> None:
    gateway.instead = answer
    with pytest.raises(fault, match=sentence) as raised:
        send()
    assert getattr(raised.value, "alarm", False) == alarm
    assert len(gateway.calls) == 1
    if answer.headers.get("Retry-After"):
        assert getattr(raised.value, "pause", None) == timedelta(minutes=2)


def test_a_number_that_does_not_exist_is_noted_with_the_address(gateway: FakeGateway) -> None:
    gateway.instead = Answer(b'{"status": "NOSUCH"}')
    with pytest.raises(RefusedForGoodError) as refused:
        send()
    assert refused.value.bounced


def test_a_gateway_that_is_given_our_key_may_be_asked_again_after_a_fault(
    gateway: FakeGateway, settings: Settings
) -> None:
    settings.SMS["out_body"] = '{"to": "{to}", "message": "{text}", "client_ref": "{key}"}'
    gateway.instead = Answer(b"", 500)
    with pytest.raises(UnreachableError):
        send()
    assert gateway.calls[0].json["client_ref"] == "1:a"


def test_a_line_that_breaks_after_handing_over_is_uncertain(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.hang_up = True
    with pytest.raises(UncertainError):
        send()
    gateway.hang_up, gateway.slow = False, 0.5
    monkeypatch.setattr(calling, "TIMEOUT", httpx.Timeout(0.1))
    with pytest.raises(UncertainError):
        send()


def test_a_gateway_that_is_down_has_certainly_not_got_it(settings: Settings) -> None:
    with running(FakeGateway()) as platform:
        settings.SMS = {**settings.SMS, "gammu_database": "", **settings_for(platform.url)}
    with pytest.raises(UnreachableError, match="tidak bisa dihubungi"):
        send()


def test_nothing_leaves_when_the_lease_is_lost(gateway: FakeGateway) -> None:
    def lost() -> None:
        raise LeaseLostError

    connection = ADAPTER.sending()
    assert connection is not None
    with connection as sender, pytest.raises(LeaseLostError):
        sender.send(Outgoing(to=SARI, body="x", key="k"), before=lost)
    assert gateway.calls == []


@pytest.mark.usefixtures("gateway")
def test_what_is_no_telephone_is_refused_for_good() -> None:
    with pytest.raises(RefusedForGoodError):
        send(to="3636")


def test_the_steps_say_what_is_missing(settings: Settings) -> None:
    settings.SMS = {**settings.SMS, **dict.fromkeys(("gammu_database", "out_url", "in_secret"), "")}
    assert [step.done for step in ADAPTER.steps()] == [False, False]
    assert ADAPTER.sending() is None
    settings.SMS |= {"out_url": "http://127.0.0.1/?n={nomor}", "in_secret": "x", "out_id": "(["}
    undone = [step.sentence for step in ADAPTER.steps() if not step.done]
    assert undone == ["KANAL_SMS_OUT_* memuat isian yang tidak ada: nomor.", "Pola ini tidak sah: KANAL_SMS_OUT_ID."]
    settings.SMS |= {"out_url": "http://127.0.0.1/?n={to}", "out_id": ""}
    assert ADAPTER.is_configured


@given(st.text(), st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/xml"]))
def test_no_words_break_out_of_their_place_in_a_template(words: str, kind: str) -> None:
    words = words.encode("utf-8", "ignore").decode()
    template: dict[str, Any] = {
        "application/json": '{"a": "{text}", "b": 1}',
        "application/x-www-form-urlencoded": "a={text}&b=1",
        "text/xml": "<a>{text}</a>",
    }
    body = filled(template[kind], {"text": words}, writer_for(kind))
    if kind == "application/json":
        assert json.loads(body) == {"a": words, "b": 1}
    elif kind == "text/xml":
        assert body.count("<") == 2
    else:
        assert body.count("&") == 1
