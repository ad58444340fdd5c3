"""Other apps of the regency post signed JSON: reports, messages, questions how a report fares."""

import io
import json
import socket
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from kanal.agencies.queries import reference
from kanal.channels import files, mailroom
from kanal.channels.app import shelf
from kanal.channels.models import Delivery, Inbound, InboundFile, MediumState, Outbound
from kanal.reports import actions
from kanal.reports.models import ApiClient, ApiFiling, Report, ReportEvent
from kanal.reports.webhooks.actions import keeping
from kanal.reports.workflow import Kind
from tests.support.people import People
from tests.support.webhooks import Program

pytestmark = pytest.mark.django_db


def program(people: People, name: str = "SIPD Jalan", **more: Any) -> Program:
    kun = people.doing(people.kun)
    app = keeping.keep_app(app=keeping.App(name=name, **more), by=kun)
    return Program(app, keeping.change_signing_key(client=app, seen="", by=kun))


@pytest.fixture
def app(people: People) -> Program:
    cache.clear()
    return program(people)


def told(**more: Any) -> dict[str, Any]:
    return {"type": "report", "text": "Lampu jalan padam sejak Senin. Hubungi 081234567890.", **more}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


# --- reports ----------------------------------------------------------------------------------------------------------


def test_a_signed_report_is_filed_and_its_code_is_the_answer(app: Program, settings: Settings) -> None:
    village = next(r for r in reference().villages() if r.place == "Jono, Kec. Temayang")
    sender = {"name": "Sari Utami", "email": "Sari@contoh.id", "phone": "0812 3456 7890"}
    answer = app.post("reports", told(category="jalan-berlubang", region=village.code, sender=sender), name="A-1")
    assert answer.status_code == 201, answer.content
    report = Report.objects.get(tracking_code=answer.json()["code"])
    assert answer.json() == {
        "id": "A-1",
        "state": "filed",
        "repeated": False,
        "code": report.tracking_code,
        "url": f"{settings.BASE_URL}/lacak/{report.tracking_code}/",
        "due_on": report.due_on.isoformat(),
    }
    assert (report.medium, report.kind, report.region_id, report.anonymous) == ("app", "complaint", village.id, True)
    assert report.category is not None
    assert report.category.code == "jalan-berlubang"
    assert "081234567890" not in report.public_body
    assert report.contact is not None
    assert {row.handle for row in report.contact.addresses.all()} == {"sari@contoh.id", "+6281234567890"}
    assert Outbound.objects.filter(purpose="receipt").count() == 1
    app.app.refresh_from_db()
    assert app.app.heard_at is not None


def test_the_call_is_stored_before_anything_is_made_of_it(app: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailroom, "read_delivery", lambda _row: None)
    answer = app.post("reports", told(), name="A-1")
    assert (answer.status_code, answer.json()["state"]) == (202, "accepted")
    row = Delivery.objects.get()
    assert (row.medium, row.state) == ("app", "stored")
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert mailroom.read_deliveries(lambda: True) == 1, "whoever dies with a call in hand leaves it to the worker"
    assert Report.objects.get().body.startswith("Lampu jalan")
    asked = app.post("status", {"type": "status", "id": "A-1"})
    assert asked.json()["code"] == Report.objects.get().tracking_code


def test_the_same_id_is_the_same_report_however_often_it_comes(app: Program) -> None:
    first, second = (app.post("reports", told(), name="A-1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == {**first.json(), "repeated": True}
    assert Report.objects.count() == 1


def test_two_apps_may_use_the_same_id(app: Program, people: People) -> None:
    other = program(people, "App Desa")
    assert app.post("reports", told(), name="1").status_code == 201
    assert other.post("reports", told(), name="1").status_code == 201
    assert Report.objects.count() == 2


def test_people_of_one_app_stay_apart_unless_it_says_who_they_are(app: Program) -> None:
    for sender in ({"name": "Sari"}, {"name": "Budi"}, {"id": "7", "name": "Wati"}, {"id": "7", "name": "Wati"}):
        app.post("reports", told(sender=sender))
    contacts = list(Report.objects.order_by("pk").values_list("contact", flat=True))
    assert contacts[:2] == [None, None]
    assert contacts[2] == contacts[3] is not None


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"kanal-app": "999999"},
        {"kanal-app": "²"},
        {"webhook-id": "lain"},
        {"webhook-id": "dengan spasi"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "bukan angka"},
    ],
    ids=str,
)
def test_a_wrong_signature_is_refused_and_counted(app: Program, wrong: dict[str, str]) -> None:
    answer = app.post("reports", told(), wrong=wrong)
    assert answer.status_code == 403
    assert "Tanda tangannya tidak cocok" in answer.json()["errors"][0]["message"]
    assert MediumState.objects.get(medium="app").refused == 1
    assert not Delivery.objects.exists()


def test_the_signature_is_of_these_very_bytes(app: Program) -> None:
    body = json.dumps(told()).encode()
    headers = app.headers(body)
    answer = app.http.post("/webhook/v1/reports", body + b" ", content_type="application/json", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(("seconds", "status"), [(-299, 201), (290, 201), (-301, 403), (310, 403), (-86_400, 403)])
def test_clocks_may_differ_by_five_minutes_and_a_recording_of_yesterday_is_refused(
    app: Program, seconds: int, status: int
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        answer = app.post("reports", told(), at=timezone.now().timestamp() + seconds)
    assert answer.status_code == status
    if status == 403:
        assert "lebih dari 5 menit" in answer.json()["errors"][0]["message"]


def test_one_app_cannot_sign_for_another(app: Program, people: People) -> None:
    other = program(people, "App Desa")
    assert app.post("reports", told(), wrong={"kanal-app": str(other.app.pk)}).status_code == 403


def test_a_key_that_cannot_be_opened_serves_nobody_until_it_is_replaced(app: Program, people: People) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_apiclient SET signing_key = 'of another installation'")
    assert app.post("reports", told()).status_code == 403
    seen = keeping.stamp(ApiClient.objects.defer("signing_key").get().signing_key_at)
    app.key = keeping.change_signing_key(client=app.app, seen=seen, by=people.doing(people.kun))
    assert app.post("reports", told()).status_code == 201


def test_an_app_that_was_switched_off_is_a_stranger(app: Program) -> None:
    ApiClient.objects.update(active=False)
    assert app.post("reports", told()).status_code == 403


def test_a_replaced_key_counts_a_day_longer_and_no_more(app: Program, people: People) -> None:
    old = app.key
    app.app.refresh_from_db()
    app.key = keeping.change_signing_key(
        client=app.app, seen=keeping.stamp(app.app.signing_key_at), by=people.doing(people.agus)
    )
    assert app.post("reports", told()).status_code == 201
    app.key = old
    assert app.post("reports", told()).status_code == 201
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert app.post("reports", told()).status_code == 403


def test_an_app_that_sends_too_often_waits(app: Program) -> None:
    ApiClient.objects.update(hourly_limit=1)
    assert [app.post("reports", told()).status_code for _ in range(2)] == [201, 429]


def test_a_call_signed_for_one_purpose_serves_no_other(app: Program) -> None:
    assert app.post("messages", told()).status_code == 400


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b" ", ""),
        (b"\xff\xfe{}", ""),
        (b"[" * 5000, ""),
        (b'{"type": "report"}', "text"),
        (b'{"type": "report", "text": ""}', "text"),
        (b'{"type": "report", "text": 7}', "text"),
        (b'{"type": "report", "text": "a", "teks": "b"}', "teks"),
        (b'{"type": "report", "text": "a", "sender": {"nama": "b"}}', "sender.nama"),
        (b'{"type": "report", "text": "a", "kind": "whistleblowing"}', "kind"),
        (b'{"type": "report", "text": "a", "lat": 91, "lon": 1}', "lat"),
        (b'{"type": "report", "text": "\\ud800"}', ""),
    ],
)
def test_what_does_not_fit_the_schema_is_named(app: Program, body: bytes, field: str) -> None:
    answer = app.post("reports", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"category": "tidak-ada"}, "category"),
        ({"region": "99.99.99.9999"}, "region"),
        ({"lat": -7.15}, "lat"),
        ({"lat": 0.0, "lon": 0.0}, "lat"),
        ({"sender": {"email": "bukan"}}, "sender.email"),
        ({"sender": {"phone": "12"}}, "sender.phone"),
        ({"files": ["https://contoh.id/a.jpg"]}, "files[0]"),
    ],
)
def test_what_does_not_exist_is_named(app: Program, more: dict[str, Any], field: str) -> None:
    answer = app.post("reports", {**told(), **more})
    assert answer.status_code == 422, answer.content
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_other_forms_and_other_methods_are_refused_politely(app: Program) -> None:
    body = b"<report/>"
    headers = app.headers(body)
    assert app.http.post("/webhook/v1/reports", body, content_type="text/xml", headers=headers).status_code == 415
    answer = app.http.get("/webhook/v1/reports")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_while_the_database_is_away_nothing_is_said_to_be_kept(app: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_any: object) -> None:
        raise OperationalError

    monkeypatch.setattr("kanal.reports.webhooks.api.mail.store_delivery", away)
    assert app.post("reports", told()).status_code == 503


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_photo_that_comes_along_joins_the_report(app: Program, settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    answer = app.post("reports", told(), files=(picture(),))
    assert answer.status_code == 201, answer.content
    assert files.fetch_files(lambda: True) == 1
    report = Report.objects.get()
    assert (report.has_photo, report.attachments.count()) == (True, 1)
    assert b"JFIF" not in b"".join(path.read_bytes() for path in (tmp_path / "app-files").iterdir()), "encrypted"
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert shelf.clear() == 1


def test_only_photos_voices_and_papers_come_along(app: Program) -> None:
    assert app.post("reports", told(), files=(b"MZ\x90 program",)).status_code == 400
    assert app.post("reports", told(), files=(picture(),) * 6).status_code == 400


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://foto.contoh.id/a.jpg", "10.0.0.8"),
        ("https://foto.contoh.id/a.jpg", "169.254.169.254"),
        ("https://foto.contoh.id/a.jpg", "::ffff:127.0.0.1"),
        ("https://foto.contoh.id/a.jpg", "64:ff9b::a00:1"),
        ("http://foto.contoh.id/a.jpg", "203.0.113.9"),
        ("https://sandi@foto.contoh.id/a.jpg", "93.184.216.34"),
        ("https://foto.contoh.id.jahat.example/a.jpg", "93.184.216.34"),
        ("https://foto.contoh.id:99999/a.jpg", "93.184.216.34"),
    ],
)
def test_files_are_fetched_from_agreed_public_sites_alone(
    people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str, found: str
) -> None:
    settings.WEBHOOK_LOOPBACK = False
    app = program(people, file_hosts=("foto.contoh.id",))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_any, **_more: [(2, 1, 6, "", (found, 443))])
    answer = app.post("reports", told(files=[address]))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "files[0]"


def test_a_site_that_meanwhile_leads_inside_is_not_called(
    people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_LOOPBACK = False
    app = program(people, file_hosts=("foto.contoh.id",))
    found = ["93.184.216.34"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_any, **_more: [(2, 1, 6, "", (found[0], 443))])
    assert app.post("reports", told(files=["https://foto.contoh.id/a.jpg"])).status_code == 201
    found[0] = "127.0.0.1"
    files.fetch_files(lambda: True)
    file = InboundFile.objects.get()
    assert (file.state, file.error) == ("gone", "Alamat itu ada di jaringan dalam, jadi tidak dihubungi.")


# --- messages and questions -------------------------------------------------------------------------------------------


def test_a_message_with_a_code_joins_the_report_of_that_app(app: Program) -> None:
    code = app.post("reports", told()).json()["code"]
    answer = app.post("messages", {"type": "message", "code": code.lower(), "text": "Sekarang dua lampu."}, name="B-1")
    assert (answer.status_code, answer.json()["state"], answer.json()["code"]) == (201, "added", code)
    assert ReportEvent.objects.get(verb="reply").note == "Sekarang dua lampu."
    again = app.post("messages", {"type": "message", "code": code, "text": "Sekarang dua lampu."}, name="B-1")
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    assert ReportEvent.objects.filter(verb="reply").count() == 1


def test_a_message_without_a_code_or_with_a_strange_one_waits_for_a_person(app: Program, sari_reports: Report) -> None:
    for code in ("", sari_reports.tracking_code, "BJN-2222-2222"):
        answer = app.post("messages", {"type": "message", "code": code, "text": "Kapan pasar buka?"})
        assert (answer.status_code, answer.json()["state"], answer.json()["code"]) == (201, "waiting", None)
    assert Inbound.objects.filter(medium="app", state="waiting").count() == 3


def test_an_app_asks_how_its_report_fares(app: Program, people: People) -> None:
    filed = app.post("reports", told(), name="A-1").json()
    actions.assign(report=Report.objects.get(), agency=people.roads, by=people.doing(people.kun))
    by_code = app.post("status", {"type": "status", "code": filed["code"]}).json()
    by_id = app.post("status", {"type": "status", "id": "A-1"}).json()
    assert by_code == by_id
    assert (by_code["status"], by_code["agency"], by_code["answer"]) == ("assigned", people.roads.name, None)


def test_reports_of_others_are_told_only_once_everybody_reads_them(
    app: Program, people: People, sari_reports: Report
) -> None:
    asked = {"type": "status", "code": sari_reports.tracking_code}
    assert app.post("status", asked).status_code == 404
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    assert app.post("status", asked).status_code == 200


@pytest.mark.parametrize("how", [{"secret": True}, {"kind": Kind.WHISTLEBLOWING}])
def test_of_secret_reports_not_even_their_own_app_hears(app: Program, how: dict[str, Any]) -> None:
    hidden = actions.file_report(actions.Filing(body="Pungli di loket.", submission="x", **how))
    ApiFiling.objects.create(report=hidden, client=app.app, token="t")
    assert app.post("status", {"type": "status", "code": hidden.tracking_code}).status_code == 404


@pytest.mark.parametrize("asked", [{}, {"code": "a", "id": "b"}])
def test_a_question_names_one_thing(app: Program, asked: dict[str, str]) -> None:
    assert app.post("status", {"type": "status", **asked}).status_code == 422
    assert Client().get("/webhook/v1/status").status_code == 405
