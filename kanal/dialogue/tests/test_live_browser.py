"""An evening on the air in a browser: citizens ask, the host answers by keyboard, minutes survive a lost line."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from kanal.agencies.queries import Actor, reference
from kanal.dialogue import actions
from kanal.dialogue.models import Commitment, Episode, Minute, Question
from kanal.dialogue.tests.conftest import Ask
from tests.support.browser import DESKTOP, SCREENS, Axe, OpenPage, look
from tests.support.people import People
from tests.support.sign_in import sign_in


@SCREENS
def test_a_question_from_a_phone_to_its_answer(
    new_page: OpenPage, people: People, running: Episode, axe: Axe, live_url: str, screen: dict[str, object]
) -> None:
    citizen = new_page(screen)
    citizen.goto(f"/dialog/{running.pk}/")
    look(citizen, axe)
    citizen.get_by_role("link", name="Ajukan pertanyaan").click()
    look(citizen, axe)
    citizen.get_by_role("button", name="Kirim pertanyaan").click()
    expect(citizen.get_by_role("alert")).to_contain_text("Tulis pertanyaannya")
    look(citizen, axe)
    citizen.get_by_label("Pertanyaan").fill("Kapan jalan Temayang diperbaiki?")
    citizen.get_by_label("Nama").fill("Sari")
    citizen.get_by_label("Desa atau kecamatan").fill("Jono, Temayang")
    expect(citizen.locator("[name=proof]")).not_to_have_value("")
    citizen.get_by_role("button", name="Kirim pertanyaan").click()
    expect(citizen.get_by_role("main")).to_contain_text("menunggu giliran")
    look(citizen, axe)
    host = sign_in(new_page(screen), people.rina, live_url)
    host.goto(f"/meja/dialog/{running.pk}/siaran/")
    look(host, axe)
    host.get_by_role("button", name="Siarkan").click()
    expect(host.locator(".live-now")).to_contain_text("Kapan jalan Temayang")
    look(host, axe)
    host.locator(".live-now").get_by_label("Jawaban singkat").fill("Mulai Senin.")
    host.locator(".live-now").get_by_role("button", name="Dijawab").click()
    expect(host.locator(".live-done")).to_contain_text("Sudah dijawab (1)")
    look(host, axe)
    citizen.reload()
    expect(citizen.get_by_role("main")).to_contain_text("Mulai Senin.")
    look(citizen, axe)


def test_by_keyboard_alone(
    new_page: OpenPage, people: People, running: Episode, ask: Ask, rina: Actor, live_url: str
) -> None:
    actions.invite(episode=running, agency=people.roads, by=rina)
    first, second = ask(running, "Kapan jalan Temayang diperbaiki?"), ask(running, "Kapan lampu menyala?")
    page = sign_in(new_page(DESKTOP), people.rina, live_url)
    page.goto(f"/meja/dialog/{running.pk}/siaran/")
    press = page.keyboard.press
    press("t")
    expect(page.locator(".live-topic[aria-current]")).to_contain_text("Jalan berlubang")
    press("ArrowDown")
    press("ArrowDown")
    press("n")
    expect(page.locator(".live-later")).to_contain_text("(1)")
    press("s")
    expect(page.locator(".live-now")).to_contain_text("Kapan jalan Temayang")
    press("j")
    page.keyboard.type("Mulai Senin.")
    press("Enter")
    expect(page.locator(".live-done")).to_contain_text("(1)")
    press("Escape")
    press("b")
    page.keyboard.type("Kapan pasar dibuka?")
    page.get_by_role("button", name="Masukkan ke antrean").press("Enter")
    expect(page.locator(".live-queue")).to_contain_text("Kapan pasar dibuka?")
    press("Escape")
    promise_by_keyboard(page)
    assert Commitment.objects.get().text == "Lubang ditambal"
    press("c")
    page.keyboard.type("Dinas hadir.")
    expect(page.locator("#notulen [data-state]").first).to_contain_text("Tersimpan")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.answer, second.status) == ("answered", "Mulai Senin.", "later")


def promise_by_keyboard(page: Page) -> None:
    page.keyboard.press("p")
    expect(page.locator("#catat-janji [name=agency]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Lubang ditambal")
    page.locator("#catat-janji [name=due_on]").fill((reference().today() + timedelta(days=6)).isoformat())
    page.get_by_role("button", name="Simpan janji").press("Enter")
    expect(page.locator(".live-promises")).to_contain_text("Lubang ditambal")
    page.keyboard.press("Escape")


def test_questions_arrive_by_themselves_and_what_is_typed_stays(
    new_page: OpenPage, people: People, running: Episode, ask: Ask, live_url: str
) -> None:
    ask(running, "Kapan jalan Temayang diperbaiki?")
    page = sign_in(new_page(DESKTOP), people.rina, live_url)
    page.goto(f"/meja/dialog/{running.pk}/siaran/")
    page.keyboard.press("j")
    page.keyboard.type("Mulai")
    ask(running, "Kapan lampu menyala?")
    expect(page.locator("[data-status]")).to_contain_text("2 pertanyaan menunggu", timeout=15_000)
    expect(page.locator("[data-answer]").first).to_have_value("Mulai")
    page.locator("[data-answer]").first.fill("")
    page.keyboard.press("Escape")
    expect(page.locator(".live-queue")).to_contain_text("Kapan lampu menyala?", timeout=15_000)


def test_minutes_outlive_a_lost_line_and_a_killed_browser(
    new_page: OpenPage, people: People, running: Episode, live_url: str
) -> None:
    page = sign_in(new_page(DESKTOP), people.rina, live_url)
    page.goto(f"/meja/dialog/{running.pk}/siaran/")
    page.context.set_offline(True)  # Playwright's own
    page.get_by_label("Air bersih", exact=True).fill("Pipa diganti Senin.")
    expect(page.locator("#notulen")).to_contain_text("Tersimpan di perangkat ini")
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)  # likewise
    again.goto(f"/meja/dialog/{running.pk}/siaran/")
    expect(again.locator("#notulen")).to_contain_text("Tersimpan ")
    expect(again.get_by_label("Air bersih", exact=True)).to_have_value("Pipa diganti Senin.")
    assert Minute.objects.get().text == "Pipa diganti Senin."


@SCREENS
def test_two_writers_merge_and_sign_off(
    new_page: OpenPage,
    people: People,
    running: Episode,
    axe: Axe,
    live_url: str,
    screen: dict[str, object],
    rina: Actor,
) -> None:
    rinas, kuns = (sign_in(new_page(screen), user, live_url) for user in (people.rina, people.kun))
    for page in (rinas, kuns):
        page.goto(f"/meja/dialog/{running.pk}/siaran/")
    rinas.get_by_label("Air bersih", exact=True).fill("Pipa diganti.")
    expect(rinas.locator("#notulen")).to_contain_text("Tersimpan")
    kuns.get_by_label("Air bersih", exact=True).fill("Harga tetap.")
    expect(kuns.locator("#notulen")).to_contain_text("Rina Anggraini baru saja menulis")
    look(kuns, axe)
    kuns.get_by_role("button", name="Gabungkan").click()
    expect(kuns.locator("#notulen")).to_contain_text("Tersimpan")
    assert Minute.objects.get().text == "Pipa diganti.\nHarga tetap."
    actions.hold(episode=running, by=rina)
    kuns.reload()
    look(kuns, axe)
    kuns.get_by_role("button", name="Tutup notulen").click()
    expect(kuns.locator("#notulen")).to_contain_text("Ditutup")
    look(kuns, axe)
    citizen = new_page(screen)
    citizen.goto(f"/dialog/{running.pk}/")
    expect(citizen.locator("#notulen")).to_contain_text("Harga tetap.")
    look(citizen, axe)
    assert not Question.objects.exists()
