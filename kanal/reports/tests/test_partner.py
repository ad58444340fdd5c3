"""An outside party's page: one signed link, one task, nothing more."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from kanal.channels.models import Outbound
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.actions.tasks import SALT
from kanal.reports.models import Reason, Report, ReportTask
from kanal.reports.policy import PARTNER
from kanal.reports.queries import report_reference
from tests.support.people import People


@pytest.fixture
def case(people: People, sari_reports: Report) -> Report:
    return actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))


@pytest.fixture
def task(people: People, case: Report) -> ReportTask:
    return actions.split(
        report=case,
        by=people.doing(people.oki),
        instruction="Geser tiang di tikungan",
        partner_name="PLN Bojonegoro",
        partner_email="pln@contoh.id",
    )


def address(task: ReportTask) -> str:
    return actions.partner_link(task).partition("8000")[2]


def test_the_link_is_mailed_and_shows_what_the_task_needs_and_no_more(client: Client, task: ReportTask) -> None:
    assert address(task) in Outbound.objects.get(purpose="task").body
    answer = client.get(address(task))
    page = answer.content.decode()
    for shown in ("Geser tiang di tikungan", "Jono, Kec. Temayang", "[nomor HP disembunyikan]", "PLN Bojonegoro"):
        assert shown in page
    for kept in ("081234567890", "Sari Utami", "sari@contoh.id", "Oki Prasetyo", "/meja/l/"):
        assert kept not in page
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_party_answers_without_an_account_and_may_correct_itself(client: Client, task: ReportTask) -> None:
    assert client.post(address(task), {"text": "  "}).status_code == 400
    page = client.post(address(task), {"text": "Tiang digeser Rabu"}, follow=True).content.decode()
    assert "Jawaban Anda sudah sampai" in page
    client.post(address(task), {"text": "Tiang digeser Kamis"})
    task.refresh_from_db()
    assert (task.answer, task.state) == ("Tiang digeser Kamis", ReportTask.State.ANSWERED)
    event = task.report.events.latest("id")
    assert (event.verb, event.by, event.public) == ("answer_task", "partner", False)


@pytest.mark.django_db(transaction=True)
def test_the_answer_arrives_from_a_real_browser(phone: Page, task: ReportTask) -> None:
    phone.goto(address(task))
    phone.get_by_label("Yang sudah dikerjakan").fill("Tiang digeser Rabu")
    phone.get_by_role("button", name="Kirim jawaban").click()
    expect(phone.get_by_text("Jawaban Anda sudah sampai")).to_be_visible()
    task.refresh_from_db()
    assert task.answer == "Tiang digeser Rabu"


def test_an_accepted_answer_is_final(client: Client, people: People, task: ReportTask) -> None:
    client.post(address(task), {"text": "Selesai"})
    actions.close_task(task=task, by=people.doing(people.oki), accept=True)
    assert "sudah diterima petugas" in client.get(address(task)).content.decode()
    refused = client.post(address(task), {"text": "Berubah"})
    assert refused.status_code == 409
    assert "sudah ditutup" in refused.content.decode() or "sudah diterima" in refused.content.decode()
    task.refresh_from_db()
    assert task.answer == "Selesai"


def test_a_cancelled_task_says_so(client: Client, people: People, task: ReportTask) -> None:
    actions.close_task(task=task, by=people.doing(people.oki), accept=False)
    answer = client.get(address(task))
    assert answer.status_code == 410
    assert "sudah dibatalkan" in answer.content.decode()
    assert client.post(address(task), {"text": "x"}).status_code == 410


def test_an_answer_reaches_those_who_asked_once_a_day(client: Client, people: People, task: ReportTask) -> None:
    for text in ("Tiang digeser Rabu", "Tiang digeser Kamis"):
        client.post(address(task), {"text": text})
    told = Outbound.objects.get(purpose="task_answered")
    assert told.to_staff == "oki@contoh.go.id"
    assert "sudah dijawab" in told.subject
    assert f"/meja/l/{task.report.tracking_code}/" in told.body
    assert "Tiang" not in told.body
    second = actions.split(
        report=task.report, by=people.doing(people.oki), instruction="Rambu", agency=people.transport
    )
    actions.answer_task(task=second, by=people.doing(people.dewi), text="Rambu terpasang")
    assert Outbound.objects.filter(purpose="task_answered").count() == 2


def test_a_report_between_agencies_has_its_answers_read_by_the_coordinator(people: People, task: ReportTask) -> None:
    reason = report_reference().reasons_for(Reason.Use.RETURN)[0]
    actions.return_(report=task.report, by=people.doing(people.oki), reason=reason.code)
    actions.answer_task(task=task, by=PARTNER, text="Tiang digeser")
    assert Outbound.objects.get(purpose="task_answered").to_staff == "kun@contoh.go.id"


def test_an_expired_link_is_renewed_with_a_button(client: Client, people: People, task: ReportTask) -> None:
    path = f"/meja/l/{task.report.tracking_code}/"
    client.force_login(people.oki)
    assert "Perpanjang 14 hari" not in client.get(path).content.decode()
    ReportTask.objects.filter(pk=task.pk).update(link_expires_at=timezone.now() - timedelta(days=1))
    assert "Perpanjang 14 hari" in client.get(path).content.decode()
    page = client.post(f"{path}tugas/{task.pk}/", {"renew": "1"}, follow=True).content.decode()
    assert "Tautan untuk PLN Bojonegoro berlaku lagi sampai" in page
    assert "Tautan pihak luar diperpanjang" in page
    assert Client().get(address(task)).status_code == 200
    task.refresh_from_db()
    assert task.link_expires_at is not None
    assert task.link_expires_at > timezone.now() + timedelta(days=13)
    assert task.report.events.filter(verb="renew_task").count() == 1


def test_only_the_cases_own_people_renew_and_only_a_link_that_is_there(people: People, task: ReportTask) -> None:
    with pytest.raises(Refused):
        actions.renew_task(task=task, by=people.doing(people.dewi))
    oki = people.doing(people.oki)
    inside = actions.split(report=task.report, by=oki, instruction="Rambu", agency=people.transport)
    actions.close_task(task=task, by=oki, accept=False)
    for without in (inside, task):
        with pytest.raises(Refused):
            actions.renew_task(task=without, by=oki)


def test_the_link_runs_out(client: Client, task: ReportTask) -> None:
    ReportTask.objects.filter(pk=task.pk).update(link_expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get(address(task))
    assert answer.status_code == 410
    assert "Minta tautan baru" in answer.content.decode()
    assert client.post(address(task), {"text": "x"}).status_code == 410


@pytest.mark.parametrize("token", ["x", "1", "Mg:1uXw0R:aaaa", "☃", "a" * 3000, "..", "%00"])
def test_a_forged_link_is_refused(client: Client, regency: object, token: str) -> None:
    assert client.get(f"/tugas/{token}/").status_code in {400, 404}


def test_a_link_for_one_thing_opens_no_other(client: Client, people: People, case: Report, task: ReportTask) -> None:
    inside = actions.split(report=case, by=people.doing(people.oki), instruction="Rambu", agency=people.transport)
    for token in (
        signing.dumps(inside.pk, salt=SALT),  # a colleague's task has no link
        signing.dumps(task.pk, salt="reports.identity"),
        signing.dumps("x", salt=SALT) + "y",
    ):
        assert client.get(f"/tugas/{token}/").status_code == 404


def test_of_a_secret_report_only_the_task_is_told(client: Client, people: People) -> None:
    report = actions.file_report(
        actions.Filing(body="Kabel menjuntai di rumah Pak Lurah", submission="s", secret=True, place_text="Gang 3")
    )
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    oki = people.doing(people.oki)
    task = actions.split(report=report, by=oki, instruction="Periksa kabel", partner_name="PLN")
    page = client.get(address(task)).content.decode()
    assert "Periksa kabel" in page
    assert "Lurah" not in page
    assert "Gang 3" not in page
