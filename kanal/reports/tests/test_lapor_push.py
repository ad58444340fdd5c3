"""Our reports reach SP4N-LAPOR! once each, whatever breaks; what may not go there stays here."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.agencies.models import Agency
from kanal.channels.actions import pulse
from kanal.channels.lapor.gateway import LegacyGateway
from kanal.channels.lapor.marker import marker
from kanal.channels.models import Medium, MediumState
from kanal.reports import actions
from kanal.reports.actions import lapor_mirror, lapor_push
from kanal.reports.models import LaporMirror, LaporTopic, Report
from kanal.reports.workflow import Kind
from tests.support.lapor import FakeLapor, settings_for
from tests.support.people import People
from tests.support.platform import Answer, running

pytestmark = pytest.mark.django_db
State, Task = LaporMirror.State, LaporMirror.Task


@pytest.fixture
def lapor(settings: Settings) -> Iterator[FakeLapor]:
    with running(FakeLapor()) as platform:
        settings.LAPOR = settings_for(platform.url)
        yield platform


@pytest.fixture
def assigned(people: People, sari_reports: Report) -> Report:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    return sari_reports


def push() -> int:
    return lapor_push.push_due(lambda: True)


def mirror_of(report: Report) -> LaporMirror:
    return LaporMirror.objects.get(report=report)


def filed(people: People, number: int = 1, **more: Any) -> Report:
    """A report that a coordinator has passed on."""
    more = {"body": "Lampu jalan di Desa Jono mati sejak tiga hari.", **more}
    report = actions.file_report(actions.Filing(submission=f"lapor-{number}", **more))
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    return report


def test_a_report_goes_there_once_somebody_has_looked_at_it(
    lapor: FakeLapor, people: People, sari_reports: Report
) -> None:
    assert push() == 0
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    assert push() == 1
    assert push() == 0
    mirror = mirror_of(sari_reports)
    assert (mirror.state, mirror.ticket, mirror.transaction) == (State.MIRRORED, "1916449", "T-1916449")
    assert mirror.told == "received"
    assert len(lapor.taken) == 1
    assert sari_reports.events.last().data == {"ticket": "1916449", "what": "pushed"}  # type: ignore[union-attr]  # it has


def test_it_carries_the_masked_words_the_place_and_our_code_and_nobodys_name(
    lapor: FakeLapor, assigned: Report
) -> None:
    push()
    (text,) = lapor.taken
    assert text.startswith(assigned.public_body)
    assert "Lokasi: Jono, Kec. Temayang" in text
    assert text.endswith(marker(assigned.tracking_code))
    sent = lapor.calls[0].body.decode()
    for private in ("081234567890", "Sari", "sari@contoh.id"):
        assert private not in sent
    assert lapor.flags == [{"rahasia": "0", "anonim": "0"}]


def test_an_anonymous_report_says_so(lapor: FakeLapor, people: People) -> None:
    filed(people, anonymous=True)
    push()
    assert lapor.flags[0]["anonim"] == "1"


def test_a_secret_report_stays_unless_the_regency_has_decided_otherwise(
    lapor: FakeLapor, people: People, settings: Settings
) -> None:
    report = filed(people, secret=True)
    assert (push(), lapor_mirror.release_held()) == (0, 0)
    assert (mirror_of(report).state, mirror_of(report).task) == (State.HELD, "")
    settings.LAPOR = {**settings.LAPOR, "secret_reports": True}
    assert lapor_mirror.release_held() == 1
    assert push() == 1
    assert lapor.flags == [{"rahasia": "1", "anonim": "0"}]


@pytest.mark.parametrize("allowed", [False, True])
def test_whistle_blowing_never_goes_there(
    lapor: FakeLapor, people: People, settings: Settings, *, allowed: bool
) -> None:
    settings.LAPOR = {**settings.LAPOR, "secret_reports": allowed}
    report = actions.file_report(
        actions.Filing(body="Pejabat meminta setoran.", submission="wbs", kind=Kind.WHISTLEBLOWING)
    )
    actions.assign(report=report, agency=Agency.objects.get(kind="inspektorat"), by=people.doing(people.ida))
    lapor_mirror.begin_missing()
    assert not LaporMirror.objects.exists()
    assert push() == 0
    assert not lapor.calls


def test_a_report_made_secret_after_it_fell_due_stays(lapor: FakeLapor, assigned: Report) -> None:
    Report.objects.filter(pk=assigned.pk).update(secret=True, published=False)
    assert push() == 0
    assert mirror_of(assigned).state == State.HELD
    assert not lapor.calls


def test_what_was_put_away_or_given_back_before_it_left_stays(
    lapor: FakeLapor, people: People, assigned: Report
) -> None:
    actions.archive(report=assigned, reason="spam", by=people.doing(people.kun))
    assert (mirror_of(assigned).state, push()) == (State.IDLE, 0)
    actions.reopen(report=assigned, by=people.doing(people.kun))
    assert push() == 1
    assert len(lapor.taken) == 1


def test_a_broken_line_after_the_hand_over_is_a_persons_to_look_up(lapor: FakeLapor, assigned: Report) -> None:
    lapor.takes_and_hangs_up = True
    push()
    lapor.takes_and_hangs_up = False
    assert push() == 0
    mirror = mirror_of(assigned)
    assert (mirror.state, mirror.task) == (State.UNSURE, Task.CHECK)
    assert "tidak pasti" in mirror.error
    assert len(lapor.taken) == 1


def test_a_worker_that_died_before_the_hand_over_is_taken_over(lapor: FakeLapor, assigned: Report) -> None:
    LaporMirror.objects.update(state=State.SENDING, leased_until=timezone.now() - timedelta(seconds=1))
    assert lapor_push.reap_mirrors() == 1
    assert push() == 1
    assert mirror_of(assigned).ticket


def test_one_that_died_after_it_is_not_repeated(lapor: FakeLapor, assigned: Report) -> None:
    past = timezone.now() - timedelta(seconds=1)
    LaporMirror.objects.update(state=State.SENDING, leased_until=past, handed_at=past)
    assert lapor_push.reap_mirrors() == 1
    assert push() == 0
    assert mirror_of(assigned).task == Task.CHECK
    assert not lapor.calls


def test_a_lease_that_was_lost_stops_the_report_before_it_leaves(
    lapor: FakeLapor, assigned: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = LegacyGateway.push

    def slow(self: LegacyGateway, *args: Any, **more: Any) -> Any:
        LaporMirror.objects.update(state=State.DUE, leased_until=None)
        return first(self, *args, **more)

    monkeypatch.setattr(LegacyGateway, "push", slow)
    push()
    assert not lapor.taken
    assert mirror_of(assigned).state == State.DUE


def test_trouble_there_lets_every_report_wait_and_none_is_lost(lapor: FakeLapor, people: People) -> None:
    reports = [filed(people, number) for number in range(3)]
    lapor.instead = Answer(status=503, headers={"Retry-After": "60"})
    assert push() == 1
    assert push() == 0, "it is left alone"
    lapor.instead = None
    MediumState.objects.update(paused_until=None)
    assert push() == 2
    LaporMirror.objects.update(next_attempt_at=timezone.now())
    assert push() == 1
    assert {mirror_of(report).state for report in reports} == {State.MIRRORED}
    assert len(lapor.taken) == 3


def test_a_key_that_is_refused_is_an_alarm_on_the_health_page(lapor: FakeLapor, assigned: Report) -> None:
    lapor.instead = Answer(status=401)
    push()
    assert "KANAL_LAPOR_TOKEN" in MediumState.objects.get(medium=Medium.LAPOR).alarm
    assert mirror_of(assigned).state == State.DUE


def test_what_lapor_refuses_waits_for_a_person_and_the_next_one_goes(lapor: FakeLapor, people: People) -> None:
    first, second = filed(people, 1), filed(people, 2)
    lapor.instead = Answer(status=422)
    lapor_push.push_due(iter([True, False]).__next__)
    lapor.instead = None
    assert push() == 1
    assert (mirror_of(first).state, mirror_of(first).task) == (State.REFUSED, Task.ENTER)
    assert "422" in mirror_of(first).error
    assert mirror_of(second).state == State.MIRRORED


def test_a_number_that_another_report_has_is_not_believed(lapor: FakeLapor, people: People) -> None:
    first = filed(people, 1)
    push()
    second = filed(people, 2)
    lapor.says = b"<lapor><trackingid>1916449</trackingid></lapor>"
    push()
    assert mirror_of(first).ticket == "1916449"
    assert (mirror_of(second).state, mirror_of(second).ticket) == (State.UNSURE, "")


def test_without_a_key_nothing_is_called_and_the_report_is_a_persons_to_enter(
    settings: Settings, assigned: Report
) -> None:
    settings.LAPOR = settings_for()
    assert push() == 0
    assert mirror_of(assigned).task == Task.ENTER


def test_reports_that_were_loaded_or_are_older_than_this_are_begun_by_the_night(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lapor_mirror, "BATCH", 2)
    for number in range(3):
        filed(people, number)
    LaporMirror.objects.all().delete()
    begun, after = lapor_mirror.begin_missing()
    assert (begun, bool(after)) == (2, True)
    assert lapor_mirror.begin_missing(after=after) == (1, 0)
    assert lapor_mirror.begin_missing() == (0, 0)


def test_categories_are_kept_and_those_that_went_are_marked(lapor: FakeLapor) -> None:
    assert lapor_push.pull_topics() == 3
    lapor.topics = lapor.topics[1:]
    assert lapor_push.pull_topics() == 2
    assert set(LaporTopic.objects.filter(gone_at=None).values_list("number", flat=True)) == {"3", "1397"}
    lapor.topics = []
    assert lapor_push.pull_topics() == 0
    assert LaporTopic.objects.filter(gone_at=None).count() == 2, "an empty list is no end of all categories"


def test_trouble_with_the_categories_is_noted(lapor: FakeLapor) -> None:
    lapor.instead = Answer(status=403)
    assert lapor_push.pull_topics() == 0
    assert "KANAL_LAPOR_KEY" in MediumState.objects.get(medium=Medium.LAPOR).alarm
    assert Medium.LAPOR in pulse.paused()
