"""The mailbox by IMAP: what is new is fetched once, nothing there is touched, every fault has a sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, delivery, files, mailroom
from kanal.channels.adapters import UnreachableError
from kanal.channels.email import mailbox
from kanal.channels.email.adapter import ADAPTER
from kanal.channels.models import Address, Delivery, Inbound, InboundFile, Medium, MediumState, Outbound
from tests.support.imap import MailBox, imap_server
from tests.support.smtp import mail_server

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 9000


@pytest.fixture
def box(settings: Settings) -> Iterator[MailBox]:
    with imap_server() as server, pytest.MonkeyPatch.context() as patch:
        settings.MAILBOX = server.settings()
        patch.setattr(ADAPTER.__class__, "looks_every", timedelta(0))
        yield server


def letter(number: int = 1, text: str = "Jalan rusak di Jono", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    told = {"From": "Sari <Sari@Contoh.id>", "Subject": "Jalan", "Message-ID": f"<m{number}@contoh.id>", **headers}
    for name, value in told.items():
        mail[name] = value
    mail.set_content(text)
    return mail


def look() -> list[str]:
    """The worker looks and reads; returns the words of all messages."""
    mailroom.look_around(lambda: True)
    mailroom.read_deliveries(lambda: True)
    assert not Delivery.objects.exclude(state=Delivery.State.READ).exists()
    return [message.text for message in Inbound.objects.order_by("id")]


def test_new_letters_come_once_and_stay_unread_in_the_mailbox(box: MailBox) -> None:
    box.lay(letter(1, "Satu"), letter(2, "Dua"))
    assert look() == ["Satu", "Dua"]
    box.lay(letter(3, "Tiga"))
    assert look() == ["Satu", "Dua", "Tiga"]
    assert look() == ["Satu", "Dua", "Tiga"]
    assert Delivery.objects.count() == 2
    assert Address.objects.get().handle == "sari@contoh.id"
    assert not any(b"Seen" in row for row in box.flags())


def test_an_old_mailbox_is_not_taken_for_news(box: MailBox) -> None:
    box.lay(letter(1, "Tahun lalu"), at=datetime.now(UTC) - timedelta(days=200))
    assert look() == []
    box.lay(letter(2, "Hari ini"))
    assert look() == ["Hari ini"]


def test_more_letters_than_one_delivery_holds(box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "BATCH", 3)
    box.lay(*(letter(number, f"Surat {number}") for number in range(8)))
    assert look() == [f"Surat {number}" for number in range(8)]
    assert Delivery.objects.count() == 3
    monkeypatch.setattr(mailbox, "BATCH_BYTES", 10)
    box.lay(letter(8, "Surat 8"), letter(9, "Surat 9"))
    assert len(look()) == 10
    assert Delivery.objects.count() == 5


def test_a_mailbox_whose_numbers_were_given_anew_doubles_nothing(box: MailBox, settings: Settings) -> None:
    box.lay(letter(1, "Satu"))
    look()
    with imap_server() as moved:
        settings.MAILBOX = moved.settings()
        moved.lay(letter(1, "Satu"), letter(2, "Dua"))
        assert look() == ["Satu", "Dua"]


def test_an_attachment_is_taken_from_the_letter_as_it_was_kept(box: MailBox) -> None:
    mail = letter(1, "Lihat foto")
    mail.add_attachment(JPEG, maintype="image", subtype="jpeg", filename="jalan rusak.jpg")
    mail.add_attachment(b"MZ" + b"0" * 50, maintype="application", subtype="pdf", filename="palsu.pdf")
    box.lay(letter(0), mail)
    look()
    files.fetch_files(lambda: True)
    photo, false = InboundFile.objects.order_by("id")
    assert (photo.state, photo.name, photo.mime) == (InboundFile.State.KEPT, "jalan rusak.jpg", "image/jpeg")
    assert files.content_of(photo) == JPEG
    assert false.state == InboundFile.State.GONE


def test_an_attachment_whose_letter_was_forgotten_is_gone(box: MailBox) -> None:
    mail = letter()
    mail.add_attachment(JPEG, maintype="image", subtype="jpeg", filename="a.jpg")
    box.lay(mail)
    look()
    Delivery.objects.all().delete()
    files.fetch_files(lambda: True)
    assert InboundFile.objects.get().error.startswith("Surat aslinya sudah dihapus")


def test_of_a_letter_that_is_too_large_the_words_are_kept(box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 4_000)
    monkeypatch.setattr(mailbox, "HEAD", 2_000)
    mail = letter(1, "Ada video panjang")
    mail.add_attachment(b"\x00\x00\x00\x18ftypmp42" + b"0" * 50_000, maintype="video", subtype="mp4", filename="v.mp4")
    box.lay(mail)
    assert look() == ["Ada video panjang"]
    assert len(Delivery.objects.get().payload) < 5_000
    files.fetch_files(lambda: True)
    assert "terlalu besar" in InboundFile.objects.get().error


@pytest.mark.parametrize(
    ("wrong", "sentence", "alarm"),
    [
        ({"password": "salah"}, "KANAL_EMAIL_IN_PASSWORD", True),
        ({"password": "kunci–rahasia"}, "KANAL_EMAIL_IN_PASSWORD", True),
        ({"folder": "Pengaduan – Desa"}, "KANAL_EMAIL_IN_FOLDER", True),
        ({"folder": 'Tidak "ada"'}, "KANAL_EMAIL_IN_FOLDER", True),
        ({"security": "tls"}, "KANAL_EMAIL_IN_SECURITY", True),
        ({"port": 1}, "tidak bisa dihubungi", False),
    ],
)
def test_faults_of_the_mailbox(
    box: MailBox, settings: Settings, wrong: dict[str, Any], sentence: str, *, alarm: bool
) -> None:
    settings.MAILBOX = box.settings(**wrong)
    with pytest.raises(UnreachableError, match=sentence) as fault:
        mailbox.look("")
    assert fault.value.alarm == alarm


def test_a_mailbox_that_is_away_does_not_hold_up_what_leaves(box: MailBox, settings: Settings) -> None:
    settings.MAILBOX = box.settings(password="salah")
    mailroom.look_around(lambda: True)
    state = MediumState.objects.get(medium=Medium.EMAIL)
    assert "KANAL_EMAIL_IN_USER" in state.alarm
    assert state.looked_at is not None
    assert state.looked_at > timezone.now() + timedelta(minutes=5)  # not every minute, so that nobody is locked out
    with mail_server() as smtp:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp.port
        address = actions.address_for(medium=Medium.EMAIL, handle="sari@contoh.id")
        actions.queue([actions.Message("assigned", "k", "Laporan", "Diteruskan.", address=address)])
        delivery.deliver_due(lambda: True)
        assert smtp.subjects == ["Laporan"]


def test_a_look_that_succeeds_ends_the_alarm(box: MailBox, settings: Settings) -> None:
    settings.MAILBOX = box.settings(password="salah")
    mailroom.look_around(lambda: True)
    settings.MAILBOX = box.settings()
    MediumState.objects.update(looked_at=timezone.now() - timedelta(minutes=1))
    look()
    assert MediumState.objects.get(medium=Medium.EMAIL).alarm == ""


def test_an_answer_to_our_letter_belongs_to_its_report_and_a_bounce_marks_the_address(
    box: MailBox, settings: Settings
) -> None:
    with mail_server() as smtp:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp.port
        address = actions.address_for(medium=Medium.EMAIL, handle="sari@contoh.id")
        told = actions.Message("assigned", "k", "Laporan", "Diteruskan.", address=address, reference="BJN-7K4M-Q2XD")
        actions.queue([told])
        delivery.deliver_due(lambda: True)
        [ours] = smtp.received
    box.lay(letter(1, "Terima kasih", **{"In-Reply-To": str(ours["Message-ID"])}))
    look()
    assert Inbound.objects.get().thread == "BJN-7K4M-Q2XD"
    bounce = (
        "From: MAILER-DAEMON@contoh.id\r\nSubject: Undelivered\r\nMessage-ID: <b1@contoh.id>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nMaaf.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; contoh.id\r\n\r\n"
        "Final-Recipient: rfc822; sari@contoh.id\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours['Message-ID']}\r\n\r\n--x--\r\n"
    )
    box.lay(bounce.encode())
    look()
    row = Outbound.objects.get()
    assert (row.state, row.error) == (Outbound.State.FAILED, "Alamat ini tidak ada. 5.1.1 550 5.1.1 no such user")
    address.refresh_from_db()
    assert address.state == Address.State.BOUNCED
    assert Inbound.objects.count() == 1
