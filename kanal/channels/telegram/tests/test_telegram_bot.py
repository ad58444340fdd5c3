"""The bot's webhook, its answers and files, and everything that can be wrong with them."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, calling, delivery, files, mailroom
from kanal.channels.actions import Message
from kanal.channels.models import Address, Delivery, Inbound, InboundFile, Medium, MediumState, Outbound
from kanal.channels.telegram.adapter import ADAPTER
from tests.support.platform import Answer, running
from tests.support.telegram import SARI, SECRET, FakeBotApi, error, posted, settings_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200
URL = "/saluran/telegram/"
State = Outbound.State


@pytest.fixture
def api(settings: Settings) -> Iterator[FakeBotApi]:
    with running(FakeBotApi()) as platform:
        settings.TELEGRAM = settings_for(platform.url)
        yield platform


def person() -> Address:
    return actions.address_for(medium=Medium.TELEGRAM, handle=str(SARI))


def hear(**parts: Any) -> None:
    payload = posted(**{"date": int(timezone.now().timestamp()), **parts})
    actions.store_delivery(medium=Medium.TELEGRAM, payload=payload)
    mailroom.read_deliveries(lambda: True)


def send(body: str = "Laporan Anda diteruskan.") -> Outbound:
    """Somebody wrote just now, and is answered."""
    hear(text="Halo, jalan rusak")
    actions.queue([Message(purpose="assigned", dedupe_key="k1", subject="x", body=body, address=person())])
    delivery.deliver_due(lambda: True)
    return Outbound.objects.get(dedupe_key="k1")


def state() -> MediumState:
    return MediumState.objects.get(medium=Medium.TELEGRAM)


# Being called -------------------------------------------------------------------------------------------------------


def test_an_update_with_the_secret_is_kept_then_read(client: Client, api: FakeBotApi) -> None:
    secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    for _twice in range(2):
        body = posted(text="Jalan rusak di Jono")
        assert client.post(URL, body, content_type="application/json", headers=secret).status_code == 200
    assert Delivery.objects.count() == 2
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.get().text == "Jalan rusak di Jono"
    assert person().handle == str(SARI)


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "tebakan"}])
def test_without_the_secret_it_is_refused_and_counted(client: Client, api: FakeBotApi, headers: dict[str, str]) -> None:
    assert client.post(URL, "{}", content_type="application/json", headers=headers).status_code == 403
    assert not Delivery.objects.exists()
    assert state().refused == 1


def test_without_a_secret_of_our_own_nobody_is_believed(client: Client, api: FakeBotApi, settings: Settings) -> None:
    settings.TELEGRAM["secret"] = ""
    headers = {"X-Telegram-Bot-Api-Secret-Token": ""}
    assert client.post(URL, "{}", content_type="application/json", headers=headers).status_code == 403


def test_five_megabytes_and_bytes_that_are_no_text_are_kept(client: Client, api: FakeBotApi) -> None:
    secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    for body in (posted(text="a" * 5_000_000).encode(), b"\xff\xfe{", posted(2, text="halo XX").encode()):
        sent = body.replace(b"XX", b"\xc3\x28")
        assert client.post(URL, sent, content_type="application/json", headers=secret).status_code == 200
    assert client.post(URL, b"x" * 20_000_000, content_type="application/json", headers=secret).status_code == 413
    mailroom.read_deliveries(lambda: True)
    assert [row.state for row in Delivery.objects.order_by("pk")] == ["read", "failed", "read"]
    first, second = Inbound.objects.order_by("pk")
    assert (len(first.text), second.text) == (5_000_000, "halo \N{REPLACEMENT CHARACTER}(")


# Answers ------------------------------------------------------------------------------------------------------------


def test_an_answer_is_plain_text_without_a_preview_of_links(api: FakeBotApi) -> None:
    row = send("Kode <b>BJN</b>\nhttps://kanal.contoh.id/lacak/")
    assert (row.state, row.external_id) == (State.SENT, f"{SARI}:901")
    [sent] = api.sent
    assert sent == {
        "chat_id": str(SARI),
        "text": "Kode <b>BJN</b>\nhttps://kanal.contoh.id/lacak/",
        "link_preview_options": {"is_disabled": True},
    }


@pytest.mark.parametrize(
    ("answer", "seconds", "alarm"),
    [
        (error(429, "Too Many Requests: retry after 9", retry_after=9), 9, ""),
        (Answer({}, 429, {"Retry-After": "11"}), 11, ""),
        (error(502, "Bad Gateway"), 30, ""),
        (error(401, "Unauthorized"), 600, "Token bot Telegram tidak berlaku"),
    ],
)
def test_telegram_that_cannot_be_used_is_left_alone(api: FakeBotApi, answer: Answer, seconds: int, alarm: str) -> None:
    api.instead, begun = answer, timezone.now()
    row = send()
    paused = state().paused_until
    assert paused is not None
    assert abs((paused - begun).total_seconds() - seconds) < 5
    assert row.state == State.QUEUED
    assert state().alarm.startswith(alarm)
    assert "AAbot" not in row.error + state().alarm


@pytest.mark.parametrize(
    ("answer", "address"),
    [
        (error(403, "Forbidden: bot was blocked by the user"), Address.State.BOUNCED),
        (error(400, "Bad Request: chat not found"), Address.State.BOUNCED),
        (error(400, "Bad Request: message text is empty"), Address.State.OK),
    ],
)
def test_what_is_refused_for_good(api: FakeBotApi, answer: Answer, address: str) -> None:
    api.instead = answer
    assert send().state == State.FAILED
    assert person().state == address


def test_whoever_blocked_the_bot_is_reached_again_when_they_write(api: FakeBotApi) -> None:
    api.instead = error(403, "Forbidden: bot was blocked by the user")
    send()
    hear(text="Saya sudah buka blokirnya", message_id=2)
    assert person().state == Address.State.OK


@pytest.mark.parametrize("fault", ["slow", "hang_up"])
def test_a_line_that_breaks_after_handing_over_is_never_tried_unasked(
    api: FakeBotApi, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(calling, "TIMEOUT", httpx.Timeout(0.2))
    setattr(api, fault, 0.6 if fault == "slow" else True)
    row = send()
    assert row.state == State.FAILED
    assert row.error.startswith("Tidak pasti terkirim")
    assert delivery.deliver_due(lambda: True) == 0
    assert len(api.calls) == 1


def test_telegram_that_is_down_costs_nothing(settings: Settings) -> None:
    with running(FakeBotApi()) as gone:
        settings.TELEGRAM = settings_for(gone.url)
    row = send()
    assert (row.state, row.error) == (State.QUEUED, "Telegram tidak bisa dihubungi.")


def test_what_is_missing_is_listed(settings: Settings) -> None:
    settings.TELEGRAM = {**settings_for("http://127.0.0.1:9"), "secret": ""}
    assert [step.done for step in ADAPTER.steps()] == [True, False]
    settings.TELEGRAM = {**settings_for("http://127.0.0.1:9", polling=True), "secret": ""}
    assert ADAPTER.is_configured


# Files --------------------------------------------------------------------------------------------------------------


def fetched(file_id: str = "besar") -> InboundFile:
    hear(photo=[{"file_id": file_id, "width": 1280, "height": 960}])
    files.fetch_files(lambda: True)
    return InboundFile.objects.get()


def test_a_photo_is_fetched_in_two_steps(api: FakeBotApi) -> None:
    api.files["besar"] = JPEG
    file = fetched()
    assert (file.state, file.mime, files.content_of(file)) == ("kept", "image/jpeg", JPEG)


@pytest.mark.parametrize(
    "lies",
    [{"file_size": 99_000_000}, {"file_path": "../../bot1/deleteWebhook"}, {"file_path": ""}, {"file_path": None}],
)
def test_what_telegram_says_of_a_file_is_not_believed(api: FakeBotApi, lies: dict[str, Any]) -> None:
    api.files["besar"], api.lies = JPEG, lies
    assert fetched().state == "gone"


def test_a_redirect_into_our_network_is_not_followed(api: FakeBotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api.files["besar"] = JPEG
    told = api.answer

    def redirect(call: Any) -> Answer:
        inside = {"Location": "http://10.0.0.1/rahasia"}
        return Answer(b"", 302, inside) if call.path.startswith("/file/") else told(call)

    monkeypatch.setattr(api, "answer", redirect)
    assert fetched().error.startswith("Berkasnya dialihkan ke alamat lain")


def test_a_file_that_is_gone_or_too_large_for_bots(api: FakeBotApi) -> None:
    assert fetched("hilang").error.startswith("Telegram tidak memberi berkas ini")


@pytest.mark.parametrize("answer", [error(401, "Unauthorized"), error(500, "x"), error(429, "x", retry_after=3)])
def test_trouble_while_fetching_is_trouble_of_the_medium(api: FakeBotApi, answer: Answer) -> None:
    api.files["besar"], api.instead = JPEG, answer
    assert fetched().state == "wanted"
    assert state().paused_until is not None
