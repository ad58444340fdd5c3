"""Calling addresses that people typed in: only the public internet, and exactly the machine that was looked at.

A name is resolved once; every address behind it must be public, and the call goes to one of them. Asking the name again
for the call itself would let its owner answer differently the second time.
"""

import ipaddress
import socket
import ssl
from functools import cache
from urllib.parse import SplitResult, urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

LONGEST = 400
TIMEOUT = httpx.Timeout(10, connect=5)
_HIGHEST_PORT = 65535
# IPv6 addresses that carry an IPv4 address inside, which a gateway would follow into our network.
_TUNNELS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class InsideError(Exception):
    """An address that is not called. `sentence` says why, for the one who typed it in."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _TUNNELS):
            return False
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not ip.is_multicast


def check(url: str) -> None:
    """Raise InsideError unless an address may be called: https, a public machine, nothing hidden in it."""
    there = _split(url)
    if len(url) > LONGEST or there.username or there.password or there.fragment:
        raise InsideError(_("Alamat itu terlalu panjang, atau memuat kata sandi atau tanda #."))
    machine_of(there.scheme, there.hostname or "")


def _split(url: str) -> SplitResult:
    try:
        there = urlsplit(url)
        fits = bool(there.hostname) and (there.port is None or 0 < there.port <= _HIGHEST_PORT)
    except ValueError:
        fits = False
    if not fits or any(ord(letter) <= ord(" ") or ord(letter) > ord("~") for letter in url):
        raise InsideError(_("Alamat itu tidak terbaca."))
    return there


def machine_of(scheme: str, host: str) -> str:
    """The IP address to call for a host. Raises InsideError for anything but a public machine over https.

    This machine itself may be called where settings.WEBHOOK_LOOPBACK says so: in development and tests.
    """
    if settings.WEBHOOK_LOOPBACK and host in {"127.0.0.1", "localhost", "::1"} and scheme in {"http", "https"}:
        return "127.0.0.1" if host == "localhost" else host
    if scheme != "https":
        raise InsideError(_("Alamatnya harus https://"))
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)]
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise InsideError(_("Nama situs itu tidak ditemukan."))
    if not all(map(is_public, found)):
        raise InsideError(_("Alamat itu ada di jaringan dalam, jadi tidak dihubungi."))
    return found[0]


@cache
def trusted() -> ssl.SSLContext:
    """Whom to believe who they are: the same for all lines, since reading the list takes 20 ms and 4 MB each time."""
    return httpx.create_ssl_context()


class Outside(httpx.BaseTransport):
    """Sends each request to the machine that was looked at, under the name that was asked for.

    Connections are not kept: one that was opened for a name must not serve another name on the same machine.
    """

    def __init__(self) -> None:
        self._line = httpx.HTTPTransport(
            verify=trusted(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises InsideError before anything leaves."""
        host = request.url.host
        machine = machine_of(request.url.scheme, host)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=machine)
        return self._line.handle_request(request)

    def close(self) -> None:
        """Close what is open."""
        self._line.close()


def client() -> httpx.Client:
    """A line to the world outside; to be closed. It follows no redirects and uses no proxy."""
    return httpx.Client(transport=Outside(), timeout=TIMEOUT, follow_redirects=False, trust_env=False)
