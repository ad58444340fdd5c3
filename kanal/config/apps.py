from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "kanal.config"
    label = "config"
