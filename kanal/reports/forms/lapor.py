"""What a coordinator says of a report in LAPOR!: its number, that both sides are alike, or that they may differ."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kanal.reports.actions import lapor_mirror as actions
from kanal.reports.forms import fields
from kanal.reports.models import LaporMirror
from kanal.reports.policy import Doer


class MirrorForm(forms.Form):
    """One of four steps. `perform` does it and returns the sentence for the coordinator; it may raise Refused."""

    step = forms.ChoiceField(choices=[(word, word) for word in ("nomor", "sama", "biarkan", "lagi")])
    seen = forms.CharField(max_length=120)
    ticket = fields.Line(most=40, required=False)

    def perform(self, mirror: LaporMirror, by: Doer) -> str:
        """Do it."""
        told: dict[str, Any] = {"mirror": mirror, "seen": self.cleaned_data["seen"], "by": by}
        match self.cleaned_data["step"]:
            case "nomor":
                row = actions.enter_ticket(ticket=self.cleaned_data["ticket"], **told)
                return _("Tercatat: nomor LAPOR! %(number)s.") % {"number": row.ticket}
            case "sama":
                actions.carry_over(**told)
                return _("Tercatat: LAPOR! sudah sama dengan Kanal.")
            case "biarkan":
                actions.leave(**told)
                return _("Perbedaan ini dibiarkan sampai ada perubahan lagi.")
        actions.send_again(**told)
        return _("Laporan ini dikirim lagi atau masuk daftar isian.")
