from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "kanal.common"
    label = "common"
