from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import reference
from kanal.channels.models import Medium
from kanal.reports.queries.overdue import COUNTED_KINDS
from kanal.reports.queries.performance import Scope, first_year
from kanal.reports.workflow import KIND_WORDS

THIS_YEAR, THREE_MONTHS, THIRTY_DAYS, ALL = "tahun-ini", "3-bulan", "30-hari", "semua"
UNKNOWN = gettext_lazy("Pilihan itu tidak ada. Yang tampil adalah pilihan biasa.")


def _months_back(day: date, months: int) -> date:
    """The day after the same day of an earlier month (its last day where that month is shorter)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last)) + timedelta(days=1)


def usual_scopes() -> list[Scope]:
    """What is asked for most: the page as it opens, and everything there ever was."""
    return [FiguresForm({"rentang": name}).scope() for name in (THIS_YEAR, ALL)]


class FiguresForm(forms.Form):
    """Which reports the figures speak of, as the address says it. A stray value is named and passed over."""

    rentang = forms.ChoiceField(label=gettext_lazy("Rentang waktu"), required=False)
    saluran = forms.ChoiceField(label=gettext_lazy("Saluran"), required=False)
    jenis = forms.ChoiceField(label=gettext_lazy("Jenis"), required=False)

    def __init__(self, data: dict[str, str]) -> None:
        self.today = reference().today()
        chosen = {name: data[name] for name in ("rentang", "saluran", "jenis") if data.get(name)}
        super().__init__({"rentang": THIS_YEAR, **chosen})
        past = range(self.today.year - 1, first_year() - 1, -1)
        self._choices(
            rentang=[
                (THIS_YEAR, _("Tahun ini")),
                (THREE_MONTHS, _("3 bulan terakhir")),
                (THIRTY_DAYS, _("30 hari terakhir")),
                *((str(year), _("Tahun %(year)s") % {"year": year}) for year in past),
                (ALL, _("Semua")),
            ],
            saluran=[("", _("Semua saluran")), *((value, str(label)) for value, label in Medium.choices)],
            jenis=[("", _("Semua jenis")), *((kind.value, str(KIND_WORDS[kind])) for kind in COUNTED_KINDS)],
        )

    def _choices(self, **choices: list[tuple[str, str]]) -> None:
        for name, pairs in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = pairs
                field.error_messages["invalid_choice"] = UNKNOWN

    def chosen(self) -> dict[str, str]:
        """The understood choices that differ from the usual ones: what links carry on."""
        self.full_clean()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value and (name, value) != ("rentang", THIS_YEAR)
        }

    def scope(self) -> Scope:
        """The reports that are asked for."""
        chosen = self.chosen()
        since, until = self._period(chosen.get("rentang", THIS_YEAR))
        return Scope(since, until, chosen.get("saluran", ""), chosen.get("jenis", ""))

    def _period(self, name: str) -> tuple[date | None, date]:
        today = self.today
        known: dict[str, date | None] = {
            THIS_YEAR: date(today.year, 1, 1),
            THREE_MONTHS: _months_back(today, 3),
            THIRTY_DAYS: today - timedelta(days=29),
            ALL: None,
        }
        if name in known:
            return known[name], today
        return date(int(name), 1, 1), date(int(name), 12, 31)
