"""What all forms of the case page share: they carry the version the person saw and perform one verb."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import Actor, reference
from kanal.reports import policy
from kanal.reports.forms import fields
from kanal.reports.models import Report
from kanal.reports.policy import Doer
from kanal.reports.queries import report_reference
from kanal.reports.queries.places import grouped
from kanal.reports.workflow import VERBS

LONGEST_NOTE = 5_000


class Words(fields.Words):
    """What an officer writes."""

    def __init__(self, *, longest: int = LONGEST_NOTE, short: bool = False, **options: Any) -> None:
        attrs = {"rows": 3, "class": "short"} if short else {"rows": 6}
        super().__init__(most=longest, widget=forms.Textarea(attrs=attrs), **options)


class Line(fields.Line):
    """One line: a name, a title, a reason."""

    def __init__(self, *, longest: int = 200, **options: Any) -> None:
        super().__init__(most=longest, **options)


class VerbForm(forms.Form):
    """One verb as a form. `perform` calls the action and returns the sentence for the officer; it may raise Refused."""

    verb: ClassVar[str]
    """The verb of the workflow whose permission this form needs."""
    go: ClassVar[Any] = gettext_lazy("Simpan")
    """The words on the button."""
    intro: ClassVar[Any] = ""
    """One sentence above the fields: what will happen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, report: Report, actor: Actor, data: Any = None, **options: Any) -> None:
        self.report = report
        self.actor = actor
        initial = {"version": report.version, **self.first_values(report), **options.pop("initial", {})}
        super().__init__(data, initial=initial, auto_id=f"{self.verb}_%s", **options)
        self.prepare()

    def first_values(self, report: Report) -> dict[str, Any]:  # noqa: ARG002  # for forms that start from the report
        """What the fields hold at first."""
        return {}

    def prepare(self) -> None:
        """Set choices that depend on the report."""

    @property
    def heading(self) -> str:
        """What the verb is called."""
        return str(VERBS[self.verb].words)

    @property
    def by(self) -> Doer:
        """Who does it."""
        return policy.staff(self.actor)

    @property
    def common(self) -> dict[str, Any]:
        """What every action is told: the report, who, and the version they saw."""
        return {"report": self.report, "by": self.by, "version": self.cleaned_data.get("version")}

    def perform(self) -> str:
        """Do it."""
        raise NotImplementedError


def offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    """Give one form's field the choices of this moment."""
    cast("forms.ChoiceField", form.fields[name]).choices = choices


def agency_choices() -> list[tuple[str, str]]:
    """Every active agency by name."""
    return [(str(a.id), a.name) for a in reference().agencies.values() if a.active]


def category_choices() -> list[tuple[str, Any]]:
    """The categories below their headings; a heading may itself be chosen."""
    groups: list[tuple[str, Any]] = [("", _("Belum ditentukan"))]
    for top, below in report_reference().grouped_categories():
        whole = (str(top.id), _("%(name)s (umum)") % {"name": top.name})
        groups.append((top.name, [whole, *((str(c.id), c.name) for c in below)]))
    return groups


def region_choices() -> list[tuple[str, Any]]:
    """Every village below its kecamatan, because village names repeat; a kecamatan may be chosen when that is all."""
    groups: list[tuple[str, Any]] = [("", _("Belum diketahui"))]
    for district, villages in grouped():
        whole = (str(district.id), _("%(place)s, desa belum jelas") % {"place": district.place})
        groups.append((district.place, [whole, *((str(v.id), v.place) for v in villages)]))
    return groups


def number_or_none(value: str | None) -> int | None:
    """The id behind a choice; None for the empty one."""
    return int(value) if value else None
