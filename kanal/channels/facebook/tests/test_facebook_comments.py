"""What people write below the posts of a Facebook Page, and where they name it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from kanal.channels.adapters import Changed, Item, Passed, Removed, Said, Strange
from kanal.channels.facebook.adapter import ADAPTER
from tests.support.graph import OURS, SARI, comment, envelope, settings_for


@pytest.fixture(autouse=True)
def _account(settings: Settings) -> None:
    settings.FACEBOOK = settings_for("http://127.0.0.1:9")


def one(payload: str) -> Item:
    [item] = ADAPTER.read(payload.encode())
    return item


def written(text: str = "Jalan rusak di Jono", /, **more: Any) -> Item:
    return one(comment("facebook", text, **more))


def said(item: Item) -> Said:
    assert isinstance(item, Said)
    return item


def test_a_comment_below_a_post_of_ours() -> None:
    found = said(written())
    assert (found.external_id, found.handle, found.name) == ("900_1", SARI, "Sari Utami")
    assert (found.text, found.public, found.thread) == ("Jalan rusak di Jono", True, "comment:900_1")


def test_an_answer_to_a_comment_belongs_below_the_first_one() -> None:
    assert said(written(number=2, parent_id="900_1")).thread == "comment:900_1"


def test_a_photo_in_a_comment_with_and_without_words() -> None:
    assert said(written(photo="https://scontent.fbcdn.net/x.jpg")).files[0].external_id == "comment:900_1"
    assert said(written("", photo="https://scontent.fbcdn.net/x.jpg")).files
    assert isinstance(written(""), Passed)


@pytest.mark.parametrize("item", ["post", "status", "photo", "video", "share"])
def test_a_visitors_post_on_our_page(item: str) -> None:
    found = said(written(item=item, post_id=f"{OURS}_77"))
    assert (found.external_id, found.thread) == (f"{OURS}_77", f"post:{OURS}_77")
    assert bool(found.files) == (item == "photo")


def test_somewhere_we_are_named() -> None:
    value = {
        "item": "comment",
        "verb": "add",
        "post_id": "555_1",
        "comment_id": "1_9",
        "sender_id": SARI,
        "sender_name": "Sari Utami",
        "message": "@Pemkab jalannya rusak",
        "created_time": 1795406400,
    }
    found = said(one(envelope("facebook", changes=[{"field": "mention", "value": value}])))
    assert (found.handle, found.name, found.thread) == (SARI, "Sari Utami", "mention:1_9")
    assert found.at <= datetime.now(tz=UTC)


def test_a_comment_whose_writer_facebook_does_not_name_is_kept_all_the_same() -> None:
    assert said(written(**{"from": None})).handle == "900_1"


def test_a_comment_that_was_changed_or_taken_back() -> None:
    changed, removed = written("Di Kalianyar", verb="edited"), written(verb="remove", message=None)
    assert isinstance(changed, Changed)
    assert (changed.external_id, changed.text) == ("900_1", "Di Kalianyar")
    assert isinstance(removed, Removed)
    assert removed.external_id == "900_1"


@pytest.mark.parametrize(
    "more",
    [
        {"from": {"id": OURS, "name": "Pemkab"}},
        {"item": "reaction", "reaction_type": "like"},
        {"item": "like"},
        {"verb": "hide"},
        {"verb": "unhide"},
    ],
    ids=str,
)
def test_our_own_words_reactions_and_hiding_lead_to_nothing(more: dict[str, Any]) -> None:
    assert isinstance(written(**more), Passed)


@pytest.mark.parametrize(
    "change",
    [
        {"field": "feed", "value": {"item": "ramalan", "verb": "add", "post_id": "1"}},
        {"field": "feed", "value": {"item": "comment", "verb": "menyanyi", "comment_id": "1", "post_id": "1"}},
        {"field": "feed", "value": {"item": "comment", "verb": "add"}},
        {"field": "feed", "value": 7},
        {"field": "leadgen", "value": {}},
        {"value": {}},
        7,
    ],
    ids=str,
)
def test_what_nobody_knows_is_strange(change: Any) -> None:
    assert isinstance(one(envelope("facebook", changes=[change])), Strange)


def test_news_of_another_page_are_kept_as_strange() -> None:
    found = one(envelope("facebook", ours="999", changes=[{"field": "feed", "value": {}}]))
    assert isinstance(found, Strange)
    assert found.what == "Facebook mengirim kabar tentang akun lain."
