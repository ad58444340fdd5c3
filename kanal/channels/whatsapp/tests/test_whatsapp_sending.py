"""Answers and files over the Graph API, and everything that can be wrong with it."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, calling, delivery, files, mailroom
from kanal.channels.actions import Message
from kanal.channels.models import Address, InboundFile, Medium, MediumState, Outbound
from kanal.channels.whatsapp.adapter import ADAPTER
from kanal.channels.whatsapp.sending import template_for
from tests.support.graph import error
from tests.support.platform import Answer, running
from tests.support.whatsapp import SARI, FakeGraph, call, message, settings_for, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200
State = Outbound.State


@pytest.fixture
def graph(settings: Settings) -> Iterator[FakeGraph]:
    with running(FakeGraph()) as platform:
        settings.WHATSAPP = settings_for(platform.url)
        yield platform


def now() -> str:
    return str(int(timezone.now().timestamp()))


def hear(*messages: dict[str, Any], statuses: tuple[dict[str, Any], ...] = ()) -> None:
    actions.store_delivery(medium=Medium.WHATSAPP, payload=call(*messages, statuses=statuses))
    mailroom.read_deliveries(lambda: True)


def person() -> Address:
    return actions.address_for(medium=Medium.WHATSAPP, handle=f"+{SARI}")


def send(body: str = "Laporan Anda diteruskan.", key: str = "k1", purpose: str = "assigned") -> Outbound:
    """Somebody wrote just now, and is answered."""
    hear(text("Halo, jalan rusak", timestamp=now()))
    told = Message(purpose=purpose, dedupe_key=key, subject="x", body=body, address=person())
    actions.queue([told])
    delivery.deliver_due(lambda: True)
    return Outbound.objects.get(dedupe_key=key)


def state() -> MediumState:
    return MediumState.objects.get(medium=Medium.WHATSAPP)


def test_an_answer_within_the_day_is_free_words(graph: FakeGraph) -> None:
    row = send("Laporan Anda diteruskan.\nKode BJN-7K4M-Q2XD.")
    assert (row.state, row.external_id, row.error) == (State.SENT, "wamid.out1", "")
    [sent] = graph.sent
    assert (sent["to"], sent["type"], sent["text"]["body"]) == (
        SARI,
        "text",
        "Laporan Anda diteruskan.\nKode BJN-7K4M-Q2XD.",
    )
    assert sent["messaging_product"] == "whatsapp"


def test_receipts_follow_the_message(graph: FakeGraph) -> None:
    assert graph.url
    row = send()
    for told, expected in (("delivered", State.DELIVERED), ("read", State.READ), ("sent", State.READ)):
        hear(statuses=({"id": "wamid.out1", "status": told, "timestamp": now(), "pricing": {"billable": False}},))
        row.refresh_from_db()
        assert row.state == expected


def _long_ago(key: str, purpose: str = "answered") -> Outbound:
    hear(text("Halo", timestamp=str(int((timezone.now() - timedelta(hours=25)).timestamp()))))
    words = "Jawaban:\nsudah diperbaiki.   https://kanal.contoh.id/lacak/BJN/abc/"
    actions.queue([Message(purpose=purpose, dedupe_key=key, subject="x", body=words, address=person())])
    at_noon()
    return Outbound.objects.get(dedupe_key=key)


def at_noon() -> None:
    """Deliver as at noon, whenever the test runs: nobody is written to at night."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)
        delivery.deliver_due(lambda: True)


def test_after_a_day_nothing_but_an_approved_template_goes_out(graph: FakeGraph, settings: Settings) -> None:
    settings.WHATSAPP["templates"] = ["answered=kabar_jawaban:id", "*=kabar_kanal"]
    assert _long_ago("k1").state == State.SENT
    [sent] = graph.sent
    assert sent["type"] == "template"
    assert (sent["template"]["name"], sent["template"]["language"]) == ("kabar_jawaban", {"code": "id"})
    [parameter] = sent["template"]["components"][0]["parameters"]
    assert parameter["text"] == "Jawaban: sudah diperbaiki. https://kanal.contoh.id/lacak/BJN/abc/"


def test_without_a_template_it_fails_with_a_sentence_that_says_what_to_do(graph: FakeGraph) -> None:
    row = _long_ago("k1")
    assert row.state == State.FAILED
    assert "KANAL_WHATSAPP_TEMPLATES" in row.error
    assert not graph.sent
    assert person().state == Address.State.OK


def test_templates_by_purpose() -> None:
    table = ["answered=a:en", "*=b"]
    assert [template_for(purpose, table) for purpose in ("answered", "question")] == [("a", "en"), ("b", "id")]
    assert template_for("answered", ["rusak"]) == ("", "id")


def test_long_words_keep_the_link_at_their_end_whole() -> None:
    link = "https://kanal.contoh.id/lacak/BJN-7K4M-Q2XD/rahasia/"
    short = calling.shortened("kata " * 2000 + link, 4096)
    assert len(short) <= 4096
    assert short.endswith(f"… {link}")
    assert calling.shortened("pendek", 4096) == "pendek"


# The fault menu -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "seconds", "alarm"),
    [
        (error(130429, 429, headers={"Retry-After": "7"}), 7, ""),
        (error(80007, 400), 60, ""),
        (Answer({}, 503, {"Retry-After": "120"}), 120, ""),
        (Answer(b"<html>Bad Gateway</html>", 502), 30, ""),
        (error(2, 500), 30, ""),
        (error(190, 401), 600, "Token WhatsApp habis"),
        (error(10, 403), 600, "Token WhatsApp tidak berizin"),
        (error(131031, 403), 3600, "Meta menahan akun"),
    ],
    ids=["too fast", "limit", "away", "gateway", "trouble", "token expired", "not allowed", "account locked"],
)
def test_whatsapp_that_cannot_be_used_is_left_alone(graph: FakeGraph, answer: Answer, seconds: int, alarm: str) -> None:
    graph.instead, begun = answer, timezone.now()
    row = send()
    assert row.state == State.QUEUED
    assert row.error
    assert state().alarm.startswith(alarm)
    assert bool(state().alarm) == bool(alarm)
    paused = state().paused_until
    assert paused is not None
    assert abs((paused - begun).total_seconds() - seconds) < 5
    graph.instead = None
    assert delivery.deliver_due(lambda: True) == 0  # not before its time
    Outbound.objects.update(next_attempt_at=timezone.now())
    MediumState.objects.update(paused_until=None)
    delivery.deliver_due(lambda: True)
    row.refresh_from_db()
    assert (row.state, state().alarm) == (State.SENT, "")


@pytest.mark.parametrize(
    ("code", "sentence", "address"),
    [
        (131026, "Nomor ini tidak bisa menerima pesan WhatsApp.", Address.State.BOUNCED),
        (131047, "Lewat 24 jam", Address.State.OK),
        (132001, "Templat WhatsApp belum disetujui", Address.State.OK),
        (131009, "WhatsApp menolak pesan ini (131009).", Address.State.OK),
    ],
)
def test_what_is_refused_for_good(graph: FakeGraph, code: int, sentence: str, address: str) -> None:
    graph.instead = error(code)
    row = send()
    assert row.state == State.FAILED
    assert row.error.startswith(sentence)
    assert person().state == address


def test_too_many_to_one_person_stops_nobody_else(graph: FakeGraph) -> None:
    graph.instead = error(131056, 400)
    assert send().state == State.QUEUED
    assert state().paused_until is None


def test_whatsapp_that_is_down_costs_nothing(graph: FakeGraph, settings: Settings) -> None:
    with running(FakeGraph()) as gone:
        url = gone.url
    settings.WHATSAPP = settings_for(url)
    row = send()
    assert (row.state, row.handed_at, row.error) == (State.QUEUED, None, "WhatsApp tidak bisa dihubungi.")
    assert not graph.calls


@pytest.mark.parametrize("fault", ["slow", "hang_up"])
def test_a_line_that_breaks_after_handing_over_is_never_tried_unasked(
    graph: FakeGraph, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(calling, "TIMEOUT", httpx.Timeout(0.2))
    setattr(graph, fault, 0.6 if fault == "slow" else True)
    row = send()
    assert row.state == State.FAILED
    assert row.error.startswith("Tidak pasti terkirim")
    delivery.deliver_due(lambda: True)
    assert len(graph.calls) == 1


def test_what_is_missing_is_listed_and_nothing_is_sent(settings: Settings) -> None:
    settings.WHATSAPP = {**settings_for("http://127.0.0.1:9"), "token": ""}
    assert [step.done for step in ADAPTER.steps()] == [True, False, True, True]
    assert send().state == State.GIVEN_UP


# Files --------------------------------------------------------------------------------------------------------------


def fetched(kind: str = "image", media_id: str = "65463453") -> InboundFile:
    hear(message(kind, {"id": media_id, "mime_type": "image/jpeg"}, timestamp=now()))
    files.fetch_files(lambda: True)
    return InboundFile.objects.get()


def test_a_photo_is_fetched_in_two_steps_with_the_token(graph: FakeGraph) -> None:
    graph.files["65463453"] = JPEG
    file = fetched()
    assert (file.state, file.mime, files.content_of(file)) == ("kept", "image/jpeg", JPEG)
    assert [call.path for call in graph.calls] == ["/v23.0/65463453", "/isi/65463453"]
    assert graph.calls[0].query["phone_number_id"] == settings_for("")["phone_id"]


@pytest.mark.parametrize(
    ("lies", "sentence"),
    [
        ({"file_size": 99_000_000}, "Berkasnya terlalu besar."),
        ({"url": "http://169.254.169.254/latest/"}, "Berkasnya dialihkan ke alamat lain"),
        ({"url": "https://jahat.contoh.id/x"}, "Berkasnya dialihkan ke alamat lain"),
        ({"url": "https://fbsbx.com.jahat.id/x"}, "Berkasnya dialihkan ke alamat lain"),
        ({"url": "file:///etc/passwd"}, "Berkasnya dialihkan ke alamat lain"),
        ({"url": ""}, "Berkasnya dialihkan ke alamat lain"),
    ],
)
def test_what_whatsapp_says_of_a_file_is_not_believed(graph: FakeGraph, lies: dict[str, Any], sentence: str) -> None:
    graph.files["65463453"], graph.lies = JPEG, lies
    file = fetched()
    assert file.state == "gone"
    assert file.error.startswith(sentence)
    assert len(graph.calls) == 1  # the token went nowhere else


def test_a_name_of_metas_that_leads_into_our_network_is_refused(
    graph: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = socket.getaddrinfo

    def private(host: str, *more: Any, **options: Any) -> Any:
        return plain("10.0.0.7" if host.endswith("fbsbx.com") else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", private)
    graph.files["65463453"], graph.lies = JPEG, {"url": "https://lookaside.fbsbx.com/x"}
    assert fetched().error.startswith("Berkasnya dialihkan")


def test_more_bytes_than_it_said_are_not_taken(graph: FakeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.files["65463453"], graph.lies = b"\xff\xd8\xff" + bytes(files.LARGEST), {"file_size": 10}
    assert fetched().error == "Berkasnya terlalu besar."


def test_a_program_that_calls_itself_a_photo_is_not_kept(graph: FakeGraph) -> None:
    graph.files["65463453"] = b"MZ\x90\x00 ini program"
    assert fetched().error.startswith("Jenis berkasnya tidak dikenal")


def test_a_file_that_came_broken_is_asked_for_again(graph: FakeGraph) -> None:
    graph.files["65463453"], graph.lies = JPEG, {"sha256": "0" * 64}
    file = fetched()
    assert (file.state, file.error) == ("wanted", "Berkasnya rusak di jalan.")
    graph.lies = {}
    InboundFile.objects.update(next_attempt_at=timezone.now())
    files.fetch_files(lambda: True)
    file.refresh_from_db()
    assert file.state == "kept"


@pytest.mark.parametrize("media_id", ["404404", "../1/messages", "1?x"])
def test_a_file_that_is_gone_or_never_was(graph: FakeGraph, media_id: str) -> None:
    assert graph.url
    assert fetched(media_id=media_id).state == "gone"


def test_a_redirect_into_our_network_is_not_followed(graph: FakeGraph) -> None:
    graph.files["65463453"] = JPEG
    hear(message("image", {"id": "65463453"}, timestamp=now()))
    told = graph.answer

    def redirect(call: Any) -> Answer:
        inside = {"Location": "http://10.0.0.1/rahasia"}
        return Answer(b"", 302, inside) if call.path.startswith("/isi/") else told(call)

    graph.answer = redirect  # type: ignore[method-assign]  # this one platform redirects
    files.fetch_files(lambda: True)
    assert InboundFile.objects.get().error.startswith("Berkasnya dialihkan ke alamat lain")


@pytest.mark.parametrize("answer", [error(190, 401), Answer({}, 500), error(130429, 429)])
def test_trouble_while_fetching_is_trouble_of_the_medium(graph: FakeGraph, answer: Answer) -> None:
    graph.files["65463453"], graph.instead = JPEG, answer
    assert fetched().state == "wanted"
    assert state().paused_until is not None
