"""Whether a complete form that anybody may send is taken: no robot, not too hurried, not too often."""

from typing import Protocol

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kanal.channels.models import Inbound, Medium
from kanal.channels.web import challenge, limits

UNPROVEN_SHARE = 0.25
"""Visitors whose browser solved no puzzle (no script) get a quarter of the limit."""


class Form(Protocol):
    """A form on which it is said why it is not taken."""

    def add_error(self, field: None, error: str) -> None:
        """Say what is wrong with the whole form."""


def refusal(request: HttpRequest, form: Form, stamp: challenge.Stamp) -> int:
    """Say on the form why a complete one is not taken yet, and return the HTTP status; 0 when it is taken."""
    if request.POST.get("website"):
        form.add_error(
            None, _("Isian otomatis mengisi kolom tersembunyi. Sudah kami kosongkan; tekan Kirim sekali lagi.")
        )
        return 400
    proven = challenge.solved(request.POST.get("proof", ""), stamp.submission)
    if not proven and stamp.hurried:
        form.add_error(None, _("Terlalu cepat untuk kami periksa. Baca lagi sebentar, lalu tekan Kirim."))
        return 400
    if limits.within(request, "report", share=1.0 if proven else UNPROVEN_SHARE):
        return 0
    if Inbound.objects.filter(medium=Medium.WEB, external_id=stamp.submission).exists():
        return 0  # a second click on what was taken: it gets its receipt again
    form.add_error(None, limits.sentence_for_forms())
    return 429
