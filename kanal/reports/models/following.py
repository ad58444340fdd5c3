from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.channels.models import Address
from kanal.reports.models.report import Report


class Follower(models.Model):
    """Somebody who wants to hear about a report. An e-mail counts only once the person has clicked the link in it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="followers", db_index=False)  # see follower_once
    address = models.ForeignKey(Address, models.CASCADE, related_name="following")
    reporter = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("pengikut")
        verbose_name_plural = _("pengikut")
        constraints = [models.UniqueConstraint(fields=["report", "address"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.report_id} ← {self.address_id}"


class Supporter(models.Model):
    """One "saya juga mengalami": a keyed hash of a cookie, so that one browser counts once and nobody is named."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="supporters")
    key_hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("juga mengalami")
        verbose_name_plural = _("juga mengalami")
        constraints = [models.UniqueConstraint(fields=["report", "key_hash"], name="supporter_once")]

    def __str__(self) -> str:
        return f"{self.report_id}"
