"""Photos outside the form of a new report: the same button, chosen one after another, taken back, made small."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from kanal.reports.models import Attachment, Report
from kanal.reports.queries import private_link_token
from tests.support.browser import PHONE
from tests.support.people import People
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

BUTTON = "Ambil atau pilih foto"


def photo(folder: Path, name: str, colour: str, side: int) -> Path:
    drawn = io.BytesIO()
    Image.new("RGB", (side, side // 2), colour).save(drawn, "JPEG", quality=95)
    path = folder / name
    path.write_bytes(drawn.getvalue())
    return path


@pytest.fixture
def private(sari_reports: Report) -> str:
    return f"/lacak/{sari_reports.tracking_code}/{private_link_token(sari_reports)}/"


def test_photos_come_one_after_another_may_be_taken_back_and_are_sent_small(
    phone: Page, private: str, tmp_path: Path, axe: Callable[[Page], None]
) -> None:
    phone.goto(private)
    expect(phone.get_by_text(BUTTON)).to_be_visible()
    for name, colour, side in (("satu.jpg", "teal", 4000), ("dua.jpg", "red", 900), ("tiga.jpg", "navy", 900)):
        phone.locator("#id_photos").set_input_files([photo(tmp_path, name, colour, side)])
        expect(phone.get_by_role("img", name=f"{name}, siap dikirim")).to_be_visible()
    axe(phone)
    phone.get_by_role("button", name="Hapus dua.jpg").click()
    sizes = "async () => Promise.all([...document.getElementById('id_photos').files].map(async file => [file.name, (await createImageBitmap(file)).width]))"  # noqa: E501  # one expression
    assert phone.evaluate(sizes) == [["satu.jpg", 1600], ["tiga.jpg", 900]]
    phone.get_by_role("button", name="Kirim keterangan").click()
    expect(phone.get_by_role("status").first).to_contain_text("Keterangan Anda sudah kami terima")
    assert set(Attachment.objects.values_list("name", flat=True)) == {"satu.jpg", "tiga.jpg"}


def test_what_is_no_photo_is_told_at_once(phone: Page, private: str, tmp_path: Path) -> None:
    phone.goto(private)
    paper = tmp_path / "surat.pdf"
    paper.write_bytes(b"%PDF-1.4")
    phone.locator("#id_photos").set_input_files([paper])
    expect(phone.get_by_role("alert").filter(has_text="surat.pdf bukan foto")).to_be_visible()


def test_without_script_the_field_of_the_browser_does(new_page: Callable[..., Page], private: str) -> None:
    page = new_page(PHONE, java_script_enabled=False)
    page.goto(private)
    expect(page.locator("#id_photos")).to_be_visible()
    expect(page.get_by_text(BUTTON)).to_be_hidden()


def test_the_desk_has_the_same_button(desktop: Page, live_url: str, people: People) -> None:
    sign_in(desktop, people.kun, live_url)
    desktop.goto("/meja/catat/")
    expect(desktop.get_by_text(BUTTON)).to_be_visible()
    desktop.locator("#id_photos").focus()
    assert desktop.get_by_text(BUTTON).evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
