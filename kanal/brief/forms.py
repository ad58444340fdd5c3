"""The one form of the room: what a brief is to be about."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import Actor, reference
from kanal.brief import policy, queries
from kanal.brief.policy import About

REGENCY = "kabupaten"


def word_of(about: About) -> str:
    """What a brief is about, as the form says it: kabupaten, dinas:CODE or kecamatan:CODE."""
    facts = reference()
    if about.agency_id is not None:
        return f"dinas:{facts.agencies[about.agency_id].code}"
    return REGENCY if about.region_id is None else f"kecamatan:{facts.regions[about.region_id].code}"


class MakeForm(forms.Form):
    """Choose among what somebody may have made."""

    about = forms.ChoiceField(
        label=gettext_lazy("Untuk"),
        error_messages={
            "invalid_choice": gettext_lazy("Pilih dari daftar."),
            "required": gettext_lazy("Pilih dari daftar."),
        },
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.abouts = {word_of(one): one for one in queries.every() if policy.makes(actor, one)}
        cast("forms.ChoiceField", self.fields["about"]).choices = [
            (word, queries.name_of(one)) for word, one in self.abouts.items()
        ]

    def chosen(self) -> About:
        """What was chosen; only of a valid form."""
        return self.abouts[self.cleaned_data["about"]]
