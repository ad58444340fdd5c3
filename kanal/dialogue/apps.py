from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DialogueConfig(AppConfig):
    """What is talked about, and what is promised there."""

    name = "kanal.dialogue"
    label = "dialogue"
    verbose_name = _("Dialog")

    def ready(self) -> None:
        """Stand on the page of an issue and in its story, word what all are told, hear and offer to use messages."""
        from kanal.agencies import above as agencies_above  # noqa: PLC0415  # models are loaded only now
        from kanal.channels import signals as mail  # noqa: PLC0415  # the same
        from kanal.dialogue import beside, chapters  # noqa: PLC0415  # the same
        from kanal.dialogue import listening as own  # noqa: PLC0415  # the same
        from kanal.dialogue.queries import telling  # noqa: PLC0415  # the same
        from kanal.issues import above, timeline  # noqa: PLC0415  # the same
        from kanal.reports import listening, offers  # noqa: PLC0415  # the same

        agencies_above.goes_on.append(beside.goes_over)
        above.on_desk_issue.append(beside.of_issue)
        above.to_tell |= {telling.PROMISE: telling.promise_to_tell, telling.EPISODE: telling.episode_to_tell}
        timeline.tellers.append(chapters.told)
        listening.first_above.append(own.message_came)
        offers.from_above.append(own.offer_question)
        mail.message_changed.connect(own.message_changed, dispatch_uid="dialogue.message_changed")
        mail.message_removed.connect(own.message_changed, dispatch_uid="dialogue.message_removed")
