from django import forms
from django.utils.translation import gettext_lazy as _

from kanal.reports.forms.fields import Words
from kanal.reports.forms.reaching import MailField

LONGEST_REASON = 1000


class FollowForm(forms.Form):
    """Be told by e-mail when something happens."""

    email = MailField(
        label=_("Kabari saya kalau ada perubahan"),
        error_messages={"required": _("Tulis alamat e-mail Anda. Contoh: nama@contoh.id.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "placeholder": _("E-mail")}),
    )


class FlagForm(forms.Form):
    """Say that something on a public page should not be there."""

    reason = Words(
        label=_("Bagian mana yang tidak pantas?"),
        most=LONGEST_REASON,
        error_messages={"required": _("Ceritakan bagian mana, supaya kami tahu harus melihat apa.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )
