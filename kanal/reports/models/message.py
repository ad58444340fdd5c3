from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.channels.models import Inbound
from kanal.common.secrets import EncryptedText
from kanal.reports.models.report import Report


class MessageDecision(models.Model):
    """What somebody at the desk decided about a message that nobody had taken up, and which report it belongs to."""

    class Deed(models.TextChoices):
        FILED = "filed", _("dibuat laporan")
        ADDED = "added", _("ditambahkan ke laporan")
        ANSWERED = "answered", _("dijawab")
        DROPPED = "dropped", _("dilewati")
        TAKEN = "taken", _("diambil bagian lain")
        CONFIDED = "confided", _("diserahkan ke Inspektorat")

    inbound = models.OneToOneField(Inbound, models.CASCADE, related_name="decision", verbose_name=_("pesan masuk"))
    deed = models.CharField(_("keputusan"), max_length=10, choices=Deed.choices)
    report = models.ForeignKey(
        Report, models.CASCADE, null=True, blank=True, related_name="message_decisions", verbose_name=_("laporan")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("petugas"), db_index=False
    )
    at = models.DateTimeField(_("pada"))
    reason = EncryptedText(_("alasan"), blank=True, default="")

    class Meta:
        verbose_name = _("keputusan pesan")
        verbose_name_plural = _("keputusan pesan")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deed__in=["answered", "dropped", "taken"], report__isnull=True)
                | models.Q(deed__in=["filed", "added", "confided"], report__isnull=False),
                name="message_decision_has_its_report",
            )
        ]

    def __str__(self) -> str:
        return f"{self.inbound_id} {self.deed}"
