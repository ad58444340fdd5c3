from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    """Who and where."""

    name = "kanal.agencies"
    label = "agencies"
    verbose_name = _("Perangkat daerah dan wilayah")

    def ready(self) -> None:
        """Let every change of reference data be seen at once in this process."""
        from kanal.agencies import queries  # noqa: PLC0415  # models are loaded only now

        for model in self.get_models():
            post_save.connect(queries.forget, sender=model, dispatch_uid=f"agencies.{model.__name__}.saved")
            post_delete.connect(queries.forget, sender=model, dispatch_uid=f"agencies.{model.__name__}.gone")
