import ipaddress

from django.conf import settings
from django.http import HttpRequest

from kanal.common.secrets import lookup_hash

_IPV6_HOME = 64
"""One household gets a whole /64, so counting single IPv6 addresses would count nobody."""


def address(request: HttpRequest) -> str:
    """The address of the visitor, as far as it can be believed; "" when it cannot be told.

    `X-Forwarded-For` is written by anybody. Only the entries that our own proxies added count: with TRUSTED_PROXIES = 1
    the last one, with 2 the last but one. Without a proxy the header is ignored.
    """
    hops = settings.TRUSTED_PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    candidate = told[-hops] if 0 < hops <= len(told) else request.META.get("REMOTE_ADDR", "")
    return _normal(candidate)


def _normal(text: str) -> str:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _IPV6_HOME), strict=False))
    return str(found)


def key(request: HttpRequest) -> str:
    """A keyed hash of the visitor's address: good for counting, useless for finding out who it was."""
    return lookup_hash("client", address(request))[:32]
