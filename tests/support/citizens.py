"""Citizens who write to a regency on each medium, and the servers there that take what it answers."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import delivery, files, mailroom
from kanal.channels.email.adapter import ADAPTER as MAIL
from kanal.channels.graph.views import signature
from tests.support import sms, telegram, whatsapp
from tests.support.imap import MailBox, imap_server
from tests.support.platform import running
from tests.support.sms import FakeGateway
from tests.support.smtp import MailServer, mail_server
from tests.support.telegram import FakeBotApi
from tests.support.whatsapp import FakeGraph

NUMBER = "+6281298765432"
LETTER = "yuni@contoh.id"


@dataclass
class Citizens:
    """One citizen on each medium; what they write takes the real way in, what they are told is read off the servers."""

    client: Client
    graph: FakeGraph
    bot: FakeBotApi
    gateway: FakeGateway
    post: MailServer
    box: MailBox
    written: int = 0

    def whatsapp(self, words: str) -> None:
        """Budi, through Meta's signed call."""
        body = whatsapp.call(whatsapp.text(words, self._next(), timestamp=_now())).encode()
        signed = {"X-Hub-Signature-256": signature(body, whatsapp.APP_SECRET)}
        self._called("/saluran/whatsapp/", body, signed)

    def telegram(self, words: str) -> None:
        """Tono, through the bot's webhook."""
        body = telegram.posted(self._next(), text=words, date=int(_now())).encode()
        self._called("/saluran/telegram/", body, {"X-Telegram-Bot-Api-Secret-Token": telegram.SECRET})

    def sms(self, words: str) -> None:
        """Wati, through the gateway."""
        body = json.dumps({"from": NUMBER, "text": words, "id": str(self._next())}).encode()
        self._called("/saluran/sms/masuk/", body, {"X-Signature": sms.SECRET})

    def letter(self, words: str) -> None:
        """Yuni, into the regency's mailbox."""
        mail = EmailMessage()
        mail["From"], mail["Subject"], mail["Message-ID"] = f"Yuni <{LETTER}>", "Jalan rusak", f"<{self._next()}@x.id>"
        mail.set_content(words)
        self.box.lay(mail)
        work()

    def told(self) -> dict[str, list[str]]:
        """Everything that each of them was told, by medium; letters by whom they were written to."""
        letters: dict[str, list[str]] = {}
        for one in self.post.received:
            body = one.get_body(("plain",))  # type: ignore[attr-defined]  # the reader's policy makes EmailMessages
            letters.setdefault(str(one["To"]), []).append(body.get_content())
        return {
            "whatsapp": [one.get("text", {}).get("body", "") for one in self.graph.sent],
            "telegram": [one["text"] for one in self.bot.sent],
            "sms": [call.json["message"] for call in self.gateway.calls],
            **letters,
        }

    def _next(self) -> int:
        self.written += 1
        return self.written

    def _called(self, path: str, body: bytes, heads: dict[str, str]) -> None:
        answer = self.client.post(path, body, content_type="application/json", headers=heads)
        assert answer.status_code == 200, path
        work()


def _now() -> str:
    return str(int(timezone.now().timestamp()))


def work() -> None:
    """What the worker does, until nothing is due."""
    mailroom.look_around(lambda: True)
    while mailroom.read_deliveries(lambda: True) + files.fetch_files(lambda: True) + delivery.deliver_due(lambda: True):
        pass


@pytest.fixture
def citizens(settings: Settings, live_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Citizens]:
    """All media at once, by day: telephones may ring."""
    monkeypatch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)
    monkeypatch.setattr(MAIL.__class__, "looks_every", timedelta(0))
    settings.BASE_URL = live_url
    with ExitStack() as open_servers:
        enter = open_servers.enter_context
        graph, bot, gateway = enter(running(FakeGraph())), enter(running(FakeBotApi())), enter(running(FakeGateway()))
        post, box = enter(mail_server()), enter(imap_server())
        settings.WHATSAPP = whatsapp.settings_for(graph.url)
        settings.TELEGRAM = telegram.settings_for(bot.url)
        settings.SMS = {**settings.SMS, "gammu_database": "", **sms.settings_for(gateway.url)}
        settings.MAILBOX = box.settings()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        yield Citizens(Client(), graph, bot, gateway, post, box)
