"""What the errors of comments and private messages mean, on Facebook and Instagram alike.

Codes: https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from kanal.channels.adapters import NotSentError, RefusedForGoodError, TryLaterError, UnreachableError
from kanal.channels.graph.faults import Error, Menu

_OUTSIDE_WINDOW = {2018065, 2018278, 2534022}
_NOBODY = {2018001, 2534001, 2534014}
_ONCE_ONLY = {2534025}
_RESTRICTED = {1893063}
_OF_THIS_MESSAGE = {2, 1200}
"""Two codes that Meta also gives for people who have blocked us: no reason to let the others wait."""
_TOO_MANY_ASIDE = {2534013}
_NOT_AVAILABLE, _ALREADY_ANSWERED, _TOO_OLD, _NO_OBJECT = 551, 10900, 10901, (100, 33)


class PageMenu(Menu):
    """The errors of an account with comments and private messages."""

    def own(self, error: Error) -> NotSentError | None:
        """Codes that share their number with others and are told apart by the second one."""
        named = {"platform": self.platform}
        if error.subcode in _RESTRICTED:
            sentence = _("Meta membatasi pesan dari akun %(platform)s ini. Buka Meta Business Suite.")
            return UnreachableError(sentence % named, pause=timedelta(hours=1), alarm=True)
        if error.subcode in _OUTSIDE_WINDOW | _NOBODY | _ONCE_ONLY:
            return self.refused(error)
        if error.code in _OF_THIS_MESSAGE or error.subcode in _TOO_MANY_ASIDE:
            return TryLaterError(_("%(platform)s sedang bermasalah dengan pesan ini.") % named)
        return None

    def refused(self, error: Error) -> RefusedForGoodError:
        """What no trying again would help, with the reason."""
        named = {"platform": self.platform}
        if error.subcode in _NOBODY or error.code == _NOT_AVAILABLE:
            sentence = _("Orang ini tidak bisa dikirimi lewat %(platform)s: ia memblokir kita, atau akunnya hilang.")
            return RefusedForGoodError(sentence % named, bounced=True)
        if error.subcode in _OUTSIDE_WINDOW:
            return RefusedForGoodError(_("%(platform)s melarang: terlalu lama sejak orangnya menulis.") % named)
        if error.subcode in _ONCE_ONLY or error.code == _ALREADY_ANSWERED:
            sentence = _("Komentar ini sudah pernah dibalas pribadi. %(platform)s mengizinkan satu kali saja.")
            return RefusedForGoodError(sentence % named)
        if error.code == _TOO_OLD:
            return RefusedForGoodError(_("Komentarnya terlalu lama, jadi tidak bisa lagi dibalas pribadi."))
        if (error.code, error.subcode) == _NO_OBJECT:
            return RefusedForGoodError(_("Kiriman atau komentarnya sudah dihapus."))
        return Menu.refused(self, error)


def menu(platform: str, setting: str, permission: str) -> PageMenu:
    """The errors of one of the two."""
    return PageMenu(
        platform=platform,
        setting=setting,
        permission=permission,
        office="Meta Business Suite",
        too_fast={80001: 60, 80002: 60, 80006: 60},
    )
