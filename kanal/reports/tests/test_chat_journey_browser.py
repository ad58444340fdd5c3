"""From a citizen's chat to the desk and back to the same chat: WhatsApp, Telegram, SMS, each over its real webhook."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from kanal.agencies.models import User
from kanal.channels.models import Outbound
from kanal.reports.models import Report
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People
from tests.support.sign_in import sign_in
from tests.support.simulator import MEDIA, work

pytestmark = pytest.mark.django_db(transaction=True)
CODE = re.compile(r"BJN-\w{4}-\w{4}")


class Handset:
    """A citizen's telephone with one chat open."""

    def __init__(self, page: Page, medium: str) -> None:
        self.page = page
        page.goto(f"/simulator/{medium}/")

    @property
    def chat(self) -> Locator:
        """What it shows."""
        return self.page.get_by_role("log")

    def writes(self, words: str) -> None:
        """Its owner sends something, and Kanal reads it."""
        self.page.get_by_label("Pesan").fill(words)
        self.page.get_by_role("button", name="Kirim").click()
        expect(self.chat).to_contain_text(words)
        work()

    def shows(self, words: str | re.Pattern[str]) -> None:
        """What came from Kanal. The chat would ask for it by itself in a moment."""
        self.page.reload()
        expect(self.chat).to_contain_text(words)


class Desk:
    """One member of staff with a case open."""

    def __init__(self, page: Page, user: User, url: str) -> None:
        self.page = sign_in(page, user, url)

    def opens(self, code: str) -> Page:
        """The case, as it is now."""
        self.page.goto(f"/meja/l/{code}/")
        return self.page

    def presses(self, button: str, outcome: str) -> None:
        """A button, what the desk says of it, and the worker's turn."""
        self.page.get_by_role("button", name=button).last.click()
        expect(self.page.get_by_role("status").filter(has_text=outcome)).to_be_visible()
        work()


@pytest.mark.parametrize("medium", MEDIA)
def test_what_is_told_on_a_chat_is_answered_on_that_chat(
    simulator: str, people: People, new_page: Callable[..., Page], axe: Callable[[Page], None], medium: str
) -> None:
    sari = Handset(new_page(PHONE), medium)
    kun, oki, heni = (Desk(new_page(DESKTOP), user, simulator) for user in (people.kun, people.oki, people.heni))

    sari.writes("Jalan berlubang dalam sekali di tikungan, sudah tiga orang jatuh.")
    sari.shows("Di mana tempatnya?")
    sari.writes("Desa Jono, Kecamatan Temayang")
    sari.shows("Laporan Anda kami terima.")
    code = CODE.findall(sari.chat.inner_text())[0]

    desk = kun.opens(code)
    desk.get_by_role("radio", name="Lainnya").check()
    desk.get_by_label("Dinas lain").select_option(label=people.roads.name)
    kun.presses("Teruskan", "diteruskan ke")
    sari.shows(f"sudah diteruskan ke {people.roads.name}")

    oki.opens(code)
    oki.presses("Mulai tangani", "Mulai ditangani")
    sari.shows("mulai menangani laporan Anda")

    sari.writes("Tadi pagi ada yang jatuh lagi, di depan balai desa.")
    sari.shows(f"Kami tambahkan ke laporan {code}")
    expect(oki.opens(code).get_by_role("main")).to_contain_text("Tadi pagi ada yang jatuh lagi")
    sari.writes(f"CEK {code}")
    sari.shows(re.compile(f"Laporan {code}: .*diproses.* Paling lambat"))

    answer = "Lubang ditambal Jumat, 27 November. Rambu sudah dipasang."
    oki.page.get_by_label("Teks untuk pelapor dan umum").fill(answer)
    oki.presses("Ajukan ke atasan", "diajukan ke atasan")
    heni.opens(code)
    heni.presses("Setujui jawaban", "Jawaban disetujui")
    oki.opens(code)
    oki.presses("Terbitkan jawaban", "Jawaban terbit")
    sari.shows(answer)
    sari.writes(f"CEK {code}")
    sari.shows(f"Laporan {code}: Sudah ditindaklanjuti.")
    axe(sari.page)

    assert Report.objects.get().medium == medium, "one report, and what was added is not another"
    told = Outbound.objects.exclude(address=None)
    assert set(told.values_list("medium", "state")) == {(medium, "sent")}
