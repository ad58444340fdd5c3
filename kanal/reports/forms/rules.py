"""The test bench of the routing rules: a text and its circumstances, typed in or left as they are now."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import reference
from kanal.reports.forms.verb import Words, category_choices, number_or_none, offer, region_choices

PERCENT = [(str(share), f"{share}%") for share in (80, 85, 90, 95, 97, 99)]


class SwitchForm(forms.Form):
    """Which category, and how sure Kanal must be to hand its reports on without asking."""

    category = forms.ChoiceField(
        label=gettext_lazy("Kategori"), error_messages={"required": gettext_lazy("Pilih kategorinya.")}
    )
    least = forms.ChoiceField(label=gettext_lazy("Bila yakin paling sedikit"), choices=PERCENT, initial="95")
    on = forms.BooleanField(required=False, widget=forms.HiddenInput, initial=True)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="sakelar_%s")
        offer(self, "category", category_choices())

    def wanted(self) -> dict[str, Any]:
        """The arguments of the verb. Only after `is_valid()`."""
        return {
            "category_id": number_or_none(self.cleaned_data["category"]) or 0,
            "on": self.cleaned_data["on"],
            "least": int(self.cleaned_data["least"]) / 100,
        }


class TrialForm(forms.Form):
    """What a report would say, where, about what and when."""

    text = Words(
        label=gettext_lazy("Teks laporan"),
        longest=20_000,
        error_messages={"required": gettext_lazy("Tempelkan teks yang ingin dicoba.")},
    )
    category = forms.ChoiceField(label=gettext_lazy("Kategori"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Desa atau kelurahan"), required=False)
    day = forms.DateField(
        label=gettext_lazy("Hari"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Kosong: hari ini."),
    )
    hour = forms.TimeField(
        label=gettext_lazy("Pukul"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Kosong: sekarang."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "category", category_choices())
        offer(self, "region", region_choices())

    def at(self) -> datetime:
        """The moment to try, in the regency's time."""
        now = timezone.now().astimezone(reference().tz)
        day = self.cleaned_data["day"] or now.date()
        hour: time = self.cleaned_data["hour"] or now.time()
        return datetime.combine(day, hour, tzinfo=reference().tz)

    def circumstances(self) -> dict[str, Any]:
        """The arguments of the engine."""
        return {
            "category_id": number_or_none(self.cleaned_data["category"]),
            "region_id": number_or_none(self.cleaned_data["region"]),
            "at": self.at(),
        }

    def said(self) -> str:
        """For which day and hour the bench answers."""
        at = self.at()
        return _("%(day)s pukul %(hour)s") % {"day": f"{at:%d-%m-%Y}", "hour": f"{at:%H.%M}"}
