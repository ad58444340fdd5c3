"""What people send to the bot, as the mailroom understands it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.channels.adapters import Changed, FileRef, Item, NotUnderstoodError, Passed, Said, Strange
from kanal.channels.telegram.reading import read
from tests.support.telegram import SARI, message, posted, update

PHOTO = [
    {"file_id": "kecil", "width": 90, "height": 67, "file_size": 1200},
    {"file_id": "besar", "width": 1280, "height": 960, "file_size": 150_000},
    {"file_id": "sedang", "width": 320, "height": 240, "file_size": 20_000},
]


def items(payload: str) -> list[Item]:
    return list(read(payload.encode()))


def said(payload: str) -> Said:
    [item] = items(payload)
    assert isinstance(item, Said)
    return item


def test_words_with_their_sender() -> None:
    found = said(posted(text="Jalan rusak di Jono"))
    assert (found.external_id, found.handle, found.name, found.text) == (
        f"{SARI}:1",
        str(SARI),
        "Sari Utami",
        "Jalan rusak di Jono",
    )


def test_the_largest_of_a_photos_sizes() -> None:
    found = said(posted(photo=PHOTO, caption="ini lubangnya"))
    assert found.files == (FileRef("besar", "image", "image/jpeg"),)
    assert found.text == "ini lubangnya"


@pytest.mark.parametrize(
    ("kind", "part", "expected"),
    [
        ("voice", {"file_id": "v", "mime_type": "audio/ogg"}, FileRef("v", "audio", "audio/ogg")),
        ("audio", {"file_id": "a", "file_name": "lagu.mp3"}, FileRef("a", "audio", "", "lagu.mp3")),
        ("video", {"file_id": "f", "mime_type": "video/mp4"}, FileRef("f", "video", "video/mp4")),
        ("video_note", {"file_id": "n"}, FileRef("n", "video")),
        (
            "document",
            {"file_id": "d", "mime_type": "application/pdf", "file_name": "surat.pdf"},
            FileRef("d", "document", "application/pdf", "surat.pdf"),
        ),
        ("sticker", {"file_id": "s", "emoji": "😡"}, FileRef("s", "image", "image/webp")),
    ],
)
def test_files_are_noted(kind: str, part: dict[str, Any], expected: FileRef) -> None:
    told: dict[str, Any] = {kind: part}
    assert said(posted(**told)).files == (expected,)


def test_a_sticker_that_moves_is_its_emoji() -> None:
    found = said(posted(sticker={"file_id": "s", "emoji": "😡", "is_animated": True}))
    assert (found.text, found.files) == ("😡", ())


def test_a_place_and_its_name() -> None:
    where = {"latitude": -7.15, "longitude": 111.88}
    plain = said(posted(location=where))
    assert (plain.lat, plain.lon, plain.place) == (-7.15, 111.88, "")
    venue = {"location": where, "title": "Balai Desa Jono", "address": "Temayang"}
    assert said(posted(location=where, venue=venue)).place == "Balai Desa Jono, Temayang"


def test_a_card_is_read_as_name_and_number() -> None:
    card = {"phone_number": "+628111111111", "first_name": "Pak RT"}
    assert said(posted(contact=card)).text == "Kontak: Pak RT +628111111111"


def test_a_button_is_its_words_and_its_code() -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya, kirim", "callback_data": "ya"}]]}
    person = {"id": SARI, "first_name": "Sari"}
    press = {"id": "77", "from": person, "data": "ya", "message": message(5, reply_markup=keyboard)}
    found = said(json.dumps(update(callback_query=press)))
    assert (found.external_id, found.handle, found.text, found.choice) == ("button:77", str(SARI), "Ya, kirim", "ya")


def test_a_rewritten_message() -> None:
    [changed] = items(json.dumps(update(edited_message=message(1, text="Di Kalianyar", edit_date=1795406460))))
    assert isinstance(changed, Changed)
    assert (changed.external_id, changed.text) == (f"{SARI}:1", "Di Kalianyar")


def test_a_clock_that_runs_ahead_brings_no_message_from_tomorrow() -> None:
    assert said(posted(text="halo", date=9_999_999_999)).at <= datetime.now(tz=UTC)


@pytest.mark.parametrize(
    "told",
    [
        update(message=message(kind="supergroup", text="halo semua")),
        update(message={**message(text="halo"), "from": {"id": 1, "is_bot": True}}),
        update(edited_message=message(location={"latitude": -7.1, "longitude": 111.8}, edit_date=1)),
        update(channel_post=message(text="pengumuman")),
        update(message_reaction={"chat": {}}),
        update(my_chat_member={"new_chat_member": {"status": "kicked"}}),
        update(callback_query={"id": "1", "from": {"id": 1}, "data": "x", "message": message(kind="group")}),
        update(message=message(pinned_message=message(1, text="x"))),
    ],
    ids=["group", "bot", "moving place", "channel", "reaction", "blocked", "group's button", "pinned"],
)
def test_nothing_follows_from(told: dict[str, Any]) -> None:
    assert [type(item) for item in items(json.dumps(told))] == [Passed]


@pytest.mark.parametrize(
    "told",
    [
        update(message=message(poll={"question": "?"})),
        update(message=message(hologram={"x": 1})),
        update(message=message(location={"latitude": float("nan"), "longitude": 111.9})),
    ],
)
def test_what_a_person_sent_and_nobody_can_read_keeps_its_sender(told: dict[str, Any]) -> None:
    [found] = items(json.dumps(told))
    assert isinstance(found, Said)
    assert (found.handle, found.unread) == (str(told["message"]["chat"]["id"]), True)
    assert found.text.startswith("(Pesan Telegram")


@pytest.mark.parametrize(
    "told",
    [
        update(message={"text": "tanpa pengirim"}),
        update(telepathy={"x": 1}),
        update(),
    ],
)
def test_what_nobody_said_is_strange(told: dict[str, Any]) -> None:
    assert [type(item) for item in items(json.dumps(told))] == [Strange]


def test_a_page_of_updates_is_read_as_a_whole() -> None:
    page = {"ok": True, "result": [update(1, message=message(1, text="a")), update(2, message=message(2, text="b"))]}
    assert [item.text for item in items(json.dumps(page)) if isinstance(item, Said)] == ["a", "b"]


@pytest.mark.parametrize("payload", ["", "[]", "{}", "null", '{"result": 5}', '{"update_id": "x"}', '{"result": [1]}'])
def test_what_telegram_never_sends_is_refused(payload: str) -> None:
    with pytest.raises(NotUnderstoodError):
        items(payload)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
parts = st.sampled_from(["text", "photo", "location", "venue", "voice", "contact", "sticker", "chat", "from", "date"])


@given(parts, anything, st.sampled_from(["message", "edited_message", "callback_query"]), anything)
def test_no_update_of_whatever_shape_hides_its_page(part: str, value: object, kind: str, whole: object) -> None:
    page = {
        "ok": True,
        "result": [
            update(1, message={**message(), part: value}),
            update(2, **{kind: whole}),
            update(3, message=message(3, text="halo")),
        ],
    }
    found = items(json.dumps(page))
    assert len(found) == 3
    assert isinstance(found[2], Said)
