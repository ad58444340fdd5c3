"""What an SMS gateway posts to us: messages and delivery reports, in whatever fields it calls them."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email import message_from_string
from email.policy import default
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels.adapters import Item, NotUnderstoodError, Passed, Receipt, Said, Strange, unknown_shape
from kanal.channels.sms.numbers import number_of
from kanal.channels.sms.words import tidy
from kanal.common.text import one_line

_MILLISECONDS = 1e11  # a count of seconds this large would be the year 5138
_SAME_WORDS = 600
"""Seconds in which the same words from the same number are one message, where a gateway gives no number to tell."""
_SECRET_FIELDS = ("secret", "token")


# --- being called -----------------------------------------------------------------------------------------------------


def is_genuine(request: HttpRequest, body: bytes) -> bool:
    """Whether the gateway knows the secret: as a signature of the raw body, in a header, or as a parameter."""
    secret = settings.SMS["in_secret"]
    if not secret:
        return False
    signature = request.headers.get(settings.SMS["in_signature"], "").removeprefix("sha256=").strip()
    if settings.SMS["in_auth"] == "hmac":
        expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return request.method == "POST" and _same(signature.lower(), expected)
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    given = [signature, bearer, *(request.GET.get(name, "") for name in _SECRET_FIELDS)]
    return any(_same(one, secret) for one in given)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())


def envelope(request: HttpRequest, body: bytes, kind: str) -> str:
    """What is kept of a call: the raw body byte for byte, its parameters without the secret, and when it came."""
    query = request.GET.copy()
    for name in _SECRET_FIELDS:
        query.pop(name, None)
    return json.dumps(
        {
            "gateway": kind,
            "at": timezone.now().isoformat(),
            "type": request.headers.get("Content-Type", ""),
            "query": query.urlencode(),
            "body": body.decode("latin-1"),  # one character for each byte, whatever they mean
        }
    )


# --- reading ----------------------------------------------------------------------------------------------------------


def read(call: Mapping[str, Any]) -> Iterator[Item]:
    """What one kept call holds. Raises NotUnderstoodError when the configured fields are not there."""
    at = datetime.fromisoformat(str(call["at"]))
    for fields in _messages(call):
        yield _receipt(fields, at) if call["gateway"] == "report" else _said(fields, at)


def _messages(call: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    query = QueryDict(str(call.get("query", ""))).dict()
    body = str(call.get("body", "")).encode("latin-1").decode("utf-8", "replace").strip("\ufeff \r\n")
    if not body.startswith(("{", "[")):
        return [{**query, **_form(str(call.get("type", "")), body)}]
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise unknown_shape("JSON") from fault
    items = _inside(told, settings.SMS["in_items"]) if settings.SMS["in_items"] else told
    found = items if isinstance(items, list) else [items]
    return [{**query, **one} for one in found if isinstance(one, dict)]


def _form(kind: str, body: str) -> Mapping[str, Any]:
    if not kind.lower().startswith("multipart/form-data"):
        return QueryDict(body).dict()
    form = message_from_string(f"Content-Type: {kind}\r\n\r\n{body}", policy=default)
    parts = form.iter_parts() if form.is_multipart() else ()
    named = {str(part.get_param("name", "", "content-disposition")): part for part in parts}
    return {name: part.get_payload() for name, part in named.items() if not part.is_multipart()}


def _inside(fields: Any, path: str) -> Any:
    """The value at a path such as "data.message.0.text"; None when there is none."""
    for name in path.split("."):
        if isinstance(fields, dict):
            fields = fields.get(name)
        elif isinstance(fields, list) and name.isdecimal() and int(name) < len(fields):
            fields = fields[int(name)]
        else:
            return None
    return fields


def _field(fields: Mapping[str, Any], name: str) -> str:
    value = _inside(dict(fields), settings.SMS[name])
    text = str(value) if isinstance(value, str | int | float) else ""
    return text if name == "in_text" else one_line(text[:300])  # no database takes a NUL byte or half an emoji


def _said(fields: Mapping[str, Any], received: datetime) -> Item:
    sender, text = _field(fields, "in_from").strip(), _field(fields, "in_text")
    if not sender:
        names = {"field": settings.SMS["in_from"], "found": ", ".join(sorted(fields))[:150]}
        raise NotUnderstoodError(one_line(_("Tidak ada isian “%(field)s” (yang ada: %(found)s).") % names))
    told = _field(fields, "in_at")
    at = moment(told) or received
    said_at = min(at, received)  # a gateway's clock may run ahead
    name = _field(fields, "in_id") or _same_words(sender, text, at if moment(told) else received)
    return message(f"gateway-{name}"[:200], sender, text, said_at)


def message(external_id: str, sender: str, text: str, at: datetime) -> Item:
    """A message of a person; one of an operator's short code or name is passed over."""
    number = number_of(sender)
    if not number:
        return Passed(external_id, "an operator's short code or a name, not a telephone")
    return Said(external_id, number, at, text=tidy(text))


def _same_words(sender: str, text: str, at: datetime) -> str:
    told = f"{sender}\n{text}\n{int(at.timestamp()) // _SAME_WORDS}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


def moment(told: str) -> datetime | None:
    """A moment as gateways write it: ISO, "2026-11-22 08:15:00" by the regency's clock, seconds or milliseconds."""
    try:
        number = float(told)
        return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, tz=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        at = datetime.fromisoformat(told.strip().replace("/", "-"))
        at = timezone.make_aware(at) if timezone.is_naive(at) else at
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _receipt(fields: Mapping[str, Any], at: datetime) -> Item:
    name, status = _field(fields, "report_id"), _field(fields, "report_status").strip()
    if not name:
        raise NotUnderstoodError(_("Laporan kirim tanpa isian “%(field)s”.") % {"field": settings.SMS["report_id"]})
    word, key = status.lower(), _field(fields, "report_key")
    if word in words_of("report_delivered"):
        return Receipt(name, "delivered", at, key=key)
    if word in words_of("report_failed"):
        bad = word in words_of("report_no_number")
        sentence = _("Operator: %(status)s") % {"status": status[:60]}
        return Receipt(name, "failed", at, sentence, no_such_address=bad, key=key)
    if word in words_of("report_underway"):
        return Passed(f"report-{name}"[:200], "on its way")
    what = _("Laporan kirim dengan keadaan yang tidak dikenal: %(status)s") % {"status": status[:60]}
    return Strange(f"report-{name}-{status}"[:200], what)


def words_of(name: str) -> set[str]:
    """A comma-separated setting, in lower case."""
    return {word.strip().lower() for word in settings.SMS[name].split(",") if word.strip()}
