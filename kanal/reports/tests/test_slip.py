"""The slip for somebody who reported by telephone, in a letter or at the counter: all that a receipt gives."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from kanal.agencies.models import User
from kanal.reports.forms.desk_record import fresh_submission
from kanal.reports.models import Report
from kanal.reports.policy import HAND_OVER
from kanal.reports.queries import private_link_token
from tests.support.browser import PHONE
from tests.support.people import People
from tests.support.sign_in import sign_in

RECORD = "/meja/catat/"
ONLY_INSPECTORS = "hanya dicetak oleh Inspektorat"
TOO_LATE = "hanya tercetak dalam 30 menit"


def recorded(client: Client, by: User, **more: object) -> Report:
    client.force_login(by)
    words = {"body": "Lampu jalan di depan balai desa mati sejak tiga hari.", "kind": "complaint", "medium": "visit"}
    client.post(RECORD, {"submission": fresh_submission(), **words, **more})
    return Report.objects.order_by("-pk")[0]


def slip(client: Client, report: Report) -> HttpResponse:
    response = client.get(f"{RECORD}?kode={report.tracking_code}&slip=1")
    assert isinstance(response, HttpResponse)
    return response


def links(page: str) -> set[str]:
    return set(re.findall(r"https?://[^\s<\"]+/lacak/[^\s<\"]+/[^\s<\"]+", page))


def told(response: HttpResponse) -> str:
    return response.content.decode()


@override_settings(BASE_URL="https://kanal.contoh.go.id")
def test_it_carries_the_private_link_in_words_and_as_a_picture(people: People, client: Client) -> None:
    report = recorded(client, people.kun, name="Pak Darmo", phone="081234567890")
    page = told(slip(client, report))
    (link,) = links(page)
    assert link.startswith("https://kanal.contoh.go.id/")
    assert private_link_token(report) in link
    assert 'aria-label="Kode QR tautan pribadi"' in page
    assert "Darmo" not in page
    assert "Lampu" not in page
    assert "081234567890" not in page


def test_with_it_the_reporter_reads_and_replies_without_an_account(people: People, client: Client) -> None:
    (link,) = links(told(slip(client, recorded(client, people.kun))))
    citizen, path = Client(), urlsplit(link).path
    assert "Lampu jalan" in citizen.get(path).content.decode()
    answer = citizen.post(f"{path}tambah/", {"text": "Tiang nomor dua dari balai desa."})
    assert answer.status_code == 303


@pytest.mark.parametrize("query", ["", "&slip=1"])
def test_no_copy_is_kept_and_no_address_of_the_desk_holds_the_secret(
    people: People, client: Client, query: str
) -> None:
    report = recorded(client, people.kun)
    response = client.get(f"{RECORD}?kode={report.tracking_code}{query}")
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_the_page_with_the_code_does_not_show_the_link(people: People, client: Client) -> None:
    report = recorded(client, people.kun)
    page = client.get(f"{RECORD}?kode={report.tracking_code}").content.decode()
    assert private_link_token(report) not in page
    assert "Serahkan hanya kepadanya" in page


def test_half_an_hour_later_only_the_code_is_printed(people: People, client: Client) -> None:
    report = recorded(client, people.kun)
    Report.objects.filter(pk=report.pk).update(received_at=timezone.now() - HAND_OVER - timedelta(seconds=1))
    page = told(slip(client, report))
    assert report.tracking_code in page
    assert not links(page)
    assert 'class="qr"' not in page
    assert TOO_LATE in page


def test_nobody_but_the_one_who_wrote_it_down_prints_it(people: People, client: Client) -> None:
    report = recorded(client, people.oki)
    for other in (people.kun, people.heni, people.ida):
        client.force_login(other)
        assert slip(client, report).status_code == 404


def test_an_officer_hands_over_the_link_of_what_went_to_the_coordinator(people: People, client: Client) -> None:
    assert links(told(slip(client, recorded(client, people.oki))))


def test_whoever_takes_down_whistle_blowing_holds_no_key_to_it(people: People, client: Client) -> None:
    report = recorded(client, people.kun, kind="whistleblowing")
    for query in ("", "&slip=1"):
        page = client.get(f"{RECORD}?kode={report.tracking_code}{query}").content.decode()
        assert report.tracking_code in page
        assert private_link_token(report) not in page
        assert ONLY_INSPECTORS in page


def test_an_inspector_hands_over_the_link_of_whistle_blowing(people: People, client: Client) -> None:
    assert links(told(slip(client, recorded(client, people.ida, kind="whistleblowing"))))


def test_a_strangers_code_and_an_old_report_give_no_slip(people: People, client: Client, sari_reports: Report) -> None:
    client.force_login(people.kun)
    assert slip(client, sari_reports).status_code == 404


def test_it_fits_a_phone_and_prints_on_one_sheet_of_a6(
    phone: Page, live_url: str, people: People, axe: Callable[[Page], None]
) -> None:
    sign_in(phone, people.kun, live_url)
    phone.goto(RECORD)
    phone.get_by_label("Apa yang disampaikan pelapor?").fill("Lampu jalan di depan balai desa mati sejak tiga hari.")
    phone.get_by_role("button", name="Simpan laporan").click()
    phone.get_by_role("link", name="Cetak slip").click()
    expect(phone.get_by_role("img", name="Kode QR tautan pribadi")).to_be_visible()
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    paper = phone.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    left, bottom, right, top = map(float, re.findall(rb"/MediaBox\s*\[([^]]*)\]", paper)[0].split())
    assert (round((right - left) / 72 * 25.4), round((top - bottom) / 72 * 25.4)) == (105, 148)
