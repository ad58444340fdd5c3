"""What is decided about a message: a report made of it, a report it joins, an answer, a reason to pass it over."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import reference
from kanal.channels.files import content_of
from kanal.channels.models import Inbound, InboundFile
from kanal.common.codes import normalise_code
from kanal.common.images import CleanImage, ImageRefused, sanitise
from kanal.common.text import row_id
from kanal.reports.actions import Filing
from kanal.reports.actions.attachments import MOST
from kanal.reports.forms.desk_record import RecordForm
from kanal.reports.forms.fields import Line, Words

LONGEST_ANSWER = 4000
LONGEST_REASON = 500
MOST_AT_ONCE = 100
OTHER = "lain"
REASONS = {
    "sapaan": gettext_lazy("Salam atau ucapan terima kasih"),
    "promosi": gettext_lazy("Promosi atau pesan berantai"),
    "salah-alamat": gettext_lazy("Salah alamat"),
    "tidak-jelas": gettext_lazy("Tidak jelas maksudnya"),
    "coba-coba": gettext_lazy("Hanya mencoba"),
    "sudah-diurus": gettext_lazy("Sudah diurus dengan cara lain"),
    OTHER: gettext_lazy("Alasan lain"),
}


def read_picked(values: Iterable[str]) -> list[int]:
    """The ticked messages; what cannot be one is passed over."""
    found = dict.fromkeys(pk for text in values if (pk := row_id(text)) is not None)
    return list(found)[:MOST_AT_ONCE]


def pictures_of(files: Iterable[InboundFile]) -> list[CleanImage]:
    """The pictures of a message, cleaned like every photo from the public; those that are none are left out."""
    found: dict[str, CleanImage] = {}
    for file in files:
        if len(found) == MOST:
            break
        try:
            picture = sanitise(content_of(file), name=file.name or _("foto"))
        except (ImageRefused, OSError):
            continue
        found.setdefault(picture.sha256, picture)
    return list(found.values())


class MessageReportForm(RecordForm):
    """The form of the desk, filled in with what a message says. Who, where from and when are the message's own."""

    def __init__(self, data: Any = None, *, inbound: Inbound) -> None:
        super().__init__(data)
        for name in ("submission", "medium", "name", "phone", "email", "photos"):
            del self.fields[name]
        said = {"body": inbound.text, "lat": inbound.lat, "lon": inbound.lon, "place_text": inbound.place}
        self.initial.update(said)
        self.inbound = inbound

    def clean(self) -> dict[str, Any]:
        """As in the form of the desk; the fields that are not asked are empty."""
        data = super().clean()
        return {"name": "", "phone": "", "email": "", **data}

    def filing(self) -> Filing:
        """What to file. Only after `is_valid()`."""
        data = self.cleaned_data
        told = self.told(submission=self.inbound.external_id, medium=self.inbound.medium)
        return replace(told, lat=data["lat"], lon=data["lon"])


class AddForm(forms.Form):
    """Which report a message joins."""

    kode = forms.CharField(label=gettext_lazy("Kode laporan"), max_length=40)

    def clean_kode(self) -> str:
        """The code in its normal form."""
        code = normalise_code(self.cleaned_data["kode"], reference().regency.code_prefix)
        if not code:
            raise ValidationError(_("Kode itu tidak lengkap. Contoh: BJN-7K4M-Q2XD."))
        return code


class AnswerForm(forms.Form):
    """An answer to a message."""

    text = Words(
        most=LONGEST_ANSWER,
        label=gettext_lazy("Balasan"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Balasannya masih kosong.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, auto_id="jawab_%s")


class DropForm(forms.Form):
    """Why messages are passed over."""

    why = forms.ChoiceField(
        label=gettext_lazy("Alasan"),
        choices=[("", gettext_lazy("Pilih alasan")), *REASONS.items()],
        error_messages={"required": gettext_lazy("Pilih alasan melewati pesan ini.")},
    )
    words = Line(most=LONGEST_REASON, label=gettext_lazy("Keterangan"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, auto_id="lewati_%s")

    def clean(self) -> dict[str, Any]:
        """Another reason must be said."""
        data = super().clean() or self.cleaned_data
        if data.get("why") == OTHER and not data.get("words"):
            self.add_error("words", _("Tulis alasannya."))
        return data

    def reason(self) -> str:
        """The reason in words, kept in Indonesian. Only after `is_valid()`."""
        return str(REASONS[self.cleaned_data["why"]])
