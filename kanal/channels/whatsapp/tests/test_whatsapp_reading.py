"""What people send on WhatsApp, as the mailroom understands it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.channels.adapters import (
    Changed,
    FileRef,
    Item,
    NotUnderstoodError,
    Passed,
    Receipt,
    Removed,
    Said,
    Strange,
)
from kanal.channels.whatsapp.reading import read
from tests.support.whatsapp import PHONE_ID, SARI, around, call, message, text

AT = datetime.fromtimestamp(1795406400, tz=UTC)


def items(payload: str) -> list[Item]:
    return list(read(payload.encode(), PHONE_ID))


def one(*messages: dict[str, Any]) -> Item:
    [item] = items(call(*messages))
    return item


def said(item: Item) -> Said:
    assert isinstance(item, Said)
    return item


def test_words_with_their_sender() -> None:
    found = said(one(text("Jalan rusak di Jono")))
    assert (found.external_id, found.handle, found.name, found.text) == (
        "wamid.in1",
        f"+{SARI}",
        "Sari",
        "Jalan rusak di Jono",
    )
    assert found.at == min(AT, found.at)


@pytest.mark.parametrize(
    ("kind", "part", "expected"),
    [
        ("image", {"id": "1", "mime_type": "image/jpeg", "caption": "ini"}, FileRef("1", "image", "image/jpeg")),
        ("sticker", {"id": "2", "mime_type": "image/webp"}, FileRef("2", "image", "image/webp")),
        ("audio", {"id": "3", "mime_type": "audio/ogg; codecs=opus"}, FileRef("3", "audio", "audio/ogg")),
        ("video", {"id": "4", "mime_type": "video/mp4"}, FileRef("4", "video", "video/mp4")),
        (
            "document",
            {"id": "5", "mime_type": "application/pdf", "filename": "surat.pdf"},
            FileRef("5", "document", "application/pdf", "surat.pdf"),
        ),
    ],
)
def test_files_are_noted_with_their_words(kind: str, part: dict[str, Any], expected: FileRef) -> None:
    found = said(one(message(kind, part)))
    assert found.files == (expected,)
    assert found.text == part.get("caption", "")


def test_a_place_and_its_name() -> None:
    where = {"latitude": -7.15, "longitude": 111.88, "name": "Balai Desa Jono", "address": "Temayang"}
    found = said(one(message("location", where)))
    assert (found.lat, found.lon, found.place) == (-7.15, 111.88, "Balai Desa Jono, Temayang")


def test_a_card_is_read_as_name_and_number() -> None:
    card = {"name": {"formatted_name": "Pak RT"}, "phones": [{"phone": "+62 811-1111-111"}]}
    assert said(one(message("contacts", [card]))).text == "Kontak: Pak RT +62 811-1111-111"


@pytest.mark.parametrize(
    "pressed",
    [
        message("interactive", {"type": "button_reply", "button_reply": {"id": "ya", "title": "Ya, kirim"}}),
        message("interactive", {"type": "list_reply", "list_reply": {"id": "ya", "title": "Ya, kirim"}}),
        message("button", {"payload": "ya", "text": "Ya, kirim"}),
    ],
    ids=["button", "list", "template's button"],
)
def test_a_button_is_its_words_and_its_code(pressed: dict[str, Any]) -> None:
    found = said(one(pressed))
    assert (found.text, found.choice) == ("Ya, kirim", "ya")


def test_somebody_who_hides_their_number_has_an_id() -> None:
    hidden = text("Lampu mati", from_user_id="ID.1349120865530274")
    del hidden["from"]
    assert said(one(hidden)).handle == "ID.1349120865530274"


def test_rewritten_and_taken_back() -> None:
    edit = {"original_message_id": "wamid.in1", "message": {"type": "text", "text": {"body": "Di Kalianyar"}}}
    changed = one(message("edit", edit, 2))
    assert isinstance(changed, Changed)
    assert (changed.external_id, changed.text) == ("wamid.in1", "Di Kalianyar")
    caption = {"original_message_id": "wamid.in1", "message": {"type": "image", "image": {"id": "1", "caption": "ini"}}}
    changed = one(message("edit", caption, 2))
    assert isinstance(changed, Changed)
    assert changed.text == "ini"
    removed = one(message("revoke", {"original_message_id": "wamid.in1"}, 3))
    assert isinstance(removed, Removed)
    assert removed.external_id == "wamid.in1"


@pytest.mark.parametrize(
    "payload",
    [
        call(message("reaction", {"message_id": "wamid.x", "emoji": "👍"})),
        call(text("halo semua", group_id="120363")),
        call(message("system", {"type": "customer_identity_changed"})),
        call(statuses=({"id": "wamid.out1", "status": "deleted", "timestamp": "1795406400"},)),
        call(statuses=({"id": "wamid.out1"},)),
        around(
            {
                "field": "smb_message_echoes",
                "value": {"metadata": {"phone_number_id": PHONE_ID}, "message_echoes": [{}]},
            }
        ),
    ],
    ids=["reaction", "group", "identity", "deleted by us", "receipt without state", "echo"],
)
def test_nothing_follows_from(payload: str) -> None:
    assert [type(item) for item in items(payload)] == [Passed]


@pytest.mark.parametrize(
    "payload",
    [
        call(message("hologram", {"x": 1})),
        call(message("unsupported", {"type": "poll"}, errors=[{"code": 131051}])),
        call(message("system", {"type": "user_changed_number"})),
        call(message("interactive", {"type": "nfm_reply", "nfm_reply": {}})),
        call(message("location", {"latitude": "di sana"})),
        call(message("location", {"latitude": 95.0, "longitude": 111.9})),
        call(message("location", {"latitude": float("nan"), "longitude": 111.9})),
        call({"id": "wamid.in9", "from": "6281234567890", "type": "text", "timestamp": "kapan-kapan"}),
    ],
)
def test_what_a_person_sent_and_nobody_can_read_keeps_its_sender(payload: str) -> None:
    found = said(items(payload)[0])
    assert (found.handle, found.unread) == ("+6281234567890", True)
    assert found.text.startswith("(Pe")


def test_an_unknown_kind_is_named() -> None:
    found = said(one(message("unsupported", {"type": "poll"})))
    assert found.text == "(Pesan WhatsApp jenis “poll” belum bisa dibaca Kanal.)"
    assert found.name == "Sari"


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        (call({"id": "wamid.in9"}), "belum dikenal bentuknya"),
        (around({"field": "account_update", "value": {"event": "DISABLED_UPDATE"}}), "memberi tahu: account_update"),
        (around({"field": "messages", "value": None}), "memberi tahu: messages"),
        (call(text("untuk nomor lain"), phone_id="999"), "mengirim kabar tentang akun lain"),
    ],
)
def test_what_nobody_said_is_strange(payload: str, what: str) -> None:
    [found] = items(payload)
    assert isinstance(found, Strange)
    assert what in found.what


def test_an_id_that_is_too_long_for_its_column_is_made_short() -> None:
    long = "wamid." + "x" * 500
    found = said(one(text("halo", id=long)))
    assert len(found.external_id) <= 200
    removed = one(message("revoke", {"original_message_id": long}, 3))
    assert isinstance(removed, Removed)
    assert removed.external_id == found.external_id


def test_one_unknown_message_does_not_hide_the_others() -> None:
    kinds = [type(item) for item in items(call(text("satu"), message("hologram", {}, 2), text("tiga", 3)))]
    assert kinds == [Said, Said, Said]


def test_receipts() -> None:
    def status(state: str, **more: Any) -> dict[str, Any]:
        pricing = {"billable": True, "pricing_model": "PMP", "category": "utility"}
        return {"id": "wamid.out1", "status": state, "timestamp": "1795406400", "pricing": pricing, **more}

    states = tuple(status(state) for state in ("sent", "delivered", "read", "played"))
    found = items(call(statuses=states))
    assert [item.state for item in found if isinstance(item, Receipt)] == ["sent", "delivered", "read", "read"]
    [failed] = items(call(statuses=(status("failed", errors=[{"code": 131026, "title": "Undeliverable"}]),)))
    assert isinstance(failed, Receipt)
    assert (failed.sentence, failed.no_such_address) == ("Nomor ini tidak bisa menerima pesan WhatsApp.", True)
    [late] = items(call(statuses=(status("failed", errors=[{"code": 131047}]),)))
    assert isinstance(late, Receipt)
    assert late.sentence.startswith("Lewat 24 jam")
    assert not late.no_such_address


def test_a_clock_that_runs_ahead_brings_no_message_from_tomorrow() -> None:
    ahead = datetime.now(tz=UTC) + timedelta(days=1)
    assert said(one(text("halo", timestamp=str(int(ahead.timestamp()))))).at <= datetime.now(tz=UTC)


@pytest.mark.parametrize(
    "payload", ["", "[]", "{}", "null", '{"object": "page", "entry": []}', '{"entry": 5}', "\ufffd"]
)
def test_what_whatsapp_never_sends_is_refused(payload: str) -> None:
    with pytest.raises(NotUnderstoodError):
        items(payload)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
kinds = st.sampled_from(["text", "image", "location", "interactive", "contacts", "edit", "revoke", "system", "button"])


@given(kinds, anything, anything)
def test_no_message_of_whatever_shape_hides_its_delivery(kind: str, part: object, whole: object) -> None:
    broken = {"id": "wamid.x", "timestamp": "1795406400", "from": SARI, "type": kind, kind: part}
    payload = json.loads(call(broken, text("halo", 2)))
    value = payload["entry"][0]["changes"][0]["value"]
    value["messages"].append(whole)
    found = items(json.dumps(payload))
    assert len(found) == 3
    assert said(found[1]).text == "halo"
