from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from kanal.common.secrets import EncryptedText
from kanal.reports.models.report import Report

HTTPS = URLValidator(schemes=["https"])


class RadioShow(models.Model):
    """One broadcast in which people call in. One at a time is on the air: the one that has no end yet.

    Minutes name people, so they are encrypted like the words of reports. `version` grows with every change of them.
    """

    date = models.DateField(_("tanggal"))
    programme = models.CharField(_("acara"), max_length=120)
    started_at = models.DateTimeField(_("mulai"))
    ended_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("penyiar"), db_index=False
    )
    recording_url = models.CharField(_("rekaman"), max_length=500, blank=True, default="", validators=[HTTPS])
    minutes = EncryptedText(_("notulen"), blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("siaran")
        verbose_name_plural = _("siaran")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["-started_at", "-id"], name="radio_show_recent")]
        constraints = [
            models.UniqueConstraint(
                IsNull(F("ended_at"), True),
                condition=Q(ended_at__isnull=True),
                name="radio_one_on_air",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="radio_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(recording_url="") | Q(recording_url__startswith="https://"), name="radio_recording_https"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d-%m-%Y} {self.programme}"

    @property
    def on_air(self) -> bool:
        """Whether calls are coming in now."""
        return self.ended_at is None


class RadioCall(models.Model):
    """A report that was told in a broadcast."""

    show = models.ForeignKey(RadioShow, models.PROTECT, related_name="calls", verbose_name=_("siaran"))
    report = models.OneToOneField(Report, models.CASCADE, related_name="radio_call", verbose_name=_("laporan"))

    class Meta:
        verbose_name = _("telepon siaran")
        verbose_name_plural = _("telepon siaran")

    def __str__(self) -> str:
        return f"{self.show_id}: {self.report_id}"
