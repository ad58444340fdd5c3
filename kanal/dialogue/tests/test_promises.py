"""A promise from the moment it is said: its clock, who is reminded, what counts as kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from kanal.agencies.queries import Actor, actor_of, reference
from kanal.channels.models import Outbound
from kanal.common.images import CleanImage, sanitise
from kanal.common.refusal import Refused
from kanal.dialogue import actions
from kanal.dialogue.actions import Promised, Shown
from kanal.dialogue.actions.promises import remove_loose_photos
from kanal.dialogue.models import Commitment, CommitmentEvent, Episode
from kanal.dialogue.queries import promises as queries
from kanal.dialogue.queries import standing_of
from kanal.dialogue.workflow import Standing
from kanal.reports.models import Report
from tests.support.issues import tell as told_reports
from tests.support.messages import jpeg
from tests.support.people import People

DONE = Shown("Tiga lubang ditambal, 40 meter.")


def lines(one: Commitment) -> list[str]:
    return list(one.events.values_list("verb", flat=True))


def standing(one: Commitment, *, days: int = 0) -> Standing:
    one.refresh_from_db()
    return standing_of(one, reference().today() + timedelta(days=days))


def letters(purpose: str) -> dict[str, str]:
    return {row.to_staff: row.body for row in Outbound.objects.filter(purpose=purpose)}


def photo() -> CleanImage:
    return sanitise(jpeg(), name="tambalan.jpg")


# The clock ----------------------------------------------------------------------------------------------------------


def test_a_promise_is_an_obligation_that_shows_its_working(held: Episode, people: People, rina: Actor) -> None:
    due_on = reference().today() + timedelta(days=14)
    said = Promised("Lubang di Jono ditambal", people.roads, due_on, speaker="Kabid Jalan", episode=held)
    one = actions.promise(promised=said, by=rina)
    assert (one.due_on, one.opened_at) == (due_on, held.starts_at)
    working = queries.explanation(one)
    assert (working.due_on, working.amount) == (due_on, (due_on - reference().today(held.starts_at)).days)
    assert working.rule.startswith("Janji dalam Dialog Jumat, ")
    one.recompute(reference().calendar, reference().tz)
    assert one.due_on == due_on, "no holiday moves a promised date"


@pytest.mark.parametrize(("days", "said"), [(-1, "sebelum hari"), (4000, "sepuluh tahun")])
def test_a_date_that_cannot_be_is_refused(people: People, rina: Actor, days: int, said: str) -> None:
    due_on = reference().today() + timedelta(days=days)
    with pytest.raises(Refused, match=said):
        actions.promise(promised=Promised("Lubang ditambal", people.roads, due_on), by=rina)


def test_a_promise_is_masked_and_of_a_public_evening(episode: Episode, people: People, rina: Actor) -> None:
    due_on = reference().today() + timedelta(days=9)
    said = Promised("Hubungi 081234567890 untuk pupuk", people.roads, due_on)
    assert "0812" not in actions.promise(promised=said, by=rina).text
    with pytest.raises(Refused, match="sudah diumumkan"):
        actions.promise(promised=Promised("Pupuk", people.roads, due_on, episode=episode), by=rina)


def test_a_secret_report_is_not_found(people: People, rina: Actor) -> None:
    hidden = told_reports(1, secret=True)[0]
    said = Promised("Diperiksa", people.roads, reference().today(), report=hidden)
    with pytest.raises(Refused, match="tidak ditemukan"):
        actions.promise(promised=said, by=rina)


# What becomes of it -------------------------------------------------------------------------------------------------


def test_kept_in_time(promise: Commitment, people: People) -> None:
    actions.fulfil(commitment=promise, shown=Shown(DONE.text, "https://contoh.id/jono", [photo()]), by=officer(people))
    assert standing(promise) == Standing.CLAIMED
    actions.accept(commitment=promise, by=actor_of(people.kun))
    assert standing(promise) == Standing.KEPT
    assert promise.is_met
    assert lines(promise) == ["promise", "fulfil", "accept"]


def officer(people: People) -> Actor:
    return actor_of(people.oki)


def test_the_day_counts_on_which_the_agency_said_so(promise: Commitment, people: People) -> None:
    actions.fulfil(commitment=promise, shown=DONE, by=officer(people))
    Commitment.objects.update(due_on=reference().today() - timedelta(days=1))
    actions.accept(commitment=promise, by=actor_of(people.kun))
    assert standing(promise) == Standing.KEPT_LATE


def test_lateness_is_a_matter_of_the_day(promise: Commitment) -> None:
    assert standing(promise, days=10) == Standing.OPEN
    assert standing(promise, days=11) == Standing.LATE


def test_what_is_not_done_goes_back_with_a_reason(promise: Commitment, people: People) -> None:
    kun = actor_of(people.kun)
    actions.fulfil(commitment=promise, shown=DONE, by=officer(people))
    with pytest.raises(Refused, match="masih kurang"):
        actions.refuse(commitment=promise, reason="", by=kun)
    actions.refuse(commitment=promise, reason="Satu lubang tertinggal.", by=kun)
    assert standing(promise) == Standing.OPEN
    actions.fulfil(commitment=promise, shown=DONE, by=officer(people))
    assert promise.evidence.count() == 2


def test_a_broken_promise_may_still_be_fulfilled(promise: Commitment, people: People) -> None:
    actions.give_up(commitment=promise, reason="Anggaran dialihkan.", by=actor_of(people.heni))
    assert standing(promise) == Standing.BROKEN
    actions.fulfil(commitment=promise, shown=DONE, by=officer(people))
    assert (standing(promise), promise.reason) == (Standing.CLAIMED, "")


def test_a_moved_date_is_never_silent(promise: Commitment, people: People) -> None:
    later = promise.due_on + timedelta(days=30)
    Commitment.objects.update(reminded=1, escalated_on=date(2026, 1, 1))
    said = Promised(promise.text, people.roads, later)
    with pytest.raises(Refused, match="alasan perubahannya"):
        actions.correct(commitment=promise, promised=said, note=" ", by=actor_of(people.kun))
    before = promise.due_on
    actions.correct(commitment=promise, promised=said, note="Hujan.", by=actor_of(people.kun))
    line = promise.events.get(verb="correct")
    assert (line.note, line.data) == ("Hujan.", {"from": before.isoformat(), "due_on": later.isoformat()})
    assert (promise.reminded, promise.escalated_on) == (None, None)


def test_the_database_holds_the_invariants(promise: Commitment) -> None:
    for wrong in ({"status": "kept"}, {"status": "broken"}, {"status": "claimed"}, {"text": ""}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Commitment.objects.update(**wrong)
    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        CommitmentEvent.objects.update(verb="accept")


@pytest.mark.parametrize("link", ["http://contoh.id", "javascript:alert(1)", "https://a b"])
def test_only_safe_links_are_kept(promise: Commitment, people: People, link: str) -> None:
    with pytest.raises(Refused, match="https://"):
        actions.fulfil(commitment=promise, shown=Shown("Selesai", link), by=officer(people))
    assert not promise.evidence.exists()


def test_a_destroyed_report_leaves_the_promise(promise: Commitment) -> None:
    report = told_reports(1)[0]
    Commitment.objects.update(report=report)
    Report.objects.filter(pk=report.pk).delete()
    promise.refresh_from_db()
    assert promise.report is None


def test_photos_that_lost_their_row_are_swept_away(promise: Commitment, people: People) -> None:
    evidence = actions.fulfil(commitment=promise, shown=Shown("Selesai", photos=[photo()]), by=officer(people))
    path = evidence.photos.get().path
    assert remove_loose_photos(older_than=timedelta()) == 0
    evidence.photos.all().delete()
    assert remove_loose_photos(older_than=timedelta()) == 2
    assert not default_storage.exists(path)


# Letters ------------------------------------------------------------------------------------------------------------


def test_everybody_concerned_hears_of_each_step(promise: Commitment, people: People) -> None:
    assert set(letters("promise_made")) == {people.oki.email, people.heni.email}
    actions.fulfil(commitment=promise, shown=DONE, by=officer(people))
    assert set(letters("promise_claimed")) == {people.kun.email}
    actions.refuse(commitment=promise, reason="Satu lubang tertinggal.", by=actor_of(people.kun))
    assert "Satu lubang tertinggal." in letters("promise_returned")[people.oki.email]


# Reminders ----------------------------------------------------------------------------------------------------------


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def test_officers_are_reminded_a_week_before_and_on_the_eve_once_each(promise: Commitment, people: People) -> None:
    due = promise.due_on
    sent = [actions.remind(at=at(due - timedelta(days=days))) for days in (8, 7, 7, 3, 1, 1, 0)]
    assert sent == [0, 1, 0, 0, 1, 0, 0]
    rows = Outbound.objects.filter(purpose="promise_due")
    assert [row.to_staff for row in rows] == [people.oki.email] * 2
    assert f"/meja/janji/{promise.pk}/" in rows[0].body


def test_what_is_promised_for_tomorrow_is_one_reminder(people: People, rina: Actor) -> None:
    said = Promised("Pompa dinyalakan", people.roads, reference().today() + timedelta(days=1))
    actions.promise(promised=said, by=rina)
    assert [actions.remind(), actions.remind()] == [1, 0]


def test_what_is_late_reaches_officers_heads_and_coordinators_once(
    promise: Commitment, people: People, rina: Actor
) -> None:
    actions.promise(promised=Promised("Rambu dipasang", people.transport, promise.due_on), by=rina)
    late = at(promise.due_on + timedelta(days=1))
    assert [actions.escalate(at=at(promise.due_on)), actions.escalate(at=late), actions.escalate(at=late)] == [0, 2, 0]
    found = letters("promise_late")
    assert set(found) == {people.oki.email, people.heni.email, people.dewi.email, people.kun.email}
    assert found[people.kun.email].count("/meja/janji/") == 2, "one letter speaks of all"
    assert "Rambu" not in found[people.heni.email]
    assert lines(promise) == ["promise", "escalate"]


def test_nobody_is_written_to_about_what_is_done(promise: Commitment, people: People) -> None:
    actions.fulfil(commitment=promise, shown=DONE, by=officer(people))
    assert actions.escalate(at=timezone.now() + timedelta(days=60)) == 0
    assert not letters("promise_late")
