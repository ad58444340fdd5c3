"""The line by which a report of ours is known again when SP4N-LAPOR! hands it back to us in an export.

The line ends in a keyed check, so that nobody who knows a tracking code can pass off another text as that report.
"""

import base64
import hashlib
import hmac
import re
from typing import Final

from django.conf import settings

_WORDS: Final = "Kode Kanal"
_CHECK_CHARS: Final = 8  # 40 bits: a guess can only be tried by filing one report at LAPOR! for each
_LINE = re.compile(
    rf"{_WORDS}:?\s*([A-Z]{{2,5}}-[A-Z0-9]{{4}}-[A-Z0-9]{{4}})/([A-Z2-7]{{{_CHECK_CHARS}}})", re.IGNORECASE
)


def _check(code: str) -> str:
    digest = hmac.digest(settings.LOOKUP_KEY.encode(), b"kanal.lapor.marker.v1\0" + code.encode(), hashlib.sha256)
    return base64.b32encode(digest)[:_CHECK_CHARS].decode("ascii")


def marker(code: str) -> str:
    """The line for one of our reports, to stand at the end of its text there."""
    return f"{_WORDS}: {code}/{_check(code)}"


def code_in(*texts: str) -> str:
    """The tracking code that one of these texts carries with the right check; "" when none does.

    Capitals are forgiven: LAPOR! rewrites them ("Smartcase").
    """
    for text in texts:
        for found in _LINE.finditer(text):
            code = found[1].upper()
            if hmac.compare_digest(_check(code), found[2].upper()):
                return code
    return ""
