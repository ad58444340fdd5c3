"""The played telephone: real signed calls in, answers out through the adapters, and nothing of it in production."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.channels import actions, files
from kanal.channels.actions import Message
from kanal.channels.models import Address, Inbound, InboundFile, Outbound
from kanal.channels.simulator import phones
from kanal.reports import actions as case
from kanal.reports.models import Report
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People
from tests.support.simulator import MEDIA, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("regency")]


def answered(words: str) -> None:
    """Kanal writes to whoever wrote."""
    told = Message(purpose="answered", dedupe_key=words, subject="x", body=words, address=Address.objects.latest("pk"))
    actions.queue([told])
    work()
    assert Outbound.objects.get(dedupe_key=words).state == Outbound.State.SENT


def photo() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "sienna").save(drawn, "JPEG")
    return drawn.getvalue()


@pytest.mark.parametrize("address", ["", "whatsapp/", "telegram/percakapan/", "graph/1234", "bot/botx/getFile"])
def test_outside_demo_there_is_no_simulator(client: Client, settings: Settings, address: str) -> None:
    settings.SIMULATOR, settings.PLAYED_MEDIA = False, list(MEDIA)
    assert client.get(f"/simulator/{address}").status_code == 404
    assert client.post("/simulator/whatsapp/kirim/", {"text": "halo"}).status_code == 404
    assert client.post("/simulator/nomor-baru/").status_code == 404


def test_a_medium_with_an_account_of_its_own_is_not_played(client: Client, simulator: str, settings: Settings) -> None:
    settings.PLAYED_MEDIA = ["telegram"]
    assert client.get("/simulator/whatsapp/").status_code == 404
    assert client.get("/simulator/").headers["Location"] == "/simulator/telegram/"


def test_the_played_platforms_listen_to_kanal_only(client: Client, simulator: str) -> None:
    for address in ("page/facebook/me/messages", "graph/62353/messages", "bot/bottebakan/sendMessage", "gateway/kirim"):
        assert client.post(f"/simulator/{address}", "{}", content_type="application/json").status_code == 401


@pytest.mark.parametrize("medium", MEDIA)
def test_words_go_the_whole_way_and_an_answer_comes_back(client: Client, simulator: str, medium: str) -> None:
    page = client.post(f"/simulator/{medium}/kirim/", {"text": "Jalan rusak di Jono"}, follow=True)
    assert "Jalan rusak di Jono" in page.content.decode()
    work()
    message = Inbound.objects.get()
    assert (message.medium, message.text) == (medium, "Jalan rusak di Jono")
    answered("Laporan Anda kami terima.")
    assert "Laporan Anda kami terima." in client.get(f"/simulator/{medium}/").content.decode()


@pytest.mark.parametrize("medium", ["whatsapp", "telegram", "facebook", "instagram"])
def test_a_photo_is_fetched_from_the_played_platform(client: Client, simulator: str, medium: str) -> None:
    upload = io.BytesIO(photo())
    upload.name = "jalan.jpg"
    client.post(f"/simulator/{medium}/kirim/", {"text": "ini lubangnya", "file": upload})
    work()
    file = InboundFile.objects.get()
    assert (file.state, file.kind, files.content_of(file)) == ("kept", "image", photo())
    assert file.inbound.text == "ini lubangnya"


@pytest.mark.parametrize("medium", ["facebook", "instagram"])
def test_a_comment_is_answered_below_it_and_alone(client: Client, simulator: str, medium: str) -> None:
    words = "Jalan rusak parah dan berlubang di Desa Jono, Kec. Temayang."
    client.post(f"/simulator/{medium}/kirim/", {"text": words, "public": "on"})
    work()
    report, (comment, *answers) = Report.objects.get(), phones.lines(medium, Address.objects.get().handle)
    assert (comment.public, comment.mine) == (True, True)
    [alone] = [line for line in answers if not line.public]
    [in_public] = [line for line in answers if line.public]
    assert report.tracking_code in alone.text
    assert report.tracking_code not in in_public.text
    assert in_public.text.endswith(f"/simulator/{medium}/")
    assert "(komentar)" in client.get(f"/simulator/{medium}/").content.decode()


def test_what_cannot_be_sent_says_why(client: Client, simulator: str) -> None:
    program = io.BytesIO(b"MZ\x90\x00 ini program")
    program.name = "foto.jpg"
    page = client.post("/simulator/whatsapp/kirim/", {"file": program}, follow=True)
    assert "Kirim foto, suara, video, atau PDF." in page.content.decode()
    page = client.post("/simulator/whatsapp/kirim/", {}, follow=True)
    assert "Tulis pesan dulu" in page.content.decode()
    assert not Inbound.objects.exists()


def test_a_webhook_that_does_not_answer_loses_nothing_unsaid(
    client: Client, simulator: str, settings: Settings
) -> None:
    settings.BASE_URL = "http://127.0.0.1:9"
    page = client.post("/simulator/telegram/kirim/", {"text": "halo"}, follow=True)
    assert "Pesan Anda belum diterima Kanal" in page.content.decode()


def test_nobody_reads_the_telephone_of_another(client: Client, simulator: str) -> None:
    client.post("/simulator/whatsapp/kirim/", {"text": "rahasia saya"})
    assert "rahasia saya" in client.get("/simulator/whatsapp/").content.decode()
    assert "rahasia saya" not in Client().get("/simulator/whatsapp/").content.decode()
    client.post("/simulator/nomor-baru/")
    assert "rahasia saya" not in client.get("/simulator/whatsapp/").content.decode()


@pytest.mark.parametrize("number", ["../62811", "628111111111/..", "62812345678", ""])
def test_only_numbers_of_the_simulator_have_a_chat(number: str) -> None:
    with pytest.raises(ValueError, match="simulator"):
        phones.lines("whatsapp", number)
    assert phones.file(f"../{number}") is None


def test_the_chat_is_sent_only_when_something_is_new(client: Client, simulator: str) -> None:
    client.post("/simulator/whatsapp/kirim/", {"text": "halo"})
    page = client.get("/simulator/whatsapp/").content.decode()
    found = re.search(r'hx-get="([^"]+)"', page)
    assert found
    assert client.get(found[1]).status_code == 204
    work()
    answered("Halo juga.")
    assert "Halo juga." in client.get(found[1]).content.decode()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("medium", ["whatsapp", "telegram"])
def test_a_report_is_filed_in_the_browser(
    simulator: str,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screen: dict[str, Any],
    medium: str,
) -> None:
    page = new_page(screen)
    page.goto(f"/simulator/{medium}/")
    axe(page)
    log = page.get_by_role("log")
    page.get_by_label("Pesan").fill("Jalan berlubang dalam sekali, sudah tiga orang jatuh.")
    page.get_by_role("button", name="Kirim").click()
    expect(log).to_contain_text("sudah tiga orang jatuh")
    work()
    expect(log).to_contain_text("Di mana")
    page.get_by_text("Lokasi, foto, atau suara").click()
    page.get_by_label("Lokasi").select_option(label="Temayang")
    page.get_by_role("button", name="Kirim").click()
    expect(log).to_contain_text("Kec. Temayang")
    work()
    words, place = Inbound.objects.filter(address__isnull=False).order_by("pk")
    assert words.text.startswith("Jalan berlubang")
    assert place.lat is not None
    expect(log).to_contain_text("Laporan Anda kami terima.")
    link = log.get_by_role("link", name="/lacak/")
    expect(link).to_have_attribute("href", re.compile(f"^{simulator}/lacak/BJN-"))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("medium", MEDIA)
def test_a_report_by_chat_is_answered_on_the_same_chat(
    client: Client, simulator: str, people: People, medium: str
) -> None:
    def log() -> str:
        return client.get(f"/simulator/{medium}/").content.decode()

    words = "Lampu jalan mati sejak seminggu, Desa Jono Kecamatan Temayang."
    client.post(f"/simulator/{medium}/kirim/", {"text": words})
    work()
    report = Report.objects.get()
    assert report.tracking_code in log()
    coordinator, officer, supervisor = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    case.assign(report=report, agency=people.roads, by=coordinator)
    case.start(report=report, by=officer)
    case.ask_info(report=report, by=officer, question="Tiang nomor berapa?")
    work()
    assert "Tiang nomor berapa?" in log()
    client.post(f"/simulator/{medium}/kirim/", {"text": "Tiang nomor 17 di depan balai desa."})
    work()
    assert Report.objects.count() == 1
    report.refresh_from_db()
    case.draft_answer(report=report, by=officer, text="Lampu sudah diganti Jumat, 27 November.")
    case.submit_answer(report=report, by=officer)
    case.approve_answer(report=report, by=supervisor)
    case.publish_answer(report=report, by=officer)
    work()
    assert "Lampu sudah diganti Jumat, 27 November." in log()
    assert set(Outbound.objects.values_list("medium", flat=True).exclude(address=None)) == {medium}


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_comment_is_written_in_the_browser(
    simulator: str, new_page: Callable[..., Page], axe: Callable[[Page], None], screen: dict[str, Any]
) -> None:
    page = new_page(screen)
    page.goto("/simulator/facebook/")
    axe(page)
    log = page.get_by_role("log")
    page.get_by_label("Pesan").fill("LAPOR lampu jalan mati sejak seminggu di depan balai desa")
    page.get_by_label("Tulis sebagai komentar").check()
    page.get_by_role("button", name="Kirim").click()
    expect(log).to_contain_text("(komentar)")
    work()
    expect(log).to_contain_text("Belum ada? Tulis ke kami:")
    expect(log).to_contain_text("Kode laporan: BJN-")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_without_script(simulator: str, new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, java_script_enabled=False)
    page.goto("/simulator/")
    page.get_by_label("Pesan").fill("Halo")
    page.get_by_role("button", name="Kirim").click()
    expect(page.get_by_role("log")).to_contain_text("Halo")
    work()
    page.get_by_role("link", name="Muat ulang").click()
    expect(page.get_by_role("log").get_by_role("listitem")).to_have_count(2)
