"""How a person may be reached: phone numbers and e-mail addresses in their normal form."""

from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kanal.common.text import one_line
from kanal.reports.forms.fields import Line

COUNTRY = "ID"


class PhoneField(Line):
    """A phone number as people in Indonesia write it, kept as +62…; foreign ones with their country code."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(most=200, **options)

    def to_python(self, value: Any) -> str:
        """Normal form (E.164), "" for nothing."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text[:40], COUNTRY)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise ValidationError(_("Nomor itu tidak kami kenali. Tulis seperti 0812 3456 7890, atau kosongkan."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class MailField(Line):
    """An e-mail address in lower case, "" for nothing."""

    widget = forms.EmailInput

    def __init__(self, **options: Any) -> None:
        super().__init__(most=2000, **options)

    def to_python(self, value: Any) -> str:
        """Normal form; raises ValidationError for what cannot be an address."""
        text = one_line(super().to_python(value)).lower()
        if not text:
            return ""
        try:
            return str(forms.EmailField(max_length=254).clean(text))
        except ValidationError as error:
            raise ValidationError(
                _("Alamat e-mail itu belum lengkap. Contoh: nama@contoh.id. Boleh juga dikosongkan.")
            ) from error
