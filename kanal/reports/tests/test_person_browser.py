"""A coordinator joins two contacts and parts them again by keyboard alone; the pages fit phone and desk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kanal.channels.actions import address_for
from kanal.channels.models import Address, Contact, Medium, Outbound
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.queries import private_link_token
from tests.support.media import PlainMedium
from tests.support.messages import PHONE, arrives
from tests.support.people import People
from tests.support.sign_in import sign_in

Axe = Callable[[Page], None]


@pytest.fixture
def two(people: People, plain_medium: PlainMedium, sari_reports: Report) -> tuple[Contact, Contact]:
    """Sari with her e-mail address and a telephone number, and somebody on WhatsApp with the same number."""
    assert sari_reports.contact
    actions.add_contact(report=sari_reports, phone=PHONE)
    other = address_for(medium=Medium.WHATSAPP, handle=PHONE)
    actions.file_report(actions.Filing(body="Lampu jalan mati di gang masjid.", submission="wa", address=other))
    arrives(plain_medium, "Terima kasih, Pak.", handle="+628111111111")
    return sari_reports.contact, other.contact


def test_two_contacts_are_joined_and_parted_by_keyboard(
    desktop: Page, live_url: str, people: People, two: tuple[Contact, Contact], axe: Axe
) -> None:
    page, (sari, other) = desktop, two
    sign_in(page, people.kun, live_url)
    page.goto(f"/meja/orang/{sari.pk}/")
    axe(page)
    page.get_by_role("link", name=f"Bandingkan Kontak {other.pk}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Satu orang atau dua?")).to_be_visible()
    axe(page)
    page.get_by_label("Alasan").focus()
    page.keyboard.type("Bu Sari sendiri yang bilang.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Kontak {other.pk} digabung ke sini. Kalau keliru")).to_be_visible()
    axe(page)
    assert Address.objects.get(medium=Medium.WHATSAPP).contact_id == sari.pk
    page.get_by_role("link", name="Batalkan penggabungan kontak").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Batalkan penggabungan?")).to_be_visible()
    axe(page)
    page.get_by_label("Alasan").focus()
    page.keyboard.type("Ternyata adiknya.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Penggabungan dibatalkan.")).to_be_visible()
    expect(page.get_by_text(f"Kontak {other.pk} dipisahkan lagi")).to_be_visible()
    assert Address.objects.get(medium=Medium.WHATSAPP).contact_id == other.pk


def test_on_a_phone_a_person_is_opened_and_a_wish_recorded(
    phone: Page, live_url: str, people: People, two: tuple[Contact, Contact], axe: Axe
) -> None:
    page, (sari, _other) = phone, two
    sign_in(page, people.kun, live_url)
    page.goto(f"/meja/orang/{sari.pk}/")
    page.get_by_text("Minta membuka identitas").click()
    axe(page)
    page.get_by_label("Alasan").fill("Telepon balik")
    page.get_by_role("button", name="Buka dan catat").click()
    expect(page.get_by_role("cell", name="sari@contoh.id")).to_be_visible()
    page.get_by_text("Catat keinginannya").click()
    page.get_by_label("Disampaikan orangnya sendiri").select_option("telepon")
    page.get_by_label("Apa yang dikatakannya").fill("Jangan kirim lagi")
    axe(page)
    page.get_by_role("button", name="Jangan kirimi di mana pun").click()
    expect(page.get_by_text("Minta tidak dikirimi").first).to_be_visible()
    axe(page)


def test_on_a_phone_a_reporter_proves_an_address_with_the_code_that_arrived_there(
    phone: Page, sari_reports: Report, axe: Axe
) -> None:
    page = phone
    page.goto(f"/lacak/{sari_reports.tracking_code}/{private_link_token(sari_reports)}/")
    page.get_by_role("link", name="Buktikan e-mail atau nomor HP Anda").click()
    axe(page)
    page.get_by_label("E-mail atau nomor HP Anda").fill("sari@contoh.id")
    page.get_by_role("button", name="Kirim kode").click()
    expect(page.get_by_text("Kode kami kirim ke alamat itu")).to_be_visible()
    page.get_by_label("Kode yang sampai di sana").fill("1")
    page.get_by_role("button", name="Buktikan").click()
    expect(page.get_by_text("Kode itu tidak cocok").first).to_be_visible()
    axe(page)
    code = re.findall(r"\d{6}", Outbound.objects.get(purpose="address_proof").body)[0]
    page.get_by_label("Kode yang sampai di sana").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Alamat itu terbukti milik Anda.")).to_be_visible()
    assert Address.objects.get(medium=Medium.EMAIL).verified_at is not None
