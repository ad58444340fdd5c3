"""A case on paper: what stands on it, what never does, and that no text becomes typesetting."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.models import User
from kanal.agencies.queries import actor_of
from kanal.reports import actions, grants
from kanal.reports.actions.identity import Identity
from kanal.reports.letter import LONGEST_TEXT, letter_data, letter_pdf, qr_svg
from kanal.reports.models import Report
from kanal.reports.queries.case import Case, case_for
from tests.support.people import People


@pytest.fixture
def case(people: People, sari_reports: Report) -> Report:
    report = actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    actions.note(report=report, by=people.doing(people.oki), text="Telepon 081234567890 tidak diangkat")
    return report


def printed(user: User, report: Report, *, identity: bool = False) -> str:
    case = case_for(actor_of(user), report.tracking_code)
    known = actions.identity_of(case.report, actor_of(user)) if identity else None
    return json.dumps(letter_data(case, identity=known, at=timezone.now()), ensure_ascii=False)


def test_the_letter_tells_the_case(people: People, case: Report) -> None:
    paper = printed(people.oki, case)
    for shown in (case.tracking_code, "Pemerintah Kabupaten Bojonegoro", "sedalam mata kaki", people.roads.name):
        assert shown in paper
    assert "Diteruskan ke" in paper
    assert "Alur kerja SP4N-LAPOR!" in paper


def test_while_the_reporter_is_protected_no_name_and_no_number_is_on_it(people: People, case: Report) -> None:
    paper = printed(people.oki, case)
    for kept in ("Sari Utami", "sari@contoh.id", "081234567890"):
        assert kept not in paper
    assert "Dilindungi" in paper


def test_with_the_identity_open_name_and_number_are_on_it(people: People, case: Report) -> None:
    paper = printed(people.oki, case, identity=True)
    for shown in ("Sari Utami", "sari@contoh.id", "081234567890"):
        assert shown in paper


def test_the_download_follows_the_grant(
    client: Client, people: People, case: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Identity | None] = []

    def set_in_type(_case: Case, *, identity: Identity | None) -> bytes:
        seen.append(identity)
        return b"%PDF-"

    monkeypatch.setattr("kanal.reports.views.desk_case.letter_pdf", set_in_type)
    client.force_login(people.oki)
    path = f"/meja/l/{case.tracking_code}/"
    client.get(f"{path}surat.pdf")
    client.post(f"{path}identitas/", {"reason": "Surat panggilan"})
    client.get(f"{path}surat.pdf")
    later = timezone.now() + timedelta(minutes=grants.MINUTES + 1)
    monkeypatch.setattr("kanal.reports.grants.timezone.now", lambda: later)
    client.get(f"{path}surat.pdf")
    assert [bool(identity) for identity in seen] == [False, True, False]


def test_a_leader_gets_the_masked_text_and_nothing_internal(people: People, case: Report) -> None:
    paper = printed(people.laras, case)
    assert "[nomor HP disembunyikan]" in paper
    assert "tidak diangkat" not in paper


HOSTILE = '#panic("x") $x^2$ *tebal* = Judul\n#include "/etc/passwd" `x` <y> @ref \\ [isi] // ꦗꦮ 👷🏽 \u200fkanan'


def test_no_text_is_typesetting(people: People, regency: object) -> None:
    report = actions.file_report(
        actions.Filing(
            body=HOSTILE, title=HOSTILE.partition("\n")[0], submission="t", place_text="#set page(fill: red)"
        )
    )
    actions.note(report=report, by=people.doing(people.kun), text=HOSTILE)
    case = case_for(actor_of(people.kun), report.tracking_code)
    assert letter_pdf(case, identity=None).startswith(b"%PDF-")


def test_an_endless_text_ends_with_a_note(people: People, regency: object) -> None:
    report = actions.file_report(actions.Filing(body="lubang " * 5000, submission="lang"))
    case = case_for(actor_of(people.kun), report.tracking_code)
    data = letter_data(case, identity=None, at=timezone.now())
    assert sum(map(len, data["text"])) < LONGEST_TEXT + 100
    assert data["text"][-1] == "[Teks selanjutnya ada di meja.]"


def test_the_address_of_the_case_is_a_qr_code() -> None:
    assert qr_svg("https://kanal.contoh.go.id/meja/l/BJN-2222-2222/").lstrip().startswith("<?xml")


def test_the_pdf_is_served_as_one(client: Client, people: People, case: Report) -> None:
    client.force_login(people.oki)
    answer = client.get(f"/meja/l/{case.tracking_code}/surat.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert case.tracking_code in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")
