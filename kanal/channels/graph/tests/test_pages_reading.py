"""What people write privately on Facebook and Instagram, and how Meta's calls are believed and kept."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from kanal.channels import mailroom
from kanal.channels.adapters import (
    Changed,
    Item,
    NotUnderstoodError,
    Passed,
    Receipt,
    ReceiptUpTo,
    Removed,
    Said,
    Strange,
    adapters,
)
from kanal.channels.graph.payload import moment
from kanal.channels.models import Address, Delivery, Inbound, MediumState
from tests.support.graph import (
    OURS,
    SARI,
    VERIFY,
    comment,
    direct,
    envelope,
    event,
    milliseconds,
    post,
    settings_for,
)

pytestmark = pytest.mark.usefixtures("medium_alone")
MEDIA = ("facebook", "instagram")


@pytest.fixture(autouse=True)
def _account(settings: Settings) -> None:
    settings.FACEBOOK = settings.INSTAGRAM = settings_for("http://127.0.0.1:9")


@pytest.fixture(params=MEDIA)
def medium(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def items(medium: str, payload: str | bytes) -> list[Item]:
    return list(adapters()[medium].read(payload.encode() if isinstance(payload, str) else payload))


def one(medium: str, payload: str) -> Item:
    [item] = items(medium, payload)
    return item


def happened(medium: str, **told: Any) -> Item:
    return one(medium, envelope(medium, messaging=[event(**told)]))


def said(item: Item) -> Said:
    assert isinstance(item, Said)
    return item


def brought(medium: str, *attachments: dict[str, Any], text: str = "") -> Item:
    return one(medium, direct(medium, text, attachments=list(attachments)))


# Words, files, places -----------------------------------------------------------------------------------------------


def test_words_with_their_sender(medium: str) -> None:
    found = said(one(medium, direct(medium, "Jalan rusak di Jono")))
    assert (found.external_id, found.handle, found.text) == ("m_in1", SARI, "Jalan rusak di Jono")
    assert (found.public, found.thread) == (False, "")


@pytest.mark.parametrize(
    ("told", "kind"), [("image", "image"), ("audio", "audio"), ("video", "video"), ("file", "document")]
)
def test_files_are_named_by_their_place_in_the_message(medium: str, told: str, kind: str) -> None:
    far = {"url": "https://scontent.xx.fbcdn.net/v/" + "x" * 900}  # longer than any column
    found = said(brought(medium, {"type": "image", "payload": far}, {"type": told, "payload": far}))
    assert [(file.external_id, file.kind) for file in found.files] == [
        ("message:0:m_in1", "image"),
        ("message:1:m_in1", kind),
    ]


def test_a_place(medium: str) -> None:
    found = said(brought(medium, {"type": "location", "payload": {"coordinates": {"lat": -7.15, "long": 111.88}}}))
    assert (found.lat, found.lon) == (-7.15, 111.88)
    nowhere = {"type": "location", "payload": {"coordinates": {"lat": 700, "long": 1}}}
    assert said(brought(medium, nowhere)).unread


def test_a_shared_link_is_words_and_a_kind_of_tomorrow_is_named(medium: str) -> None:
    link = {"type": "fallback", "payload": {"title": "Berita", "url": "https://contoh.id/berita"}}
    assert said(brought(medium, link, text="lihat ini")).text == "lihat ini\nBerita https://contoh.id/berita"
    assert said(brought(medium, {"type": "hologram", "payload": {}})).text == "(Lampiran: hologram)"


def test_a_thumb_says_nothing(medium: str) -> None:
    assert isinstance(brought(medium, {"type": "image", "payload": {"sticker_id": 369239263222822}}), Passed)
    assert isinstance(brought(medium, {"type": "sticker", "payload": {"sticker_id": 1}}), Passed)


def test_buttons(medium: str) -> None:
    found = said(one(medium, direct(medium, "Ya", quick_reply={"payload": "YA"})))
    assert (found.text, found.choice) == ("Ya", "YA")
    pressed = said(happened(medium, postback={"mid": "m_9", "title": "Lapor", "payload": "LAPOR"}))
    assert (pressed.external_id, pressed.text, pressed.choice) == ("m_9", "Lapor", "LAPOR")
    begun = said(happened(medium, postback={"title": "Mulai", "payload": "GET_STARTED"}))
    assert begun.text == "/start"


def test_an_answer_to_a_story_says_that_it_is_one(medium: str) -> None:
    reply = {"story": {"id": "1", "url": "https://lookaside.fbsbx.com/x"}}
    assert said(one(medium, direct(medium, "Di mana ini?", reply_to=reply))).subject == "Balasan atas cerita"


def test_an_edit_and_a_message_taken_back(medium: str) -> None:
    edit = happened(medium, message_edit={"mid": "m_in1", "text": "Di Kalianyar", "num_edit": 1})
    assert isinstance(edit, Changed)
    assert (edit.external_id, edit.text) == ("m_in1", "Di Kalianyar")
    gone = one(medium, direct(medium, is_deleted=True))
    assert isinstance(gone, Removed)
    assert gone.external_id == "m_in1"


def test_receipts_by_message_and_by_moment(medium: str) -> None:
    told = items(medium, envelope(medium, messaging=[event(delivery={"mids": ["m_out1", "m_out2"], "watermark": 1})]))
    assert [(r.external_id, r.state) for r in told if isinstance(r, Receipt)] == [
        ("m_out1", "delivered"),
        ("m_out2", "delivered"),
    ]
    read = happened(medium, read={"mid": "m_out1"})
    assert isinstance(read, Receipt)
    assert read.state == "read"
    up_to = happened(medium, read={"watermark": milliseconds()})
    assert isinstance(up_to, ReceiptUpTo)
    assert (up_to.handle, up_to.state) == (SARI, "read")


def test_echoes_lead_to_nothing_but_bring_our_own_key_back(medium: str) -> None:
    typed = {"mid": "m_1", "text": "Halo", "is_echo": True}
    assert isinstance(happened(medium, sender=OURS, recipient=SARI, message=typed), Passed)
    ours = happened(medium, sender=OURS, recipient=SARI, message={**typed, "metadata": "7:k1"})
    assert isinstance(ours, Receipt)
    assert (ours.external_id, ours.state, ours.key) == ("m_1", "sent", "7:k1")


@pytest.mark.parametrize("sign", ["reaction", "referral", "optin", "take_thread_control"])
def test_signs_without_words_lead_to_nothing(medium: str, sign: str) -> None:
    assert isinstance(happened(medium, **{sign: {"x": 1}}), Passed)


def test_what_another_app_answers_is_left_to_it(medium: str) -> None:
    assert isinstance(one(medium, envelope(medium, standby=[event(message={"mid": "m", "text": "x"})])), Passed)


@pytest.mark.parametrize("told", [1700000000, "1700000000", 1700000000000, "2023-11-14T22:13:20+0000"])
def test_moments_are_written_in_three_ways(told: Any) -> None:
    assert moment(told) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_a_clock_that_runs_ahead_brings_nothing_from_tomorrow() -> None:
    assert moment(99999999999) <= datetime.now(tz=UTC)


# Strange things are kept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        {"message": {"text": "tanpa nomor"}},
        {"message": {"mid": "m_1", "is_unsupported": True}},
        {"message": {"mid": "m_1", "attachments": ["bukan objek"]}},
    ],
)
def test_what_a_person_sent_and_nobody_can_read_keeps_its_sender(medium: str, told: dict[str, Any]) -> None:
    found = said(happened(medium, **told))
    assert (found.handle, found.unread) == (SARI, True)
    assert found.text.startswith("(")


@pytest.mark.parametrize(
    "told",
    [
        {"policy_enforcement": {"action": "block"}},
        {"hal_baru": {"x": 1}},
        {"delivery": {}},
        {"postback": {"payload": "X"}},
    ],
)
def test_what_nobody_said_is_strange(medium: str, told: dict[str, Any]) -> None:
    assert isinstance(happened(medium, **told), Strange)


def test_what_is_meant_for_another_account_is_not_taken_as_ours(medium: str) -> None:
    found = one(medium, envelope(medium, ours="999", messaging=[event(recipient="999", message={"mid": "m"})]))
    assert isinstance(found, Strange)
    assert found.what.endswith("mengirim kabar tentang akun lain.")


@pytest.mark.parametrize("payload", ["", "[]", "7", '{"entry":7}', '{"object":"page"}', "[" * 100_000, '{"entry":[7]}'])
def test_what_is_no_call_at_all(medium: str, payload: str) -> None:
    with pytest.raises(NotUnderstoodError):
        items(medium, payload)


def test_a_call_of_the_sister_medium_is_refused(medium: str) -> None:
    other = "instagram" if medium == "facebook" else "facebook"
    with pytest.raises(NotUnderstoodError, match="belum dikenal"):
        items(medium, direct(other, "halo"))


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_kinds = st.sampled_from(["message", "message_edit", "delivery", "read", "postback", "reaction", "baru"])
_fields = st.sampled_from(["feed", "comments", "live_comments", "ratings"])


@pytest.mark.parametrize("medium_name", MEDIA)
@settings(max_examples=60)
@given(kind=_kinds, field=_fields, part=_anything)
def test_whatever_comes_inside_is_read_or_kept(medium_name: str, kind: str, field: str, part: Any) -> None:
    inside = {"mid": part, "item": "comment", "verb": part, "comment_id": part, "from": part, "attachments": part}
    for told in (part, inside):
        payload = envelope(
            medium_name, messaging=[{**event(), kind: told}, part], changes=[{"field": field, "value": told}, part]
        )
        for item in adapters()[medium_name].read(payload.encode()):
            assert isinstance(item, Item)


# The webhook --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_challenge_is_repeated_to_whoever_knows_the_word(client: Client, medium: str) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = client.get(f"/saluran/{medium}/", asked)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert client.get(f"/saluran/{medium}/", {**asked, "hub.verify_token": "tebakan"}).status_code == 403


@pytest.mark.django_db
def test_a_message_is_kept_then_read_once_however_often_it_comes(client: Client, medium: str) -> None:
    body = direct(medium, "Jalan rusak di Jono").encode()
    for _again in range(3):
        assert post(client, medium, body) == 200
    assert not Inbound.objects.exists()
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.get().text == "Jalan rusak di Jono"
    assert Address.objects.get().handle == SARI


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["", f"sha256={'0' * 64}", "sha256=é"])
def test_a_wrong_signature_is_refused_and_counted(client: Client, medium: str, sign: str) -> None:
    assert post(client, medium, direct(medium, "palsu").encode(), sign) == 403
    assert not Delivery.objects.exists()
    assert MediumState.objects.get(medium=medium).refused == 1


@pytest.mark.django_db
def test_five_megabytes_and_bytes_that_are_no_text_are_kept(client: Client, medium: str) -> None:
    assert post(client, medium, comment(medium, "a" * 5_000_000).encode()) == 200
    assert post(client, medium, b"\xff\xfe{") == 200
    mailroom.read_deliveries(lambda: True)
    assert [row.state for row in Delivery.objects.order_by("pk")] == ["read", "failed"]
    assert len(Inbound.objects.get().text) == 5_000_000
