"""The verbs of the case page as forms: one class per verb, and the table that the dispatcher asks."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kanal.agencies.models import Agency
from kanal.agencies.queries import reference
from kanal.common.codes import normalise_code
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.forms.verb import (
    Line,
    VerbForm,
    Words,
    agency_choices,
    category_choices,
    number_or_none,
    offer,
)
from kanal.reports.models import Reason, Report
from kanal.reports.queries import get_for, report_reference
from kanal.reports.queries.reaching import and_told
from kanal.reports.queries.routing import Proposal, propose_for

OTHER = "lain"


def _inside(label: Any = None, **options: Any) -> Words:
    options.setdefault("help_text", gettext_lazy("Hanya dibaca petugas."))
    return Words(label=label or gettext_lazy("Catatan"), required=False, short=True, **options)


class AssignForm(VerbForm):
    """Teruskan: to a proposed agency or any other."""

    verb = "assign"
    go = gettext_lazy("Teruskan")

    to = forms.ChoiceField(label=gettext_lazy("Teruskan ke"), widget=forms.RadioSelect, required=False)
    other = forms.ChoiceField(label=gettext_lazy("Dinas lain"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Kategori"), required=False)
    note = _inside(gettext_lazy("Catatan untuk dinas"), help_text=gettext_lazy("Tidak tampil untuk umum."))
    publish = forms.BooleanField(label=gettext_lazy("Tampilkan teks yang sudah ditutup untuk umum"), required=False)

    @cached_property
    def proposals(self) -> list[Proposal]:
        """What routing says, without the agency that has the report already."""
        return [p for p in propose_for(self.report) if p.agency_id != reference().id_today(self.report.agency_id)]

    def first_values(self, report: Report) -> dict[str, Any]:
        """The first sure proposal is chosen, a guess is not: the coordinator must look."""
        sure = next((p for p in self.proposals[:1] if p.sure), None)
        suggested = next((p.category_id for p in self.proposals if p.category_id), None)
        return {
            "category": report.category_id or suggested or "",
            "to": str(sure.agency_id) if sure else (None if self.proposals else OTHER),
            "publish": not report.secret,
        }

    def prepare(self) -> None:
        """Offer the proposals as cards, and every agency behind "Lainnya"."""
        agencies = reference().agencies
        cards = [(str(p.agency_id), f"{agencies[p.agency_id].name}|{p.why}") for p in self.proposals]
        offer(self, "to", [*cards, (OTHER, _("Lainnya|Pilih dari daftar"))])
        offer(self, "other", [("", _("Pilih dinas")), *agency_choices()])
        # A report that is sorted stays sorted: the empty choice is only for one that is not.
        offer(self, "category", category_choices()[bool(self.report.category_id) :])
        if self.report.secret or self.report.verified_at:
            del self.fields["publish"]

    def clean(self) -> dict[str, Any]:
        """Somebody must be named. A choice in the list counts even when its button was not pressed."""
        data = super().clean() or {}
        to, other = data.get("to"), data.get("other")
        if not to and not other and "to" not in self.errors:
            self.add_error("to", _("Pilih dinas yang menerima laporan ini."))
        elif to == OTHER and not other:
            self.add_error("other", _("Pilih dinas yang dituju."))
        data["agency"] = number_or_none(to if to and to != OTHER else other)
        return data

    @property
    def suggested(self) -> dict[str, int]:
        """Which category each proposed agency was guessed from; the page follows the choice with it."""
        if self.report.category_id:
            return {}
        return {str(p.agency_id): p.category_id for p in self.proposals if p.category_id}

    def perform(self) -> str:
        """Hand it on, keeping why."""
        agency = Agency.objects.get(pk=self.cleaned_data["agency"])
        why = next((p.why for p in self.proposals if p.sure and p.agency_id == agency.pk), _("Dipilih koordinator"))
        publish = self.cleaned_data.get("publish", not self.report.secret)
        actions.assign(
            **self.common,
            agency=agency,
            note=self.cleaned_data["note"],
            publish=publish,
            category_id=number_or_none(self.cleaned_data["category"]),
            why=why,
        )
        said = _("%(code)s diteruskan ke %(agency)s.") % {"code": self.report.tracking_code, "agency": agency.name}
        return and_told(said, self.report)


class ReasonForm(VerbForm):
    """A verb that needs one of the regency's standard reasons."""

    use: ClassVar[Reason.Use]
    ask: ClassVar[Any] = gettext_lazy("Alasan")

    reason = forms.ChoiceField(widget=forms.RadioSelect)
    note = _inside()

    def prepare(self) -> None:
        """Offer the active reasons."""
        self.fields["reason"].label = self.ask
        offer(self, "reason", [(r.code, r.name) for r in report_reference().reasons_for(self.use)])


class ReturnForm(ReasonForm):
    """Bukan wewenang: back to the coordinator."""

    verb = "return_"
    use = Reason.Use.RETURN
    go = gettext_lazy("Kembalikan")
    intro = gettext_lazy("Laporan kembali ke koordinator. Alasan Anda ikut memperbaiki aturan disposisi.")

    def perform(self) -> str:
        """Give it back."""
        actions.return_(**self.common, reason=self.cleaned_data["reason"], note=self.cleaned_data["note"])
        return _("%(code)s dikembalikan ke koordinator.") % {"code": self.report.tracking_code}


class RecallForm(VerbForm):
    """Tarik kembali: the agency was wrong, and nobody there has begun."""

    verb = "recall"
    go = gettext_lazy("Tarik kembali")
    intro = gettext_lazy("Laporan menunggu Anda lagi, dan Kanal belajar bahwa dinas itu bukan tempatnya.")

    note = _inside()

    def perform(self) -> str:
        """Take it back."""
        actions.recall(**self.common, note=self.cleaned_data["note"])
        return _("%(code)s ditarik kembali.") % {"code": self.report.tracking_code}


class ArchiveForm(ReasonForm):
    """Arsipkan."""

    verb = "archive"
    use = Reason.Use.ARCHIVE
    go = gettext_lazy("Arsipkan")
    intro = gettext_lazy("Pelapor membaca alasannya dengan kalimat baku. Laporan tidak lagi tampil untuk umum.")

    def perform(self) -> str:
        """Put it away."""
        actions.archive(**self.common, reason=self.cleaned_data["reason"], note=self.cleaned_data["note"])
        return and_told(_("%(code)s diarsipkan.") % {"code": self.report.tracking_code}, self.report)


class CloseForm(ReasonForm):
    """Tutup laporan, with its cause."""

    verb = "close"
    use = Reason.Use.CAUSE
    ask = gettext_lazy("Penyebab masalahnya")
    go = gettext_lazy("Tutup laporan")
    intro = gettext_lazy("Dicatat untuk melihat penyebab yang sering berulang.")

    def perform(self) -> str:
        """Finish it."""
        actions.close(**self.common, cause=self.cleaned_data["reason"], note=self.cleaned_data["note"])
        return _("%(code)s ditutup.") % {"code": self.report.tracking_code}


class AskInfoForm(VerbForm):
    """Minta keterangan: the clocks stop."""

    verb = "ask_info"
    go = gettext_lazy("Kirim pertanyaan")
    intro = gettext_lazy("Hitungan waktu berhenti sampai pelapor menjawab, paling lama 10 hari kerja.")

    question = Words(label=gettext_lazy("Pertanyaan untuk pelapor"), short=True)

    def perform(self) -> str:
        """Ask."""
        actions.ask_info(**self.common, question=self.cleaned_data["question"])
        return and_told(_("Pertanyaan tersimpan, hitungan berhenti."), self.report)


class NoteForm(VerbForm):
    """Catatan dalam."""

    verb = "note"
    go = gettext_lazy("Simpan catatan")

    text = Words(label=gettext_lazy("Catatan dalam"), short=True, help_text=gettext_lazy("Hanya dibaca petugas."))

    def perform(self) -> str:
        """Keep it."""
        actions.note(**self.common, text=self.cleaned_data["text"])
        return _("Catatan disimpan.")


class StartForm(VerbForm):
    """Mulai tangani."""

    verb = "start"
    go = gettext_lazy("Mulai tangani")

    def perform(self) -> str:
        """Begin."""
        actions.start(**self.common)
        return and_told(_("Mulai ditangani."), self.report)


class TakeForm(VerbForm):
    """Ambil."""

    verb = "take"
    go = pgettext_lazy("laporan", "Ambil")

    def perform(self) -> str:
        """Put one's name on it."""
        actions.take(**self.common)
        return _("Laporan ini sekarang atas nama Anda.")


class MergeForm(VerbForm):
    """Gabungkan with the main report, by its code; the preview is shown before."""

    verb = "merge"
    go = gettext_lazy("Gabungkan")
    intro = gettext_lazy("Pelapornya ikut laporan utama sampai selesai.")

    into = Line(label=gettext_lazy("Kode laporan utama"), longest=40)
    note = _inside()

    def clean_into(self) -> Report:
        """The main report, which the officer must be able to see."""
        code = normalise_code(self.cleaned_data["into"], reference().regency.code_prefix)
        try:
            return get_for(self.actor, code or "")
        except Refused:
            raise forms.ValidationError(
                _("Kode itu tidak ditemukan. Periksa huruf dan angkanya, contoh %(prefix)s-7K4M-Q2XD."),
                params={"prefix": reference().regency.code_prefix},
            ) from None

    def perform(self) -> str:
        """Join."""
        main = self.cleaned_data["into"]
        actions.merge(**self.common, into=main, note=self.cleaned_data["note"])
        return _("%(code)s digabung dengan %(main)s.") % {
            "code": self.report.tracking_code,
            "main": main.tracking_code,
        }


class UnmergeForm(VerbForm):
    """Pisahkan lagi."""

    verb = "unmerge"
    go = gettext_lazy("Pisahkan lagi")

    note = _inside()

    def perform(self) -> str:
        """Part them."""
        actions.unmerge(**self.common, note=self.cleaned_data["note"])
        return _("%(code)s berdiri sendiri lagi, dengan tenggat baru.") % {"code": self.report.tracking_code}


class ReopenForm(VerbForm):
    """Buka lagi."""

    verb = "reopen"
    go = gettext_lazy("Buka lagi")
    intro = gettext_lazy("Tenggat baru dimulai hari ini.")

    note = _inside()

    def perform(self) -> str:
        """Open again."""
        actions.reopen(**self.common, note=self.cleaned_data["note"])
        return and_told(_("%(code)s dibuka lagi.") % {"code": self.report.tracking_code}, self.report)


class DeclineReopenForm(VerbForm):
    """Tetap selesai, with the reason the reporter reads."""

    verb = "decline_reopen"
    go = gettext_lazy("Tetap selesai")

    note = Words(
        label=gettext_lazy("Alasan untuk pelapor"),
        short=True,
        help_text=gettext_lazy("Kalimat ini dibaca pelapor."),
    )

    def perform(self) -> str:
        """Leave it finished."""
        actions.decline_reopen(**self.common, note=self.cleaned_data["note"])
        return and_told(_("Laporan tetap selesai."), self.report)


class EscalateForm(VerbForm):
    """Naikkan ke atasan."""

    verb = "escalate"
    go = gettext_lazy("Naikkan ke atasan")

    note = Words(label=gettext_lazy("Apa yang perlu diputuskan"), required=False, short=True)

    def perform(self) -> str:
        """Bring it before the head."""
        actions.escalate(**self.common, note=self.cleaned_data["note"])
        return _("Atasan sudah diberi tahu.")


class FlagRapidForm(VerbForm):
    """Tandai reaksi cepat."""

    verb = "flag_rapid"
    go = gettext_lazy("Tandai reaksi cepat")
    intro = gettext_lazy("Laporan naik ke urutan paling atas. Dinas dan koordinator dikabari saat ini juga.")

    reason = Line(label=gettext_lazy("Mengapa harus sekarang"), longest=160)

    def perform(self) -> str:
        """Put it above all."""
        actions.flag_rapid(**self.common, reason=self.cleaned_data["reason"])
        return _("%(code)s ditandai reaksi cepat.") % {"code": self.report.tracking_code}


class UnflagRapidForm(VerbForm):
    """Cabut tanda reaksi cepat."""

    verb = "unflag_rapid"
    go = gettext_lazy("Cabut tanda")

    note = _inside()

    def perform(self) -> str:
        """Take the mark off."""
        actions.unflag_rapid(**self.common, note=self.cleaned_data["note"])
        return _("Tanda reaksi cepat dicabut.")
