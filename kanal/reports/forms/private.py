"""What the reporter does on the private page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.channels.models import Medium
from kanal.common.images import CleanImage
from kanal.reports.actions import proving
from kanal.reports.actions.attachments import MOST
from kanal.reports.forms.fields import Line, Plain, SeveralFiles, Words
from kanal.reports.forms.photos import cleaned_photos
from kanal.reports.forms.reaching import MailField, PhoneField
from kanal.reports.models import Reason
from kanal.reports.queries import report_reference

LONGEST_REPLY = 10_000
STARS = [
    ("5", gettext_lazy("5 bintang|Sangat puas")),
    ("4", gettext_lazy("4 bintang|Puas")),
    ("3", gettext_lazy("3 bintang|Biasa saja")),
    ("2", gettext_lazy("2 bintang|Kurang puas")),
    ("1", gettext_lazy("1 bintang|Tidak puas")),
]


class ReplyForm(Plain):
    """More words, more photos. Photos that were fine are sent even when one was refused: `refused` says which."""

    text = Words(most=LONGEST_REPLY, label=gettext_lazy("Keterangan Anda"), required=False)
    photos = SeveralFiles(label=gettext_lazy("Foto"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused: list[str] = []

    def clean_photos(self) -> list[CleanImage]:
        """Clean each photo; refused ones are told afterwards."""
        photos, self.refused = cleaned_photos(self.cleaned_data["photos"], kept=[], most=MOST)
        return photos

    def clean(self) -> dict[str, Any]:
        """Refuse an empty form."""
        data = super().clean() or self.cleaned_data
        if "text" in data and not data["text"] and not data.get("photos"):
            if self.refused:
                self.add_error("photos", self.refused)
            else:
                self.add_error("text", _("Tulis keterangannya atau tambahkan foto."))
        return data


class WithdrawForm(Plain):
    """A reason is welcome, not required."""

    note = Words(most=2000, label=gettext_lazy("Alasan"), required=False)


class ReopenForm(Plain):
    """What is still wrong."""

    note = Words(
        most=LONGEST_REPLY,
        label=gettext_lazy("Apa yang belum beres?"),
        error_messages={
            "required": gettext_lazy("Ceritakan apa yang belum beres, supaya dinas tahu harus berbuat apa.")
        },
    )


def _reasons() -> list[tuple[str, Any]]:
    facts = report_reference()
    return [
        (_("Yang baik"), [(r.code, r.name) for r in facts.reasons_for(Reason.Use.SATISFIED)]),
        (_("Yang kurang"), [(r.code, r.name) for r in facts.reasons_for(Reason.Use.UNSATISFIED)]),
    ]


class FeedbackForm(Plain):
    """Stars, the standard reasons, and words if one likes. Reasons that do not fit the stars are passed over."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("Seberapa puas Anda?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih satu sampai lima bintang."),
            "invalid_choice": gettext_lazy("Pilih satu sampai lima bintang."),
        },
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Mengapa?"),
        required=False,
        choices=_reasons,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Alasan itu tidak ada di daftar.")},
    )
    comment = Words(most=2000, label=gettext_lazy("Tambahan dari Anda"), required=False)


class ContactForm(Plain):
    """A way to be told, added later."""

    email = MailField(label=gettext_lazy("E-mail"), required=False)
    phone = PhoneField(
        label=gettext_lazy("Nomor HP atau WhatsApp"),
        help_text=gettext_lazy("Hanya untuk ditelepon petugas bila perlu."),
        required=False,
    )
    name = Line(most=120, label=gettext_lazy("Nama"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse an empty form."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("phone") and not data.get("email"):
            raise ValidationError(_("Isi e-mail atau nomor HP, salah satu cukup."))
        return data


class ProofForm(Plain):
    """Another address of the reporter's, to which a code is sent."""

    address = Line(
        most=254,
        label=gettext_lazy("E-mail atau nomor HP Anda"),
        error_messages={"required": gettext_lazy("Tulis alamat yang ingin dibuktikan.")},
    )

    def clean_address(self) -> proving.Where:
        """Normal form; raises ValidationError for what is no address, or one to which no code can be sent."""
        where = proving.named(self.cleaned_data["address"])
        if where is None:
            raise ValidationError(_("Alamat itu tidak kami kenali. Contoh: nama@contoh.id atau 0812 3456 7890."))
        if where.medium == Medium.SMS and not proving.proves_numbers():
            raise ValidationError(_("Kode belum bisa dikirim ke nomor HP. Pakai e-mail."))
        return where


class CodeForm(Plain):
    """The code that arrived there."""

    code = Line(
        most=40,
        label=gettext_lazy("Kode yang sampai di sana"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("Ketik kode enam angka yang kami kirim.")},
    )
