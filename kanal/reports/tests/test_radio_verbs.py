"""The radio desk's deeds: on the air, a call, a wrong note taken back, minutes, off the air."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kanal.agencies.queries import NOBODY, Actor, actor_of, reference
from kanal.channels.models import Medium
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions import Filing, assign, identity_of
from kanal.reports.actions import radio as actions
from kanal.reports.models import RadioCall, RadioShow, Report
from kanal.reports.queries import radio as queries
from kanal.reports.workflow import Kind, Status
from tests.support.people import People

TOLD = "Lampu jalan di depan pasar mati sejak tiga hari, sudah ada yang jatuh."
HOSTS = {"rina", "kun"}
EVERYBODY = ("rina", "kun", "oki", "heni", "dewi", "laras", "ida", "agus")


@pytest.fixture
def rina(people: People) -> Actor:
    return actor_of(people.rina)


@pytest.fixture
def show(rina: Actor) -> RadioShow:
    return actions.start_show(by=rina, programme="Sapa Malowopati")


def told(**more: object) -> Filing:
    return Filing(**{"body": TOLD, "submission": "radio-1", **more})  # type: ignore[arg-type]  # a test's own words


# Who ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_deed_of_the_desk_is_for_announcers_and_coordinators(people: People, show: RadioShow, who: str) -> None:
    actor = actor_of(getattr(people, who))
    report = actions.take_call(show=show, by=actor_of(people.rina), filing=told())
    deeds: list[Callable[[], object]] = [
        lambda: actions.start_show(by=actor, programme="Sapa Malowopati"),
        lambda: actions.take_call(show=show, by=actor, filing=told(submission="radio-2")),
        lambda: actions.save_minutes(show=show, by=actor, minutes="Ramai.", recording_url="", version=1),
        lambda: actions.take_back(show=show, report=report, by=actor),
        lambda: actions.stop_show(show=show, by=actor),
    ]
    for deed in deeds:
        if who in HOSTS:
            deed()
            continue
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.status == 403
    assert policy.hosts_radio(actor) is (who in HOSTS)
    assert Report.objects.count() == (2 if who in HOSTS else 1)


def test_the_table_of_taking_back(people: People, show: RadioShow) -> None:
    """Only a host, only on the air, only while nobody has handed the report on; whatever its kind or its switches."""
    over = RadioShow(ended_at=timezone.now())
    wrong = []
    for who, (running, on_air), status in itertools.product(EVERYBODY, ((show, True), (over, False)), Status):
        report = Report(status=status, agency=people.roads if status != Status.RECEIVED else None)
        by = policy.retractor(actor_of(getattr(people, who)), running)
        expected = who in HOSTS and on_air and status == Status.RECEIVED
        if policy.allows("take_back", by, report) is not expected:
            wrong.append((who, on_air, status))
    assert not wrong


def test_an_announcer_opens_no_report_and_does_nothing_else(people: People, rina: Actor, show: RadioShow) -> None:
    report = actions.take_call(show=show, by=rina, filing=told())
    assert not policy.sees(rina, report)
    assert not policy.reads_raw_text(rina, report)
    assert not policy.may_open_identity(rina, report)
    assert policy.verbs_for(rina, report) == []
    assert not Report.objects.filter(policy.queue_filter(rina)).exists()


def test_a_broadcast_does_not_exist_for_others(people: People, show: RadioShow) -> None:
    for actor in (actor_of(people.oki), actor_of(people.laras), NOBODY):
        with pytest.raises(Refused) as refused:
            queries.show_for(actor, show.pk)
        assert refused.value.status == 404


# On and off the air -------------------------------------------------------------------------------------------------


def test_a_broadcast_has_its_date_in_the_regency(rina: Actor) -> None:
    late = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # half past one in the night of the 23rd
    assert actions.start_show(by=rina, programme=" Sapa  Malam ", at=late).date.isoformat() == "2026-11-23"
    assert RadioShow.objects.get().programme == "Sapa Malam"


def test_pressing_start_twice_is_one_broadcast(rina: Actor, show: RadioShow) -> None:
    assert actions.start_show(by=rina, programme="Sapa Malowopati") == show
    assert RadioShow.objects.count() == 1


def test_another_programme_waits_until_the_first_has_ended(rina: Actor, show: RadioShow) -> None:
    with pytest.raises(Refused, match="Sapa Malowopati"):
        actions.start_show(by=rina, programme="Dialog Jumat")
    actions.stop_show(show=show, by=rina)
    assert actions.start_show(by=rina, programme="Dialog Jumat").on_air


def test_the_database_keeps_one_broadcast_on_the_air(people: People, show: RadioShow) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RadioShow.objects.create(
            date=show.date, programme="Lain", started_at=timezone.now(), started_by_id=people.rina.pk
        )


def test_a_broadcast_without_a_name_does_not_begin(rina: Actor) -> None:
    with pytest.raises(Refused, match="nama siaran"):
        actions.start_show(by=rina, programme="  ")


def test_stopping_twice_keeps_the_first_end(rina: Actor, show: RadioShow) -> None:
    ended = actions.stop_show(show=show, by=rina).ended_at
    again = actions.stop_show(show=show, by=rina, at=timezone.now() + timedelta(hours=1))
    assert again.ended_at == ended


# Calls --------------------------------------------------------------------------------------------------------------


def test_a_call_is_a_report_of_the_radio_written_down_by_the_announcer(
    people: People, rina: Actor, show: RadioShow
) -> None:
    report = actions.take_call(show=show, by=rina, filing=told(name="Bu Siti", phone="+6281234567890"))
    assert (report.medium, report.status, report.kind) == (Medium.RADIO, Status.RECEIVED, Kind.COMPLAINT)
    line = report.events.get(verb="receive")
    assert (line.by, line.user_id, line.data["medium"]) == ("staff", people.rina.pk, "radio")
    assert identity_of(Report.objects.get(), actor_of(people.kun)).handles == (("Telepon", "+6281234567890"),)
    assert queries.broadcast_of(report) == show


def test_a_caller_without_a_number_keeps_the_name(people: People, rina: Actor, show: RadioShow) -> None:
    actions.take_call(show=show, by=rina, filing=told(name="Bu Siti"))
    assert identity_of(Report.objects.get(), actor_of(people.kun)).name == "Bu Siti"


def test_a_call_sent_twice_is_one_report_in_one_broadcast(rina: Actor, show: RadioShow) -> None:
    first = actions.take_call(show=show, by=rina, filing=told(name="Bu Siti"))
    actions.stop_show(show=show, by=rina)
    other = actions.start_show(by=rina, programme="Sore")
    assert actions.take_call(show=other, by=rina, filing=told(name="Bu Siti")).pk == first.pk
    assert RadioCall.objects.get().show == show


def test_whistle_blowing_is_not_taken_on_the_air(rina: Actor, show: RadioShow) -> None:
    with pytest.raises(Refused, match="Inspektorat"):
        actions.take_call(show=show, by=rina, filing=told(kind=Kind.WHISTLEBLOWING))
    assert not Report.objects.exists()


def test_a_call_that_waited_for_the_line_may_come_after_the_broadcast_but_not_weeks_later(
    rina: Actor, show: RadioShow
) -> None:
    actions.stop_show(show=show, by=rina)
    now = timezone.now()
    actions.take_call(show=show, by=rina, filing=told(), at=now + timedelta(days=2))
    with pytest.raises(Refused, match="sudah lama selesai"):
        actions.take_call(show=show, by=rina, filing=told(submission="radio-2"), at=now + timedelta(days=8))


# Taking back --------------------------------------------------------------------------------------------------------


def test_a_wrong_note_is_put_away_with_its_clocks_and_its_reason(people: People, rina: Actor, show: RadioShow) -> None:
    report = actions.take_call(show=show, by=rina, filing=told())
    actions.take_back(show=show, report=report, by=rina)
    assert (report.status, report.archive_reason) == (Status.ARCHIVED, actions.WRONGLY_NOTED)
    assert not report.clocks.filter(voided_at=None).exists()
    line = report.events.get(verb="take_back")
    assert (line.note, line.user_id, line.public) == ("salah catat", people.rina.pk, False)


def test_taking_back_twice_is_done_once(rina: Actor, show: RadioShow) -> None:
    report = actions.take_call(show=show, by=rina, filing=told())
    for _press in range(2):
        actions.take_back(show=show, report=report, by=rina)
    assert report.events.filter(verb="take_back").count() == 1


def test_a_coordinator_can_open_again_what_was_taken_back(people: People, rina: Actor, show: RadioShow) -> None:
    report = actions.take_call(show=show, by=rina, filing=told())
    assign(report=report, agency=people.roads, by=people.doing(people.kun))
    with pytest.raises(Refused):  # it is somebody else's work now
        actions.take_back(show=show, report=report, by=rina)
    other = actions.take_call(show=show, by=rina, filing=told(submission="radio-2"))
    actions.take_back(show=show, report=other, by=rina)
    assert policy.allows("reopen", people.doing(people.kun), other)


def test_after_the_broadcast_nothing_is_taken_back(rina: Actor, show: RadioShow) -> None:
    report = actions.take_call(show=show, by=rina, filing=told())
    actions.stop_show(show=show, by=rina)
    with pytest.raises(Refused, match="koordinator"):
        actions.take_back(show=show, report=report, by=rina)


def test_only_calls_of_this_broadcast_are_taken_back(rina: Actor, show: RadioShow, sari_reports: Report) -> None:
    with pytest.raises(Refused) as refused:
        actions.take_back(show=show, report=sari_reports, by=rina)
    assert refused.value.status == 404


# Minutes ------------------------------------------------------------------------------------------------------------


def test_minutes_and_recording_are_kept_and_two_writers_do_not_overwrite_each_other(
    people: People, rina: Actor, show: RadioShow
) -> None:
    kun = actor_of(people.kun)
    actions.save_minutes(show=show, by=rina, minutes="Ramai.", recording_url="https://contoh.id/a.mp3", version=1)
    again = actions.save_minutes(
        show=show, by=rina, minutes="Ramai.", recording_url="https://contoh.id/a.mp3", version=1
    )
    assert again.version == 2
    with pytest.raises(Refused, match="baru saja diubah"):
        actions.save_minutes(show=show, by=kun, minutes="Sepi.", recording_url="", version=1)
    assert RadioShow.objects.get().minutes == "Ramai."


def test_the_database_takes_no_recording_without_https(show: RadioShow) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RadioShow.objects.filter(pk=show.pk).update(recording_url="http://contoh.id/a.mp3")


# The sentence for the air -------------------------------------------------------------------------------------------


def test_how_many_told_the_same_is_counted_without_the_secret_ones(
    people: People, rina: Actor, show: RadioShow
) -> None:
    same = "Lampu jalan depan pasar mati, gelap sejak tiga hari."
    here = next(iter(reference().villages())).id
    for number in range(4):
        filing = told(submission=f"radio-{number}", region_id=here, secret=number == 0)
        actions.take_call(show=show, by=rina, filing=filing)
    public = Report.objects.filter(secret=False).first()
    assert public
    assign(report=public, agency=people.roads, by=people.doing(people.kun))
    found = queries.like_this(same, here)
    assert found.count == 3
    assert [report.pk for report in found.named] == [public.pk]
    assert queries.like_this("halo", None).count == 0
