from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from pytest_django import Settings

from kanal.agencies.demo_people import PASSWORD
from kanal.agencies.models import User
from kanal.agencies.queries import reference
from kanal.common.codes import ALPHABET
from kanal.common.masking import mask
from kanal.common.refusal import Refused
from kanal.reports.actions import sweeping
from kanal.reports.actions.bulk_load import Story
from kanal.reports.demo import generator as making
from kanal.reports.demo import run as running
from kanal.reports.demo.accounts import demo_accounts
from kanal.reports.demo.generator import Generator
from kanal.reports.demo.life import Staff
from kanal.reports.models import Answer, Attachment, Report, ReportClock, ReportEvent
from kanal.reports.queries import report_reference
from kanal.reports.queries.search import matching
from kanal.reports.workflow import NEVER, OPEN_VALUES, STATUS, VERBS, Clock, Kind, Status

TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.usefixtures("regency")


def a_generator(*, total: int = 400, seed: int = 7) -> Generator:
    return Generator(reference(), report_reference(), Staff({}), total=total, seed=seed, today=TODAY)


@pytest.fixture
def demo() -> list[Report]:
    """Four hundred invented reports in the database, without pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "WITH_PHOTOS", 0)
        running.run(total=400, seed=7, today=TODAY)
    return list(Report.objects.order_by("pk"))


def test_the_same_seed_tells_the_same_stories() -> None:
    first, second = (a_generator().chunk(0, 200) for _time in range(2))
    assert [s.report for s in first] == [s.report for s in second]
    assert [s.events for s in first] == [s.events for s in second]
    other = a_generator(seed=8).chunk(0, 200)
    assert [s.report["body"] for s in first] != [s.report["body"] for s in other]


def test_a_million_reports_get_a_million_codes() -> None:
    generator = a_generator(total=1_000_000)
    codes = {generator.code(number) for number in range(0, 1_000_000, 37)}
    assert len(codes) == len(range(0, 1_000_000, 37))
    assert making._STEP % len(ALPHABET)  # coprime to 31, hence to every power of it


def test_reports_come_in_order_of_time_over_eighteen_months_and_never_from_tomorrow() -> None:
    stories = a_generator().chunk(0, 400)
    moments = [story.report["received_at"] for story in stories]
    assert moments == sorted(moments)
    days = {reference().today(at) for at in moments}
    assert min(days) < TODAY - timedelta(days=500)
    assert max(days) < TODAY
    assert all(event["at"] < a_generator().office.now for story in stories for event in story.events)


def test_floods_come_with_the_rains_and_drought_in_the_dry_months() -> None:
    generator = a_generator(total=6000)
    stories = [story for start, stop in generator.chunks() for story in generator.chunk(start, stop)]
    by_code = report_reference().categories_by_code
    months = {
        name: Counter(s.report["received_at"].month for s in stories if s.report["category_id"] == by_code[name].id)
        for name in ("banjir", "kekeringan")
    }
    assert sum(months["banjir"][m] for m in (11, 12, 1, 2, 3)) > 3 * sum(months["banjir"][m] for m in (5, 6, 7, 8, 9))
    assert sum(months["kekeringan"][m] for m in (7, 8, 9, 10)) > 3 * sum(months["kekeringan"][m] for m in (1, 2, 3, 4))


def test_every_history_follows_the_workflow(demo: list[Report]) -> None:
    for report in demo:
        status = ""
        for event in report.events.all():
            if event.verb in VERBS and event.from_status:
                assert event.from_status == status, (report, event)
                assert Status(status) in VERBS[event.verb].since, (report, event)
            status = event.to_status or status
        assert status == report.status
        assert report.version == report.events.exclude(verb="merged_here").count()


def test_every_clock_is_counted_as_the_calendar_counts(demo: list[Report]) -> None:
    facts = reference()
    for clock in ReportClock.objects.select_related("report"):
        due = clock.due_on
        clock.recompute(facts.calendar, facts.tz)
        assert clock.due_on == due, clock
        assert clock.met_at is None or clock.met_at >= clock.opened_at
    for report in demo:
        running = [c for c in report.clocks.all() if c.met_at is None and c.voided_at is None]
        if STATUS[Status(report.status)].phase in {"done", "gone"}:
            assert report.due_on == NEVER
            assert {c.kind for c in running} <= {Clock.REPLY.value}
        else:
            assert running, report


def test_most_are_followed_up_and_some_are_late(demo: list[Report]) -> None:
    old = [r for r in demo if r.received_at < a_generator().office.now - timedelta(days=90)]
    answered = [r for r in old if r.answered_at]
    assert 0.85 < len(answered) / len(old) < 0.97
    late = [r for r in demo if r.status in OPEN_VALUES and r.due_on < TODAY]
    assert late
    assert all(r.escalated_at for r in late if r.due_on < TODAY - timedelta(days=2))
    assert {Status.ARCHIVED, Status.MERGED, Status.CLOSED} <= {Status(r.status) for r in demo}


def every_story(total: int) -> list[Story]:
    generator = a_generator(total=total)
    return [story for start, stop in generator.chunks() for story in generator.chunk(start, stop)]


def test_lateness_is_that_of_an_office_and_not_of_an_abandoned_one() -> None:
    calendar = reference().calendar
    rows = [story.report for story in every_story(6000) if story.report["kind"] != Kind.WHISTLEBLOWING]
    still_open = [row for row in rows if row["status"] in OPEN_VALUES]
    days = [calendar.working_days_between(row["due_on"], TODAY) for row in still_open if row["due_on"] < TODAY]
    assert 0.17 < len(days) / len(still_open) < 0.33
    assert max(days) <= 40
    assert sorted(days)[len(days) // 2] <= 10


def test_what_endangers_people_is_seen_to_within_days() -> None:
    rapid = [story.report for story in every_story(6000) if story.report["urgency"] == 0]
    waiting = [TODAY - reference().today(row["received_at"]) for row in rapid if row["status"] in OPEN_VALUES]
    took = [row["answered_at"] - row["received_at"] for row in rapid if row.get("answered_at")]
    assert len(rapid) > 100
    assert all(days <= timedelta(days=14) for days in waiting)
    assert sum(days <= timedelta(days=5) for days in took) > 0.9 * len(took)


def test_no_slot_of_a_sentence_stays_empty_handed() -> None:
    for story in every_story(3000):
        texts = [story.report["title"], story.report["body"], story.report["public_body"]]
        texts += [str(event.get("note", "")) for event in story.events]
        texts += [str(answer["text"]) for answer in story.answers]
        assert not [text for text in texts if "{" in text or "}" in text]


def test_time_has_already_done_to_them_what_it_does(demo: list[Report]) -> None:
    at = a_generator().office.now - timedelta(minutes=1)  # the night that now begins has not been swept yet
    assert sweeping.close_silent(at=at) == 0
    assert sweeping.archive_unanswered_questions(at=at) == 0


def test_nothing_personal_is_public(demo: list[Report]) -> None:
    assert any("[nomor HP disembunyikan]" in r.public_body for r in demo), "some write their number into the text"
    for report in demo:
        assert report.kind == Kind.WHISTLEBLOWING or report.public_body == mask(report.body).text
        assert report.title == mask(report.title).text
    assert not Report.objects.filter(secret=True, published=True).exists()


def test_whistle_blowing_stays_with_the_inspectorate(demo: list[Report]) -> None:
    found = [r for r in demo if r.kind == Kind.WHISTLEBLOWING]
    assert len([r for r in found if r.is_open]) >= 2
    assert {r.agency_id for r in found} == {None}
    assert not matching(Report.objects.filter(kind=Kind.WHISTLEBLOWING), "pengawasan").exists()


def test_reports_can_be_searched_at_once(demo: list[Report]) -> None:
    assert matching(Report.objects.all(), "jalan lubang").exists()


def test_neighbours_report_the_same_trouble(demo: list[Report]) -> None:
    merged = Report.objects.filter(status=Status.MERGED).select_related("merged_into")
    assert merged
    for report in merged:
        assert report.merged_into
        assert report.merged_into.category_id == report.category_id
        assert report.merged_into.received_at <= report.received_at
        assert report.merged_into.supporters_count
        assert ReportEvent.objects.filter(report=report.merged_into, verb="merged_here").exists()


def test_the_demo_officer_has_something_in_every_state(demo: list[Report]) -> None:
    mine = Report.objects.filter(agency__code="pu-bina-marga")
    assert {"assigned", "in_progress", "needs_info", "answered"} <= set(mine.values_list("status", flat=True))
    assert Report.objects.filter(returned_by__code="pu-bina-marga", status=Status.RECEIVED).exists()
    assert Report.objects.filter(reopen_asked_at__isnull=False).exists()
    states = set(Answer.objects.filter(report__in=mine).values_list("state", flat=True))
    assert states == set(Answer.State.values)


def test_an_interrupted_run_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "CHUNK", 50)
    monkeypatch.setattr(running, "WITH_PHOTOS", 0)
    heard: list[int] = []

    def die_after_two(count: int) -> None:
        heard.append(count)
        if len(heard) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run(total=180, seed=3, today=TODAY, progress=die_after_two)
    assert Report.objects.count() == 100
    outcome = running.run(total=180, seed=3, today=TODAY)
    assert outcome.known == 100
    assert Report.objects.count() == outcome.known + outcome.made
    again = running.run(total=180, seed=3, today=TODAY)
    assert again.made == 0


def test_small_demos_carry_drawn_photos() -> None:
    running.run(total=60, seed=1, today=TODAY)
    with_photo = Report.objects.filter(has_photo=True)
    assert with_photo
    assert set(with_photo.values_list("pk", flat=True)) == set(Attachment.objects.values_list("report_id", flat=True))


def test_the_command_tells_how_to_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", "--reports", "50", "--seed", "2", "--today", "2026-11-20")
    said = capsys.readouterr().out
    assert "petugas@contoh.go.id" in said
    assert PASSWORD in said
    user = User.objects.get(email="admin@contoh.go.id")
    assert user.check_password(PASSWORD)
    assert user.is_staff


def test_no_demo_where_real_citizens_are_served(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(Refused):
        demo_accounts()
    with pytest.raises(Refused):
        running.run(total=50, seed=1, today=TODAY)
    assert not User.objects.exists()


@pytest.mark.usefixtures("regency")
def test_the_story_takes_as_many_days_as_one_wants() -> None:
    made = Generator(reference(), report_reference(), Staff({}), total=60, seed=1, today=TODAY, days=30).chunk(0, 60)
    days = [(TODAY - story.report["received_at"].date()).days for story in made]
    assert 25 <= max(days) <= 31
    assert min(days) >= 0
