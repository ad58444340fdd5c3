"""The morning letter: once a day, on working days, to those whose agencies have something to do; no names."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import reference
from kanal.channels.models import Outbound
from kanal.reports import actions
from kanal.reports.actions import digest
from kanal.reports.models import Report
from tests.support.people import People

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 3, 2, 6, 30, tzinfo=WIB)
SUNDAY = datetime(2026, 3, 1, 6, 30, tzinfo=WIB)


@pytest.fixture
def late(sari_reports: Report, people: People) -> Report:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    Report.objects.filter(pk=sari_reports.pk).update(due_on=MONDAY.date() - timedelta(days=4))
    return sari_reports


def letters() -> dict[str, Outbound]:
    return {row.to_staff: row for row in Outbound.objects.filter(purpose="digest")}


def test_officer_and_head_hear_what_is_late_and_others_hear_nothing(late: Report, people: People) -> None:
    assert digest.send_digest(at=MONDAY) == 2
    assert set(letters()) == {"oki@contoh.go.id", "heni@contoh.go.id"}
    body = letters()["oki@contoh.go.id"].body
    assert "1 laporan lewat tenggat." in body
    assert "1 laporan belum mulai ditangani." in body
    assert late.tracking_code in body
    assert "Jono, Kec. Temayang" in body
    assert "/meja/" in body


def test_no_word_of_the_citizen_is_in_it(late: Report) -> None:
    digest.send_digest(at=MONDAY)
    body = letters()["oki@contoh.go.id"].body
    for secret in ("Sari", "sari@contoh.id", "0812", "mata kaki", late.title):
        assert secret not in body


def test_it_is_sent_once_a_day(late: Report) -> None:
    digest.send_digest(at=MONDAY)
    digest.send_digest(at=MONDAY + timedelta(hours=1))
    assert len(letters()) == 2
    digest.send_digest(at=MONDAY + timedelta(days=1))
    assert Outbound.objects.filter(purpose="digest").count() == 4


def test_nobody_is_bothered_on_a_day_off_or_for_nothing(late: Report, people: People) -> None:
    assert digest.send_digest(at=SUNDAY) == 0
    Report.objects.update(status="closed", answered_at=MONDAY, closed_at=MONDAY)
    assert digest.send_digest(at=MONDAY) == 0


def test_the_head_hears_of_answers_that_wait_for_approval(late: Report, people: People) -> None:
    oki = people.doing(people.oki)
    actions.draft_answer(report=late, by=oki, text="Sudah ditambal.")
    actions.submit_answer(report=late, by=oki)
    digest.send_digest(at=MONDAY)
    assert "1 jawaban menunggu persetujuan Anda." in letters()["heni@contoh.go.id"].body
    assert "persetujuan" not in letters()["oki@contoh.go.id"].body


def test_the_head_hears_how_many_climbed_since_the_last_letter(late: Report) -> None:
    Report.objects.update(escalated_at=MONDAY - timedelta(days=2))  # on Saturday; the last letter came on Friday
    digest.send_digest(at=MONDAY)
    assert "1 di antaranya baru dinaikkan kepada Anda." in letters()["heni@contoh.go.id"].body
    assert "dinaikkan" not in letters()["oki@contoh.go.id"].body
    digest.send_digest(at=MONDAY + timedelta(days=1))
    last = Outbound.objects.filter(purpose="digest", to_staff="heni@contoh.go.id").latest("pk")
    assert "dinaikkan" not in last.body


def test_coordinators_hear_of_what_nobody_passed_on_in_time(sari_reports: Report, people: People) -> None:
    assert digest.send_digest(at=MONDAY) == 0
    Report.objects.update(due_on=MONDAY.date() - timedelta(days=4))
    assert digest.send_digest(at=MONDAY) == 1
    body = letters()["kun@contoh.go.id"].body
    assert "Belum diteruskan ke dinas\n1 laporan lewat tenggat." in body
    assert sari_reports.tracking_code in body


def test_one_person_with_two_agencies_gets_one_letter(late: Report, people: People) -> None:
    Membership.objects.create(user=people.oki, agency=people.transport, role=Membership.Role.OFFICER)
    other = actions.file_report(actions.Filing(body="Lampu merah mati.", submission="lain"))
    actions.assign(report=other, agency=people.transport, by=people.doing(people.kun))
    digest.send_digest(at=MONDAY)
    body = letters()["oki@contoh.go.id"].body
    assert people.roads.name in body
    assert people.transport.name in body


def test_the_number_of_queries_does_not_grow_with_the_reports(
    late: Report, people: People, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        report = actions.file_report(actions.Filing(body=f"Lubang {number}.", submission=str(number)))
        Report.objects.filter(pk=report.pk).update(
            agency=people.roads, status="assigned", due_on=MONDAY.date() - timedelta(days=number)
        )
    # people, counts, one list of lines for each agency with something urgent, the letters (checked and written)
    with django_assert_max_num_queries(10):  # type: ignore[operator]  # pytest-django's fixture
        digest.send_digest(at=MONDAY)
    body = letters()["oki@contoh.go.id"].body
    assert body.count("\n- ") == digest.LINES


def test_administrators_hear_of_an_uncertain_calendar_once(people: People) -> None:
    october = datetime(2027, 10, 4, 7, tzinfo=WIB)
    assert not reference().calendar.confirmed(2028)
    assert digest.warn_of_calendar(at=october) >= 1
    digest.warn_of_calendar(at=october + timedelta(days=1))
    rows = Outbound.objects.filter(purpose="calendar", dedupe_key__contains=":2028:")
    assert [row.to_staff for row in rows] == ["agus@contoh.go.id"]
    assert "2028" in rows[0].body


def test_an_agency_without_people_is_no_trouble(late: Report, people: People) -> None:
    empty = Agency.objects.exclude(pk__in=[people.roads.pk, people.transport.pk]).first()
    Report.objects.filter(pk=late.pk).update(agency=empty)
    assert digest.send_digest(at=MONDAY) == 0
