"""What WhatsApp's error codes mean for us, and what a coordinator should do.

Codes: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from django.utils.translation import gettext as _

from kanal.channels.adapters import NotSentError, RefusedForGoodError, TryLaterError
from kanal.channels.graph.faults import Error, Menu

_ONE_PERSON_TOO_FAST = 131056
_SOMETHING = 131000
_NO_ADDRESS = {131026}
_TEMPLATE = {132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069}


def is_no_address(code: int) -> bool:
    """Whether the code says that nobody can be reached at this number."""
    return code in _NO_ADDRESS


def sentence_of(code: int) -> str:
    """Why a message did not arrive, and what to do, in Indonesian."""
    known = {
        131021: _("Nomor penerima sama dengan nomor Kanal sendiri."),
        131026: _("Nomor ini tidak bisa menerima pesan WhatsApp."),
        131030: _("Nomor ini belum terdaftar sebagai penerima uji coba di Meta."),
        131047: _("Lewat 24 jam sejak orangnya menulis. Isi templat untuk keperluan ini, lalu kirim ulang."),
        131049: _("WhatsApp menahan pesan ini agar orangnya tidak terlalu banyak dikirimi. Coba lagi besok."),
        131050: _("Orangnya menolak pesan jenis ini di WhatsApp-nya."),
        130472: _("WhatsApp menahan pesan ini karena percobaan mereka sendiri."),
    }
    if code in known:
        return known[code]
    if code in _TEMPLATE:
        return _("Templat WhatsApp belum disetujui atau tidak cocok (%(code)s). Periksa di WhatsApp Manager.") % {
            "code": code
        }
    return _("WhatsApp menolak pesan ini (%(code)s).") % {"code": code}


class _Menu(Menu):
    def own(self, error: Error) -> NotSentError | None:
        if error.code == _ONE_PERSON_TOO_FAST:
            return TryLaterError(_("Terlalu banyak pesan ke nomor ini dalam waktu singkat."))
        if error.code == _SOMETHING and not error.is_theirs:
            return TryLaterError(_("WhatsApp sedang bermasalah dengan pesan ini."))
        return None

    def refused(self, error: Error) -> RefusedForGoodError:
        return RefusedForGoodError(sentence_of(max(error.code, error.status)), bounced=is_no_address(error.code))


MENU = _Menu(
    platform="WhatsApp",
    setting="KANAL_WHATSAPP",
    permission="whatsapp_business_messaging",
    office="WhatsApp Manager",
    not_allowed=frozenset({131005}),
    account=frozenset({130497, 131031, 131042, 131045, 133010}),
    too_fast={80007: 60, 130429: 30, 131048: 3600},
    away=frozenset({131016, 131057, 133004}),
)
