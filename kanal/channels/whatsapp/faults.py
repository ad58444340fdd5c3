"""What WhatsApp's error codes mean for us, and what a coordinator should do.

Codes: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from datetime import timedelta

import httpx
from django.utils.translation import gettext as _

from kanal.channels.adapters import NotSentError, RefusedForGoodError, TryLaterError, UnreachableError
from kanal.channels.calling import json_of, pause_of

_TOKEN = {0, 190}
_NOT_ALLOWED = {3, 10, *range(200, 300), 131005}
_ACCOUNT = {368, 130497, 131031, 131042, 131045, 133010}
_TOO_FAST = {4: 60, 80007: 60, 130429: 30, 131048: 3600}
"""Seconds to leave WhatsApp alone where it does not say how long."""
_AWAY = {1, 2, 131016, 131057, 133004}
_ONE_PERSON_TOO_FAST = 131056
_SOMETHING = 131000
_NO_ADDRESS = {131026}
_TEMPLATE = {132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069}
_LONG = timedelta(hours=1)


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


def fault_of(response: httpx.Response) -> NotSentError:
    """What an answer that is no success means for the message, and for the ones after it."""
    error = json_of(response).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    status = response.status_code
    if not isinstance(code, int):
        code = -1
    if code in _TOKEN or (status == httpx.codes.UNAUTHORIZED and code < 0):
        return UnreachableError(_token_sentence(), pause=timedelta(minutes=10), alarm=True)
    if code in _NOT_ALLOWED:
        sentence = _("Token WhatsApp tidak berizin mengirim (%(code)s). Beri izin whatsapp_business_messaging.")
        return UnreachableError(sentence % {"code": code}, pause=timedelta(minutes=10), alarm=True)
    if code in _ACCOUNT:
        sentence = _("Meta menahan akun WhatsApp ini (%(code)s). Buka WhatsApp Manager dan ikuti petunjuknya.")
        return UnreachableError(sentence % {"code": code}, pause=_LONG, alarm=True)
    return _passing(response, code) or RefusedForGoodError(sentence_of(max(code, status)), bounced=is_no_address(code))


def _passing(response: httpx.Response, code: int) -> NotSentError | None:
    """A fault that passes by itself; None for one that does not."""
    status, asked = response.status_code, pause_of(response)
    if code == _ONE_PERSON_TOO_FAST:
        return TryLaterError(_("Terlalu banyak pesan ke nomor ini dalam waktu singkat."))
    if code in _TOO_FAST or (status == httpx.codes.TOO_MANY_REQUESTS):
        pause = asked or timedelta(seconds=_TOO_FAST.get(code, 60))
        return UnreachableError(_("WhatsApp minta Kanal mengirim lebih pelan."), pause=pause)
    if code == _SOMETHING and status < httpx.codes.INTERNAL_SERVER_ERROR:
        return TryLaterError(_("WhatsApp sedang bermasalah dengan pesan ini."))
    if code in _AWAY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return UnreachableError(_("WhatsApp sedang terganggu."), pause=asked)
    return None


def _token_sentence() -> str:
    return _(
        "Token WhatsApp habis atau dicabut. Buat token baru di Meta Business, isi KANAL_WHATSAPP_TOKEN, "
        "lalu jalankan ulang Kanal."
    )
