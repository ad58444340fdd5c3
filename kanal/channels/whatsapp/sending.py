from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import Outgoing, RefusedForGoodError
from kanal.channels.graph.account import bearer
from kanal.channels.whatsapp.faults import MENU
from kanal.common.text import one_line

WINDOW = timedelta(hours=24) - timedelta(minutes=2)
"""How long after their last message people may be written to in free words; the minutes are for clocks that differ."""
LONGEST_TEXT = 4096
LONGEST_PARAMETER = 900
"""Characters of the one variable in our template; WhatsApp allows 1,024 with the words around it."""


class Postman(calling.Line):
    """A line to the Graph API for some messages."""

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(settings["api"])
        self._settings = settings

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Send one message and return its wamid. Raises as adapters.Sender says."""
        response = calling.hand_over(
            self._line,
            f"{self._settings['api']}/{self._settings['phone_id']}/messages",
            platform="WhatsApp",
            before=before,
            headers=bearer(self._settings),
            json=self._body(message),
        )
        if not response.is_success:
            raise MENU.fault_of(response)
        return _id_in(response)

    def _body(self, message: Outgoing) -> dict[str, Any]:
        body: dict[str, Any] = {"messaging_product": "whatsapp", "biz_opaque_callback_data": message.key[:512]}
        # People who hide their number are known by an id of WhatsApp's own, which goes into another field.
        body |= {"to": message.to[1:]} if message.to.startswith("+") else {"recipient": message.to}
        if _in_window(message):
            return body | {"type": "text", "text": {"body": calling.shortened(message.body, LONGEST_TEXT)}}
        return body | {"type": "template", "template": self._template(message)}

    def _template(self, message: Outgoing) -> dict[str, Any]:
        name, language = template_for(message.purpose, self._settings["templates"])
        if not name:
            raise RefusedForGoodError(
                _(
                    "Lewat 24 jam sejak orangnya menulis, jadi WhatsApp hanya menerima templat. "
                    "Belum ada templat untuk keperluan ini di KANAL_WHATSAPP_TEMPLATES."
                )
            )
        words = _parameter(message)
        parameters = [{"type": "text", "text": words}]
        return {
            "name": name,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": parameters}],
        }


def _in_window(message: Outgoing) -> bool:
    return message.heard_at is not None and datetime.now(tz=UTC) - message.heard_at < WINDOW


def _parameter(message: Outgoing) -> str:
    return calling.shortened(one_line(message.body), LONGEST_PARAMETER)


def arrival(message: Outgoing, templates: list[str]) -> tuple[str, str] | None:
    """A message's words as WhatsApp shows them, and whether a template stands around them; None without one."""
    if _in_window(message):
        return calling.shortened(message.body, LONGEST_TEXT), ""
    name, _language = template_for(message.purpose, templates)
    remark = _("Lebih dari 24 jam sejak mereka menulis: satu baris, di dalam templat “%(name)s”.")
    return (_parameter(message), remark % {"name": name}) if name else None


def template_for(purpose: str, templates: list[str]) -> tuple[str, str]:
    """Name and language of the approved template for a purpose, from `purpose=name:language`; `*` is for the rest."""
    table = dict(entry.split("=", 1) for entry in templates if "=" in entry)
    name, _colon, language = (table.get(purpose) or table.get("*") or "").partition(":")
    return name.strip(), language.strip() or "id"


def _id_in(response: httpx.Response) -> str:
    """The wamid. Empty when a success does not name it: the message left, only its receipts will not be found."""
    messages = calling.json_of(response).get("messages")
    first = messages[0] if isinstance(messages, list) and messages else {}
    return str(first.get("id") or "") if isinstance(first, dict) else ""
