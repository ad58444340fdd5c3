"""Filing a report on the public page: what is taken, what is asked again, and that nothing typed is lost."""

import io
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from kanal.agencies import places
from kanal.agencies.models import Regency
from kanal.agencies.queries import reference
from kanal.channels.actions import store_inbound
from kanal.channels.models import Medium, Outbound
from kanal.channels.web import challenge
from kanal.common.snapshot import Snapshot
from kanal.reports import actions
from kanal.reports.models import Report, ReportEvent
from kanal.reports.workflow import Kind

STORY = "Jalan di tikungan Desa Jono berlubang sedalam mata kaki sejak dua minggu lalu."


@pytest.fixture(autouse=True)
def _easy_gate(settings: Settings, regency: Regency) -> None:
    settings.PROOF_OF_WORK_COST = 0
    settings.LIMITS = {**settings.LIMITS, "report": (1000, 3600)}


def _photo(colour: str = "brown", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, "JPEG")
    return SimpleUploadedFile(f"{colour}.jpg", drawn.getvalue(), "image/jpeg")


def _told(**fields: Any) -> dict[str, Any]:
    return {"stamp": challenge.new_stamp(), "kind": "complaint", "body": STORY, **fields}


def _filed() -> Report:
    return Report.objects.select_related("contact").get()


def test_words_alone_are_enough_and_lead_to_the_receipt(client: Client) -> None:
    answer = client.post("/lapor/", _told(), follow=True)
    report = _filed()
    assert answer.redirect_chain[0][1] == 303
    page = answer.content.decode()
    assert report.tracking_code in page
    assert "Laporan Anda sudah kami terima" in page
    assert 'aria-label="Kode QR tautan pribadi"' in page
    assert "Tanpa e-mail, tautan itu satu-satunya jalan Anda membaca jawabannya." in page


def test_script_is_told_where_to_go_next(client: Client) -> None:
    answer = client.post("/lapor/", _told(), headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 201
    assert answer.json()["next"].startswith(f"/lacak/{_filed().tracking_code}/")


def test_everything_told_is_kept(client: Client) -> None:
    village = places.named("Jono, Kec. Temayang")[0]
    day = reference().today() - timedelta(days=2)
    answer = client.post(
        "/lapor/",
        _told(
            kind="aspiration",
            region=str(village.id),
            place_text="depan balai desa",
            occurred_on=day.isoformat(),
            name="Sari Utami",
            phone="0812-3456-7890",
            email="SARI@Contoh.id",
            anonymous="on",
        ),
    )
    assert answer.status_code == 303
    report = _filed()
    assert (report.kind, report.region_id, report.place_text) == (Kind.ASPIRATION, village.id, "depan balai desa")
    assert (report.occurred_on, report.anonymous, report.secret) == (day, True, False)
    assert report.contact is not None
    assert report.contact.name == "Sari Utami"
    assert {address.handle for address in report.contact.addresses.all()} == {"+6281234567890", "sari@contoh.id"}
    assert Outbound.objects.filter(purpose="receipt", reference=report.tracking_code).count() == 1


def test_filing_costs_few_statements_and_no_session(client: Client) -> None:
    client.post("/lapor/", _told())
    with CaptureQueriesContext(
        connection,
    ) as statements:
        client.post("/lapor/", _told())
    queries = [q["sql"] for q in statements if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert len(queries) <= 10, "\n".join(queries)
    assert not any("session" in sql for sql in queries)
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (STORY, "Jono, Kec. Temayang"),
        ("Lampu mati sejak kemarin di desa Kauman kec Baureno, gelap.", "Kauman, Kec. Baureno"),
        ("Jalan di Ngasem rusak parah sekali sejak lebaran.", "Kec. Ngasem"),  # the village or the kecamatan
        ("Lampu mati di Kauman sejak kemarin, gelap sekali.", ""),  # two kecamatan have one
        ("Jalan rusak parah sekali sejak lebaran.", ""),
    ],
)
def test_a_place_named_in_the_words_alone_is_the_reports(client: Client, body: str, place: str) -> None:
    client.post("/lapor/", _told(body=body))
    region = reference().regions.get(_filed().region_id or 0)
    assert (region.place if region else "") == place


def test_a_chosen_place_stands_whatever_the_words_name(client: Client) -> None:
    kauman = places.named("Kauman, Kec. Baureno")[0]
    client.post("/lapor/", _told(region=str(kauman.id)))
    assert _filed().region_id == kauman.id


def test_pressing_send_twice_gives_the_same_receipt(client: Client, settings: Settings) -> None:
    told = _told()
    first = client.post("/lapor/", told)
    settings.LIMITS = {**settings.LIMITS, "report": (1, 3600)}
    client.post("/lapor/", _told())
    second = client.post("/lapor/", told)
    assert first["Location"] == second["Location"]


def test_another_story_sent_from_a_page_already_filed_is_not_lost(client: Client) -> None:
    told = _told()
    client.post("/lapor/", told)
    first = Report.objects.get()
    other = {**told, "body": "Lampu jalan di depan balai desa mati sejak kemarin malam."}
    asked = client.post("/lapor/", other)
    assert asked.status_code == 409
    page = asked.content.decode()
    assert f"Laporan {first.tracking_code} dari halaman ini sudah kami terima." in page
    assert other["body"] in page
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)
    assert stamp
    assert client.post("/lapor/", {**other, "stamp": stamp[1]}).status_code == 303
    assert {report.body for report in Report.objects.all()} == {told["body"], other["body"]}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"body": "Jalan rusak"}, "Terlalu pendek untuk ditindaklanjuti"),
        ({"body": ""}, "Ceritanya masih kosong"),
        ({"body": "!" * 200}, "Terlalu pendek untuk ditindaklanjuti"),
        ({"body": "a" * 100_000}, "Panjangnya 100.000 huruf, paling banyak 20.000"),
        ({"kind": "nonsense"}, "Pilih salah satu: pengaduan, usul, atau tanya."),
        ({"kind": ""}, "Pilih dulu"),
        ({"phone": "12"}, "Nomor itu tidak kami kenali"),
        ({"email": "sari@"}, "Alamat e-mail itu belum lengkap"),
        ({"occurred_on": "2999-01-01"}, "Tanggal itu belum tiba"),
        ({"occurred_on": "1826-01-01"}, "lebih dari sepuluh tahun"),
        ({"occurred_on": "kemarin"}, "Tanggal itu tidak terbaca"),
        ({"region": "99999999"}, "Desa itu tidak ada di daftar"),
        ({"category": "zzz"}, "Kategori itu tidak ada"),
        ({"village": "Atlantis"}, "tidak ada di daftar"),
    ],
)
def test_each_mistake_gets_its_sentence_and_nothing_is_lost(
    client: Client, fields: dict[str, str], sentence: str
) -> None:
    told = _told(place_text="dekat jembatan Kali Pacal") | fields
    answer = client.post("/lapor/", told)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert "dekat jembatan Kali Pacal" in page
    assert told["body"] in page
    assert not Report.objects.exists()


def test_a_village_name_that_repeats_is_asked_back(client: Client) -> None:
    page = client.post("/lapor/", _told(village="Kauman")).content.decode()
    assert "“Kauman” ada di lebih dari satu tempat. Pilih kecamatannya." in page
    assert "Kauman, Kec. Bojonegoro" in page
    assert "Kauman, Kec. Baureno" in page


def test_a_village_typed_with_its_kecamatan_is_understood(client: Client) -> None:
    assert client.post("/lapor/", _told(village="desa kauman kec baureno")).status_code == 303
    region = reference().regions[_filed().region_id or 0]
    assert region.place == "Kauman, Kec. Baureno"


def test_a_pin_names_the_village(client: Client) -> None:
    village = places.named("Jono, Kec. Temayang")[0]
    assert client.post("/lapor/", _told(lat=village.lat, lon=village.lon, accuracy="12.4")).status_code == 303
    report = _filed()
    assert (report.region_id, report.accuracy_m) == (village.id, 12)


def test_a_pin_in_another_regency_becomes_words(client: Client) -> None:
    told = _told(lat="-6.2", lon="106.8", place_text="depan pasar")
    page = client.post("/lapor/", told).content.decode()
    assert "Pin itu di luar Kabupaten Bojonegoro" in page
    assert "depan pasar (-6.20000, 106.80000)" in page
    again = told | {"lat": "", "lon": "", "place_text": "depan pasar (-6.20000, 106.80000)"}
    assert client.post("/lapor/", again).status_code == 303


@pytest.mark.parametrize("lat", ["nan", "inf", "abc", "1e999", "500"])
def test_a_pin_that_is_no_place_is_passed_over(client: Client, lat: str) -> None:
    assert client.post("/lapor/", _told(lat=lat, lon="111.9")).status_code == 303
    assert _filed().lat is None


def test_one_bad_photo_does_not_cost_the_good_ones(client: Client) -> None:
    told = _told()
    broken = SimpleUploadedFile("video-jalan.mp4", b"\0\0\0\x18ftypmp42", "video/mp4")
    answer = client.post("/lapor/", {**told, "photos": [_photo("brown"), broken, _photo("gray")]})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "video-jalan.mp4 bukan foto" in page
    parked = [part.split('"')[0] for part in page.split('name="parked" value="')[1:]]
    assert len(parked) == 2
    assert client.post("/lapor/", {**told, "parked": parked}).status_code == 303
    assert sorted(a.name for a in _filed().attachments.all()) == ["brown.jpg", "gray.jpg"]


def test_only_five_photos_travel(client: Client) -> None:
    told = _told()
    photos = [_photo(colour) for colour in ("red", "green", "blue", "gray", "brown", "pink", "white")]
    page = client.post("/lapor/", {**told, "photos": photos}).content.decode()
    assert "Paling banyak 5 foto. 2 foto tidak ikut." in page
    assert page.count('name="parked"') == 5


def test_a_bomb_of_a_picture_is_refused_in_words(client: Client) -> None:
    drawn = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(drawn, "PNG")
    bomb = SimpleUploadedFile("besar.png", drawn.getvalue(), "image/png")
    page = client.post("/lapor/", {**_told(), "photos": [bomb]}).content.decode()
    assert "besar.png berukuran lebih dari 50 megapiksel" in page


def test_whistle_blowing_leaves_no_word_in_the_open(client: Client) -> None:
    assert client.post("/lapor/", _told(kind="whistleblowing")).status_code == 303
    report = _filed()
    assert report.secret
    assert not report.published
    assert (report.title, report.public_body) == ("Laporan pengawasan", "")


def test_a_filled_honeypot_asks_once_more(client: Client) -> None:
    answer = client.post("/lapor/", _told(website="https://spam.example"))
    assert answer.status_code == 400
    assert "Isian otomatis mengisi kolom tersembunyi" in answer.content.decode()
    assert not Report.objects.exists()


def test_without_script_a_person_passes_and_a_robot_does_not(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROOF_OF_WORK_COST = 30_000
    told = _told()
    assert "Terlalu cepat" in client.post("/lapor/", told).content.decode()
    later = time.time() + 5
    monkeypatch.setattr("kanal.channels.web.challenge.time.time", lambda: later)
    assert client.post("/lapor/", told).status_code == 303


def test_over_the_limit_the_words_stay_on_the_page(client: Client, settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "report": (1, 3600)}
    client.post("/lapor/", _told())
    answer = client.post("/lapor/", _told(body=STORY + " Tolong."))
    assert answer.status_code == 429
    assert STORY + " Tolong." in answer.content.decode()
    assert "Tunggu paling lama 60 menit" in answer.content.decode()


@pytest.mark.parametrize("stamp", ["", "forged", "x" * 5000])
def test_an_old_or_forged_form_gets_a_fresh_stamp_and_keeps_its_words(client: Client, stamp: str) -> None:
    answer = client.post("/lapor/", _told(stamp=stamp, photos=[_photo()]))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "terlalu lama terbuka" in page
    assert STORY in page
    assert 'name="parked"' in page


def test_the_stamp_of_a_question_files_no_report_and_nothing_is_lost(client: Client) -> None:
    stamp = challenge.new_stamp()
    known = challenge.read_stamp(stamp)
    assert known
    store_inbound(medium=Medium.WEB, external_id=known.submission, at=timezone.now())  # asked on the page of an episode
    answer = client.post("/lapor/", _told(stamp=stamp, photos=[_photo()]))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "tekan Kirim sekali lagi" in page
    assert STORY in page
    assert 'name="parked"' in page
    assert not Report.objects.exists()
    fresh = re.search(r'name="stamp" value="([^"]+)"', page)
    assert fresh
    assert fresh[1] != stamp
    assert client.post("/lapor/", _told(stamp=fresh[1])).status_code == 303


def _busy(*_args: object) -> None:
    raise OperationalError("database is locked")


def test_a_database_that_is_busy_is_said_plainly_and_nothing_is_lost(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "file_report", _busy)
    answer = client.post("/lapor/", _told(photos=[_photo()]))
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Maaf, kami sedang bermasalah" in page
    assert STORY in page
    assert 'name="parked"' in page


def test_a_busy_database_elsewhere_is_a_polite_page_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Snapshot.clear_all()
    monkeypatch.setattr("kanal.reports.views.citizen.last_seven_days", _busy)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Maaf, kami sedang bermasalah" in answer.content.decode()


def test_a_photo_keeps_neither_place_nor_camera(client: Client, settings: Settings) -> None:
    drawn = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    Image.new("RGB", (60, 40), "brown").save(drawn, "JPEG", exif=exif)
    client.post("/lapor/", _told(photos=[SimpleUploadedFile("a.jpg", drawn.getvalue())]))
    attachment = _filed().attachments.get()
    assert b"Kamera Rahasia" not in (settings.MEDIA_ROOT / attachment.path).read_bytes()


def test_the_arrival_is_the_only_line_of_history(client: Client) -> None:
    client.post("/lapor/", _told())
    assert list(ReportEvent.objects.values_list("verb", "public")) == [("receive", True)]


def test_the_form_without_script_is_one_page_in_order(client: Client) -> None:
    page = client.get("/lapor/").content.decode()
    places_of = [
        page.index(words)
        for words in ("Ceritakan kejadiannya", "Di mana kejadiannya?", "Ke mana kami mengabari?", "Kirim laporan")
    ]
    assert places_of == sorted(places_of)
    assert '<optgroup label="Kec. Baureno">' in page


def test_the_puzzle_belongs_to_the_form_that_asks(client: Client) -> None:
    stamp = challenge.new_stamp()
    given = client.get("/lapor/tantangan/", headers={"X-Kanal-Stamp": stamp}).json()
    assert given["stamp"] == stamp
    assert set(given) == {"stamp", "salt", "target", "cost", "expires", "signature"}
    assert client.get("/lapor/tantangan/", headers={"X-Kanal-Stamp": "old"}).json()["stamp"] != "old"


def test_every_part_of_the_script_is_named_ahead(client: Client, settings: Settings) -> None:
    folder = Path(settings.BASE_DIR) / "reports" / "static" / "reports" / "file"
    page = client.get("/lapor/").content.decode()
    named = re.findall(r'rel="modulepreload" href="/static/reports/file/(\w+)\.js"', page)
    assert sorted(named) == sorted(path.stem for path in folder.glob("*.js"))
