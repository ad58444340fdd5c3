"""`/.well-known/security.txt` (RFC 9116): whom to tell about a weakness."""

import re
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kanal.agencies.queries import reference

ADDRESS = "/.well-known/security.txt"
GOOD_FOR = timedelta(days=180)
"""Written anew on every request; RFC 9116 asks for less than a year."""
_URI = re.compile(r"(?:https://|mailto:|tel:)[!-~]+")


def contact_uri(text: str) -> str | None:
    """A contact as the URI that RFC 9116 wants: a bare e-mail address is given its scheme. None for anything else."""
    if _URI.fullmatch(text):
        return text
    try:
        validate_email(text)
    except ValidationError:
        return None
    return f"mailto:{text}" if text.isascii() else None


def contacts() -> list[str]:
    """Whom to tell, the preferred first: the settings' contacts, or else the regency's own e-mail; empty if neither."""
    told = settings.SECURITY_CONTACT or [reference().regency.email]
    return [uri for uri in map(contact_uri, told) if uri]


@require_safe
def security_txt(_request: HttpRequest) -> HttpResponse:
    """The file. Raises Http404 where nobody can be named: a file without a contact would only mislead."""
    found = contacts()
    if not found:
        raise Http404
    expires = datetime.combine(timezone.now().astimezone(UTC).date() + GOOD_FOR, time(), UTC)
    lines = [f"Contact: {uri}" for uri in found]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: id, en"]
    if settings.BASE_URL.startswith("https://"):
        lines.append(f"Canonical: {settings.BASE_URL.rstrip('/')}{ADDRESS}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
