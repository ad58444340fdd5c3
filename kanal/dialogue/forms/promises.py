"""The forms of promises: what was promised, and what is shown for it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Agency
from kanal.agencies.queries import Actor, reference
from kanal.common.codes import normalise_code
from kanal.common.fields import Day, Known, Line, Plain, SeveralFiles, Words
from kanal.common.images import CleanImage, sanitise
from kanal.common.refusal import Refused
from kanal.dialogue.actions import MOST_PHOTOS, Promised, Shown
from kanal.dialogue.forms.episodes import agency_choices, is_agency
from kanal.dialogue.models import LONGEST_PROMISE, Commitment, Episode
from kanal.issues import queries as issues
from kanal.issues.models import Issue
from kanal.issues.workflow import CONFIRMED
from kanal.reports.models import Report
from kanal.reports.policy import counted_openly

MOST_ISSUES = 200


class PromiseForm(Plain):
    """Who promised what, by when, for which issue or report."""

    text = Line(
        most=LONGEST_PROMISE,
        label=gettext_lazy("Apa yang dijanjikan"),
        error_messages={"required": gettext_lazy("Tulis apa yang dijanjikan.")},
    )
    agency = Known(
        knows=is_agency,
        label=gettext_lazy("Dinas"),
        choices=agency_choices,
        error_messages={
            "required": gettext_lazy("Pilih dinasnya."),
            "invalid_choice": gettext_lazy("Dinas itu tidak ada di daftar."),
        },
    )
    speaker = Line(most=120, label=gettext_lazy("Disampaikan oleh"), required=False)
    due_on = Day(
        label=gettext_lazy("Paling lambat"),
        error_messages={
            "required": gettext_lazy("Isi tanggalnya. Janji tanpa tanggal tidak dapat dipegang."),
            "invalid": gettext_lazy("Tanggal itu tidak terbaca. Contoh: 25-11-2026."),
        },
    )
    issue = forms.ChoiceField(
        label=gettext_lazy("Untuk isu"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Isu itu tidak ada di daftar.")},
    )
    report = Line(most=40, label=gettext_lazy("Kode laporan"), required=False)

    def __init__(
        self, data: Any = None, *, actor: Actor, episode: Episode | None = None, commitment: Commitment | None = None
    ) -> None:
        super().__init__(data, initial=_known(commitment) if commitment else {})
        self.episode = commitment.episode if commitment else episode
        self._issues = {str(one.pk): one for one in issue_choices(actor, commitment)}
        choices = [("", _("Tidak ada"))] + [(pk, one.title) for pk, one in self._issues.items()]
        self.fields["issue"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField

    def clean_report(self) -> Report | None:
        """The report of a code. One that is secret is not found, as everywhere."""
        typed: str = self.cleaned_data["report"]
        if not typed:
            return None
        code = normalise_code(typed, reference().regency.code_prefix)
        found = Report.objects.filter(counted_openly(), tracking_code=code).first() if code else None
        if found is None:
            raise ValidationError(_("Laporan itu tidak ditemukan. Periksa kodenya."))
        return found

    def promised(self) -> Promised:
        """What to keep. Only after `is_valid()`."""
        data = self.cleaned_data
        return Promised(
            text=data["text"],
            agency=Agency.objects.get(pk=int(data["agency"])),
            due_on=data["due_on"],
            speaker=data["speaker"],
            episode=self.episode,
            issue=self._issues.get(data["issue"]),
            report=data["report"],
        )


class CorrectForm(PromiseForm):
    """A promise worded anew or moved, with the reason that everybody reads."""

    note = Line(
        most=300,
        label=gettext_lazy("Alasan perubahan"),
        help_text=gettext_lazy("Dibaca semua orang di halaman janji."),
        error_messages={"required": gettext_lazy("Tulis alasan perubahannya: itu yang dibaca warga.")},
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def issue_choices(actor: Actor, commitment: Commitment | None = None) -> list[Issue]:
    """The issues that somebody may name, by title."""
    rows = list(issues.find_for(actor).filter(status__in=CONFIRMED).order_by("title")[:MOST_ISSUES])
    known = commitment.issue if commitment else None
    return [known, *rows] if known and known not in rows else rows


def _known(commitment: Commitment) -> dict[str, object]:
    return {
        "text": commitment.text,
        "agency": str(reference().id_today(commitment.agency_id)),
        "speaker": commitment.speaker,
        "due_on": commitment.due_on,
        "issue": str(commitment.issue_id or ""),
        "report": commitment.report.tracking_code if commitment.report else "",
        "version": commitment.version,
    }


class EvidenceForm(Plain):
    """What is shown for a promise that is done."""

    class _Photos(SeveralFiles):
        most = MOST_PHOTOS

    text = Words(
        most=2000,
        label=gettext_lazy("Apa yang sudah dikerjakan"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Tulis apa yang sudah dikerjakan.")},
    )
    link = Line(most=500, label=gettext_lazy("Tautan (berita, dokumen)"), required=False)
    photos = _Photos(label=gettext_lazy("Foto hasil"), required=False)

    def clean_link(self) -> str:
        """Only what browsers open safely."""
        link: str = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise ValidationError(_("Tautan harus diawali https://"))
        return link

    def clean_photos(self) -> list[CleanImage]:
        """The photos without anything but the picture."""
        uploads = self.cleaned_data["photos"]
        if len(uploads) > MOST_PHOTOS:
            raise ValidationError(_("Paling banyak %(most)d foto.") % {"most": MOST_PHOTOS})
        try:
            return [sanitise(upload, name=upload.name or "") for upload in uploads]
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused

    def shown(self) -> Shown:
        """What to keep. Only after `is_valid()`."""
        data = self.cleaned_data
        return Shown(text=data["text"], link=data["link"], photos=data["photos"])
