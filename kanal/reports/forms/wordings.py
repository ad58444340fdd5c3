"""A sentence to citizens, worded anew."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.reports.actions.wordings import LONGEST, faults_of
from kanal.reports.forms.fields import Words
from kanal.reports.models import Wording
from kanal.reports.wordings import Sentence


class WordingForm(forms.Form):
    """The text in each language; empty gives the sentence of the code back."""

    indonesian = Words(
        most=LONGEST,
        required=False,
        label=gettext_lazy("Bahasa Indonesia"),
        help_text=gettext_lazy("Kosongkan untuk kembali ke kalimat bawaan."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    javanese = Words(
        most=LONGEST,
        required=False,
        label=gettext_lazy("Bahasa Jawa"),
        help_text=gettext_lazy(
            "Dikirim di bawah teks Indonesia, dan sendirian kepada yang memilih bahasa Jawa. Boleh dikosongkan."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "lang": "jv"}),
    )

    def __init__(self, data: Any = None, *, sentence: Sentence, texts: dict[str, str]) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.sentence = sentence
        if sentence.alone:
            self.fields["javanese"].help_text = _("Dikirim kepada yang memilih bahasa Jawa. Boleh dikosongkan.")
        if sentence.line:
            for field in self.fields.values():
                field.widget.attrs["rows"] = 2
        self.initial["indonesian"] = texts.get(Wording.Language.INDONESIAN, sentence.default)
        self.initial["javanese"] = texts.get(Wording.Language.JAVANESE, "")

    def _checked(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        faults = faults_of(self.sentence, text) if text else []
        if faults:
            raise ValidationError(faults)
        return text

    def clean_indonesian(self) -> str:
        """Refuse unknown and missing gaps."""
        return self._checked("indonesian")

    def clean_javanese(self) -> str:
        """Refuse unknown and missing gaps."""
        return self._checked("javanese")

    def texts(self) -> dict[str, str]:
        """The texts by language. Only after `is_valid()`."""
        data = self.cleaned_data
        return {
            Wording.Language.INDONESIAN.value: data["indonesian"],
            Wording.Language.JAVANESE.value: data["javanese"],
        }
