from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels.adapters import Adapter, FileRef, Found, Item, Outgoing, Sender, Step
from kanal.channels.calling import is_loopback
from kanal.channels.email import mailbox, reading
from kanal.channels.email.sending import Postman, message_id
from kanal.channels.models import Medium


class Email(Adapter):
    """Electronic mail: letters come from a mailbox by IMAP, notices and answers go out by SMTP."""

    medium = Medium.EMAIL
    looks_every = timedelta(minutes=1)
    looks_apart = True

    def steps(self) -> list[Step]:
        """What must be set up to receive; sending works without."""
        have = settings.MAILBOX
        safe = have["security"] in {"tls", "starttls"} or is_loopback(have["host"])
        return [
            Step(_("Isi KANAL_EMAIL_IN_HOST: nama server IMAP kotak surat pengaduan."), bool(have["host"])),
            Step(
                _("Isi KANAL_EMAIL_IN_USER dan KANAL_EMAIL_IN_PASSWORD (kata sandi aplikasi)."),
                bool(have["user"] and have["password"]),
            ),
            Step(_("Isi KANAL_EMAIL_IN_SECURITY dengan tls atau starttls."), safe or not have["host"]),
        ]

    def look(self, cursor: str) -> Found | None:
        """New letters."""
        return mailbox.look(cursor)

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one look brought."""
        return reading.read(payload)

    def fetch(self, file: FileRef) -> bytes:
        """A part of a letter that was kept."""
        return reading.file_content(file.external_id)

    def sending(self) -> AbstractContextManager[Sender]:
        """One connection to the mail server."""
        return Postman()

    def arrival(self, message: Outgoing) -> tuple[str, str] | None:
        """Every letter, as it is: what is not set up is receiving alone."""
        return message.body, ""

    def known_as(self, key: str) -> str:
        """The Message-ID, which is ours to choose: a bounce names it."""
        return message_id(key)


ADAPTER = Email()
