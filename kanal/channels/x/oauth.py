"""Signing a request as our account: OAuth 1.0a with HMAC-SHA1 (RFC 5849 §3.4). A JSON body is not part of it."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the app (consumer) and of the account that it may write for (token)."""

    consumer_key: str
    consumer_secret: str
    token: str = ""
    token_secret: str = ""


def authorization(method: str, url: str, keys: Keys) -> str:
    """The Authorization header of a request to `url`, whose query is part of it."""
    said = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_token": keys.token,
        "oauth_version": "1.0",
    }
    said["oauth_signature"] = signature(method, url, said, keys)
    return "OAuth " + ", ".join(f'{_escaped(name)}="{_escaped(value)}"' for name, value in sorted(said.items()))


def signature(
    method: str, url: str, said: Mapping[str, str], keys: Keys, *, form: Iterable[tuple[str, str]] = ()
) -> str:
    """The signature of a request with the OAuth parameters `said` and, where there is one, a form as its body."""
    key = f"{_escaped(keys.consumer_secret)}&{_escaped(keys.token_secret)}"
    digest = hmac.digest(key.encode(), base_string(method, url, said, form=form).encode(), hashlib.sha1)
    return base64.b64encode(digest).decode()


def base_string(method: str, url: str, said: Mapping[str, str], *, form: Iterable[tuple[str, str]] = ()) -> str:
    """What is signed: the method, the address without its query, and every parameter in order (§3.4.1)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.port and parts.port != _PORTS.get(parts.scheme.lower()):
        host = f"{host}:{parts.port}"
    told = [*parse_qsl(parts.query, keep_blank_values=True), *form, *said.items()]
    sorted_ones = sorted((_escaped(name), _escaped(value)) for name, value in told)
    parameters = "&".join(f"{name}={value}" for name, value in sorted_ones)
    address = f"{parts.scheme.lower()}://{host}{parts.path or '/'}"
    return "&".join((method.upper(), _escaped(address), _escaped(parameters)))


def _escaped(text: str) -> str:
    """Percent-encoded as OAuth wants it: all but letters, digits and -._~ (§3.6)."""
    return quote(text, safe="-._~")
