from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    """What people keep saying."""

    name = "kanal.issues"
    label = "issues"
    verbose_name = _("Isu")
