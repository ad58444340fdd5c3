import base64
import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(secrets: tuple[str, ...], salts: tuple[str, ...]) -> MultiFernet:
    keys = [
        PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt.encode(), iterations=100_000).derive(secret.encode())
        for secret in secrets
        for salt in salts
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def cipher() -> MultiFernet:
    """The cipher of every encrypted field and file: the newest key writes, all configured keys read."""
    return _cipher((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), tuple(settings.SALT_KEY))


if TYPE_CHECKING:  # the package ships no types

    class EncryptedTextField(models.TextField[str, str]):
        """What the type checker needs to know of the package's field."""

else:
    from encrypted_fields import EncryptedTextField


class EncryptedText(EncryptedTextField):
    """Text that the database never sees in clear. Empty text stays empty, so a column need not be nullable.

    All columns share one derived key: the package derives it per column, a tenth of a second each at start-up.
    """

    @property
    def f(self) -> MultiFernet:  # noqa: D102  # the package's own hook
        return cipher()

    def get_prep_value(self, value: object) -> str:
        """Encrypt, keeping the empty string as it is."""
        return super().get_prep_value(value) or ""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str:  # noqa: ARG002  # Django's hook
        """Decrypt.

        A row that no configured key opens raises InvalidToken: better a loud fault than cipher text on a page.
        """
        return decrypted(value or "")

    def to_python(self, value: Any) -> Any:
        """Values on the way from a form are never cipher text."""
        return models.TextField.to_python(self, value)


def encrypted(text: str) -> str:
    """Text as an encrypted column holds it; empty text stays empty."""
    return cipher().encrypt(text.encode()).decode() if text else ""


def decrypted(stored: str) -> str:
    """Text out of an encrypted column. Raises InvalidToken when no configured key opens it."""
    return cipher().decrypt(stored.encode()).decode() if stored else ""


def is_encrypted(stored: str) -> bool:
    """Whether a column holds what one of the configured keys opens: a migration that was interrupted asks this."""
    try:
        decrypted(stored)
    except InvalidToken:
        return False
    return bool(stored)


def lookup_hash(purpose: str, value: str) -> str:
    """A keyed hash (HMAC-SHA256, 64 hexadecimal digits) by which an encrypted value is found again.

    Phone numbers are few enough to try them all, so a bare hash would hide nothing; the key is what protects them.
    """
    return hmac.new(settings.LOOKUP_KEY.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()
