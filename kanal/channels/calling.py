"""Calling a platform over HTTP: time-outs, no redirects to strangers, one sentence for each fault, files with care.

No fault is raised with its cause: httpx writes addresses into its messages, and Telegram's addresses hold the token.
"""

import ipaddress
import json
import re
import socket
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kanal.channels import outside
from kanal.channels.adapters import GoneError, TryLaterError, UncertainError, UnreachableError
from kanal.common.refusal import Refused

TIMEOUT = httpx.Timeout(20, connect=5)
LONGEST_PAUSE = timedelta(hours=6)
LARGEST_DELIVERY = 16 * 2**20
"""Bytes of one call of a platform; WhatsApp sends up to 3 MB, the rest is air."""
LONGEST_DOWNLOAD = 120.0
"""Seconds for one file, well within the lease of its row: a server that gives a byte now and then is left."""
_HOPS = 3
_LINK = re.compile(r"https?://\S+")
_GONE = {400, 403, 404, 410}


class Line:
    """A connection to one platform, open for the length of a `with` block."""

    def __init__(self, base: str) -> None:
        self._line = client(base)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()


def client(base: str) -> httpx.Client:
    """A line to the platform whose API begins with `base`; to be closed."""
    # A proxy of the machine is for the world outside, never for a platform on this machine (tests, simulator).
    away = not is_loopback(httpx.URL(base).host)
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=away, verify=outside.trusted())


def ask(line: httpx.Client, method: str, url: str, *, platform: str, **options: Any) -> httpx.Response:
    """Make a call that may be repeated without harm. Raises UnreachableError when there is no answer."""
    try:
        return line.request(method, url, **options)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise _no_answer(platform) from None


def hand_over(
    line: httpx.Client, url: str, *, platform: str, before: Callable[[], None], method: str = "POST", **options: Any
) -> httpx.Response:
    """Make a call by which a message reaches a person; `before` is called just before its first byte leaves.

    Raises UnreachableError when nothing left and UncertainError when the line broke afterwards.
    """
    left = False

    def watch(event: str, _details: Mapping[str, object]) -> None:
        nonlocal left
        if not left and event.endswith("send_request_headers.started"):
            before()
            left = True

    try:
        return line.request(method, url, extensions={"trace": watch}, **options)
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        if left:
            raise UncertainError(type(fault).__name__) from None
        raise _no_answer(platform) from None


def _no_answer(platform: str) -> UnreachableError:
    return UnreachableError(_("%(platform)s tidak bisa dihubungi.") % {"platform": platform})


def pause_of(response: httpx.Response) -> timedelta | None:
    """How long the platform asks to be left alone (Retry-After: seconds or a date); None when it does not say."""
    told = response.headers.get("Retry-After", "").strip()
    if not told:
        return None
    try:
        wait = timedelta(seconds=float(told)) if told[0].isdigit() else parsedate_to_datetime(told) - datetime.now(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    return min(max(wait, timedelta(seconds=1)), LONGEST_PAUSE)


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer, letters that are no UTF-8 replaced; empty for anything else."""
    try:
        found = json.loads(response.content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def shortened(text: str, most: int) -> str:
    """At most `most` characters of a text; what is cut is the middle, so that a link at its end stays whole."""
    if len(text) <= most:
        return text
    links = _LINK.findall(text)
    end = f" … {links[-1]}" if links and len(links[-1]) < most // 2 else " …"
    return text[: most - len(end)].rstrip() + end


# --- files ------------------------------------------------------------------------------------------------------------


def download(
    line: httpx.Client, url: str, *, platform: str, base: str, hosts: Collection[str], most: int, headers: Any = None
) -> bytes:
    """Fetch a file of at most `most` bytes from the platform's own hosts (`base`, or a domain in `hosts`).

    Raises GoneError for what is not to be had or lies elsewhere, UnreachableError and TryLaterError for the rest.
    """
    until = time.monotonic() + LONGEST_DOWNLOAD
    for _hop in range(_HOPS):
        _demand_own_host(url, base, hosts)
        try:
            with line.stream("GET", url, headers=headers) as response:
                if not response.has_redirect_location:
                    return _content(response, platform, most, until)
                url = str(response.url.join(response.headers["Location"]))
        except (httpx.HTTPError, httpx.InvalidURL):
            raise _no_answer(platform) from None
    raise GoneError(_("Berkasnya terus dialihkan, jadi tidak diambil."))


def _content(response: httpx.Response, platform: str, most: int, until: float) -> bytes:
    if response.status_code in _GONE:
        raise GoneError(_("Berkasnya sudah tidak ada di %(platform)s.") % {"platform": platform})
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
        sentence = _("%(platform)s sedang terganggu (%(code)s).")
        raise UnreachableError(
            sentence % {"platform": platform, "code": response.status_code}, pause=pause_of(response)
        )
    if response.is_error:
        raise TryLaterError(_("%(platform)s tidak memberi berkasnya.") % {"platform": platform})
    content = bytearray()
    for piece in response.iter_bytes():  # as they arrive: gathered ones would hide how slowly they do
        content += piece
        if len(content) > most:
            raise GoneError(_("Berkasnya terlalu besar."))
        if time.monotonic() > until:
            raise TryLaterError(_("%(platform)s terlalu lama memberi berkasnya.") % {"platform": platform})
    return bytes(content)


def _demand_own_host(url: str, base: str, hosts: Collection[str]) -> None:
    """Refuse addresses that are not the platform's, and names of its own that lead into our network."""
    try:
        there, home = httpx.URL(url), httpx.URL(base)
    except httpx.InvalidURL:
        raise GoneError(_("Alamat berkasnya tidak terbaca.")) from None
    if (there.scheme, there.host, there.port) == (home.scheme, home.host, home.port):
        return
    ours = any(there.host == host or there.host.endswith(f".{host}") for host in hosts)
    if there.scheme != "https" or not ours or leads_inside(there.host):
        raise GoneError(_("Berkasnya dialihkan ke alamat lain, jadi tidak diambil."))


def leads_inside(host: str) -> bool:
    """Whether a host name means a machine that is not on the public internet."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)}
    except (OSError, UnicodeError):
        return True
    return not all(map(outside.is_public, found))


def is_loopback(host: str) -> bool:
    """Whether a host as written in an address is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# --- being called -----------------------------------------------------------------------------------------------------


def raw_body(request: HttpRequest) -> bytes:
    """What a platform posts, byte for byte, whatever its size up to LARGEST_DELIVERY. Raises Refused (413)."""
    body: bytes = request.read(LARGEST_DELIVERY + 1)
    if len(body) > LARGEST_DELIVERY:
        raise Refused(_("Kiriman ini terlalu besar."), status=413)
    return body
