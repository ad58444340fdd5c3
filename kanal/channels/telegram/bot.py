"""Calls of the Bot API (https://core.telegram.org/bots/api)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import (
    GoneError,
    NotSentError,
    Outgoing,
    RefusedForGoodError,
    UnreachableError,
)
from kanal.channels.files import LARGEST

LONGEST_TEXT = 4096
PAGE = 100
ANSWERS_WITHIN = 5.0
"""Seconds for Telegram to answer, on top of those for which it was asked to wait."""
_CONFLICT = 409
_NO_TOKEN = {401, 404}
_NOBODY = ("chat not found", "user is deactivated", "bot can't initiate", "peer_id_invalid")


class Bot(calling.Line):
    """A line to the Bot API for some calls."""

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(settings["api"])
        self._api, self._token = settings["api"], settings["token"]

    def _method(self, name: str) -> str:
        return f"{self._api}/bot{self._token}/{name}"

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Send one message as plain text and return its id. Raises as adapters.Sender says."""
        body = {
            "chat_id": message.to,
            "text": calling.shortened(message.body, LONGEST_TEXT),
            "link_preview_options": {"is_disabled": True},  # a preview would have Telegram open private links
        }
        url = self._method("sendMessage")
        response = calling.hand_over(self._line, url, platform="Telegram", before=before, json=body)
        if not response.is_success:
            raise fault_of(response)
        result = calling.json_of(response).get("result")
        return f"{message.to}:{result['message_id']}" if isinstance(result, dict) and "message_id" in result else ""

    def updates(self, offset: str, seconds: int) -> tuple[bytes, list[int]]:
        """The page of updates from `offset` on, as it came, and their numbers, waiting for the first so many seconds.

        Raises UnreachableError.
        """
        asked = {"limit": str(PAGE), "timeout": str(seconds), **({"offset": offset} if offset else {})}
        patience = httpx.Timeout(seconds + ANSWERS_WITHIN, connect=ANSWERS_WITHIN)
        url = self._method("getUpdates")
        response = calling.ask(self._line, "GET", url, platform="Telegram", params=asked, timeout=patience)
        if not response.is_success:
            fault = fault_of(response)
            raise fault if isinstance(fault, UnreachableError) else UnreachableError(fault.sentence)
        found = calling.json_of(response).get("result")
        if not isinstance(found, list):
            raise UnreachableError(_("Jawaban Telegram tidak bisa dibaca."))
        return response.content, [int(update["update_id"]) for update in found]

    def file(self, file_id: str) -> bytes:
        """The content of a file. Raises GoneError, UnreachableError or TryLaterError."""
        response = calling.ask(
            self._line, "GET", self._method("getFile"), platform="Telegram", params={"file_id": file_id}
        )
        if not response.is_success:
            fault = fault_of(response)
            if isinstance(fault, RefusedForGoodError):  # unknown, or beyond the 20 MB that bots may have
                raise GoneError(_("Telegram tidak memberi berkas ini. Batasnya 20 MB."))
            raise fault
        told = calling.json_of(response).get("result") or {}
        if int(told.get("file_size") or 0) > LARGEST:
            raise GoneError(_("Berkasnya terlalu besar."))
        path = quote(str(told.get("file_path") or ""))
        if not path or ".." in path:
            raise GoneError(_("Berkasnya sudah tidak ada di %(platform)s.") % {"platform": "Telegram"})
        url = f"{self._api}/file/bot{self._token}/{path}"
        return calling.download(self._line, url, platform="Telegram", base=self._api, hosts=(), most=LARGEST)


def fault_of(response: httpx.Response) -> NotSentError:
    """What an answer that is no success means for the message, and for the ones after it."""
    told, status = calling.json_of(response), response.status_code
    why = str(told.get("description") or "").lower()
    if status in _NO_TOKEN:
        sentence = _("Token bot Telegram tidak berlaku. Ambil token dari @BotFather, isi KANAL_TELEGRAM_TOKEN.")
        return UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True)
    if status == _CONFLICT:
        return _conflict(webhook="webhook" in why)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return UnreachableError(_("Telegram minta Kanal mengirim lebih pelan."), pause=_pause(told, response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return UnreachableError(_("Telegram sedang terganggu."), pause=calling.pause_of(response))
    if status == httpx.codes.FORBIDDEN:
        return RefusedForGoodError(_("Orangnya memblokir bot ini di Telegram."), bounced=True)
    gone = any(words in why for words in _NOBODY)
    return RefusedForGoodError(_("Telegram menolak pesan ini (%(code)s).") % {"code": status}, bounced=gone)


def _conflict(*, webhook: bool) -> UnreachableError:
    """Somebody else has the updates: the webhook that was set, or another program that asks with the same token."""
    if webhook:
        sentence = _(
            "Webhook bot Telegram masih terpasang, jadi Kanal berhenti bertanya. Hapus dengan deleteWebhook, "
            "atau kosongkan KANAL_TELEGRAM_POLLING bila webhook itu milik Kanal."
        )
        return UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True)
    sentence = _("Bot Telegram ini juga ditanyai program lain. Matikan program itu, atau ambil token baru.")
    return UnreachableError(sentence, pause=timedelta(minutes=1), alarm=True)


def _pause(told: dict[str, Any], response: httpx.Response) -> timedelta | None:
    parameters = told.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(seconds, int | float):
        return min(timedelta(seconds=max(1, seconds)), calling.LONGEST_PAUSE)
    return calling.pause_of(response)
