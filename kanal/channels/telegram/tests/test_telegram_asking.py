"""A machine that Telegram cannot call waits on a line held open: one worker at a time, kept before it is forgotten."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, delivery, listening, mailroom
from kanal.channels.actions import Message, pulse
from kanal.channels.adapters import Found
from kanal.channels.listening import HeldLine
from kanal.channels.models import Delivery, Inbound, Medium, MediumState, Outbound
from kanal.channels.telegram.adapter import ADAPTER, Telegram
from tests.support.platform import Answer, running
from tests.support.telegram import SARI, FakeBotApi, error, message, settings_for, update

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]


@pytest.fixture
def asking(settings: Settings) -> Iterator[FakeBotApi]:
    with running(FakeBotApi()) as platform:
        settings.TELEGRAM = settings_for(platform.url, polling=True)
        yield platform


@pytest.fixture
def line() -> HeldLine:
    return HeldLine(Medium.TELEGRAM)


def written(number: int) -> dict[str, Any]:
    return update(number, message=message(number, text=f"pesan {number}"))


def look(line: HeldLine) -> float:
    return line.listen("a:1", patient=False)


def state() -> MediumState:
    return MediumState.objects.get(medium=Medium.TELEGRAM)


def rest_is_over() -> None:
    MediumState.objects.update(looked_at=timezone.now())


def test_the_line_is_held_until_somebody_writes(asking: FakeBotApi, line: HeldLine) -> None:
    def sari() -> None:
        while not asking.holding:
            time.sleep(0.01)
        asking.happens(written(1))

    thread = threading.Thread(target=sari)
    thread.start()
    assert line.listen("a:1") == 0.0
    thread.join()
    assert asking.calls[0].query["timeout"] == str(listening.HOLD)
    assert len(asking.calls) == 1
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.get().text == "pesan 1"


def test_pages_follow_one_another_and_nothing_is_asked_for_twice(asking: FakeBotApi, line: HeldLine) -> None:
    asking.happens(*map(written, range(1, 251)))
    assert [look(line) for _page in range(3)] == [0.0, 0.0, 0.0]
    while mailroom.read_deliveries(lambda: True):
        pass
    assert Inbound.objects.count() == 250
    assert state().cursor == "951"
    assert look(line) > 0
    assert asking.calls[-1].query["offset"] == "951"
    assert not asking.updates  # Telegram forgot what we have


def test_the_page_that_was_kept_is_the_one_that_came(asking: FakeBotApi, line: HeldLine) -> None:
    asking.happens(update(1, message=message(1, text="halo", hal_baru=True)))
    look(line)
    assert json.loads(Delivery.objects.get().payload)["result"] == asking.updates


def test_a_platform_that_does_not_wait_is_not_asked_without_end(asking: FakeBotApi, line: HeldLine) -> None:
    asking.instead = Answer({"ok": True, "result": []})
    assert line.listen("a:1") > 0


def test_one_worker_listens_and_the_next_one_when_it_ended_or_died(asking: FakeBotApi, line: HeldLine) -> None:
    look(line)
    assert line.listen("b:2") == listening.BEHIND_ANOTHER
    assert len(asking.calls) == 1
    line.let_go("b:2")  # not its to give
    assert line.listen("b:2") == listening.BEHIND_ANOTHER
    line.let_go("a:1")
    line.listen("b:2", patient=False)
    assert len(asking.calls) == 2
    MediumState.objects.update(held_until=timezone.now() - timedelta(seconds=1))  # it died
    look(line)
    assert len(asking.calls) == 3


def test_who_was_away_so_long_that_another_listens_keeps_nothing(
    asking: FakeBotApi, line: HeldLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking.happens(written(1))
    hold = Telegram.hold

    def asleep(self: Telegram, cursor: str, seconds: int) -> Found | None:
        found = hold(self, cursor, seconds)
        MediumState.objects.update(held_by="b:2", held_until=timezone.now() + timedelta(minutes=1))
        return found

    monkeypatch.setattr(Telegram, "hold", asleep)
    look(line)
    assert not Delivery.objects.exists()
    assert state().cursor == ""


WEBHOOK = error(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")


@pytest.mark.parametrize(
    ("answer", "alarm", "least"),
    [
        (WEBHOOK, "Webhook bot Telegram masih terpasang", 600),
        (error(409, "Conflict: terminated by other getUpdates request"), "Bot Telegram ini juga ditanyai", 60),
        (error(401, "Unauthorized"), "Token bot Telegram tidak berlaku", 600),
        (error(429, "Too Many Requests: retry after 9", retry_after=9), "", 9),
        (error(500, "Internal Server Error"), "", 1),
        (Answer({"ok": True, "result": "?"}), "", 1),
    ],
)
def test_asking_that_fails_loses_nothing_and_holds_up_no_answer(
    asking: FakeBotApi, line: HeldLine, monkeypatch: pytest.MonkeyPatch, answer: Answer, alarm: str, least: int
) -> None:
    monkeypatch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)
    asking.happens(written(1))
    asking.instead, begun = answer, timezone.now()
    look(line)
    rests_until = state().looked_at
    assert rests_until is not None
    assert least <= (rests_until - begun).total_seconds() <= 1.5 * least + 5
    assert state().alarm.startswith(alarm)
    assert bool(state().alarm) == bool(alarm)
    assert look(line) > 0
    assert len(asking.calls) == 1, "it is left alone, by whoever looks"
    asking.instead = None
    address = actions.address_for(medium=Medium.TELEGRAM, handle=str(SARI))
    actions.queue([Message("assigned", "k", "x", "Diteruskan.", address=address)])
    delivery.deliver_due(lambda: True)
    assert Outbound.objects.get().state == Outbound.State.SENT
    rest_is_over()
    assert look(line) == 0.0
    assert state().alarm == ""


def test_pauses_grow_differ_by_chance_and_end_with_the_fault(
    asking: FakeBotApi, line: HeldLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(pulse, "look_later", lambda _medium, *, for_, **_told: pauses.append(for_.total_seconds()))
    asking.instead = error(502, "Bad Gateway")
    for _time in range(12):
        look(line)
    for nth, pause in enumerate(pauses):
        least = min(2.0**nth, listening.LONGEST_PAUSE)
        assert least <= pause <= 1.5 * least
    assert len({round(pause / 300, 3) for pause in pauses[-3:]}) > 1
    asking.instead = None
    look(line)
    asking.instead = error(502, "Bad Gateway")
    look(line)
    assert pauses[-1] <= 1.5


def test_a_webhook_that_goes_away_lets_kanal_ask_again(asking: FakeBotApi, line: HeldLine) -> None:
    asking.happens(written(1))
    asking.webhook = True
    look(line)
    assert not Delivery.objects.exists()
    asking.webhook = False
    rest_is_over()
    look(line)
    assert Delivery.objects.count() == 1


def test_our_own_stumbling_rests_a_while_too(
    asking: FakeBotApi, line: HeldLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_asked: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Telegram, "hold", stumble)
    look(line)
    assert state().looked_at > timezone.now() + timedelta(seconds=50)  # type: ignore[operator]  # it is set


def test_telegram_that_is_down_costs_nothing(settings: Settings, line: HeldLine) -> None:
    with running(FakeBotApi()) as gone:
        settings.TELEGRAM = settings_for(gone.url, polling=True)
    assert look(line) > 0
    assert state().trouble == "Telegram tidak bisa dihubungi."


def test_where_telegram_calls_nothing_is_asked(asking: FakeBotApi) -> None:
    assert not Telegram.holds
    mailroom.look_around(lambda: True)
    assert not asking.calls


def test_a_look_without_waiting_is_one_too(asking: FakeBotApi) -> None:
    asking.happens(written(1))
    found = ADAPTER.look("")
    assert found is not None
    assert found.cursor == "702"
    assert asking.calls[0].query["timeout"] == "0"
