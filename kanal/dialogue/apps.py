from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DialogueConfig(AppConfig):
    """What is talked about, and what is promised there."""

    name = "kanal.dialogue"
    label = "dialogue"
    verbose_name = _("Dialog")

    def ready(self) -> None:
        """Stand on the desk page of an issue, and tell in its story what was talked about and promised."""
        from kanal.dialogue import beside, chapters  # noqa: PLC0415  # models are loaded only now
        from kanal.issues import above, timeline  # noqa: PLC0415  # the same

        above.on_desk_issue.append(beside.of_issue)
        timeline.tellers.append(chapters.told)
