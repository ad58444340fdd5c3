"""What the Graph API's errors mean for us, and what a coordinator should do.

Codes: https://developers.facebook.com/docs/graph-api/guides/error-handling; each medium adds its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from django.utils.translation import gettext as _

from kanal.channels.adapters import NotSentError, RefusedForGoodError, TryLaterError, UnreachableError
from kanal.channels.calling import json_of, pause_of

_TOKEN = {0, 102, 190}
_NOT_ALLOWED = {3, 10, *range(200, 300)}
_ACCOUNT = {368}
_TOO_FAST = {4: 60, 17: 60, 32: 60, 613: 60}
"""Seconds to leave Meta alone where it does not say how long."""
_AWAY = {1, 2}
_LONG = timedelta(hours=1)
_UNTIL_SOMEBODY_ACTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Error:
    """An error as the Graph API words it: -1 for a code that it does not name."""

    status: int
    code: int
    subcode: int

    @property
    def is_theirs(self) -> bool:
        """Whether the platform itself failed."""
        return self.status >= httpx.codes.INTERNAL_SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Menu:
    """How one medium's errors are read; a medium adds its own codes, and sentences where it has more to say.

    `setting` begins the names of its settings; `permission` is what its token needs; `office` is where an account that
    Meta holds back is seen to.
    """

    platform: str
    setting: str
    permission: str
    office: str
    not_allowed: frozenset[int] = frozenset()
    account: frozenset[int] = frozenset()
    too_fast: Mapping[int, int] = field(default_factory=dict)
    away: frozenset[int] = frozenset()

    def own(self, error: Error) -> NotSentError | None:  # noqa: ARG002  # for media with codes of one message
        """What goes before everything else: faults of this message alone. None for any other."""
        return None

    def refused(self, error: Error) -> RefusedForGoodError:
        """What no trying again would help."""
        code = error.code if error.code > 0 else error.status
        return RefusedForGoodError(
            _("%(platform)s menolak pesan ini (%(code)s).") % {"platform": self.platform, "code": code}
        )

    def fault_of(self, response: httpx.Response, *, elsewhere: bool = False) -> NotSentError:
        """What an answer that is no success means for the message, and for the ones after it.

        `elsewhere`: it was about somebody else's post, and not to be allowed there says nothing of the rest.
        """
        error = error_in(response)
        known = self.own(error) or (self._not_there(error) if elsewhere else None) or self._for_somebody(error)
        return known or self._passing(error, pause_of(response)) or self.refused(error)

    def _not_there(self, error: Error) -> NotSentError | None:
        """A fault of one post that is not ours; it may pass when its owner or an administrator allows it."""
        if error.code not in _NOT_ALLOWED | self.not_allowed:
            return None
        sentence = _(
            "%(platform)s tidak mengizinkannya di kiriman ini (%(code)s): tertutup, atau kurang izin %(permission)s."
        )
        words = {"platform": self.platform, "code": error.code, "permission": self.permission}
        return TryLaterError(sentence % words)

    def _for_somebody(self, error: Error) -> NotSentError | None:
        """A fault of the account, about which somebody must do something."""
        words = {"platform": self.platform, "setting": self.setting, "code": error.code}
        if error.code in _TOKEN or (error.status == httpx.codes.UNAUTHORIZED and error.code < 0):
            sentence = _(
                "Token %(platform)s habis atau dicabut. Buat token baru di Meta Business, isi %(setting)s_TOKEN, "
                "lalu jalankan ulang Kanal."
            )
            return UnreachableError(sentence % words, pause=_UNTIL_SOMEBODY_ACTS, alarm=True)
        if error.code in _NOT_ALLOWED | self.not_allowed:
            sentence = _("Token %(platform)s tidak berizin (%(code)s). Beri izin %(permission)s.")
            sentence %= {**words, "permission": self.permission}
            return UnreachableError(sentence, pause=_UNTIL_SOMEBODY_ACTS, alarm=True)
        if error.code in _ACCOUNT | self.account:
            sentence = _("Meta menahan akun %(platform)s ini (%(code)s). Buka %(office)s dan ikuti petunjuknya.")
            return UnreachableError(sentence % {**words, "office": self.office}, pause=_LONG, alarm=True)
        return None

    def _passing(self, error: Error, asked: timedelta | None) -> NotSentError | None:
        """A fault that passes by itself; None for one that does not."""
        too_fast = {**_TOO_FAST, **self.too_fast}
        if error.code in too_fast or error.status == httpx.codes.TOO_MANY_REQUESTS:
            pause = asked or timedelta(seconds=too_fast.get(error.code, 60))
            sentence = _("%(platform)s minta Kanal mengirim lebih pelan.")
            return UnreachableError(sentence % {"platform": self.platform}, pause=pause)
        if error.code in _AWAY | self.away or error.is_theirs:
            return UnreachableError(_("%(platform)s sedang terganggu.") % {"platform": self.platform}, pause=asked)
        return None


def error_in(response: httpx.Response) -> Error:
    """The error that an answer names."""
    told = json_of(response).get("error")
    codes = [told.get(name) for name in ("code", "error_subcode")] if isinstance(told, dict) else [None, None]
    code, subcode = (found if isinstance(found, int) else -1 for found in codes)
    return Error(response.status_code, code, subcode)
