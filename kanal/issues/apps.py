from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    """What people keep saying."""

    name = "kanal.issues"
    label = "issues"
    verbose_name = _("Isu")

    def ready(self) -> None:
        """Stand on the pages of reports, and let what was decided show at once in this process."""
        from kanal.agencies import contributions as to_agencies  # noqa: PLC0415  # models are loaded only now
        from kanal.issues import beside, signals  # noqa: PLC0415  # the same
        from kanal.issues.queries.openly import forget  # noqa: PLC0415  # the same
        from kanal.reports import contributions  # noqa: PLC0415  # the same

        to_agencies.goes_on.append(beside.goes_over)
        contributions.on_home.append(beside.on_home)
        contributions.on_public_report.append(beside.of_public_report)
        contributions.on_similar.append(beside.of_similar)
        contributions.for_chosen.append(beside.for_chosen)
        signals.issue_changed.connect(forget, dispatch_uid="issues.register")
