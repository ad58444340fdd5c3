"""Terms of keeping: without rules nothing goes; with them reporters become anonymous, reports are destroyed, once."""

from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from PIL import Image

from kanal.channels.models import Address, Contact, Inbound, Outbound
from kanal.common.images import sanitise
from kanal.reports import actions
from kanal.reports.actions import retention
from kanal.reports.models import Destruction, Feedback, Follower, Report, ReportEvent, RetentionRule
from kanal.reports.models import RetentionRule as Rule
from tests.support.people import People

pytestmark = pytest.mark.django_db
YEARS_LATER = timezone.now() + timedelta(days=800)
BASIS = "Jadwal Retensi Arsip 2026"


def rule(act: str, days: int, kind: str = "", since: date = date(2020, 1, 1)) -> RetentionRule:
    return RetentionRule.objects.create(act=act, after_days=days, kind=kind, rule=BASIS, valid_from=since)


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "gray").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def closed(sari_reports: Report, people: People) -> Report:
    """Sari's report with everything that can hang on one: photo, question and reply, answer, feedback, letters."""
    report, oki = sari_reports, people.doing(people.oki)
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    actions.ask_info(report=report, by=oki, question="Di dekat apa?")
    actions.reply(report=report, text="Di depan rumah saya, nomor 12.", photos=[sanitise(photo(), name="jalan.jpg")])
    actions.draft_answer(report=report, by=oki, text="Sudah ditambal.")
    actions.submit_answer(report=report, by=oki)
    actions.approve_answer(report=report, by=people.doing(people.heni))
    actions.publish_answer(report=report, by=oki)
    actions.give_feedback(report=report, stars=5, comment="Terima kasih, dari Sari.")
    return Report.objects.get(pk=report.pk)


def run(at: datetime = YEARS_LATER) -> tuple[int, int]:
    return retention.run(at=at)


def files() -> list[str]:
    return [path.name for path in Path(settings.MEDIA_ROOT).rglob("*.jpg")]


def test_without_rules_nothing_goes(closed: Report) -> None:
    assert run() == (0, 0)
    out = StringIO()
    call_command("retention", stdout=out)
    assert "Belum ada masa simpan" in out.getvalue()


def test_nothing_goes_before_its_term_or_while_open(closed: Report, sari_reports: Report) -> None:
    rule(Rule.Act.DESTROY, 365)
    assert run(timezone.now() + timedelta(days=364)) == (0, 0)
    Report.objects.update(status="in_progress", closed_at=None)
    assert run() == (0, 0)


def test_an_anonymous_report_keeps_what_was_public_and_loses_its_person(closed: Report) -> None:
    rule(Rule.Act.ANONYMISE, 365)
    assert run() == (0, 1)
    report = Report.objects.get(pk=closed.pk)
    assert report.contact_id is None
    assert report.anonymised_at is not None
    assert report.body == closed.public_body
    assert "081234567890" not in report.body
    assert not Contact.objects.exists()
    assert not Address.objects.exists()
    assert not Follower.objects.filter(report=report).exists()
    assert not Outbound.objects.filter(reference=report.tracking_code, to_staff="").exists()
    assert Inbound.objects.get(report=report).text == ""
    assert Feedback.objects.get(report=report).comment == ""
    assert Feedback.objects.get(report=report).stars == 5
    assert report.answers.get().text == "Sudah ditambal."


def test_the_reporters_words_leave_the_history_but_its_lines_stay(closed: Report) -> None:
    before = list(ReportEvent.objects.filter(report=closed).order_by("at", "id").values_list("verb", "at", "by"))
    rule(Rule.Act.ANONYMISE, 365)
    run()
    after = ReportEvent.objects.filter(report=closed).order_by("at", "id")
    assert sorted(after.values_list("verb", "at", "by")) == sorted(before)
    assert [line.note for line in after if line.by == "reporter"] == [""] * sum(
        1 for line in before if line[2] == "reporter"
    )
    assert "Di dekat apa?" in [line.note for line in after]


def test_a_title_that_staff_took_from_the_public_leaves_the_history_too(closed: Report, people: People) -> None:
    Report.objects.filter(pk=closed.pk).update(title="Rumah Pak Zebra ambruk")
    new = {"title": "Rumah warga ambruk", "public_body": "Rumah warga ambruk.", "published": True}
    actions.edit_public_text(report=closed, by=people.doing(people.kun), **new)  # type: ignore[arg-type]  # as in a form
    rule("anonymise", 30)
    run()
    line = ReportEvent.objects.get(report=closed, verb="edit_public_text")
    assert line.user == people.kun
    assert line.data == {"published": [True, True]}


def test_each_is_done_once_and_registered(closed: Report) -> None:
    rule(Rule.Act.ANONYMISE, 365)
    assert run() == (0, 1)
    assert run() == (0, 0)
    line = Destruction.objects.get()
    assert (line.act, line.tracking_code, line.kind, line.rule) == (
        "anonymise",
        closed.tracking_code,
        "complaint",
        BASIS,
    )


def test_a_destroyed_report_leaves_a_line_in_the_register_and_nothing_else(
    closed: Report, django_capture_on_commit_callbacks: Any
) -> None:
    assert len(files()) == 2
    rule(Rule.Act.DESTROY, 365)
    with django_capture_on_commit_callbacks(execute=True):
        assert run() == (1, 0)
    assert not Report.objects.filter(pk=closed.pk).exists()
    assert not Contact.objects.exists()
    assert not Inbound.objects.exists()
    assert not Outbound.objects.filter(reference=closed.tracking_code).exists()
    assert files() == []
    with connection.cursor() as cursor:
        column = "rowid" if connection.vendor == "sqlite" else "report_id"
        cursor.execute(f"SELECT count(*) FROM reports_search WHERE {column} = %s", [closed.pk])
        assert cursor.fetchone() == (0,)
    line = Destruction.objects.get()
    assert (line.act, line.tracking_code) == ("destroy", closed.tracking_code)


def test_who_has_another_report_or_follows_one_is_kept(closed: Report) -> None:
    other = actions.file_report(actions.Filing(body="Lampu mati.", submission="lain", email="sari@contoh.id"))
    rule(Rule.Act.ANONYMISE, 365)
    run()
    other.refresh_from_db()
    assert other.contact
    assert [a.handle for a in other.contact.addresses.all()] == ["sari@contoh.id"]


def test_who_asked_not_to_be_written_to_is_remembered_by_the_hash_alone(closed: Report) -> None:
    Address.objects.update(state=Address.State.OPTED_OUT)
    rule(Rule.Act.ANONYMISE, 365)
    run()
    address = Address.objects.get()
    assert (address.handle, address.state) == ("", Address.State.OPTED_OUT)
    assert address.handle_hash
    assert Contact.objects.get().name == ""


def test_merged_reports_go_with_their_main_one_and_never_before(closed: Report, people: People) -> None:
    other = actions.file_report(actions.Filing(body="Jalan Jono berlubang.", submission="lain"))
    Report.objects.filter(pk=other.pk).update(status="merged", merged_into=closed, closed_at=closed.closed_at)
    rule(Rule.Act.DESTROY, 365)
    assert run() == (1, 0)
    assert not Report.objects.exists()
    assert set(Destruction.objects.values_list("tracking_code", flat=True)) == {
        closed.tracking_code,
        other.tracking_code,
    }


def test_the_rule_of_a_kind_beats_the_general_one(closed: Report) -> None:
    rule(Rule.Act.DESTROY, 30)
    rule(Rule.Act.DESTROY, 9999, kind="complaint")
    assert run() == (0, 0)


def test_the_newest_rule_in_force_counts(closed: Report) -> None:
    rule(Rule.Act.DESTROY, 9999)
    rule(Rule.Act.DESTROY, 30, since=date(2026, 1, 1))
    RetentionRule.objects.create(
        act=Rule.Act.ANONYMISE, after_days=1, rule=BASIS, valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1)
    )
    assert run() == (1, 0)


def test_a_report_opened_again_meanwhile_is_left_alone(closed: Report) -> None:
    rule(Rule.Act.DESTROY, 30)
    items = list(retention.due(at=YEARS_LATER))
    Report.objects.filter(pk=closed.pk).update(status="in_progress", closed_at=None)
    assert [retention.apply(item) for item in items] == [False]


def test_a_dry_run_lists_and_changes_nothing(closed: Report) -> None:
    rule(Rule.Act.ANONYMISE, 30)
    Report.objects.filter(pk=closed.pk).update(closed_at=timezone.now() - timedelta(days=60))
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert closed.tracking_code in out.getvalue()
    assert BASIS in out.getvalue()
    assert "Akan dianonimkan: 1" in out.getvalue()
    assert Report.objects.get(pk=closed.pk).anonymised_at is None
    call_command("retention", stdout=out)
    assert Report.objects.get(pk=closed.pk).anonymised_at is not None
