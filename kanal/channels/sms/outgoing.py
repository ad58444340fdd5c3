"""Handing a message to an SMS gateway over HTTP, by a template of its address, body and headers."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import NotSentError, Outgoing, RefusedForGoodError, UncertainError, UnreachableError
from kanal.channels.sms import gsm7
from kanal.channels.sms.numbers import COUNTRY_CODE, number_of
from kanal.common.text import one_line

PLATFORM = "Gateway SMS"
FIELDS = frozenset({"to", "to_plain", "to_local", "text", "key", "coding", "parts"})
_FIELD = re.compile(r"\{(\w+)\}")
_ASKS_TO_WAIT = {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}
_NOT_US = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
_LONGEST_ID = 150
_EXCERPT = 100


def unknown_fields() -> set[str]:
    """What the templates ask for that no message has."""
    named = _FIELD.findall(settings.SMS["out_url"] + settings.SMS["out_body"])
    return set(named) - FIELDS


def filled(template: str, values: dict[str, str], written: Callable[[str], str]) -> str:
    """The template with its fields filled in, each written so that it stays one value."""
    return _FIELD.sub(lambda found: written(values[found[1]]) if found[1] in values else found[0], template)


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def writer_for(content_type: str) -> Callable[[str], str]:
    """How a value is written in a body of this type."""
    if "json" in content_type:
        return _in_json
    return escape if "xml" in content_type else quote_plus


def headers() -> dict[str, str]:
    """The configured headers, one "Name: value" a line (or separated by |)."""
    lines = settings.SMS["out_headers"].replace("|", "\n").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _colon, value in pairs}


class Gateway(calling.Line):
    """A line to the gateway for some messages."""

    def __init__(self) -> None:
        super().__init__(settings.SMS["out_url"].split("{")[0])

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Hand one message to the gateway and return its number there."""
        have = settings.SMS
        values = _values(message)
        heads = headers()
        kind = next((value for name, value in heads.items() if name.lower() == "content-type"), "")
        if have["out_body"] and not kind:
            kind = heads["Content-Type"] = _kind_of(have["out_body"])
        response = calling.hand_over(
            self._line,
            filled(have["out_url"], values, lambda value: quote(value, safe="")),
            platform=PLATFORM,
            before=before,
            method=have["out_method"].upper(),
            headers=heads,
            content=filled(have["out_body"], values, writer_for(kind)).encode() or None,
        )
        fault = _fault(response)
        if fault:
            raise fault
        return _number_in(response.text) or values["key"]


def _kind_of(body: str) -> str:
    if body.lstrip().startswith(("{", "[")):
        return "application/json"
    return "text/xml; charset=utf-8" if body.lstrip().startswith("<") else "application/x-www-form-urlencoded"


def _values(message: Outgoing) -> dict[str, str]:
    number = number_of(message.to)
    if not number:
        raise RefusedForGoodError(_("Nomor ini tidak bisa dikirimi SMS."), bounced=True)
    text = gsm7.plain(message.body.replace("\x00", ""))
    length = gsm7.measure(text)
    home = f"+{COUNTRY_CODE}"
    return {
        "to": number,
        "to_plain": number[1:],
        "to_local": "0" + number.removeprefix(home) if number.startswith(home) else number,
        "text": text,
        "key": known_as(message.key),
        "coding": "gsm7" if length.gsm7 else "ucs2",
        "parts": str(length.parts),
    }


def known_as(key: str) -> str:
    """A message's key as a gateway is told it."""
    return key[:_LONGEST_ID]


def _number_in(answer: str) -> str:
    """The message's number in the gateway's answer; "" when none is configured or it is not there."""
    pattern = settings.SMS["out_id"]
    found = re.search(pattern, answer) if pattern else None
    return (found[1] if found.groups() else found[0])[:_LONGEST_ID] if found else ""


def _fault(response: httpx.Response) -> NotSentError | UncertainError | None:
    """What a gateway's answer means; None when it took the message."""
    code, have = response.status_code, settings.SMS
    told = {"code": code, "answer": one_line(response.text[:1000])[:_EXCERPT]}
    if code in _ASKS_TO_WAIT:
        return UnreachableError(_("Gateway SMS minta menunggu (%(code)s).") % told, pause=calling.pause_of(response))
    if response.is_server_error:
        return _broken(told)
    to_do = _to_do(response)
    if to_do:
        return UnreachableError(to_do % told, pause=timedelta(minutes=10), alarm=True)
    if response.is_success and (not have["out_success"] or re.search(have["out_success"], response.text)):
        return None
    bad = bool(have["out_no_number"] and re.search(have["out_no_number"], response.text))
    return RefusedForGoodError(_("Gateway SMS menolak (%(code)s): %(answer)s") % told, bounced=bad)


def _to_do(response: httpx.Response) -> str:
    """What somebody must do before anything can be sent; "" for nothing."""
    if response.status_code in _NOT_US:
        return _("Gateway SMS menolak kunci Kanal (%(code)s): periksa KANAL_SMS_OUT_HEADERS dan KANAL_SMS_OUT_URL.")
    if response.status_code == httpx.codes.PAYMENT_REQUIRED:
        return _("Saldo gateway SMS habis: isi saldonya.")
    if response.has_redirect_location:
        return _("Gateway SMS mengalihkan ke alamat lain: perbarui KANAL_SMS_OUT_URL.")
    return ""


def _broken(told: dict[str, object]) -> NotSentError | UncertainError:
    """An answer such as 500 or 504: only a gateway that is given our key can be asked twice without sending twice."""
    if "{key}" in settings.SMS["out_url"] + settings.SMS["out_body"] + settings.SMS["out_headers"]:
        return UnreachableError(_("Gateway SMS sedang terganggu (%(code)s).") % told)
    return UncertainError(f"{told['code']}")
