"""/meja/radio/ without script: going on the air, taking calls, what is refused, and what it may cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.queries import actor_of, reference
from kanal.common.refusal import Refused
from kanal.reports.actions import Filing, assign, retention
from kanal.reports.actions import radio as actions
from kanal.reports.forms.radio import fresh_submission
from kanal.reports.models import RadioShow, Report
from kanal.reports.queries import report_reference
from kanal.reports.queries.radio import broadcast_of
from tests.support.people import People

DESK = "/meja/radio/"
TOLD = "Lampu jalan di depan pasar mati sejak tiga hari, sudah ada yang jatuh."
EVERYBODY = ("rina", "kun", "oki", "heni", "laras", "ida", "agus")
HOSTS = {"rina", "kun"}


@pytest.fixture
def show(people: People) -> RadioShow:
    return actions.start_show(by=actor_of(people.rina), programme="Sapa Malowopati")


@pytest.fixture
def rina(client: Client, people: People) -> Client:
    client.force_login(people.rina)
    return client


def told(**more: object) -> dict[str, Any]:
    return {"submission": fresh_submission(), "kind": "complaint", "body": TOLD, **more}


def call(client: Client, show: RadioShow, *, script: bool = False, **more: object) -> Any:
    headers = {"X-Requested-With": "fetch"} if script else {}
    return client.post(f"{DESK}{show.pk}/telepon/", told(**more), headers=headers)


# Who ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_door_of_the_desk_is_for_announcers_and_coordinators(
    client: Client, people: People, show: RadioShow, who: str
) -> None:
    client.force_login(getattr(people, who))
    gets = [DESK, f"{DESK}{show.pk}/"]
    posts = [f"{DESK}mulai/", f"{DESK}mirip/", *(f"{DESK}{show.pk}/{tail}" for tail in ("", "telepon/", "selesai/"))]
    refused = {client.get(path).status_code == 403 for path in gets}
    refused |= {client.post(path).status_code == 403 for path in [*posts, f"{DESK}{show.pk}/batal/BJN-2222-2222/"]}
    assert refused == {who not in HOSTS}


def test_a_citizen_is_sent_to_the_sign_in(client: Client, people: People) -> None:
    assert client.get(DESK).headers["Location"].startswith("/akun/login/")


def test_an_announcer_who_signs_in_is_at_the_radio_desk(rina: Client) -> None:
    assert rina.get("/meja/").headers["Location"] == DESK
    page = rina.get(DESK).content.decode()
    menu = page.split('<nav class="nav wide-only"')[1].split("</nav>")[0]
    assert "Radio" in menu
    assert "Antrean" not in menu


# The broadcast ------------------------------------------------------------------------------------------------------


def test_from_the_first_word_to_the_minutes(rina: Client) -> None:
    rina.post(f"{DESK}mulai/", {"programme": "Sapa Malowopati"})
    show = RadioShow.objects.get()
    assert "Nama penelepon" in rina.get(DESK).content.decode()
    call(rina, show, name="Bu Siti", phone="0812 3456 7890")
    code = Report.objects.get().tracking_code
    assert code in rina.get(DESK).content.decode()
    ended = rina.post(f"{DESK}{show.pk}/selesai/")
    assert ended.headers["Location"] == f"{DESK}{show.pk}/"
    words = {"version": "1", "minutes": "Ramai soal lampu.", "recording_url": "https://contoh.id/sapa.mp3"}
    rina.post(f"{DESK}{show.pk}/", words)
    page = rina.get(f"{DESK}{show.pk}/").content.decode()
    assert "Ramai soal lampu." in page
    assert 'href="https://contoh.id/sapa.mp3"' in page
    assert code in page
    assert "1 telepon" in rina.get(DESK).content.decode()


@pytest.mark.parametrize("url", ["http://contoh.id/a.mp3", "javascript:alert(1)", "contoh", "https://"])
def test_a_recording_is_an_https_address_and_the_minutes_stay(rina: Client, show: RadioShow, url: str) -> None:
    answer = rina.post(f"{DESK}{show.pk}/", {"version": "1", "minutes": "Ramai.", "recording_url": url})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "diawali https://" in page
    assert "Ramai." in page
    assert not RadioShow.objects.get().minutes


def test_minutes_that_somebody_else_changed_are_not_overwritten_and_mine_stay(rina: Client, show: RadioShow) -> None:
    rina.post(f"{DESK}{show.pk}/", {"version": "1", "minutes": "Pertama."})
    answer = rina.post(f"{DESK}{show.pk}/", {"version": "1", "minutes": "Kedua."})
    assert answer.status_code == 409
    assert "Kedua." in answer.content.decode()
    assert RadioShow.objects.get().minutes == "Pertama."


def test_a_broadcast_without_a_name_is_asked_back(rina: Client) -> None:
    answer = rina.post(f"{DESK}mulai/", {"programme": " "})
    assert answer.status_code == 400
    assert "nama siaran" in answer.content.decode()


# Calls --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["-", "Tanpa Nama", "anonim"])
def test_without_a_name_means_anonymous(rina: Client, show: RadioShow, name: str) -> None:
    call(rina, show, name=name, phone="081234567890")
    report = Report.objects.get()
    assert report.anonymous
    assert report.contact is not None
    assert report.contact.name == ""


def test_a_name_of_one_village_is_understood_and_a_landmark_is_kept(rina: Client, show: RadioShow) -> None:
    call(rina, show, village="kauman baureno")
    call(rina, show, village="depan pasar kota")
    first, second = Report.objects.order_by("pk")
    assert first.region_id is not None
    assert reference().regions[first.region_id].place == "Kauman, Kec. Baureno"
    assert (second.region_id, second.place_text) == (None, "depan pasar kota")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"body": "lampu"}, "body", "Terlalu pendek"),
        ({"village": "kauman"}, "region", "Pilih kecamatannya"),
        ({"phone": "12"}, "phone", "Nomor itu tidak kami kenali"),
        ({"kind": "whistleblowing"}, "kind", "Inspektorat"),
        ({"submission": "x"}, "submission", "Isian ini rusak"),
        ({"category": "999999"}, "category", "Kategori itu tidak ada"),
    ],
)
def test_mistakes_are_told_to_the_page_and_to_its_script(
    rina: Client, show: RadioShow, wrong: dict[str, Any], field: str, sentence: str
) -> None:
    answer = call(rina, show, script=True, **wrong)
    assert answer.status_code == 400
    assert sentence in answer.json()["errors"][field]
    page = call(rina, show, name="Bu Siti", **wrong)
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert "Bu Siti" in page.content.decode()
    assert not Report.objects.exists()


def test_the_script_gets_the_code_and_the_list_and_twice_the_same(rina: Client, show: RadioShow) -> None:
    submission = fresh_submission()
    first, second = (call(rina, show, script=True, submission=submission).json() for _press in range(2))
    assert first["code"] == second["code"]
    assert first["code"] in first["list"]
    assert Report.objects.count() == 1


def test_other_words_in_a_sent_form_are_another_call_and_are_not_lost(rina: Client, show: RadioShow) -> None:
    submission = fresh_submission()
    call(rina, show, submission=submission)
    answer = call(rina, show, submission=submission, body="Jalan di depan balai desa berlubang dalam sekali.")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Jalan di depan balai desa" in page
    assert submission not in page


def test_a_call_of_a_broadcast_that_is_not_there_is_refused(rina: Client, people: People) -> None:
    assert rina.post(f"{DESK}999/telepon/", told()).status_code == 404
    assert rina.post(f"{DESK}{2**70}/telepon/", told()).status_code == 404


def test_a_wrong_note_is_taken_back_from_the_list(rina: Client, show: RadioShow) -> None:
    code = call(rina, show, script=True).json()["code"]
    path = f"{DESK}{show.pk}/batal/{code}/"
    assert rina.post(path).headers["Location"] == DESK
    assert "salah catat" in rina.get(DESK).content.decode()
    fragment = rina.post(path, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert rina.post(f"{DESK}{show.pk}/batal/BJN-2222-2222/").status_code == 404


# What it shows, to whom ---------------------------------------------------------------------------------------------


def test_the_announcer_gets_no_links_into_cases_and_the_list_is_masked(
    client: Client, people: People, show: RadioShow
) -> None:
    client.force_login(people.rina)
    call(client, show, body="Hubungi saya di 081234567890, jalan berlubang dalam di tikungan.", name="Bu Siti")
    code = Report.objects.get().tracking_code
    page = client.get(DESK).content.decode()
    assert f"/meja/l/{code}/" not in page
    assert "081234567890" not in page
    assert "Bu Siti" not in page
    assert client.get(f"/meja/l/{code}/").status_code == 404
    client.force_login(people.kun)
    assert f"/meja/l/{code}/" in client.get(DESK).content.decode()


def test_where_misconduct_is_told_stands_on_the_page(rina: Client, show: RadioShow) -> None:
    page = rina.get(DESK).content.decode()
    assert "Penyelewengan oleh pegawai?" in page
    assert "whistleblowing" not in page


def test_the_sentence_for_the_air_counts_and_names_public_ones_alone(
    client: Client, people: People, show: RadioShow
) -> None:
    client.force_login(people.rina)
    here = next(iter(reference().villages())).id
    for _number in range(12):
        call(client, show, region=str(here))
    asked = {"text": "lampu jalan depan pasar mati sudah tiga hari", "region": str(here)}
    said = client.post(f"{DESK}mirip/", asked).content.decode()
    assert "Sudah ada 12 laporan serupa" in said
    assert "Lampu jalan di depan pasar" not in said
    for text, region in (("", ""), ("halo", "x"), ("jalan " * 3000, str(10**30))):
        assert client.post(f"{DESK}mirip/", {"text": text, "region": region}).status_code == 200


def test_the_case_names_its_broadcast_to_those_who_handle_it(client: Client, people: People, show: RadioShow) -> None:
    by = actor_of(people.rina)
    report = actions.take_call(show=show, by=by, filing=Filing(body=TOLD, submission="radio-1"))
    url = "https://contoh.id/sapa.mp3"
    actions.save_minutes(show=show, by=by, minutes="Rahasia dapur.", recording_url=url, version=1)
    client.force_login(people.kun)
    page = client.get(f"/meja/l/{report.tracking_code}/").content.decode()
    assert "Sapa Malowopati" in page
    assert url in page
    assert "Rahasia dapur." not in page
    client.force_login(people.laras)
    assert url not in client.get(f"/meja/l/{report.tracking_code}/").content.decode()
    assert url not in client.get(f"/lacak/{report.tracking_code}/").content.decode()


def test_the_recording_of_an_anonymous_caller_is_not_shown_to_the_agency(
    client: Client, people: People, show: RadioShow
) -> None:
    by = actor_of(people.rina)
    filing = Filing(body=TOLD, submission="radio-1", anonymous=True)
    report = actions.take_call(show=show, by=by, filing=filing)
    assign(report=report, agency=people.roads, by=people.doing(people.kun))
    for who, hears in (("kun", True), ("oki", False), ("heni", False), ("laras", False)):
        client.force_login(getattr(people, who))
        assert ("Sapa Malowopati" in client.get(f"/meja/l/{report.tracking_code}/").content.decode()) is hears


def test_a_report_made_anonymous_is_cut_from_its_broadcast(people: People, show: RadioShow) -> None:
    report = actions.take_call(show=show, by=actor_of(people.rina), filing=Filing(body=TOLD, submission="radio-1"))
    retention.anonymise(report, rule="Perbup contoh", at=timezone.now())
    assert broadcast_of(report) is None


def test_categories_have_numbers_in_their_order(rina: Client, show: RadioShow) -> None:
    top, _below = report_reference().grouped_categories()[0]
    assert f"1. {top.name}" in rina.get(DESK).content.decode()


# Cost ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [2, 60])
def test_five_queries_for_the_desk_at_any_size(rina: Client, people: People, show: RadioShow, number: int) -> None:
    for at in range(number):
        filing = Filing(body=f"{TOLD} Nomor {at}.", submission=f"radio-{at}")
        actions.take_call(show=show, by=actor_of(people.rina), filing=filing)
    rina.get(DESK)
    for path, most in ((DESK, 4), (f"{DESK}{show.pk}/", 4)):
        with CaptureQueriesContext(connection) as counting:
            assert rina.get(path).status_code == 200
        assert len(counting) <= most, [query["sql"] for query in counting]
    with CaptureQueriesContext(connection) as counting:
        rina.post(f"{DESK}mirip/", {"text": "lampu jalan depan pasar mati", "region": ""})
    assert len(counting) <= 4


def test_a_stranger_to_the_broadcast_learns_nothing(people: People, show: RadioShow) -> None:
    with pytest.raises(Refused) as refused:
        actions.take_call(show=show, by=actor_of(people.oki), filing=Filing(body=TOLD, submission="radio-9"))
    assert refused.value.status == 403
