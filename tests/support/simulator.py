"""The played telephones of /simulator/ against this test's own server, and the worker's turn."""

import pytest
from pytest_django import Settings

from kanal.channels import delivery, files, mailroom

KEY = "kunci-simulator"
MEDIA = ("whatsapp", "telegram", "facebook", "instagram", "sms")


@pytest.fixture
def simulator(settings: Settings, live_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Kanal as `KANAL_DEMO=1` sets it, on the live server's own address, by day: telephones may ring."""
    settings.SIMULATOR, settings.SIMULATOR_KEY, settings.PLAYED_MEDIA = True, KEY, list(MEDIA)
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
    monkeypatch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)
    return live_url


def work() -> None:
    """What the worker does, until nothing is due."""
    while mailroom.read_deliveries(lambda: True) + files.fetch_files(lambda: True) + delivery.deliver_due(lambda: True):
        pass
