"""/meja/saluran/: how each medium fares and what to do when one does not work."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.channels import actions
from kanal.channels.adapters import adapters
from kanal.channels.models import Medium
from kanal.channels.queries import Health, health
from kanal.common import formats
from kanal.common.actions import workers_alive
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.queries.lapor import FolderHealth, folder_health
from kanal.reports.queries.signs import forget_signs, lapor_gaps


def verdict(medium: Health, folder: FolderHealth | None = None) -> tuple[str, str, str]:
    """How a medium fares in a word, with its colour and icon; the worst thing is said. `folder` is LAPOR!'s."""
    if medium.alarm or medium.down_since:
        return _("Perlu tindakan"), "red", "alert"
    if not medium.configured:
        return _("Belum disiapkan"), "", "gear"
    if medium.unread or medium.failed or (folder and medium.medium == Medium.LAPOR and folder.kept):
        return _("Ada yang gagal"), "yellow", "alert"
    if medium.paused_until or medium.trouble:
        return _("Menunggu sebentar"), "yellow", "pause"
    return _("Berjalan"), "green", "check"


@require_safe
@never_cache
@desk(*policy.MEDIA_KEEPERS)
def page(request: DeskRequest) -> HttpResponse:
    """Every medium; those that need somebody come first."""
    worst = {"red": 0, "yellow": 1, "green": 2}
    folder = folder_health()
    media = [(one, verdict(one, folder)) for one in health()]
    media.sort(key=lambda pair: worst.get(pair[1][1], 3))
    context = {
        "media": media,
        "working": bool(workers_alive()),
        "folder": folder,
        "gaps": lapor_gaps(),
        "keeps_lapor": policy.keeps_lapor(request.actor),
    }
    return render(request, "reports/desk_media.html", context)


@require_POST
@desk(*policy.MEDIA_KEEPERS)
def read_again(request: DeskRequest, medium: str) -> HttpResponse:
    """Let the worker read once more what could not be read."""
    if medium not in adapters():
        raise Refused(_("Saluran itu tidak ada."), status=404)
    number = actions.read_again(medium)
    forget_signs()
    if number:
        words = ngettext("%(number)s kiriman dibaca lagi.", "%(number)s kiriman dibaca lagi.", number)
        messages.success(request, words % {"number": formats.number(number)})
    else:
        messages.info(request, _("Tidak ada kiriman yang perlu dibaca lagi."))
    return redirect("reports:desk_media")
