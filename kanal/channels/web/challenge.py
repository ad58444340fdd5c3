"""A puzzle that costs a phone a second and a flood of reports a fortune. No third party, no picture, no cookie.

The server gives out salt and SHA-256(salt + number); the browser tries numbers until it finds the one. Nothing is
stored: salt, target and expiry are signed together with the form's submission id, which can be filed only once.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

STAMP_SECONDS = 30 * 24 * 3600
"""A draft may wait this long on a phone without a connection."""
PROOF_SECONDS = 3600
QUICKEST_PERSON = 3  # seconds from opening the form to sending it
_SALT_BYTES = 12
_PARTS = 5


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form knows of itself: the id that makes sending it twice harmless, and when it was opened."""

    submission: str
    age: float

    @property
    def hurried(self) -> bool:
        """Whether no person could have written this so soon."""
        return self.age < QUICKEST_PERSON


def new_stamp() -> str:
    """A signed stamp for a fresh form."""
    return signing.dumps([secrets.token_urlsafe(16), round(time.time(), 1)], salt="kanal.web.stamp")


def read_stamp(text: str) -> Stamp | None:
    """The stamp in a form that came back, or None when it is missing, forged or older than thirty days."""
    try:
        submission, opened = signing.loads(text, salt="kanal.web.stamp", max_age=STAMP_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Stamp(str(submission), time.time() - float(opened))


def _sign(submission: str, salt: str, target: str, expires: int) -> str:
    words = f"kanal.web.puzzle:{submission}:{salt}:{target}:{expires}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).hexdigest()[:32]


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def new_puzzle(submission: str) -> dict[str, str | int]:
    """A puzzle for one submission. `cost` is the largest number worth trying; on average half of them are tried."""
    salt, expires = secrets.token_hex(_SALT_BYTES), int(time.time()) + PROOF_SECONDS
    target = _hash(salt, secrets.randbelow(settings.PROOF_OF_WORK_COST + 1))
    return {
        "salt": salt,
        "target": target,
        "cost": settings.PROOF_OF_WORK_COST,
        "expires": expires,
        "signature": _sign(submission, salt, target, expires),
    }


def solved(proof: str, submission: str) -> bool:
    """Whether `proof` ("salt.target.expires.signature.number") answers a puzzle that we gave for this submission.

    With PROOF_OF_WORK_COST = 0 nothing is asked. Never raises, whatever the text.
    """
    if not settings.PROOF_OF_WORK_COST:
        return True
    parts = proof.split(".")
    if len(parts) != _PARTS or not proof.isascii() or not (parts[2].isdigit() and parts[4].isdigit()):
        return False
    salt, target, expires, signature, number = parts
    if max(len(expires), len(number)) > _SALT_BYTES or int(expires) < time.time():
        return False
    known = hmac.compare_digest(signature, _sign(submission, salt, target, int(expires)))
    return known and hmac.compare_digest(target, _hash(salt, int(number)))
