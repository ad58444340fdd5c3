"""Answers on Facebook and Instagram, private and public, files, and everything that can be wrong with Graph."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, calling, delivery, files, mailroom
from kanal.channels.actions import Message
from kanal.channels.adapters import adapters
from kanal.channels.models import Address, Inbound, InboundFile, MediumState, Outbound
from kanal.channels.openly import way_on
from tests.support.graph import (
    OURS,
    SARI,
    FakePage,
    comment,
    direct,
    envelope,
    error,
    event,
    milliseconds,
    settings_for,
)
from tests.support.platform import Answer, running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200
State = Outbound.State
NAMES = {"facebook": "Facebook", "instagram": "Instagram"}


@pytest.fixture(params=["facebook", "instagram"])
def medium(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def graph(settings: Settings) -> Iterator[FakePage]:
    with running(FakePage()) as platform:
        settings.FACEBOOK = settings.INSTAGRAM = settings_for(platform.url)
        yield platform


@pytest.fixture(autouse=True)
def _by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)


def hear(medium: str, payload: str) -> None:
    actions.store_delivery(medium=medium, payload=payload)
    mailroom.read_deliveries(lambda: True)


def person(medium: str) -> Address:
    return actions.address_for(medium=medium, handle=SARI)


def state(medium: str) -> MediumState:
    return MediumState.objects.get(medium=medium)


def send(medium: str, *, purpose: str = "assigned", thread: str = "", heard: float | None = 0) -> Outbound:
    """Answer somebody who wrote privately so many hours ago, or never."""
    if heard is not None:
        hear(medium, direct(medium, "Halo", hours_ago=heard))
    told = Message(
        purpose=purpose,
        dedupe_key="k1",
        subject="x",
        body="Laporan Anda diteruskan.",
        address=person(medium),
        thread=thread,
    )
    actions.queue([told])
    delivery.deliver_due(lambda: True)
    return Outbound.objects.get(dedupe_key="k1")


# Where an answer goes -----------------------------------------------------------------------------------------------


def test_an_answer_within_the_day(graph: FakePage, medium: str) -> None:
    row = send(medium)
    assert (row.state, row.external_id, row.error) == (State.SENT, "m_out1", "")
    [sent] = graph.sent
    assert (sent["recipient"], sent["messaging_type"]) == ({"id": SARI}, "RESPONSE")
    assert sent["message"]["text"] == "Laporan Anda diteruskan."


def test_below_a_comment_everybody_reads_it(graph: FakePage, medium: str) -> None:
    assert send(medium, thread="comment:900_1").state == State.SENT
    edge = {"facebook": "900_1/comments", "instagram": "900_1/replies"}[medium]
    assert graph.posted == [(edge, "Laporan Anda diteruskan.")]
    assert not graph.sent


def test_a_comments_writer_alone_is_reached_by_the_comment(graph: FakePage, medium: str) -> None:
    hear(medium, comment(medium, "Jalan rusak"))
    message = Inbound.objects.get()
    aside = adapters()[medium].aside(message)
    assert aside == f"private:comment_id:{message.external_id}"
    assert send(medium, thread=aside, heard=None).state == State.SENT
    assert graph.sent[0]["recipient"] == {"comment_id": message.external_id}
    assert "messaging_type" not in graph.sent[0]


def test_after_seven_days_or_elsewhere_there_is_no_private_answer(graph: FakePage, medium: str) -> None:
    hear(medium, comment(medium, "Jalan rusak", hours_ago=7 * 24))
    message = Inbound.objects.get()
    assert adapters()[medium].aside(message) is None
    message.received_at, message.thread = timezone.now(), "mention:1:2"
    assert adapters()[medium].aside(message) is None


def test_where_we_are_named_the_answer_goes_there(graph: FakePage) -> None:
    assert send("instagram", thread="mention:170:180", heard=None).state == State.SENT
    assert graph.calls[-1].json == {"media_id": "170", "comment_id": "180", "message": "Laporan Anda diteruskan."}
    assert graph.posted[0][0] == f"{OURS}/mentions"
    told = adapters()["instagram"].under("mention:170:", "x")  # type: ignore[attr-defined]  # of a Page
    assert told == (f"{OURS}/mentions", {"media_id": "170", "message": "x"})


@pytest.mark.parametrize("code", [10, 200])
def test_a_post_of_somebody_else_where_we_may_not_write_holds_up_that_answer_alone(
    graph: FakePage, medium: str, code: int
) -> None:
    graph.instead = error(code, 403)
    row = send(medium, thread="mention:170:180", heard=None)
    assert row.state == State.QUEUED
    assert "tidak mengizinkannya di kiriman ini" in row.error
    assert not MediumState.objects.exclude(paused_until=None, alarm="").exists()
    graph.instead = error(190, 401)
    Outbound.objects.update(next_attempt_at=timezone.now())
    delivery.deliver_due(lambda: True)
    assert state(medium).alarm.startswith("Token"), "an ended token is everybody's"


def test_a_photo_of_somebody_elses_post_that_we_may_not_see_waits_alone(graph: FakePage) -> None:
    hear("facebook", comment("facebook", "rusak", photo="https://x"))
    graph.instead = error(10, 403)
    files.fetch_files(lambda: True)
    file = InboundFile.objects.get()
    assert file.state == "wanted"
    assert "tidak mengizinkannya di kiriman ini" in file.error
    assert not MediumState.objects.exclude(paused_until=None).exists()


def test_whoever_never_wrote_privately_is_not_written_to(graph: FakePage, medium: str) -> None:
    hear(medium, comment(medium, "Jalan rusak"))  # read by everybody: opens no private conversation
    row = send(medium, heard=None)
    assert row.state == State.FAILED
    assert row.error.startswith("Orang ini belum pernah mengirim pesan pribadi")
    assert not graph.calls


def test_after_a_day_only_what_a_person_wrote_and_only_where_meta_allowed_it(
    graph: FakePage, medium: str, settings: Settings
) -> None:
    assert send(medium, purpose="answered", heard=25).error.startswith("Terlalu lama sejak orangnya menulis")
    settings.FACEBOOK = settings.INSTAGRAM = settings_for(graph.url, human_agent=True)
    Outbound.objects.all().delete()
    assert send(medium, purpose="assigned", heard=None).state == State.FAILED
    Outbound.objects.all().delete()
    assert send(medium, purpose="answered", heard=None).state == State.SENT
    [sent] = graph.sent
    assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    Outbound.objects.all().delete()
    Inbound.objects.update(received_at=timezone.now() - timedelta(days=7))
    assert send(medium, purpose="answered", heard=None).state == State.FAILED


def test_a_read_mark_counts_for_all_that_was_sent_before_it(graph: FakePage, medium: str) -> None:
    row = send(medium)
    hear(medium, envelope(medium, messaging=[event(read={"watermark": milliseconds(1)})]))
    row.refresh_from_db()
    assert row.state == State.SENT
    hear(medium, envelope(medium, messaging=[event(read={"watermark": milliseconds(-1)})]))
    row.refresh_from_db()
    assert row.state == State.READ


# The fault menu -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "seconds", "alarm"),
    [
        (error(4, 429, headers={"Retry-After": "7"}), 7, ""),
        (error(80006, 400), 60, ""),
        (Answer({}, 503, {"Retry-After": "120"}), 120, ""),
        (error(1, 500), 30, ""),
        (error(190, 401), 600, "Token {} habis"),
        (error(10, 403), 600, "Token {} tidak berizin"),
        (error(200, 403), 600, "Token {} tidak berizin"),
        (error(368, 400), 3600, "Meta menahan akun {}"),
        (error(10, 403, 1893063), 3600, "Meta membatasi pesan dari akun {}"),
    ],
    ids=["too fast", "limit", "away", "unknown", "token expired", "not allowed", "permission", "locked", "restricted"],
)
def test_a_platform_that_cannot_be_used_is_left_alone(
    graph: FakePage, medium: str, answer: Answer, seconds: int, alarm: str
) -> None:
    graph.instead, begun = answer, timezone.now()
    row = send(medium)
    assert row.state == State.QUEUED
    assert state(medium).alarm.startswith(alarm.format(NAMES[medium]))
    assert bool(state(medium).alarm) == bool(alarm)
    paused = state(medium).paused_until
    assert paused is not None
    assert abs((paused - begun).total_seconds() - seconds) < 5
    graph.instead = None
    assert delivery.deliver_due(lambda: True) == 0  # not before its time
    Outbound.objects.update(next_attempt_at=timezone.now())
    MediumState.objects.update(paused_until=None)
    delivery.deliver_due(lambda: True)
    row.refresh_from_db()
    assert (row.state, state(medium).alarm) == (State.SENT, "")


@pytest.mark.parametrize(
    ("answer", "sentence", "address"),
    [
        (error(551, 400, 1545041), "Orang ini tidak bisa dikirimi", Address.State.BOUNCED),
        (error(100, 400, 2018001), "Orang ini tidak bisa dikirimi", Address.State.BOUNCED),
        (error(10, 403, 2018278), "{} melarang: terlalu lama", Address.State.OK),
        (error(10, 403, 2534022), "{} melarang: terlalu lama", Address.State.OK),
        (error(100, 400, 2534025), "Komentar ini sudah pernah dibalas pribadi", Address.State.OK),
        (error(10900), "Komentar ini sudah pernah dibalas pribadi", Address.State.OK),
        (error(10901), "Komentarnya terlalu lama", Address.State.OK),
        (error(100, 400, 33), "Kiriman atau komentarnya sudah dihapus", Address.State.OK),
        (error(100), "{} menolak pesan ini (100).", Address.State.OK),
        (Answer(b"", 418), "{} menolak pesan ini (418).", Address.State.OK),
    ],
    ids=["blocked", "nobody", "window", "instagram's window", "once", "replied", "old", "deleted", "wrong", "unknown"],
)
def test_what_is_refused_for_good(graph: FakePage, medium: str, answer: Answer, sentence: str, address: str) -> None:
    graph.instead = answer
    row = send(medium)
    assert row.state == State.FAILED
    assert row.error.startswith(sentence.format(NAMES[medium]))
    assert person(medium).state == address


@pytest.mark.parametrize("answer", [error(1200), error(2, 500, 1545133), error(100, 400, 2534013)], ids=str)
def test_trouble_with_one_message_stops_no_other(graph: FakePage, medium: str, answer: Answer) -> None:
    graph.instead = answer
    assert send(medium).state == State.QUEUED
    assert state(medium).paused_until is None


def test_a_platform_that_is_down_costs_nothing(graph: FakePage, medium: str, settings: Settings) -> None:
    with running(FakePage()) as gone:
        url = gone.url
    settings.FACEBOOK = settings.INSTAGRAM = settings_for(url)
    row = send(medium)
    assert (row.state, row.handed_at) == (State.QUEUED, None)
    assert row.error == f"{NAMES[medium]} tidak bisa dihubungi."


@pytest.mark.parametrize("fault", ["slow", "hang_up"])
def test_a_line_that_breaks_after_handing_over_is_never_tried_unasked(
    graph: FakePage, medium: str, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(calling, "TIMEOUT", httpx.Timeout(0.2))
    setattr(graph, fault, 0.6 if fault == "slow" else True)
    row = send(medium)
    assert row.state == State.FAILED
    assert row.error.startswith("Tidak pasti terkirim")
    delivery.deliver_due(lambda: True)
    assert len(graph.calls) == 1


@pytest.mark.parametrize("status", [500, 502, 504])
@pytest.mark.parametrize("thread", ["", "comment:900_1"])
def test_nor_is_what_a_machine_before_graph_answered(graph: FakePage, medium: str, status: int, thread: str) -> None:
    graph.instead = Answer(b"<html>Bad Gateway</html>", status)
    row = send(medium, thread=thread)
    assert row.error.startswith("Tidak pasti terkirim")
    delivery.deliver_due(lambda: True)
    assert len(graph.calls) == 1


def test_the_echo_on_facebook_settles_what_was_uncertain(graph: FakePage) -> None:
    graph.hang_up = True
    row = send("facebook")
    key = graph.calls[0].json["message"]["metadata"]
    echo = {"mid": "m_9", "text": "…", "is_echo": True, "metadata": key}
    hear("facebook", envelope("facebook", messaging=[event(sender=OURS, recipient=SARI, message=echo)]))
    row.refresh_from_db()
    assert (row.state, row.external_id, row.error) == (State.SENT, "m_9", "")


def test_what_is_missing_is_listed_and_nothing_is_sent(medium: str, settings: Settings) -> None:
    settings.FACEBOOK = settings.INSTAGRAM = {**settings_for("http://127.0.0.1:9"), "token": ""}
    steps = adapters()[medium].steps()
    assert [step.done for step in steps] == [True, False, True, True]
    assert f"KANAL_{medium.upper()}_TOKEN" in steps[1].sentence
    assert f"/saluran/{medium}/" in steps[3].sentence
    assert send(medium).state == State.GIVEN_UP


def test_where_people_write_to_us_unseen_by_others(graph: FakePage, medium: str, settings: Settings) -> None:
    assert adapters()[medium].door == "https://m.me/pemkab.bojonegoro"
    settings.FACEBOOK = settings.INSTAGRAM = {**settings_for(graph.url), "door": ""}
    assert adapters()[medium].door == way_on()


# Files --------------------------------------------------------------------------------------------------------------


def fetched(medium: str, mid: str = "m_in1") -> InboundFile:
    there = [{"type": "image", "payload": {"url": "https://scontent.fbcdn.net/x"}}]
    message = {"mid": mid, "attachments": there}
    hear(medium, envelope(medium, messaging=[event(message=message)]))
    files.fetch_files(lambda: True)
    return InboundFile.objects.get()


def test_a_photo_is_fetched_in_two_steps_and_only_the_first_shows_the_token(graph: FakePage, medium: str) -> None:
    graph.keeps("m_in1", JPEG)
    file = fetched(medium)
    assert (file.state, file.mime, files.content_of(file)) == ("kept", "image/jpeg", JPEG)
    assert [call.path for call in graph.calls] == ["/v23.0/m_in1", "/isi/m_in1"]
    assert "Authorization" not in graph.calls[1].headers


def test_photos_of_comments_and_posts(graph: FakePage) -> None:
    graph.files["x"] = JPEG
    url = f"{graph.url}/isi/x"
    graph.told["900_1"] = {"attachment": {"media": {"image": {"src": url}}}}
    graph.told["900_2"] = {"full_picture": url}
    hear("facebook", comment("facebook", "rusak", photo="https://x"))
    hear("facebook", comment("facebook", "rusak", item="photo", post_id="900_2"))
    files.fetch_files(lambda: True)
    assert list(InboundFile.objects.values_list("state", flat=True)) == ["kept", "kept"]


@pytest.mark.parametrize(
    ("lies", "sentence"),
    [
        ({"size": 99_000_000}, "Berkasnya terlalu besar."),
        ({"image_data": {"url": "http://169.254.169.254/latest/"}}, "Berkasnya dialihkan ke alamat lain"),
        ({"image_data": {"url": "https://jahat.contoh.id/x"}}, "Berkasnya dialihkan ke alamat lain"),
        ({"image_data": {"url": "https://fbcdn.net.jahat.id/x"}}, "Berkasnya dialihkan ke alamat lain"),
        ({"image_data": {"url": "https://fbcdn.net:99x/"}}, "Alamat berkasnya tidak terbaca."),
        ({"image_data": None}, "Berkasnya dialihkan ke alamat lain"),
        ({"image_data": 7}, "Berkasnya sudah tidak ada"),
        ({"size": "besar"}, "Berkasnya sudah tidak ada"),
    ],
    ids=str,
)
def test_what_is_told_of_a_file_is_not_believed(
    graph: FakePage, medium: str, lies: dict[str, Any], sentence: str
) -> None:
    graph.keeps("m_in1", JPEG, **lies)
    file = fetched(medium)
    assert file.state == "gone"
    assert file.error.startswith(sentence)
    assert len(graph.calls) == 1


def test_a_name_of_metas_that_leads_into_our_network_is_refused(
    graph: FakePage, medium: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = socket.getaddrinfo

    def private(host: str, *more: Any, **options: Any) -> Any:
        return plain("10.0.0.7" if host.endswith("fbcdn.net") else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", private)
    graph.keeps("m_in1", JPEG, image_data={"url": "https://scontent.xx.fbcdn.net/x"})
    assert fetched(medium).error.startswith("Berkasnya dialihkan")


def test_a_redirect_into_our_network_is_not_followed(graph: FakePage, medium: str) -> None:
    graph.keeps("m_in1", JPEG)
    told = graph.answer

    def redirect(call: Any) -> Answer:
        inside = {"Location": "http://10.0.0.1/rahasia"}
        return Answer(b"", 302, inside) if call.path.startswith("/isi/") else told(call)

    graph.answer = redirect  # type: ignore[method-assign]  # this one platform redirects
    assert fetched(medium).error.startswith("Berkasnya dialihkan ke alamat lain")


def test_a_server_that_gives_a_byte_now_and_then_is_left(
    graph: FakePage, medium: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "LONGEST_DOWNLOAD", -1.0)
    graph.keeps("m_in1", JPEG)
    file = fetched(medium)
    assert (file.state, file.error) == ("wanted", f"{NAMES[medium]} terlalu lama memberi berkasnya.")
    assert state(medium).paused_until is None


def test_a_program_that_calls_itself_a_photo_and_too_many_bytes_are_not_kept(graph: FakePage, medium: str) -> None:
    graph.keeps("m_in1", b"MZ\x90\x00 ini program")
    assert fetched(medium).error.startswith("Jenis berkasnya tidak dikenal")
    InboundFile.objects.all().delete()
    Inbound.objects.all().delete()
    graph.keeps("m_in2", b"\xff\xd8\xff" + bytes(files.LARGEST), size=10)
    assert fetched(medium, "m_in2").error == "Berkasnya terlalu besar."


@pytest.mark.parametrize("mid", ["m_404", "../1/messages", "1?x"])
def test_a_file_that_is_gone_or_never_was(graph: FakePage, medium: str, mid: str) -> None:
    assert graph.url
    assert fetched(medium, mid).state == "gone"


@pytest.mark.parametrize("answer", [error(190, 401), Answer({}, 500), error(4, 429)], ids=["token", "away", "fast"])
def test_trouble_while_fetching_is_trouble_of_the_medium(graph: FakePage, medium: str, answer: Answer) -> None:
    graph.instead = answer
    assert fetched(medium).state == "wanted"
    assert state(medium).paused_until is not None
