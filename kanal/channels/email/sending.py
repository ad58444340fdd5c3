"""Handing one message to the mail server, and saying exactly what became of it."""

import hashlib
import re
import smtplib
from collections.abc import Callable
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from kanal.channels.adapters import (
    NotSentError,
    Outgoing,
    RefusedForGoodError,
    TryLaterError,
    UncertainError,
    UnreachableError,
)
from kanal.common.text import one_line

# Answers that say "no such mailbox". Other 5xx (spam rules, sizes, relaying) are about the message or about us.
_NO_SUCH_MAILBOX = {550, 551, 553}
_ENHANCED = re.compile(rb"^(5)\.(\d+)\.\d+")
_PERMANENT = 500
_MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>", re.ASCII)


def message_id(key: str) -> str:
    """The Message-ID of a letter: stable, and telling nothing about what it is made from."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<kanal.{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


class Postman:
    """A connection to the mail server for some letters: opened with the first, closed after the last or a fault."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._opened = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, letter: Outgoing, *, before: Callable[[], None]) -> str:
        """Send one letter and return its Message-ID.

        `before` is called at the last moment at which nothing has left; whatever it raises goes on up.
        Raises RefusedForGoodError or TryLaterError (it did not leave) and UncertainError (it may have).
        """
        mail = self._written(letter)
        self._open()
        left = _Once(before)
        smtp = getattr(self._backend, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            _tell_before_data(smtp, left)
        else:
            left()
        try:
            self._backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _refused_recipient(refusal) from refusal
        except smtplib.SMTPDataError as refusal:
            raise _refused_text(refusal) from refusal
        except smtplib.SMTPResponseException as refusal:
            self._hang_up()
            raise TryLaterError(
                _("Server surat menolak pengirimnya (%(code)s).") % {"code": refusal.smtp_code}
            ) from refusal
        except (OSError, smtplib.SMTPException) as fault:
            self._hang_up()
            if left.done:
                raise UncertainError(type(fault).__name__) from fault
            raise TryLaterError(_("Sambungan ke server surat terputus.")) from fault
        except BaseException:
            self._hang_up()
            raise
        return str(mail.extra_headers["Message-ID"])

    def _written(self, letter: Outgoing) -> EmailMessage:
        mail = EmailMessage(
            subject=one_line(letter.subject),
            body=letter.body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[letter.to],
            headers={
                "Message-ID": message_id(letter.key),
                "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday replies to a notice
                "X-Auto-Response-Suppress": "All",
                **_answering(letter.thread),
            },
        )
        try:
            mail.message()
        except (ValueError, UnicodeError) as fault:
            raise RefusedForGoodError(_("Pesannya tidak bisa disusun menjadi e-mail.")) from fault
        return mail

    def _open(self) -> None:
        try:
            self._backend.open()
        except smtplib.SMTPAuthenticationError as fault:
            self._hang_up()
            raise UnreachableError(_("Server surat menolak nama atau kata sandi Kanal.")) from fault
        except (OSError, smtplib.SMTPException) as fault:
            self._hang_up()
            raise UnreachableError(_("Server surat tidak bisa dihubungi.")) from fault

    def _hang_up(self) -> None:
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None


def _answering(thread: str) -> dict[str, str]:
    """The headers that put a letter below the one it answers, in every mail program."""
    return {"In-Reply-To": thread, "References": thread} if _MESSAGE_ID.fullmatch(thread) else {}


class _Once:
    """Calls something the first time only and remembers that it did."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self.done = False

    def __call__(self) -> None:
        if not self.done:
            self._call()
            self.done = True


def _tell_before_data(smtp: smtplib.SMTP, before: Callable[[], None]) -> None:
    """Call `before` between the envelope and the text. Everything until then can be tried again without a thought."""

    def data(text: Any) -> Any:
        before()
        return type(smtp).data(smtp, text)

    smtp.data = data  # type: ignore[assignment,method-assign]  # for this connection alone


def _refused_recipient(refusal: smtplib.SMTPRecipientsRefused) -> NotSentError:
    code, text = next(iter(refusal.recipients.values()))
    if code < _PERMANENT:
        return TryLaterError(_("Server penerima sedang tidak menerima (%(code)s).") % {"code": code})
    enhanced = _ENHANCED.match(text)
    bounced = enhanced[2] == b"1" if enhanced else code in _NO_SUCH_MAILBOX
    sentence = _("Alamat ini ditolak server penerima (%(code)s).") % {"code": code}
    return RefusedForGoodError(sentence, bounced=bounced)


def _refused_text(refusal: smtplib.SMTPDataError) -> NotSentError:
    code = refusal.smtp_code
    if code < _PERMANENT:
        return TryLaterError(_("Server penerima sedang tidak menerima (%(code)s).") % {"code": code})
    return RefusedForGoodError(_("Server penerima menolak isi pesan (%(code)s).") % {"code": code})
