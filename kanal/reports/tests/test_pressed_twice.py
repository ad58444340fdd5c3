"""A slow connection presses a button twice: what was said is said once, counted once and mailed once."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from kanal.channels.models import Outbound
from kanal.reports import actions
from kanal.reports.models import Report, ReportTask
from kanal.reports.queries import private_link_token
from tests.support.people import People


@pytest.fixture
def answered(people: People, sari_reports: Report) -> Report:
    kun, oki, heni = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    actions.assign(report=sari_reports, agency=people.roads, by=kun)
    actions.draft_answer(report=sari_reports, by=oki, text="Sudah ditambal.")
    actions.submit_answer(report=sari_reports, by=oki)
    actions.approve_answer(report=sari_reports, by=heni)
    actions.publish_answer(report=sari_reports, by=oki)
    return sari_reports


@pytest.fixture
def task(people: People, answered: Report) -> ReportTask:
    oki = people.doing(people.oki)
    actions.reopen(report=answered, by=people.doing(people.kun))
    return actions.split(report=answered, by=oki, instruction="Geser tiang", partner_name="PLN", partner_email="a@x.id")


def lines(report: Report, verb: str) -> int:
    return report.events.filter(verb=verb).count()


@pytest.mark.parametrize(
    ("part", "form", "verb"),
    [
        ("nilai", {"stars": "5", "comment": "Cepat."}, "feedback"),
        ("kontak", {"email": "baru@contoh.id", "phone": "081298765432"}, "add_contact"),
    ],
)
def test_the_reporter(client: Client, answered: Report, part: str, form: dict[str, str], verb: str) -> None:
    address = f"/lacak/{answered.tracking_code}/{private_link_token(answered)}/{part}/"
    assert [client.post(address, form).status_code for _press in range(2)] == [303, 303]
    assert lines(answered, verb) == 1


def test_another_rating_and_another_address_are_no_repetition(client: Client, answered: Report) -> None:
    address = f"/lacak/{answered.tracking_code}/{private_link_token(answered)}/"
    for stars in ("4", "5"):
        client.post(address + "nilai/", {"stars": stars})
    for email in ("satu@contoh.id", "dua@contoh.id"):
        client.post(address + "kontak/", {"email": email})
    assert (lines(answered, "feedback"), lines(answered, "add_contact")) == (2, 2)


def test_a_partner(client: Client, task: ReportTask) -> None:
    address = urlsplit(actions.partner_link(task)).path
    for text in ("Digeser Rabu", "Digeser Rabu", "Digeser Kamis"):
        assert client.post(address, {"text": text}).status_code == 302
    assert lines(task.report, "answer_task") == 2


def test_an_officer_who_renews_a_link(people: People, task: ReportTask) -> None:
    oki = people.doing(people.oki)
    later = task.opened_at.replace(year=task.opened_at.year + 1)
    for _press in range(2):
        actions.renew_task(task=task, by=oki, at=later)
    assert lines(task.report, "renew_task") == 1
    assert Outbound.objects.filter(purpose="task").count() == 2


def test_a_reader_who_finds_something_unfit(client: Client, answered: Report) -> None:
    address = f"/aduan/{answered.tracking_code}/tidak-pantas/"
    for reason in ("Ada nama orang", "Ada nama orang", "Ada alamat rumah"):
        assert client.post(address, {"reason": reason}).status_code == 303
    assert lines(answered, "flag_content") == 2


def test_a_neighbour_who_has_the_same_trouble(answered: Report) -> None:
    page, address = Client(enforce_csrf_checks=True), f"/aduan/{answered.tracking_code}/"
    page.get(address)
    mark = page.cookies["csrftoken"].value
    for _press in range(2):
        press = Client(enforce_csrf_checks=True)  # both left before the first answer brought its cookie
        press.cookies["csrftoken"] = mark
        assert press.post(address + "dukung/", {"csrfmiddlewaretoken": mark}).status_code == 303
    answered.refresh_from_db()
    assert answered.supporters_count == 1
