"""The played telephones of /simulator/ against this test's own server, and the worker's turn."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from kanal.channels import delivery, files, mailroom
from kanal.channels.x.adapter import X
from kanal.channels.youtube.adapter import YouTube

KEY = "kunci-simulator"
MEDIA = ("whatsapp", "telegram", "facebook", "instagram", "sms")
PUBLIC = ("x", "youtube")


@pytest.fixture
def simulator(settings: Settings, live_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Kanal as `KANAL_DEMO=1` sets it, on the live server's own address, by day: telephones may ring."""
    settings.SIMULATOR, settings.SIMULATOR_KEY, settings.PLAYED_MEDIA = True, KEY, [*MEDIA, *PUBLIC]
    settings.BASE_URL = live_url
    secrets = dict.fromkeys(("token", "app_secret", "verify_token"), KEY)
    there = f"{live_url}/simulator"
    settings.WHATSAPP = {**secrets, "api": f"{there}/graph", "phone_id": "62353", "templates": ["*=kabar_kanal:id"]}
    settings.TELEGRAM = {"api": f"{there}/bot", "token": KEY, "secret": KEY, "polling": False}
    page = {**secrets, "id": "62354", "name": "", "human_agent": False}
    settings.FACEBOOK = {**page, "api": f"{there}/page/facebook", "door": f"{there}/facebook/"}
    settings.INSTAGRAM = {**page, "api": f"{there}/page/instagram", "door": f"{there}/instagram/"}
    settings.SMS = {
        **settings.SMS,
        "in_secret": KEY,
        "out_url": f"{there}/gateway/kirim",
        "out_body": '{"to": "{to}", "text": "{text}"}',
        "out_headers": f"Authorization: Bearer {KEY}",
    }
    keys = dict.fromkeys(("consumer_key", "consumer_secret", "token", "token_secret"), KEY)
    settings.X = {**settings.X, **keys, "api": f"{there}/papan/2", "user_id": "62355"}
    ours = dict.fromkeys(("client_id", "client_secret", "refresh_token"), KEY)
    video = {"api": f"{there}/video", "oauth": f"{there}/video/token", "channel_id": "UCsimulator"}
    settings.YOUTUBE = {**settings.YOUTUBE, **ours, **video}
    for adapter in (X, YouTube):
        monkeypatch.setattr(adapter, "looks_every", timedelta(0))
        monkeypatch.setattr(adapter, "pace", 1000.0)
    monkeypatch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)
    return live_url


def look() -> None:
    """The worker asks the platforms that do not call, then works."""
    mailroom.look_around(lambda: True)
    work()


def work() -> None:
    """What the worker does, until nothing is due."""
    while mailroom.read_deliveries(lambda: True) + files.fetch_files(lambda: True) + delivery.deliver_due(lambda: True):
        pass
