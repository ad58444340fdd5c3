"""Files of messages: a picture drawn anew, a voice note to listen to, a paper to keep. Never served by path.

A picture can become a photo of the report to which its message belongs.
"""

import logging

from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.channels.files import content_of
from kanal.channels.models import InboundFile
from kanal.common.images import CONTENT_TYPE, ImageRefused, sanitise
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.queries.messages import file_for, report_of

log = logging.getLogger(__name__)

Kind = InboundFile.Kind
_PLAYED = frozenset({"audio/ogg", "audio/mpeg", "audio/aac", "audio/amr", "audio/mp4", "video/mp4"})
_ENDINGS = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
}
SIZES = frozenset({"besar", "kecil"})


def _missing() -> Refused:
    return Refused(_("Berkas itu tidak bisa dibuka."), status=404, code="hidden")


def _content(file: InboundFile) -> bytes:
    try:
        return content_of(file)
    except (OSError, InvalidToken) as error:
        log.exception("file %s of a message cannot be read", file.pk)
        raise _missing() from error


def _sent(content: bytes, content_type: str, *, name: str, attached: bool) -> HttpResponse:
    """A private answer whose type is ours, not the sender's, and which no browser guesses at or keeps."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'{"attachment" if attached else "inline"}; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
@desk()
def picture(request: DeskRequest, pk: int, size: str) -> HttpResponse:
    """One picture, `besar` or `kecil`, drawn anew from its pixels."""
    file = file_for(request.actor, pk)
    if file.kind != Kind.IMAGE or size not in SIZES:
        raise _missing()
    try:
        clean = sanitise(_content(file), name=f"pesan-{pk}")
    except ImageRefused as refusal:
        raise _missing() from refusal
    return _sent(
        clean.data if size == "besar" else clean.thumb, CONTENT_TYPE, name=f"pesan-{pk}-{size}.jpg", attached=False
    )


@require_safe
@desk()
def other(request: DeskRequest, pk: int) -> HttpResponse:
    """A voice note or film to play, or a paper to keep. A part may be asked for (Range), as players do."""
    file = file_for(request.actor, pk)
    if file.kind == Kind.IMAGE or file.mime not in _ENDINGS:
        raise _missing()
    content = _content(file)
    played = file.mime in _PLAYED
    response = _sent(content, file.mime, name=f"pesan-{pk}.{_ENDINGS[file.mime]}", attached=not played)
    response.headers["Accept-Ranges"] = "bytes"
    wanted = _range(request.headers.get("Range", ""), len(content)) if played else None
    if wanted:
        first, last = wanted
        response.status_code = 206
        response.content = content[first : last + 1]
        response.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return response


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range ("bytes=0-499", "bytes=500-", "bytes=-500"); None to send everything."""
    unit, _equals, span = asked.partition("=")
    start, dash, end = span.partition("-")
    numbers = [text for text in (start, end) if text]
    plain = all(text.isascii() and text.isdigit() and len(text) < 12 for text in numbers)  # noqa: PLR2004  # a terabyte
    if unit.strip() != "bytes" or not dash or not numbers or not plain:
        return None
    first = int(start) if start else max(0, size - int(end))
    last = min(int(end), size - 1) if start and end else size - 1
    return (first, last) if first <= last else None


@require_POST
@desk()
def adopt(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a picture a photo of its message's report, for its staff alone unless `tampil` is pressed."""
    file = file_for(request.actor, pk)
    report = report_of(file.inbound)
    if report is None:
        raise _missing()
    try:
        actions.adopt_photo(
            file=file, report=report, inside=request.POST.get("tampil") != "1", by=policy.staff(request.actor)
        )
        messages.success(request, _("Foto menjadi lampiran laporan %(code)s.") % {"code": report.tracking_code})
    except Refused as refusal:
        if refusal.code != "repeated":
            raise
        messages.info(request, refusal.sentence)
    return redirect("reports:desk_message", pk=file.inbound_id)
