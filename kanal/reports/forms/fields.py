"""Fields for words from the public besides those of `kanal.common.fields`, which every room shares."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kanal.common import fields
from kanal.common.fields import Day, Known, Plain
from kanal.reports.actions.attachments import MOST

__all__ = ["Coordinate", "Day", "Known", "Line", "Plain", "SeveralFiles", "Words"]

_TOO_LONG = _(
    "Panjangnya %(actual)s huruf, paling banyak %(limit)s. Ringkas dulu, atau kirim sisanya sesudah laporan diterima."
)


class Words(fields.Words):
    """Text of several lines of a report: what does not fit can be sent later."""

    too_long: str | Promise = _TOO_LONG


class Line(fields.Line):
    """One line of a report."""

    too_long: str | Promise = _TOO_LONG


class SeveralFiles(fields.SeveralFiles):
    """The photos that one report may carry."""

    most = MOST


class Coordinate(forms.FloatField):
    """A number that script fills in. What is no number counts as nothing: no person typed it, none can correct it."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> float | None:
        """Return the number, or None; never raises."""
        try:
            number: float | None = super().clean(value)
        except (ValidationError, OverflowError):
            return None
        return number
