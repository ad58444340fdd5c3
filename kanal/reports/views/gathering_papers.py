"""The papers of an event: the list to print and fill, the filled list read again, photos of the handwriting."""

import logging

from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.common.images import CONTENT_TYPE
from kanal.common.refusal import Refused
from kanal.common.secrets import cipher
from kanal.reports import actions, policy
from kanal.reports.actions.gathering_photos import MOST
from kanal.reports.forms.gathering_sheet import LARGEST, blank_sheet, read_sheet
from kanal.reports.forms.photos import cleaned_photos
from kanal.reports.models import Gathering, GatheringPhoto
from kanal.reports.policy import GATHERERS
from kanal.reports.queries.gatherings import gathering_of, photo_of
from kanal.reports.views.gatherings import tell

log = logging.getLogger(__name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@desk(*GATHERERS)
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """The empty list of an event as XLSX."""
    gathering = gathering_of(request.actor, pk)
    name = f"{slugify(gathering.title)[:60] or 'acara'}-{gathering.held_on.isoformat()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(blank_sheet(gathering), content_type=XLSX, headers=headers)


@require_POST
@desk(*GATHERERS)
def upload(request: DeskRequest, pk: int) -> HttpResponse:
    """Read a filled list into the grid; what is wrong with a row is said there."""
    gathering = gathering_of(request.actor, pk)
    try:
        _read(request, gathering)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return _back(gathering, "#suara")


def _read(request: DeskRequest, gathering: Gathering) -> None:
    given = request.FILES.get("sheet")
    if given is None:
        raise Refused(_("Pilih dulu berkas .xlsx yang sudah diisi."), status=400)
    rows = read_sheet(given.read(LARGEST + 1))
    by = policy.staff(request.actor)
    saved = actions.save_rows(gathering=gathering, rows=rows, by=by, keep_known=True)
    tell(request, saved)
    known = len(rows) - saved.added - saved.left_over
    parts = [ngettext("%(num)s baris masuk dari berkas.", "%(num)s baris masuk dari berkas.", saved.added)]
    if known:
        parts.append(_("%(known)s baris sudah ada dan tidak diulang."))
    messages.info(request, " ".join(parts) % {"num": saved.added, "known": known})


@require_POST
@desk(*GATHERERS)
def add_photos(request: DeskRequest, pk: int) -> HttpResponse:
    """Attach photos of the paper list; the good ones stay whatever is wrong with another."""
    gathering = gathering_of(request.actor, pk)
    photos, refused = cleaned_photos(request.FILES.getlist("photos"), kept=[], most=MOST)
    if photos:
        actions.keep_sheets(gathering=gathering, photos=photos, by=policy.staff(request.actor))
    elif not refused:
        refused = [_("Pilih dulu fotonya.")]
    for sentence in refused:
        messages.error(request, sentence)
    return _back(gathering, "#kertas")


@require_POST
@desk(*GATHERERS)
def drop_photo(request: DeskRequest, pk: int, photo: int) -> HttpResponse:
    """Take a photo away. The second of two clicks changes nothing."""
    gathering = gathering_of(request.actor, pk)
    found = GatheringPhoto.objects.filter(gathering=gathering, pk=min(photo, 2**63 - 1)).first()
    if found:
        actions.drop_sheet(photo=found, by=policy.staff(request.actor))
    return _back(gathering, "#kertas")


@require_safe
@desk(*GATHERERS)
def photo(request: DeskRequest, pk: int, photo: int, size: str) -> HttpResponse:
    """One photo of the paper list, `besar` or `kecil`: to those who keep the event."""
    found = photo_of(gathering_of(request.actor, pk), photo)
    if size not in {"besar", "kecil"}:
        raise Refused(_("Foto itu tidak ditemukan."), status=404, code="hidden")
    response = HttpResponse(
        _opened(found.path if size == "besar" else found.thumb_path),
        content_type=CONTENT_TYPE,
        headers={"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"},
    )
    patch_cache_control(response, private=True, no_store=True)
    return response


def _opened(path: str) -> bytes:
    try:
        with default_storage.open(path) as stored:
            return cipher().decrypt(stored.read())
    except (OSError, InvalidToken) as error:
        log.exception("a photo of a paper list cannot be read")
        raise Refused(_("Foto itu tidak ditemukan."), status=404, code="hidden") from error


def _back(gathering: Gathering, anchor: str) -> HttpResponse:
    response = redirect("reports:gathering", pk=gathering.pk)
    response.headers["Location"] += anchor
    return response
