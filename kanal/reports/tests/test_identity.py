"""Opening a reporter's name: with a reason, on the record, for a quarter of an hour, and only by those who may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.models import User
from kanal.channels.models import Outbound
from kanal.reports import actions, grants
from kanal.reports.models import Report
from tests.support.people import People


@pytest.fixture
def case(people: People, sari_reports: Report) -> Report:
    return actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))


def anonymous_case(people: People) -> Report:
    report = actions.file_report(
        actions.Filing(body="Petugas meminta uang di loket", submission="a", email="sari@contoh.id", anonymous=True)
    )
    return actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))


def look(client: Client, user: User, report: Report) -> str:
    client.force_login(user)
    return client.get(f"/meja/l/{report.tracking_code}/").content.decode()


def ask(client: Client, user: User, report: Report, reason: str = "Perlu alamat untuk survei") -> int:
    client.force_login(user)
    return client.post(f"/meja/l/{report.tracking_code}/identitas/", {"reason": reason}).status_code


def still_open(client: Client, report: Report) -> str:
    return client.get(f"/meja/l/{report.tracking_code}/").content.decode()


def test_the_name_is_closed_until_somebody_says_why(client: Client, people: People, case: Report) -> None:
    page = look(client, people.oki, case)
    assert "Sari Utami" not in page
    assert "sari@contoh.id" not in page
    assert "Minta membuka identitas" in page


def test_with_a_reason_it_shows_and_the_reason_is_in_the_history(client: Client, people: People, case: Report) -> None:
    assert ask(client, people.oki, case) == 302
    page = still_open(client, case)
    assert "Sari Utami" in page
    assert "sari@contoh.id" in page
    event = case.events.get(verb="open_identity")
    assert (event.user, event.note, event.public) == (people.oki, "Perlu alamat untuk survei", False)


def test_without_a_reason_it_stays_closed(client: Client, people: People, case: Report) -> None:
    assert ask(client, people.oki, case, reason="   ") == 400
    assert "Sari Utami" not in still_open(client, case)
    assert not case.events.filter(verb="open_identity").exists()


def test_it_closes_by_itself(client: Client, people: People, case: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(client, people.oki, case)
    later = timezone.now() + timedelta(minutes=grants.MINUTES, seconds=1)
    monkeypatch.setattr("kanal.reports.grants.timezone.now", lambda: later)
    assert "Sari Utami" not in still_open(client, case)


def test_it_can_be_closed_before(client: Client, people: People, case: Report) -> None:
    ask(client, people.oki, case)
    client.post(f"/meja/l/{case.tracking_code}/identitas/", {"close": "1"})
    assert "Sari Utami" not in still_open(client, case)


def test_a_grant_belongs_to_one_person_and_one_report(client: Client, people: People, case: Report) -> None:
    other = actions.file_report(
        actions.Filing(body="Lampu jalan mati di Jono", submission="o", email="budi@contoh.id", name="Budi Santoso")
    )
    actions.assign(report=other, agency=people.roads, by=people.doing(people.kun))
    ask(client, people.oki, case)
    session = client.session
    session[grants.KEY] = {**session[grants.KEY], other.tracking_code: session[grants.KEY][case.tracking_code]}
    session.save()
    assert "Budi Santoso" not in client.get(f"/meja/l/{other.tracking_code}/").content.decode()
    stolen = session[grants.KEY]
    client.force_login(people.heni)
    session = client.session
    session[grants.KEY] = stolen
    session.save()
    assert "Sari Utami" not in still_open(client, case)


@pytest.mark.parametrize("note", ["", "palsu", "eyJ:1:2", None, ["x"]])
def test_a_forged_grant_opens_nothing(client: Client, people: People, case: Report, note: object) -> None:
    client.force_login(people.oki)
    session = client.session
    session[grants.KEY] = {case.tracking_code: note}
    session.save()
    assert "Sari Utami" not in still_open(client, case)


def test_nobody_of_the_agency_opens_an_anonymous_name(client: Client, people: People) -> None:
    report = anonymous_case(people)
    for user in (people.oki, people.heni):
        assert ask(client, user, report) == 403
        assert "sari@contoh.id" not in still_open(client, report)
    assert not report.events.filter(verb="open_identity").exists()


def test_the_coordinator_may_and_the_inspectorate_hears_of_it(client: Client, people: People) -> None:
    report = anonymous_case(people)
    assert ask(client, people.kun, report) == 302
    assert "sari@contoh.id" in still_open(client, report)
    notice = Outbound.objects.get(purpose="identity_opened")
    assert notice.to_staff == people.ida.email


def test_leaders_strangers_and_guests_never_do(client: Client, people: People, case: Report) -> None:
    actions.split(report=case, by=people.doing(people.oki), instruction="Pasang rambu", agency=people.transport)
    assert ask(client, people.laras, case) == 403
    assert ask(client, people.dewi, case) == 403
    assert ask(client, people.ida, case) == 404
    assert not case.events.filter(verb="open_identity").exists()


def test_the_page_is_never_kept_by_the_browser(client: Client, people: People, case: Report) -> None:
    client.force_login(people.oki)
    assert "no-store" in client.get(f"/meja/l/{case.tracking_code}/").headers["Cache-Control"]
