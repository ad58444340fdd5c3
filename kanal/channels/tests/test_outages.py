"""A platform that nothing reaches for half an hour is an outage, until the first success; a short trouble is none."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from django.db.models import F
from django.utils import timezone

from kanal.channels import actions, delivery, files, mailroom
from kanal.channels.actions import Message, pulse
from kanal.channels.adapters import (
    Adapter,
    Found,
    NotSentError,
    RefusedForGoodError,
    TryLaterError,
    UnreachableError,
    adapters,
)
from kanal.channels.models import InboundFile, Medium, MediumState, Outbound
from kanal.channels.queries import health, outages, pending
from tests.support.media import PlainMedium
from tests.support.media import delivery as posted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("medium_alone")]
PHONE = "+6281234567890"
MOMENTS = ("failing_since", "down_since", "looks_failing_since", "looks_down_since", "paused_until", "looked_at")
AWAY = UnreachableError("WhatsApp tidak bisa dihubungi.")
Work = Callable[[], None]


def later(**time: float) -> None:
    """So much time goes by, as the rows see it; what waits is due."""
    by = timedelta(**time)
    MediumState.objects.update(**{name: F(name) - by for name in MOMENTS})
    due = timezone.now() - timedelta(seconds=1)
    Outbound.objects.filter(state="queued").update(next_attempt_at=due)
    InboundFile.objects.filter(state="wanted").update(next_attempt_at=due)


def down() -> list[bool]:
    """The outages that are shown; True for one of asking for news."""
    return [one.looking for one in outages()]


def send() -> None:
    delivery.deliver_due(lambda: True)


def fetch() -> None:
    files.fetch_files(lambda: True)


def look() -> None:
    mailroom.look_around(lambda: True)


@pytest.fixture
def message(plain_medium: PlainMedium) -> Outbound:
    """One message waits for a platform that is away."""
    plain_medium.trouble = AWAY
    address = actions.address_for(medium=Medium.APP, handle=PHONE)
    actions.queue([Message(purpose="x", dedupe_key="1", subject="", body="x", address=address)])
    return Outbound.objects.get()


@pytest.fixture
def picture(plain_medium: PlainMedium) -> InboundFile:
    """One picture is to be fetched from a platform that is away."""
    item = {"is": "said", "external_id": "1", "handle": PHONE, "at": timezone.now().isoformat(), "text": "Lihat"}
    actions.store_delivery(
        medium=Medium.APP, payload=posted({**item, "files": [{"external_id": "f1", "kind": "image"}]})
    )
    mailroom.read_deliveries(lambda: True)
    plain_medium.trouble = AWAY
    return InboundFile.objects.get()


class Asked(PlainMedium):
    """A platform that is asked for news, by the same server or another one."""

    looks_every = timedelta(0)

    def look(self, cursor: str) -> Found | None:  # noqa: ARG002  # always the same
        if self.trouble:
            raise self.trouble
        return None


@pytest.fixture(params=[False, True], ids=["one server", "two servers"])
def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Asked:
    medium = Asked()
    medium.looks_apart = request.param  # type: ignore[misc]  # of this one object
    monkeypatch.setitem(cast("dict[str, Adapter]", adapters()), Medium.APP.value, medium)
    return medium


def in_vain(work: Work, *minutes: float) -> None:
    """Try, and again after each of these pauses."""
    work()
    for pause in minutes:
        later(minutes=pause)
        work()


def test_half_an_hour_without_one_success_is_an_outage(message: Outbound) -> None:
    in_vain(send, 1, 5, 23)
    assert down() == []
    in_vain(send, 1)
    assert down() == [False]
    assert pending()["media_in_trouble"] == 1
    [shown] = [one for one in health() if one.medium == Medium.APP]
    assert shown.trouble == AWAY.sentence
    assert shown.down_since == MediumState.objects.get().failing_since


def test_the_first_message_that_leaves_ends_it(message: Outbound, plain_medium: PlainMedium) -> None:
    in_vain(send, 40)
    plain_medium.trouble = None
    in_vain(send, 1)
    message.refresh_from_db()
    assert message.state == "sent"
    assert down() == []
    assert pending()["media_in_trouble"] == 0
    assert MediumState.objects.get().failing_since is None


def test_it_lasts_however_seldom_it_is_tried(message: Outbound) -> None:
    in_vain(send, 40, 120, 480)
    assert down() == [False]


def test_two_troubles_far_apart_are_no_outage(message: Outbound) -> None:
    in_vain(send, 300)
    assert down() == []
    in_vain(send, 31)
    assert down() == [False]


@pytest.mark.parametrize(
    "trouble", [TryLaterError("Nomor ini sibuk."), UnreachableError("Token habis.", alarm=True)], ids=["busy", "token"]
)
def test_what_is_not_the_platforms_absence_is_no_outage(
    message: Outbound, plain_medium: PlainMedium, trouble: NotSentError
) -> None:
    plain_medium.trouble = trouble
    in_vain(send, 40)
    assert down() == []


def test_a_platform_that_refuses_one_message_is_back(
    message: Outbound, plain_medium: PlainMedium, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_vain(send, 40)
    plain_medium.trouble = RefusedForGoodError("Terlalu panjang.")
    with monkeypatch.context() as patch:
        in_vain(send, 1)  # refused here already: nothing left, so nothing is known of the platform
        assert down() == [False]
        patch.setattr(actions, "has_left", lambda _row: True)
        Outbound.objects.update(state="queued")
        in_vain(send, 1)
    assert down() == []


def test_files_that_cannot_be_fetched_count_and_one_that_is_ends_it(
    picture: InboundFile, plain_medium: PlainMedium
) -> None:
    in_vain(fetch, 1, 10, 60)
    assert down() == [False]
    plain_medium.trouble, plain_medium.files = None, {"f1": b"\xff\xd8\xff\xe0" + b"0" * 200}
    in_vain(fetch, 10)
    assert InboundFile.objects.get().state == "kept"
    assert down() == []


def test_asking_in_vain_is_an_outage_of_its_own(asked: Asked) -> None:
    asked.trouble = AWAY
    in_vain(look, 20, 20)
    assert down() == [True]
    pulse.note_out(Medium.APP)
    assert down() == [True]
    asked.trouble = None
    in_vain(look, 1)
    assert down() == []


def test_news_that_come_say_nothing_of_sending(message: Outbound) -> None:
    in_vain(send, 40)
    pulse.looked(Medium.APP, cursor="1", used=1)
    assert down() == [False]
