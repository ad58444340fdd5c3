"""Asking X for mentions: every page once, never more than the plan allows, whatever goes wrong on the way."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, delivery, files, mailroom, queries
from kanal.channels.models import Delivery, Inbound, InboundFile, Medium, MediumState, Passing
from kanal.channels.x.adapter import ADAPTER, X
from kanal.channels.x.place import ERA, Place
from tests.support.platform import Answer, running
from tests.support.x import ACCOUNT, FIRST, SARI, FakeX, post, problem, settings_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200


@pytest.fixture
def x(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeX]:
    monkeypatch.setattr(X, "looks_every", timedelta(0))
    with running(FakeX()) as platform:
        settings.X = settings_for(platform.url)
        yield platform


def look() -> int:
    """Ask until there is nothing new, and read it; returns how many pages were kept."""
    kept = mailroom.look_around(lambda: True)
    while mailroom.read_deliveries(lambda: True):
        pass
    return kept


def state() -> MediumState:
    return MediumState.objects.get(medium=Medium.X)


def place() -> Place:
    return Place.read(state().cursor, timezone.now())


# Pages --------------------------------------------------------------------------------------------------------------


def test_a_mention_with_a_complaint_waits_at_the_desk(x: FakeX) -> None:
    x.mentions = [post()]
    assert look() == 1
    message = Inbound.objects.get()
    assert (message.text, message.state, message.public) == ("Jalan Jono rusak parah", "waiting", True)
    assert (message.thread, message.subject) == (str(FIRST + 1), f"x.com/i/status/{FIRST + 1}")
    assert message.address is not None
    assert (message.address.handle, message.address.contact.name) == (SARI, "Sari @sari_bjn")


def test_every_page_is_walked_once_and_then_only_what_is_new(x: FakeX) -> None:
    x.mentions = [post(number, f"@pemkabbjn lampu mati, tiang {number}") for number in range(1, 251)]
    assert look() == 3
    assert Inbound.objects.count() == 250
    assert place().since == str(FIRST + 250)
    assert place().posts == 250
    assert look() == 0
    assert x.calls[-1].query["since_id"] == str(FIRST + 250)
    x.mentions.append(post(251))
    assert look() == 1
    assert Inbound.objects.count() == 251


def test_the_first_look_goes_back_two_days(x: FakeX) -> None:
    look()
    begin = (int(x.calls[0].query["since_id"]) >> 22) + ERA
    assert abs(timezone.now().timestamp() - begin / 1000 - timedelta(days=2).total_seconds()) < 60
    assert x.calls[0].query["expansions"].startswith("author_id")


def test_a_worker_that_dies_between_two_pages_goes_on_where_it_was(x: FakeX) -> None:
    x.mentions = [post(number) for number in range(1, 151)]
    once = iter([True, True, False])
    assert mailroom.look_around(lambda: next(once, False)) == 1
    assert place().page == "halaman-100"
    assert int(place().since) < FIRST
    assert look() == 1
    assert Inbound.objects.count() == 150
    assert place().since == str(FIRST + 150)


def test_a_page_that_cannot_be_kept_leaves_the_cursor_where_it_was(x: FakeX, monkeypatch: pytest.MonkeyPatch) -> None:
    x.mentions = [post()]

    def fails(**_given: object) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "store_delivery", fails)
        with pytest.raises(RuntimeError):
            mailroom.look_around(lambda: True)
    assert not MediumState.objects.filter(medium=Medium.X).exclude(cursor="").exists()
    assert look() == 1


def test_a_page_token_that_ran_out_begins_the_walk_anew_without_doubles(x: FakeX) -> None:
    x.mentions = [post(number) for number in range(1, 151)]
    x.stale = True
    assert look() == 1
    assert not place().page
    x.stale = False
    assert look() == 2  # both pages; what was kept of the first one is known
    assert Inbound.objects.count() == 150


def test_a_place_that_became_too_old_is_left_for_one_of_two_days_ago(x: FakeX) -> None:
    x.mentions = [post()]
    x.too_old = FIRST >> 1
    look()
    MediumState.objects.update(cursor=Place(since="7").written())
    assert look() == 0
    assert not state().alarm
    assert int(place().since) > x.too_old
    assert look() == 1
    assert Inbound.objects.count() == 1


def test_the_same_page_twice_and_out_of_order_changes_nothing(x: FakeX) -> None:
    x.mentions = [post(2), post(1)]
    look()
    payload = Delivery.objects.get().payload
    actions.store_delivery(medium=Medium.X, payload=payload)
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.count() == 2


def test_a_broken_cursor_is_a_beginning() -> None:
    now = timezone.now()
    for cursor in ("", "12345", "{", '{"posts": "banyak"}', '{"hal_baru": 1}', "[]"):
        assert Place.read(cursor, now).since == ""


# The plan -----------------------------------------------------------------------------------------------------------


def test_nothing_is_asked_between_two_looks(x: FakeX, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(X, "looks_every", timedelta(minutes=5))
    for _often in range(3):
        look()
    assert len(x.calls) == 1


def test_when_the_window_is_used_up_the_rest_waits_for_the_next(x: FakeX) -> None:
    x.mentions = [post(number) for number in range(1, 151)]
    x.headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(timezone.now().timestamp()) + 600)}
    assert look() == 1
    assert look() == 0
    assert len(x.calls) == 1
    x.headers = {}
    MediumState.objects.update(cursor=state().cursor.replace(str(place().until), "1"))
    assert look() == 1
    assert Inbound.objects.count() == 150


def test_a_429_pauses_until_the_moment_that_x_names(x: FakeX) -> None:
    at = int(timezone.now().timestamp()) + 420
    x.instead = problem(
        429, "Too Many Requests", "Too Many Requests", {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(at)}
    )
    assert look() == 0
    looked_at = state().looked_at
    assert looked_at is not None
    assert abs(looked_at.timestamp() - at) < 10
    assert not state().alarm
    assert state().paused_until is None  # answers go on leaving


def test_the_month_ends_at_the_number_of_the_plan(x: FakeX, settings: Settings) -> None:
    settings.X["posts_a_month"] = 107
    x.mentions = [post(number) for number in range(1, 251)]
    assert look() == 2
    assert place().posts == 107
    assert x.calls[-1].query["max_results"] == "7"
    assert "KANAL_X_POSTS_A_MONTH" in _alarm_after_look()
    assert len(x.calls) == 2


def _alarm_after_look() -> str:
    look()
    return state().alarm


def test_a_new_month_begins_at_nought(x: FakeX) -> None:
    later = timezone.now() + timedelta(days=32)
    cursor = Place(since="9", month="2020-01", posts=9999).written()
    assert Place.read(cursor, later) == Place(since="9", month=later.strftime("%Y-%m"))


def test_the_health_page_says_what_was_used(x: FakeX) -> None:
    x.mentions = [post(), post(2, "@pemkabbjn mantap!")]
    look()
    look()
    [health] = [one for one in queries.health() if one.medium is Medium.X]
    assert health.used_today == 2
    assert health.allowance == "2 dari 10.000 kiriman bulan ini"
    assert [(one.number, one.reason) for one in health.passed] == [(1, "Tidak ada kata penanda aduan")]


# Faults -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "alarm"),
    [
        (problem(401, "Unauthorized", "Unauthorized"), "X menolak kunci akun."),
        (problem(402, "CreditsDepleted", "Your account has no credits"), "Saldo X API habis."),
        (problem(403, "Client Forbidden", "client-not-enrolled"), "Aplikasi X belum boleh menulis."),
        (problem(429, "UsageCapExceeded", "Usage cap exceeded: Monthly product cap"), "Jatah bulanan X habis."),
        (problem(400, "Invalid Request", "The id is not valid"), "X menolak pertanyaan Kanal (400)."),
        (problem(503, "Service Unavailable", "Over capacity"), ""),
        (Answer(b"<html>gangguan</html>"), ""),
        (Answer(b"[" * 100_000), ""),
    ],
)
def test_trouble_loses_nothing_and_says_what_to_do(x: FakeX, answer: Answer, alarm: str) -> None:
    x.mentions = [post()]
    x.instead = answer
    assert look() == 0
    assert state().alarm.startswith(alarm)
    assert bool(state().alarm) == bool(alarm)
    x.instead = None
    MediumState.objects.update(looked_at=None)
    assert look() == 1
    assert not state().alarm


def test_wrong_keys_are_refused_and_never_written_down(x: FakeX, settings: Settings) -> None:
    settings.X["token_secret"] = "salah"
    assert "KANAL_X_" in _alarm_after_look()
    assert "salah" not in state().alarm


def test_letters_that_are_none_are_replaced(x: FakeX) -> None:
    page = {"data": [post(text="@pemkabbjn jalan rusak XX")], "meta": {"result_count": 1, "newest_id": str(FIRST + 1)}}
    x.instead = Answer(json.dumps(page).encode().replace(b"XX", b"\xff\xfe"))
    assert look() == 1
    assert Inbound.objects.get().text.startswith("jalan rusak \N{REPLACEMENT CHARACTER}")


def test_unknown_fields_are_kept_and_unknown_shapes_shown(x: FakeX) -> None:
    x.mentions = [post(1, hal_baru={"a": 1}), {"id": str(FIRST + 2), "jenis": "video langsung"}]
    look()
    assert json.loads(Delivery.objects.get().payload)["data"][1]["hal_baru"] == {"a": 1}
    [strange] = Passing.objects.values_list("external_id", "why", "strange")
    assert strange == (str(FIRST + 2), "Kiriman X yang belum dikenal bentuknya.", True)


@pytest.mark.parametrize("payload", ["", "null", "[]", "bukan", '{"data": 7}'])
def test_what_is_no_page_stays_with_its_reason(payload: str) -> None:
    row = actions.store_delivery(medium=Medium.X, payload=payload)
    mailroom.read_deliveries(lambda: True)
    row.refresh_from_db()
    assert (row.state, row.error[:6]) == ("failed", "Bentuk")


# What posts say -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"text": "@pemkabbjn sukses selalu pak Bupati"}, "Tidak ada kata penanda aduan"),
        ({"author_id": ACCOUNT}, "Tulisan akun kita sendiri"),
        ({"referenced_tweets": [{"type": "retweeted", "id": "7"}]}, "Kiriman ulang tulisan orang lain"),
    ],
)
def test_what_is_passed_over_is_counted_with_its_reason(x: FakeX, parts: dict[str, Any], why: str) -> None:
    x.mentions = [post(**parts)]
    for _twice in range(2):
        look()
        MediumState.objects.update(cursor="")
    assert not Inbound.objects.exists()
    assert Passing.objects.get().why == why


def test_whoever_answers_us_is_heard_whatever_the_words(x: FakeX, settings: Settings) -> None:
    actions.queue(
        [
            actions.Message(
                purpose="message_answer",
                dedupe_key="k",
                subject="",
                body="Di desa apa?",
                address=actions.address_for(medium=Medium.X, handle=SARI),
                thread=str(FIRST + 1),
            )
        ]
    )
    mailroom.look_around(lambda: True)
    x.mentions = [post()]
    from_us = _answered(x)
    x.mentions.append(post(9, "@pemkabbjn ngarep masjid", referenced_tweets=[{"type": "replied_to", "id": from_us}]))
    look()
    assert {one.text for one in Inbound.objects.all()} == {"Jalan Jono rusak parah", "ngarep masjid"}


def _answered(x: FakeX) -> str:
    delivery.deliver_due(lambda: True)
    return str(x.ours[-1]["id"])


def test_an_edited_post_is_one_message_with_its_last_words(x: FakeX) -> None:
    x.mentions = [post(1)]
    look()
    versions = [str(FIRST + 1), str(FIRST + 4)]
    x.mentions.append(post(4, "@pemkabbjn Sudah beres, terima kasih", edit_history_tweet_ids=versions))
    look()
    message = Inbound.objects.get()
    assert message.text == "Sudah beres, terima kasih"  # no word of a complaint is left
    assert message.changed_at is not None
    assert not Passing.objects.exists()


def test_a_post_that_was_deleted_is_taken_out(x: FakeX) -> None:
    x.mentions = [post(1), post(2, "@pemkabbjn lampu mati")]
    look()
    x.gone = {str(FIRST + 1)}
    MediumState.objects.update(cursor=Place(since=str(FIRST + 2), looked_after=1).written())
    look()
    removed = Inbound.objects.get(external_id=str(FIRST + 1))
    assert (removed.text, removed.removed_at is not None) == ("", True)
    assert Inbound.objects.get(external_id=str(FIRST + 2)).removed_at is None


@pytest.mark.parametrize("answer", [problem(400, "Invalid Request", "The id is not valid"), problem(404, "x", "x")])
def test_what_x_refuses_to_look_up_keeps_nobody_from_being_heard(
    x: FakeX, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    x.instead = Answer({"data": [post(1), {"jenis": "tanpa nomor"}], "meta": {}})
    look()
    assert Passing.objects.filter(strange=True).count() == Inbound.objects.count() == 1
    x.instead = None
    monkeypatch.setattr(x, "_by_id", lambda _ids: answer)
    MediumState.objects.update(cursor=Place(since=str(FIRST + 1), looked_after=1).written())
    x.mentions = [post(2, "@pemkabbjn lampu mati")]
    x.calls.clear()
    look()
    assert x.calls[0].query["ids"] == str(FIRST + 1)  # what nobody said has no number at X
    assert "lampu mati" in {one.text for one in Inbound.objects.all()}
    assert not state().alarm


def test_links_are_the_real_ones_and_long_posts_whole(x: FakeX) -> None:
    urls = [
        {"url": "https://t.co/a", "expanded_url": "https://berita.example/jono"},
        {"url": "https://t.co/b", "media_key": "3_1"},
    ]
    x.mentions = [
        post(1, "@pemkabbjn jalan rusak &amp; gelap https://t.co/a https://t.co/b", entities={"urls": urls}),
        post(2, "@pemkabbjn dipotong…", note_tweet={"text": "@pemkabbjn jalan rusak " + "sekali " * 90}),
    ]
    look()
    texts = dict(Inbound.objects.values_list("external_id", "text"))
    assert texts[str(FIRST + 1)] == "jalan rusak & gelap https://berita.example/jono"
    assert texts[str(FIRST + 2)].count("sekali") == 90


def test_photos_films_and_places_come_along(x: FakeX) -> None:
    films = [
        {"content_type": "application/x-mpegURL", "url": f"{x.url}/film.m3u8"},
        {"content_type": "video/mp4", "bit_rate": 2_176_000, "url": f"{x.url}/besar.mp4"},
        {"content_type": "video/mp4", "bit_rate": 632_000, "url": f"{x.url}/kecil.mp4"},
    ]
    x.included = {
        "media": [
            {"media_key": "3_1", "type": "photo", "url": f"{x.url}/foto.jpg"},
            {"media_key": "7_1", "type": "video", "variants": films},
            {"media_key": "9_1", "type": "hologram"},
        ],
        "places": [{"id": "p1", "full_name": "Dander, Bojonegoro"}],
    }
    x.mentions = [post(attachments={"media_keys": ["3_1", "7_1", "9_1", "tiada"]}, geo={"place_id": "p1"})]
    look()
    assert Inbound.objects.get().place == "Dander, Bojonegoro"
    kinds = InboundFile.objects.order_by("pk").values_list("kind", "external_id")
    assert list(kinds) == [("image", f"{x.url}/foto.jpg"), ("video", f"{x.url}/kecil.mp4")]


def test_a_photo_is_fetched_from_x_alone(x: FakeX, monkeypatch: pytest.MonkeyPatch) -> None:
    x.included = {
        "media": [
            {"media_key": "3_1", "type": "photo", "url": f"{x.url}/foto.jpg"},
            {"media_key": "3_2", "type": "photo", "url": "https://169.254.169.254/rahasia.jpg"},
        ]
    }
    x.mentions = [post(attachments={"media_keys": ["3_1", "3_2"]})]
    look()
    x.instead = Answer(JPEG)
    files.fetch_files(lambda: True)
    assert dict(InboundFile.objects.values_list("external_id", "state")) == {
        f"{x.url}/foto.jpg": "kept",
        "https://169.254.169.254/rahasia.jpg": "gone",
    }


def test_the_filter_can_be_switched_off(x: FakeX, settings: Settings) -> None:
    settings.X["everything"] = True
    x.mentions = [post(text="@pemkabbjn sukses selalu")]
    look()
    assert Inbound.objects.get().text == "sukses selalu"


def test_what_is_missing_is_listed(settings: Settings) -> None:
    settings.X = settings_for("http://127.0.0.1:9")
    assert ADAPTER.is_configured
    settings.X = settings_for("http://127.0.0.1:9", token="", user_id="@pemkab")
    assert [step.missing for step in ADAPTER.steps()] == [True, True, True, False]
