"""The form of an event at which many people spoke."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import reference
from kanal.reports.actions import Occasion
from kanal.reports.actions.gathering_photos import MOST
from kanal.reports.forms.fields import Day, Line, SeveralFiles, Words
from kanal.reports.forms.filing import OLDEST, Village
from kanal.reports.models import Gathering

MOST_PEOPLE = 1_000_000


class GatheringForm(forms.Form):
    """What is known of an event. Whatever is wrong, every other answer stays."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis acara"),
        choices=Gathering.Kind.choices,
        initial=Gathering.Kind.VILLAGE_VISIT.value,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih jenis acaranya."),
            "invalid_choice": gettext_lazy("Pilih jenis acaranya."),
        },
    )
    title = Line(
        most=160,
        label=gettext_lazy("Nama acara"),
        error_messages={"required": gettext_lazy("Beri nama, misalnya “Sambang Desa Jono”.")},
    )
    held_on = Day(
        label=gettext_lazy("Tanggal acara"),
        error_messages={
            "required": gettext_lazy("Isi tanggal acaranya."),
            "invalid": gettext_lazy("Tanggal itu tidak terbaca. Contoh: 25-11-2026."),
        },
    )
    region = Village()
    place_text = Line(most=200, label=gettext_lazy("Tempat"), required=False)
    officials = Line(most=400, label=gettext_lazy("Pejabat yang hadir"), required=False)
    attendance = forms.IntegerField(
        label=gettext_lazy("Jumlah hadir"),
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        error_messages={
            "invalid": gettext_lazy("Tulis jumlahnya dengan angka saja, atau kosongkan."),
            "min_value": gettext_lazy("Jumlah hadir tidak bisa kurang dari nol."),
            "max_value": gettext_lazy("Jumlah itu terlalu besar. Periksa lagi angkanya."),
        },
    )
    note = Words(most=4000, label=gettext_lazy("Catatan"), required=False)

    def __init__(self, data: Any = None, *, gathering: Gathering | None = None) -> None:
        known = {name: getattr(gathering, name) for name in self.base_fields if name != "region"} if gathering else {}
        known["region"] = str(gathering.region_id or "") if gathering else ""
        known.setdefault("held_on", reference().today())
        super().__init__(data, initial=known, label_suffix="", use_required_attribute=False)

    def clean_held_on(self) -> date:
        """Refuse what has not happened yet, and the last century."""
        day: date = self.cleaned_data["held_on"]
        today = reference().today()
        if day > today:
            raise ValidationError(_("Tanggal itu belum tiba. Acara dicatat pada harinya atau sesudahnya."))
        if day < today - OLDEST:
            raise ValidationError(_("Tanggal itu lebih dari sepuluh tahun lalu. Periksa tahunnya."))
        return day

    def occasion(self) -> Occasion:
        """What to keep. Only after `is_valid()`."""
        data = dict(self.cleaned_data)
        region = cast("str", data.pop("region"))
        return Occasion(**data, region_id=int(region) if region else None)


class SheetPhotosForm(forms.Form):
    """Photos of the paper list."""

    class _Sheets(SeveralFiles):
        most = MOST

    photos = _Sheets(label=gettext_lazy("Foto lembar kertas"), required=False)
