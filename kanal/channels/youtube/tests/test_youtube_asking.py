"""Asking YouTube for comments: each once, edits and removals noticed, never more than the day allows."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, mailroom, queries
from kanal.channels.actions import pulse
from kanal.channels.models import Delivery, Inbound, Medium, MediumState, Passing
from kanal.channels.youtube import asking, quota
from kanal.channels.youtube.adapter import ADAPTER, YouTube
from kanal.channels.youtube.line import forget_tokens
from tests.support.platform import Answer, running
from tests.support.youtube import CHANNEL, SARI, FakeYouTube, comment, refusal, settings_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]


@pytest.fixture
def youtube(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeYouTube]:
    monkeypatch.setattr(YouTube, "looks_every", timedelta(0))
    forget_tokens()
    with running(FakeYouTube()) as platform:
        settings.YOUTUBE = settings_for(platform.url)
        yield platform
    forget_tokens()


def look() -> int:
    """Ask until there is nothing new, and read it; returns how many pages were kept."""
    kept = mailroom.look_around(lambda: True)
    while mailroom.read_deliveries(lambda: True):
        pass
    return kept


def state() -> MediumState:
    return MediumState.objects.get(medium=Medium.YOUTUBE)


def place() -> asking.Place:
    return asking.Place.read(state().cursor, timezone.now())


def texts() -> set[str]:
    return {one.text for one in Inbound.objects.all()}


# Pages --------------------------------------------------------------------------------------------------------------


def test_a_comment_with_a_complaint_waits_at_the_desk(youtube: FakeYouTube) -> None:
    youtube.add(comment())
    assert look() == 1
    message = Inbound.objects.get()
    assert (message.text, message.state, message.public) == ("Jalan Jono rusak parah", "waiting", True)
    assert (message.external_id, message.thread, message.subject) == ("Ug1", "Ug1", "youtu.be/vid30jalan")
    assert message.address is not None
    assert (message.address.handle, message.address.contact.name) == (SARI, "@sari-bjn")


def test_a_page_without_anything_new_is_not_kept_again(youtube: FakeYouTube) -> None:
    youtube.add(comment())
    assert [look(), look(), look()] == [1, 0, 0]
    assert len(youtube.asked) == 3
    assert Delivery.objects.count() == 1


def test_older_pages_are_walked_until_what_is_known(youtube: FakeYouTube) -> None:
    youtube.add(*(comment(f"Ug{number}", f"lampu mati {number}", minutes=number) for number in range(1, 121)))
    assert look() == 3
    assert Inbound.objects.count() == 120
    youtube.add(comment("Ugbaru", minutes=0.1))
    assert look() == 1
    assert Inbound.objects.count() == 121
    assert not place().page


def test_the_first_look_goes_back_three_days(youtube: FakeYouTube) -> None:
    youtube.add(*(comment(f"Ug{number}", minutes=number * 24 * 60) for number in range(1, 121)))
    assert look() == 1


def test_a_worker_that_dies_between_two_pages_goes_on_where_it_was(youtube: FakeYouTube) -> None:
    youtube.add(*(comment(f"Ug{number}", minutes=number) for number in range(1, 81)))
    once = iter([True, True, False])
    assert mailroom.look_around(lambda: next(once, False)) == 1
    assert place().page == "h50"
    assert look() == 1
    assert Inbound.objects.count() == 80


def test_a_page_token_that_ran_out_begins_the_walk_anew_without_doubles(youtube: FakeYouTube) -> None:
    youtube.add(*(comment(f"Ug{number}", minutes=number) for number in range(1, 81)))
    youtube.stale = True
    look()
    assert Inbound.objects.count() == 50
    youtube.stale = False
    look()
    assert Inbound.objects.count() == 80


def test_replies_beyond_those_of_the_page_are_asked_for_once(youtube: FakeYouTube) -> None:
    youtube.add(comment("Ug1"))
    youtube.add(
        *(comment(f"Ug1.{at}", f"di sini juga rusak {at}", minutes=9 - at / 20, parentId="Ug1") for at in range(120))
    )
    assert look() == 3  # the thread, and two pages of its replies
    assert Inbound.objects.count() == 121
    assert look() == 0
    youtube.add(comment("Ug1.baru", "kapan diperbaiki", minutes=0.1, parentId="Ug1"))
    assert look() == 3
    assert "kapan diperbaiki" in texts()


def test_a_thread_deleted_before_its_replies_were_asked_for_is_passed(youtube: FakeYouTube) -> None:
    youtube.add(comment("Ug1"), *(comment(f"Ug1.{at}", parentId="Ug1") for at in range(9)))
    once = iter([True, True, False])
    mailroom.look_around(lambda: next(once, False))
    assert place().threads == ["Ug1"]
    youtube.comments.clear()
    look()
    assert not place().threads
    assert not state().alarm


def test_replies_that_may_not_be_seen_keep_nobody_from_being_heard(
    youtube: FakeYouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    youtube.add(comment("Ug1"), *(comment(f"Ug1.{at}", parentId="Ug1") for at in range(9)))
    monkeypatch.setattr(youtube, "_list", lambda _query: refusal(403, "forbidden"))
    look()
    assert not place().threads
    youtube.add(comment("Ug2", "lampu mati"))
    MediumState.objects.update(cursor=state().cursor.replace(str(place().looked_after), "1"))
    look()
    assert "lampu mati" in texts()
    assert not state().alarm


def test_every_thread_of_a_page_is_asked_for_its_further_replies(youtube: FakeYouTube) -> None:
    for number in range(30):
        first = f"Ug{number}"
        youtube.add(comment(first, minutes=60 + number))
        replies = (comment(f"{first}.{at}", f"rusak {at}", minutes=30 - at, parentId=first) for at in range(6))
        youtube.add(*replies)
    look()
    assert Inbound.objects.count() == 30 * 7


def test_a_broken_cursor_is_a_beginning() -> None:
    now = timezone.now()
    for cursor in ("", "12345", "{", '{"units": "banyak"}', '{"hal_baru": 1}', "[]", '{"threads": 7}'):
        assert asking.Place.read(cursor, now).until == ""


# Edited, removed, our own -------------------------------------------------------------------------------------------


def test_an_edited_comment_changes_its_message(youtube: FakeYouTube) -> None:
    youtube.add(comment())
    look()
    snippet = youtube.comments["Ug1"]["snippet"]
    snippet |= {"textOriginal": "Sudah beres, terima kasih", "updatedAt": _now()}
    look()
    message = Inbound.objects.get()
    assert message.text == "Sudah beres, terima kasih"  # no word of a complaint is left
    assert message.changed_at is not None
    assert not Passing.objects.exists()


def test_praise_that_becomes_a_complaint_is_taken_up(youtube: FakeYouTube) -> None:
    youtube.add(comment("Ug1", "mantap"))
    look()
    youtube.comments["Ug1"]["snippet"] |= {"textOriginal": "mantap, tapi jalan Jono rusak", "updatedAt": _now()}
    look()
    assert texts() == {"mantap, tapi jalan Jono rusak"}


def test_a_comment_that_was_deleted_is_taken_out(youtube: FakeYouTube) -> None:
    youtube.add(comment("Ug1"), comment("Ug2", "lampu mati"))
    look()
    del youtube.comments["Ug1"]
    MediumState.objects.update(cursor=asking.Place(looked_after=1).written())
    look()
    removed = Inbound.objects.get(external_id="Ug1")
    assert (removed.text, removed.removed_at is not None) == ("", True)
    assert texts() == {"", "lampu mati"}


def test_our_own_comments_and_praise_are_passed_over_and_counted_once(youtube: FakeYouTube) -> None:
    youtube.add(comment("Ug1", "Mohon laporkan di kanal.", author=CHANNEL), comment("Ug2", "keren videonya"))
    look()
    youtube.add(comment("Ug3", "sukses selalu"))
    look()
    assert not Inbound.objects.exists()
    [health] = [one for one in queries.health() if one.medium is Medium.YOUTUBE]
    assert [(one.number, one.reason) for one in health.passed] == [
        (2, "Tidak ada kata penanda aduan"),
        (1, "Tulisan akun kita sendiri"),
    ]


def test_whoever_began_a_matter_goes_on_with_it_whatever_the_words(youtube: FakeYouTube) -> None:
    youtube.add(
        comment("Ug1", "Jalan rusak", minutes=9),
        comment("Ug1.1", "ngarep masjid", minutes=8, parentId="Ug1"),
        comment("Ug1.2", "semangat pak", minutes=7, parentId="Ug1", author="UCorang"),
    )
    look()
    youtube.add(comment("Ug1.3", "RT 3", minutes=1, parentId="Ug1"))
    look()
    assert texts() == {"Jalan rusak", "ngarep masjid", "RT 3"}
    assert set(Inbound.objects.values_list("thread", flat=True)) == {"Ug1"}


def _now() -> str:
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# What YouTube allows ------------------------------------------------------------------------------------------------


def test_the_day_is_californias() -> None:
    noon = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # 12.00 in Bojonegoro, 21.00 the day before in California
    assert quota.day_of(noon).isoformat() == "2026-11-21"
    assert quota.until_reset(noon) == timedelta(hours=3, minutes=1)
    summer = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)
    assert quota.until_reset(summer) == timedelta(hours=2, minutes=1)


def test_what_answers_took_is_not_there_for_questions(settings: Settings) -> None:
    settings.YOUTUBE = settings_for("http://127.0.0.1:9", units_a_day=100)
    assert quota.left_to_ask(10, 0) == 40
    assert quota.left_to_ask(10, 85) == 5
    assert quota.left_to_ask(10, 99) == 0


def test_when_its_half_is_used_up_reading_rests_says_until_when_and_goes_on_by_itself(
    youtube: FakeYouTube, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YOUTUBE["units_a_day"] = 200
    midnight = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 15.00 in Bojonegoro
    now = midnight - timedelta(minutes=90)
    monkeypatch.setattr(timezone, "now", lambda: now)
    MediumState.objects.create(medium=Medium.YOUTUBE, cursor=asking.Place(day="2026-11-23", units=100).written())
    youtube.add(comment())
    assert look() == 0
    assert not youtube.asked
    [health] = [one for one in queries.health() if one.medium is Medium.YOUTUBE]
    assert health.trouble.endswith("Kanal membaca lagi sendiri mulai Selasa, 24 Nov, 15.01.")
    assert (health.alarm, health.paused_until) == ("", None), "answers go on leaving"
    rests_until = state().looked_at
    assert rests_until == now + timedelta(hours=1), "somebody may have got more units meanwhile"
    now = rests_until
    assert look() == 0
    assert state().looked_at == midnight + timedelta(minutes=1)
    now = midnight + timedelta(minutes=1)
    assert look() == 1
    assert place().units > 0
    [health] = [one for one in queries.health(now + timedelta(seconds=1)) if one.medium is Medium.YOUTUBE]
    assert health.trouble == ""


def test_questions_take_half_of_the_day_at_most(youtube: FakeYouTube, settings: Settings) -> None:
    settings.YOUTUBE["units_a_day"] = 8
    for number in range(9):
        youtube.add(comment(f"Ug{number}", minutes=9 - number))
        look()
    assert len(youtube.asked) == 4
    assert place().units == 4
    tomorrow = asking.Place.read(state().cursor, timezone.now() + timedelta(days=1))
    assert (tomorrow.units, tomorrow.until) == (0, place().until)


def test_when_youtube_says_that_the_day_is_used_up_it_rests_until_midnight_in_california(youtube: FakeYouTube) -> None:
    youtube.refuses = refusal(403, "quotaExceeded")
    look()
    rests_until = state().looked_at
    assert rests_until is not None
    assert abs(rests_until - timezone.now() - quota.until_reset(timezone.now())) < timedelta(seconds=9)
    assert state().alarm.startswith("Jatah harian YouTube habis. Kanal melanjutkan sendiri mulai ")
    youtube.refuses = None
    assert look() == 0
    MediumState.objects.update(looked_at=timezone.now())
    youtube.add(comment())
    assert look() == 1
    assert not state().alarm


def test_the_health_page_says_what_was_used(youtube: FakeYouTube) -> None:
    look()
    pulse.spent(Medium.YOUTUBE, 50, on=quota.day_of(timezone.now()))
    [health] = [one for one in queries.health() if one.medium is Medium.YOUTUBE]
    assert health.allowance.startswith("51 dari 10.000 satuan hari ini")
    assert health.used_today == 51


# Faults -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "alarm"),
    [
        (refusal(403, "accessNotConfigured"), "YouTube Data API v3 belum dinyalakan."),
        (refusal(403, "insufficientPermissions"), "YouTube menolak izin akun."),
        (refusal(403, "authenticatedUserAccountSuspended"), "Akun YouTube kita ditutup atau ditangguhkan."),
        (refusal(404, "channelNotFound"), "YouTube menolak pertanyaan Kanal (404)."),
        (refusal(403, "rateLimitExceeded"), ""),
        (Answer({}, 429, {"Retry-After": "9"}), ""),
        (refusal(503, "backendError"), ""),
        (Answer(b"<html>gangguan</html>"), ""),
        (Answer(b"[" * 100_000), ""),
        (Answer({"error": "aneh"}, 400), "YouTube menolak pertanyaan Kanal (400)."),
    ],
)
def test_trouble_loses_nothing_and_says_what_to_do(youtube: FakeYouTube, answer: Answer, alarm: str) -> None:
    youtube.add(comment())
    youtube.refuses = answer
    assert look() == 0
    assert state().alarm.startswith(alarm)
    assert bool(state().alarm) == bool(alarm)
    youtube.refuses = None
    MediumState.objects.update(looked_at=timezone.now())
    assert look() == 1


@pytest.mark.parametrize(
    ("answer", "alarm"),
    [
        (Answer({"error": "invalid_grant"}, 400), "Izin YouTube dicabut atau habis."),
        (Answer({"error": "invalid_client"}, 401), "Google menolak aplikasi ini."),
        (Answer({}, 503), ""),
        (Answer(b"?"), "Google menolak aplikasi ini."),
    ],
)
def test_without_a_token_nothing_is_asked(youtube: FakeYouTube, answer: Answer, alarm: str) -> None:
    youtube.grant = answer
    assert look() == 0
    assert not youtube.asked
    assert state().alarm.startswith(alarm)
    assert bool(state().alarm) == bool(alarm)
    assert "1//izin" not in state().alarm


def test_a_token_serves_for_an_hour_and_one_that_is_revoked_is_replaced_at_once(youtube: FakeYouTube) -> None:
    look()
    look()
    assert len(youtube.issued) == 1
    youtube.revoked = {"ya29.0"}
    youtube.add(comment())
    assert look() == 1
    assert len(youtube.issued) == 2


def test_a_permission_that_is_gone_is_told(youtube: FakeYouTube) -> None:
    youtube.revoked = {f"ya29.{number}" for number in range(9)}
    look()
    assert state().alarm.startswith("YouTube menolak izin akun.")


def test_letters_that_are_none_are_replaced(youtube: FakeYouTube) -> None:
    youtube.add(comment("Ug1", "jalan rusak XX"))
    page = youtube._threads({"allThreadsRelatedToChannelId": CHANNEL, "maxResults": "50"})
    youtube.refuses = Answer(json.dumps(page.body).encode().replace(b"XX", b"\xff"))
    look()
    assert texts() == {"jalan rusak \N{REPLACEMENT CHARACTER}"}


def test_unknown_fields_are_kept_and_unknown_shapes_shown(youtube: FakeYouTube) -> None:
    youtube.add(comment("Ug1", hal_baru=True), comment("Ug2"))
    del youtube.comments["Ug2"]["snippet"]["authorChannelId"]
    youtube.comments["Ug2"]["snippet"]["authorChannelId"] = {}
    page = youtube._threads({"allThreadsRelatedToChannelId": CHANNEL, "maxResults": "50"})
    assert isinstance(page.body, dict)
    page.body["items"].append({"id": "siaran"})
    youtube.refuses = page
    look()
    assert "hal_baru" in Delivery.objects.get().payload
    strange = set(Passing.objects.filter(strange=True).values_list("external_id", "why"))
    assert strange == {(name, "Komentar YouTube yang belum dikenal bentuknya.") for name in ("Ug2", "siaran")}


@pytest.mark.parametrize("payload", ["", "null", "[]", "{}", '{"kind": "youtube#videoListResponse"}', '{"asked": 1}'])
def test_what_is_no_page_stays_with_its_reason(payload: str) -> None:
    row = actions.store_delivery(medium=Medium.YOUTUBE, payload=payload)
    mailroom.read_deliveries(lambda: True)
    row.refresh_from_db()
    assert (row.state, row.error[:6]) == ("failed", "Bentuk")


def test_the_same_page_twice_changes_nothing(youtube: FakeYouTube) -> None:
    youtube.add(comment(), comment("Ug2", "halo"))
    look()
    actions.store_delivery(medium=Medium.YOUTUBE, payload=Delivery.objects.get().payload)
    mailroom.read_deliveries(lambda: True)
    assert (Inbound.objects.count(), Passing.objects.count()) == (1, 1)


def test_the_filter_can_be_switched_off(youtube: FakeYouTube, settings: Settings) -> None:
    settings.YOUTUBE["everything"] = True
    youtube.add(comment("Ug1", "keren"))
    look()
    assert texts() == {"keren"}


def test_what_is_missing_is_listed(settings: Settings) -> None:
    settings.YOUTUBE = settings_for("http://127.0.0.1:9")
    assert ADAPTER.is_configured
    settings.YOUTUBE = settings_for("http://127.0.0.1:9", refresh_token="", channel_id="@pemkab")
    assert [step.done for step in ADAPTER.steps()] == [True, True, False, False]
