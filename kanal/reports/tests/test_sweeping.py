"""What time itself does: silence closes, unanswered questions end, lateness climbs, holidays move deadlines."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kanal.agencies.models import Holiday
from kanal.agencies.queries import forget, reference
from kanal.channels.models import Outbound
from kanal.common import tasks as work
from kanal.common.photo_files import write_file
from kanal.common.worker import Worker
from kanal.reports import actions, tasks
from kanal.reports.actions import attachments, sweeping
from kanal.reports.models import Report, ReportClock, ReportTask
from kanal.reports.workflow import Clock, Kind, Status
from tests.support.people import People

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 3, tzinfo=timezone.get_default_timezone())


def later(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def answered(report: Report, people: People) -> Report:
    oki, heni = people.doing(people.oki), people.doing(people.heni)
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    actions.draft_answer(report=report, by=oki, text="Lubang sudah ditambal hari ini.")
    actions.submit_answer(report=report, by=oki)
    actions.approve_answer(report=report, by=heni)
    actions.publish_answer(report=report, by=oki)
    return report


def again(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def test_silence_after_an_answer_closes_the_report_once(sari_reports: Report, people: People) -> None:
    answered(sari_reports, people)
    assert sweeping.close_silent() == 0
    assert sweeping.close_silent(at=later(40)) == 1
    assert again(sari_reports).status == Status.CLOSED
    assert sweeping.close_silent(at=later(40)) == 0


def test_one_who_asked_for_more_is_not_closed_by_silence(sari_reports: Report, people: People) -> None:
    answered(sari_reports, people)
    actions.ask_reopen(report=again(sari_reports), note="Masih berlubang di sisi kiri.")
    assert sweeping.close_silent(at=later(40)) == 0


def test_a_question_without_reply_ends_in_the_archive(sari_reports: Report, people: People) -> None:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    actions.ask_info(report=sari_reports, by=people.doing(people.oki), question="Di dekat apa?")
    assert sweeping.archive_unanswered_questions() == 0
    assert sweeping.archive_unanswered_questions(at=later(40)) == 1
    assert again(sari_reports).archive_reason == "no_reply"


def test_an_overdue_report_climbs_to_the_head_once(sari_reports: Report, people: People) -> None:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    assert sweeping.escalate_overdue() == 0
    assert sweeping.escalate_overdue(at=later(60)) == 1
    assert sweeping.escalate_overdue(at=later(61)) == 0
    assert Outbound.objects.filter(purpose="escalated", to_staff="heni@contoh.go.id").count() == 1


def many_late(people: People, number: int, **more: object) -> None:
    for each in range(number):
        report = actions.file_report(actions.Filing(body=f"Lubang {each}.", submission=f"banyak-{each}", **more))  # type: ignore[arg-type]  # a test's own words
        actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))


def test_more_than_five_at_once_are_for_the_morning_letter(people: People) -> None:
    many_late(people, sweeping.MOST_LETTERS + 1)
    assert sweeping.escalate_overdue(at=later(60)) == 6
    assert not Outbound.objects.filter(purpose="escalated").exists()
    assert Report.objects.filter(escalated_at__isnull=False).count() == 6
    assert sweeping.escalate_overdue(at=later(60)) == 0


def test_up_to_five_at_once_are_told_one_by_one(people: People) -> None:
    many_late(people, sweeping.MOST_LETTERS)
    sweeping.escalate_overdue(at=later(60))
    assert Outbound.objects.filter(purpose="escalated", to_staff="heni@contoh.go.id").count() == 5


def test_overdue_in_confidence_is_told_to_the_inspectors_alone(people: People) -> None:
    actions.file_report(actions.Filing(body="Setoran liar.", submission="wbs", kind=Kind.WHISTLEBLOWING))
    assert sweeping.escalate_overdue(at=later(200)) == 1
    assert set(Outbound.objects.filter(purpose="escalated").values_list("to_staff", flat=True)) == {"ida@contoh.go.id"}


def test_a_new_holiday_moves_running_deadlines_and_the_reports_own(sari_reports: Report) -> None:
    clock = ReportClock.objects.get(report=sari_reports, kind=Clock.VERIFY)
    Holiday.objects.create(date=clock.due_on, name="Libur daerah")
    assert sweeping.recompute_clocks() >= 1
    moved = ReportClock.objects.get(pk=clock.pk)
    assert moved.due_on > clock.due_on
    assert again(sari_reports).due_on == moved.due_on
    assert sweeping.recompute_clocks() == 0


def test_met_clocks_stay_as_they_were(sari_reports: Report, people: People) -> None:
    clock = ReportClock.objects.get(report=sari_reports, kind=Clock.VERIFY)
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    Holiday.objects.create(date=clock.due_on, name="Libur daerah")
    sweeping.recompute_clocks()
    assert ReportClock.objects.get(pk=clock.pk).due_on == clock.due_on


def test_a_task_of_another_agency_moves_too(sari_reports: Report, people: People) -> None:
    kun = people.doing(people.kun)
    actions.assign(report=sari_reports, agency=people.roads, by=kun)
    actions.split(report=sari_reports, by=kun, instruction="Periksa lampu", agency=people.transport)
    task = ReportTask.objects.get(report=sari_reports)
    Holiday.objects.create(date=task.due_on, name="Libur daerah")
    sweeping.recompute_clocks()
    assert ReportTask.objects.get(pk=task.pk).due_on > task.due_on


def test_saving_holidays_asks_the_worker_once() -> None:
    for day in (10, 11, 12):
        Holiday.objects.create(date=date(2027, 3, day), name="Cuti bersama")
    asked = [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]
    assert asked == [[tasks.RECOMPUTE, "soon"]]


APART = frozenset(("mine", "learn-routing", "weekly-brief"))
"""Due on some days and hours only, and done by a process of their own, which cannot see this test's database."""


def test_the_worker_runs_every_job_of_the_room(sari_reports: Report, people: People) -> None:
    work.discover()
    names = {run.name for run in work.due_runs(MONDAY.replace(hour=9))}
    assert names >= {
        *("close-silent", "archive-unanswered", "escalate-overdue", "digest", "calendar-warning", "recompute-clocks"),
        *("retention", "tidy-search", "parked-photos", "figures", "files-without-row", "prune-tasks", "clear-sessions"),
    }
    Worker().run_until_idle()
    failed = DBTaskResult.objects.exclude(status="SUCCESSFUL")
    ours = [row for row in failed if row.args_kwargs["args"][0] not in APART]
    assert [(row.args_kwargs, row.traceback) for row in ours] == []


def test_the_regencys_own_zone_times_the_daily_jobs() -> None:
    forget()
    job = next(run for run in work.due_runs(MONDAY.replace(hour=9)) if run.name == "digest")
    assert job.due_at.astimezone(reference().tz).strftime("%H:%M") == "06:30"


def test_a_photo_without_a_row_goes_after_a_day_and_one_with_a_row_stays(sari_reports: Report) -> None:
    kept = write_file(f"reports/ab/{sari_reports.tracking_code}-{'a' * 16}.jpg", b"x", encrypted=False)
    thumb = write_file(f"reports/ab/{sari_reports.tracking_code}-{'a' * 16}-s.jpg", b"x", encrypted=False)
    loose = write_file(f"reports/ab/{sari_reports.tracking_code}-{'b' * 16}.jpg", b"x", encrypted=False)
    sari_reports.attachments.create(
        name="a", path=kept, thumb_path=thumb, content_type="image/jpeg", size=1, width=1, height=1, sha256="a" * 64
    )
    assert attachments.remove_loose_files() == 0
    assert attachments.remove_loose_files(older_than=timedelta(seconds=-5)) == 1
    assert [default_storage.exists(path) for path in (kept, thumb, loose)] == [True, True, False]
