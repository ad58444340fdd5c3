"""Where a request came from, as far as it can be believed."""

from django.conf import settings
from django.http import HttpRequest


def told_address(request: HttpRequest) -> str:
    """The visitor's address as our own proxy, or without one the connection, tells it; it may be nonsense.

    `X-Forwarded-For` is written by anybody. Only the entries that our own proxies added count: with TRUSTED_PROXIES = 1
    the last one, with 2 the last but one. Without a proxy the header is ignored.
    """
    hops = settings.TRUSTED_PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return told[-hops] if 0 < hops <= len(told) else str(request.META.get("REMOTE_ADDR", ""))
