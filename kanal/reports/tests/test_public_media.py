"""From a post that mentions the account to a report and back: nobody's business but the reporter's stands in public."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.channels import delivery, mailroom
from kanal.channels.actions import pulse
from kanal.channels.models import Inbound, Medium, Outbound
from kanal.channels.x.adapter import X
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.actions import triage
from kanal.reports.actions.intake import Filing
from kanal.reports.actions.wordings import word
from kanal.reports.models import Report
from tests.support.people import People
from tests.support.platform import running
from tests.support.sign_in import sign_in
from tests.support.x import ACCOUNT, FIRST, SARI, FakeX, letter, post, settings_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def x(settings: Settings, monkeypatch: pytest.MonkeyPatch, regency: object) -> Iterator[FakeX]:
    monkeypatch.setattr(X, "looks_every", timedelta(0))
    monkeypatch.setattr(X, "pace", 1000.0)
    with running(FakeX()) as platform:
        settings.X = settings_for(platform.url)
        yield platform


def heard(x: FakeX) -> Inbound:
    """Sari's complaint waits at the desk."""
    x.mentions = [post()]
    mailroom.look_around(lambda: True)
    mailroom.read_deliveries(lambda: True)
    return Inbound.objects.get()


def filed(x: FakeX, people: People) -> Report:
    message = heard(x)
    filing = Filing(body=message.text, submission="m")
    report = triage.file_message(inbound=message, filing=filing, by=people.doing(people.kun))
    delivery.deliver_due(lambda: True)
    return report


def test_a_comment_is_no_conversation_and_waits_for_a_person(x: FakeX) -> None:
    assert heard(x).state == Inbound.State.WAITING
    assert not Outbound.objects.exists()


def test_a_report_made_of_a_post_is_acknowledged_in_public_without_its_code(x: FakeX, people: People) -> None:
    report = filed(x, people)
    assert report.contact is not None
    assert (report.medium, report.contact.addresses.get().handle) == (Medium.X, SARI)
    [text] = x.texts
    assert text.startswith("Terima kasih, laporan Anda sudah kami catat.")
    assert report.tracking_code not in text
    assert "/lacak/" not in text


def test_with_direct_messages_the_reporter_gets_code_and_link_alone(
    x: FakeX, people: People, settings: Settings
) -> None:
    settings.X["direct"] = True
    report = filed(x, people)
    assert not x.ours
    [letter] = x.direct
    assert report.tracking_code in letter["text"]
    assert "/lacak/" in letter["text"]


def test_a_direct_message_is_led_through_a_report_that_nobody_else_reads(x: FakeX, settings: Settings) -> None:
    settings.X |= {"direct": True, "direct_read": True}

    def says(*letters: dict[str, Any]) -> str:
        x.events += letters
        mailroom.look_around(lambda: True)
        while mailroom.read_deliveries(lambda: True):
            pass
        delivery.deliver_due(lambda: True)
        return str(x.direct[-1]["text"])

    says(letter(1, "Lampu jalan mati sudah seminggu, gelap sekali"))
    assert not Report.objects.exists(), "it is asked where"
    said = says(letter(2, "Di depan balai desa Jono, Temayang"))
    for number in range(3, 6):
        if not Report.objects.exists():
            said = says(letter(number, "ya"))
    report = Report.objects.get()
    assert report.tracking_code in said
    assert report.medium == Medium.X
    assert {one["to"] for one in x.direct} == {SARI}
    assert not x.texts


def test_an_answer_of_the_desk_stands_under_the_post(x: FakeX, people: People) -> None:
    triage.answer_message(inbound=heard(x), text="Kami cek ke lokasi hari ini.", by=people.doing(people.kun))
    delivery.deliver_due(lambda: True)
    assert x.texts == ["Kami cek ke lokasi hari ini."]
    assert x.ours[0]["referenced_tweets"][0]["id"] == str(FIRST + 1)


@pytest.mark.parametrize("direct", [True, False])
def test_below_words_that_went_to_the_inspektorat_stands_nothing(
    x: FakeX, people: People, settings: Settings, *, direct: bool
) -> None:
    settings.X["direct"] = direct
    x.closed = {SARI}
    triage.confide_message(inbound=heard(x), by=people.doing(people.kun))
    delivery.deliver_due(lambda: True)
    assert Outbound.objects.get().purpose == "confided"
    assert not x.texts


def test_an_answer_that_x_would_cut_is_told_to_its_writer(x: FakeX, people: People) -> None:
    message = heard(x)
    with pytest.raises(Refused, match="Panjangnya 350, sedangkan X hanya memuat 280"):
        triage.answer_message(inbound=message, text="Sudah " * 58 + "ya", by=people.doing(people.kun))
    message.refresh_from_db()
    assert message.state == Inbound.State.WAITING


def test_other_news_of_the_report_are_given_up_with_the_reason(x: FakeX, people: People) -> None:
    report = filed(x, people)
    report.refresh_from_db()
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    delivery.deliver_due(lambda: True)
    news = Outbound.objects.get(medium=Medium.X, purpose="assigned")
    assert (news.state, "dibaca umum" in news.error) == (Outbound.State.GIVEN_UP, True)
    assert len(x.texts) == 1


def test_what_stands_in_public_is_the_coordinators_to_word(x: FakeX, people: People) -> None:
    text = "Matur nuwun. Kabar dari {kabupaten}: {tautan} ({catatan})"
    word(key="public_receipt", texts={"id": text, "jv": "Matur nuwun. {tautan} {catatan}"}, by=people.doing(people.kun))
    filed(x, people)
    [said] = x.texts
    assert said.startswith("Matur nuwun. Kabar dari Kabupaten Bojonegoro: http")
    assert "{" not in said


# Looked at -----------------------------------------------------------------------------------------------------------


@pytest.mark.browser  # asks for its screen by name
@pytest.mark.parametrize(("screen", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_the_allowance_the_passed_and_the_words_are_readable(
    request: pytest.FixtureRequest,
    x: FakeX,
    people: People,
    live_url: str,
    axe: Callable[[Page], None],
    screen: str,
    scheme: str,
) -> None:
    x.mentions = [post(), post(2, "@pemkabbjn mantap"), post(3, "@pemkabbjn hadir", author_id=ACCOUNT)]
    mailroom.look_around(lambda: True)
    mailroom.read_deliveries(lambda: True)
    pulse.look_later(Medium.X, sentence="Saldo X API habis. Isi lagi.", for_=timedelta(minutes=9), alarm=True)
    page: Page = request.getfixturevalue(screen)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
    sign_in(page, people.kun, live_url)
    page.goto("/meja/saluran/")
    card = page.locator("section#x")
    expect(card).to_contain_text("3 dari 10.000 kiriman bulan ini")
    expect(card).to_contain_text("1 Tidak ada kata penanda aduan")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/meja/kalimat/public_receipt/")
    expect(page.get_by_label("Bahasa Indonesia")).to_contain_text("{tautan}")
    axe(page)
    sign_in(page, people.agus, live_url)
    page.goto("/admin/channels/watchword/add/")
    page.get_by_label("kata:").fill("matoh")
    axe(page)
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("link", name="matoh").first).to_be_visible()
    axe(page)
