"""The forms of questions: what a citizen asks, what a host notes of a caller, and what is noted live."""

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kanal.agencies import places
from kanal.agencies.models import User
from kanal.agencies.queries import Actor, reference
from kanal.channels.models import Medium
from kanal.common.fields import Line, Plain, Words
from kanal.common.refusal import Refused
from kanal.dialogue.actions import Asked
from kanal.dialogue.actions.questions import LONGEST_NAME, words_of
from kanal.dialogue.forms.promises import PromiseForm, issue_choices
from kanal.dialogue.models import Episode, Question, Slot
from kanal.dialogue.queries import topics_of
from kanal.dialogue.queries.live import note_takers
from kanal.issues.models import Issue


def fresh_submission() -> str:
    """A new name for one question of a caller: sent twice it is still one."""
    return f"tanya-{token_urlsafe(18)}"


class QuestionForm(Plain):
    """What somebody asks; name and place may be left out."""

    text = Words(
        most=Question.LONGEST,
        label=_("Pertanyaan"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tulis pertanyaannya dengan kata-kata.")},
    )
    name = Line(most=LONGEST_NAME, label=_("Nama"), required=False)
    place = Line(most=LONGEST_NAME, label=_("Desa atau kecamatan"), required=False)

    medium = Medium.WEB

    def clean_text(self) -> str:
        """Words, not only signs."""
        try:
            return words_of(self.cleaned_data["text"])
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused

    def asked(self, submission: str) -> Asked:
        """What to take in. Only after `is_valid()`."""
        data = self.cleaned_data
        named = places.named(data["place"]) if data["place"] else []
        return Asked(
            text=data["text"],
            medium=self.medium,
            submission=submission,
            name=data["name"],
            region_id=named[0].id if len(named) == 1 else None,
            place=data["place"],
        )


class CallerForm(QuestionForm):
    """What a caller asks on the telephone, as the studio notes it."""

    medium = Medium.RADIO


class LivePromiseForm(PromiseForm):
    """A promise as it is made on the air: who (the invited first), what, by when, at which topic."""

    slot = forms.ChoiceField(
        label=_("Topik"),
        required=False,
        error_messages={"invalid_choice": _("Topik itu tidak ada lagi.")},
    )

    def __init__(self, data: Any = None, *, actor: Actor, episode: Episode, now: Slot | None = None) -> None:
        super().__init__(data, actor=actor, episode=episode)
        self._slots = {str(one.pk): one for one in topics_of(episode)}
        slots = [("", str(_("Umum")))] + [(pk, one.topic) for pk, one in self._slots.items()]
        self.fields["slot"].choices = slots  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["slot"].initial = str(now.pk) if now else ""
        invited = map(reference().agency_today, episode.invitations.values_list("agency_id", flat=True))
        guests = [(str(one.id), one.name) for one in dict.fromkeys(invited) if one]
        agency = self.fields["agency"]
        known = {pk for pk, _name in guests}
        rest = [choice for choice in agency.choices if choice[0] not in known]  # type: ignore[attr-defined]  # likewise
        agency.choices = [*rest[:1], *guests, *rest[1:]]  # type: ignore[attr-defined]  # likewise
        if len(guests) == 1:
            agency.initial = guests[0][0]
        for name in ("issue", "report"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The issue is the topic's own; no report is named on the air."""
        data: dict[str, Any] = self.cleaned_data
        slot = self._slots.get(data.get("slot", ""))
        self._issues = {str(slot.issue_id): slot.issue} if slot and slot.issue else {}
        return {**data, "report": None, "issue": str(slot.issue_id) if slot else ""}


class IssueForm(Plain):
    """To which issue a question belongs."""

    issue = forms.ChoiceField(
        label=_("Isu"), required=False, error_messages={"invalid_choice": _("Isu itu tidak ada di daftar.")}
    )

    def __init__(self, data: Any = None, *, actor: Actor, question: Question) -> None:
        super().__init__(data, initial={"issue": str(question.issue_id or "")})
        self._issues = {str(one.pk): one for one in issue_choices(actor)}
        if question.issue:
            self._issues.setdefault(str(question.issue_id), question.issue)
        issues = [("", str(_("Tidak ada")))] + [(pk, one.title) for pk, one in self._issues.items()]
        self.fields["issue"].choices = issues  # type: ignore[attr-defined]  # it is a ChoiceField

    def chosen(self) -> Issue | None:
        """The issue. Only after `is_valid()`."""
        return self._issues.get(self.cleaned_data["issue"])


class LinkForm(Plain):
    """To which topic a question belongs."""

    slot = forms.ChoiceField(label=_("Topik"), required=False)

    def __init__(self, data: Any = None, *, episode: Episode) -> None:
        super().__init__(data)
        self._slots = {str(one.pk): one for one in topics_of(episode)}
        slots = [("", str(_("Tidak ada")))] + [(pk, one.topic) for pk, one in self._slots.items()]
        self.fields["slot"].choices = slots  # type: ignore[attr-defined]  # it is a ChoiceField

    def chosen(self) -> Slot | None:
        """The topic. Only after `is_valid()`."""
        return self._slots.get(self.cleaned_data["slot"])


class NotesForm(Plain):
    """Who writes the minutes."""

    user = forms.ChoiceField(
        label=_("Notulis"), required=False, error_messages={"invalid_choice": _("Orang itu tidak ada di daftar.")}
    )

    def __init__(self, data: Any = None, *, now: User | None = None) -> None:
        super().__init__(data, initial={"user": str(now.pk) if now else ""})
        self._users = {str(one.pk): one for one in note_takers()}
        people = [("", str(_("Pembawa acara sendiri")))] + [(pk, one.name) for pk, one in self._users.items()]
        self.fields["user"].choices = people  # type: ignore[attr-defined]  # it is a ChoiceField

    def chosen(self) -> User | None:
        """The person. Only after `is_valid()`."""
        return self._users.get(self.cleaned_data["user"])
