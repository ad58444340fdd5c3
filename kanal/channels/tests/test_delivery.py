"""Delivery by e-mail: each outcome of the mail server becomes the right state of the row, and nothing is sent twice."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, delivery
from kanal.channels.actions import Message
from kanal.channels.models import Address, Medium, Outbound
from tests.support.smtp import MailServer, mail_server

pytestmark = pytest.mark.django_db
State = Outbound.State


def queued(key: str = "receipt:1", *, to: str = "sari@contoh.id") -> Outbound:
    address = actions.address_for(medium=Medium.EMAIL, handle=to)
    actions.queue(
        [Message(purpose="receipt", dedupe_key=key, subject="Laporan kami terima", body="Kode BJN-1", address=address)]
    )
    return Outbound.objects.get(dedupe_key=key)


def deliver() -> int:
    return delivery.deliver_due(lambda: True)


def again(row: Outbound) -> Outbound:
    return Outbound.objects.select_related("address").get(pk=row.pk)


def make_due(row: Outbound) -> None:
    Outbound.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
        yield server


def test_a_due_message_is_sent_once_and_says_that_a_machine_wrote_it(post: MailServer) -> None:
    row = queued()
    assert deliver() == 1
    assert deliver() == 0
    letter, row = post.received[0], again(row)
    assert post.subjects == ["Laporan kami terima"]
    assert letter["To"] == "sari@contoh.id"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert row.state == State.SENT
    assert row.external_id == letter["Message-ID"]
    assert row.sent_at is not None
    assert row.handed_at is not None


def test_many_messages_share_one_connection_and_all_arrive(post: MailServer) -> None:
    for number in range(5):
        queued(f"receipt:{number}", to=f"warga{number}@contoh.id")
    assert deliver() == 5
    assert {letter["To"] for letter in post.received} == {f"warga{number}@contoh.id" for number in range(5)}


def test_the_message_id_is_the_same_however_often_it_is_sent(post: MailServer) -> None:
    row = queued()
    post.hang_up = True
    deliver()
    assert again(row).state == State.FAILED
    post.hang_up = False
    assert actions.resend(row.pk)
    deliver()
    post.received.clear()
    Outbound.objects.filter(pk=row.pk).update(state=State.FAILED)
    assert actions.resend(row.pk)
    deliver()
    assert post.received[0]["Message-ID"] == again(row).external_id


def test_a_mailbox_that_does_not_exist_fails_for_good_and_marks_the_address(post: MailServer) -> None:
    post.answers["salah@contoh.id"] = "550 5.1.1 no such user"
    row = queued(to="salah@contoh.id")
    deliver()
    row = again(row)
    assert row.state == State.FAILED
    assert "ditolak" in row.error
    assert row.address
    assert row.address.state == Address.State.BOUNCED


def test_a_refusal_by_policy_is_not_the_addresss_fault(post: MailServer) -> None:
    post.answers["sari@contoh.id"] = "550 5.7.1 relaying denied"
    row = again(queued())
    deliver()
    row = again(row)
    assert row.state == State.FAILED
    assert row.address
    assert row.address.state == Address.State.OK


def test_one_refused_letter_does_not_stop_the_next(post: MailServer) -> None:
    post.answers["salah@contoh.id"] = "550 5.1.1 no such user"
    queued("1", to="salah@contoh.id")
    good = queued("2", to="benar@contoh.id")
    assert deliver() == 2
    assert again(good).state == State.SENT


@pytest.mark.parametrize("where", ["recipient", "text"])
def test_not_now_means_later_and_later_and_in_the_end_failed(post: MailServer, where: str) -> None:
    if where == "recipient":
        post.answers["sari@contoh.id"] = "451 4.7.1 greylisted"
    else:
        post.data_answer = "452 4.3.1 disk full"
    row = queued()
    waits = []
    for _attempt in range(len(actions.PAUSES)):
        make_due(row)
        before = timezone.now()
        deliver()
        row = again(row)
        assert row.state == State.QUEUED
        assert row.handed_at is None
        waits.append((row.next_attempt_at - before) / timedelta(minutes=1))
    assert [round(wait / expected, 0) for wait, expected in zip(waits, [1, 5, 30, 120, 480], strict=True)] == [1.0] * 5
    make_due(row)
    deliver()
    row = again(row)
    assert row.state == State.FAILED
    assert "sedang tidak menerima" in row.error
    assert not post.received


def test_a_line_that_breaks_after_the_text_is_called_uncertain_and_never_sent_again_unasked(post: MailServer) -> None:
    post.hang_up = True
    row = queued()
    deliver()
    row = again(row)
    assert row.state == State.FAILED
    assert row.error.startswith("Tidak pasti terkirim")
    post.hang_up = False
    make_due(row)
    assert deliver() == 0


def test_a_server_too_slow_to_answer_is_uncertain_too(post: MailServer) -> None:
    post.slow_seconds = 3
    row = queued()
    deliver()
    assert again(row).error.startswith("Tidak pasti terkirim")
    assert len(post.received) == 1


def test_a_mail_server_that_is_away_costs_one_attempt_of_one_message(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    first, second = queued("1"), queued("2")
    assert deliver() == 1
    first, second = again(first), again(second)
    assert (first.attempts, second.attempts) == (1, 0)
    assert "tidak bisa dihubungi" in first.error
    assert second.next_attempt_at > timezone.now()
    assert deliver() == 0


def test_who_asked_not_to_be_written_to_is_not() -> None:
    row = queued()
    Address.objects.update(state=Address.State.OPTED_OUT)
    deliver()
    row = again(row)
    assert row.state == State.GIVEN_UP
    assert "minta tidak dikirimi" in row.error
    assert not mail.outbox


def test_a_text_that_no_key_opens_is_said_to_be_so() -> None:
    row = queued()
    with connection.cursor() as cursor:  # past the field, which would encrypt it
        cursor.execute("UPDATE channels_outbound SET body = 'gAAAAAbroken' WHERE id = %s", [row.pk])
    assert deliver() == 1
    failed = Outbound.objects.defer("body").get(pk=row.pk)
    assert failed.state == State.FAILED
    assert "kunci" in failed.error


def test_a_subject_with_line_breaks_cannot_add_headers(post: MailServer) -> None:
    row = queued()
    Outbound.objects.filter(pk=row.pk).update(subject="Halo\r\nBcc: jahat@contoh.id")
    deliver()
    assert post.received[0]["Bcc"] is None
    assert again(row).state == State.SENT


def test_after_a_fault_not_all_come_back_at_the_same_moment(post: MailServer) -> None:
    people = [f"warga{number}@contoh.id" for number in range(6)]
    post.answers = dict.fromkeys(people, "451 4.7.1 greylisted")
    rows = [queued(one, to=one) for one in people]
    now = timezone.now()
    deliver()
    waits = {round((again(row).next_attempt_at - now).total_seconds(), 2) for row in rows}
    assert len(waits) > 1
    assert all(50 < wait < 75 for wait in waits)


def test_no_medium_is_sent_more_a_second_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock: list[float] = [100.0]
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(round(seconds, 3))
        clock[0] += seconds

    monkeypatch.setattr(delivery, "time", SimpleNamespace(monotonic=lambda: clock[0], sleep=nap))
    with delivery.Post() as hands:
        for medium in ("sms", "sms", "whatsapp", "sms"):
            hands.keep_pace(medium)
    assert naps == [0.0, 0.2, 0.0, 0.2], "five SMS a second; others do not wait for them"


# Leases -------------------------------------------------------------------------------------------------------------


def test_one_row_is_leased_to_one_worker() -> None:
    row = queued()
    assert actions.lease(row.pk) is not None
    assert actions.lease(row.pk) is None


def test_what_a_dead_worker_had_not_handed_over_is_queued_again() -> None:
    row = actions.lease(queued().pk)
    assert row
    assert actions.reap_deliveries(at=timezone.now() + actions.LEASE / 2) == 0
    assert actions.reap_deliveries(at=timezone.now() + actions.LEASE * 2) == 1
    assert again(row).state == State.QUEUED
    assert again(row).attempts == 1


def test_what_a_dead_worker_had_handed_over_waits_for_a_persons_decision() -> None:
    row = actions.lease(queued().pk)
    assert row
    actions.hand_over(row)
    actions.reap_deliveries(at=timezone.now() + actions.LEASE * 2)
    failed = again(row)
    assert failed.state == State.FAILED
    assert failed.error.startswith("Tidak pasti terkirim")


def test_a_worker_given_up_for_dead_may_not_hand_over_any_more() -> None:
    row = actions.lease(queued().pk)
    assert row
    actions.reap_deliveries(at=timezone.now() + actions.LEASE * 2)
    with pytest.raises(actions.LeaseLostError):
        actions.hand_over(row)
    actions.try_again(row, error="terlambat")
    assert again(row).error == ""


def test_a_late_success_makes_the_uncertain_certain() -> None:
    row = actions.lease(queued().pk)
    assert row
    actions.hand_over(row)
    actions.reap_deliveries(at=timezone.now() + actions.LEASE * 2)
    actions.mark_sent(row, external_id="<1@x>")
    assert again(row).state == State.SENT
    assert again(row).error == ""


def test_sending_again_works_once_however_often_it_is_pressed() -> None:
    row = queued()
    Outbound.objects.filter(pk=row.pk).update(state=State.FAILED, attempts=6)
    assert actions.resend(row.pk)
    assert not actions.resend(row.pk)
    deliver()
    assert not actions.resend(row.pk)
    assert len(mail.outbox) == 1


def test_sending_again_gives_an_address_that_bounced_another_chance() -> None:
    row = queued()
    Outbound.objects.filter(pk=row.pk).update(state=State.FAILED)
    Address.objects.update(state=Address.State.BOUNCED)
    actions.resend(row.pk)
    deliver()
    assert len(mail.outbox) == 1


def test_a_worker_asked_to_stop_leaves_the_rest_in_the_queue() -> None:
    queued("1")
    queued("2")
    answers = iter([True, False])
    assert delivery.deliver_due(lambda: next(answers)) == 1
    assert Outbound.objects.filter(state=State.QUEUED).count() == 1
