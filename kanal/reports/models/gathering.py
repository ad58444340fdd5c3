from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Region
from kanal.channels.models import Medium
from kanal.common.photo_files import Photo
from kanal.common.secrets import EncryptedText
from kanal.reports.models.report import Report


class Gathering(models.Model):
    """One event at which many people spoke (or one pile of letters); each voice is a row and becomes a report."""

    class Kind(models.TextChoices):
        VILLAGE_VISIT = "sambang", _("Sambang Desa")
        FRIDAY_DIALOGUE = "dialog", _("Dialog Jumat")
        FACE_TO_FACE = "tatap", _("Tatap muka")
        LETTERS = "surat", _("Surat masuk")

    kind = models.CharField(_("jenis acara"), max_length=8, choices=Kind.choices, default=Kind.VILLAGE_VISIT)
    title = models.CharField(_("nama acara"), max_length=160)
    held_on = models.DateField(_("tanggal"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wilayah"), db_index=False
    )
    place_text = models.CharField(_("tempat"), max_length=200, blank=True, default="")
    officials = models.CharField(_("pejabat yang hadir"), max_length=400, blank=True, default="")
    attendance = models.PositiveIntegerField(_("jumlah hadir"), null=True, blank=True)
    note = models.TextField(_("catatan"), blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("acara")
        verbose_name_plural = _("acara")
        indexes = [models.Index(fields=["-held_on", "-id"], name="gathering_recent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["sambang", "dialog", "tatap", "surat"]), name="gathering_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def medium(self) -> Medium:
        """The way on which its voices came."""
        return Medium.LETTER if self.kind == self.Kind.LETTERS else Medium.VISIT


class GatheringRow(models.Model):
    """One voice. Until it is filed `cells` holds what was typed, right or wrong, as JSON; afterwards the report does.

    `key` names the row before it has a number of its own, so that saving or filing it twice does no harm. `version`
    grows with every change, so that what a person has looked at is what is filed.
    """

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="rows")
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField(_("nomor urut"))
    cells = EncryptedText(_("isian"), blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField(_("diubah"), default=timezone.now)
    report = models.OneToOneField(Report, models.SET_NULL, null=True, blank=True, related_name="gathering_row")
    filed_at = models.DateTimeField(_("diajukan"), null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("baris acara")
        verbose_name_plural = _("baris acara")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "key"], name="gathering_row_once"),
            models.CheckConstraint(
                # What a citizen said is kept once: in the report, where its term of retention is counted.
                condition=Q(filed_at__isnull=True, report__isnull=True) | Q(filed_at__isnull=False, cells=""),
                name="gathering_row_said_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id}:{self.number}"


class GatheringPhoto(Photo):
    """A page of the paper list: it names people, so its files are always encrypted and staff alone see it."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="photos")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("foto lembar")
        verbose_name_plural = _("foto lembar")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["gathering", "sha256"], name="gathering_photo_once")]

    def __str__(self) -> str:
        return f"{self.gathering_id}:{self.pk}"
