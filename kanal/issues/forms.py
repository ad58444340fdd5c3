"""What is typed about issues on the desk. Whatever is wrong, every other answer stays."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Agency, Region
from kanal.agencies.queries import Actor, reference
from kanal.common.codes import normalise_code
from kanal.common.fields import Line, Plain, Words
from kanal.issues.actions.bulletins import LONGEST_BULLETIN
from kanal.issues.actions.bulletins import Words as Said
from kanal.issues.actions.told import LONGEST_SUMMARY, LONGEST_TITLE
from kanal.issues.actions.told import Said as Founding
from kanal.issues.models import Issue
from kanal.issues.queries.desk import named, others
from kanal.issues.ranking import MOST_WEIGHT, WORDS, Factor
from kanal.issues.workflow import BULLETIN_KIND, CONFIRMED, STATUS, BulletinKind, Status
from kanal.reports.models import Category, Report
from kanal.reports.queries import report_reference

MOST_CODES = 100
_NO_TITLE = gettext_lazy("Tulis judul isu: apa masalahnya dan di mana.")


class TitledForm(Plain):
    """Title and summary, which everybody reads."""

    title = Line(most=LONGEST_TITLE, label=gettext_lazy("Judul"), error_messages={"required": _NO_TITLE})
    summary = Words(
        most=LONGEST_SUMMARY,
        label=gettext_lazy("Ringkasan"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RenameForm(TitledForm):
    """Title and summary said anew."""

    def __init__(self, data: Any = None, *, issue: Issue, actor: Actor) -> None:
        del actor
        super().__init__(data, initial={"title": issue.title, "summary": issue.summary})


class DescribeForm(Plain):
    """What it is about, who leads it and where it is a matter."""

    category = forms.ChoiceField(label=gettext_lazy("Kategori"), required=False)
    agency = forms.ChoiceField(label=gettext_lazy("Dinas utama"), required=False)
    regions = forms.MultipleChoiceField(
        label=gettext_lazy("Wilayah"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )

    def __init__(self, data: Any = None, *, issue: Issue, actor: Actor, initial: dict[str, Any] | None = None) -> None:
        del actor
        here = list(issue.regions.values_list("pk", flat=True)) if issue.pk else []
        facts, none = reference(), [("", _("Belum ditentukan"))]
        lead = facts.id_today(issue.agency_id)
        told = {"category": issue.category_id, "agency": lead, "regions": here}
        super().__init__(data, initial={**told, **(initial or {})})
        categories = [(one.pk, one.name) for one in _categories(issue)]
        agencies = [(one.id, one.name) for one in facts.agencies.values() if one.active or one.id == lead]
        districts = [(one.id, one.place) for one in facts.districts()]
        also = [(pk, facts.regions[pk].place) for pk in here if pk in facts.regions]
        self.fields["category"].choices = none + categories  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["agency"].choices = none + sorted(agencies, key=lambda pair: pair[1])  # type: ignore[attr-defined]  # as above
        self.fields["regions"].choices = sorted({*districts, *also}, key=lambda pair: pair[1])  # type: ignore[attr-defined]  # as above

    def told(self) -> dict[str, Any]:
        """What to keep. Only after `is_valid()`."""
        data = self.cleaned_data
        return {
            "category": Category.objects.get(pk=int(data["category"])) if data["category"] else None,
            "agency": Agency.objects.get(pk=int(data["agency"])) if data["agency"] else None,
            "regions": list(Region.objects.filter(pk__in=[int(pk) for pk in data["regions"]])),
        }


def _categories(issue: Issue) -> list[Category]:
    active = [pk for pk, one in report_reference().categories.items() if one.active]
    return list(Category.objects.filter(pk__in={*active, issue.category_id or 0}).order_by("name"))


class ReportsForm(Plain):
    """Reports by their codes."""

    actor: Actor
    codes = Words(
        most=2000,
        label=gettext_lazy("Kode laporan"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Satu atau beberapa, dipisah spasi, koma atau baris baru."),
        error_messages={"required": gettext_lazy("Tulis kode laporannya.")},
    )

    def clean_codes(self) -> list[Report]:
        """The reports; secret ones are not found, like those that do not exist."""
        return reports_named(self.actor, self.cleaned_data["codes"])


class FoundForm(TitledForm, ReportsForm, DescribeForm):
    """An issue begun by hand: its title and summary, what it is about, and the reports that it is made of."""

    field_order = ("title", "summary", "codes", "category", "agency", "regions")

    def __init__(self, data: Any = None, *, actor: Actor, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, issue=Issue(), actor=actor, initial=initial)
        self.actor = actor

    def said(self) -> Founding:
        """What to begin it with. Only after `is_valid()`."""
        return Founding(title=self.cleaned_data["title"], summary=self.cleaned_data["summary"], **self.told())


class MoveForm(Plain):
    """How far it has come."""

    to = forms.ChoiceField(
        label=gettext_lazy("Keadaan"),
        error_messages={
            "required": gettext_lazy("Pilih keadaannya."),
            "invalid_choice": gettext_lazy("Pilih keadaannya."),
        },
    )
    note = Words(
        most=LONGEST_SUMMARY,
        label=gettext_lazy("Catatan"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Dibaca semua orang, misalnya “Masuk anggaran 2027”."),
    )

    def __init__(self, data: Any = None, *, issue: Issue, actor: Actor) -> None:
        del actor
        super().__init__(data, initial={"to": issue.status})
        choices = [(one.value, STATUS[one].word) for one in Status if one in CONFIRMED]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField


class AddForm(ReportsForm):
    """Reports to be added."""

    def __init__(self, data: Any = None, *, issue: Issue, actor: Actor) -> None:
        del issue
        super().__init__(data)
        self.actor = actor


def reports_named(actor: Actor, text: str) -> list[Report]:
    """The countable reports of somebody's queues by their codes. Raises ValidationError naming those not found."""
    prefix = reference().regency.code_prefix
    typed = [word for word in re.split(r"[\s,;]+", text) if word]
    codes = {word: normalise_code(word, prefix) for word in typed[:MOST_CODES]}
    found = {report.tracking_code: report for report in named(actor, [code for code in codes.values() if code])}
    missing = [word for word, code in codes.items() if code not in found]
    if missing or len(typed) > MOST_CODES:
        sentence = _("Tidak ditemukan: %(codes)s. Periksa huruf dan angkanya.")
        raise ValidationError(sentence % {"codes": ", ".join(missing[:5] or typed[MOST_CODES:][:5])})
    return list(found.values())


class MergeForm(Plain):
    """The issue in which this one goes up."""

    into = forms.ChoiceField(
        label=gettext_lazy("Gabungkan ke"),
        error_messages={
            "required": gettext_lazy("Pilih isu tujuannya."),
            "invalid_choice": gettext_lazy("Pilih isu tujuannya."),
        },
    )
    reason = Line(most=300, label=gettext_lazy("Alasan"), required=False)

    def __init__(self, data: Any = None, *, issue: Issue, actor: Actor) -> None:
        super().__init__(data)
        self.known = {str(one.pk): one for one in others(actor, issue)}
        choices = [("", _("Pilih isu"))] + [(pk, f"{one.title} (#{pk})") for pk, one in self.known.items()]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField


class SplitForm(Plain):
    """The title of an issue of its own for the chosen reports."""

    split_title = Line(most=LONGEST_TITLE, label=gettext_lazy("Judul isu baru"), error_messages={"required": _NO_TITLE})

    def __init__(self, data: Any = None, *, issue: Issue, actor: Actor) -> None:
        del issue, actor
        super().__init__(data)


class WeightsForm(Plain):
    """How much each factor of the ranking weighs."""

    def __init__(self, data: Any = None, *, known: dict[Factor, int]) -> None:
        super().__init__(data, initial={one.value: known[one] for one in Factor})
        sentence = _("Isi angka 0 sampai %(most)s.") % {"most": MOST_WEIGHT}
        wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence)
        for one in Factor:
            self.fields[one.value] = forms.IntegerField(
                label=str(WORDS[one]), min_value=0, max_value=MOST_WEIGHT, error_messages=wrong
            )

    def told(self) -> dict[Factor, int]:
        """What to keep. Only after `is_valid()`."""
        return {one: self.cleaned_data[one.value] for one in Factor}


class BulletinForm(Plain):
    """What everybody concerned is told, and whether it is the official answer as well."""

    kind = forms.ChoiceField(label=gettext_lazy("Apa yang dikabarkan"), widget=forms.RadioSelect)
    text = Words(
        most=LONGEST_BULLETIN,
        label=gettext_lazy("Isi kabar"),
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": gettext_lazy("Tulis dulu kabarnya.")},
    )
    as_answer = forms.BooleanField(label=gettext_lazy("Sekaligus jawaban resmi"), required=False)

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"kind": BulletinKind.ANSWER, **(initial or {})})
        self.fields["kind"].choices = [(one.value, BULLETIN_KIND[one].word) for one in BulletinKind]  # type: ignore[attr-defined]  # it is a ChoiceField

    def told(self) -> Said:
        """What it says. Only after `is_valid()`."""
        data = self.cleaned_data
        return Said(BulletinKind(data["kind"]), data["text"], data["as_answer"])
