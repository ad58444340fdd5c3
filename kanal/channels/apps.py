from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    """The mailroom."""

    name = "kanal.channels"
    label = "channels"
    verbose_name = _("Ruang surat")
