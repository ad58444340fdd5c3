"""Both lives of a report, here and in SP4N-LAPOR!: compared, never overwritten, decided by people."""

import csv
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels.lapor import open_export
from kanal.channels.lapor.marker import marker
from kanal.channels.models import Medium
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.actions import lapor_mirror
from kanal.reports.actions.import_names import Names
from kanal.reports.actions.importing import Importer, Tally
from kanal.reports.mirror import Pair, advice, difference
from kanal.reports.models import LaporMirror, Report
from kanal.reports.queries.lapor import seen_of
from kanal.reports.workflow import Kind, Status
from tests.support.lapor import settings_for
from tests.support.people import People

pytestmark = pytest.mark.django_db
State, Task = LaporMirror.State, LaporMirror.Task
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _no_calls(settings: Settings) -> None:
    settings.LAPOR = settings_for()


@pytest.fixture
def assigned(people: People, sari_reports: Report) -> Report:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    return sari_reports


def mirror_of(report: Report) -> LaporMirror:
    return LaporMirror.objects.get(report=report)


def seen(report: Report) -> dict[str, Any]:
    mirror = mirror_of(report)
    return {"mirror": mirror, "seen": seen_of(mirror, Report.objects.get(pk=report.pk))}


def answer(report: Report, people: People) -> None:
    """Publish an answer, with the head's approval."""
    report.refresh_from_db()
    officer, head = people.doing(people.oki), people.doing(people.heni)
    actions.draft_answer(report=report, text="Lubang sudah kami tambal kemarin.", by=officer)
    actions.submit_answer(report=report, by=officer)
    actions.approve_answer(report=report, by=head)
    actions.publish_answer(report=report, by=officer)


def export(folder: Path, *rows: dict[str, str], age: timedelta = timedelta()) -> Path:
    """An export with these lines, downloaded that long ago."""
    usual = {
        "Tracking ID": "7000001",
        "Tanggal Laporan Masuk": "29 May 2023",
        "Klasifikasi Laporan": "Pengaduan",
        "Tipe Laporan": "",
        "Judul Laporan": "Jalan rusak di Jono",
        "Isi Laporan Awal": "Jalan di Jono rusak parah.",
        "Instansi Terdisposisi": "Dinas Pekerjaan Umum Bina Marga dan Penataan Ruang Kab. Bojonegoro",
        "Status Laporan": "Belum Terverifikasi",
    }
    path = folder / "laporan.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, usual)
        writer.writeheader()
        writer.writerows(usual | row for row in rows)
    at = (timezone.now() - age).timestamp()
    os.utime(path, (at, at))
    return path


def take(path: Path) -> Tally:
    importer = Importer(Names())
    importer.take(open_export(path))
    return importer.tally


# --- comparing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "told", "task"),
    [
        ("assigned", "received", Task.UPDATE),
        ("in_progress", "assigned", Task.UPDATE),
        ("needs_info", "in_progress", Task.UPDATE),
        ("archived", "in_progress", Task.UPDATE),
        ("merged", "received", Task.UPDATE),
        ("closed", "answered", Task.UPDATE),
        ("assigned", "assigned", Task.NONE),
        ("merged", "archived", Task.NONE),
        ("answered", "closed", Task.NONE),
        ("closed", "closed", Task.NONE),
        ("assigned", "in_progress", Task.LOOK),
        ("in_progress", "needs_info", Task.LOOK),
        ("in_progress", "answered", Task.LOOK),
        ("in_progress", "closed", Task.LOOK),
        ("answered", "archived", Task.LOOK),
        ("received", "assigned", Task.LOOK),
    ],
)
def test_what_is_ahead_here_is_entered_there_and_what_is_ahead_there_is_decided(
    ours: str, told: str, task: str
) -> None:
    assert difference(Pair(ours, told)) == task


@pytest.mark.parametrize(
    ("told", "told_at", "carried_at", "task"),
    [
        ("assigned", NOW, None, Task.ANSWER),
        ("assigned", None, None, Task.ANSWER),
        ("answered", NOW, None, Task.NONE),
        ("answered", NOW - timedelta(days=2), None, Task.ANSWER),
        ("answered", NOW - timedelta(days=2), NOW, Task.NONE),
        ("closed", NOW - timedelta(days=2), NOW - timedelta(days=2), Task.ANSWER),
    ],
)
def test_the_newest_answer_belongs_there_too(told: str, told_at: Any, carried_at: Any, task: str) -> None:
    pair = Pair("answered", told, told_at=told_at, answered_at=NOW - timedelta(days=1), carried_at=carried_at)
    assert difference(pair) == task


def test_a_difference_that_was_said_to_be_fine_is_fine_until_something_changes() -> None:
    pair = Pair("in_progress", "closed")
    assert difference(pair, accepted=pair.word) == Task.NONE
    assert difference(Pair("assigned", "closed"), accepted=pair.word) == Task.LOOK
    answered = Pair("answered", "assigned", answered_at=NOW)
    assert difference(answered, accepted=answered.word) == Task.NONE
    assert difference(Pair("answered", "assigned", answered_at=NOW + timedelta(1)), accepted=answered.word)


@pytest.mark.parametrize("ours", [status.value for status in Status])
@pytest.mark.parametrize("told", [status.value for status in Status])
def test_every_difference_has_its_sentence(ours: str, told: str) -> None:
    pair = Pair(ours, told)
    mirror = LaporMirror(state=State.MIRRORED, task=difference(pair))
    assert bool(advice(mirror, pair, by_machine=False, agency="Dinas PU")) is bool(mirror.task)


# --- what a person says -----------------------------------------------------------------------------------------------


def test_a_number_that_was_typed_in_makes_it_mirrored(assigned: Report, people: People) -> None:
    assert mirror_of(assigned).task == Task.ENTER
    actions_by = people.doing(people.kun)
    lapor_mirror.enter_ticket(ticket=" #1916449 ", by=actions_by, **seen(assigned))
    mirror = mirror_of(assigned)
    assert (mirror.state, mirror.ticket, mirror.task, mirror.told) == (State.MIRRORED, "1916449", "", "assigned")
    last = assigned.events.last()
    assert last
    assert (last.verb, last.user, last.public) == ("mirror", people.kun, False)


@pytest.mark.parametrize("ticket", ["", "abc", "19,16", "1.9E+06", "BJN-7K4M-Q2XD"])
def test_what_is_no_number_is_refused(assigned: Report, people: People, ticket: str) -> None:
    with pytest.raises(Refused, match="angka"):
        lapor_mirror.enter_ticket(ticket=ticket, by=people.doing(people.kun), **seen(assigned))
    assert mirror_of(assigned).task == Task.ENTER


def test_a_number_stands_for_one_report(assigned: Report, people: People, tmp_path: Path) -> None:
    take(export(tmp_path, {}))
    theirs = Report.objects.get(medium=Medium.LAPOR)
    with pytest.raises(Refused, match=theirs.tracking_code):
        lapor_mirror.enter_ticket(ticket="7000001", by=people.doing(people.kun), **seen(assigned))


def test_twice_does_no_harm_and_the_slower_of_two_is_told(assigned: Report, people: People) -> None:
    before, kun = seen(assigned), people.doing(people.kun)
    lapor_mirror.enter_ticket(ticket="1916449", by=kun, **before)
    with pytest.raises(Refused) as raised:
        lapor_mirror.enter_ticket(ticket="1916449", by=kun, **before)
    assert raised.value.code == "repeated"
    LaporMirror.objects.update(user=None)
    with pytest.raises(Refused) as raised:
        lapor_mirror.enter_ticket(ticket="1916450", by=kun, **before)
    assert raised.value.code == "stale"
    assert assigned.events.filter(verb="mirror").count() == 1


def test_what_is_done_here_afterwards_is_to_be_entered_there(assigned: Report, people: People) -> None:
    kun = people.doing(people.kun)
    lapor_mirror.enter_ticket(ticket="1916449", by=kun, **seen(assigned))
    actions.start(report=assigned, by=people.doing(people.oki))
    assert mirror_of(assigned).task == Task.UPDATE
    lapor_mirror.carry_over(by=kun, **seen(assigned))
    assert mirror_of(assigned).task == ""
    answer(assigned, people)
    assert mirror_of(assigned).task == Task.ANSWER
    lapor_mirror.carry_over(by=kun, **seen(assigned))
    assert mirror_of(assigned).task == ""


def test_a_report_without_a_number_cannot_be_alike(assigned: Report, people: People) -> None:
    for verb in (lapor_mirror.carry_over, lapor_mirror.leave):
        with pytest.raises(Refused, match="nomornya"):
            verb(by=people.doing(people.kun), **seen(assigned))
    with pytest.raises(Refused, match="tidak menunggu"):
        lapor_mirror.send_again(by=people.doing(people.kun), **seen(assigned))


def test_one_that_is_not_there_after_all_is_due_again(assigned: Report, people: People) -> None:
    LaporMirror.objects.update(state=State.UNSURE, task=Task.CHECK, error="putus")
    lapor_mirror.send_again(by=people.doing(people.kun), **seen(assigned))
    assert (mirror_of(assigned).state, mirror_of(assigned).task, mirror_of(assigned).error) == (State.DUE, "enter", "")


# --- who may ----------------------------------------------------------------------------------------------------------

CASES: dict[str, dict[str, Any]] = {
    "open": {"anonymous": True},
    "secret": {"secret": True},
    "whistle-blowing": {"kind": Kind.WHISTLEBLOWING},
}
WHO = ("kun", "laras", "oki", "heni", "dewi", "ida", "agus", "rina")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("who", WHO)
def test_who_sees_and_who_keeps_what_is_said_of_lapor(people: People, case: str, who: str) -> None:
    report = actions.file_report(actions.Filing(body="Jalan rusak.", submission=case, **CASES[case]))
    LaporMirror.objects.create(report=report, next_attempt_at=NOW)
    doer = people.doing(getattr(people, who))
    sees = LaporMirror.objects.filter(policy.mirror_filter(doer.actor)).exists()
    assert sees is {"kun": case != "whistle-blowing", "laras": case == "open"}.get(who, False)
    assert policy.keeps_lapor(doer.actor) is (who == "kun")
    if who == "kun" and case != "whistle-blowing":
        policy.check_mirror(doer, report)
        return
    with pytest.raises(Refused) as raised:
        policy.check_mirror(doer, report)
    assert raised.value.status == (403 if who == "laras" and case != "whistle-blowing" else 404)


@pytest.mark.parametrize("by", [policy.REPORTER, policy.PARTNER, policy.SYSTEM])
def test_nobody_but_staff_says_anything_of_lapor(sari_reports: Report, by: policy.Doer) -> None:
    with pytest.raises(Refused):
        policy.check_mirror(by, sari_reports)


@pytest.mark.parametrize(
    ("allowed", "kept"), [(False, ["", "secret", "whistleblowing"]), (True, ["", "", "whistleblowing"])]
)
@pytest.mark.usefixtures("regency")
def test_which_reports_may_go_there(settings: Settings, *, allowed: bool, kept: list[str]) -> None:
    settings.LAPOR = settings_for(secret_reports=allowed)
    reports = [
        Report(kind=Kind.COMPLAINT, anonymous=True),
        Report(kind=Kind.COMPLAINT, secret=True),
        Report(kind=Kind.WHISTLEBLOWING, secret=True),
    ]
    assert [policy.kept_from_lapor(report) for report in reports] == kept


# --- what is heard from there -----------------------------------------------------------------------------------------


def test_our_report_comes_back_as_itself_with_its_number(tmp_path: Path, assigned: Report) -> None:
    words = f"{assigned.public_body}\n\n{marker(assigned.tracking_code)}"
    tally = take(export(tmp_path, {"Tracking ID": "1916449", "Isi Laporan Awal": words}))
    assert (tally.ours, tally.added) == (1, 0)
    assert Report.objects.get() == assigned
    mirror = mirror_of(assigned)
    assert (mirror.ticket, mirror.told, mirror.told_word) == ("1916449", "received", "Belum Terverifikasi")
    assert mirror.task == Task.UPDATE
    later = export(
        tmp_path, {"Tracking ID": "1916449", "Isi Laporan Awal": "Dirapikan.", "Status Laporan": "Terdisposisi"}
    )
    assert take(later).ours == 1
    assert (mirror_of(assigned).told, mirror_of(assigned).task) == ("assigned", "")
    assigned.refresh_from_db()
    assert assigned.status == Status.ASSIGNED


def test_an_open_question_is_answered_by_the_next_export(tmp_path: Path, assigned: Report) -> None:
    LaporMirror.objects.update(state=State.UNSURE, task=Task.CHECK, error="putus", handed_at=NOW)
    take(export(tmp_path, {"Tracking ID": "1916449", "Isi Laporan Awal": marker(assigned.tracking_code)}))
    mirror = mirror_of(assigned)
    assert (mirror.state, mirror.ticket, mirror.error) == (State.MIRRORED, "1916449", "")


def test_a_text_that_only_mentions_our_code_is_a_report_of_its_own(tmp_path: Path, assigned: Report) -> None:
    forged = f"Kode Kanal: {assigned.tracking_code}/AAAAAAAA"
    assert take(export(tmp_path, {"Isi Laporan Awal": forged})).added == 1
    assert mirror_of(assigned).ticket == ""


def test_a_copy_of_a_marked_text_is_a_report_of_its_own_once_ours_has_its_number(
    tmp_path: Path, assigned: Report
) -> None:
    marked = {"Isi Laporan Awal": f"x {marker(assigned.tracking_code)}"}
    take(export(tmp_path, {"Tracking ID": "1916449", **marked}))
    assert take(export(tmp_path, {"Tracking ID": "1916450", **marked})).added == 1
    assert mirror_of(assigned).ticket == "1916449"


def test_a_persons_work_is_never_overwritten_and_the_difference_is_shown(tmp_path: Path, people: People) -> None:
    take(export(tmp_path, {}, age=timedelta(days=2)))
    report = Report.objects.get()
    actions.assign(report=report, agency=people.transport, by=people.doing(people.kun))
    assert (mirror_of(report).ticket, mirror_of(report).task) == ("7000001", Task.UPDATE)
    tally = take(export(tmp_path, {"Status Laporan": "Ditutup oleh Admin"}))
    report.refresh_from_db()
    assert (tally.touched, report.status, report.agency) == (1, Status.ASSIGNED, people.transport)
    assert (mirror_of(report).told, mirror_of(report).task) == ("closed", Task.LOOK)
    lapor_mirror.leave(by=people.doing(people.kun), **seen(report))
    assert mirror_of(report).task == ""
    actions.start(report=report, by=people.doing(people.dewi))
    assert mirror_of(report).task == Task.LOOK


def test_a_report_that_only_got_a_remark_here_is_compared_too(tmp_path: Path, people: People) -> None:
    take(export(tmp_path, {}))
    report = Report.objects.get()
    actions.note(report=report, text="Sudah ditelepon.", by=people.doing(people.kun))
    take(export(tmp_path, {"Status Laporan": "Sedang Diproses"}))
    report.refresh_from_db()
    assert (report.status, mirror_of(report).task) == (Status.RECEIVED, Task.LOOK)


def test_older_news_and_the_same_file_again_change_nothing(tmp_path: Path, assigned: Report, people: People) -> None:
    lapor_mirror.enter_ticket(ticket="1916449", by=people.doing(people.kun), **seen(assigned))
    old = export(tmp_path, {"Tracking ID": "1916449"}, age=timedelta(hours=1))
    for _time in range(2):
        assert take(old).ours == 1
        assert (mirror_of(assigned).told, mirror_of(assigned).task) == ("assigned", "")
    fresh = export(tmp_path, {"Tracking ID": "1916449"})
    take(fresh)
    first = LaporMirror.objects.values().get(report=assigned)
    take(fresh)
    assert LaporMirror.objects.values().get(report=assigned) == first


def test_a_report_from_there_without_its_number_has_no_mirror(people: People) -> None:
    filing = actions.Filing(body="Jalan rusak.", submission="lapor-tanpa-nomor", medium=Medium.LAPOR)
    actions.assign(report=actions.file_report(filing), agency=people.roads, by=people.doing(people.kun))
    assert not LaporMirror.objects.exists()


def test_whistle_blowing_of_an_export_has_no_mirror(tmp_path: Path, people: People) -> None:
    rows = {"Klasifikasi Laporan": "Whistle-blowing", "Tipe Laporan": "Rahasia"}
    take(export(tmp_path, rows))
    report = Report.objects.get()
    actions.note(report=report, text="Diperiksa.", by=people.doing(people.ida))
    actions.ask_info(report=report, question="Kapan kejadiannya?", by=people.doing(people.ida))
    take(export(tmp_path, rows | {"Status Laporan": "Ditutup oleh Admin"}))
    assert not LaporMirror.objects.exists()
