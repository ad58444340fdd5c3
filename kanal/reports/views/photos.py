"""Photos of reports. They are never served by path: each request is checked against the report they belong to."""

import logging

from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kanal.agencies.models import User
from kanal.agencies.queries import actor_of
from kanal.common.codes import token_matches
from kanal.common.refusal import Refused
from kanal.common.secrets import cipher
from kanal.reports import policy
from kanal.reports.models import Attachment

log = logging.getLogger(__name__)

_PUBLIC_SECONDS = 3600
"""Short, because a report can be taken from the public page."""


def _missing() -> Refused:
    return Refused(
        _("Foto itu tidak ditemukan. Mungkin laporannya tidak tampil untuk umum."), status=404, code="hidden"
    )


@require_safe
def photo(request: HttpRequest, code: str, pk: int, size: str) -> HttpResponseBase:
    """One photo, `besar` or `kecil`: to everybody with a public report, else to its reporter (`?t=`) and its staff."""
    rows = Attachment.objects.select_related("report").defer("report__body", "report__public_body")
    attachment = rows.filter(pk=pk, report__tracking_code=code).first() if pk < 2**63 else None
    if attachment is None or size not in {"besar", "kecil"}:
        raise _missing()
    is_public = attachment.public and policy.is_public(attachment.report)
    if not is_public and not _is_theirs(request, attachment):
        raise _missing()
    etag = f'"{attachment.sha256[:32]}-{size}"'
    response = HttpResponse(
        _content(attachment, size),
        content_type=attachment.content_type,
        headers={
            "Content-Disposition": f'inline; filename="{attachment.report.tracking_code}-{attachment.pk}-{size}.jpg"',
            "X-Content-Type-Options": "nosniff",
            "ETag": etag,
        },
    )
    if not is_public:
        patch_cache_control(response, private=True, no_store=True)
        return response
    patch_cache_control(response, public=True, max_age=_PUBLIC_SECONDS)
    return get_conditional_response(request, etag, response=response) or response


def _is_theirs(request: HttpRequest, attachment: Attachment) -> bool:
    report = attachment.report
    if not attachment.inside and token_matches(settings.LOOKUP_KEY, report.tracking_code, request.GET.get("t", "")):
        return True
    user = request.user
    if not isinstance(user, User) or (settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(user)):
        return False
    actor = actor_of(user)
    return policy.sees(actor, report) and policy.sees_photo(actor, report, public=attachment.public)


def _content(attachment: Attachment, size: str) -> bytes:
    """The bytes of the picture. A file that is gone or sealed is a missing photo to the visitor, a fault to us."""
    path = attachment.path if size == "besar" else attachment.thumb_path
    try:
        with default_storage.open(path) as stored:
            data: bytes = stored.read()
        return cipher().decrypt(data) if attachment.encrypted else data
    except (OSError, InvalidToken) as error:
        log.exception("photo %s of a report cannot be read", attachment.pk)
        raise _missing() from error
