"""The modem on the desk: what gammu-smsd received becomes messages, what we put into its outbox goes out once."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kanal.channels import actions, delivery, mailroom
from kanal.channels.actions import Message, pulse
from kanal.channels.adapters import Outgoing, RefusedForGoodError, UnreachableError
from kanal.channels.models import Address, Delivery, Inbound, Medium, MediumState, Outbound
from kanal.channels.sms import gammu
from kanal.channels.sms.adapter import ADAPTER
from kanal.channels.sms.parts import by_message, elements, part_of
from tests.support.gammu import Smsd

pytestmark = pytest.mark.django_db
LONG = "Jalan di depan balai desa Jono rusak parah sejak hujan minggu lalu. " * 5


@pytest.fixture(params=[17, 18])
def smsd(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[Smsd]:
    daemon = Smsd(tmp_path / "smsd.db", version=request.param)
    settings.SMS = {**settings.SMS, "gammu_database": daemon.path, "out_url": ""}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ADAPTER.__class__, "looks_every", timedelta(0))
        yield daemon


def look() -> list[tuple[str, str]]:
    """The worker looks and reads; returns who said what."""
    MediumState.objects.update(paused_until=None)
    mailroom.look_around(lambda: True)
    mailroom.read_deliveries(lambda: True)
    assert not Delivery.objects.exclude(state=Delivery.State.READ).exists()
    return [(one.address.handle, one.text) for one in Inbound.objects.order_by("id") if one.address]


def outgoing(body: str = "Laporan Anda diteruskan.", key: str = "1:a", to: str = "+6281234567890") -> Outgoing:
    return Outgoing(to=to, body=body, key=key)


def test_a_message_becomes_a_message_with_the_sender_in_normal_form(smsd: Smsd) -> None:
    smsd.receive("Jalan rusak di Jono", "081234567890")
    assert look() == [("+6281234567890", "Jalan rusak di Jono")]
    assert look() == [("+6281234567890", "Jalan rusak di Jono")]  # once
    smsd.receive("Sudah seminggu", "6281234567890")
    assert look()[1:] == [("+6281234567890", "Sudah seminggu")]
    assert Address.objects.count() == 1


def test_the_parts_of_a_long_message_are_joined_in_their_order(smsd: Smsd) -> None:
    smsd.receive("kedua, ", UDH="050003D30302")
    smsd.receive("Bagian pertama, ", UDH="050003D30301")
    assert look() == []
    smsd.receive("ketiga.", UDH="050003D30303")
    smsd.receive("Lain.", "+6281200000001", UDH="060804012A0101")
    assert [text for _who, text in look()] == ["Bagian pertama, kedua, ketiga.", "Lain."]


def test_a_part_that_never_comes_holds_the_rest_up_for_a_quarter_of_an_hour_only(smsd: Smsd) -> None:
    smsd.receive("Jembatan putus ", UDH="050003070301")
    smsd.receive("di Sekaran", UDH="050003070303")
    smsd.receive("Listrik mati", "+6281200000001")
    assert [text for _who, text in look()] == ["Listrik mati"]
    smsd.age("inbox", "ReceivingDateTime", seconds=16 * 60)
    assert [text for _who, text in look()] == ["Listrik mati", "Jembatan putus  … di Sekaran"]


def test_operators_and_short_codes_are_not_people(smsd: Smsd) -> None:
    for sender in ("TELKOMSEL", "3636", "+888", "IM3 Promo"):
        smsd.receive("Beli paket 10GB hanya Rp 30.000!", sender)
    smsd.receive("", "+6281234567890", Coding="8bit", Text="0605040B8423F0")
    assert look() == []
    assert not Inbound.objects.exists()


def test_letters_of_the_wrong_alphabet_and_written_line_ends_are_mended(smsd: Smsd) -> None:
    smsd.receive("Yth. Bupati\\nJalan “rusak”\x00".encode().decode("cp1252", "replace"))
    [(_who, text)] = look()
    assert text.startswith("Yth. Bupati\nJalan ")
    assert "\x00" not in text


def test_what_gammu_left_undecoded_is_read_from_its_raw_form(smsd: Smsd) -> None:
    smsd.receive("", Text="Jalan 😀".encode("utf-16-be").hex())
    assert look() == [("+6281234567890", "Jalan 😀")]


def test_years_of_old_messages_are_not_taken_for_news(smsd: Smsd) -> None:
    smsd.receive("Tahun lalu")
    smsd.age("inbox", "ReceivingDateTime", seconds=40 * 86400)
    smsd.receive("Kemarin")
    assert [text for _who, text in look()] == ["Kemarin"]


def test_a_database_made_anew_is_read_from_its_beginning(smsd: Smsd, tmp_path: Path) -> None:
    for number in range(3):
        smsd.receive(f"pesan {number}")
    look()
    Path(smsd.path).unlink()
    Smsd(tmp_path / "smsd.db").receive("Modem baru")
    smsd.age("inbox", "ReceivingDateTime", seconds=60)
    assert [text for _who, text in look()][3:] == ["Modem baru"]


def test_a_clock_that_runs_ahead_moves_no_message_into_the_future(smsd: Smsd) -> None:
    smsd.receive("Halo")
    smsd.age("inbox", "ReceivingDateTime", seconds=-86400)
    look()
    assert Inbound.objects.get().received_at <= timezone.now()


def test_an_answer_goes_out_once_and_its_receipt_comes_back(smsd: Smsd) -> None:
    smsd.receive("Jalan rusak")  # whoever wrote just now may be answered at any hour
    look()
    address = Address.objects.get()
    Outbound.objects.all().delete()
    actions.queue([Message("assigned", "k1", "", LONG.strip(), address=address)])
    delivery.deliver_due(lambda: True)
    row = Outbound.objects.get(dedupe_key="k1")
    assert row.state == Outbound.State.SENT
    assert smsd.send() == [("+6281234567890", LONG.strip())]
    smsd.report("DeliveryOK", part=1)
    look()
    row.refresh_from_db()
    assert row.state == Outbound.State.SENT  # two parts are still on their way
    smsd.report("DeliveryOK")
    look()
    row.refresh_from_db()
    assert row.state == Outbound.State.DELIVERED


def test_what_did_not_arrive_says_so_and_can_be_sent_again(smsd: Smsd) -> None:
    smsd.receive("Jalan rusak")
    look()
    Outbound.objects.all().delete()
    actions.queue([Message("assigned", "k1", "", "Diteruskan.", address=Address.objects.get())])
    delivery.deliver_due(lambda: True)
    smsd.send()
    smsd.report("DeliveryFailed")
    look()
    row = Outbound.objects.get(dedupe_key="k1")
    assert (row.state, row.error) == (Outbound.State.FAILED, "Operator melaporkan pesan ini tidak sampai.")
    assert actions.resend(row.pk)
    delivery.deliver_due(lambda: True)
    assert smsd.send() == [("+6281234567890", "Diteruskan.")]


@pytest.mark.parametrize("sent_meanwhile", [False, True])
def test_a_message_tried_again_after_a_crash_lies_in_the_outbox_once(smsd: Smsd, *, sent_meanwhile: bool) -> None:
    with gammu.Modem(smsd.path) as modem:
        first = modem.send(outgoing(), before=lambda: None)
        if sent_meanwhile:
            smsd.send()
        assert modem.send(outgoing(), before=lambda: None) == first
    assert len(smsd.send()) == 1 - sent_meanwhile


def test_nothing_is_written_when_the_lease_is_lost(smsd: Smsd) -> None:
    def lost() -> None:
        raise actions.LeaseLostError

    with gammu.Modem(smsd.path) as modem, pytest.raises(actions.LeaseLostError):
        modem.send(outgoing(), before=lost)
    assert smsd.send() == []


@pytest.mark.parametrize(
    ("body", "coding"), [(LONG, "Default_No_Compression"), ("ꦗ" * 100, "Unicode_No_Compression")], ids=["gsm7", "ucs2"]
)
def test_long_messages_are_cut_as_telephones_join_them(smsd: Smsd, body: str, coding: str) -> None:
    with gammu.Modem(smsd.path) as modem:
        modem.send(outgoing(body), before=lambda: None)
    with smsd.open() as line:
        parts = [
            *line.execute("SELECT Coding, UDH, TextDecoded FROM outbox WHERE MultiPart = 'true'"),
            *line.execute("SELECT Coding, UDH, TextDecoded FROM outbox_multipart ORDER BY SequencePosition"),
        ]
    assert {part["Coding"] for part in parts} == {coding}
    headers = [part_of(part["UDH"]) for part in parts]
    assert [header and (header.total, header.position) for header in headers] == [
        (len(parts), at) for at in range(1, len(parts) + 1)
    ]
    assert "".join(part["TextDecoded"] for part in parts) == body


def test_what_is_no_telephone_is_refused_for_good(smsd: Smsd) -> None:
    with gammu.Modem(smsd.path) as modem, pytest.raises(RefusedForGoodError) as refused:
        modem.send(outgoing(to="TELKOMSEL"), before=lambda: None)
    assert refused.value.bounced


def test_a_silent_daemon_raises_an_alarm_and_news_are_still_read(smsd: Smsd) -> None:
    smsd.receive("Halo")
    smsd.age("phones", "UpdatedInDB", seconds=20 * 60)
    assert len(look()) == 1
    look()
    assert "gammu-smsd tidak memberi kabar" in MediumState.objects.get(medium=Medium.SMS).alarm
    assert pulse.paused()


def test_a_missing_or_foreign_database_says_what_to_do(smsd: Smsd, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="Berkas database gammu tidak ada"):
        gammu.look(str(tmp_path / "lain.db"), "")
    (tmp_path / "rusak.db").write_bytes(b"bukan database" * 100)
    with pytest.raises(UnreachableError, match="tidak bisa dibuka") as fault:
        gammu.look(str(tmp_path / "rusak.db"), "")
    assert fault.value.alarm


def test_a_database_that_gammu_holds_is_tried_later_without_an_alarm(
    smsd: Smsd, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: connect(path, **{**options, "timeout": 0.05}))
    with smsd.open() as line:
        line.execute("BEGIN EXCLUSIVE")
        with gammu.Modem(smsd.path) as modem, pytest.raises(UnreachableError, match="sedang dipakai") as fault:
            modem.send(outgoing(), before=lambda: None)
    assert not fault.value.alarm


@given(st.text(max_size=60))
def test_any_header_is_read_without_a_fault(header: str) -> None:
    elements(header)
    part_of(header)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(1, 4), st.text(max_size=5)), max_size=30))
def test_joining_loses_no_row_and_doubles_none(parts: list[tuple[int, int, int, str]]) -> None:
    rows = [
        {"ID": at, "SenderNumber": "+62", "UDH": f"050003{reference:02X}{total:02X}{position:02X}", "TextDecoded": text}
        for at, (reference, total, position, text) in enumerate(parts)
    ]
    joined = [row["ID"] for message in by_message(rows) for row in message.rows]
    assert sorted(joined) == list(range(len(rows)))


@given(st.text(max_size=250))
def test_any_cursor_is_read_without_a_fault(text: str) -> None:
    assert gammu.Cursor.of(str(gammu.Cursor.of(text))) == gammu.Cursor.of(text)
