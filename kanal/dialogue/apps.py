from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DialogueConfig(AppConfig):
    """What is talked about, and what is promised there."""

    name = "kanal.dialogue"
    label = "dialogue"
    verbose_name = _("Dialog")

    def ready(self) -> None:
        """Stand on the page of an issue and in its story, word what all are told, hear and offer to use messages."""
        from kanal.agencies import contributions as to_agencies  # noqa: PLC0415  # models are loaded only now
        from kanal.channels import signals as mail  # noqa: PLC0415  # the same
        from kanal.dialogue import beside, chapters, listening  # noqa: PLC0415  # the same
        from kanal.dialogue.queries import telling  # noqa: PLC0415  # the same
        from kanal.issues import contributions as to_issues  # noqa: PLC0415  # the same
        from kanal.reports import contributions as to_reports  # noqa: PLC0415  # the same

        to_agencies.goes_on.append(beside.goes_over)
        to_issues.on_desk_issue.append(beside.of_issue)
        to_issues.to_tell |= {telling.PROMISE: telling.promise_to_tell, telling.EPISODE: telling.episode_to_tell}
        to_issues.tellers.append(chapters.told)
        to_reports.hear_first.append(listening.message_came)
        to_reports.on_message.append(listening.offer_question)
        mail.message_changed.connect(listening.message_changed, dispatch_uid="dialogue.message_changed")
        mail.message_removed.connect(listening.message_changed, dispatch_uid="dialogue.message_removed")
