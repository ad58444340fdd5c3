"""The answer on its way (draft, submitted, approved, out) and tasks for others, as forms of the case page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Agency
from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.forms.verb import Line, VerbForm, Words, agency_choices, number_or_none, offer
from kanal.reports.models import Answer, Report, ReportTask
from kanal.reports.queries.case import canned_for
from kanal.reports.queries.fit_for_all import held_back
from kanal.reports.queries.reaching import and_told, counting

DATE = "{tanggal}"
LONGEST_ANSWER = 20_000


def filled(body: str, report: Report) -> str:
    """A standard answer with what Kanal knows put in, in Indonesian like itself; {tanggal} stays for the officer."""
    facts = reference()
    agency = facts.agency_today(report.agency_id)
    region = facts.regions.get(report.region_id or 0)
    place = ", ".join(filter(None, (report.place_text, region.place if region else "")))
    known = {
        "{nama_dinas}": agency.name if agency else f"Pemerintah {facts.regency.name}",
        "{tempat}": place or "tempat yang dilaporkan",
        "{kode}": report.tracking_code,
    }
    for word, value in known.items():
        body = body.replace(word, value)
    return body


@dataclass(frozen=True, slots=True)
class Then:
    """What may follow saving on the same press: the action, where the answer then stands, and the word for it.

    `tells`: the reporter hears of it, and the officer is told how.
    """

    do: Callable[..., Answer]
    state: Answer.State
    said: Any
    tells: bool = False


class DraftAnswerForm(VerbForm):
    """Tulis jawaban: save, and on the same press lay it before the head or publish it."""

    verb = "draft_answer"
    go = gettext_lazy("Simpan draf")
    THEN: ClassVar[dict[str, Then]] = {
        "submit": Then(actions.submit_answer, Answer.State.SUBMITTED, gettext_lazy("Jawaban diajukan ke atasan.")),
        "publish": Then(actions.publish_answer, Answer.State.PUBLISHED, gettext_lazy("Jawaban terbit."), tells=True),
    }

    canned = forms.ChoiceField(label=gettext_lazy("Teks baku"), required=False)
    text = Words(label=gettext_lazy("Teks untuk pelapor dan umum"), longest=LONGEST_ANSWER)
    promised_on = forms.DateField(
        label=gettext_lazy("Dijanjikan selesai"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def prepare(self) -> None:
        """Offer the standard answers of the report's category."""
        self.standard = canned_for(self.report)
        offer(self, "canned", [("", _("Pilih teks baku")), *((str(c.id), c.title) for c in self.standard)])

    @property
    def counted_on(self) -> str:
        """The medium on which the answer goes out when every letter costs there, or ""."""
        return counting(self.report.medium)

    @property
    def canned_texts(self) -> list[tuple[int, str]]:
        """What each standard answer reads here, for the button that inserts it."""
        return [(c.id, filled(c.body, self.report)) for c in self.standard]

    @property
    def held_back(self) -> list[str]:
        """What of the text everybody will read without. Once it was told (`seen`), the text may go out like this."""
        return held_back(str(self["text"].value() or ""), self.report)

    def clean_promised_on(self) -> Any:
        """A promise is about days to come."""
        day = self.cleaned_data["promised_on"]
        if day and day < reference().today():
            raise forms.ValidationError(_("Tanggal itu sudah lewat. Janjikan hari ini atau sesudahnya."))
        return day

    def clean(self) -> dict[str, Any]:
        """The promised day fills the gap that the standard answers leave for it."""
        data = super().clean() or {}
        if data.get("promised_on") and data.get("text"):
            data["text"] = data["text"].replace(DATE, formats.day(data["promised_on"]))
        return data

    def inserted(self) -> dict[str, Any]:
        """The form's values with the chosen standard answer added to what was typed; nothing is saved."""
        chosen = next((text for pk, text in self.canned_texts if str(pk) == self.data.get("canned")), "")
        typed = str(self.data.get("text") or "").rstrip()
        text = f"{typed}\n\n{chosen}" if typed and chosen else typed or chosen
        return {"text": text, "promised_on": self.data.get("promised_on") or None}

    def perform(self) -> str:
        """Save; then, when asked, submit or publish. A refusal of the second leaves the draft saved, and says so."""
        data, then = self.cleaned_data, self.THEN.get(str(self.data.get("then", "")))
        try:
            actions.draft_answer(**self.common, text=data["text"], promised_on=data["promised_on"])
        except Refused as refusal:
            if refusal.code == "stale" and then and self._is_done(then):
                raise Refused(refusal.sentence, code="repeated") from refusal
            raise
        if then is None:
            return _("Draf disimpan.")
        if self.held_back and "seen" not in self.data:
            raise Refused(_("Drafnya sudah disimpan. Baca dulu apa yang ditutup, lalu tekan sekali lagi."))
        try:
            then.do(report=self.report, by=self.by)
        except Refused as refusal:
            kept = _("Drafnya sudah disimpan.")
            sentence = f"{refusal.sentence} {kept}"
            raise Refused(sentence, status=refusal.status, code=refusal.code) from refusal
        return and_told(str(then.said), self.report) if then.tells else str(then.said)

    def _is_done(self, then: Then) -> bool:
        """Whether this very text already went that way by this person's hand: the second press of a double click."""
        last = self.report.answers.order_by("pk").last()
        return last is not None and (last.text, last.author_id, last.state) == (
            self.cleaned_data["text"],
            self.actor.user_id,
            then.state,
        )


class SubmitAnswerForm(VerbForm):
    """Ajukan ke atasan."""

    verb = "submit_answer"
    go = gettext_lazy("Ajukan ke atasan")

    def perform(self) -> str:
        """Lay it before the head."""
        actions.submit_answer(**self.common)
        return _("Jawaban diajukan ke atasan.")


class ApproveAnswerForm(VerbForm):
    """Setujui jawaban."""

    verb = "approve_answer"
    go = gettext_lazy("Setujui jawaban")

    def perform(self) -> str:
        """The second pair of eyes."""
        actions.approve_answer(**self.common)
        return _("Jawaban disetujui. Petugas dapat menerbitkannya.")


class SendBackForm(VerbForm):
    """Kembalikan untuk diperbaiki."""

    verb = "approve_answer"
    go = gettext_lazy("Kembalikan")

    note = Words(
        label=gettext_lazy("Yang perlu diperbaiki"),
        short=True,
        error_messages={"required": gettext_lazy("Tulis apa yang perlu diperbaiki.")},
    )

    def perform(self) -> str:
        """Back to its author."""
        actions.send_back_answer(**self.common, note=self.cleaned_data["note"])
        return _("Jawaban dikembalikan kepada penulisnya.")


class PublishAnswerForm(VerbForm):
    """Terbitkan jawaban."""

    verb = "publish_answer"
    go = gettext_lazy("Terbitkan jawaban")

    def perform(self) -> str:
        """Send it out."""
        actions.publish_answer(**self.common)
        return and_told(_("Jawaban terbit."), self.report)


class SplitForm(VerbForm):
    """Beri tugas: to an agency or to an outside party."""

    verb = "split"
    go = gettext_lazy("Beri tugas")
    intro = gettext_lazy("Tugas tetap di dalam. Pelapor mendengar satu suara: jawaban dinas Anda.")

    agency = forms.ChoiceField(label=gettext_lazy("Dinas"), required=False)
    partner_name = Line(label=gettext_lazy("atau pihak luar (PLN, PDAM, rekanan, desa)"), required=False, longest=120)
    partner_email = forms.EmailField(
        label=gettext_lazy("E-mail pihak luar"),
        required=False,
        help_text=gettext_lazy("Ia menjawab lewat tautan yang berlaku 14 hari, tanpa akun."),
        error_messages={"invalid": gettext_lazy("Alamat e-mail itu tidak lengkap. Contoh: nama@contoh.id")},
    )
    instruction = Words(
        label=gettext_lazy("Yang harus dikerjakan"),
        short=True,
        help_text=gettext_lazy("Jangan menulis nama atau nomor pelapor di sini."),
        error_messages={"required": gettext_lazy("Tulis apa yang harus dikerjakan.")},
    )

    def prepare(self) -> None:
        """Every agency but the one that has the case."""
        own = str(reference().id_today(self.report.agency_id))
        choices = [row for row in agency_choices() if row[0] != own]
        offer(self, "agency", [("", _("Pilih dinas")), *choices])

    def clean(self) -> dict[str, Any]:
        """Exactly one doer."""
        data = super().clean() or {}
        if bool(data.get("agency")) == bool(data.get("partner_name")):
            self.add_error("agency", _("Pilih satu: dinas, atau pihak luar."))
        return data

    def perform(self) -> str:
        """Give the point away."""
        data = self.cleaned_data
        pk = number_or_none(data["agency"])
        agency = Agency.objects.get(pk=pk) if pk else None
        actions.split(
            **self.common,
            instruction=data["instruction"],
            agency=agency,
            partner_name=data["partner_name"],
            partner_email=data["partner_email"] if not agency else "",
        )
        return _("Tugas diberikan kepada %(name)s.") % {"name": agency.name if agency else data["partner_name"]}


class TaskForm(forms.Form):
    """What the doer of a task says; used by colleagues and, through the signed link, by outside parties."""

    text = Words(
        label=gettext_lazy("Yang sudah dikerjakan"),
        short=True,
        error_messages={"required": gettext_lazy("Tulis apa yang sudah dikerjakan, atau mengapa belum bisa.")},
    )

    def __init__(self, task: ReportTask, data: Any = None) -> None:
        super().__init__(data, initial={"text": task.answer}, auto_id=f"task{task.pk}_%s")
