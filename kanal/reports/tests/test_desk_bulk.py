"""One verb for several reports: each on its own, refusals told by name, done once however often it is sent."""

from typing import Any

from django.test import Client

from kanal.agencies.models import User
from kanal.reports import actions
from kanal.reports.actions.bulk import MOST
from kanal.reports.forms.desk_bulk import MANY, read_chosen
from kanal.reports.models import Report, ReportEvent
from kanal.reports.workflow import Kind, Status
from tests.support.people import People

BULK = "/meja/massal/"


def file(**more: Any) -> Report:
    number = Report.objects.count()
    body = "Lampu jalan mati sejak tiga hari di depan balai desa."
    return actions.file_report(actions.Filing(body=body, submission=f"massal-{number}", **more))


def ticked(*reports: Report) -> list[str]:
    return [f"{report.tracking_code}.{report.version}" for report in reports]


def send(client: Client, user: User, verb: str, values: list[str], **fields: str) -> str:
    """Do it, and read the page one comes back to."""
    client.force_login(user)
    data = {"verb": verb, "pilih": values, "langkah": "lakukan", **fields}
    response = client.post(BULK, data, follow=True)
    return response.content.decode()


def test_the_first_step_asks_what_is_missing_and_changes_nothing(people: People, client: Client) -> None:
    reports = [file(), file()]
    client.force_login(people.kun)
    response = client.post(BULK, {"verb": "assign", "pilih": ticked(*reports), "kembali": "tampilan=baru"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Teruskan ke" in page
    assert all(report.tracking_code in page for report in reports)
    assert not ReportEvent.objects.filter(verb="assign").exists()


def test_many_go_to_one_agency(people: People, client: Client) -> None:
    reports = [file(), file(), file()]
    page = send(client, people.kun, "assign", ticked(*reports), agency="pu-bina-marga", note="Tolong dicek.")
    assert "3 diteruskan." in page
    assert set(Report.objects.values_list("agency__code", "status")) == {("pu-bina-marga", Status.ASSIGNED)}


def test_refusals_are_told_by_name_and_stop_nobody_else(people: People, client: Client) -> None:
    good, changed, gone = file(), file(), file()
    values = ticked(good, changed, gone)
    actions.classify(
        report=changed,
        by=people.doing(people.kun),
        kind=Kind.COMPLAINT,
        supervision=False,
        category_id=None,
        region_id=None,
        place_text="",
    )
    actions.archive(report=gone, by=people.doing(people.kun), reason="spam")
    page = send(client, people.kun, "assign", values, agency="dishub")
    assert "1 diteruskan, 2 ditolak." in page
    assert changed.tracking_code in page
    assert gone.tracking_code in page
    good.refresh_from_db()
    assert good.status == Status.ASSIGNED


def test_sent_twice_it_is_done_once(people: People, client: Client) -> None:
    reports = [file(), file()]
    values = ticked(*reports)
    for _ in range(2):
        assert "2 diteruskan." in send(client, people.kun, "assign", values, agency="dishub")
    assert ReportEvent.objects.filter(verb="assign").count() == 2


def test_reports_of_others_are_not_found(people: People, client: Client) -> None:
    secret = file(kind=Kind.WHISTLEBLOWING)
    page = send(client, people.kun, "assign", ticked(secret), agency="dishub")
    assert "1 ditolak" in page
    secret.refresh_from_db()
    assert secret.agency_id is None


def test_merging_keeps_the_main_report(people: People, client: Client) -> None:
    main, first, second = file(), file(), file()
    client.force_login(people.kun)
    asked = client.post(BULK, {"verb": "merge", "pilih": ticked(main, first, second)}).content.decode()
    assert f'value="{main.tracking_code}"' in asked, "the oldest is proposed as the main one"
    values = ticked(main, first, second)
    for _ in range(2):
        page = send(client, people.kun, "merge", values, into=main.tracking_code.lower())
        assert "2 digabung." in page
    main.refresh_from_db()
    assert (main.status, main.supporters_count) == (Status.RECEIVED, 2)


def test_merging_into_nowhere_is_said_at_the_form(people: People, client: Client) -> None:
    client.force_login(people.kun)
    data = {"verb": "merge", "pilih": ticked(file()), "langkah": "lakukan", "into": "BJN-2222-2222"}
    response = client.post(BULK, data)
    assert response.status_code == 404
    assert "tidak ditemukan" in response.content.decode()
    assert client.post(BULK, {**data, "into": "???"}).status_code == 400


def test_archiving_needs_a_reason(people: People, client: Client) -> None:
    report = file()
    client.force_login(people.kun)
    data = {"verb": "archive", "pilih": ticked(report), "langkah": "lakukan"}
    assert "Pilih alasan" in client.post(BULK, data).content.decode()
    assert "1 diarsipkan." in send(client, people.kun, "archive", ticked(report), reason="spam")


def test_officers_flag_and_take_their_own(people: People, client: Client) -> None:
    mine, other = file(), file()
    actions.assign(report=mine, agency=people.roads, by=people.doing(people.kun))
    actions.assign(report=other, agency=people.transport, by=people.doing(people.kun))
    assert "1 Anda ambil, 1 ditolak." in send(client, people.oki, "take", ticked(mine, other))
    mine.refresh_from_db()
    assert mine.officer_id == people.oki.pk
    assert "1 ditandai reaksi cepat." in send(
        client, people.oki, "flag_rapid", ticked(mine), reason="kabel listrik putus di jalan"
    )


def test_verbs_that_are_not_theirs_are_refused(people: People, client: Client) -> None:
    client.force_login(people.oki)
    assert client.post(BULK, {"verb": "archive", "pilih": ticked(file())}).status_code == 403
    assert client.post(BULK, {"verb": "destroy", "pilih": ticked(file())}).status_code == 400
    client.force_login(people.laras)
    assert client.post(BULK, {"verb": "assign", "pilih": ticked(file())}).status_code == 403


def test_more_than_twenty_ask_for_a_second_look(people: People, client: Client) -> None:
    reports = [file() for _ in range(MANY + 1)]
    client.force_login(people.kun)
    data = {"verb": "assign", "pilih": ticked(*reports), "langkah": "lakukan", "agency": "dishub"}
    response = client.post(BULK, data)
    assert response.status_code == 400
    assert "periksa daftarnya sekali lagi" in response.content.decode()
    assert not ReportEvent.objects.filter(verb="assign").exists()
    assert f"{MANY + 1} diteruskan." in send(client, people.kun, "assign", ticked(*reports), agency="dishub", sure="on")


def test_nothing_ticked_leads_back_to_the_same_list(people: People, client: Client) -> None:
    client.force_login(people.kun)
    response = client.post(BULK, {"verb": "assign", "kembali": "tampilan=baru&saluran=web"})
    assert response.headers["Location"] == "/meja/?tampilan=baru&saluran=web"
    assert client.get(BULK).status_code == 302


def test_the_way_back_never_leaves_the_queue(people: People, client: Client) -> None:
    client.force_login(people.kun)
    response = client.post(BULK, {"verb": "assign", "kembali": "//jahat.example/"})
    assert response.headers["Location"].startswith("/meja/?")


def test_what_cannot_be_a_ticked_report_is_passed_over(people: People) -> None:
    odd = ["", "x", "BJN-7K4M-Q2XD", "BJN-7K4M-Q2XD.", "BJN-7K4M-Q2XD.-1", "BJN-7K4M-Q2XD.²", "<b>.1", "." * 5000]
    assert read_chosen(odd) == []
    assert len(read_chosen(["BJN-7K4M-Q2XD.1", "bjn7k4mq2xd.1"])) == 1
    assert len(read_chosen(f"BJN-7K4M-{a}{b}{c}D.1" for a in "ACDEFGH" for b in "ACDEFGH" for c in "ACDEFGH")) == MOST
