from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DialogueConfig(AppConfig):
    """What is talked about, and what is promised there."""

    name = "kanal.dialogue"
    label = "dialogue"
    verbose_name = _("Dialog")

    def ready(self) -> None:
        """Stand on the desk page of an issue."""
        from kanal.dialogue import beside  # noqa: PLC0415  # models are loaded only now
        from kanal.issues import above  # noqa: PLC0415  # the same

        above.on_desk_issue.append(beside.of_issue)
