"""The two known calls of SP4N-LAPOR! against a simulator on the loopback: what is sent, and what each fault means."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from kanal.channels.adapters import RefusedForGoodError, UncertainError, UnreachableError
from kanal.channels.lapor.gateway import Submission, Taken, Topic, can_pull, can_push, gateway
from kanal.channels.lapor.marker import code_in, marker
from tests.support.lapor import FakeLapor, settings_for
from tests.support.platform import Answer, running

REPORT = Submission("Jalan <berlubang> & gelap.", anonymous=True, secret=False)


@pytest.fixture
def lapor(settings: Settings) -> Iterator[FakeLapor]:
    with running(FakeLapor()) as platform:
        settings.LAPOR = settings_for(platform.url)
        yield platform


def push(**_more: Any) -> tuple[Taken, int]:
    left: list[int] = []
    with gateway() as line:
        return line.push(REPORT, before=lambda: left.append(1)), len(left)


def test_a_report_is_handed_over_as_the_call_wants_it(lapor: FakeLapor) -> None:
    taken, left = push()
    assert (taken, left) == (Taken("1916449", "T-1916449"), 1)
    assert lapor.taken == ["Jalan <berlubang> & gelap."]
    assert lapor.flags == [{"rahasia": "0", "anonim": "1"}]
    assert lapor.senders == [
        {
            "email": "lapor@contoh.go.id",
            "telpon": "0353881826",
            "namadepan": "Kominfo",
            "namabelakang": "Bojonegoro",
        }
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"<lapor trackingid='77' transaksiid='8'/>",
        b"<h xmlns:a='urn:x'><a:data><a:TrackingID> 77 </a:TrackingID><a:TransaksiID>8</a:TransaksiID></a:data></h>",
    ],
)
def test_the_numbers_are_found_however_the_answer_nests_them(lapor: FakeLapor, answer: bytes) -> None:
    lapor.says = answer
    assert push()[0] == Taken("77", "8")


@pytest.mark.parametrize(
    "answer",
    [
        b"<html><body>Sedang dalam perbaikan</body></html>",
        b"bukan xml",
        b"",
        b"<lapor><trackingid></trackingid></lapor>",
        b"<!DOCTYPE l [<!ENTITY t '77'>]><l><trackingid>&t;</trackingid></l>",
        b"<lapor>" * 50_000,
    ],
)
def test_an_answer_without_a_number_leaves_it_open_whether_the_report_was_taken(
    lapor: FakeLapor, answer: bytes
) -> None:
    lapor.instead = Answer(answer)
    with pytest.raises(UncertainError):
        push()


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_error_may_come_after_the_report_was_taken(lapor: FakeLapor, status: int) -> None:
    lapor.instead = Answer(status=status)
    with pytest.raises(UncertainError):
        push()


def test_so_may_a_broken_line(lapor: FakeLapor) -> None:
    lapor.takes_and_hangs_up = True
    with pytest.raises(UncertainError):
        push()
    assert len(lapor.taken) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_not_now_is_a_pause_as_long_as_it_says(lapor: FakeLapor, status: int) -> None:
    lapor.instead = Answer(status=status, headers={"Retry-After": "90"})
    with pytest.raises(UnreachableError) as raised:
        push()
    assert raised.value.pause is not None
    assert (raised.value.pause.total_seconds(), raised.value.alarm) == (90, False)


@pytest.mark.parametrize(("status", "names"), [(401, "KANAL_LAPOR_TOKEN"), (302, "KANAL_LAPOR_API"), (404, "404")])
def test_what_somebody_must_mend_is_an_alarm(lapor: FakeLapor, status: int, names: str) -> None:
    lapor.instead = Answer(status=status, headers={"Location": "https://contoh.id/masuk"})
    with pytest.raises(UnreachableError, match=names) as raised:
        push()
    assert raised.value.alarm
    assert len(lapor.calls) == 1


def test_what_it_does_not_take_is_refused_for_good(lapor: FakeLapor) -> None:
    lapor.instead = Answer(status=422)
    with pytest.raises(RefusedForGoodError, match="422"):
        push()


def test_nothing_leaves_when_it_is_down(settings: Settings) -> None:
    with running(FakeLapor()) as platform:
        settings.LAPOR = settings_for(platform.url)
    left: list[int] = []
    with gateway() as line, pytest.raises(UnreachableError):
        line.push(REPORT, before=lambda: left.append(1))
    assert not left


def test_what_the_last_moment_raises_stops_the_report(lapor: FakeLapor) -> None:
    def stop() -> None:
        raise LookupError

    with gateway() as line, pytest.raises(LookupError):
        line.push(REPORT, before=stop)
    assert not lapor.taken


@pytest.mark.usefixtures("lapor")
def test_categories_come_with_their_parents() -> None:
    with gateway() as line:
        assert line.topics() == [
            Topic("13", "3", "Teknologi Informasi dan Komunikasi"),
            Topic("3", "", "Perhubungan"),
            Topic("1397", "3", "Jalan Berlubang"),
        ]


@pytest.mark.parametrize("told", [{"error": "x"}, [{"id": "1"}], ["x"], 7, None, [{"id": "", "topic_name": "x"}]])
def test_anything_else_is_no_list_of_categories(lapor: FakeLapor, told: Any) -> None:
    lapor.topics = told
    with gateway() as line, pytest.raises(UnreachableError, match="tidak bisa dibaca"):
        line.topics()


@pytest.mark.parametrize(("status", "alarm"), [(403, True), (405, True), (500, False)])
def test_faults_of_the_categories(lapor: FakeLapor, status: int, *, alarm: bool) -> None:
    lapor.instead = Answer(status=status)
    with gateway() as line, pytest.raises(UnreachableError) as raised:
        line.topics()
    assert raised.value.alarm is alarm


def test_without_keys_nothing_can_be_called(settings: Settings) -> None:
    settings.LAPOR = settings_for()
    assert (can_push(), can_pull()) == (False, False)


def test_a_report_is_known_again_by_its_line_alone() -> None:
    line = marker("BJN-7K4M-Q2XD")
    assert code_in("lain", f"Jalan rusak.\n\n{line}") == "BJN-7K4M-Q2XD"
    assert code_in(f"jalan rusak. {line.lower()}") == "BJN-7K4M-Q2XD"
    assert code_in("Kode Kanal: BJN-7K4M-Q2XD/AAAAAAAA", "Kode Kanal: BJN-7K4M-Q2XD", "") == ""
    assert code_in(line.replace("7K4M", "7K4N")) == ""
