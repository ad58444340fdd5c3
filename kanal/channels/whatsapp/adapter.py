import hashlib
import hmac
from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import (
    Adapter,
    FileRef,
    GoneError,
    Item,
    Outgoing,
    Sender,
    Step,
    TryLaterError,
)
from kanal.channels.graph import account
from kanal.channels.models import Medium
from kanal.channels.whatsapp import reading
from kanal.channels.whatsapp.faults import MENU
from kanal.channels.whatsapp.sending import Postman, arrival


class WhatsApp(Adapter):
    """WhatsApp through Meta's Cloud API: its webhook brings messages, its Graph API takes answers."""

    medium = Medium.WHATSAPP
    talks = proves = True
    pace = 40.0
    """Half of the eighty messages a second that Meta lets a number send: two workers together stay below it."""
    night = False

    def steps(self) -> list[Step]:
        """What must be set up."""
        sentence = _("Isi KANAL_WHATSAPP_PHONE_ID: nomor ID dari halaman API Setup di Meta.")
        number = Step(sentence, bool(settings.WHATSAPP["phone_id"]))
        return account.steps(self.medium, number=number, token=_("token pengguna sistem yang tidak kedaluwarsa"))

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one call of the webhook holds."""
        return reading.read(payload, settings.WHATSAPP["phone_id"])

    def sending(self) -> AbstractContextManager[Sender] | None:
        """A line to the Graph API."""
        return Postman(settings.WHATSAPP) if self.is_configured else None

    def arrival(self, message: Outgoing) -> tuple[str, str] | None:
        """As it is within a day of their last message; later on one line of our template, if there is one."""
        return arrival(message, settings.WHATSAPP["templates"]) if self.is_configured else None

    def fetch(self, file: FileRef) -> bytes:
        """A file in two steps: where it is, then what it is; both with the token."""
        if not file.external_id.isalnum():
            raise GoneError(_("Nomor berkasnya tidak sah."))
        have = settings.WHATSAPP
        with calling.client(have["api"]) as line:
            told = account.told_of(line, file.external_id, have, MENU, phone_number_id=have["phone_id"])
            url, size = str(told.get("url") or ""), int(told.get("file_size") or 0)
            content = account.content_at(line, url, have, MENU, size=size, with_token=True)
        _demand_whole(content, str(told.get("sha256") or ""))
        return content


def _demand_whole(content: bytes, sha256: str) -> None:
    if sha256 and not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256.lower()):
        raise TryLaterError(_("Berkasnya rusak di jalan."))


ADAPTER = WhatsApp()
