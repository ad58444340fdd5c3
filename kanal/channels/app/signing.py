"""Signatures in the manner of Standard Webhooks, the same on what comes in and on what goes out.

Signed is `id.timestamp.body` with HMAC-SHA-256; the header holds one or several `v1,<base64>` separated by spaces.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

ID, TIMESTAMP, SIGNATURE, APP = "webhook-id", "webhook-timestamp", "webhook-signature", "kanal-app"
TOLERANCE = timedelta(minutes=5)
"""How far the sender's clock may be from ours; what is older is a recording that somebody plays again."""
PREFIX = "whsec_"
LONGEST_ID = 100
_KEY_BYTES = 32
_IDS = re.compile(rf"[A-Za-z0-9._~:-]{{1,{LONGEST_ID}}}")
_MOST_SIGNATURES = 4
_NOBODY = PREFIX + base64.b64encode(bytes(_KEY_BYTES)).decode()


def new_key() -> str:
    """A fresh key as it is handed out: whsec_ and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _raw(key: str) -> bytes:
    try:
        return base64.b64decode(key.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return key.encode()


def sign(key: str, identifier: str, seconds: int | str, body: bytes) -> str:
    """One signature, as it stands in the header."""
    signed = b".".join([identifier.encode(), str(seconds).encode(), body])
    return "v1," + base64.b64encode(hmac.new(_raw(key), signed, hashlib.sha256).digest()).decode()


def headers(keys: Sequence[str], identifier: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of something that goes out, signed with every key that counts."""
    signatures = " ".join(sign(key, identifier, seconds, body) for key in keys if key)
    return {ID: identifier, TIMESTAMP: str(seconds), SIGNATURE: signatures}


@dataclass(frozen=True, slots=True)
class Signed:
    """What the headers of a call say."""

    app: int
    identifier: str
    seconds: int
    signatures: tuple[str, ...]

    def is_genuine(self, keys: Sequence[str], body: bytes) -> bool:
        """Whether one of the keys made one of the signatures. As slow for a stranger as for a friend."""
        wanted = [sign(key, self.identifier, self.seconds, body) for key in keys if key] or [
            sign(_NOBODY, self.identifier, self.seconds, body)
        ]
        matches = [hmac.compare_digest(given.encode(), one.encode()) for one in wanted for given in self.signatures]
        return any(matches) and any(keys)

    def is_fresh(self, now: float) -> bool:
        """Whether it was signed just now."""
        return abs(now - self.seconds) <= TOLERANCE.total_seconds()


def read_headers(found: Mapping[str, str]) -> Signed | None:
    """The headers of a call; None when one is missing or is not what it should be."""
    app, identifier, seconds = (found.get(name, "").strip() for name in (APP, ID, TIMESTAMP))
    signatures = tuple(found.get(SIGNATURE, "").split()[:_MOST_SIGNATURES])
    numbers = all(text.isascii() and text.isdigit() and len(text) < 12 for text in (app, seconds))  # noqa: PLR2004  # fits a row's key and any date
    if not numbers or not signatures or not _IDS.fullmatch(identifier):
        return None
    return Signed(int(app), identifier, int(seconds), signatures)
