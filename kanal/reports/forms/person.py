"""What a coordinator says about contacts: that two are one, that they are not, and what somebody wished."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.reports.forms.fields import Line, Plain

LONGEST_REASON = 500
HEARD = {
    "telepon": gettext_lazy("lewat telepon"),
    "tatap-muka": gettext_lazy("bertatap muka"),
    "surat": gettext_lazy("lewat surat"),
    "pesan": gettext_lazy("lewat pesan"),
}


class ReasonForm(Plain):
    """A reason that is kept."""

    reason = Line(
        most=LONGEST_REASON,
        label=gettext_lazy("Alasan"),
        error_messages={"required": gettext_lazy("Tulis alasannya.")},
    )


class OtherForm(Plain):
    """Another contact: its number, or the code of one of its reports."""

    dengan = Line(
        most=40,
        label=gettext_lazy("Nomor kontak atau kode laporannya"),
        error_messages={"required": gettext_lazy("Tulis nomor kontak atau kode laporannya.")},
    )


class WishForm(Plain):
    """What somebody told us about messages, how, and in which words. Nobody wishes this for them."""

    heard = forms.ChoiceField(
        label=gettext_lazy("Disampaikan orangnya sendiri"),
        choices=[("", gettext_lazy("Pilih caranya")), *HEARD.items()],
        error_messages={"required": gettext_lazy("Pilih bagaimana orangnya menyampaikan ini.")},
    )
    words = Line(
        most=LONGEST_REASON,
        label=gettext_lazy("Apa yang dikatakannya"),
        error_messages={"required": gettext_lazy("Tulis apa yang dikatakan orangnya.")},
    )

    def reason(self) -> str:
        """How it was heard and what was said, as it is kept: in Indonesian. Only after `is_valid()`."""
        return _("Disampaikan %(how)s: %(words)s") % {
            "how": HEARD[self.cleaned_data["heard"]],
            "words": self.cleaned_data["words"],
        }
