from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.common.history import Step
from kanal.reports.models.report import Report


class ReportEvent(Step):
    """One line of a report's history. Append-only: the database refuses updates (migration 0002)."""

    class By(models.TextChoices):
        STAFF = "staff", _("petugas")
        REPORTER = "reporter", _("pelapor")
        PARTNER = "partner", _("pihak luar")
        SYSTEM = "system", _("sistem")

    report = models.ForeignKey(Report, models.CASCADE, related_name="events", db_index=False)  # see event_of_report
    verb = models.CharField(max_length=24)
    by = models.CharField(max_length=8, choices=By.choices)

    class Meta:
        verbose_name = _("riwayat")
        verbose_name_plural = _("riwayat")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["report", "at", "id"], name="event_of_report")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.verb}"
