"""What a verb for several reports still needs to know, and how its outcome is told."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kanal.agencies.models import Agency
from kanal.agencies.queries import Actor, reference
from kanal.common.codes import normalise_code
from kanal.reports.actions import bulk
from kanal.reports.actions.bulk import Chosen, Outcome
from kanal.reports.forms.fields import Line
from kanal.reports.forms.fields import Words as WordsField
from kanal.reports.models import Reason
from kanal.reports.queries import report_reference
from kanal.reports.workflow import Words

MANY = 20
"""From more reports than this on, the page asks once more."""

LONGEST_NOTE = 2000
NAMED_REFUSALS = 8


def read_chosen(values: Iterable[str]) -> list[Chosen]:
    """The ticked reports ("BJN-7K4M-Q2XD.3": code and version seen); what cannot be one is passed over."""
    found: dict[str, Chosen] = {}
    for value in values:
        code, _dot, version = value.rpartition(".")
        known = normalise_code(code, reference().regency.code_prefix)
        if known and version.isascii() and version.isdigit() and len(version) < 9:  # noqa: PLR2004  # fits the column
            found[known] = Chosen(known, int(version))
    return list(found.values())[: bulk.MOST]


class BulkForm(forms.Form):
    """Base: the second look that sending to many deserves."""

    sure = forms.BooleanField(
        label=gettext_lazy("Ya, saya sudah memeriksa daftarnya"),
        error_messages={"required": gettext_lazy("Centang dulu: laporannya banyak, periksa daftarnya sekali lagi.")},
    )

    def __init__(self, data: Any = None, *, chosen: list[Chosen]) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.chosen = chosen
        if len(chosen) <= MANY:
            del self.fields["sure"]
        self.order_fields([name for name in self.fields if name != "sure"])
        first = next(iter(self.fields.values()), None)
        if first and not self.is_bound:
            first.widget.attrs["autofocus"] = True  # one came here by a key or a button to fill in just this

    def do(self, actor: Actor) -> Outcome:
        """Do it. Only after `is_valid()`."""
        raise NotImplementedError


def _agency_choices() -> Iterator[tuple[str, Any]]:
    yield "", _("Pilih dinas")
    kinds = dict(Agency.Kind.choices)
    active = [agency for agency in reference().agencies.values() if agency.active]
    for kind, label in kinds.items():
        options = sorted((a.name, a.code) for a in active if a.kind == kind)
        if options:
            yield str(label).capitalize(), [(code, name) for name, code in options]


class AssignForm(BulkForm):
    """To which agency."""

    agency = forms.ChoiceField(
        label=gettext_lazy("Teruskan ke"),
        choices=_agency_choices,
        error_messages={
            "required": gettext_lazy("Pilih dinas yang menerima."),
            "invalid_choice": gettext_lazy("Dinas itu tidak ada di daftar."),
        },
    )
    note = WordsField(
        most=LONGEST_NOTE,
        label=gettext_lazy("Catatan untuk dinas"),
        help_text=gettext_lazy("Tidak tampil untuk umum."),
        required=False,
        widget=forms.Textarea(attrs={"class": "short", "rows": 2}),
    )

    def do(self, actor: Actor) -> Outcome:
        """Assign each."""
        agency = Agency.objects.get(code=self.cleaned_data["agency"])
        return bulk.assign_each(chosen=self.chosen, actor=actor, agency=agency, note=self.cleaned_data["note"])


class MergeForm(BulkForm):
    """Into which report."""

    into = Line(
        most=40,
        label=gettext_lazy("Kode laporan utama"),
        help_text=gettext_lazy("Laporan lain digabung ke sini. Semua pelapornya tetap dikabari."),
        error_messages={"required": gettext_lazy("Tulis kode laporan utamanya, contoh BJN-7K4M-Q2XD.")},
    )

    def clean_into(self) -> str:
        """Any way of writing a code will do."""
        code = normalise_code(self.cleaned_data["into"], reference().regency.code_prefix)
        if code is None:
            raise ValidationError(_("Kode itu tidak terbaca. Contoh: BJN-7K4M-Q2XD."))
        return code

    def do(self, actor: Actor) -> Outcome:
        """Merge each."""
        return bulk.merge_each(chosen=self.chosen, actor=actor, into=self.cleaned_data["into"])


def _archive_reasons() -> Iterator[tuple[str, str]]:
    yield "", _("Pilih alasan")
    for reason in report_reference().reasons_for(Reason.Use.ARCHIVE):
        yield reason.code, reason.name


class ArchiveForm(BulkForm):
    """Why."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Alasan"),
        help_text=gettext_lazy("Pelapor diberi tahu dengan kalimat baku alasan ini."),
        choices=_archive_reasons,
        error_messages={
            "required": gettext_lazy("Pilih alasan: pelapor diberi tahu sebabnya."),
            "invalid_choice": gettext_lazy("Pilih salah satu alasan dari daftar."),
        },
    )

    def do(self, actor: Actor) -> Outcome:
        """Archive each."""
        return bulk.archive_each(chosen=self.chosen, actor=actor, reason=self.cleaned_data["reason"])


class RapidForm(BulkForm):
    """What makes them urgent."""

    reason = Line(
        most=160,
        label=gettext_lazy("Mengapa mendesak?"),
        help_text=gettext_lazy("Langsung dikirim kepada petugas, atasannya, dan koordinator."),
        error_messages={"required": gettext_lazy("Tulis sebabnya, misalnya “kabel listrik putus di jalan”.")},
    )

    def do(self, actor: Actor) -> Outcome:
        """Flag each."""
        return bulk.flag_each(chosen=self.chosen, actor=actor, reason=self.cleaned_data["reason"])


class TakeForm(BulkForm):
    """Nothing more to know."""

    def do(self, actor: Actor) -> Outcome:
        """Take each."""
        return bulk.take_each(chosen=self.chosen, actor=actor)


@dataclass(frozen=True, slots=True)
class BulkVerb:
    """One button of the bar under the queue. `told` says in a sentence how many are done."""

    name: str
    words: Words
    icon: str
    form: type[BulkForm]
    told: Callable[[int], str]


BULK_VERBS: dict[str, BulkVerb] = {
    verb.name: verb
    for verb in (
        BulkVerb(
            "assign",
            gettext_lazy("Teruskan"),
            "right",
            AssignForm,
            lambda number: ngettext("%(number)s diteruskan", "%(number)s diteruskan", number) % {"number": number},
        ),
        BulkVerb(
            "take",
            gettext_lazy("Ambil"),
            "user",
            TakeForm,
            lambda number: ngettext("%(number)s Anda ambil", "%(number)s Anda ambil", number) % {"number": number},
        ),
        BulkVerb(
            "merge",
            gettext_lazy("Gabungkan"),
            "merge",
            MergeForm,
            lambda number: ngettext("%(number)s digabung", "%(number)s digabung", number) % {"number": number},
        ),
        BulkVerb(
            "archive",
            gettext_lazy("Arsipkan"),
            "box",
            ArchiveForm,
            lambda number: ngettext("%(number)s diarsipkan", "%(number)s diarsipkan", number) % {"number": number},
        ),
        BulkVerb(
            "flag_rapid",
            gettext_lazy("Reaksi cepat"),
            "siren",
            RapidForm,
            lambda number: (
                ngettext("%(number)s ditandai reaksi cepat", "%(number)s ditandai reaksi cepat", number)
                % {"number": number}
            ),
        ),
    )
}


def told(verb: BulkVerb, outcome: Outcome) -> str:
    """The outcome in one sentence: "12 diteruskan, 1 ditolak: BJN-…: sebabnya"."""
    parts = [verb.told(len(outcome.done))] if outcome.done or not outcome.refused else []
    if not outcome.refused:
        return f"{parts[0]}."
    number = len(outcome.refused)
    parts.append(ngettext("%(number)s ditolak", "%(number)s ditolak", number) % {"number": number})
    reasons = " ".join(f"{code}: {sentence}" for code, sentence in outcome.refused[:NAMED_REFUSALS])
    more = number - NAMED_REFUSALS
    if more > 0:
        reasons += " " + ngettext("Dan %(number)s lainnya.", "Dan %(number)s lainnya.", more) % {"number": more}
    return f"{', '.join(parts)}. {reasons}"
