from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels.adapters import Adapter, FileRef, Found, Item, Sender, Step
from kanal.channels.models import Medium
from kanal.channels.telegram import reading
from kanal.channels.telegram.bot import PAGE, Bot


class Telegram(Adapter):
    """A Telegram bot: called by its webhook, or asking for news where the machine has no public address."""

    medium = Medium.TELEGRAM
    talks = proves = True
    night = False
    holds = settings.TELEGRAM["polling"]

    def steps(self) -> list[Step]:
        """What must be set up."""
        have = settings.TELEGRAM
        token = Step(_("Buat bot lewat @BotFather, lalu isi KANAL_TELEGRAM_TOKEN."), bool(have["token"]))
        if have["polling"]:
            return [token]
        return [
            token,
            Step(
                _("Isi KANAL_TELEGRAM_SECRET, lalu pasang webhook ke %(url)s dengan secret_token yang sama.")
                % {"url": f"{settings.BASE_URL}/saluran/telegram/"},
                bool(have["secret"]),
            ),
        ]

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one update or page of updates holds."""
        return reading.read(payload)

    def look(self, cursor: str) -> Found | None:
        """Ask for updates that are there now."""
        return self.hold(cursor, 0)

    def hold(self, cursor: str, seconds: int) -> Found | None:
        """Ask for updates that follow `cursor`; asking for the next ones tells Telegram that we have these."""
        with Bot(settings.TELEGRAM) as bot:
            payload, numbers = bot.updates(cursor, seconds)
        if not numbers:
            return None
        return Found(payload, cursor=str(max(numbers) + 1), more=len(numbers) == PAGE)

    def fetch(self, file: FileRef) -> bytes:
        """A file in two steps: its path, then its content."""
        with Bot(settings.TELEGRAM) as bot:
            return bot.file(file.external_id)

    def sending(self) -> AbstractContextManager[Sender] | None:
        """A line to the Bot API."""
        return Bot(settings.TELEGRAM) if self.is_configured else None


ADAPTER = Telegram()
