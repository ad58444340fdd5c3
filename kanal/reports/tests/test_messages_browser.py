"""The inbox in a browser: by keyboard alone at the office, on a phone, readable for everybody, also in the dark."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kanal.channels import actions as mail
from kanal.channels import files, mailroom
from kanal.channels.actions import pulse
from kanal.channels.adapters import Strange
from kanal.channels.models import Inbound, Medium, MediumState, Outbound
from kanal.reports.models import Report
from tests.support.media import PlainMedium
from tests.support.media import delivery as posted
from tests.support.people import People
from tests.support.sign_in import sign_in

Axe = Callable[[Page], None]
WORDS = (
    "Terima kasih, lampunya sudah menyala.",
    "Jalan di depan pasar berlubang sejak dua minggu.",
    "Promo pinjaman cepat cair hari ini!",
    "Jam berapa kantor kecamatan buka?",
)


@pytest.fixture
def messages(people: People, plain_medium: PlainMedium) -> list[Inbound]:
    """Four messages, a minute apart, the second with a voice note."""
    plain_medium.talks = False  # type: ignore[misc]  # of this one object
    plain_medium.files = {"f1": b"OggS" + b"\0" * 300}
    start = timezone.now() - timedelta(hours=1)
    for number, words in enumerate(WORDS):
        item = {
            "is": "said",
            "external_id": f"m{number}",
            "handle": f"+6281234567{number:03}",
            "at": (start + timedelta(minutes=number)).isoformat(),
            "text": words,
            "files": [{"external_id": "f1", "kind": "audio"}] if number == 1 else [],
        }
        mail.store_delivery(medium=Medium.APP, payload=posted(item))
    mailroom.read_deliveries(lambda: True)
    files.fetch_files(lambda: True)
    return list(Inbound.objects.order_by("received_at"))


def here(page: Page) -> str:
    return page.locator("#pesan .is-here th a").inner_text()


def test_a_coordinator_empties_the_inbox_by_keyboard_alone(
    desktop: Page, live_url: str, people: People, messages: list[Inbound], axe: Axe
) -> None:
    page = desktop
    sign_in(page, people.kun, live_url)
    page.goto("/meja/pesan/")
    assert here(page) == WORDS[0]
    axe(page)
    # The third is advertising: two down, passed over with a reason.
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert here(page) == WORDS[2]
    page.keyboard.press("d")
    expect(page.get_by_label("Alasan")).to_be_focused()
    page.keyboard.type("Promosi")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 pesan dilewati.")).to_be_visible()
    # The first is thanks: answered.
    page.keyboard.press("b")
    expect(page.get_by_label("Balasan", exact=True)).to_be_focused()
    axe(page)
    page.keyboard.type("Sama-sama.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Balasan dikirim sebentar lagi")).to_be_visible()
    # The next is a report.
    assert here(page) == WORDS[1]
    page.keyboard.press("Enter")
    expect(page.get_by_label("Pesan suara")).to_be_visible()
    page.keyboard.press("l")
    expect(page.get_by_role("heading", level=1)).to_have_text("Buat laporan dari pesan")
    axe(page)
    page.get_by_role("button", name="Simpan laporan").press("Enter")
    expect(page.get_by_text("dibuat dari pesan ini")).to_be_visible()
    # The last is added to a report found by its words.
    page.keyboard.press("g")
    expect(page.get_by_label("Cari kode atau kata")).to_be_focused()
    page.keyboard.type("berlubang")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Gabung BJN").press("Enter")
    expect(page.get_by_text("Tidak ada pesan yang menunggu")).to_be_visible()
    assert Report.objects.get().events.filter(verb="note").exists()
    assert Outbound.objects.filter(purpose="message_answer", body__isnull=False).count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_inbox_and_message_on_a_phone(
    phone: Page, live_url: str, people: People, messages: list[Inbound], axe: Axe, scheme: str
) -> None:
    page = phone
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
    sign_in(page, people.kun, live_url)
    for address in ("/meja/pesan/", f"/meja/pesan/{messages[1].pk}/", f"/meja/pesan/{messages[1].pk}/laporan/"):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


@pytest.mark.browser  # asks for its screen by name
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_the_health_page_is_readable(
    request: pytest.FixtureRequest,
    live_url: str,
    people: People,
    messages: list[Inbound],
    axe: Axe,
    *,
    screen: str,
    scheme: str,
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
    pulse.pause(Medium.APP, sentence="Token habis. Buat token baru.", for_=timedelta(minutes=9), alarm=True)
    mail.store_delivery(medium=Medium.APP, payload="{bukan json")
    mailroom.read_deliveries(lambda: True)
    hours_ago = timezone.now() - timedelta(hours=2)
    MediumState.objects.create(medium="telegram", down_since=hours_ago, trouble="Telegram tidak bisa dihubungi.")
    news = Strange("1", "WhatsApp memberi tahu: account_update.")
    mail.note_passed(Medium.WHATSAPP, news, at=hours_ago)
    sign_in(page, people.kun, live_url)
    page.goto("/meja/saluran/")
    expect(page.get_by_text("Token habis. Buat token baru.")).to_be_visible()
    expect(page.get_by_text("Tidak bisa dihubungi sejak")).to_be_visible()
    expect(page.get_by_text("1 WhatsApp memberi tahu: account_update.")).to_be_visible()
    expect(page.get_by_role("heading", name="Radio")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Baca lagi").first.click()
    expect(page.get_by_text("1 kiriman dibaca lagi.")).to_be_visible()
