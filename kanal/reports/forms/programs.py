"""The forms of /meja/aplikasi/: a program, where it is told of events, and since when it is told again."""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Agency
from kanal.agencies.queries import reference
from kanal.channels import outside
from kanal.reports.forms.fields import Line, Words
from kanal.reports.models import ApiClient
from kanal.reports.webhooks.actions.keeping import App
from kanal.reports.webhooks.actions.outbox import KEPT
from kanal.reports.webhooks.shapes import TYPES

MOST_HOSTS = 10
MOST_AN_HOUR = 100_000
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class AppForm(forms.Form):
    """What is known of a program."""

    name = Line(
        most=120, label=gettext_lazy("Nama aplikasi"), error_messages={"required": gettext_lazy("Beri nama dulu.")}
    )
    contact = Line(
        most=200,
        required=False,
        label=gettext_lazy("Penanggung jawab"),
        help_text=gettext_lazy("Nama dan e-mail atau telepon orang yang mengurusnya."),
    )
    hourly_limit = forms.IntegerField(
        label=gettext_lazy("Kiriman paling banyak tiap jam"),
        min_value=0,
        max_value=MOST_AN_HOUR,
        initial=120,
        help_text=gettext_lazy("0 berarti tanpa batas."),
        error_messages={
            "required": gettext_lazy("Isi angkanya, misalnya 120."),
            "invalid": gettext_lazy("Isi angkanya, misalnya 120."),
            "min_value": gettext_lazy("Isi angkanya, misalnya 120."),
            "max_value": gettext_lazy("Angka itu terlalu besar."),
        },
    )
    file_hosts = Words(
        most=2000,
        required=False,
        label=gettext_lazy("Situs tempat berkasnya"),
        help_text=gettext_lazy(
            "Satu nama situs tiap baris, misalnya foto.contoh.go.id. Dari situs lain Kanal tidak mengambil apa pun."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    active = forms.BooleanField(
        required=False,
        initial=True,
        label=gettext_lazy("Aktif"),
        help_text=gettext_lazy("Bila dimatikan, kirimannya ditolak dan kejadian tidak dikirim kepadanya."),
    )

    def __init__(self, data: Any = None, *, client: ApiClient | None = None) -> None:
        known = {name: getattr(client, name) for name in self.base_fields} if client else {}
        if client:
            known["file_hosts"] = "\n".join(client.file_hosts)
        super().__init__(data, initial=known, label_suffix="", use_required_attribute=False)

    def clean_file_hosts(self) -> list[str]:
        """Names of sites alone; an address is cut down to its name."""
        lines = cast("str", self.cleaned_data["file_hosts"]).lower().split()
        hosts = list(dict.fromkeys(re.sub(r"^https?://", "", line).partition("/")[0] for line in lines))
        wrong = [host for host in hosts if not _HOST.fullmatch(host)]
        if wrong:
            raise ValidationError(_("Bukan nama situs: %(names)s") % {"names": ", ".join(wrong[:3])})
        if len(hosts) > MOST_HOSTS:
            raise ValidationError(_("Paling banyak %(most)d situs.") % {"most": MOST_HOSTS})
        return hosts

    def app(self) -> App:
        """What to keep. Only after `is_valid()`."""
        data = dict(self.cleaned_data)
        return App(**{**data, "file_hosts": tuple(data["file_hosts"])})


def _event_choices() -> list[tuple[str, str]]:
    return [(kind, f"{capfirst(str(words))}|{kind}") for kind, words in TYPES.items()]


def _agency_choices() -> list[tuple[str, str]]:
    named = [(str(one.id), one.name) for one in reference().agencies.values() if one.active]
    return [("", _("Semua dinas")), *sorted(named, key=lambda pair: pair[1])]


class EventsForm(forms.Form):
    """Which events are told."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kejadian yang dikirim"),
        choices=_event_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Pilih paling sedikit satu kejadian."),
            "invalid_choice": gettext_lazy("Kejadian itu tidak dikenal. Pilih lagi."),
        },
    )

    def __init__(self, data: Any = None, *, kinds: list[str] | None = None) -> None:
        super().__init__(data, initial={"kinds": kinds or []}, label_suffix="", use_required_attribute=False)


class SubscriptionForm(EventsForm):
    """A new subscription."""

    url = Line(
        most=outside.LONGEST,
        label=gettext_lazy("Alamat tujuan"),
        help_text=gettext_lazy("Harus https:// dan bisa dicapai dari internet."),
        widget=forms.URLInput(),
        error_messages={"required": gettext_lazy("Isi alamatnya.")},
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Laporan dinas"),
        choices=_agency_choices,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Dinas itu tidak ada di daftar. Pilih lagi.")},
    )
    field_order = ("url", "agency", "kinds")

    def clean_url(self) -> str:
        """Refuse what is not on the public internet."""
        url: str = self.cleaned_data["url"]
        try:
            outside.check(url)
        except outside.InsideError as inside:
            raise ValidationError(inside.sentence) from None
        return url

    def clean_agency(self) -> Agency | None:
        """The agency; none means all."""
        chosen = self.cleaned_data["agency"]
        return Agency.objects.get(pk=chosen) if chosen else None


class ReplayForm(forms.Form):
    """Since when events are sent again."""

    since = forms.DateTimeField(
        label=gettext_lazy("Kirim ulang sejak"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M"],
        error_messages={
            "required": gettext_lazy("Isi tanggal dan jamnya."),
            "invalid": gettext_lazy("Waktu itu tidak terbaca. Contoh: 25-11-2026 08:00."),
        },
    )

    def __init__(self, data: Any = None) -> None:
        yesterday = timezone.localtime() - timedelta(days=1)
        super().__init__(data, initial={"since": yesterday}, label_suffix="", use_required_attribute=False)

    def clean_since(self) -> datetime:
        """Events of long ago are not kept."""
        since: datetime = self.cleaned_data["since"]
        if since < timezone.now() - KEPT:
            raise ValidationError(_("Kejadian hanya disimpan %(days)d hari.") % {"days": KEPT.days})
        return since
