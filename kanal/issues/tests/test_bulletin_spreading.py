"""What the worker does with a bulletin: in batches, stopped and gone on with, answers by their own rules."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from kanal.agencies.queries import actor_of
from kanal.channels.actions import add_address, hand_addresses, merged, opt_out
from kanal.channels.models import Address, Medium, Outbound
from kanal.issues import actions, policy
from kanal.issues.actions import spreading
from kanal.issues.actions.spreading import spread
from kanal.issues.models import Bulletin, BulletinRecipient, BulletinReport
from kanal.issues.queries.bulletins import heading, progress, refused_reports
from kanal.issues.workflow import BulletinStatus, LeftOut
from kanal.reports.actions import assign, draft_answer, start
from kanal.reports.models import Answer, Follower, Report, ReportClock, ReportEvent
from kanal.reports.workflow import Status
from tests.support.concerned import ANSWER, citizen, drafted, issue_of, messages, reported, seal, send
from tests.support.people import People


@pytest.fixture
def heni(people: People) -> policy.Doer:
    return policy.person(actor_of(people.heni))


@pytest.fixture
def five(people: People) -> Bulletin:
    """A draft to five people."""
    return drafted(people, issue_of(people, *(reported(citizen(number), number) for number in range(1, 6))))


def begun(bulletin: Bulletin, by: policy.Doer) -> None:
    actions.send_bulletin(bulletin=bulletin, seen=seal(bulletin), by=by)


def turn() -> int:
    return spread(lambda: True)


# Batches --------------------------------------------------------------------------------------------------------------


def test_it_goes_out_in_batches_and_says_how_far_it_is(
    five: Bulletin, heni: policy.Doer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "AT_ONCE", 2)
    begun(five, heni)
    assert [turn() for _batch in range(3)] == [2, 2, 1], "the pages first"
    assert progress(five).on_pages == 5
    turn()
    now = progress(five)
    assert (now.people, now.waiting, now.sent, len(messages())) == (5, 5, 0, 2)
    Outbound.objects.filter(purpose="bulletin").update(state="sent", sent_at=timezone.now())
    now = progress(five)
    assert (now.waiting, now.sent) == (3, 2)
    while turn():
        pass
    Outbound.objects.filter(purpose="bulletin", state="queued").update(state="failed")
    five.refresh_from_db()
    now = progress(five)
    assert (five.status, now.sent, now.failed, now.waiting) == (BulletinStatus.SENT, 2, 3, 0)


def test_a_medium_with_enough_to_do_gets_no_more_meanwhile(
    five: Bulletin, heni: policy.Doer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "IN_FLIGHT", 2)
    monkeypatch.setattr(spreading, "AT_ONCE", 2)
    begun(five, heni)
    while turn():
        pass
    assert len(messages()) == 2, "other people's messages are not held up by thousands of these"
    Outbound.objects.filter(purpose="bulletin").update(state="sent", sent_at=timezone.now())
    while turn():
        pass
    assert len(messages()) == 4


def test_stopped_it_stands_still_and_goes_on_where_it_was(
    people: People, five: Bulletin, heni: policy.Doer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "AT_ONCE", 2)
    begun(five, heni)
    for _batch in range(4):
        turn()
    actions.stop_bulletin(bulletin=five, by=policy.person(actor_of(people.oki)))
    assert turn() == 0
    assert len(messages()) == 2
    actions.resume_bulletin(bulletin=five, by=heni)
    while turn():
        pass
    assert len(messages()) == 5
    assert Outbound.objects.filter(purpose="bulletin").count() == 5


@pytest.mark.parametrize("trouble", ["database is locked", "database or disk is full"])
def test_a_batch_that_the_database_refuses_leaves_nothing_and_is_done_again(
    five: Bulletin, heni: policy.Doer, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    def refuses(*_told: object) -> None:
        raise OperationalError(trouble)

    begun(five, heni)
    turn()
    with monkeypatch.context() as patch:
        patch.setattr(spreading, "_note_outcome", refuses)
        with pytest.raises(OperationalError):
            turn()
    assert messages() == {}
    while turn():
        pass
    assert len(messages()) == 5


def test_trouble_with_one_bulletin_holds_up_no_other(
    people: People, five: Bulletin, heni: policy.Doer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = drafted(people, issue_of(people, reported(citizen(9), 9)))
    for bulletin in (five, other):
        begun(bulletin, heni)

    def breaks(bulletin: Bulletin) -> str:
        if bulletin.pk == five.pk:
            raise RuntimeError("broken")
        return heading(bulletin)

    monkeypatch.setattr(spreading, "heading", breaks)
    for _turn in range(3):
        with pytest.raises(RuntimeError, match="broken"):
            turn()
    other.refresh_from_db()
    assert other.status == BulletinStatus.SENT


# What became of people meanwhile --------------------------------------------------------------------------------------


def test_who_stops_messages_meanwhile_gets_none_and_who_has_another_address_is_told_there(
    people: People, heni: policy.Doer
) -> None:
    stopped, moved, left = citizen(1), citizen(2), citizen(3)
    mine = reported(moved, 2)
    other = add_address(contact=moved.contact, medium=Medium.EMAIL, handle="lain@contoh.id")
    bulletin = drafted(people, issue_of(people, reported(stopped, 1), mine, reported(left, 3)))
    begun(bulletin, heni)
    for address in (stopped, moved):
        opt_out(address)
    Follower.objects.create(report=mine, address=other, reporter=True, confirmed_at=timezone.now())
    Follower.objects.filter(address=left).delete()
    while turn():
        pass
    assert set(messages()) == {other.handle}
    why = dict(BulletinRecipient.objects.filter(state="left_out").values_list("contact_id", "why"))
    assert why == {stopped.contact_id: LeftOut.OPTED_OUT, left.contact_id: LeftOut.GONE}


def test_two_who_turn_out_to_be_one_person_are_told_once(people: People, heni: policy.Doer) -> None:
    sari, same, alone = citizen(1), citizen(2), citizen(3)
    bulletin = drafted(people, issue_of(people, reported(sari, 1), reported(same, 2), reported(alone, 3)))
    begun(bulletin, heni)
    hand_addresses([same.pk], to=sari.contact_id)
    merged(same.contact_id, into=sari.contact_id)
    root = citizen(4).contact
    hand_addresses([alone.pk], to=root.pk)
    merged(alone.contact_id, into=root.pk)
    while turn():
        pass
    assert len(messages()) == 2
    assert alone.handle in messages()
    assert BulletinRecipient.objects.get(why=LeftOut.JOINED).contact_id == same.contact_id


def test_who_was_told_hears_it_no_second_time_as_part_of_somebody_else(people: People, heni: policy.Doer) -> None:
    told, other = citizen(1), citizen(2)
    issue = issue_of(people, reported(told, 1))
    bulletin = drafted(people, issue)
    send(bulletin, heni)
    hand_addresses([told.pk], to=other.contact_id)
    merged(told.contact_id, into=other.contact_id)
    told.refresh_from_db()
    later = reported(other, 2)
    actions.add_reports(issue=issue, reports=[later], by=policy.person(actor_of(people.kun)))
    actions.extend_bulletin(bulletin=bulletin, seen=seal(bulletin), by=heni)
    while turn():
        pass
    assert list(messages()) == [told.handle]
    assert BulletinReport.objects.filter(report=later, state=BulletinReport.State.TOLD).exists()


# The official answer --------------------------------------------------------------------------------------------------


@pytest.fixture
def held(people: People, sari_reports: Report) -> Report:
    """Sari's report, on which the roads agency works."""
    assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    start(report=sari_reports, by=people.doing(people.oki))
    Report.objects.filter(pk=sari_reports.pk).update(published=True)
    return sari_reports


def test_it_answers_what_waits_for_this_agency_and_only_tells_the_others(
    people: People, heni: policy.Doer, held: Report
) -> None:
    elsewhere = reported(citizen(2), 2, agency=people.transport, status=Status.IN_PROGRESS)
    done = reported(citizen(3), 3, agency=people.roads, status=Status.CLOSED, answered_at=timezone.now())
    bulletin = drafted(people, issue_of(people, held, elsewhere, done), as_answer=True)
    Outbound.objects.all().delete()
    send(bulletin, heni)
    held.refresh_from_db()
    assert held.status == Status.ANSWERED
    answer = Answer.objects.get()
    assert (answer.report, answer.text, answer.author, answer.approver) == (held, ANSWER, people.oki, people.heni)
    assert not ReportClock.objects.filter(report=held, kind="settle", met_at=None).exists()
    told = messages()
    assert "10 hari kerja" in told["sari@contoh.id"]
    assert all("10 hari kerja" not in body for to, body in told.items() if to != "sari@contoh.id")
    assert Outbound.objects.filter(address__handle_hash=Address.objects.get(pk=_address(held)).handle_hash).count() == 1
    assert set(ReportEvent.objects.filter(verb="told").values_list("report_id", flat=True)) == {elsewhere.pk, done.pk}
    assert (progress(bulletin).answered, progress(bulletin).on_pages) == (1, 3)


def _address(report: Report) -> int:
    return int(Follower.objects.get(report=report, reporter=True).address_id)


def test_what_its_own_rules_refuse_is_told_all_the_same_and_listed_with_the_reason(
    people: People, heni: policy.Doer, held: Report
) -> None:
    draft_answer(report=held, by=people.doing(people.oki), text="Jawaban khusus untuk Sari.")
    bulletin = drafted(people, issue_of(people, held), as_answer=True)
    send(bulletin, heni)
    held.refresh_from_db()
    assert held.status == Status.IN_PROGRESS
    assert Answer.objects.get().text == "Jawaban khusus untuk Sari.", "nothing is lost"
    assert refused_reports(bulletin) == [(held.tracking_code, "Sudah ada jawaban lain yang sedang disiapkan.")]
    assert "10 hari kerja" not in messages()["sari@contoh.id"]
    assert BulletinReport.objects.get().state == BulletinReport.State.TOLD


def test_an_author_who_left_the_agency_answers_nothing_any_more(
    people: People, heni: policy.Doer, held: Report
) -> None:
    bulletin = drafted(people, issue_of(people, held), as_answer=True)
    begun(bulletin, heni)
    people.oki.memberships.all().delete()
    while turn():
        pass
    held.refresh_from_db()
    assert held.status == Status.IN_PROGRESS
    assert progress(bulletin).refused == 1
    assert "sari@contoh.id" in messages()
