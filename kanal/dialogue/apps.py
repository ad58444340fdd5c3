from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DialogueConfig(AppConfig):
    """What is talked about, and what is promised there."""

    name = "kanal.dialogue"
    label = "dialogue"
    verbose_name = _("Dialog")
