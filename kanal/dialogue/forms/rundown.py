"""The form that puts an issue on an episode, from the issue's own page."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kanal.agencies.queries import Actor
from kanal.common import formats
from kanal.common.fields import Line, Plain
from kanal.dialogue.actions import Topic
from kanal.dialogue.models import LONGEST_TOPIC, Episode, Slot
from kanal.dialogue.queries.rundown import ahead_for, minutes_of
from kanal.issues.models import Issue


class PutForm(Plain):
    """Which episode, in which words, for how long. `standing_in` are the episodes ahead that have the issue already."""

    dialog = forms.ChoiceField(
        label=gettext_lazy("Acara"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih acaranya."),
            "invalid_choice": gettext_lazy("Acara itu sudah tidak bisa diisi. Pilih yang lain."),
        },
    )
    words = Line(
        most=LONGEST_TOPIC,
        label=gettext_lazy("Topik"),
        help_text=gettext_lazy("Dibaca warga begitu acaranya diumumkan."),
        error_messages={"required": gettext_lazy("Tulis topiknya.")},
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Lama (menit)"),
        initial=Slot.USUAL,
        min_value=1,
        max_value=Episode.LONGEST,
        error_messages={
            "required": gettext_lazy("Isi lamanya dalam menit."),
            "invalid": gettext_lazy("Tulis lamanya dengan angka saja."),
            "min_value": gettext_lazy("Lama sebuah topik 1 menit sampai 12 jam."),
            "max_value": gettext_lazy("Lama sebuah topik 1 menit sampai 12 jam."),
        },
    )

    def __init__(self, data: Any = None, *, actor: Actor, issue: Issue) -> None:
        super().__init__(data, initial={"words": issue.title})
        self.issue = issue
        ahead = ahead_for(actor)
        self.standing_in = [one for one in ahead if any(slot.issue_id == issue.pk for slot in one.slots.all())]
        self.open = {str(one.pk): one for one in ahead if one not in self.standing_in}
        choices = [(pk, _told(one)) for pk, one in self.open.items()]
        self.fields["dialog"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField
        if len(choices) == 1:
            self.initial["dialog"] = choices[0][0]

    def episode(self) -> Episode:
        """The chosen episode. Only after `is_valid()`."""
        return self.open[self.cleaned_data["dialog"]]

    def topic(self) -> Topic:
        """What is put on. Only after `is_valid()`."""
        return Topic(self.cleaned_data["words"], issue=self.issue, minutes=self.cleaned_data["minutes"])


def _told(episode: Episode) -> str:
    """An episode as a card: its name and day, and how full it is."""
    topics = list(episode.slots.all())
    minutes = minutes_of(episode, topics)
    count = ngettext("%(num)s topik", "%(num)s topik", len(topics)) % {"num": len(topics)}
    full = _("%(count)s, %(told)s dari %(whole)s menit terisi") % {
        "count": count,
        "told": formats.number(minutes.told),
        "whole": formats.number(minutes.whole),
    }
    name = ": ".join(filter(None, (episode.programme.name, episode.theme))).replace("|", " ")
    return f"{name}|{formats.day_time(episode.starts_at)}. {full}"
