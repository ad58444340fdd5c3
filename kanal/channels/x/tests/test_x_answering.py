"""Answers on X: in public without anybody's data, never twice, and in private where that is possible."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, calling, delivery, mailroom
from kanal.channels.actions import Message
from kanal.channels.models import Address, Medium, MediumState, Outbound
from kanal.channels.x.adapter import X
from kanal.channels.x.length import MOST, weight
from tests.support.platform import Answer, running
from tests.support.x import FIRST, SARI, FakeX, post, problem, settings_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]
POST = str(FIRST + 1)
State = Outbound.State
PRIVATE = "https://kanal.contoh.id/lacak/BJN-7K2M-9QXR/abcdefghijklmnopqrstuv/"


@pytest.fixture
def x(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeX]:
    settings.BASE_URL, settings.PUBLIC_CONTINUE = "https://kanal.contoh.id", "https://kanal.contoh.id/lapor/"
    monkeypatch.setattr(X, "looks_every", timedelta(0))
    monkeypatch.setattr(X, "pace", 1000.0)
    with running(FakeX()) as platform:
        settings.X = settings_for(platform.url)
        yield platform


@pytest.fixture
def heard(x: FakeX) -> FakeX:
    """Sari wrote in public."""
    x.mentions = [post()]
    mailroom.look_around(lambda: True)
    mailroom.read_deliveries(lambda: True)
    x.calls.clear()
    return x


def send(body: str = "Kami cek hari ini.", *, thread: str = POST, purpose: str = "answer", key: str = "k1") -> Outbound:
    person = actions.address_for(medium=Medium.X, handle=SARI)
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


def state() -> MediumState:
    return MediumState.objects.get(medium=Medium.X)


# In public ----------------------------------------------------------------------------------------------------------


def test_an_answer_stands_under_the_post(x: FakeX) -> None:
    row = send()
    assert (row.state, row.external_id) == (State.SENT, str(FIRST + 5000))
    assert x.ours[0]["referenced_tweets"] == [{"type": "replied_to", "id": POST}]
    assert x.texts == ["Kami cek hari ini."]
    assert state().used_today == 1


def test_nobodys_data_and_no_private_link_stands_in_public(x: FakeX) -> None:
    send(f"Pak Budi 081234567890, laporan BJN-7K2M-9QXR: {PRIVATE} dan https://kanal.contoh.id/aduan/BJN-7K2M-9QXR/")
    [text] = x.texts
    assert "0812" not in text
    assert "abcdefghij" not in text
    assert text.count("BJN-7K2M-9QXR") == 1  # the public page may be named
    assert "https://kanal.contoh.id/lapor/" in text


def test_a_long_answer_is_cut_to_what_x_takes(x: FakeX) -> None:
    send("Terima kasih atas laporannya. " * 30)
    assert weight(x.texts[0]) <= MOST


def test_a_receipt_becomes_a_few_words_under_the_last_post(heard: FakeX) -> None:
    row = send(f"Kode: BJN-7K2M-9QXR\n{PRIVATE}", thread="", purpose="receipt")
    assert row.state == State.SENT
    [text] = heard.texts
    assert text.startswith("Terima kasih, laporan Anda sudah kami catat.")
    assert "https://kanal.contoh.id/lapor/" in text
    assert "BJN" not in text
    assert weight(text) <= MOST
    assert heard.ours[0]["referenced_tweets"][0]["id"] == POST


def test_two_receipts_are_not_the_same_text(heard: FakeX) -> None:
    rows = [send("Kode", thread="", purpose="receipt", key=key) for key in ("k1", "k2")]
    assert [row.state for row in rows] == [State.SENT, State.SENT]


def test_other_news_of_a_report_are_not_written_in_public(heard: FakeX) -> None:
    row = send("Laporan Anda diteruskan.", thread="", purpose="assigned")
    assert row.state == State.GIVEN_UP
    assert "dibaca umum" in row.error
    assert not heard.calls


def test_who_never_wrote_in_public_has_no_place_for_an_answer(x: FakeX) -> None:
    assert send(thread="", purpose="receipt").state == State.FAILED


# In private ---------------------------------------------------------------------------------------------------------


def test_with_direct_messages_everything_goes_to_the_person_alone(heard: FakeX, settings: Settings) -> None:
    settings.X["direct"] = True
    row = send(f"Kode: BJN-7K2M-9QXR\n{PRIVATE}", thread="", purpose="receipt")
    assert (row.state, row.external_id) == (State.SENT, "dm:771")
    assert heard.direct == [{"to": SARI, "text": f"Kode: BJN-7K2M-9QXR\n{PRIVATE}"}]
    assert not heard.ours
    assert send("Diteruskan.", thread="", purpose="assigned", key="k2").state == State.SENT


def test_who_takes_no_direct_messages_reads_the_hint(heard: FakeX, settings: Settings) -> None:
    settings.X["direct"] = True
    heard.closed = {SARI}
    assert send("Kode", thread="", purpose="receipt").state == State.SENT
    assert heard.texts[0].startswith("Terima kasih")
    row = send("Diteruskan.", thread="", purpose="assigned", key="k2")
    assert (row.state, row.error) == (State.FAILED, "Orang ini tidak menerima pesan langsung dari akun kita di X.")


@pytest.mark.parametrize(("status", "reached"), [(500, State.FAILED), (502, State.FAILED), (503, State.QUEUED)])
def test_a_direct_message_that_may_have_been_taken_is_not_sent_again(
    heard: FakeX, settings: Settings, status: int, reached: str
) -> None:
    settings.X["direct"] = True
    heard.instead = problem(status, "Internal Error", "")
    assert send("Diteruskan.", thread="", purpose="assigned").state == reached


# Never twice --------------------------------------------------------------------------------------------------------


def test_a_line_that_breaks_after_x_took_the_answer_is_found_out(x: FakeX) -> None:
    x.takes_and_hangs_up = True
    row = send()
    assert (row.state, row.external_id) == (State.SENT, str(FIRST + 5000))
    assert len(x.ours) == 1


def test_a_line_that_breaks_before_that_asks_a_person_and_resending_is_harmless(x: FakeX) -> None:
    x.hang_up = True
    row = send()
    assert row.state == State.FAILED
    assert row.error.startswith("Tidak pasti terkirim")
    x.hang_up = False
    assert again(row).state == State.SENT
    assert len(x.ours) == 1


def test_a_worker_killed_between_send_and_save_never_says_it_twice(x: FakeX) -> None:
    row = send()
    Outbound.objects.update(
        state=State.SENDING, external_id="", sent_at=None, leased_until=timezone.now() - timedelta(minutes=1)
    )
    assert actions.reap_deliveries() == 1
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert again(row).state == State.SENT  # X refuses the second copy, and ours is found under the post
    assert row.external_id == str(FIRST + 5000)
    assert len(x.ours) == 1


def test_what_x_changes_in_a_text_does_not_hide_that_it_is_ours(x: FakeX) -> None:
    row = send("Lihat https://kanal.contoh.id/peta/ & kabari kami")
    x.ours[0]["text"] = "@sari_bjn Lihat https://t.co/x &amp; kabari  kami"
    Outbound.objects.update(state=State.FAILED, external_id="")
    x.instead = None
    x.ours.append({"id": "1", "text": "Lihat https://kanal.contoh.id/peta/ & kabari kami", "referenced_tweets": []})
    assert again(row).external_id == str(FIRST + 5000)


def test_the_same_words_to_somebody_else_are_refused_and_told(x: FakeX) -> None:
    send()
    row = send(thread=str(FIRST + 2), key="k2")
    assert row.state == State.FAILED
    assert row.error == "X menolak kalimat yang sama dua kali. Tulis balasannya dengan kata lain."


# Faults -------------------------------------------------------------------------------------------------------------


def test_a_post_that_is_gone_cannot_be_answered(x: FakeX) -> None:
    x.gone = {POST}
    row = send()
    assert (row.state, row.error[:35]) == (State.FAILED, "Kirimannya di X sudah dihapus atau ")
    assert row.address is not None
    assert row.address.state == Address.State.OK


@pytest.mark.parametrize(
    ("answer", "seconds", "alarm"),
    [
        (problem(429, "Too Many Requests", "", {"Retry-After": "77"}), 77, ""),
        (problem(429, "Too Many Requests", ""), 900, ""),
        (problem(503, "Service Unavailable", ""), 30, ""),
        (problem(401, "Unauthorized", ""), 600, "X menolak kunci akun."),
        (problem(402, "CreditsDepleted", ""), 600, "Saldo X API habis."),
        (
            problem(403, "Forbidden", "Your client app is not configured with the appropriate oauth1 app permissions"),
            600,
            "Aplikasi X",
        ),
        (problem(403, "Forbidden", "Your account is temporarily locked"), 600, "Akun X kita sedang dikunci."),
    ],
)
def test_x_that_cannot_be_used_is_left_alone(x: FakeX, answer: Answer, seconds: int, alarm: str) -> None:
    x.instead, begun = answer, timezone.now()
    row = send()
    paused = state().paused_until
    assert paused is not None
    assert abs((paused - begun).total_seconds() - seconds) < 5
    assert row.state == State.QUEUED
    assert state().alarm.startswith(alarm)
    assert bool(state().alarm) == bool(alarm)


def test_the_limit_of_a_day_is_waited_for(x: FakeX) -> None:
    at = int(timezone.now().timestamp()) + 4000
    headers = {"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": str(at)}
    x.instead = problem(429, "Too Many Requests", "", headers)
    send()
    paused = state().paused_until
    assert paused is not None
    assert abs(paused.timestamp() - at) < 5


def test_what_people_write_is_heard_while_answers_rest(x: FakeX) -> None:
    x.instead = problem(403, "Forbidden", "Your account is temporarily locked")
    send()
    x.instead, x.mentions = None, [post()]
    assert mailroom.look_around(lambda: True) == 1
    assert state().alarm.startswith("Akun X kita sedang dikunci.")
    MediumState.objects.update(paused_until=timezone.now())
    mailroom.look_around(lambda: True)
    assert not state().alarm


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (problem(403, "Forbidden", "Reply to this conversation is not allowed"), "Orangnya harus menyebut akun kita"),
        (problem(404, "Not Found", ""), "sudah dihapus"),
        (problem(400, "Invalid Request", ""), "(400)"),
        (Answer(b"", 302, {"Location": "https://jahat.example/"}), "(302)"),
    ],
)
def test_what_is_refused_for_good(x: FakeX, answer: Answer, words: str) -> None:
    x.instead = answer
    row = send()
    assert row.state == State.FAILED
    assert words in row.error


def test_x_that_is_slow_is_uncertain(x: FakeX, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "TIMEOUT", httpx.Timeout(0.2))
    x.slow = 0.6
    assert send().state == State.FAILED


def test_x_that_is_down_costs_nothing(settings: Settings) -> None:
    with running(FakeX()) as gone:
        settings.X = settings_for(gone.url)
    row = send()
    assert (row.state, row.error) == (State.QUEUED, "X tidak bisa dihubungi.")
