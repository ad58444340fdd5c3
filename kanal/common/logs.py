"""What Kanal writes into its logs: enough to find a fault, nothing that opens a report or names a person."""

import logging
import re

_ADDRESSES = r"(?P<place>/(?:lacak/[^/\s]+|tugas|aduan/(?:ikuti|berhenti)|akun/password/reset/key|akun/confirm-email)/)"
_TOKEN = re.compile(_ADDRESSES + r"[^/\s?'\"]+")
_TOKEN_IN_QUERY = re.compile(r"([?&]t=)[^&\s'\"]+")
_MAILBOX = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<![\d.])(?:\+62|62|0)8\d{7,11}(?!\d)")
DOTS = "•••"


def discreet(text: str) -> str:
    """The text without the secret half of private links, e-mail addresses and mobile numbers.

    Django notes the address of every request that it refuses, and a private link opens a report to whoever reads it
    there; a mail server's answer names the mailbox it refused.
    """
    text = _TOKEN.sub(lambda found: found["place"] + DOTS, text)
    text = _TOKEN_IN_QUERY.sub(r"\1" + DOTS, text)
    text = _MAILBOX.sub(DOTS, text)
    return _NUMBER.sub(DOTS, text)


class DiscreetFormatter(logging.Formatter):
    """Writes a line, its traceback included, as `discreet` leaves it."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole line."""
        return discreet(super().format(record))
