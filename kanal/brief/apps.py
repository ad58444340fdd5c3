from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefConfig(AppConfig):
    """The weekly brief."""

    name = "kanal.brief"
    label = "brief"
    verbose_name = _("Lembar pekanan")
