"""Fingerprints of the keys, so that a backup can say which keys open it without holding any of them."""

import hashlib
import hmac

from django.conf import settings


def _print(*parts: str) -> str:
    return hmac.new("\0".join(parts).encode(), b"kanal key fingerprint", hashlib.sha256).hexdigest()[:16]


def writing_key() -> str:
    """The fingerprint of the pair of keys that encrypts now."""
    return _print("encrypt", settings.SECRET_KEY, settings.SALT_KEY[0])


def reading_keys() -> set[str]:
    """The fingerprints of every pair of keys that can decrypt here, fallbacks included."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return {_print("encrypt", secret, salt) for secret in secrets for salt in settings.SALT_KEY}


def lookup_key() -> str:
    """The fingerprint of the key of look-up hashes and private links."""
    return _print("lookup", settings.LOOKUP_KEY)
