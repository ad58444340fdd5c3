"""Whatever arrives at the public forms, the answer is a page for a person and never a fault of ours."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from kanal.agencies.models import Regency
from kanal.channels.web import challenge
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.queries import private_link_token

FIELDS = (
    *("kind", "body", "category", "occurred_on", "lat", "lon", "accuracy", "region", "village", "place_text"),
    *("name", "phone", "email", "anonymous", "secret", "proof", "website", "parked", "stamp"),
)
NASTY = [
    "🛣️🕳️" * 30,
    "a\x00b\x00 jalan berlubang sekali",
    "ꦗꦭꦤ꧀ꦫꦸꦱꦏ꧀ ꦱꦥꦚ꧀ꦗꦁ ꦢꦺꦱ",
    "\u202eterbalik\u202c dan \u200fjalan rusak parah sekali",
    "<script>alert(1)</script> jalan berlubang sekali",
    "'; DROP TABLE reports_report; -- jalan berlubang",
    "{{ 7*7 }}{% raise %} jalan berlubang sekali",
    "%s %(name)s %d {name} jalan berlubang sekali",
    '=HYPERLINK("http://x") jalan berlubang sekali',
    "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace") * 40,
    "á" * 3 + "\u0301" * 5000,
    "\n" * 500 + "jalan berlubang sekali di desa",
    "9" * 400,
    "-1",
    "NaN",
]


@pytest.fixture(autouse=True)
def _open_gate(settings: Settings, regency: Regency) -> None:
    settings.PROOF_OF_WORK_COST = 0
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (0, 1)) | {"tries": (0, 1), "similar": (0, 1), "reply": (0, 1)}


def _told(**fields: str) -> dict[str, str]:
    return {
        "stamp": challenge.new_stamp(),
        "kind": "complaint",
        "body": "Jalan berlubang di depan balai desa sejak dua minggu.",
    } | fields


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_takes_every_nasty_text(client: Client, field: str) -> None:
    for text in NASTY:
        answer = client.post("/lapor/", _told(**{field: text}))
        assert answer.status_code in {303, 400}, (field, text[:40])
        assert "<script>alert" not in answer.content.decode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=300), max_size=6))
def test_any_text_in_any_field_is_answered(client: Client, told: dict[str, str]) -> None:
    assert client.post("/lapor/", _told(**told)).status_code in {303, 400}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_any_text_as_a_code_is_answered(client: Client, text: str) -> None:
    assert client.get("/lacak/", {"kode": text}).status_code in {200, 302, 400, 404}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=400), region=st.text(max_size=30), lat=st.text(max_size=12))
def test_any_question_for_similar_reports_is_answered(client: Client, text: str, region: str, lat: str) -> None:
    assert client.post("/lapor/mirip/", {"text": text, "region": region, "lat": lat, "lon": lat}).status_code == 200
    assert client.get("/lapor/desa/", {"lat": lat, "lon": lat}).status_code in {200, 400}


def test_a_forged_tick_beside_the_photos_changes_nothing(client: Client) -> None:
    """Django's clearable file field answers photos with such a tick by something that is no file."""
    photo = SimpleUploadedFile("kosong.jpg", b"bukan foto", "image/jpeg")
    answer = client.post("/lapor/", _told(**{"photos-clear": "on"}) | {"photos": photo})
    assert answer.status_code == 400
    assert "kosong.jpg bukan foto" in answer.content.decode()


def test_words_in_every_script_are_kept_as_they_were(client: Client) -> None:
    body = "ꦗꦭꦤ꧀ꦫꦸꦱꦏ꧀ Jalan rusak 🕳️ sekali, الطريق مكسور, 路坏了"
    assert client.post("/lapor/", _told(body=body)).status_code == 303
    assert Report.objects.get().body == body


def test_script_in_a_report_is_only_words_on_every_page(client: Client) -> None:
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)> jalan berlubang sekali'
    page = client.post("/lapor/", _told(body=bad, place_text=bad, name=bad), follow=True).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("kosong.jpg", b"", "kosong.jpg"),
        ("skrip.jpg", b"<script>alert(1)</script>", "skrip.jpg bukan foto"),
        ("potong.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 50, "potong.jpg rusak"),
        ("besar.jpg", b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024 + 1), "besar.jpg terlalu besar (21 MB)"),
        ("../../etc/passwd", b"root:x:0:0", "passwd bukan foto"),
        ("a" * 300 + ".jpg", b"nope", "bukan foto"),
        ("gambar.avif", b"\0\0\0\x1cftypavif" + b"\0" * 20, "belum bisa kami buka"),
    ],
)
def test_each_unreadable_file_gets_its_sentence(client: Client, name: str, data: bytes, sentence: str) -> None:
    upload = SimpleUploadedFile(name, data, "image/jpeg")
    answer = client.post("/lapor/", {**_told(), "photos": upload})
    page = answer.content.decode()
    if not data:  # browsers send an empty part for a field nobody used
        assert answer.status_code in {303, 400}
        return
    assert answer.status_code == 400
    assert sentence in page


@pytest.mark.parametrize("path", ["", "tambah/", "cabut/", "belum-selesai/", "nilai/", "kontak/"])
def test_the_private_pages_take_every_nasty_text(client: Client, path: str) -> None:
    report = actions.file_report(actions.Filing(body="Lampu padam di jalan desa", submission="nasty"))
    link = f"/lacak/{report.tracking_code}/{private_link_token(report)}/"
    for text in NASTY:
        told = dict.fromkeys(("text", "note", "stars", "reasons", "comment", "phone", "email", "name"), text)
        assert client.post(link + path, told).status_code < 500


@pytest.mark.parametrize("code", ["%00", "..%2f..", "BJN-7K4M-Q2XD", "🕳️", "a" * 500, "%ff%fe"])
def test_strange_addresses_are_not_found(client: Client, code: str) -> None:
    assert client.get(f"/lacak/{code}/").status_code in {400, 404}
    assert client.get(f"/lacak/{code}/token/").status_code in {400, 404}
