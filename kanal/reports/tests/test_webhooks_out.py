"""Events go out signed, at least once, to programs that subscribed; with facts and never words or persons."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from kanal.channels import outside
from kanal.channels.app import signing
from kanal.channels.models import MediumState
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.models import ApiClient, EventDelivery, Report, Subscription
from kanal.reports.webhooks import sending
from kanal.reports.webhooks.actions import keeping, outbox
from kanal.reports.webhooks.shapes import OF_VERB, TYPES
from kanal.reports.workflow import VERBS, Kind
from tests.support.people import People
from tests.support.webhooks import Listening, listening

pytestmark = pytest.mark.django_db
State = EventDelivery.State


@pytest.fixture
def server(settings: Settings) -> Iterator[Listening]:
    settings.WEBHOOK_LOOPBACK = True
    with listening() as here:
        yield here


@pytest.fixture
def app(people: People) -> ApiClient:
    return keeping.keep_app(app=keeping.App(name="SIPD Jalan"), by=people.doing(people.kun))


@pytest.fixture
def told(app: ApiClient, people: People, server: Listening) -> Subscription:
    return keeping.subscribe(client=app, url=server.url, kinds=list(TYPES), by=people.doing(people.kun))


def run(hours: float = 0) -> int:
    """Let the worker work, some hours from now."""
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=True):
        return sending.send_due(lambda: True)


def filed(**more: Any) -> Report:
    return actions.file_report(
        actions.Filing(body="Pak Budi, 081234567890: lampu padam.", submission=f"{more}", name="Budi", **more)
    )


# --- what is told -----------------------------------------------------------------------------------------------------


def test_a_report_is_told_as_a_signed_cloudevent(told: Subscription, server: Listening, settings: Settings) -> None:
    report = filed(email="budi@contoh.id", place_text="Rumah Pak Budi")
    assert run() == 1
    (got,) = server.got
    event = got.event
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert (event["specversion"], event["type"], event["source"]) == (
        "1.0",
        "id.kanal.report.filed",
        settings.BASE_URL,
    )
    assert (event["subject"], event["data"]["code"], event["data"]["status"]) == (
        report.tracking_code,
        report.tracking_code,
        "received",
    )
    assert event["id"] == got.headers["webhook-id"]
    signed = signing.read_headers({**got.headers, "kanal-app": "1"})
    assert signed is not None
    assert signed.is_genuine([told.signing_key], got.body)
    assert not signed.is_genuine([signing.new_key()], got.body)
    for secret in (b"Budi", b"budi", b"081234567890", b"lampu", b"Rumah"):
        assert secret not in got.body


def test_a_life_is_told_deed_by_deed(told: Subscription, server: Listening, people: People) -> None:
    kun, oki, heni = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    report = filed()
    actions.assign(report=report, agency=people.roads, by=kun)
    actions.start(report=report, by=oki)
    actions.note(report=report, by=oki, text="Catatan di dalam.")
    actions.draft_answer(report=report, by=oki, text="Sudah menyala.")
    actions.submit_answer(report=report, by=oki)
    actions.approve_answer(report=report, by=heni)
    actions.publish_answer(report=report, by=oki)
    while run():
        pass
    names = [got.event["type"].rpartition(".")[2] for got in server.got]
    assert names == ["filed", "assigned", "started", "answered"]
    versions = [got.event["data"]["version"] for got in server.got]
    assert versions == sorted(set(versions))
    assert server.got[-1].event["data"]["agency"] == people.roads.code


def test_every_event_is_of_a_deed_and_every_type_has_words() -> None:
    assert set(OF_VERB) < set(VERBS)
    assert set(OF_VERB.values()) | {"id.kanal.report.filed"} == set(TYPES)


@pytest.mark.parametrize("hidden", [{"secret": True}, {"kind": Kind.WHISTLEBLOWING}])
def test_of_secret_reports_nothing_is_told(told: Subscription, hidden: dict[str, Any]) -> None:
    filed(**hidden)
    assert not EventDelivery.objects.exists()


def test_what_became_secret_while_it_waited_is_not_told(told: Subscription, server: Listening) -> None:
    report = filed()
    Report.objects.filter(pk=report.pk).update(secret=True)
    run()
    assert (EventDelivery.objects.get().state, server.got) == (State.WITHHELD, [])


def test_only_chosen_events_of_the_chosen_agency_are_told(app: ApiClient, people: People, server: Listening) -> None:
    kun = people.doing(people.kun)
    kinds = ["id.kanal.report.assigned"]
    keeping.subscribe(client=app, url=server.url, kinds=kinds, by=kun, agency=people.roads)
    for agency in (people.roads, people.transport):
        actions.assign(report=filed(place_text=agency.code), agency=agency, by=kun)
    assert [row.type for row in EventDelivery.objects.all()] == kinds


def test_an_event_is_told_only_if_the_deed_was_done(told: Subscription) -> None:
    def fail() -> None:
        filed()
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        fail()
    assert not EventDelivery.objects.exists()


def test_where_nobody_listens_a_deed_costs_nothing(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    report = filed()
    with django_assert_num_queries(0):
        outbox.note("start", report)


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [500, 503, 429, 302, 401, 404])
def test_what_was_not_taken_is_tried_again_later_and_others_wait_with_it(
    told: Subscription, server: Listening, code: int
) -> None:
    server.answers = [(code, {})]
    first = filed(place_text="a")
    filed(place_text="b")
    assert run() == 1
    assert run() == 0
    assert run(hours=2) == 2
    assert [got.event["subject"] for got in server.got].count(first.tracking_code) == 2
    assert set(EventDelivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert len({got.headers["webhook-id"] for got in server.got}) == 2, "tried again under the same id"


def test_a_server_that_asks_for_time_gets_it(told: Subscription, server: Listening) -> None:
    server.answers = [(429, {"Retry-After": "7200"})]
    filed()
    run()
    assert run(hours=1.9) == 0
    assert run(hours=2.5) == 1


def test_an_event_that_is_not_wanted_does_not_hold_up_others(told: Subscription, server: Listening) -> None:
    server.answers = [(422, {})]
    filed(place_text="a")
    filed(place_text="b")
    assert run() == 2
    assert EventDelivery.objects.filter(state=State.SENT).count() == 1


def test_after_the_last_attempt_somebody_is_told_and_can_send_it_again(
    told: Subscription, server: Listening, people: People
) -> None:
    attempts = len(outbox.PAUSES) + 1
    server.answers = [(500, {})] * attempts
    filed()
    for number in range(attempts):
        assert run(hours=number * 30) == 1
    row = EventDelivery.objects.get()
    assert (row.state, row.attempts, row.answer_code) == (State.FAILED, attempts, 500)
    told.refresh_from_db()
    assert "9 kali dicoba" in told.alarm
    assert "SIPD Jalan" in MediumState.objects.get(medium="app").alarm
    assert keeping.replay(subscription=told, one=row.pk, by=people.doing(people.kun)) == 1
    assert run() == 1
    told.refresh_from_db()
    assert (EventDelivery.objects.get().state, told.alarm) == (State.SENT, "")
    assert MediumState.objects.get(medium="app").alarm == ""


def test_a_server_that_is_gone_is_paused_and_nothing_is_lost(
    told: Subscription, server: Listening, people: People
) -> None:
    server.answers = [(410, {})]
    filed()
    run()
    told.refresh_from_db()
    assert (told.state, EventDelivery.objects.get().state) == ("paused", State.QUEUED)
    assert run(hours=40) == 0
    keeping.set_state(subscription=told, state=Subscription.State.ACTIVE, by=people.doing(people.kun))
    assert run() == 1


def test_a_server_that_cannot_be_reached_waits(told: Subscription) -> None:
    Subscription.objects.update(url="http://127.0.0.1:9/")
    filed()
    run()
    row = EventDelivery.objects.get()
    assert (row.state, row.error) == (State.QUEUED, "Servernya tidak bisa dihubungi.")


def test_a_key_that_cannot_be_opened_is_said_and_can_be_replaced(
    told: Subscription, server: Listening, people: People
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_subscription SET signing_key = 'of another installation'")
    filed()
    run()
    row = EventDelivery.objects.get()
    assert (row.state, row.error) == (State.QUEUED, "Kunci tanda tangannya tidak bisa dibuka. Ganti kuncinya.")
    seen = keeping.stamp(told.signing_key_at)
    new = keeping.change_subscription_key(subscription=told, seen=seen, by=people.doing(people.kun))
    assert run(hours=1) == 1
    signed = signing.read_headers({**server.got[0].headers, "kanal-app": "1"})
    assert signed is not None
    assert signed.is_genuine([new], server.got[0].body)


def test_a_worker_that_dies_between_sending_and_noting_sends_the_same_id_again(
    told: Subscription, server: Listening
) -> None:
    filed()
    pk, _subscription = outbox.due(limit=1)[0]
    row = outbox.lease(pk)
    assert row is not None
    with outside.client() as line:
        sending._call(row, line)  # and here the power goes
    assert run() == 0
    assert outbox.reap(at=timezone.now() + timedelta(minutes=3)) == 1
    assert run(hours=1) == 1
    assert len({got.headers["webhook-id"] for got in server.got}) == 1
    assert len(server.got) == 2


def test_two_workers_never_hold_one_event(told: Subscription) -> None:
    filed()
    pk, _subscription = outbox.due(limit=1)[0]
    assert outbox.lease(pk) is not None
    assert outbox.lease(pk) is None


# --- subscriptions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("http://contoh.go.id/", "93.184.216.34"),
        ("https://contoh.go.id/", "192.168.1.4"),
        ("https://contoh.go.id/", "fd00::1"),
        ("https://contoh.go.id/", "224.0.0.1"),
        ("https://127.0.0.1/", "127.0.0.1"),
        ("https://user:sandi@contoh.go.id/", "93.184.216.34"),
        ("ftp://contoh.go.id/", "93.184.216.34"),
        ("https://contoh.go.id/#x", "93.184.216.34"),
        ("https:///tanpa-nama", "93.184.216.34"),
    ],
)
def test_events_go_to_public_machines_over_https_alone(
    app: ApiClient, people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str, found: str
) -> None:
    settings.WEBHOOK_LOOPBACK = False
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_any, **_more: [(2, 1, 6, "", (found, 443))])
    with pytest.raises(Refused):
        keeping.subscribe(client=app, url=address, kinds=list(TYPES), by=people.doing(people.kun))


def test_a_name_that_leads_inside_later_is_not_called(
    told: Subscription, server: Listening, settings: Settings
) -> None:
    filed()
    settings.WEBHOOK_LOOPBACK = False
    run()
    row = EventDelivery.objects.get()
    assert (server.got, row.state, row.error) == ([], State.QUEUED, "Alamatnya harus https://")


def test_a_ping_says_that_the_line_works(told: Subscription, server: Listening, people: People) -> None:
    keeping.ping(subscription=told, by=people.doing(people.agus))
    run()
    assert server.got[0].event["type"] == "id.kanal.ping"


def test_a_replaced_key_signs_a_day_longer(told: Subscription, server: Listening, people: People) -> None:
    old = told.signing_key
    new = keeping.change_subscription_key(
        subscription=told, seen=keeping.stamp(told.signing_key_at), by=people.doing(people.kun)
    )
    for hours in (0, 25):
        keeping.ping(subscription=told, by=people.doing(people.kun))
        run(hours)
    counts = []
    for got in server.got:
        signed = signing.read_headers({**got.headers, "kanal-app": "1"})
        assert signed is not None
        assert signed.is_genuine([new], got.body)
        counts.append(signed.is_genuine([old], got.body))
    assert counts == [True, False]
    with pytest.raises(Refused):
        keeping.change_subscription_key(
            subscription=told, seen=keeping.stamp(told.signing_key_at), by=people.doing(people.kun)
        )


def test_what_happened_since_a_moment_is_told_again_under_the_same_ids(
    told: Subscription, server: Listening, people: People
) -> None:
    since = timezone.now()
    filed(place_text="a")
    filed(place_text="b")
    run()
    number = keeping.replay(subscription=told, since=since, by=people.doing(people.kun))
    run()
    assert (number, len(server.got), len({got.headers["webhook-id"] for got in server.got})) == (2, 4, 2)


def test_what_has_ended_is_told_nothing_and_a_paused_one_everything_afterwards(
    told: Subscription, server: Listening, people: People
) -> None:
    kun = people.doing(people.kun)
    keeping.set_state(subscription=told, state=Subscription.State.PAUSED, by=kun)
    filed()
    assert run() == 0
    keeping.set_state(subscription=told, state=Subscription.State.ACTIVE, by=kun)
    assert run() == 1
    keeping.set_state(subscription=told, state=Subscription.State.ENDED, by=kun)
    filed(place_text="sesudah")
    assert (run(), EventDelivery.objects.count()) == (0, 1)
    with pytest.raises(Refused):
        keeping.ping(subscription=told, by=kun)


def test_events_are_kept_for_thirty_days(told: Subscription) -> None:
    filed()
    assert outbox.forget() == 0
    assert outbox.forget(at=timezone.now() + timedelta(days=31)) == 1


@pytest.mark.parametrize(
    ("who", "may"),
    [
        *(("kun", True), ("agus", True), ("oki", False), ("heni", False), ("dewi", False)),
        *(("laras", False), ("ida", False), ("rina", False)),
    ],
)
def test_only_coordinators_and_administrators_let_programs_in(
    told: Subscription, app: ApiClient, people: People, who: str, *, may: bool
) -> None:
    by = people.doing(getattr(people, who))
    deeds: list[Callable[[], object]] = [
        lambda: keeping.keep_app(app=keeping.App(name=f"baru {who}"), by=by),
        lambda: keeping.change_signing_key(client=app, seen="", by=by),
        lambda: keeping.change_open311_key(client=app, by=by),
        lambda: keeping.subscribe(client=app, url=f"{told.url}/{who}", kinds=[], by=by),
        lambda: keeping.choose_events(subscription=told, kinds=[], by=by),
        lambda: keeping.change_subscription_key(subscription=told, seen=keeping.stamp(told.signing_key_at), by=by),
        lambda: keeping.ping(subscription=told, by=by),
        lambda: keeping.replay(subscription=told, since=timezone.now(), by=by),
        lambda: keeping.set_state(subscription=told, state=Subscription.State.PAUSED, by=by),
    ]
    for deed in deeds:
        if may:
            deed()
        else:
            with pytest.raises(Refused) as refused:
                deed()
            assert refused.value.status == 403
