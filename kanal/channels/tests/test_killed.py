"""A worker that dies when the platform has a message and we have not noted it: no medium is sent it a second time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as kanal
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions, delivery, mailroom
from kanal.channels.adapters import adapters
from kanal.channels.models import Medium, Outbound
from tests.support import graph, sms, telegram, whatsapp
from tests.support.platform import FakePlatform, running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency", "medium_alone")]
Playing = tuple[FakePlatform, str, str]
"""A platform, what somebody wrote there just now ("" where nobody must), and who."""
Play = Callable[[Settings], AbstractContextManager[Playing]]


@contextmanager
def on_whatsapp(settings: Settings) -> Iterator[Playing]:
    with running(whatsapp.FakeGraph()) as platform:
        settings.WHATSAPP = whatsapp.settings_for(platform.url)
        now = str(int(timezone.now().timestamp()))
        yield platform, whatsapp.call(whatsapp.text("Halo", timestamp=now)), f"+{whatsapp.SARI}"


@contextmanager
def on_telegram(settings: Settings) -> Iterator[Playing]:
    with running(telegram.FakeBotApi()) as platform:
        settings.TELEGRAM = telegram.settings_for(platform.url)
        yield platform, telegram.posted(text="Halo"), str(telegram.SARI)


@contextmanager
def on_facebook(settings: Settings) -> Iterator[Playing]:
    with running(graph.FakePage()) as platform:
        settings.FACEBOOK = graph.settings_for(platform.url)
        yield platform, graph.direct("facebook", "Halo"), graph.SARI


@contextmanager
def on_instagram(settings: Settings) -> Iterator[Playing]:
    with running(graph.FakePage()) as platform:
        settings.INSTAGRAM = graph.settings_for(platform.url)
        yield platform, graph.direct("instagram", "Halo"), graph.SARI


@contextmanager
def on_sms(settings: Settings) -> Iterator[Playing]:
    with running(sms.FakeGateway()) as platform:
        settings.SMS = {**settings.SMS, "gammu_database": "", **sms.settings_for(platform.url)}
        yield platform, "", "+6281234567890"


@pytest.mark.parametrize(
    ("medium", "playing"),
    [
        (Medium.WHATSAPP, on_whatsapp),
        (Medium.TELEGRAM, on_telegram),
        (Medium.FACEBOOK, on_facebook),
        (Medium.INSTAGRAM, on_instagram),
        (Medium.SMS, on_sms),
    ],
)
def test_killed_between_sending_and_noting_nothing_is_sent_twice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, medium: Medium, playing: Play
) -> None:
    def dies(*_row: object, **_told: object) -> None:
        raise SystemExit

    monkeypatch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)
    with playing(settings) as (platform, words, handle):
        if words:
            actions.store_delivery(medium=medium, payload=words)
            mailroom.read_deliveries(lambda: True)
        address = actions.address_for(medium=medium, handle=handle)
        actions.queue([actions.Message("assigned", "k1", "x", "Laporan Anda diteruskan.", address=address)])
        with monkeypatch.context() as patch:
            patch.setattr(actions, "mark_sent", dies)
            with pytest.raises(SystemExit):
                delivery.deliver_due(lambda: True)
        assert len(platform.calls) == 1
        Outbound.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        assert actions.reap_deliveries() == 1
        assert delivery.deliver_due(lambda: True) == 0
        row = Outbound.objects.get()
        assert row.state == Outbound.State.FAILED
        assert row.error.startswith("Tidak pasti terkirim")
        assert len(platform.calls) == 1


@pytest.mark.parametrize("medium", [medium for medium, adapter in adapters().items() if adapter.sends])
def test_each_medium_says_in_its_readme_what_happens_then(medium: str) -> None:
    told = (Path(kanal.BASE_DIR) / "channels" / medium / "README.md").read_text().lower()
    assert "uncertain" in told or "tidak pasti" in told or "never twice" in told
