"""A tracking code tells where a report stands, never what it says nor who said it; and codes cannot be guessed."""

import pytest
from django.test import Client
from pytest_django import Settings

from kanal.agencies.models import Agency, Regency
from kanal.common.codes import new_code
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.people import People


def _page(client: Client, report: Report) -> str:
    answer = client.get(f"/lacak/{report.tracking_code}/")
    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{low}", "{bare}", "#{code}"])
def test_a_code_is_understood_as_people_write_it(client: Client, sari_reports: Report, typed: str) -> None:
    code = sari_reports.tracking_code
    text = typed.format(code=code, low=code.lower(), bare=code.replace("-", ""))
    assert client.get("/lacak/", {"kode": text})["Location"] == f"/lacak/{code}/"


def test_status_dates_and_agency_but_no_word_and_no_person(
    client: Client, people: People, sari_reports: Report
) -> None:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun), note="cek segera ya")
    page = _page(client, sari_reports)
    assert "Belum ditindaklanjuti" in page
    assert people.roads.name in page
    assert "Diteruskan ke" in page
    for hidden in ("berlubang", "Sari", "sari@contoh.id", "cek segera ya", "0812"):
        assert hidden not in page


def test_unknown_malformed_and_destroyed_codes_look_alike(client: Client, regency: Regency) -> None:
    def shown(text: str) -> str:
        page = client.get("/lacak/", {"kode": text}, follow=True)
        assert page.status_code == 404
        return page.content.decode()

    sentence = "Kode itu tidak ditemukan. Periksa huruf dan angkanya, contoh BJN-7K4M-Q2XD."
    assert all(sentence in shown(text) for text in ("hai", "BJN-0000-0000", new_code("BJN"), ""))


def test_trying_many_codes_ends(client: Client, settings: Settings, regency: Regency) -> None:
    settings.LIMITS = {**settings.LIMITS, "track": (3, 600)}
    answers = [client.get(f"/lacak/{new_code('BJN')}/").status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]


def test_trying_many_private_links_ends_too(client: Client, settings: Settings, sari_reports: Report) -> None:
    settings.LIMITS = {**settings.LIMITS, "track": (2, 600)}
    path = f"/lacak/{sari_reports.tracking_code}/guess/"
    assert [client.get(path).status_code for _ in range(3)] == [404, 404, 429]


def test_a_secret_report_says_where_it_stands_and_nothing_more(client: Client, people: People) -> None:
    report = actions.file_report(
        actions.Filing(body="Tetangga saya membuang limbah ke kali", submission="s", secret=True)
    )
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    page = _page(client, report)
    assert "Belum ditindaklanjuti" in page
    assert people.roads.name not in page
    assert "Diteruskan" not in page
    assert "limbah" not in page


def test_whistle_blowing_names_only_the_inspectorate(client: Client, people: People) -> None:
    report = actions.file_report(
        actions.Filing(body="Kepala seksi meminta uang", submission="w", kind=Kind.WHISTLEBLOWING)
    )
    assert "Diterima Inspektorat" in _page(client, report)
    inspectorate = Agency.objects.get(code="inspektorat")
    actions.assign(report=report, agency=inspectorate, by=people.doing(people.ida))
    actions.start(report=report, by=people.doing(people.ida))
    page = _page(client, report)
    assert "Sedang diperiksa Inspektorat" in page
    assert "Kepala seksi" not in page
    assert "uang" not in page


def test_an_anonymous_report_is_as_quiet_as_any(client: Client, sari_reports: Report) -> None:
    assert "Ikuti" not in _page(client, sari_reports)
    assert "Lihat halaman publik" not in _page(client, sari_reports)


def test_the_empty_form_blames_nobody(client: Client, regency: Regency) -> None:
    page = client.get("/lacak/")
    assert page.status_code == 200
    assert "tidak ditemukan" not in page.content.decode()
