from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency
from kanal.common.secrets import EncryptedText
from kanal.reports.models.open311 import ApiClient
from kanal.reports.models.report import Report


class Subscription(models.Model):
    """An address of another program that is told of events; of one agency's reports, or of all.

    `state` is what people decided; `resting_until` is when a server that is away is tried again; `alarm` says what
    somebody has to do.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("berjalan")
        PAUSED = "paused", _("dijeda")
        ENDED = "ended", _("diakhiri")

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="subscriptions", verbose_name=_("aplikasi"))
    url = models.URLField(_("alamat tujuan"), max_length=400)
    events = models.JSONField(_("kejadian"), default=list)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dinas"))
    signing_key = EncryptedText(_("kunci tanda tangan"))
    signing_key_at = models.DateTimeField(_("kunci dibuat"))
    old_signing_key = EncryptedText(blank=True, default="")
    old_key_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("keadaan"), max_length=6, choices=State.choices, default=State.ACTIVE)
    resting_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    alarm = models.CharField(_("yang harus dilakukan"), max_length=300, blank=True, default="")
    last_sent_at = models.DateTimeField(_("terakhir sampai"), null=True, blank=True)
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("langganan kejadian")
        verbose_name_plural = _("langganan kejadian")
        ordering = ["client__name", "pk"]

    def __str__(self) -> str:
        return f"{self.client_id} → {self.pk}"


class EventDelivery(models.Model):
    """One event owed to one subscription: the row is the queue and the log.

    `event_id` is the same however often it is sent, so that a receiver can tell a repetition. `report`
    is empty for a ping. What is sent never holds words or persons, so `payload` is not encrypted.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("menunggu")
        SENDING = "sending", _("sedang dikirim")
        SENT = "sent", _("sampai")
        FAILED = "failed", _("gagal")
        WITHHELD = "withheld", _("tidak dikirim")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="+")
    event_id = models.CharField(_("nomor kejadian"), max_length=36)
    type = models.CharField(_("kejadian"), max_length=60)
    at = models.DateTimeField(_("terjadi"))
    payload = models.TextField()
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_attempt_at = models.DateTimeField(_("dicoba lagi"))
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sampai pada"), null=True, blank=True)
    answer_code = models.PositiveSmallIntegerField(_("jawaban"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("lama"), null=True, blank=True)
    error = models.CharField(_("sebab gagal"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("kiriman kejadian")
        verbose_name_plural = _("kiriman kejadian")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event_id"], name="event_delivery_once"),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(leased_until__isnull=False), name="event_delivery_is_leased"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state="queued"), name="event_delivery_due"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="event_delivery_leased"),
            models.Index(fields=["subscription", "-id"], name="event_delivery_log"),
            models.Index(fields=["at"], name="event_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id} ({self.state})"
