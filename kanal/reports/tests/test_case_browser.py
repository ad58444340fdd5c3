"""The chain at the desk in a real browser: coordinator, officer, head, officer, on a phone and on an office screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kanal.agencies.models import User
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.workflow import Status
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People
from tests.support.sign_in import sign_in


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def browser_of(request: pytest.FixtureRequest, new_page: Callable[..., Page], live_url: str) -> Callable[[User], Page]:
    return lambda user: sign_in(new_page(request.param), user, live_url)


@pytest.mark.django_db(transaction=True)
def test_from_the_coordinators_desk_to_a_published_answer(
    browser_of: Callable[[User], Page], people: People, sari_reports: Report, axe: Callable[[Page], None]
) -> None:
    path = f"/meja/l/{sari_reports.tracking_code}/"

    kun = browser_of(people.kun)
    kun.goto(path)
    axe(kun)
    kun.get_by_role("radio", name="Lainnya").check()
    kun.get_by_label("Dinas lain").select_option(label=people.roads.name)
    kun.get_by_label("Catatan untuk dinas").fill("Tikungan berbahaya")
    kun.get_by_role("button", name="Teruskan").last.click()
    expect(kun.get_by_role("status")).to_contain_text("diteruskan ke")
    axe(kun)

    oki = browser_of(people.oki)
    oki.goto(path)
    oki.get_by_role("button", name="Mulai tangani").click()
    expect(oki.get_by_role("status")).to_contain_text("Mulai ditangani")
    oki.get_by_label("Teks baku").select_option(index=1)
    oki.get_by_role("button", name="Sisipkan").click()
    editor = oki.get_by_label("Teks untuk pelapor dan umum")
    assert "{tanggal}" in editor.input_value()
    oki.get_by_role("button", name="Ajukan ke atasan").click()
    expect(oki.get_by_role("alert")).to_contain_text("{tanggal} belum diisi")
    axe(oki)
    editor.fill("Lubang ditambal Jumat, 27 November. Rambu sudah dipasang.")
    oki.get_by_role("button", name="Ajukan ke atasan").click()
    expect(oki.get_by_role("status")).to_contain_text("diajukan ke atasan")

    heni = browser_of(people.heni)
    heni.goto(path)
    axe(heni)
    heni.get_by_role("button", name="Setujui jawaban").click()
    expect(heni.get_by_role("status")).to_contain_text("Jawaban disetujui")

    oki.reload()
    oki.get_by_role("button", name="Terbitkan jawaban").click()
    expect(oki.get_by_role("status")).to_contain_text("Jawaban terbit")
    axe(oki)
    sari_reports.refresh_from_db()
    assert sari_reports.status == Status.ANSWERED


@pytest.mark.django_db(transaction=True)
def test_letters_open_forms_and_typing_is_typing(
    browser_of: Callable[[User], Page], people: People, sari_reports: Report, axe: Callable[[Page], None]
) -> None:
    page = browser_of(people.kun)
    page.goto(f"/meja/l/{sari_reports.tracking_code}/")
    page.keyboard.press("c")
    note = page.get_by_label("Catatan dalam")
    expect(note).to_be_focused()
    page.keyboard.type("tcb")
    expect(note).to_have_value("tcb")
    axe(page)
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.get_by_role("status")).to_contain_text("Catatan disimpan")


@pytest.mark.django_db(transaction=True)
def test_the_letter_for_the_answer_leads_into_its_field(
    browser_of: Callable[[User], Page], people: People, sari_reports: Report
) -> None:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    page = browser_of(people.oki)
    page.goto(f"/meja/l/{sari_reports.tracking_code}/")
    page.keyboard.press("b")
    expect(page.get_by_label("Teks untuk pelapor dan umum")).to_be_focused()


@pytest.mark.django_db(transaction=True)
def test_the_identity_opens_with_a_reason(
    browser_of: Callable[[User], Page], people: People, sari_reports: Report, axe: Callable[[Page], None]
) -> None:
    page = browser_of(people.kun)
    page.goto(f"/meja/l/{sari_reports.tracking_code}/")
    expect(page.get_by_text("Sari Utami")).to_have_count(0)
    page.get_by_text("Minta membuka identitas").click()
    page.get_by_label("Alasan").fill("Perlu alamat untuk survei")
    axe(page)
    page.get_by_role("button", name="Buka dan catat").click()
    expect(page.get_by_text("Sari Utami")).to_be_visible()
    axe(page)


@pytest.mark.django_db(transaction=True)
def test_the_rules_can_be_tried(
    browser_of: Callable[[User], Page], people: People, axe: Callable[[Page], None]
) -> None:
    page = browser_of(people.kun)
    page.goto("/meja/aturan/")
    axe(page)
    page.get_by_label("Teks laporan").fill("Ada kabel putus di depan SD")
    page.get_by_role("button", name="Coba").click()
    expect(page.get_by_text("Menentukan", exact=True)).to_be_visible()
    axe(page)


@pytest.mark.django_db(transaction=True)
def test_on_a_phone_deadlines_come_before_the_words_and_on_a_desk_beside_them(
    browser_of: Callable[[User], Page], people: People, sari_reports: Report
) -> None:
    page = browser_of(people.kun)
    page.goto(f"/meja/l/{sari_reports.tracking_code}/")
    page.locator(".case-head h1").evaluate("title => { title.textContent = `${title.textContent} `.repeat(9) }")
    parts = (".case-head", ".case-due", ".case-body", ".case-person")
    head, due, body, person = (
        page.evaluate("p => document.querySelector(p).getBoundingClientRect()", p) for p in parts
    )
    if page.viewport_size == PHONE["viewport"]:
        assert head["y"] < due["y"] < person["y"] < body["y"], "as it is read aloud and walked through by Tab"
    else:
        assert due["y"] == head["y"]
        assert due["x"] == person["x"] > body["x"]
        assert body["y"] - head["y"] - head["height"] < 24, "the words follow the head, however tall the deadlines are"
        assert person["y"] - due["y"] - due["height"] < 24, "and the person the deadlines, however tall the head is"
    order = page.evaluate("[...document.querySelectorAll('#isi h2')].map(heading => heading.id)")
    assert order[:3] == ["tenggat-judul", "pelapor-judul", "isi-judul"], "read aloud it is the same order"
