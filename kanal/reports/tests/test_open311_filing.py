"""Open311 GeoReport v2, writing: what a program with a key sends becomes a report like any other."""

import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from PIL import Image

from kanal.agencies.models import Regency
from kanal.agencies.queries import reference
from kanal.channels.models import Outbound
from kanal.reports import actions
from kanal.reports.models import ApiClient, ApiFiling, ApiUpdate, Category, Report, ReportEvent, ServiceAttribute
from kanal.reports.open311.actions import issue_key
from kanal.reports.workflow import Kind, Status
from tests.support.people import People

REQUESTS = "/open311/v2/requests.json"
UPDATES = "/open311/v2/servicerequestupdates.json"


@pytest.fixture
def key(regency: Regency) -> str:
    return issue_key(name="App Desa", contact="Rina, rina@contoh.id")


def told(**more: Any) -> dict[str, Any]:
    return {
        "service_code": "jalan-berlubang",
        "description": "Lubang besar di depan pasar. Hubungi 081234567890.",
        "address_string": "Depan pasar",
        **more,
    }


def sent(client: Client, expected: int = 200, /, *, address: str = REQUESTS, headers: Any = None, **data: Any) -> Any:
    answer = client.post(address, data, headers=headers)
    assert answer.status_code == expected, answer.content
    assert "no-store" in answer["Cache-Control"]
    return json.loads(answer.content)


def filed(client: Client, key: str, **more: Any) -> Report:
    answer = sent(client, api_key=key, **told(**more))
    return Report.objects.get(tracking_code=answer[0]["service_request_id"])


# --- what becomes of it ----------------------------------------------------------------------


def test_a_request_becomes_a_report_with_a_code(client: Client, key: str) -> None:
    village = next(r for r in reference().villages() if r.place == "Jono, Kec. Temayang")
    more = {"address_id": village.code, "first_name": "Sari", "last_name": "Utami", "email": "sari@contoh.id"}
    answer = sent(client, api_key=key, **told(phone="0812 3456 7890", **more))
    assert set(answer[0]) == {"service_request_id", "service_notice", "account_id"}
    report = Report.objects.get(tracking_code=answer[0]["service_request_id"])
    assert report.body == "Lubang besar di depan pasar. Hubungi 081234567890."
    assert "081234567890" not in report.public_body
    assert (report.medium, report.kind, report.status) == ("open311", "complaint", "received")
    assert report.category is not None
    assert report.category.code == "jalan-berlubang"
    assert (report.region_id, report.place_text, report.anonymous) == (village.id, "Depan pasar", True)
    assert report.contact is not None
    assert report.contact.name == "Sari Utami"
    assert {row.handle for row in report.contact.addresses.all()} == {"sari@contoh.id", "+6281234567890"}
    assert Outbound.objects.filter(purpose="receipt").count() == 1
    assert not report.published


def test_the_answer_comes_as_xml_too(client: Client, key: str) -> None:
    answer = client.post(REQUESTS.replace(".json", ".xml"), {"api_key": key, **told()})
    root = ET.fromstring(answer.content)  # our own answer
    assert (answer.status_code, root.tag, root[0].tag) == (200, "service_requests", "request")
    assert Report.objects.filter(tracking_code=root.findtext("request/service_request_id")).exists()


def test_a_point_names_its_village(client: Client, key: str) -> None:
    village = next(r for r in reference().villages() if r.lat is not None)
    report = filed(client, key, lat=str(village.lat), long=str(village.lon), address_string="")
    assert (report.lat, report.lon, report.region_id) == (village.lat, village.lon, village.id)


def test_a_service_and_a_place_are_enough(client: Client, key: str) -> None:
    assert filed(client, key, description="").body == "Jalan berlubang atau rusak (tanpa keterangan)"


def test_a_long_address_is_kept_among_the_words(client: Client, key: str) -> None:
    place = "Gang kelinci " * 20
    report = filed(client, key, address_string=place)
    assert place.strip() in report.body
    assert report.place_text == ""


def test_photos_are_cleaned_and_links_are_kept_unopened(client: Client, key: str) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "sienna").save(drawn, "PNG")
    photo = SimpleUploadedFile("jalan.png", drawn.getvalue())
    report = filed(client, key, media=photo, media_url="http://127.0.0.1:1/rahasia.jpg")
    assert report.attachments.get().content_type == "image/jpeg"
    line = report.events.get(verb="reply")
    assert line.note == "App Desa: http://127.0.0.1:1/rahasia.jpg"
    assert not line.public


def test_a_broken_photo_is_said_and_nothing_is_filed(client: Client, key: str) -> None:
    errors = sent(client, 400, api_key=key, **told(media=SimpleUploadedFile("a.jpg", b"bukan foto")))
    assert errors[0]["description"].startswith("media: ")
    assert not Report.objects.exists()


def test_the_questions_of_a_service_are_asked_for(client: Client, key: str) -> None:
    road = Category.objects.get(code="jalan-berlubang")
    for code, kind, must, options in (
        ("dalam", "number", True, []),
        ("siapa", "multivaluelist", False, ["Motor", "Anak sekolah"]),
        ("sejak", "datetime", False, []),
    ):
        ServiceAttribute.objects.create(
            category=road, code=code, description=f"Tanya {code}", datatype=kind, required=must, options=options
        )
    errors = sent(client, 400, api_key=key, **told(**{"attribute[siapa]": "truk", "attribute[sejak]": "dulu"}))
    assert [error["description"].partition("]")[0] for error in errors] == [
        *("attribute[dalam", "attribute[siapa", "attribute[sejak")
    ]
    right = {"attribute[dalam]": "30", "attribute[siapa][]": ["motor", "anak-sekolah"], "attribute[lain]": "x"}
    assert filed(client, key, **right).body.endswith("\n\nTanya dalam: 30\nTanya siapa: Motor, Anak sekolah")


# --- who may, how often ----------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["", "salah", "x" * 5000])
def test_without_a_key_nothing_is_filed(client: Client, key: str, wrong: str) -> None:
    assert sent(client, 403, api_key=wrong, **told())[0]["code"] == 403
    assert not Report.objects.exists()


def test_a_key_that_was_switched_off_or_renewed_opens_nothing(client: Client, key: str) -> None:
    fresh = issue_key(name="App Desa", renew=True)
    sent(client, 403, api_key=key, **told())
    sent(client, api_key=fresh, **told())
    ApiClient.objects.update(active=False)
    sent(client, 403, api_key=fresh, **told())


def test_of_a_key_only_a_hash_is_kept(key: str) -> None:
    kept = ApiClient.objects.values_list().get()
    assert key not in str(kept)


def test_a_program_has_its_limit_an_hour(client: Client, key: str) -> None:
    ApiClient.objects.update(hourly_limit=1)
    sent(client, api_key=key, **told())
    assert "satu jam" in sent(client, 429, api_key=key, **told())[0]["description"]


def test_the_same_call_twice_is_one_report(client: Client, key: str) -> None:
    marked = {"Idempotency-Key": "laporan-7"}
    answers = [sent(client, api_key=key, headers=marked, **told())[0]["service_request_id"] for _ in range(2)]
    other = issue_key(name="App Lain")
    assert answers[0] == answers[1] != sent(client, api_key=other, headers=marked, **told())[0]["service_request_id"]
    assert Report.objects.count() == ApiFiling.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "tidak-ada"}, 404, "service_code"),
        ({"jurisdiction_id": "sfgov.org"}, 404, "jurisdiction_id"),
        ({"address_string": ""}, 400, "lat dan long"),
        ({"lat": "-7.15"}, 400, "lat dan long"),
        ({"lat": "nan", "long": "inf"}, 400, "lat dan long"),
        ({"lat": "52.5", "long": "13.4"}, 400, "di luar"),
        ({"address_id": "35.22"}, 400, "address_id"),
        ({"email": "sari"}, 400, "email: "),
        ({"phone": "12"}, 400, "phone: "),
        ({"description": "a" * 4001}, 400, "description: "),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
    ],
)
def test_what_is_wrong_is_named(client: Client, key: str, change: dict[str, str], status: int, word: str) -> None:
    errors = sent(client, status, api_key=key, **told(**change))
    assert any(word in error["description"] for error in errors)
    assert not Report.objects.exists()


def test_a_body_that_is_no_form_is_refused(client: Client, key: str) -> None:
    answer = client.post(f"{REQUESTS}?api_key={key}", json.dumps(told()), content_type="application/json")
    assert answer.status_code == 400
    assert "x-www-form-urlencoded" in json.loads(answer.content)[0]["description"]
    broken = client.post(REQUESTS, b"--x\r\n", content_type="multipart/form-data; boundary=")
    assert (broken.status_code, json.loads(broken.content)[0]["code"]) == (400, 400)
    huge = client.post(REQUESTS, {"api_key": key, **told(description="a" * 1_100_000)}, content_type=_FORM)
    assert huge.status_code == 400


_FORM = "application/x-www-form-urlencoded"


def test_a_database_that_takes_nothing_is_said(client: Client, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(**_given: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("kanal.reports.open311.views.actions.take_in", locked)
    assert sent(client, 503, api_key=key, **told())[0]["code"] == 503


# --- in confidence, and later ----------------------------------------------------------------------


def test_whistle_blowing_gets_neither_code_nor_token(client: Client, key: str) -> None:
    answer = sent(client, api_key=key, **told(service_code="pengawasan"))
    report = Report.objects.get()
    assert (report.kind, report.secret, report.category) == (Kind.WHISTLEBLOWING, True, None)
    assert set(answer[0]) == {"service_notice", "account_id"}
    assert report.tracking_code not in json.dumps(answer)
    token = ApiFiling.objects.get().token
    assert client.get(f"/open311/v2/tokens/{token}.json").status_code == 404
    note = {"update_id": "1", "updated_datetime": "2026-11-22T08:00:00Z", "status": "OPEN", "description": "Halo."}
    sent(client, 404, address=UPDATES, api_key=key, service_request_id=report.tracking_code, **note)


def test_a_program_not_yet_known_gets_the_code_after_the_first_look(client: Client, people: People) -> None:
    key = issue_key(name="App Baru", batch=True)
    answer = sent(client, api_key=key, **told())[0]
    assert set(answer) == {"token", "service_notice", "account_id"}
    address = f"/open311/v2/tokens/{answer['token']}.json"
    assert json.loads(client.get(address).content) == [{"service_request_id": None, "token": answer["token"]}]
    report = actions.assign(report=Report.objects.get(), agency=people.roads, by=people.doing(people.kun))
    assert json.loads(client.get(address).content)[0]["service_request_id"] == report.tracking_code


# --- two-way updates ----------------------------------------------------------------------


def remark(report: Report, **more: Any) -> dict[str, Any]:
    return {
        "service_request_id": report.tracking_code,
        "update_id": "77",
        "updated_datetime": "2026-11-22T08:00:00+07:00",
        "status": "FIXED",
        "description": "Kata tetangga sudah ditambal.",
        **more,
    }


def test_a_remark_is_kept_inside_and_changes_nothing(client: Client, people: People, key: str) -> None:
    report = filed(client, key)
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    Outbound.objects.all().delete()
    assert sent(client, address=UPDATES, api_key=key, **remark(report)) == [{"update_id": "77"}]
    line = report.events.get(verb="reply")
    assert line.note == "App Desa: [FIXED] Kata tetangga sudah ditambal."
    assert (line.public, line.by) == (False, ReportEvent.By.REPORTER)
    report.refresh_from_db()
    assert report.status == Status.ASSIGNED
    assert Outbound.objects.filter(to_staff=people.oki.email).count() == 1
    assert "tetangga" not in client.get(f"/aduan/{report.tracking_code}/").content.decode()
    errors = sent(client, 400, address=UPDATES, api_key=key, **remark(report))
    assert "already exists" in errors[0]["description"]
    assert ApiUpdate.objects.count() == 1


def test_only_the_program_that_filed_it_may_remark(client: Client, key: str, sari_reports: Report) -> None:
    report, other = filed(client, key), issue_key(name="App Lain")
    sent(client, 404, address=UPDATES, api_key=other, **remark(report))
    sent(client, 404, address=UPDATES, api_key=key, **remark(sari_reports))
    sent(client, 403, address=UPDATES, **remark(report))
    sent(client, 400, address=UPDATES, api_key=key, **remark(report, updated_datetime="nanti"))
    errors = sent(client, 400, address=UPDATES, api_key=key, **remark(report, update_id="", status=""))
    assert "update_id, status" in errors[0]["description"]


def test_updates_tell_what_the_public_may_know(client: Client, people: People, key: str) -> None:
    report, kun, oki = filed(client, key), people.doing(people.kun), people.doing(people.oki)
    assert json.loads(client.get(UPDATES).content) == []
    actions.assign(report=report, agency=people.roads, by=kun, note="Catatan untuk dinas.")
    actions.note(report=report, by=oki, text="Catatan dalam.")
    actions.draft_answer(report=report, by=oki, text="Sudah ditambal pagi ini.")
    actions.submit_answer(report=report, by=oki)
    actions.approve_answer(report=report, by=people.doing(people.heni))
    actions.publish_answer(report=report, by=oki)
    rows = json.loads(client.get(UPDATES).content)
    assert [(row["status"], row["description"][:14]) for row in rows] == [
        ("INVESTIGATING", "Diteruskan ke "),
        ("CLOSED", "Sudah ditambal"),
    ]
    assert {row["service_request_id"] for row in rows} == {report.tracking_code}
    assert json.loads(client.get(UPDATES, {"api_key": key}).content) == rows
    assert json.loads(client.get(UPDATES, {"api_key": issue_key(name="App Lain")}).content) == []
    assert json.loads(client.get(UPDATES, {"end_date": "2020-01-01"}).content) == []


# --- keys and the page ----------------------------------------------------------------------


def test_the_command_shows_a_key_once(client: Client, regency: Regency) -> None:
    shown = io.StringIO()
    call_command("api_key", "App Desa", contact="Rina", stdout=shown)
    key = shown.getvalue().split()[-1]
    assert filed(client, key).medium == "open311"
    with pytest.raises(CommandError, match="--renew"):
        call_command("api_key", "App Desa")
    with pytest.raises(CommandError, match="belum ada"):
        call_command("api_key", "Lain", renew=True)
    with pytest.raises(CommandError, match="huruf"):
        call_command("api_key", "  ")


def test_an_administrator_makes_a_key(client: Client, people: People) -> None:
    client.force_login(people.agus)
    data = {"name": "App Admin", "contact": "", "active": "on", "hourly_limit": "5"}
    page = client.post("/admin/reports/apiclient/add/", data, follow=True).content.decode()
    key = page.partition("sekali ini: ")[2].partition("<")[0].strip()
    assert filed(Client(), key).medium == "open311"
    assert key not in client.get("/admin/reports/apiclient/").content.decode()


def test_the_page_for_developers_is_linked_from_every_foot(client: Client, regency: Regency) -> None:
    assert 'href="/pengembang/"' in client.get("/").content.decode()
    page = client.get("/pengembang/").content.decode()
    assert "/open311/v2/requests.json" in page
    assert "Idempotency-Key" in page


# --- whatever is sent ----------------------------------------------------------------------

_NAMES = st.sampled_from(
    [
        *("service_code", "lat", "long", "address_string", "address_id", "email", "phone", "description", "media_url"),
        *("first_name", "jurisdiction_id", "attribute[x]", "update_id", "updated_datetime", "status"),
    ]
)
_WORDS = st.text(max_size=40) | st.sampled_from(
    ["umum", "pengawasan", "-7.15", "111.88", "1e999", "35.22.01", "http://"]
)


@rules(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(_NAMES, _WORDS), st.sampled_from([REQUESTS, UPDATES]))
def test_nothing_that_is_sent_is_a_fault(client: Client, key: str, data: dict[str, str], address: str) -> None:
    cache.clear()
    plain = {name: value.encode("utf-8", "replace") for name, value in data.items()}
    answer = client.post(address, {"api_key": key, **plain})
    assert answer.status_code in {200, 400, 404}
    assert isinstance(json.loads(answer.content), list)
