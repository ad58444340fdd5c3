"""The mailroom: kept first, read afterwards; repeated, late, unknown or broken, nothing is lost and nothing doubled."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from django.db import DataError, OperationalError
from django.utils import timezone

from kanal.channels import actions, delivery, files, mailroom, signals
from kanal.channels.actions import Message, pulse
from kanal.channels.adapters import Adapter, Found, RefusedForGoodError, UnreachableError, adapters
from kanal.channels.models import Address, Delivery, Inbound, InboundFile, Medium, MediumState, Outbound
from kanal.channels.queries import health
from tests.support.media import PlainMedium
from tests.support.media import delivery as posted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("medium_alone")]
State = Outbound.State
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)  # 12.00 in Bojonegoro
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200


def said(number: int = 1, text: str = "Jalan rusak di Jono", **more: Any) -> dict[str, Any]:
    return {
        "is": "said",
        "external_id": f"m{number}",
        "handle": "+6281234567890",
        "at": NOON.isoformat(),
        "text": text,
        **more,
    }


def arrives(*items: dict[str, Any]) -> Delivery:
    """A platform posts, the worker reads."""
    row = actions.store_delivery(medium=Medium.APP, payload=posted(*items))
    mailroom.read_deliveries(lambda: True)
    row.refresh_from_db()
    return row


@pytest.fixture
def heard() -> Iterator[list[Inbound]]:
    """What rooms above hear of."""
    messages: list[Inbound] = []

    def listen(inbound: Inbound, **_more: object) -> None:
        messages.append(inbound)

    signals.message_came.connect(listen)
    yield messages
    signals.message_came.disconnect(listen)


@pytest.mark.usefixtures("plain_medium")
def test_what_nobody_takes_up_waits_for_a_person(heard: list[Inbound]) -> None:
    assert arrives(said()).state == Delivery.State.READ
    [message] = Inbound.objects.all()
    assert (message.text, message.state, message.address_id) == (
        "Jalan rusak di Jono",
        "waiting",
        Address.objects.get().pk,
    )
    assert [one.pk for one in heard] == [message.pk]


@pytest.mark.usefixtures("plain_medium")
def test_a_thousand_repeated_deliveries_are_one_message(heard: list[Inbound]) -> None:
    payload = posted(said())
    for _again in range(1000):
        actions.store_delivery(medium=Medium.APP, payload=payload)
    while mailroom.read_deliveries(lambda: True):
        pass
    assert Inbound.objects.count() == len(heard) == 1
    assert not Delivery.objects.exclude(state=Delivery.State.READ).exists()


@pytest.mark.usefixtures("plain_medium")
def test_what_this_version_cannot_read_waits_with_its_sender_and_nobody_takes_it_up(heard: list[Inbound]) -> None:
    for _twice in range(2):
        arrives(said(text="(Pesan jenis “hologram” belum bisa dibaca Kanal.)", unread=True))
    message = Inbound.objects.get()
    assert (message.state, message.address) == ("waiting", phone())
    assert "hologram" in message.text
    assert not heard


@pytest.mark.usefixtures("plain_medium")
def test_news_that_nobody_said_are_counted_and_reach_no_desk() -> None:
    for number in (1, 1, 2):
        arrives({"is": "strange", "external_id": f"s{number}", "what": "hologram", "at": NOON.isoformat()})
    assert not Inbound.objects.exists()
    [shown] = [one for one in health() if one.medium == Medium.APP]
    assert [(one.reason, one.number) for one in shown.strange] == [("hologram", 2)]
    assert actions.read_anew(since=timezone.now() - timedelta(1)) == 0, (
        "words that mark a complaint change nothing about them"
    )


@pytest.mark.usefixtures("plain_medium")
def test_half_an_emoji_is_left_out_and_the_words_are_kept() -> None:
    file = {"external_id": "f1", "kind": "image", "name": "jalan\ud83d.jpg"}
    arrives(said(text="Jalan rusak \ud83d", name="Sari\ude00", place="\ud83dJono", files=[file]))
    arrives({"is": "changed", "external_id": "m1", "text": "Parah \ud83d", "at": (NOON + timedelta(1)).isoformat()})
    message = Inbound.objects.get()
    assert (message.text, message.place, Address.objects.get().contact.name) == ("Parah ", "Jono", "Sari")
    assert InboundFile.objects.get().name == "jalan.jpg"


@pytest.mark.usefixtures("plain_medium")
def test_a_delivery_that_cannot_be_read_stays_with_its_reason_and_can_be_read_again() -> None:
    row = actions.store_delivery(medium=Medium.APP, payload="{bukan json")
    mailroom.read_deliveries(lambda: True)
    row.refresh_from_db()
    assert (row.state, row.error) == (Delivery.State.FAILED, "no items")
    Delivery.objects.update(payload=posted(said()))  # the next version reads it
    assert actions.read_again(Medium.APP) == 1
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.count() == 1


@pytest.mark.usefixtures("plain_medium")
def test_what_was_taken_back_before_it_came_is_not_kept_when_it_comes(heard: list[Inbound]) -> None:
    for _twice in range(2):
        arrives({"is": "removed", "external_id": "m1", "at": NOON.isoformat()})
    arrives(said(files=[{"external_id": "f1", "kind": "image"}]), said(2))
    assert [message.external_id for message in heard] == ["m2"]
    gone = Inbound.objects.get(external_id="m1")
    assert (gone.text, gone.address, gone.removed_at, gone.state) == ("", None, NOON, Inbound.State.DROPPED)
    assert not gone.files.exists()


@pytest.mark.usefixtures("plain_medium")
def test_a_fault_in_a_room_above_undoes_the_reading_and_it_is_tried_again() -> None:
    def stumble(**_facts: object) -> None:
        raise ValueError

    signals.message_came.connect(stumble)
    try:
        row = arrives(said())
    finally:
        signals.message_came.disconnect(stumble)
    assert row.state == Delivery.State.STORED
    assert not Inbound.objects.exists()
    Delivery.objects.update(next_attempt_at=timezone.now())
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.count() == 1


@pytest.mark.usefixtures("plain_medium")
def test_a_busy_database_is_the_workers_trouble_and_costs_the_delivery_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_given: object, **_more: object) -> None:
        raise OperationalError

    actions.store_delivery(medium=Medium.APP, payload=posted(said()))
    with monkeypatch.context() as patch:
        patch.setattr(actions, "keep_message", busy)
        with pytest.raises(OperationalError):
            mailroom.read_deliveries(lambda: True)
    assert Delivery.objects.get().state == Delivery.State.STORED


class Stumbles(PlainMedium):
    looks_every = timedelta(0)

    def look(self, cursor: str) -> Found | None:
        raise RuntimeError(cursor)


class Looks(PlainMedium):
    medium = Medium.X
    looks_every = timedelta(0)

    def look(self, cursor: str) -> Found | None:
        return None if cursor else Found(posted(said()).encode(), "1")


def test_a_medium_that_stumbles_keeps_no_other_from_being_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    known = cast("dict[str, Adapter]", adapters())
    for medium in (Stumbles(), Looks()):
        monkeypatch.setitem(known, medium.medium.value, medium)
    assert list(known).index("app") < list(known).index("x")
    assert mailroom.look_around(lambda: True) == 1
    assert mailroom.look_around(lambda: True) == 0
    looked_at = MediumState.objects.get(medium=Medium.APP).looked_at
    assert looked_at is not None
    assert looked_at > timezone.now()


@pytest.mark.usefixtures("plain_medium")
def test_what_the_database_will_never_take_ends_as_failed_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_given: object, **_more: object) -> None:
        raise DataError("value too long for type character varying(200)")

    row = actions.store_delivery(medium=Medium.APP, payload=posted(said()))
    with monkeypatch.context() as patch:
        patch.setattr(actions, "keep_message", too_long)
        for _attempt in range(4):
            Delivery.objects.update(next_attempt_at=timezone.now())
            assert mailroom.read_deliveries(lambda: True) == 1
    row.refresh_from_db()
    assert row.state == Delivery.State.FAILED
    assert "too long" in row.error


@pytest.mark.usefixtures("plain_medium")
def test_rewritten_and_taken_back() -> None:
    later = (NOON + timedelta(minutes=1)).isoformat()
    arrives(said())
    arrives({"is": "changed", "external_id": "m1", "text": "Jalan rusak di Kalianyar", "at": later})
    arrives({"is": "changed", "external_id": "m1", "text": "yang lama", "at": NOON.isoformat()})
    assert Inbound.objects.get().text == "Jalan rusak di Kalianyar"
    arrives({"is": "removed", "external_id": "m1", "at": later})
    arrives({"is": "changed", "external_id": "m1", "text": "terlambat", "at": (NOON + timedelta(hours=1)).isoformat()})
    message = Inbound.objects.get()
    assert message.text == ""
    assert message.removed_at is not None


@pytest.mark.usefixtures("plain_medium")
def test_stop_stops_everything_and_writing_again_lifts_it() -> None:
    arrives(said(1))
    queued(Address.objects.get())
    arrives(said(2, " Berhenti. "))
    address = Address.objects.get()
    assert address.state == Address.State.OPTED_OUT
    assert Inbound.objects.get(external_id="m2").state == "dropped"
    delivery.deliver_due(lambda: True)
    assert Outbound.objects.get().state == State.GIVEN_UP
    arrives(said(3, "Lampu mati"))
    assert Address.objects.get().state == Address.State.OK


def queued(address: Address, key: str = "k1", purpose: str = "assigned") -> Outbound:
    message = Message(
        purpose=purpose, dedupe_key=key, subject="Diteruskan", body="Laporan Anda diteruskan.", address=address
    )
    actions.queue([message])
    return Outbound.objects.get(dedupe_key=key)


def phone() -> Address:
    return actions.address_for(medium=Medium.APP, handle="+6281234567890")


def sent(medium: PlainMedium) -> Outbound:
    row = queued(phone())
    delivery.deliver_due(lambda: True)
    assert [message.to for message in medium.sent] == ["+6281234567890"]
    row.refresh_from_db()
    assert row.external_id == "out-1"
    return row


def receipt(state: str, **more: Any) -> dict[str, Any]:
    return {"is": "receipt", "external_id": "out-1", "state": state, "at": NOON.isoformat(), **more}


def test_receipts_in_any_order_end_at_the_furthest(plain_medium: PlainMedium) -> None:
    row = sent(plain_medium)
    for state, reached in (("read", "read"), ("sent", "read"), ("delivered", "read"), ("read", "read")):
        arrives(receipt(state))
        row.refresh_from_db()
        assert row.state == reached


def test_a_failed_receipt_is_shown_with_its_reason(plain_medium: PlainMedium) -> None:
    row = sent(plain_medium)
    arrives(receipt("failed", sentence="Nomor ini tidak memakai WhatsApp.", no_such_address=True))
    row.refresh_from_db()
    assert (row.state, row.error) == (State.FAILED, "Nomor ini tidak memakai WhatsApp.")
    assert phone().state == Address.State.BOUNCED


def test_a_platform_that_is_away_is_left_alone_and_loses_no_attempt(plain_medium: PlainMedium) -> None:
    row = queued(phone())
    plain_medium.trouble = UnreachableError("Token habis.", pause=timedelta(minutes=7), alarm=True)
    delivery.deliver_due(lambda: True)
    state = MediumState.objects.get(medium=Medium.APP)
    assert state.alarm == "Token habis."
    plain_medium.trouble = None
    assert delivery.deliver_due(lambda: True) == 0
    MediumState.objects.update(paused_until=timezone.now())
    Outbound.objects.update(next_attempt_at=timezone.now())
    delivery.deliver_due(lambda: True)
    row.refresh_from_db()
    assert row.state == State.SENT
    assert MediumState.objects.get(medium=Medium.APP).alarm == ""


def test_one_that_is_refused_for_good_does_not_stop_the_others(plain_medium: PlainMedium) -> None:
    first = queued(phone())
    plain_medium.trouble = RefusedForGoodError("Ditolak.", bounced=True)
    delivery.deliver_due(lambda: True)
    first.refresh_from_db()
    assert (first.state, first.error) == (State.FAILED, "Ditolak.")
    assert phone().state == Address.State.BOUNCED


@pytest.mark.parametrize(
    ("hour", "purpose_time"), [(23, 6), (2, 6), (12, None)], ids=["late evening", "small hours", "noon"]
)
def test_no_telephone_rings_at_night_for_a_notice(
    plain_medium: PlainMedium, monkeypatch: pytest.MonkeyPatch, hour: int, purpose_time: int | None, regency: object
) -> None:
    assert regency
    now = datetime(2026, 11, 23, hour, 30, tzinfo=timezone.get_default_timezone())
    monkeypatch.setattr(type(plain_medium), "night", False)
    row = queued(phone())
    Outbound.objects.update(next_attempt_at=now - timedelta(minutes=1))
    monkeypatch.setattr(timezone, "now", lambda: now)
    delivery.deliver_due(lambda: True)
    row.refresh_from_db()
    if purpose_time is None:
        assert row.state == State.SENT
    else:
        assert (row.state, row.attempts) == (State.QUEUED, 0)
        assert row.next_attempt_at.astimezone(now.tzinfo).hour == purpose_time


def test_whoever_just_wrote_is_answered_at_night_too(
    plain_medium: PlainMedium, monkeypatch: pytest.MonkeyPatch, regency: object
) -> None:
    assert regency
    now = datetime(2026, 11, 23, 23, 30, tzinfo=timezone.get_default_timezone())
    monkeypatch.setattr(type(plain_medium), "night", False)
    arrives(said(at=(now - timedelta(minutes=2)).isoformat()))
    row = queued(phone())
    Outbound.objects.update(next_attempt_at=now - timedelta(minutes=1))
    monkeypatch.setattr(timezone, "now", lambda: now)
    delivery.deliver_due(lambda: True)
    row.refresh_from_db()
    assert row.state == State.SENT


def with_file(kind: str = "image") -> dict[str, Any]:
    return said(files=[{"external_id": "f1", "kind": kind, "name": "foto saya.jpg"}])


def test_a_file_is_fetched_and_kept_encrypted(plain_medium: PlainMedium) -> None:
    plain_medium.files["f1"] = JPEG
    arrives(with_file())
    assert files.fetch_files(lambda: True) == 1
    file = InboundFile.objects.get()
    assert (file.state, file.kind, file.mime, file.size) == ("kept", "image", "image/jpeg", len(JPEG))
    assert files.content_of(file) == JPEG
    assert files.fetch_files(lambda: True) == 0


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"MZ\x90\x00 ini program", "image", "Jenis berkasnya tidak dikenal"),
        (b"\xff\xd8\xff" + bytes(files.LARGEST), "image", "Berkasnya terlalu besar."),
        (None, "image", "Berkas sudah tidak ada."),
    ],
    ids=["lies about its type", "too large", "gone"],
)
def test_what_is_not_kept_says_why(plain_medium: PlainMedium, content: bytes | None, kind: str, sentence: str) -> None:
    if content is not None:
        plain_medium.files["f1"] = content
    arrives(with_file(kind))
    files.fetch_files(lambda: True)
    file = InboundFile.objects.get()
    assert file.state == "gone"
    assert file.error.startswith(sentence)


def test_a_voice_note_sent_as_a_document_is_a_voice_note(plain_medium: PlainMedium) -> None:
    plain_medium.files["f1"] = b"OggS" + b"0" * 100
    arrives(with_file("document"))
    files.fetch_files(lambda: True)
    assert InboundFile.objects.values_list("kind", "mime").get() == ("audio", "audio/ogg")


def test_a_slow_platform_is_asked_again_later(plain_medium: PlainMedium) -> None:
    plain_medium.trouble = UnreachableError("Tidak tersambung.")
    arrives(with_file())
    files.fetch_files(lambda: True)
    assert InboundFile.objects.get().state == "wanted"
    assert pulse.paused()


def test_waiting_for_a_platform_that_rests_costs_a_file_no_attempt(plain_medium: PlainMedium) -> None:
    arrives(with_file(), said(2, files=[{"external_id": "f2", "kind": "image"}]))
    plain_medium.trouble = UnreachableError("Token habis.", pause=timedelta(minutes=10), alarm=True)
    for _turn in range(9):
        files.fetch_files(lambda: True)
        InboundFile.objects.update(next_attempt_at=timezone.now())
    assert sorted(InboundFile.objects.values_list("attempts", flat=True)) == [0, 1]
    plain_medium.trouble, plain_medium.files = None, {"f1": JPEG, "f2": JPEG}
    MediumState.objects.update(paused_until=None)
    assert files.fetch_files(lambda: True) == 2
