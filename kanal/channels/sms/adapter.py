import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels.adapters import Adapter, Found, Item, Outgoing, Sender, Step
from kanal.channels.models import Medium
from kanal.channels.sms import gammu, gsm7, length, outgoing, reading

_PATTERNS = ("out_success", "out_id", "out_no_number")


class Sms(Adapter):
    """SMS Bupati: a modem on the desk (gammu-smsd) or a gateway over HTTP. Words only: no photo, no location."""

    medium = Medium.SMS
    talks = True
    night = False
    pace = 5.0
    counts = True
    looks_every = timedelta(seconds=10) if settings.SMS["gammu_database"] else None

    def steps(self) -> list[Step]:
        """What must be set up: the modem, or all of the gateway."""
        have = settings.SMS
        if have["gammu_database"]:
            return []
        steps = [
            Step(
                _("Untuk modem: isi KANAL_SMS_GAMMU_DATABASE. Untuk gateway: isi KANAL_SMS_OUT_URL."),
                bool(have["out_url"]),
            ),
            Step(
                _("Isi KANAL_SMS_IN_SECRET, lalu daftarkan alamat %(url)s di gateway dengan rahasia yang sama.")
                % {"url": f"{settings.BASE_URL}/saluran/sms/masuk/"},
                bool(have["in_secret"]),
            ),
        ]
        unknown = outgoing.unknown_fields()
        if unknown:
            names = ", ".join(sorted(unknown))
            steps.append(Step(_("KANAL_SMS_OUT_* memuat isian yang tidak ada: %(names)s.") % {"names": names}, False))
        broken = [f"KANAL_SMS_{name.upper()}" for name in _PATTERNS if not _is_pattern(have[name])]
        if broken:
            names = ", ".join(broken)
            steps.append(Step(_("Pola ini tidak sah: %(names)s.") % {"names": names}, False))
        return steps

    def look(self, cursor: str) -> Found | None:
        """New rows in gammu's database; a gateway calls us instead."""
        path = settings.SMS["gammu_database"]
        return gammu.look(path, cursor) if path else None

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one delivery holds."""
        return reading.read(payload)

    def measured(self, text: str) -> str:
        """How many messages it makes, and which letters make them shorter."""
        return length.in_words(text)

    def arrival(self, message: Outgoing) -> tuple[str, str] | None:
        """In the letters of the alphabet of telephones, where that makes it shorter."""
        return (gsm7.plain(message.body), "") if self.is_configured else None

    def sending(self) -> AbstractContextManager[Sender] | None:
        """The gateway where one is configured, else the modem."""
        if settings.SMS["out_url"] and self.is_configured:
            return outgoing.Gateway()
        path = settings.SMS["gammu_database"]
        return gammu.Modem(path) if path else None

    def known_as(self, key: str) -> str:
        """Our key where the gateway gives no number of its own; gammu's mark is ours too."""
        if settings.SMS["out_url"] and self.is_configured:
            return "" if settings.SMS["out_id"] else outgoing.known_as(key)
        return gammu.mark_of(key)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


ADAPTER = Sms()
