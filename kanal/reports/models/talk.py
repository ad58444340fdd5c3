from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Region
from kanal.channels.models import Address, Inbound
from kanal.common.secrets import EncryptedText
from kanal.reports.models.report import Report


class Talk(models.Model):
    """A report in the making on a chat: what was said so far, and what is still asked. One open at most per address."""

    class State(models.TextChoices):
        OPEN = "open", _("sedang ditulis")
        FILED = "filed", _("jadi laporan")
        CANCELLED = "cancelled", _("dibatalkan")

    class Asked(models.TextChoices):
        NOTHING = "", _("tidak ada")
        WHAT = "what", _("apa yang terjadi")
        WHERE = "where", _("di mana")
        WHICH = "which", _("desa yang mana")

    address = models.ForeignKey(Address, models.CASCADE, related_name="talks")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked = models.CharField(max_length=6, choices=Asked.choices, blank=True, default=Asked.NOTHING)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    body = EncryptedText(blank=True, default="")
    place_text = EncryptedText(blank=True, default="")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    choices = models.JSONField(default=list, blank=True)
    report = models.OneToOneField(Report, models.CASCADE, null=True, blank=True, related_name="talk")

    class Meta:
        verbose_name = _("percakapan")
        verbose_name_plural = _("percakapan")
        constraints = [
            models.UniqueConstraint(fields=["address"], condition=Q(state="open"), name="talk_one_open"),
            models.CheckConstraint(condition=~Q(state="filed") | Q(report__isnull=False), name="talk_filed_has_report"),
        ]
        indexes = [models.Index(fields=["last_at"], condition=Q(state="open"), name="talk_silent")]

    def __str__(self) -> str:
        return f"percakapan {self.pk} ({self.state})"


class TalkPart(models.Model):
    """One message of a talk, or one that was added to a report afterwards."""

    talk = models.ForeignKey(Talk, models.CASCADE, null=True, blank=True, related_name="parts")
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="+")
    inbound = models.OneToOneField(Inbound, models.CASCADE, related_name="part")

    class Meta:
        verbose_name = _("bagian percakapan")
        verbose_name_plural = _("bagian percakapan")

    def __str__(self) -> str:
        return f"{self.talk_id or self.report_id}: {self.inbound_id}"
