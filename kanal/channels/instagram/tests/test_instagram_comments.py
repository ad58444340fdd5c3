"""What people write below the pictures of an Instagram account, and where they name it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, mailroom
from kanal.channels.adapters import Item, Passed, Said, Strange
from kanal.channels.instagram.adapter import ADAPTER
from kanal.channels.models import Delivery, Inbound, Medium, MediumState
from tests.support.graph import OURS, SARI, FakePage, comment, envelope, error, settings_for
from tests.support.platform import Answer, running


@pytest.fixture
def graph(settings: Settings) -> Iterator[FakePage]:
    with running(FakePage()) as platform:
        settings.INSTAGRAM = settings_for(platform.url)
        yield platform


@pytest.fixture(autouse=True)
def _account(settings: Settings) -> None:
    settings.INSTAGRAM = settings_for("http://127.0.0.1:9")


def one(payload: str) -> Item:
    [item] = ADAPTER.read(payload.encode())
    return item


def written(text: str = "Jalan rusak di Jono", /, **more: Any) -> Item:
    return one(comment("instagram", text, **more))


def said(item: Item) -> Said:
    assert isinstance(item, Said)
    return item


def named(**value: str) -> str:
    return envelope("instagram", changes=[{"field": "mentions", "value": value}])


def test_a_comment_below_a_picture_of_ours() -> None:
    found = said(written())
    assert (found.external_id, found.handle, found.name) == ("17850001", SARI, "sari.utami")
    assert (found.text, found.public, found.thread) == ("Jalan rusak di Jono", True, "comment:17850001")


def test_an_answer_to_a_comment_belongs_below_the_first_one() -> None:
    assert said(written(number=2, parent_id="17850001")).thread == "comment:17850001"


@pytest.mark.parametrize("writer", [{"id": OURS, "username": "x"}, {"id": "1", "username": "pemkab.bojonegoro"}])
def test_our_own_comments_lead_to_nothing(writer: dict[str, str]) -> None:
    assert isinstance(written(**{"from": writer}), Passed)
    assert isinstance(written(""), Passed)


def test_a_comment_without_its_writer_is_kept_all_the_same() -> None:
    assert said(written(**{"from": None})).handle == "17850001"


def test_who_names_us_is_asked_for_by_number(graph: FakePage) -> None:
    found = {"id": "180", "text": "@pemkab jalannya rusak", "username": "sari.utami"}
    graph.told[OURS] = {"id": OURS, "mentioned_comment": found}
    item = said(one(named(media_id="170", comment_id="180")))
    assert (item.external_id, item.handle, item.text) == ("mention:180", "@sari.utami", "@pemkab jalannya rusak")
    assert (item.public, item.thread) == (True, "mention:170:180")
    assert graph.calls[0].query["fields"] == "mentioned_comment.comment_id(180){id,text,username,timestamp}"


def test_a_picture_that_names_us(graph: FakePage) -> None:
    graph.told[OURS] = {"mentioned_media": {"caption": "Banjir @pemkab", "username": "sari.utami"}}
    item = said(one(named(media_id="170")))
    assert (item.text, item.thread) == ("Banjir @pemkab", "mention:170:")


@pytest.mark.parametrize(
    "answer", [error(100, 400, 33), error(10, 403), Answer({}), Answer({"mentioned_comment": {"id": "1"}})]
)
def test_what_instagram_does_not_tell_stays_for_a_person(graph: FakePage, answer: Answer) -> None:
    graph.instead = answer
    found = said(one(named(media_id="170", comment_id="180")))
    assert (found.unread, found.thread) == (True, "mention:170:180"), "it can be answered where it stands"
    assert "tidak terbaca" in found.text


def test_a_number_that_is_none_is_asked_nowhere(graph: FakePage) -> None:
    assert isinstance(one(named(media_id="170", comment_id="1){x}")), Strange)
    assert not graph.calls


@pytest.mark.django_db
@pytest.mark.usefixtures("medium_alone")
def test_an_instagram_that_is_away_is_asked_again_and_an_ended_token_raises_the_alarm(graph: FakePage) -> None:
    graph.instead = error(190, 401)
    actions.store_delivery(medium=Medium.INSTAGRAM, payload=named(media_id="170", comment_id="180"))
    mailroom.read_deliveries(lambda: True)
    assert Delivery.objects.get().state == Delivery.State.STORED
    assert MediumState.objects.get().alarm.startswith("Token Instagram habis")
    graph.instead, graph.told[OURS] = None, {"mentioned_comment": {"text": "halo", "username": "sari"}}
    Delivery.objects.update(next_attempt_at=timezone.now())
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.get().text == "halo"


@pytest.mark.parametrize("change", [{"field": "story_insights", "value": {}}, {"field": "comments", "value": 7}, 7])
def test_what_nobody_knows_is_kept_for_a_person(change: Any) -> None:
    assert isinstance(one(envelope("instagram", changes=[change])), Strange)


def test_news_of_another_account_are_kept_as_strange() -> None:
    assert isinstance(one(envelope("instagram", ours="999", changes=[])), Strange)


@pytest.mark.parametrize("words", ["“kata” 😀 " * 90, "ꦗꦭꦤ꧀ ꦫꦸꦱꦏ꧀ " * 200, "😀" * 900, "kata, " * 400 + "é" * 900])
def test_private_words_are_cut_to_the_bytes_that_instagram_counts(words: str) -> None:
    link = "https://kanal.contoh.id/lacak/BJN-7K4M-Q2XD/rahasia/"
    short = ADAPTER.cut(f"{words}\n{link}", public=False)
    assert 900 < len(short.encode()) <= 1000
    assert short.startswith(words[:100])
    assert short.endswith(link)
    assert ADAPTER.cut("kata 😀", public=False) == "kata 😀"
