"""Calls of the YouTube Data API v3 (https://developers.google.com/youtube/v3/docs) in the name of our channel."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import NotSentError, RefusedForGoodError, UncertainError, UnreachableError
from kanal.channels.youtube.quota import until_reset
from kanal.common import formats

PLATFORM = "YouTube"
_EARLY = 60
"""Seconds before its end at which a token is no longer used."""
_USED_UP = {"quotaExceeded", "dailyLimitExceeded"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded"}
_SETUP = {"accessNotConfigured", "SERVICE_DISABLED"}
_NO_SCOPE = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
_CLOSED = {"authenticatedUserAccountClosed", "authenticatedUserAccountSuspended", "youtubeSignupRequired"}
_GONE = {"parentCommentNotFound", "commentNotFound", "notFound", "videoNotFound"}
_NOT_ALLOWED = {"operationNotSupported", "parentCommentIsPrivate", "commentsDisabled", "ineligibleAccount", "forbidden"}
_tokens: dict[tuple[str, str], tuple[str, float]] = {}


class YouTubeLine(calling.Line):
    """A line to the API for some calls. Access tokens live an hour and are shared by the lines of a process."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings["api"])
        self.settings = settings
        self._owner = (str(settings["client_id"]), str(settings["refresh_token"]))

    def get(self, method: str, **parameters: str) -> httpx.Response:
        """Ask for something. Raises UnreachableError when there is no answer, or no right to ask."""
        return self._allowed(lambda headers: self._ask(method, parameters, headers))

    def post(self, method: str, body: Mapping[str, Any], before: Callable[[], None]) -> httpx.Response:
        """Say something. Raises as calling.hand_over; a fault of YouTube's own server leaves it uncertain."""
        response = self._allowed(lambda headers: self._hand_over(method, body, headers, before))
        if response.is_server_error:
            raise UncertainError(str(response.status_code))
        return response

    def _ask(self, method: str, parameters: Mapping[str, str], headers: Mapping[str, str]) -> httpx.Response:
        url = f"{self.settings['api']}/{method}"
        return calling.ask(self._line, "GET", url, platform=PLATFORM, params=parameters, headers=headers)

    def _hand_over(
        self, method: str, body: Mapping[str, Any], headers: Mapping[str, str], before: Callable[[], None]
    ) -> httpx.Response:
        url = f"{self.settings['api']}/{method}?part=snippet"
        return calling.hand_over(self._line, url, platform=PLATFORM, before=before, json=body, headers=headers)

    def _allowed(self, call: Callable[[Mapping[str, str]], httpx.Response]) -> httpx.Response:
        """Make a call with a token; one that YouTube does not know any more is replaced once."""
        kept = _tokens.get(self._owner)
        response = call(self._bearer())
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return response
        _tokens.pop(self._owner, None)
        return call(self._bearer()) if kept else response

    def _bearer(self) -> dict[str, str]:
        token, until = _tokens.get(self._owner, ("", 0.0))
        if not token or time.monotonic() > until:
            token, lives = self._fresh()
            _tokens[self._owner] = (token, time.monotonic() + lives - _EARLY)
        return {"Authorization": f"Bearer {token}"}

    def _fresh(self) -> tuple[str, float]:
        """A new access token and how many seconds it lives. Raises UnreachableError."""
        form = {name: self.settings[name] for name in ("client_id", "client_secret", "refresh_token")}
        form["grant_type"] = "refresh_token"
        response = calling.ask(self._line, "POST", self.settings["oauth"], platform="Google", data=form)
        told = calling.json_of(response)
        if response.is_success and told.get("access_token"):
            return str(told["access_token"]), float(told.get("expires_in") or 3600)
        if response.is_server_error or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise UnreachableError(_("Google sedang terganggu."), pause=calling.pause_of(response))
        if told.get("error") == "invalid_grant":
            sentence = _(
                "Izin YouTube dicabut atau habis. Beri izin lagi dari akun kanal, lalu isi KANAL_YOUTUBE_REFRESH_TOKEN."
            )
        else:
            sentence = _(
                "Google menolak aplikasi ini. Periksa KANAL_YOUTUBE_CLIENT_ID dan KANAL_YOUTUBE_CLIENT_SECRET."
            )
        raise UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True)


def forget_tokens() -> None:
    """Forget every access token of this process."""
    _tokens.clear()


def reasons_of(response: httpx.Response) -> set[str]:
    """Why YouTube refuses, in its own words."""
    error = calling.json_of(response).get("error")
    if not isinstance(error, dict):
        return set()
    told = [one for name in ("errors", "details") for one in error.get(name) or [] if isinstance(one, dict)]
    return {str(one["reason"]) for one in told if one.get("reason")} or {str(error.get("status") or "")}


def fault_of(response: httpx.Response) -> NotSentError:
    """What an answer that is no success means for the message, and for the ones after it."""
    reasons, status = reasons_of(response), response.status_code
    general = _of_us(reasons, status) or _of_youtube(response, reasons)
    if general:
        return general
    if reasons & _GONE or status == httpx.codes.NOT_FOUND:
        return RefusedForGoodError(_("Komentarnya di YouTube sudah dihapus, jadi tidak bisa dibalas."))
    if reasons & _NOT_ALLOWED:
        return RefusedForGoodError(_("YouTube tidak mengizinkan balasan pada komentar ini."))
    if "commentTextTooLong" in reasons:
        return RefusedForGoodError(_("Balasannya terlalu panjang untuk YouTube. Pendekkan, lalu kirim ulang."))
    return RefusedForGoodError(_("YouTube menolak balasan ini (%(code)s).") % {"code": status})


def _of_us(reasons: set[str], status: int) -> UnreachableError | None:
    """Faults that somebody here must mend."""
    if status == httpx.codes.UNAUTHORIZED or reasons & _NO_SCOPE:
        sentence = _(
            "YouTube menolak izin akun. Beri lagi izin youtube.force-ssl, lalu isi KANAL_YOUTUBE_REFRESH_TOKEN."
        )
    elif reasons & _SETUP:
        sentence = _("YouTube Data API v3 belum dinyalakan. Nyalakan di console.cloud.google.com untuk proyek ini.")
    elif reasons & _CLOSED:
        sentence = _(
            "Akun YouTube kita ditutup atau ditangguhkan. Masuk ke youtube.com dengan akun itu dan ikuti petunjuknya."
        )
    else:
        return None
    return UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True)


def _of_youtube(response: httpx.Response, reasons: set[str]) -> UnreachableError | None:
    """Faults that pass."""
    if reasons & _USED_UP:
        now = timezone.now()
        sentence = _(
            "Jatah harian YouTube habis. Kanal melanjutkan sendiri mulai %(when)s; "
            "bila sering, minta tambahan jatah di Google Cloud."
        ) % {"when": formats.short_day_time(now + until_reset(now))}
        return UnreachableError(sentence, pause=until_reset(now), alarm=True)
    if reasons & _TOO_FAST or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        pause = calling.pause_of(response) or timedelta(minutes=1)
        return UnreachableError(_("YouTube minta Kanal bertanya lebih pelan."), pause=pause)
    if response.is_server_error:
        return UnreachableError(_("YouTube sedang terganggu."), pause=calling.pause_of(response))
    return None
