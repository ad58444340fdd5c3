"""Terms of what belongs to no report: each has its own rule; what waits stays; files leave the disk; once is enough."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from kanal.channels import actions as mail
from kanal.channels.models import Address, Contact, Delivery, Inbound, InboundFile, Medium, Outbound
from kanal.common.images import sanitise
from kanal.reports import actions
from kanal.reports.actions import gathering_photos, gatherings, leftovers, radio, retention, triage
from kanal.reports.models import (
    Destruction,
    Gathering,
    GatheringPhoto,
    GatheringRow,
    MessageDecision,
    RadioShow,
    Report,
    RetentionRule,
    Talk,
)
from tests.support.media import PlainMedium, Write
from tests.support.messages import arrives, jpeg
from tests.support.people import People

pytestmark = pytest.mark.django_db
Act = RetentionRule.Act
BASIS = "Jadwal Retensi Arsip 2026"
STORY = "Jalan di tikungan dekat jembatan berlubang dalam, sudah dua motor jatuh."
LATER = timedelta(days=40)


@pytest.fixture(autouse=True)
def _known_places(people: People) -> None:
    """Every regency has its places and people."""


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Callable[..., dict[str, int]]:
    """One night, 40 days from now unless told otherwise."""

    def night(after: timedelta = LATER) -> dict[str, int]:
        with django_capture_on_commit_callbacks(execute=True):
            return leftovers.run(at=timezone.now() + after)

    return night


def rule(act: str, days: int = 30) -> None:
    RetentionRule.objects.create(act=act, after_days=days, rule=BASIS, valid_from=date(2020, 1, 1))


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_without_rules_nothing_goes(sari_writes: Write, commit: Callable[..., dict[str, int]]) -> None:
    sari_writes("Assalamualaikum")
    rule(Act.ANONYMISE)
    assert commit() == {}
    assert Inbound.objects.exists()


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_dropped_message_goes_with_its_files_its_decision_and_its_sender(
    plain_medium: PlainMedium, people: People, commit: Callable[..., dict[str, int]]
) -> None:
    plain_medium.files = {"f1": jpeg()}
    message = arrives(plain_medium, files=[{"external_id": "f1", "kind": "image"}])
    triage.drop_message(inbound=message, why="Iklan", by=people.doing(people.kun), words="Menawarkan pulsa.")
    assert len(files()) == 1
    rule(Act.MESSAGES)
    assert commit() == {"messages": 1}
    for model in (Inbound, InboundFile, MessageDecision, Address, Contact):
        assert not model.objects.exists(), model
    assert files() == []
    line = Destruction.objects.get()
    assert (line.act, line.tracking_code, line.number, line.rule) == ("messages", "", 1, BASIS)


def test_an_answered_message_goes_with_its_answer(
    plain_medium: PlainMedium, people: People, commit: Callable[..., dict[str, int]]
) -> None:
    message = arrives(plain_medium)
    triage.answer_message(inbound=message, text="Kantor buka pukul 8.", by=people.doing(people.kun))
    rule(Act.MESSAGES)
    Outbound.objects.update(state=Outbound.State.FAILED)
    assert commit() == {"messages": 1}
    assert not Outbound.objects.exists()


def test_what_waits_for_a_person_stays_however_old(
    plain_medium: PlainMedium, commit: Callable[..., dict[str, int]]
) -> None:
    arrives(plain_medium)
    rule(Act.MESSAGES, days=1)
    assert commit(timedelta(days=900)) == {}
    assert Inbound.objects.get().address is not None


def test_what_became_a_report_or_joined_one_stays_with_it(
    sari_writes: Write, commit: Callable[..., dict[str, int]]
) -> None:
    sari_writes(STORY)
    sari_writes("desa jono temayang")
    sari_writes("Tadi pagi ada yang jatuh lagi")
    before = Inbound.objects.count()
    rule(Act.MESSAGES)
    assert commit() == {}
    assert Inbound.objects.count() == before


def test_a_conversation_that_was_broken_off_goes_a_running_one_stays(
    sari_writes: Write, commit: Callable[..., dict[str, int]]
) -> None:
    sari_writes(STORY)
    rule(Act.MESSAGES)
    assert commit() == {}, "it is still open"
    sari_writes("BATAL")
    assert commit() == {"messages": 2}
    assert not Talk.objects.exists()
    assert not Outbound.objects.exists(), "what was answered in it goes too"
    assert not Address.objects.exists()


def test_the_younger_stay_and_so_does_their_sender(sari_writes: Write, commit: Callable[..., dict[str, int]]) -> None:
    sari_writes("Halo")
    sari_writes("Terima kasih", minutes=20 * 24 * 60)
    rule(Act.MESSAGES)
    assert commit() == {"messages": 1}
    assert Inbound.objects.get().address == Address.objects.get()


def test_another_address_of_the_sender_stays_as_long_as_its_own_messages(
    plain_medium: PlainMedium, people: People, commit: Callable[..., dict[str, int]]
) -> None:
    old, young = arrives(plain_medium), arrives(plain_medium, number=2, handle="+628111111111")
    for message in (old, young):
        triage.drop_message(inbound=message, why="Iklan", by=people.doing(people.kun))
    assert old.address is not None
    assert young.address is not None
    mail.hand_addresses([young.address.pk], to=old.address.contact_id)
    mail.merged(young.address.contact_id, into=old.address.contact_id)
    for message, days in ((old, 0), (young, 20)):
        Inbound.objects.filter(pk=message.pk).update(received_at=timezone.now() + timedelta(days=days))
    rule(Act.MESSAGES)
    assert commit() == {"messages": 1}
    assert Address.objects.get() == Inbound.objects.get().address == young.address
    assert commit(2 * LATER) == {"messages": 1}
    assert not Address.objects.exists()
    assert not Contact.objects.exists()


def test_who_asked_for_silence_is_remembered_by_the_hash_alone(
    sari_writes: Write, commit: Callable[..., dict[str, int]]
) -> None:
    sari_writes("STOP")
    rule(Act.MESSAGES)
    assert commit() == {"messages": 1}
    address = Address.objects.get()
    assert (address.handle, address.state, address.contact.name) == ("", Address.State.OPTED_OUT, "")


def test_a_reporter_is_not_forgotten_for_an_old_greeting(
    sari_writes: Write, commit: Callable[..., dict[str, int]]
) -> None:
    sari_writes("Halo")
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    rule(Act.MESSAGES)
    assert commit() == {"messages": 1}
    assert Report.objects.get().contact == Address.objects.get().contact


def test_a_thousand_go_in_many_transactions_with_one_line_and_a_killed_job_goes_on(
    commit: Callable[..., dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "BATCH", 7)
    old = datetime(2026, 1, 5, tzinfo=UTC)
    Inbound.objects.bulk_create(
        Inbound(medium="app", external_id=f"m{number}", received_at=old, state=Inbound.State.DROPPED)
        for number in range(30)
    )
    rule(Act.MESSAGES)
    [item] = leftovers.due()
    assert (item.number, item.oldest) == (30, date(2026, 1, 5))
    steps = leftovers.apply(item)
    assert next(steps) == 7
    del steps  # killed
    assert Inbound.objects.count() == 23
    assert leftovers.run() == {"messages": 23}
    assert Destruction.objects.get().number == 30
    assert leftovers.run() == {}


def test_one_that_was_taken_up_in_between_is_left_alone(plain_medium: PlainMedium, people: People) -> None:
    message = arrives(plain_medium)
    triage.drop_message(inbound=message, why="Iklan", by=people.doing(people.kun))
    rule(Act.MESSAGES)
    [item] = leftovers.due(at=timezone.now() + LATER)
    Inbound.objects.update(state=Inbound.State.WAITING)
    assert list(leftovers.apply(item)) == []
    assert Inbound.objects.exists()
    assert not Destruction.objects.exists()


def test_files_whose_row_is_gone_are_found_at_night(plain_medium: PlainMedium) -> None:
    plain_medium.files = {"f1": jpeg()}
    arrives(plain_medium, files=[{"external_id": "f1", "kind": "image"}])
    assert mail.remove_loose_files(older_than=timedelta(0)) == 0
    InboundFile.objects.all().delete()
    assert mail.remove_loose_files() == 0, "a young file may be about to get its row"
    assert mail.remove_loose_files(older_than=timedelta(0)) == 1
    assert files() == []


# --- what platforms handed us, what was sent --------------------------------------------------------------------------


def test_raw_deliveries_go_read_or_not_but_not_those_that_wait(commit: Callable[..., dict[str, int]]) -> None:
    for state in Delivery.State:
        row = mail.store_delivery(medium=Medium.APP, payload="{}")
        Delivery.objects.filter(pk=row.pk).update(state=state)
    rule(Act.DELIVERIES)
    assert commit() == {"deliveries": 2}
    assert Delivery.objects.get().state == Delivery.State.STORED


@pytest.mark.parametrize(
    ("days", "age", "left"),
    [(None, 29, 1), (None, 31, 0), (90, 40, 1), (90, 91, 0), (7, 5, 1), (7, 10, 0)],
)
def test_how_long_a_read_delivery_stays_is_for_the_rule_to_say_and_a_month_without_one(
    commit: Callable[..., dict[str, int]], days: int | None, age: int, left: int
) -> None:
    row = mail.store_delivery(medium=Medium.APP, payload="{}", at=timezone.now() - timedelta(days=age))
    mail.delivery_read(row)
    if days:
        rule(Act.DELIVERIES, days)
    commit(timedelta(0))
    leftovers.forget_read_deliveries()
    assert Delivery.objects.count() == left


def test_a_rule_that_is_over_or_not_yet_in_force_says_nothing_about_deliveries() -> None:
    mail.delivery_read(mail.store_delivery(medium=Medium.APP, payload="{}", at=timezone.now() - timedelta(days=40)))
    rule(Act.DELIVERIES, 90)
    RetentionRule.objects.update(valid_to=date(2020, 12, 31))
    RetentionRule.objects.create(act=Act.DELIVERIES, after_days=90, rule=BASIS, valid_from=date(2999, 1, 1))
    assert leftovers.forget_read_deliveries() == 1


def test_what_was_said_about_no_report_goes_the_rest_with_its_report(
    sari_writes: Write, people: People, commit: Callable[..., dict[str, int]]
) -> None:
    sari_writes(STORY)
    sari_writes("desa jono temayang")
    report = Report.objects.get()
    mail.queue([mail.Message("digest", "d1", "Pagi", "Selamat pagi", to_staff="kun@contoh.id")])
    rule(Act.SENT)
    assert commit() == {"sent": 1}
    assert Outbound.objects.filter(reference=report.tracking_code).exists()
    assert Outbound.objects.filter(to_staff="kun@contoh.id").exists()


def test_what_is_still_to_be_sent_stays(sari_writes: Write, commit: Callable[..., dict[str, int]]) -> None:
    sari_writes("Halo")
    Outbound.objects.update(state=Outbound.State.QUEUED)
    rule(Act.SENT, days=0)
    assert commit() == {}


def test_with_a_report_goes_what_the_conversation_kept_of_it(sari_writes: Write) -> None:
    sari_writes(STORY)
    sari_writes("desa jono temayang")
    report = Report.objects.get()
    retention.anonymise(report, rule=BASIS, at=timezone.now())
    talk = Talk.objects.filter(report=report).first()
    assert talk is None or (talk.body, talk.place_text, talk.region_id) == ("", "", None)
    assert not Outbound.objects.filter(reference=report.tracking_code).exists()


def test_who_is_in_the_middle_of_another_conversation_keeps_it(sari_writes: Write) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    sari_writes("LAPOR lampu mati semua sejak kemarin")
    retention.anonymise(Report.objects.get(), rule=BASIS, at=timezone.now())
    assert Talk.objects.filter(state=Talk.State.OPEN).exists()
    assert Address.objects.get().state == Address.State.OK


# --- events and broadcasts --------------------------------------------------------------------------------------------


@pytest.fixture
def event(people: People) -> Gathering:
    """A village visit of today with one row typed and one page of its paper list."""
    by = people.doing(people.kun)
    occasion = gatherings.Occasion(kind="sambang", title="Sambang Desa Jono", held_on=timezone.localdate())
    gathering = gatherings.hold_gathering(occasion=occasion, by=by)
    gatherings.save_rows(gathering=gathering, rows=[gatherings.Typed("baris-1", {"words": "Lampu mati"})], by=by)
    gathering_photos.keep_sheets(gathering=gathering, photos=[sanitise(jpeg(), name="lembar.jpg")], by=by)
    return gathering


def test_rows_that_nobody_filed_go_and_the_event_stays(event: Gathering, commit: Callable[..., dict[str, int]]) -> None:
    rule(Act.ROWS)
    assert commit(timedelta(days=29)) == {}
    assert commit() == {"rows": 1}
    assert not GatheringRow.objects.exists()
    assert Gathering.objects.get() == event


def test_rows_of_an_old_event_that_somebody_typed_lately_stay(
    event: Gathering, commit: Callable[..., dict[str, int]]
) -> None:
    Gathering.objects.update(held_on=date(2025, 1, 1))
    rule(Act.ROWS)
    assert commit(timedelta(days=3)) == {}
    assert event.rows.exists()


def test_pages_of_the_paper_list_leave_the_disk(event: Gathering, commit: Callable[..., dict[str, int]]) -> None:
    assert len(files()) == 2
    rule(Act.PAPERS)
    assert commit() == {"papers": 1}
    assert not GatheringPhoto.objects.exists()
    assert files() == []
    assert event.rows.exists()


def test_minutes_and_recording_go_the_broadcast_stays(people: People, commit: Callable[..., dict[str, int]]) -> None:
    host = people.doing(people.kun).actor
    show = radio.start_show(by=host, programme="Halo Bupati")
    kept: dict[str, Any] = {"minutes": "Bu Sari: lampu mati.", "recording_url": "https://radio.contoh.id/1"}
    show = radio.save_minutes(show=show, by=host, version=show.version, **kept)
    rule(Act.BROADCASTS)
    assert commit() == {}, "it is still on the air"
    radio.stop_show(show=show, by=host)
    assert commit() == {"broadcasts": 1}
    left = RadioShow.objects.get()
    assert (left.minutes, left.recording_url, left.programme) == ("", "", "Halo Bupati")
    assert left.version > show.version
    assert commit() == {}


# --- rules and the register -------------------------------------------------------------------------------------------


def test_only_rules_of_reports_have_a_kind() -> None:
    row = RetentionRule(act=Act.MESSAGES, kind="complaint", after_days=1, rule=BASIS, valid_from=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="Kosongkan"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_dry_run_lists_with_number_and_oldest_and_changes_nothing(sari_writes: Write) -> None:
    sari_writes("Halo")
    old = datetime(2026, 1, 5, 3, tzinfo=UTC)
    Inbound.objects.update(received_at=old)
    rule(Act.MESSAGES)
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert f"1  hapus pesan yang tidak jadi laporan  tertua 05-01-2026  {BASIS}" in out.getvalue()
    assert Inbound.objects.exists()
    call_command("retention", stdout=out)
    assert "hapus pesan yang tidak jadi laporan: 1." in out.getvalue()
    assert not Inbound.objects.exists()


def test_the_register_stands_in_the_admin(client: Any, people: People, sari_writes: Write) -> None:
    sari_writes("Halo")
    rule(Act.MESSAGES)
    leftovers.run(at=timezone.now() + LATER)
    client.force_login(people.agus)
    page = client.get("/admin/reports/destruction/").content.decode()
    assert "hapus pesan yang tidak jadi laporan" in page


def test_anonymising_a_destroyed_reports_kin_is_not_disturbed(sari_reports: Report, people: People) -> None:
    actions.archive(report=sari_reports, by=people.doing(people.kun), reason="no_reply")
    rule(Act.MESSAGES)
    rule(Act.DESTROY)
    assert retention.run(at=timezone.now() + LATER) == (1, 0)
    assert leftovers.run(at=timezone.now() + LATER) == {}
