"""Two addresses become one person once the person proves both: by a code that arrives at the one and is typed at the
other. Nobody learns whether an address is known here."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.models import Regency
from kanal.channels import actions as mail
from kanal.channels.models import Address, Contact, Medium, Outbound
from kanal.reports import actions
from kanal.reports.actions import people as verbs
from kanal.reports.actions import proving
from kanal.reports.models import AddressProof, ContactDeed, Report
from kanal.reports.queries import private_link_token
from kanal.reports.workflow import Kind
from tests.support.media import PlainMedium, Write
from tests.support.people import People

MAIL = "sari@contoh.id"
STORY = "Jalan di tikungan dekat jembatan berlubang dalam. Desa Jono, Kec. Temayang."


@pytest.fixture(autouse=True)
def _signed(plain_medium: PlainMedium) -> None:
    """The platform signs what it hands us."""
    plain_medium.proves = True  # type: ignore[misc]  # of this one object


@pytest.fixture(autouse=True)
def _sms_works(monkeypatch: pytest.MonkeyPatch, regency: Regency) -> None:
    monkeypatch.setattr(proving, "proves_numbers", lambda: True)


def code(medium: str = Medium.EMAIL) -> str:
    body = Outbound.objects.filter(purpose="address_proof", medium=medium).latest("pk").body
    return str(re.findall(r"\b\d{6}\b", body)[0])


def chat() -> Address:
    return Address.objects.get(medium=Medium.APP)


def by_form(key: str = "form", **more: Any) -> Report:
    return actions.file_report(actions.Filing(body="Lampu jalan mati di gang.", submission=key, **more))


def at_mail() -> Address:
    return Address.objects.get(medium=Medium.EMAIL)


def contact(report: Report) -> Contact:
    report.refresh_from_db()
    assert report.contact
    return report.contact


# In a chat ---------------------------------------------------------------------------------------------------------


def test_who_writes_by_a_signed_platform_is_proven_and_a_form_proves_nothing(sari_writes: Write) -> None:
    by_form(email=MAIL)
    sari_writes("Assalamualaikum")
    assert chat().verified_at is not None
    assert at_mail().verified_at is None


def test_a_code_joins_what_was_reported_by_form_and_by_chat(sari_writes: Write) -> None:
    form = by_form(email=MAIL)
    sari_writes(STORY)
    before = contact(form)
    assert "KODE ······" in sari_writes(f"GABUNG {MAIL.upper()}")
    assert contact(form) == before, "naming an address joins nothing"
    assert "terbukti milik Anda" in sari_writes(f"KODE {code()}")
    assert at_mail().verified_at is not None
    assert contact(form) == chat().contact
    deed = ContactDeed.objects.get()
    assert (deed.verb, deed.address, deed.via, deed.user, deed.other) == ("joined", at_mail(), chat(), None, before)


def test_bare_digits_are_the_code_while_one_is_awaited_and_a_story_otherwise(sari_writes: Write) -> None:
    assert "terbukti" not in sari_writes("482913")
    sari_writes("BATAL")
    sari_writes(f"GABUNG {MAIL}")
    assert "terbukti" in sari_writes(code())


def test_a_number_proven_by_sms_is_proven_where_it_was_written_into_a_form(sari_writes: Write) -> None:
    form = by_form(phone="+6281999999999")
    sari_writes("GABUNG 0819-9999-9999")
    assert "terbukti" in sari_writes(f"KODE {code(Medium.SMS)}")
    assert set(Address.objects.values_list("contact_id", flat=True)) == {chat().contact_id}
    assert contact(form) == chat().contact


def test_a_sender_who_can_be_made_up_must_read_both_ends(sari_writes: Write, plain_medium: PlainMedium) -> None:
    plain_medium.proves = False  # type: ignore[misc]  # of this one object
    answer = sari_writes(f"GABUNG {MAIL}")
    front = re.findall(r"KODE (\d{3}) ······", answer)[0]
    assert "tidak cocok" in sari_writes(f"KODE {code()}"), "whoever reads the mail alone is not in this chat"
    assert chat().verified_at is None
    assert "terbukti" in sari_writes(f"KODE {front} {code()}")
    assert chat().verified_at is not None


def test_only_the_proven_address_moves_and_reports_that_others_know_too_stay(sari_writes: Write) -> None:
    both = by_form("dua", email=MAIL, phone="+6281999999999")
    alone = by_form("satu", email=MAIL)
    home = contact(both)
    sari_writes(f"GABUNG {MAIL}")
    sari_writes(f"KODE {code()}")
    assert contact(alone) == chat().contact
    assert contact(both) == home
    assert Address.objects.get(medium=Medium.PHONE).contact == home


def test_somebody_who_joins_the_chat_with_a_third_meanwhile_takes_the_address_along(
    sari_writes: Write, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, third = by_form(email=MAIL), contact(by_form("tiga", phone="+6281999999999"))
    sari_writes(STORY)
    sari_writes(f"GABUNG {MAIL}")

    def merged_first(*contacts: int) -> list[Contact]:
        monkeypatch.setattr(proving, "locked", verbs.locked)
        kun = people.doing(people.kun)
        verbs.merge_contacts(contact=third, other=chat().contact, by=kun, reason="Nomornya sama")
        return verbs.locked(*contacts)

    monkeypatch.setattr(proving, "locked", merged_first)
    assert "terbukti" in sari_writes(f"KODE {code()}")
    assert contact(form) == at_mail().contact == chat().contact == third


def test_a_coordinator_undoes_a_join_too(sari_writes: Write, people: People) -> None:
    form = by_form(email=MAIL)
    home = contact(form)
    sari_writes(STORY)
    sari_writes(f"GABUNG {MAIL}")
    sari_writes(f"KODE {code()}")
    verbs.part_contacts(deed=ContactDeed.objects.get(), by=people.doing(people.kun), reason="HP-nya dipinjam")
    assert (contact(form), at_mail().contact) == (home, home)
    assert chat().contact != home


def test_nothing_tells_whether_an_address_is_known(sari_writes: Write) -> None:
    by_form(email=MAIL)
    mail.opt_out(mail.address_for(medium=Medium.EMAIL, handle="diam@contoh.id"))
    answers = {sari_writes(f"GABUNG {handle}") for handle in (MAIL, "baru@contoh.id", "diam@contoh.id")}
    assert len(answers) == 1
    sent = Outbound.objects.filter(purpose="address_proof").select_related("address")
    assert {row.address.handle for row in sent if row.address} == {MAIL, "baru@contoh.id"}


def test_a_code_ends_after_a_quarter_of_an_hour_five_tries_or_one_use(sari_writes: Write) -> None:
    sari_writes(f"GABUNG {MAIL}")
    right, wrong = code(), "000000" if code() != "000000" else "111111"
    late = timezone.now() + timedelta(minutes=15, seconds=1)
    assert not proving.enter_code(code=right, asker=chat(), at=late)
    for _try in range(proving.MOST_TRIES):
        assert "tidak cocok" in sari_writes(f"KODE {wrong}")
    assert "tidak cocok" in sari_writes(f"KODE {right}")
    sari_writes(f"GABUNG {MAIL}")
    old = code()
    sari_writes("GABUNG lain@contoh.id")
    assert "tidak cocok" in sari_writes(f"KODE {old}"), "only the newest counts"
    assert "terbukti" in sari_writes(f"KODE {code()}")
    assert "tidak cocok" in sari_writes(f"KODE {code()}")
    assert at_mail_is("lain@contoh.id")


def at_mail_is(handle: str) -> bool:
    return [row.handle for row in Address.objects.filter(medium=Medium.EMAIL) if row.verified_at] == [handle]


def test_nobody_asks_without_end_and_no_address_is_flooded(sari_writes: Write) -> None:
    for _time in range(proving.MOST_ASKED):
        assert "Kami kirim kode" in sari_writes(f"GABUNG {MAIL}")
    assert "Coba lagi besok" in sari_writes(f"GABUNG {MAIL}")
    assert Outbound.objects.filter(purpose="address_proof").count() == proving.MOST_SENT
    assert AddressProof.objects.count() == proving.MOST_ASKED


def test_a_code_that_was_not_sent_cannot_be_guessed(sari_writes: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "_digits", lambda number: "0" * number)
    for _time in range(proving.MOST_SENT):
        sari_writes(f"GABUNG {MAIL}")
    sari_writes(f"GABUNG {MAIL}")
    assert "tidak cocok" in sari_writes("KODE 000000")
    assert at_mail().verified_at is None


def test_a_story_with_the_word_is_a_story(sari_writes: Write) -> None:
    for story in ("Gabung dengan tetangga kami melapor jalan rusak di desa", "kode pos kami salah di semua surat"):
        assert "kirim kode" not in sari_writes(story)
        sari_writes("BATAL")
    assert not AddressProof.objects.exists()


def test_what_nobody_proved_is_forgotten_after_a_day(sari_writes: Write) -> None:
    by_form(email=MAIL)
    for handle in (MAIL, "salah-ketik@contoh.id"):
        sari_writes(f"GABUNG {handle}")
    sari_writes("GABUNG benar@contoh.id")
    sari_writes(f"KODE {code()}")
    assert proving.forget_proofs(at=timezone.now() + timedelta(days=2)) == 2
    handles = {row.handle for row in Address.objects.filter(medium=Medium.EMAIL)}
    assert handles == {MAIL, "benar@contoh.id"}
    assert AddressProof.objects.get().used_at is not None
    assert not Outbound.objects.filter(purpose="address_proof").exists()


def test_an_address_that_was_asked_for_twice_is_forgotten_with_the_second_code(sari_writes: Write) -> None:
    sari_writes("Halo")
    began, where = timezone.now(), proving.Where(Medium.EMAIL, "salah-ketik@contoh.id")
    for hours in (0, 10):
        proving.ask_proof(where=where, asker=chat(), at=began + timedelta(hours=hours))
    proving.forget_proofs(at=began + timedelta(hours=25))
    assert AddressProof.objects.get().made
    proving.forget_proofs(at=began + timedelta(hours=35))
    assert not Address.objects.filter(medium=Medium.EMAIL).exists()
    assert Contact.objects.get() == chat().contact


# On the private page -----------------------------------------------------------------------------------------------

Ask = Callable[[Report, str], str]


def place(report: Report) -> str:
    return f"/lacak/{report.tracking_code}/{private_link_token(report)}/bukti/"


def prove(client: Client, report: Report, address: str) -> None:
    assert client.post(place(report), {"alamat": "1", "address": address}).status_code == 303
    assert client.post(place(report), {"code": code()}).status_code == 303


def test_the_holder_of_a_chats_link_joins_an_address_with_the_chat(sari_writes: Write, client: Client) -> None:
    other = by_form(email=MAIL)
    sari_writes(STORY)
    report = Report.objects.get(medium=Medium.APP)
    prove(client, report, MAIL)
    assert contact(other) == contact(report) == chat().contact
    assert report.followers.filter(address=at_mail(), reporter=True).exists(), "and hears of this report there"


def test_what_was_proven_on_a_page_goes_with_its_report_when_a_merge_is_undone(
    sari_writes: Write, client: Client, people: People
) -> None:
    kun = people.doing(people.kun)
    third, other = contact(by_form("tiga", phone="+6281999999999")), by_form(email=MAIL)
    sari_writes(STORY)
    report, home = Report.objects.get(medium=Medium.APP), chat().contact
    merged = verbs.merge_contacts(contact=third, other=home, by=kun, reason="Nomornya sama")
    prove(client, report, MAIL)
    assert at_mail().contact == third
    verbs.part_contacts(deed=merged, by=kun, reason="Ternyata adiknya")
    assert contact(report) == contact(other) == at_mail().contact == home


def test_what_stands_in_a_form_may_be_anybodys_and_joins_nothing_until_it_is_proven_too(client: Client) -> None:
    victim = by_form("korban", email=MAIL)
    mail.proven(at_mail())
    liar = by_form("bohong", email=MAIL)
    assert contact(liar) == contact(victim)
    prove(client, liar, "penipu@contoh.id")
    stranger = Address.objects.get(handle_hash=mail.hash_of(Medium.EMAIL, "penipu@contoh.id"))
    assert stranger.contact != contact(victim)
    prove(client, liar, MAIL)
    stranger.refresh_from_db()
    assert stranger.contact == contact(victim), "now both are theirs"


def test_an_anonymous_report_gets_the_person_who_proves_an_address(client: Client) -> None:
    report = by_form(anonymous=True)
    assert report.contact is None
    prove(client, report, MAIL)
    assert contact(report) == at_mail().contact


def test_the_page_says_the_same_for_every_address_and_refuses_what_is_none(client: Client) -> None:
    report = by_form(anonymous=True)
    by_form("lain", email=MAIL)
    answers = set()
    for address in (MAIL, "tak-dikenal@contoh.id"):
        answer = client.post(place(report), {"alamat": "1", "address": address}, follow=True).content.decode()
        assert "Kode kami kirim ke alamat itu" in answer
        answers.add(re.sub(r"csrf\w*\" value=\"[^\"]*|nonce=\"[^\"]*", "", answer))
    assert len(answers) == 1
    for nothing in ("", "sari", "0812", "a@b", "x" * 300):
        assert client.post(place(report), {"alamat": "1", "address": nothing}).status_code == 400
    for wrong in ("", "12", "000 000 000 000"):
        assert client.post(place(report), {"code": wrong}).status_code == 400


def test_whistle_blowing_is_joined_with_nothing(client: Client) -> None:
    report = by_form(email=MAIL, kind=Kind.WHISTLEBLOWING)
    assert client.get(place(report)).status_code == 404
    assert "bukti/" not in client.get(place(report).removesuffix("bukti/")).content.decode()
