"""The forms of programmes and episodes."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency
from kanal.agencies.queries import reference
from kanal.common.fields import Day, Known, Line, Plain
from kanal.dialogue.actions import Plan
from kanal.dialogue.models import LONGEST_TOPIC, WORD, Episode, Programme
from kanal.dialogue.queries import programmes


class ProgrammeForm(Plain):
    """What is known of a programme."""

    name = Line(most=80, label=_("Nama acara"), error_messages={"required": _("Beri nama acaranya.")})
    about = Line(most=300, label=_("Keterangan"), required=False)
    place = Line(most=160, label=_("Tempat atau frekuensi yang biasa"), required=False)
    word = Line(
        most=12,
        label=_("Kata kunci pertanyaan"),
        help_text=_("Pesan yang diawali kata ini menjadi pertanyaan untuk acaranya."),
        initial=WORD,
        required=False,
    )
    active = forms.BooleanField(label=_("Masih berjalan"), required=False, initial=True)


class EpisodeForm(Plain):
    """When, where and with whom. Whatever is wrong, every other answer stays."""

    programme = forms.ChoiceField(
        label=_("Acara"),
        error_messages={"required": _("Pilih acaranya."), "invalid_choice": _("Pilih acaranya.")},
    )
    theme = Line(most=120, label=_("Tema"), required=False)
    day = Day(
        label=_("Tanggal"),
        error_messages={
            "required": _("Isi tanggalnya."),
            "invalid": _("Tanggal itu tidak terbaca. Contoh: 25-11-2026."),
        },
    )
    time = forms.TimeField(
        label=_("Jam mulai"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"required": _("Isi jam mulainya."), "invalid": _("Jam itu tidak terbaca. Contoh: 19.30.")},
    )
    duration = forms.IntegerField(
        label=_("Lama (menit)"),
        initial=60,
        min_value=Episode.SHORTEST,
        max_value=Episode.LONGEST,
        error_messages={
            "required": _("Isi lamanya dalam menit."),
            "invalid": _("Tulis lamanya dengan angka saja."),
            "min_value": _("Lamanya 5 menit sampai 12 jam."),
            "max_value": _("Lamanya 5 menit sampai 12 jam."),
        },
    )
    place = Line(
        most=160,
        label=_("Tempat atau frekuensi"),
        error_messages={"required": _("Tulis tempat atau frekuensinya.")},
    )
    host = Line(most=80, label=_("Pembawa acara"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, episode: Episode | None = None) -> None:
        super().__init__(data, initial=_known(episode) if episode else {})
        self._programmes = {str(one.pk): one for one in programmes(active=episode is None)}
        choices = [(pk, one.name) for pk, one in self._programmes.items()]
        self.fields["programme"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField

    def plan(self) -> Plan:
        """What to keep. Only after `is_valid()`."""
        data = self.cleaned_data
        starts_at = datetime.combine(data["day"], data["time"], reference().tz)
        return Plan(
            programme=self._programmes[data["programme"]],
            starts_at=starts_at,
            place=data["place"],
            duration=data["duration"],
            theme=data["theme"],
            host=data["host"],
        )

    @property
    def usual_places(self) -> dict[str, str]:
        """Where each programme usually is, by its id."""
        return {pk: one.place for pk, one in self._programmes.items() if one.place}


def _known(episode: Episode) -> dict[str, object]:
    starts_at = timezone.localtime(episode.starts_at, reference().tz)
    return {
        "programme": str(episode.programme_id),
        "theme": episode.theme,
        "day": starts_at.date(),
        "time": starts_at.time(),
        "duration": episode.duration,
        "place": episode.place,
        "host": episode.host,
        "version": episode.version,
    }


def agency_choices() -> list[tuple[str, str]]:
    """The agencies that are at work, by name, after an empty line."""
    rows = [(str(one.id), one.name) for one in reference().agencies.values() if one.active]
    return [("", str(_("Pilih dinas"))), *rows]


def is_agency(pk: int) -> bool:
    """Whether an agency is at work."""
    found = reference().agencies.get(pk)
    return found is not None and found.active


class InviteForm(Plain):
    """Which agency to ask."""

    agency = Known(
        knows=is_agency,
        label=_("Dinas"),
        choices=agency_choices,
        error_messages={"required": _("Pilih dinasnya."), "invalid_choice": _("Dinas itu tidak ada di daftar.")},
    )

    def chosen(self) -> Agency:
        """The agency. Only after `is_valid()`."""
        return Agency.objects.get(pk=int(self.cleaned_data["agency"]))


class TopicForm(Plain):
    """A topic in one's own words."""

    topic = Line(most=LONGEST_TOPIC, label=_("Topik"), error_messages={"required": _("Tulis topiknya.")})


def programme_facts(programme: Programme) -> dict[str, object]:
    """What the form of a programme begins with."""
    return {name: getattr(programme, name) for name in ("name", "about", "place", "word", "active")}
