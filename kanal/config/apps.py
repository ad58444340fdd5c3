from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The only place that knows every room."""

    name = "kanal.config"
    label = "config"
