from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.common.secrets import EncryptedText
from kanal.reports.models.report import Report


class ReportEvent(models.Model):
    """One line of a report's history. Append-only: the database refuses updates (migration 0002)."""

    class By(models.TextChoices):
        STAFF = "staff", _("petugas")
        REPORTER = "reporter", _("pelapor")
        PARTNER = "partner", _("pihak luar")
        SYSTEM = "system", _("sistem")

    report = models.ForeignKey(Report, models.CASCADE, related_name="events", db_index=False)  # see event_of_report
    verb = models.CharField(max_length=24)
    at = models.DateTimeField()
    by = models.CharField(max_length=8, choices=By.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    public = models.BooleanField(default=False)
    from_status = models.CharField(max_length=12, blank=True, default="")
    to_status = models.CharField(max_length=12, blank=True, default="")
    note = EncryptedText(blank=True, default="")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("riwayat")
        verbose_name_plural = _("riwayat")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["report", "at", "id"], name="event_of_report")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.verb}"
