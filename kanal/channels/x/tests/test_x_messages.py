"""Direct messages to our account: read where that is permitted, each once, within the plan, and never in public."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, calling, delivery, mailroom, queries
from kanal.channels.actions import Message
from kanal.channels.adapters import FileRef
from kanal.channels.models import Delivery, Inbound, InboundFile, Medium, MediumState, Outbound
from kanal.channels.x.adapter import ADAPTER, X
from kanal.channels.x.place import Place
from tests.support.platform import Answer, running
from tests.support.x import ACCOUNT, FIRST, SARI, FakeX, letter, post, problem, settings_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]


@pytest.fixture
def x(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeX]:
    monkeypatch.setattr(X, "looks_every", timedelta(0))
    monkeypatch.setattr(X, "pace", 1000.0)
    with running(FakeX()) as platform:
        settings.X = settings_for(platform.url, direct=True, direct_read=True)
        yield platform


def look() -> int:
    kept = mailroom.look_around(lambda: True)
    while mailroom.read_deliveries(lambda: True):
        pass
    return kept


def state() -> MediumState:
    return MediumState.objects.get(medium=Medium.X)


def place() -> Place:
    return Place.read(state().cursor, timezone.now())


def asked_for_messages(x: FakeX) -> int:
    return sum(call.path.endswith("/dm_events") for call in x.calls)


# What they say ------------------------------------------------------------------------------------------------------


def test_what_somebody_writes_to_us_alone_is_a_message_of_theirs_that_nobody_else_reads(x: FakeX) -> None:
    x.events = [letter(1, "Jalan Jono rusak &amp; gelap")]
    assert look() == 1
    message = Inbound.objects.get()
    assert (message.external_id, message.public, message.thread) == (f"dm:{FIRST + 1}", False, "")
    assert message.text == "Jalan Jono rusak & gelap"
    assert message.address is not None
    assert (message.address.handle, message.address.contact.name) == (SARI, "Sari @sari_bjn")
    assert message.address.verified_at is not None


def test_who_writes_in_public_and_in_private_is_one_person(x: FakeX) -> None:
    x.mentions, x.events = [post(1)], [letter(2)]
    look()
    first, second = Inbound.objects.all()
    assert first.address == second.address
    assert {first.public, second.public} == {True, False}


@pytest.mark.parametrize(
    "parts",
    [
        {"sender_id": ACCOUNT},
        {"event_type": "ParticipantsJoin", "participant_ids": [SARI]},
        {"dm_conversation_id": "1578398451921985538"},
    ],
)
def test_our_own_words_and_groups_lead_to_nothing(x: FakeX, parts: dict[str, Any]) -> None:
    x.events = [letter(1, **parts)]
    assert look() == 1
    assert not Inbound.objects.exists()


def test_what_nobody_can_read_waits_for_a_person_with_its_sender(x: FakeX) -> None:
    x.events = [letter(1, ""), letter(2, created_at="kemarin"), letter(3, created_at="kemarin", sender_id=ACCOUNT)]
    look()
    kept = Inbound.objects.filter(state=Inbound.State.WAITING, address__isnull=False)
    assert set(kept.values_list("external_id", flat=True)) == {f"dm:{FIRST + 1}", f"dm:{FIRST + 2}"}


def test_a_picture_comes_along_without_its_link(x: FakeX) -> None:
    short = "https://t.co/abc"
    there = "https://ton.twitter.com/1.1/ton/data/dm/1/2/foto.jpg"
    links = [{"url": short, "expanded_url": "https://x.com/messages/media/1"}]
    x.included = {"media": [{"media_key": "3_2", "type": "photo", "url": there}]}
    x.events = [
        letter(1, f"Ini fotonya {short}", attachments={"media_keys": ["3_2"]}, entities={"urls": links}),
        letter(2, short, attachments={"media_keys": ["3_2"]}, entities={"urls": links}),
    ]
    look()
    assert [row.text for row in Inbound.objects.order_by("external_id")] == ["Ini fotonya", ""]
    assert set(InboundFile.objects.values_list("external_id", flat=True)) == {there}


def test_pictures_of_messages_are_asked_for_in_our_name_others_are_not(
    x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Any] = []

    def download(*_line: object, headers: Any, **_options: object) -> bytes:
        said.append(headers)
        return b""

    monkeypatch.setattr(calling, "download", download)
    for url in ("https://ton.twitter.com/1.1/ton/data/dm/1/2/foto.jpg", "https://pbs.twimg.com/media/foto.jpg"):
        ADAPTER.fetch(FileRef(url, "image"))
    assert said[0]["Authorization"].startswith("OAuth ")
    assert said[1] is None


# Asking -------------------------------------------------------------------------------------------------------------


def test_without_the_setting_nobody_asks_for_them(x: FakeX, settings: Settings) -> None:
    settings.X["direct_read"] = False
    x.events = [letter()]
    look()
    assert not asked_for_messages(x)
    assert ADAPTER.is_configured
    assert [step.sentence[:8] for step in ADAPTER.steps() if not step.done] == ["Bila mau"]
    settings.X["direct_read"] = True
    assert all(step.done for step in ADAPTER.steps())


def test_each_is_kept_once_however_often_x_gives_it(x: FakeX) -> None:
    x.events = [letter(1), letter(2)]
    assert look() == 1
    assert look() == 0
    x.events.append(letter(3, "Satu lagi"))
    assert look() == 1
    assert Inbound.objects.count() == 3
    assert Delivery.objects.count() == 2
    assert "Satu lagi" in Delivery.objects.order_by("-pk")[0].payload
    assert "mau lapor" not in Delivery.objects.order_by("-pk")[0].payload, "what is known is not kept again"


def test_old_ones_from_before_kanal_are_left_alone(x: FakeX) -> None:
    x.events = [letter(1), letter(-(3 * 86_400_000 << 22), "tiga hari lalu")]
    look()
    assert Inbound.objects.count() == 1


def test_a_walk_through_pages_goes_on_where_a_worker_died_and_then_mentions_are_asked_for(x: FakeX) -> None:
    x.events = [letter(number, f"pesan {number}") for number in range(1, 51)]
    x.mentions = [post(60)]
    once = iter([True, True, False])
    assert mailroom.look_around(lambda: next(once, False)) == 1
    assert place().heard_page == "surat-20"
    assert look() == 3
    assert Inbound.objects.count() == 51
    assert place().heard == str(FIRST + 50)
    assert not place().heard_page
    assert look() == 0


def test_a_page_that_x_does_not_know_any_more_begins_anew_without_doubles(x: FakeX) -> None:
    x.events = [letter(number) for number in range(1, 31)]
    x.stale = True
    assert look() == 1
    x.stale = False
    assert look() == 2
    assert Inbound.objects.count() == 30


def test_messages_count_to_the_months_allowance_once_a_day(x: FakeX, settings: Settings) -> None:
    x.events = [letter(1), letter(2)]
    look()
    look()
    assert place().posts == 2
    MediumState.objects.update(cursor=place().written().replace(place().heard_on, "2026-01-01"))
    look()
    assert place().posts == 4
    settings.X["posts_a_month"] = 8
    look()
    assert state().alarm.startswith("Jatah kiriman X bulan ini")


def test_the_end_of_their_window_keeps_nobody_from_asking_for_mentions(x: FakeX) -> None:
    at = int(timezone.now().timestamp()) + 600
    x.event_headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(at)}
    x.events = [letter(number) for number in range(1, 31)]
    x.mentions = [post(60)]
    look()
    assert (asked_for_messages(x), Inbound.objects.filter(public=True).count()) == (1, 1)
    look()
    assert asked_for_messages(x) == 1
    assert abs(place().deaf - at) < 5


@pytest.mark.parametrize(
    "answer",
    [
        problem(403, "Forbidden", "Your client app is not configured with the appropriate oauth1 app permissions"),
        problem(403, "Forbidden", "You are not permitted to perform this action"),
    ],
)
def test_what_is_not_permitted_is_said_and_mentions_are_heard(x: FakeX, answer: Answer) -> None:
    x.closed_ears, x.mentions = answer, [post()]
    assert look() == 1
    assert state().alarm.startswith("X belum mengizinkan pesan langsung dibaca.")
    since = state().alarm_at
    look()
    assert asked_for_messages(x) == 1, "it is not asked again at once"
    assert state().alarm_at == since
    x.closed_ears = None
    MediumState.objects.update(cursor=Place.read(state().cursor, timezone.now()).written().replace('"deaf":', '"x":'))
    look()
    assert state().alarm == ""


@pytest.mark.parametrize("answer", [problem(503, "Service Unavailable", ""), problem(429, "Too Many Requests", "")])
def test_a_fault_that_passes_holds_up_no_mention(x: FakeX, answer: Answer) -> None:
    x.closed_ears, x.mentions = answer, [post()]
    assert look() == 1
    assert state().alarm == ""
    assert place().deaf > timezone.now().timestamp()


# Answers ------------------------------------------------------------------------------------------------------------


def answered(purpose: str) -> Outbound:
    person = actions.address_for(medium=Medium.X, handle=SARI)
    actions.queue([Message(purpose, "k1", "x", "Kodenya BJN-7K2M-9QXR", address=person)])
    delivery.deliver_due(lambda: True)
    return Outbound.objects.get()


def test_who_wrote_to_us_alone_is_answered_alone(x: FakeX) -> None:
    x.events = [letter()]
    look()
    assert answered("talk").state == Outbound.State.SENT
    assert x.direct == [{"to": SARI, "text": "Kodenya BJN-7K2M-9QXR"}]


def test_in_public_nothing_is_said_of_what_was_written_in_private(x: FakeX) -> None:
    x.mentions, x.events, x.closed = [post(1)], [letter(2)], {SARI}
    look()
    row = answered("receipt")
    assert (row.state, row.error) == (
        Outbound.State.FAILED,
        "Orang ini tidak menerima pesan langsung dari akun kita di X.",
    )
    assert not x.texts


def test_messages_are_no_posts_to_be_looked_after(x: FakeX) -> None:
    x.mentions, x.events = [post(1)], [letter(2)]
    look()
    assert queries.waiting_ids(Medium.X, limit=10) == [str(FIRST + 1)]
