"""The page of a case: what it shows to whom, at a fixed price, whatever anybody wrote into it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kanal.agencies.models import User
from kanal.reports import actions
from kanal.reports.models import Report
from tests.support.people import People

BUDGET = 8
"""Session, person, roles, report with photos, history, clocks, answers, tasks."""


@pytest.fixture
def desk(client: Client) -> "Desk":
    return Desk(client)


class Desk:
    """One browser at the desk."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def as_(self, user: User) -> Client:
        self.client.force_login(user)
        return self.client


def page(report: Report, query: str = "") -> str:
    return f"/meja/l/{report.tracking_code}/{query}"


def assigned(people: People, report: Report) -> Report:
    return actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))


def test_the_coordinator_sees_the_citizens_own_words_with_what_is_closed_marked(
    desk: Desk, people: People, sari_reports: Report
) -> None:
    content = desk.as_(people.kun).get(page(sari_reports)).content.decode()
    assert "sedalam mata kaki" in content
    assert '<mark class="seen" title="Tertutup untuk umum: nomor HP">081234567890</mark>' in content
    assert "Kirim pertanyaan" not in content  # only the form that is open


def test_the_public_text_is_one_tab_away(desk: Desk, people: People, sari_reports: Report) -> None:
    content = desk.as_(people.kun).get(page(sari_reports, "?teks=umum")).content.decode()
    assert "[nomor HP disembunyikan]" in content
    assert "081234567890" not in content


def test_a_leader_reads_the_masked_text_and_nothing_internal(desk: Desk, people: People, sari_reports: Report) -> None:
    assigned(people, sari_reports)
    actions.note(report=sari_reports, by=people.doing(people.oki), text="Rekanan lama belum dibayar")
    content = desk.as_(people.laras).get(page(sari_reports)).content.decode()
    assert "[nomor HP disembunyikan]" in content
    for kept in ("081234567890", "Rekanan lama", "Catatan dalam", "Sari Utami", "sari@contoh.id", "Oki Prasetyo"):
        assert kept not in content


def test_a_guest_with_a_task_reads_the_masked_text_and_their_own_task_alone(
    desk: Desk, people: People, sari_reports: Report
) -> None:
    assigned(people, sari_reports)
    oki = people.doing(people.oki)
    actions.split(report=sari_reports, by=oki, instruction="Pasang rambu di tikungan", agency=people.transport)
    actions.split(
        report=sari_reports, by=oki, instruction="Geser tiang", partner_name="PLN", partner_email="pln@contoh.id"
    )
    content = desk.as_(people.dewi).get(page(sari_reports)).content.decode()
    assert "Pasang rambu di tikungan" in content
    for kept in ("081234567890", "Geser tiang", "PLN", "pln@contoh.id", "Sari Utami"):
        assert kept not in content


def test_another_agencys_report_does_not_exist(desk: Desk, people: People, sari_reports: Report) -> None:
    assigned(people, sari_reports)
    client = desk.as_(people.dewi)
    for tail in ("", "pratinjau/", "mirip/", "identitas/", "surat.pdf", "assign/"):
        answer = client.get(page(sari_reports, tail))
        assert answer.status_code == 404, tail
        assert "sedalam" not in answer.content.decode()


@pytest.mark.parametrize("size", [3, 40])
def test_the_page_keeps_its_query_budget_at_any_size(
    desk: Desk, people: People, sari_reports: Report, size: int
) -> None:
    report = assigned(people, sari_reports)
    oki = people.doing(people.oki)
    actions.split(report=report, by=oki, instruction="Pasang rambu", agency=people.transport)
    actions.draft_answer(report=report, by=oki, text="Akan ditambal")
    for number in range(size - 3):
        actions.note(report=report, by=oki, text=f"Catatan {number}")
    client = desk.as_(people.oki)
    client.get(page(report))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page(report)).status_code == 200
    assert len(queries) <= BUDGET, [query["sql"] for query in queries]


def test_the_clock_shows_its_working(desk: Desk, people: People, sari_reports: Report) -> None:
    content = desk.as_(people.kun).get(page(sari_reports)).content.decode()
    assert "Hitungannya" in content
    assert "dilewati: Sabtu, Minggu" in content
    assert "Alur kerja SP4N-LAPOR!" in content


def test_a_duty_met_at_once_says_the_same_day(desk: Desk, people: People, sari_reports: Report) -> None:
    content = desk.as_(people.kun).get(page(assigned(people, sari_reports))).content.decode()
    assert "Hari yang sama" in content
    assert "dalam 0 dari" not in content
    assert "Laporan masuk lewat situs" in content


def test_the_routing_proposal_says_why(desk: Desk, people: People, regency: object) -> None:
    report = actions.file_report(actions.Filing(body="Ada kabel putus di depan balai desa.", submission="kabel"))
    content = desk.as_(people.kun).get(page(report)).content.decode()
    assert "Aturan 80: kata “kabel putus”" in content


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'><img src=x onerror=alert(2)>"


def test_nothing_that_anybody_wrote_becomes_markup(desk: Desk, people: People, regency: object) -> None:
    report = actions.file_report(
        actions.Filing(
            body=f"Jalan rusak {HOSTILE}",
            submission="x",
            title=f"Judul {HOSTILE}",
            place_text=HOSTILE,
            name=HOSTILE,
            email="sari@contoh.id",
        )
    )
    kun, oki = people.doing(people.kun), people.doing(people.oki)
    actions.assign(report=report, agency=people.roads, by=kun, note=HOSTILE, why=HOSTILE)
    actions.note(report=report, by=oki, text=HOSTILE)
    actions.split(report=report, by=oki, instruction=HOSTILE, partner_name=HOSTILE[:120])
    actions.flag_rapid(report=report, by=oki, reason=HOSTILE)
    actions.draft_answer(report=report, by=oki, text=HOSTILE)
    client = desk.as_(people.oki)
    for query in (
        "",
        "?teks=umum",
        "?aksi=edit_public_text",
        "pratinjau/",
        f"?dari={HOSTILE}",
        "?aksi=merge&ke_laporan=%3Cscript%3E",
    ):
        content = client.get(page(report, query)).content.decode()
        assert "<script>alert" not in content, query
        assert "<img src=x" not in content, query
        assert "{{ 7*7 }}" in content or query.startswith("?aksi=merge") or "49" not in content
