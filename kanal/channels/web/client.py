import ipaddress

from django.http import HttpRequest

from kanal.common.secrets import lookup_hash
from kanal.common.visitors import told_address

_IPV6_HOME = 64
"""One household gets a whole /64, so counting single IPv6 addresses would count nobody."""


def address(request: HttpRequest) -> str:
    """The address of the visitor, as far as it can be believed (common.visitors); "" when it cannot be told."""
    return _normal(told_address(request))


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
