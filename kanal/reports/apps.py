from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Citizens' reports."""

    name = "kanal.reports"
    label = "reports"
    verbose_name = _("Aduan")

    def ready(self) -> None:
        """Let every change of reference data be seen at once in this process."""
        from kanal.agencies import context  # noqa: PLC0415  # the same
        from kanal.agencies import contributions as to_agencies  # noqa: PLC0415  # the same
        from kanal.agencies.models import Agency, Holiday  # noqa: PLC0415  # models are loaded only now
        from kanal.channels import adapters, openly  # noqa: PLC0415  # the same
        from kanal.channels import signals as mail  # noqa: PLC0415  # the same
        from kanal.channels.app import adapter  # noqa: PLC0415  # the same
        from kanal.reports import listening, models, own_media, queries, signals, tasks  # noqa: PLC0415  # the same
        from kanal.reports.actions.notices import say_openly  # noqa: PLC0415  # the same
        from kanal.reports.queries import going_over, signs, wordings  # noqa: PLC0415  # the same
        from kanal.reports.signals import report_answered  # noqa: PLC0415  # the same
        from kanal.reports.webhooks.setting_up import steps  # noqa: PLC0415  # the same

        for signal in (post_save, post_delete):
            signal.connect(wordings.forget, sender=models.Wording, dispatch_uid="reports.wordings")
        post_save.connect(queries.forget, sender=Agency, dispatch_uid="reports.Agency.saved")  # rules may follow it
        for model in (models.CannedAnswer, models.Category, models.Reason, models.RoutingRule):
            post_save.connect(queries.forget, sender=model, dispatch_uid=f"reports.{model.__name__}.saved")
            post_delete.connect(queries.forget, sender=model, dispatch_uid=f"reports.{model.__name__}.gone")
        for signal in (post_save, post_delete):
            signal.connect(tasks.holidays_changed, sender=Holiday, dispatch_uid="reports.holidays_changed")
        to_agencies.goes_on.append(going_over.goes_over)
        adapters.from_above.extend(own_media.ADAPTERS)
        openly.say.append(say_openly)
        report_answered.connect(listening.report_answered, dispatch_uid="reports.report_answered")
        context.signs |= {
            "/meja/lapor/": signs.lapor_sign,
            "/meja/pesan/": signs.messages_sign,
            "/meja/saluran/": signs.media_sign,
        }
        mail.message_came.connect(listening.message_came, dispatch_uid="reports.message_came")
        mail.message_changed.connect(listening.message_changed, dispatch_uid="reports.message_changed")
        mail.message_removed.connect(listening.message_changed, dispatch_uid="reports.message_removed")
        mail.file_settled.connect(listening.file_settled, dispatch_uid="reports.file_settled")
        signals.report_filed.connect(listening.report_filed, dispatch_uid="reports.report_filed")
        signals.report_changed.connect(listening.report_changed, dispatch_uid="reports.report_changed")
        adapter.steps_of_rooms_above.append(steps)
