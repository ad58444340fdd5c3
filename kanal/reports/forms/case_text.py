"""What a report is, where it is and what the public reads of it, as forms of the case page."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.common.masking import mask
from kanal.reports import actions
from kanal.reports.forms.verb import Line, VerbForm, Words, category_choices, number_or_none, offer, region_choices
from kanal.reports.models import Report
from kanal.reports.queries.fit_for_all import held_back
from kanal.reports.workflow import KIND_WORDS, Kind


class ClassifyForm(VerbForm):
    """Ubah kategori dan tempat."""

    verb = "classify"
    go = gettext_lazy("Simpan")
    intro = gettext_lazy("Mengubah jenis menghitung ulang batas penyelesaian sejak laporan masuk.")

    kind = forms.ChoiceField(label=gettext_lazy("Jenis"))
    supervision = forms.BooleanField(label=gettext_lazy("Berkadar pengawasan (60 hari kerja)"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Kategori"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Desa atau kelurahan"), required=False)
    place_text = Line(label=gettext_lazy("Patokan"), required=False)

    def first_values(self, report: Report) -> dict[str, Any]:
        """As it is now."""
        return {
            "kind": report.kind,
            "supervision": report.supervision,
            "category": str(report.category_id or ""),
            "region": str(report.region_id or ""),
            "place_text": report.place_text,
        }

    def prepare(self) -> None:
        """Offer the kinds a report may move between, the categories and every place."""
        confidential = self.report.kind == Kind.WHISTLEBLOWING
        kinds = [(k.value, w) for k, w in KIND_WORDS.items() if (k is Kind.WHISTLEBLOWING) is confidential]
        offer(self, "kind", kinds)
        offer(self, "category", category_choices())
        offer(self, "region", region_choices())
        if confidential:
            del self.fields["place_text"]  # its column is not encrypted; the place stands among the reporter's words

    def perform(self) -> str:
        """Correct it."""
        data = self.cleaned_data
        actions.classify(
            **self.common,
            kind=Kind(data["kind"]),
            supervision=data["supervision"],
            category_id=number_or_none(data["category"]),
            region_id=number_or_none(data["region"]),
            place_text=mask(data.get("place_text", "")).text[:200],
        )
        return _("Kategori dan tempat disimpan.")


class EditPublicTextForm(VerbForm):
    """Ubah teks untuk umum."""

    verb = "edit_public_text"
    go = gettext_lazy("Simpan teks untuk umum")
    intro = gettext_lazy("Nomor, e-mail, dan pelat sudah ditutup otomatis. Tutup juga nama dan alamat rumah orang.")

    title = Line(label=gettext_lazy("Judul"))
    public_body = Words(label=gettext_lazy("Teks untuk umum"), longest=100_000)
    published = forms.BooleanField(label=gettext_lazy("Tampil untuk umum"), required=False)

    def first_values(self, report: Report) -> dict[str, Any]:
        """As the public reads it now."""
        return {"title": report.title, "public_body": report.public_body, "published": report.published}

    def prepare(self) -> None:
        """What is secret has no switch."""
        if self.report.secret:
            del self.fields["published"]

    def perform(self) -> str:
        """Set it."""
        data = self.cleaned_data
        actions.edit_public_text(
            **self.common,
            title=data["title"],
            public_body=data["public_body"],
            published=data.get("published", False),
        )
        return " ".join([_("Teks untuk umum disimpan."), *held_back(data["public_body"], self.report)])
