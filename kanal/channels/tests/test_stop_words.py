"""A stop word stops messages at once on every medium, also those that wait; nothing else does."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from kanal.channels import actions, delivery, mailroom
from kanal.channels.adapters import Said
from kanal.channels.candidates import wants_silence
from kanal.channels.models import Address, Inbound, Medium, Outbound
from tests.support import telegram, whatsapp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("medium_alone")]


def by_whatsapp(words: str, number: int) -> str:
    return whatsapp.call(whatsapp.text(words, number))


def by_telegram(words: str, number: int) -> str:
    return telegram.posted(number, text=words)


def by_sms(words: str, number: int) -> str:
    row = {"ID": number, "ReceivingDateTime": "2026-11-22 08:00:00", "SenderNumber": "+6281234567890", "UDH": ""}
    row |= {"TextDecoded": words, "Coding": "Default_No_Compression", "Class": -1, "Text": "", "RecipientID": ""}
    return json.dumps({"gammu": {"looked": datetime.now(tz=UTC).isoformat(), "inbox": [row], "receipts": []}})


def by_mail(words: str, number: int) -> str:
    mail = EmailMessage()
    for name, value in {
        "From": "sari@contoh.id",
        "Subject": "Re: kabar",
        "Message-ID": f"<{number}@contoh.id>",
    }.items():
        mail[name] = value
    mail.set_content(
        f"{words}\n\nSari, dikirim dari HP\n\nPada Sen, 3 Mei Kanal menulis:\n> Laporan Anda diteruskan.\n"
    )
    letters = [{"uid": number, "at": "2026-11-22T08:00:00+07:00", "raw": b64encode(bytes(mail)).decode()}]
    looked = "2026-11-22T08:00:00+07:00"
    return json.dumps({"mailbox": "INBOX", "looked": looked, "letters": letters})


MEDIA = [
    (Medium.WHATSAPP, by_whatsapp),
    (Medium.TELEGRAM, by_telegram),
    (Medium.SMS, by_sms),
    (Medium.EMAIL, by_mail),
]


def comes(medium: str, payload: str) -> Address:
    actions.store_delivery(medium=medium, payload=payload)
    mailroom.read_deliveries(lambda: True)
    assert Inbound.objects.exists()
    return Address.objects.get()


@pytest.mark.parametrize(("medium", "written"), MEDIA)
def test_what_waits_is_not_sent_either(settings: Settings, medium: str, written: Callable[[str, int], str]) -> None:
    settings.SMS = {**settings.SMS, "gammu_database": ""}
    settings.WHATSAPP = {**settings.WHATSAPP, "phone_id": whatsapp.PHONE_ID}
    address = comes(medium, written("Lampu jalan mati.", 1))
    owed = actions.Message("answered", "1", subject="Kabar", body="Lampu sudah kami ganti.", address=address)
    actions.queue([owed])
    silent = comes(medium, written("Berhenti.", 2))
    assert silent.state == Address.State.OPTED_OUT
    actions.queue([replace(owed, dedupe_key="2", address=silent)])
    delivery.deliver_due(lambda: True)
    assert list(Outbound.objects.values_list("dedupe_key", "state")) == [("1", "given_up")]
    assert Outbound.objects.get().error == "Orangnya minta tidak dikirimi lagi."


@pytest.mark.parametrize(("medium", "subject"), [(Medium.X, "x.com/i/status/7"), (Medium.YOUTUBE, "youtu.be/vid")])
def test_a_cry_above_a_complaint_is_no_stop_word_where_nobody_writes_letters(medium: str, subject: str) -> None:
    now = datetime.now(tz=UTC)
    said = Said("7", "55", now, text="STOP!\nJalan kami rusak karena truk.", subject=subject, thread="7", public=True)
    inbound = mailroom.take_in(medium, said, at=now)
    assert inbound is not None
    assert (inbound.state, Address.objects.get().state) == (Inbound.State.WAITING, Address.State.OK)


@pytest.mark.parametrize(
    ("text", "subject", "stops"),
    [
        ("STOP", "", True),
        (" Stop !", "", True),
        ("jangan  kirim\nlagi", "", True),
        ("SETOP", "", True),
        ("stop ya, pak.", "", True),
        ("Tolong jangan kirim pesan lagi", "", True),
        ("Stop pak Camat", "", False),
        ("stop?", "", False),
        ("", "Re: BERHENTI", True),
        ("Stop.\n\nSari Utami", "kabar", True),
        ("Stop.\n\nSari Utami", "", False),
        ("Stop! Jembatan mau roboh.", "", False),
        ("Stop.\n" + "Jembatan di desa kami mau roboh, tolong segera ditutup. " * 2, "Jembatan", False),
        ("Lampu stop di perempatan mati", "Stop", False),
        ("", "", False),
    ],
)
def test_only_a_stop_word_alone_is_one(text: str, subject: str, *, stops: bool) -> None:
    assert wants_silence(text, subject) is stops
