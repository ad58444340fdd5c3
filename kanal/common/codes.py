"""Tracking codes that people can read aloud, and the private links that belong to them."""

import base64
import hashlib
import hmac
import secrets
import unicodedata

# Without 0 O, 1 I L: a code is dictated over the telephone and written down by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUP = 4
BODY = 2 * GROUP
TOKEN_CHARS = 22  # 22 * 6 = 132 bits

_LONGEST_ENTRY = 64
_PREFIX_LENGTHS = range(2, 6)
_PUNCTUATION = "#_.,:;'\"\N{MINUS SIGN}"  # the minus sign is a dash to people, a symbol to Unicode
_PURPOSE = b"kanal.report.private-link.v1\0"


def new_code(prefix: str) -> str:
    """Return a fresh code such as ``BJN-7K2M-9QXR``: 31^8 possibilities from the system's secure randomness.

    `prefix` is two to five capital letters A-Z; anything else is a mistake in the settings (ValueError).
    """
    if len(prefix) not in _PREFIX_LENGTHS or not (prefix.isascii() and prefix.isalpha() and prefix.isupper()):
        raise ValueError(f"A tracking prefix is 2 to 5 letters A-Z, not {prefix!r}")
    body = "".join(secrets.choice(ALPHABET) for _ in range(BODY))
    return f"{prefix}-{body[:GROUP]}-{body[GROUP:]}"


def normalise_code(text: object, prefix: str) -> str | None:
    """Return the code a person meant, in its one written form, or None when it cannot be a code.

    Lower case, missing or odd dashes, spaces, a leading "#" and a missing prefix are forgiven. Letters that
    the alphabet lacks are not guessed at: a wrong guess would open somebody else's report. Never raises.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_ENTRY:
        return None
    folded = unicodedata.normalize("NFKC", text)
    kept = "".join(char for char in folded if not _is_decoration(char))
    if not kept.isascii():
        return None
    kept = kept.upper()
    body = kept if len(kept) == BODY else kept.removeprefix(prefix)
    if len(body) != BODY or not set(body) <= set(ALPHABET):
        return None
    return f"{prefix}-{body[:GROUP]}-{body[GROUP:]}"


def private_token(key: str, code: str) -> str:
    """Return the secret part of a report's private link: HMAC-SHA256 under `key`, cut to 132 bits, URL-safe."""
    message = _PURPOSE + code.encode("utf-8", "replace")
    digest = hmac.digest(key.encode(), message, hashlib.sha256)
    return base64.urlsafe_b64encode(digest)[:TOKEN_CHARS].decode("ascii")


def token_matches(key: str, code: str, token: object) -> bool:
    """Say whether `token` opens the report `code`, in a time that does not depend on how much of it is right."""
    if not isinstance(token, str):
        return False
    return hmac.compare_digest(private_token(key, code).encode(), token.encode("utf-8", "replace"))


def _is_decoration(char: str) -> bool:
    """Dashes, spaces, invisible characters, and what people put in front of or behind a code."""
    category = unicodedata.category(char)
    return char in _PUNCTUATION or category == "Pd" or category[0] in {"Z", "C"}
