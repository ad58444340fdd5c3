"""A report for somebody on the phone, at the counter or in a letter; and the list of tasks."""

import pytest
from django.test import Client

from kanal.agencies.queries import reference
from kanal.reports import actions
from kanal.reports.forms.desk_record import fresh_submission
from kanal.reports.models import Report, ReportTask
from kanal.reports.workflow import Kind
from tests.support.people import People

RECORD = "/meja/catat/"
TOLD = "Lampu jalan di depan balai desa mati sejak tiga hari, sudah ada yang jatuh."


def told(**more: object) -> dict[str, object]:
    return {"submission": fresh_submission(), "medium": "phone", "kind": "complaint", "body": TOLD, **more}


def test_words_on_the_phone_become_a_report_with_a_code_to_read_out(people: People, client: Client) -> None:
    client.force_login(people.kun)
    village = next(r for r in reference().villages() if r.place == "Jono, Kec. Temayang")
    response = client.post(RECORD, told(region=str(village.id), name="Pak Darmo", phone="0812 3456 7890"))
    report = Report.objects.get()
    assert response.headers["Location"] == f"{RECORD}?kode={report.tracking_code}"
    assert (report.medium, report.region_id, report.anonymous) == ("phone", village.id, False)
    assert report.contact is not None
    event = report.events.get(verb="receive")
    assert (event.by, event.user_id) == ("staff", people.kun.pk)
    page = client.get(response.headers["Location"]).content.decode()
    assert report.tracking_code in page
    assert "Bacakan kode ini" in page


def test_the_slip_names_neither_the_person_nor_the_matter(people: People, client: Client) -> None:
    client.force_login(people.kun)
    client.post(RECORD, told(name="Pak Darmo"))
    code = Report.objects.get().tracking_code
    slip = client.get(f"{RECORD}?kode={code}&slip=1").content.decode()
    assert code in slip
    assert "Darmo" not in slip
    assert "Lampu" not in slip


def test_sent_twice_it_is_one_report(people: People, client: Client) -> None:
    client.force_login(people.oki)
    data = told(medium="visit")
    first, second = client.post(RECORD, data), client.post(RECORD, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Report.objects.count() == 1


def test_an_officer_reads_out_the_code_of_what_went_to_the_coordinator(people: People, client: Client) -> None:
    client.force_login(people.oki)
    page = client.post(RECORD, told(medium="letter"), follow=True).content.decode()
    assert "Bacakan kode ini" in page
    assert "Buka laporan" not in page


def test_whistle_blowing_is_taken_down_and_then_closed_to_the_writer(people: People, client: Client) -> None:
    client.force_login(people.kun)
    page = client.post(RECORD, told(kind="whistleblowing"), follow=True).content.decode()
    report = Report.objects.get()
    assert (report.kind, report.secret) == (Kind.WHISTLEBLOWING, True)
    assert report.tracking_code in page
    assert "Buka laporan" not in page


def test_the_code_page_is_for_the_one_who_wrote_it_down(people: People, client: Client, sari_reports: Report) -> None:
    client.force_login(people.kun)
    assert client.get(f"{RECORD}?kode={sari_reports.tracking_code}").status_code == 404
    assert client.get(f"{RECORD}?kode=apa-saja").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"body": "lampu"}, "Terlalu pendek"),
        ({"body": "x" * 30_000}, "paling banyak"),
        ({"medium": "web"}, "telepon, surat, atau tatap muka"),
        ({"phone": "abc"}, "Nomor itu tidak kami kenali"),
        ({"region": "99999999"}, "Desa itu tidak ada di daftar"),
        ({"occurred_on": "2999-01-01"}, "belum tiba"),
    ],
)
def test_mistakes_are_said_and_nothing_is_lost(
    people: People, client: Client, wrong: dict[str, str], sentence: str
) -> None:
    client.force_login(people.kun)
    response = client.post(RECORD, told(name="Pak Darmo", **wrong))
    page = response.content.decode()
    assert response.status_code == 400
    assert sentence in page
    assert 'value="Pak Darmo"' in page
    assert not Report.objects.exists()


def test_leaders_and_administrators_do_not_record(people: People, client: Client) -> None:
    for user in (people.laras, people.agus):
        client.force_login(user)
        assert client.get(RECORD).status_code == 403


# Tasks --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def task(people: People, sari_reports: Report) -> ReportTask:
    """Transport paints a sign at the hole that roads will fill."""
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    return actions.split(
        report=sari_reports, by=people.doing(people.oki), agency=people.transport, instruction="Pasang rambu sementara."
    )


def test_a_task_is_on_the_list_of_its_agency_and_of_the_coordinator(
    people: People, client: Client, task: ReportTask
) -> None:
    for user, sees in ((people.dewi, True), (people.kun, True), (people.oki, False)):
        client.force_login(user)
        assert ("Pasang rambu sementara." in client.get("/meja/tugas/").content.decode()) is sees


def test_answered_tasks_wait_on_a_list_of_their_own(people: People, client: Client, task: ReportTask) -> None:
    actions.answer_task(task=task, by=people.doing(people.dewi), text="Rambu sudah dipasang.")
    client.force_login(people.dewi)
    assert "Pasang rambu" not in client.get("/meja/tugas/").content.decode()
    assert "Pasang rambu" in client.get("/meja/tugas/?keadaan=dijawab").content.decode()


def test_tasks_are_not_for_leaders(people: People, client: Client) -> None:
    client.force_login(people.laras)
    assert client.get("/meja/tugas/").status_code == 403
    client.force_login(people.dewi)
    assert "Tidak ada tugas yang menunggu." in client.get("/meja/tugas/?hal=rusak").content.decode()
