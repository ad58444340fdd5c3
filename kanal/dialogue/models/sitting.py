from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.common.secrets import EncryptedText
from kanal.dialogue.models.episode import LONGEST_TOPIC, Episode, Slot


class Sitting(models.Model):
    """How an episode runs: who writes its minutes, which topic is talked about and since when.

    `closed_at`: since when everybody reads the minutes.
    """

    episode = models.OneToOneField(Episode, models.CASCADE, related_name="sitting")
    notes_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("notulis")
    )
    slot = models.ForeignKey(Slot, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("topik"))
    since = models.DateTimeField(_("sejak"), null=True, blank=True)
    closed_at = models.DateTimeField(_("notulen ditutup"), null=True, blank=True)

    class Meta:
        verbose_name = _("jalannya acara")
        verbose_name_plural = _("jalannya acara")

    def __str__(self) -> str:
        return str(self.episode_id)


class Minute(models.Model):
    """The minutes of one topic, or (`general`) of the evening; a topic that is dropped leaves them their title.

    Once they are closed everybody reads `shown`, which is masked.
    """

    LONGEST: ClassVar[int] = 20_000

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="notes")
    slot = models.OneToOneField(Slot, models.SET_NULL, null=True, blank=True, related_name="note")
    general = models.BooleanField(default=False)
    topic = models.CharField(_("topik"), max_length=LONGEST_TOPIC, blank=True, default="")
    text = EncryptedText(_("notulen"), blank=True, default="")
    shown = models.TextField(_("notulen, disamarkan"), blank=True, default="")
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("notulen")
        verbose_name_plural = _("notulen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(general=True), name="minute_general_once"),
            models.CheckConstraint(condition=Q(general=False) | Q(slot__isnull=True), name="minute_general_of_none"),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id}: {self.topic}"
