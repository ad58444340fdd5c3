"""Answers on YouTube: under the comment, without anybody's data, and never twice although YouTube would take them."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, calling, delivery, mailroom
from kanal.channels.actions import Message
from kanal.channels.models import Medium, MediumState, Outbound
from kanal.channels.youtube import quota
from kanal.channels.youtube.adapter import YouTube
from kanal.channels.youtube.line import forget_tokens
from tests.support.platform import Answer, running
from tests.support.youtube import SARI, FakeYouTube, comment, refusal, settings_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]
State = Outbound.State
PRIVATE = "https://kanal.contoh.id/lacak/BJN-7K2M-9QXR/abcdefghijklmnopqrstuv/"


@pytest.fixture
def youtube(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeYouTube]:
    """Sari commented on a film of ours, and it was read."""
    settings.BASE_URL, settings.PUBLIC_CONTINUE = "https://kanal.contoh.id", "https://wa.me/6281234567890"
    monkeypatch.setattr(YouTube, "looks_every", timedelta(0))
    monkeypatch.setattr(YouTube, "pace", 1000.0)
    forget_tokens()
    with running(FakeYouTube()) as platform:
        settings.YOUTUBE = settings_for(platform.url)
        platform.add(comment())
        mailroom.look_around(lambda: True)
        mailroom.read_deliveries(lambda: True)
        platform.calls.clear()
        yield platform
    forget_tokens()


def send(
    body: str = "Kami cek hari ini.", *, thread: str = "Ug1", purpose: str = "answer", key: str = "k1"
) -> Outbound:
    person = actions.address_for(medium=Medium.YOUTUBE, handle=SARI)
    message = Message(purpose=purpose, dedupe_key=key, subject="x", body=body, address=person, thread=thread)
    actions.queue([message])
    delivery.deliver_due(lambda: True)
    return Outbound.objects.get(dedupe_key=key)


def again(row: Outbound) -> Outbound:
    """Somebody presses "kirim ulang"."""
    assert actions.resend(row.pk)
    delivery.deliver_due(lambda: True)
    row.refresh_from_db()
    return row


def said(youtube: FakeYouTube) -> list[str]:
    return [one["snippet"]["textOriginal"] for one in youtube.ours]


def state() -> MediumState:
    return MediumState.objects.get(medium=Medium.YOUTUBE)


def test_an_answer_stands_under_the_comment(youtube: FakeYouTube) -> None:
    row = send()
    assert (row.state, row.external_id) == (State.SENT, "Ug1.kita0")
    assert said(youtube) == ["Kami cek hari ini."]
    assert youtube.ours[0]["snippet"]["parentId"] == "Ug1"
    assert state().spent == quota.QUESTION + quota.ANSWER


def test_nobodys_data_and_no_private_link_stands_in_public(youtube: FakeYouTube) -> None:
    send(f"Pak Budi 081234567890, laporan BJN-7K2M-9QXR: {PRIVATE}")
    [text] = said(youtube)
    assert "0812" not in text
    assert "BJN" not in text
    assert "https://wa.me/6281234567890" in text


def test_a_receipt_becomes_a_few_words_and_other_news_none(youtube: FakeYouTube) -> None:
    assert send(f"Kode: BJN-7K2M-9QXR\n{PRIVATE}", thread="", purpose="receipt").state == State.SENT
    row = send("Diteruskan.", thread="", purpose="assigned", key="k2")
    assert (row.state, "dibaca umum" in row.error) == (State.GIVEN_UP, True)
    [text] = said(youtube)
    assert text.startswith("Terima kasih, laporan Anda sudah kami catat.")
    assert "Lanjutkan di https://wa.me/6281234567890" in text


# Never twice --------------------------------------------------------------------------------------------------------


def test_a_line_that_breaks_after_youtube_took_the_answer_is_found_out(youtube: FakeYouTube) -> None:
    send("Pertama", key="k0")  # so that there is a token: the fake breaks every POST
    youtube.takes_and_hangs_up = True
    row = send()
    assert (row.state, row.external_id) == (State.SENT, "Ug1.kita1")
    assert said(youtube) == ["Pertama", "Kami cek hari ini."]


@pytest.mark.parametrize("fault", ["hang_up", "server"])
def test_otherwise_a_person_is_asked_and_resending_looks_first(
    youtube: FakeYouTube, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = youtube._insert

    def breaks(call: object) -> Answer:
        insert(call)  # type: ignore[arg-type]  # a Call
        youtube.hidden = dict(youtube.comments)  # type: ignore[attr-defined]  # of this test
        del youtube.comments["Ug1.kita0"]  # YouTube shows new comments late
        if fault == "hang_up":
            raise ConnectionError
        return refusal(503, "backendError")

    monkeypatch.setattr(youtube, "_insert", breaks)
    row = send()
    assert row.state == State.FAILED
    assert row.error.startswith("Tidak pasti terkirim")
    assert delivery.deliver_due(lambda: True) == 0
    youtube.comments |= youtube.hidden  # type: ignore[attr-defined]  # of this test
    row = again(row)
    assert (row.state, row.external_id) == (State.SENT, "Ug1.kita0")
    assert said(youtube) == ["Kami cek hari ini."]


def test_a_worker_killed_between_send_and_save_never_says_it_twice(youtube: FakeYouTube) -> None:
    row = send()
    Outbound.objects.update(
        state=State.SENDING, external_id="", sent_at=None, leased_until=timezone.now() - timedelta(minutes=1)
    )
    assert actions.reap_deliveries() == 1
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert again(row).external_id == "Ug1.kita0"
    assert len(said(youtube)) == 1


# What YouTube allows ------------------------------------------------------------------------------------------------


def test_when_the_day_is_used_up_answers_wait_for_the_next(youtube: FakeYouTube, settings: Settings) -> None:
    settings.YOUTUBE["units_a_day"] = 110
    assert [send(f"Jawaban {key}", key=key).state for key in ("k1", "k2", "k3")] == [
        State.SENT,
        State.SENT,
        State.QUEUED,
    ]
    paused = state().paused_until
    assert paused is not None
    assert abs(paused - timezone.now() - quota.until_reset(timezone.now())) < timedelta(seconds=9)
    assert len(said(youtube)) == 2
    yesterday = quota.day_of(timezone.now()) - timedelta(days=1)
    MediumState.objects.update(spent_on=yesterday, paused_until=None)
    Outbound.objects.update(next_attempt_at=timezone.now())
    delivery.deliver_due(lambda: True)
    assert len(said(youtube)) == 3


def test_a_quota_that_others_used_up_is_waited_for_too(youtube: FakeYouTube) -> None:
    youtube.refuses = refusal(403, "quotaExceeded")
    assert send().state == State.QUEUED
    assert state().alarm.startswith("Jatah harian YouTube habis.")


# Faults -------------------------------------------------------------------------------------------------------------


def test_a_comment_that_is_gone_cannot_be_answered(youtube: FakeYouTube) -> None:
    youtube.comments.clear()
    row = send()
    assert (row.state, row.error[:36]) == (State.FAILED, "Komentarnya di YouTube sudah dihapus")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("operationNotSupported", "tidak mengizinkan balasan"),
        ("commentsDisabled", "tidak mengizinkan balasan"),
        ("commentTextTooLong", "terlalu panjang"),
        ("sebabBaru", "menolak balasan ini (400)"),
    ],
)
def test_what_is_refused_for_good(
    youtube: FakeYouTube, monkeypatch: pytest.MonkeyPatch, reason: str, words: str
) -> None:
    monkeypatch.setattr(youtube, "_insert", lambda _call: refusal(400, reason))
    row = send()
    assert row.state == State.FAILED
    assert words in row.error


def test_a_revoked_token_is_replaced_without_asking_anybody(youtube: FakeYouTube) -> None:
    youtube.revoked = set(youtube.issued)
    assert send().state == State.SENT


def test_a_permission_that_is_gone_raises_an_alarm_and_keeps_the_answer(youtube: FakeYouTube) -> None:
    forget_tokens()
    youtube.grant = Answer({"error": "invalid_grant"}, 400)
    assert send().state == State.QUEUED
    assert "KANAL_YOUTUBE_REFRESH_TOKEN" in state().alarm


def test_youtube_that_is_slow_costs_nothing_while_nothing_left(
    youtube: FakeYouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "TIMEOUT", httpx.Timeout(0.2))
    youtube.slow = 0.6
    assert send().state == State.QUEUED
