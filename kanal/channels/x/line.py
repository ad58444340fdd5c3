"""Calls of the X API v2 (https://docs.x.com/x-api) in the name of our account, and what its refusals mean."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import NotSentError, RefusedForGoodError, UnreachableError
from kanal.channels.x.oauth import Keys, authorization

PLATFORM = "X"
PRIVATE_STORE = "ton.twitter.com"
"""Where pictures of direct messages lie."""
_RESETS = (
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
    ("x-user-limit-24hour-remaining", "x-user-limit-24hour-reset"),
    ("x-app-limit-24hour-remaining", "x-app-limit-24hour-reset"),
)
SETUP = (
    "oauth1-permissions",
    "oauth1 app permissions",
    "client-not-enrolled",
    "client-forbidden",
    "not permitted to use",
)
_LOCKED = ("account is temporarily locked", "account is suspended", "user is suspended", "user-suspended")
_GONE = ("deleted or not visible", "not-found", "could not find", "has been deleted")
_DUPLICATE = "duplicate content"


class XLine(calling.Line):
    """A line to the API for some calls."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings["api"])
        self.settings = settings
        self._keys = Keys(
            settings["consumer_key"], settings["consumer_secret"], settings["token"], settings["token_secret"]
        )

    def get(self, path: str, **parameters: str) -> httpx.Response:
        """Ask for something. Raises UnreachableError when there is no answer."""
        url = str(httpx.URL(f"{self.settings['api']}{path}", params=parameters))
        return calling.ask(self._line, "GET", url, platform=PLATFORM, headers=self._signed("GET", url))

    def post(self, path: str, body: Mapping[str, Any], before: Callable[[], None]) -> httpx.Response:
        """Say something. Raises as calling.hand_over."""
        url = f"{self.settings['api']}{path}"
        headers = self._signed("POST", url)
        return calling.hand_over(self._line, url, platform=PLATFORM, before=before, json=body, headers=headers)

    def file(self, url: str, most: int) -> bytes:
        """A picture or film from X's own store; those of direct messages are given to our account alone."""
        headers = self._signed("GET", url) if httpx.URL(url).host == PRIVATE_STORE else None
        base, hosts = self.settings["api"], ("twimg.com", PRIVATE_STORE)
        return calling.download(self._line, url, platform=PLATFORM, base=base, hosts=hosts, most=most, headers=headers)

    def _signed(self, method: str, url: str) -> dict[str, str]:
        return {"Authorization": authorization(method, url, self._keys)}


def pause_of(response: httpx.Response) -> timedelta | None:
    """How long X wants to be left alone: until the first allowance that is used up comes back. None when it is not."""
    waits = []
    for remaining, reset in _RESETS:
        left, at = response.headers.get(remaining, ""), response.headers.get(reset, "")
        if at.isdigit() and left == "0":
            waits.append(timedelta(seconds=int(at) - timezone.now().timestamp() + 1))
    found = max(waits, default=None) or calling.pause_of(response)
    return None if found is None else min(max(found, timedelta(seconds=1)), timedelta(days=1))


def said_by(response: httpx.Response) -> str:
    """What X says of a fault: its title, type and details, in small letters."""
    told = calling.json_of(response)
    found = [str(told.get(name) or "") for name in ("title", "detail", "type", "reason")]
    for error in told.get("errors") or []:
        if isinstance(error, dict):
            found += [str(error.get(name) or "") for name in ("title", "detail", "type", "message")]
    return " ".join(found).lower()


def is_duplicate(response: httpx.Response) -> bool:
    """Whether X refuses a post because our account has said the very same before."""
    return response.status_code == httpx.codes.FORBIDDEN and _DUPLICATE in said_by(response)


def fault_of(response: httpx.Response) -> NotSentError:
    """What an answer that is no success means for the message, and for the ones after it."""
    status, why = response.status_code, said_by(response)
    general = _of_us(status, why) or _of_x(response, why)
    if general:
        return general
    if status == httpx.codes.NOT_FOUND or any(words in why for words in _GONE):
        return RefusedForGoodError(_("Kirimannya di X sudah dihapus atau dikunci, jadi tidak bisa dibalas."))
    if status == httpx.codes.FORBIDDEN:
        return RefusedForGoodError(_("X tidak mengizinkan balasan ini. Orangnya harus menyebut akun kita."))
    return RefusedForGoodError(_("X menolak kiriman ini (%(code)s).") % {"code": status})


def _of_us(status: int, why: str) -> UnreachableError | None:
    """Faults that somebody here must mend."""
    if status == httpx.codes.UNAUTHORIZED:
        sentence = _("X menolak kunci akun. Buat ulang keempat kuncinya di console.x.com, lalu isi KANAL_X_….")
    elif status == httpx.codes.PAYMENT_REQUIRED:
        sentence = _("Saldo X API habis. Isi lagi di console.x.com; Kanal melanjutkan sendiri.")
    elif any(words in why for words in SETUP):
        sentence = _(
            "Aplikasi X belum boleh menulis. Pilih izin “Read and write” di console.x.com, lalu buat ulang token."
        )
    elif any(words in why for words in _LOCKED):
        sentence = _("Akun X kita sedang dikunci. Masuk ke x.com dengan akun itu dan ikuti petunjuknya.")
    else:
        return None
    return UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True)


def _of_x(response: httpx.Response, why: str) -> UnreachableError | None:
    """Faults that pass."""
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        if "usage" in why and "cap" in why:
            sentence = _("Jatah bulanan X habis. Tambah paket di console.x.com, atau tunggu bulan depan.")
            return UnreachableError(sentence, pause=timedelta(hours=6), alarm=True)
        return UnreachableError(
            _("X minta Kanal bertanya lebih jarang."), pause=pause_of(response) or timedelta(minutes=15)
        )
    if response.is_server_error:
        return UnreachableError(_("X sedang terganggu."), pause=calling.pause_of(response))
    return None


def answer_of(response: httpx.Response) -> dict[str, Any]:
    """What X answered a question. Raises UnreachableError for anything else, with a sentence."""
    if response.is_success:
        return calling.json_of(response)
    fault = fault_of(response)
    if isinstance(fault, UnreachableError):
        raise fault
    sentence = _("X menolak pertanyaan Kanal (%(code)s). Periksa KANAL_X_USER_ID.") % {"code": response.status_code}
    raise UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True)
