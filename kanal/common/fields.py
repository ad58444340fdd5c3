"""Fields for words from people: any bytes go in, clean text or one clear sentence comes out."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kanal.common import formats
from kanal.common.images import MAX_BYTES
from kanal.common.text import TooLong, clean, one_line, row_id


class Words(forms.CharField):
    """Text of several lines, cleaned (kanal.common.text.clean). Too long a text is refused, never cut."""

    widget: type[forms.Widget] = forms.Textarea
    too_long: str | Promise = _("Panjangnya %(actual)s huruf, paling banyak %(limit)s. Ringkas dulu.")

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.most = most
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]

    def to_python(self, value: Any) -> str:
        """Clean; raises ValidationError saying how long it was and may be."""
        try:
            return clean(str(value or ""), max_chars=self.most)
        except TooLong as error:
            facts = {"actual": formats.number(error.actual), "limit": formats.number(error.limit)}
            raise ValidationError(str(self.too_long) % facts) from error


class Line(Words):
    """One line of text."""

    widget: type[forms.Widget] = forms.TextInput

    def to_python(self, value: Any) -> str:
        """Clean and put on one line."""
        return one_line(super().to_python(value))


class Day(forms.DateField):
    """A day, as a browser's calendar gives it or as it is typed here."""

    def __init__(self, **options: Any) -> None:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=day, input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"], **options)


class Plain(forms.Form):
    """A form whose labels end without a sign and whose fields say by themselves what they need."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})


class Known(forms.ChoiceField):
    """One of many rows, chosen by id. Checked by asking for that row instead of building the whole list again."""

    def __init__(self, *, knows: Callable[[int], bool], **options: Any) -> None:
        super().__init__(**options)
        self.knows = knows

    def valid_value(self, value: Any) -> bool:
        """Whether the id is one that may be chosen."""
        pk = row_id(str(value))
        return pk is not None and self.knows(pk)


class SeveralFiles(forms.FileField):
    """Any number of uploads, as they came; what is in them is looked at later.

    `most` files of `largest` bytes each are what a page's script lets a person choose.
    """

    most = 5
    largest = MAX_BYTES

    class Input(forms.FileInput):
        """A file input that takes several. Django's usual one would keep between requests whether to clear a file."""

        allow_multiple_selected = True

    widget = Input

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # noqa: ARG002  # Django's signature
        """Return the list of uploads; nothing is decoded here."""
        return [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
