"""Where every letter costs, writers see how long their words become: below an answer, and under an example."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from kanal.channels.actions import address_for
from kanal.channels.models import Address, Inbound, Medium
from kanal.reports import actions
from kanal.reports.models import Report
from tests.support.people import People
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/meja/panjang/sms/"
STORY = "Lampu jalan di depan pasar mati tiga hari."


@pytest.fixture
def sari(regency: object) -> Address:
    assert regency
    return address_for(medium=Medium.SMS, handle="+6281234567890")


@pytest.fixture
def by_sms(people: People, sari: Address) -> Report:
    filing = actions.Filing(body=STORY, submission="sms", medium=Medium.SMS, address=sari)
    report = actions.assign(report=actions.file_report(filing), agency=people.roads, by=people.doing(people.kun))
    return actions.start(report=report, by=people.doing(people.oki))


def said(client: Client, **more: str) -> str:
    answer = client.post(PAGE, more)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_words_are_measured_as_they_are_sent(client: Client, people: People) -> None:
    client.force_login(people.oki)
    assert said(client, text="a" * 161) == "Sebagai SMS: 2 pesan, sisa 145 huruf."
    assert said(client, text="“Sudah” – selesai") == "Sebagai SMS: 1 pesan, sisa 143 huruf."
    assert "memuat 70 huruf" in said(client, text="Sampun rampung ꦗ")


def test_an_answer_is_measured_with_what_is_sent_around_it(client: Client, people: People, by_sms: Report) -> None:
    client.force_login(people.oki)
    alone, whole = said(client, text="Selesai."), said(client, text="Selesai.", kode=by_sms.tracking_code)
    assert alone == "Sebagai SMS: 1 pesan, sisa 152 huruf."
    assert whole.startswith("Sebagai SMS: ")
    assert whole != alone


def test_it_is_for_the_desk_and_tells_nothing_of_hidden_reports(client: Client, people: People, by_sms: Report) -> None:
    assert client.post(PAGE, {"text": "x"}).status_code == 302
    client.force_login(people.dewi)
    assert client.post(PAGE, {"text": "x", "kode": by_sms.tracking_code}).status_code == 404
    assert client.get(PAGE).status_code == 405
    for medium in ("whatsapp", "merpati"):
        assert client.post(f"/meja/panjang/{medium}/", {"text": "x"}).status_code == 404


def test_the_line_stands_below_answers_that_go_by_sms_and_nowhere_else(
    client: Client, people: People, by_sms: Report, sari_reports: Report
) -> None:
    client.force_login(people.oki)
    page = client.get(f"/meja/l/{by_sms.tracking_code}/").content.decode()
    assert f'hx-post="{PAGE}"' in page
    assert by_sms.tracking_code in page.partition("hx-vals=")[2].partition(">")[0]
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    actions.start(report=sari_reports, by=people.doing(people.oki))
    assert PAGE not in client.get(f"/meja/l/{sari_reports.tracking_code}/").content.decode()


@pytest.mark.parametrize(("medium", "shown"), [("sms", True), ("whatsapp", False)])
def test_below_an_answer_to_a_message_too(
    client: Client, people: People, sari: Address, medium: str, *, shown: bool
) -> None:
    more = {"medium": medium, "received_at": sari.contact.created_at, "state": "waiting", "address": sari}
    message = Inbound.objects.create(external_id="m1", text="Kapan kantor buka?", **more)
    client.force_login(people.kun)
    assert (PAGE in client.get(f"/meja/pesan/{message.pk}/").content.decode()) is shown


def test_the_example_of_a_sentence_says_how_many_messages_it_is(client: Client, people: People) -> None:
    client.force_login(people.kun)
    page = client.post("/meja/kalimat/assigned/", {"indonesian": "Diteruskan ke {dinas}.", "lihat": "1"})
    assert "Sebagai SMS: " in page.content.decode()
    public = client.post("/meja/kalimat/public_receipt/", {"indonesian": "Lihat {tautan} {catatan}", "lihat": "1"})
    assert "Sebagai SMS: " not in public.content.decode()


def test_it_is_told_while_one_types(phone: Page, live_url: str, people: People, by_sms: Report) -> None:
    sign_in(phone, people.oki, live_url)
    phone.goto(f"/meja/l/{by_sms.tracking_code}/#jawab")
    field = phone.get_by_label("Teks untuk pelapor dan umum")
    line = phone.locator("#jawab [role=status]")
    expect(line).to_contain_text("Sebagai SMS: ")
    short = line.inner_text()
    field.fill("Lampu sudah menyala lagi sejak tadi malam. " * 8)
    expect(line).not_to_have_text(short)
    field.fill("Sampun rampung ꦗ")
    expect(line).to_contain_text("memuat 70 huruf")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
