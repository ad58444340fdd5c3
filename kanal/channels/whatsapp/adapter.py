import hashlib
import hmac
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import (
    Adapter,
    FileRef,
    GoneError,
    Item,
    RefusedForGoodError,
    Sender,
    Step,
    TryLaterError,
)
from kanal.channels.files import LARGEST
from kanal.channels.models import Medium
from kanal.channels.whatsapp import faults, reading
from kanal.channels.whatsapp.sending import Postman

FILE_HOSTS = ("fbsbx.com", "facebook.com", "fbcdn.net", "whatsapp.net")
"""Where Meta keeps what people send. The token goes nowhere else."""


class WhatsApp(Adapter):
    """WhatsApp through Meta's Cloud API: its webhook brings messages, its Graph API takes answers."""

    medium = Medium.WHATSAPP
    sends = talks = True
    night = False

    def steps(self) -> list[Step]:
        """What must be set up."""
        have = settings.WHATSAPP
        return [
            Step(_("Isi KANAL_WHATSAPP_PHONE_ID: nomor ID dari halaman API Setup di Meta."), bool(have["phone_id"])),
            Step(_("Isi KANAL_WHATSAPP_TOKEN: token pengguna sistem yang tidak kedaluwarsa."), bool(have["token"])),
            Step(_("Isi KANAL_WHATSAPP_APP_SECRET: rahasia aplikasi Meta."), bool(have["app_secret"])),
            Step(
                _("Isi KANAL_WHATSAPP_VERIFY_TOKEN, lalu daftarkan alamat %(url)s di Meta dengan kata yang sama.")
                % {"url": f"{settings.BASE_URL}/saluran/whatsapp/"},
                bool(have["verify_token"]),
            ),
        ]

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one call of the webhook holds."""
        return reading.read(payload, settings.WHATSAPP["phone_id"])

    def sending(self) -> AbstractContextManager[Sender] | None:
        """A line to the Graph API."""
        return Postman(settings.WHATSAPP) if self.is_configured else None

    def fetch(self, file: FileRef) -> bytes:
        """A file in two steps: where it is, then what it is; both with the token."""
        have = settings.WHATSAPP
        headers = {"Authorization": f"Bearer {have['token']}"}
        with calling.client(have["api"]) as line:
            told = self._where(line, file.external_id, headers)
            if int(told.get("file_size") or 0) > LARGEST:
                raise GoneError(_("Berkasnya terlalu besar."))
            content = calling.download(
                line,
                str(told.get("url") or ""),
                platform="WhatsApp",
                base=have["api"],
                hosts=FILE_HOSTS,
                most=LARGEST,
                headers=headers,
            )
        _demand_whole(content, str(told.get("sha256") or ""))
        return content

    def _where(self, line: httpx.Client, media_id: str, headers: dict[str, str]) -> dict[str, Any]:
        if not media_id.isalnum():
            raise GoneError(_("Nomor berkasnya tidak sah."))
        have = settings.WHATSAPP
        url = f"{have['api']}/{media_id}"
        parameters = {"phone_number_id": have["phone_id"]}
        response = calling.ask(line, "GET", url, platform="WhatsApp", params=parameters, headers=headers)
        if response.is_success:
            return calling.json_of(response)
        fault = faults.fault_of(response)
        if isinstance(fault, RefusedForGoodError):
            raise GoneError(_("Berkasnya sudah tidak ada di %(platform)s.") % {"platform": "WhatsApp"})
        raise fault


def _demand_whole(content: bytes, sha256: str) -> None:
    if sha256 and not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256.lower()):
        raise TryLaterError(_("Berkasnya rusak di jalan."))


ADAPTER = WhatsApp()
