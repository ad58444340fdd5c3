from django.apps import AppConfig


class CommonConfig(AppConfig):
    """What every room uses; no tables of its own."""

    name = "kanal.common"
    label = "common"
