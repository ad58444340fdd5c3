"""What the administrators' pages check before a mistyped value stops every page for everybody."""

import math
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Agency, AllowanceRule, Regency
from kanal.agencies.queries import reference

LONGEST_ALLOWANCE = 1000
"""Days; more would count beyond the calendar."""
_LATITUDES, _LONGITUDES = 90, 180

Term = tuple[date, date | None]


class RegencyForm(forms.ModelForm[Regency]):
    """The regency itself. Every page reads it."""

    class Meta:
        model = Regency
        fields = "__all__"  # noqa: DJ007  # the admin page names them

    def clean_timezone(self) -> str:
        """A zone that the computer knows."""
        name: str = self.cleaned_data["timezone"]
        if name not in available_timezones():
            raise forms.ValidationError(_("Zona waktu itu tidak dikenal. Contoh: Asia/Jakarta."))
        return name

    def clean_lat(self) -> float:
        """On the globe."""
        return self._within("lat", _LATITUDES)

    def clean_lon(self) -> float:
        """On the globe."""
        return self._within("lon", _LONGITUDES)

    def _within(self, name: str, most: int) -> float:
        value: float = self.cleaned_data[name]
        if not (math.isfinite(value) and abs(value) <= most):
            raise forms.ValidationError(_("Angka itu bukan titik di bumi."))
        return value

    def clean_bounds(self) -> Any:
        """Two corners, the south-western one first."""
        bounds = self.cleaned_data["bounds"]
        if not _are_corners(bounds):
            raise forms.ValidationError(_("Tulis dua titik sudut: [[selatan, barat], [utara, timur]]."))
        return bounds


def _are_corners(bounds: Any) -> bool:
    try:
        (south, west), (north, east) = bounds
        return bool(-_LATITUDES <= south < north <= _LATITUDES and -_LONGITUDES <= west < east <= _LONGITUDES)
    except (TypeError, ValueError):
        return False


class AllowanceForm(forms.ModelForm[AllowanceRule]):
    """A dated allowance. Whatever is done to one, every day from today on keeps one of its kind."""

    class Meta:
        model = AllowanceRule
        fields = "__all__"  # noqa: DJ007  # the admin page names them

    def clean_amount(self) -> int:
        """Days that a calendar can count."""
        amount: int = self.cleaned_data["amount"]
        if not 0 < amount <= LONGEST_ALLOWANCE:
            raise forms.ValidationError(_("Isi 1 sampai %(most)d hari.") % {"most": LONGEST_ALLOWANCE})
        return amount

    def clean(self) -> dict[str, Any]:
        """Refuse a change after which nothing would say how long a duty may take."""
        data = super().clean() or {}
        before = AllowanceRule.objects.filter(pk=self.instance.pk).first()
        if before and not self.errors:
            changed = [(data["valid_from"], data["valid_to"])] if data["kind"] == before.kind else []
            if not stays_covered(before, changed):
                raise forms.ValidationError(
                    _("Setiap hari harus punya batas waktu “%(kind)s”: tanpa itu laporan tidak bisa diterima.")
                    % {"kind": before.kind}
                )
        return data


def stays_covered(row: AllowanceRule, instead: Iterable[Term] = ()) -> bool:
    """Whether each day from the row's first, or today, on has an allowance of its kind when `instead` replaces it."""
    others = AllowanceRule.objects.filter(kind=row.kind).exclude(pk=row.pk).values_list("valid_from", "valid_to")
    terms: list[Term] = [*others, *instead]
    day = min(row.valid_from, reference().today())
    while True:
        ends = [end for start, end in terms if start <= day and (end is None or end >= day)]
        if not ends or None in ends:
            return None in ends
        day = max(end for end in ends if end) + timedelta(days=1)


class AgencyForm(forms.ModelForm[Agency]):
    """An agency, on its page and in the list. One that was merged stays closed: its work is done elsewhere."""

    class Meta:
        model = Agency
        fields = "__all__"  # noqa: DJ007  # the admin page names them

    def clean_active(self) -> bool:
        """Closed while something else has its work."""
        active: bool = self.cleaned_data["active"]
        if active and self.instance.successor:
            told = {"agency": self.instance.name, "now": self.instance.successor.name}
            raise forms.ValidationError(_("%(agency)s sudah bergabung ke %(now)s dan tidak dibuka lagi.") % told)
        return active


class MergeForm(forms.Form):
    """Into which agency another is merged."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("Digabung ke"),
        queryset=Agency.objects.none(),
        empty_label=gettext_lazy("Pilih perangkat daerah"),
        error_messages={
            "required": gettext_lazy("Pilih perangkat daerah yang meneruskan pekerjaannya."),
            "invalid_choice": gettext_lazy("Pilih perangkat daerah lain yang masih aktif."),
        },
    )

    def __init__(self, data: Any = None, *, agency: Agency) -> None:
        super().__init__(data, label_suffix="")
        others = Agency.objects.filter(active=True).exclude(pk=agency.pk).order_by("name")
        self.fields["into"].queryset = others  # type: ignore[attr-defined]  # it is a ModelChoiceField
