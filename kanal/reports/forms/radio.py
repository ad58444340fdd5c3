"""What the announcer types: a broadcast, a call, the minutes."""

from dataclasses import replace
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kanal.agencies import places
from kanal.channels.models import Medium
from kanal.reports.actions import Filing
from kanal.reports.actions.radio import LONGEST_PROGRAMME
from kanal.reports.forms.fields import Line, Words
from kanal.reports.forms.filing import FilingForm
from kanal.reports.queries import report_reference
from kanal.reports.queries.reference import CategoryFacts
from kanal.reports.workflow import Kind

LONGEST_MINUTES = 50_000
NAMELESS = frozenset({"-", "tanpa nama", "anonim", "anonymous", "hamba allah"})
"""What is typed where a caller gives no name."""


def fresh_submission() -> str:
    """A new name for one call: sent twice it is still one report. The script makes its own of the same shape."""
    return f"radio-{token_urlsafe(18)}"


def numbered_categories() -> list[tuple[int, CategoryFacts, list[CategoryFacts]]]:
    """The upper categories with the numbers that the announcer types, and what is below each."""
    return [(number, top, below) for number, (top, below) in enumerate(report_reference().grouped_categories(), 1)]


class ShowForm(forms.Form):
    """Going on the air."""

    programme = Line(
        most=LONGEST_PROGRAMME,
        label=gettext_lazy("Nama siaran"),
        error_messages={"required": gettext_lazy("Tulis dulu nama siarannya.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)


class MinutesForm(forms.Form):
    """What was said, and where to hear it again."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    minutes = Words(
        most=LONGEST_MINUTES,
        label=gettext_lazy("Notulen"),
        help_text=gettext_lazy("Hanya dibaca penyiar dan koordinator."),
        required=False,
    )
    recording_url = Line(
        most=500,
        label=gettext_lazy("Tautan rekaman"),
        help_text=gettext_lazy("Tampil bagi petugas pada laporan dari siaran ini, tidak untuk umum."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="", use_required_attribute=False)

    def clean_recording_url(self) -> str:
        """Take an https address or nothing."""
        url: str = self.cleaned_data["recording_url"]
        if url:
            try:
                URLValidator(schemes=["https"])(url)
            except ValidationError as error:
                sentence = _("Tautan harus lengkap dan diawali https://, misalnya https://contoh.id/rekaman.mp3.")
                raise ValidationError(sentence) from error
        return url


class CallForm(FilingForm):
    """One call. Whistle-blowing is not among its kinds: it is not told on the air."""

    submission = forms.RegexField(
        r"^radio-[\w-]{24}$",
        widget=forms.HiddenInput,
        error_messages={"invalid": gettext_lazy("Isian ini rusak. Muat ulang halaman, lalu catat lagi.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.initial["submission"] = fresh_submission()
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("Jenis"),
            choices=[
                (Kind.COMPLAINT.value, gettext_lazy("Pengaduan")),
                (Kind.ASPIRATION.value, pgettext_lazy("jenis laporan", "Usul")),
                (Kind.INFORMATION.value, gettext_lazy("Permintaan informasi")),
            ],
            initial=Kind.COMPLAINT.value,
            error_messages={
                "required": gettext_lazy("Pilih jenisnya."),
                "invalid_choice": gettext_lazy(
                    "Laporan penyelewengan tidak dicatat di siaran. Arahkan penelepon ke Inspektorat."
                ),
            },
        )
        self.fields["body"].label = gettext_lazy("Isi")
        self.fields["body"].widget.attrs["rows"] = 3
        self.fields["name"].label = gettext_lazy("Nama penelepon")
        self.fields["phone"].label = gettext_lazy("Nomor HP")
        self.fields["anonymous"].label = gettext_lazy("Tanpa nama")
        self.fields["anonymous"].help_text = gettext_lazy("Dinas tidak melihat nama dan nomornya.")
        self.fields["anonymous"].initial = False

    def clean(self) -> dict[str, Any]:
        """Understand “tanpa nama” as an answer, not as a name."""
        data = super().clean()
        if str(data.get("name", "")).casefold() in NAMELESS:
            data["name"], data["anonymous"] = "", True
        return data

    def _ask_for(self, typed: str) -> None:
        """A place that is no village at all is a landmark; a name that several villages bear is asked back."""
        if places.named(typed):
            super()._ask_for(typed)
        else:
            self.cleaned_data["place_text"] = self.cleaned_data.get("place_text") or typed

    def filing(self) -> Filing:
        """What to file. Only after `is_valid()`."""
        return replace(self.told(submission=self.cleaned_data["submission"], medium=Medium.RADIO), photos=())
