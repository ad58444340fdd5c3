"""Writing down what somebody says on the phone, in a letter or at the counter."""

from dataclasses import replace
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kanal.channels.models import Medium
from kanal.reports.actions import Filing
from kanal.reports.forms.filing import FilingForm
from kanal.reports.workflow import KIND_WORDS, Kind

MEDIA = (Medium.PHONE, Medium.LETTER, Medium.VISIT)


def fresh_submission() -> str:
    """A new name for one filling-in of the form: sent twice it is still one report."""
    return f"meja-{token_urlsafe(18)}"


class RecordForm(FilingForm):
    """The public form in the hands of staff: no riddle to solve, but on which way the words came."""

    submission = forms.RegexField(r"^meja-[\w-]{24}$", widget=forms.HiddenInput)
    medium = forms.ChoiceField(
        label=gettext_lazy("Lewat apa laporan ini datang?"),
        choices=[(medium.value, medium.label) for medium in MEDIA],
        initial=Medium.PHONE.value,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih: telepon, surat, atau tatap muka."),
            "invalid_choice": gettext_lazy("Pilih: telepon, surat, atau tatap muka."),
        },
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.initial["submission"] = fresh_submission()
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("Jenis"),
            choices=[(kind.value, KIND_WORDS[kind]) for kind in Kind],
            initial=Kind.COMPLAINT.value,
            help_text=gettext_lazy("Laporan pengawasan hanya bisa dibuka Inspektorat setelah disimpan."),
        )
        self.fields["body"].label = gettext_lazy("Apa yang disampaikan pelapor?")
        self.fields["body"].help_text = gettext_lazy("Kata-katanya sendiri, selengkap mungkin.")
        self.fields["photos"].label = gettext_lazy("Foto atau pindaian surat")
        self.fields["anonymous"].label = gettext_lazy("Anonim: sembunyikan nama pelapor")
        self.fields["anonymous"].help_text = gettext_lazy("Dinas yang menangani tidak melihat nama dan kontaknya.")
        self.fields["anonymous"].initial = False
        self.fields["secret"].label = gettext_lazy("Rahasia: sembunyikan laporannya")

    def filing_by(self, user_id: int) -> Filing:
        """What to file, and who wrote it down. Only after `is_valid()`."""
        data = self.cleaned_data
        return replace(self.told(submission=data["submission"], medium=data["medium"]), by_user_id=user_id)
