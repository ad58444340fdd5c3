from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionRule(models.Model):
    """How long something is kept after a report is finished; a dated row that cites its rule."""

    class Act(models.TextChoices):
        ANONYMISE = "anonymise", _("hapus identitas pelapor")
        DESTROY = "destroy", _("musnahkan laporan")

    act = models.CharField(_("tindakan"), max_length=10, choices=Act.choices)
    kind = models.CharField(_("jenis laporan (kosong: semua)"), max_length=14, blank=True, default="")
    after_days = models.PositiveIntegerField(_("hari sesudah selesai"))
    rule = models.CharField(_("dasar aturan"), max_length=200)
    valid_from = models.DateField(_("berlaku sejak"))
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("masa simpan")
        verbose_name_plural = _("masa simpan")
        constraints = [models.UniqueConstraint(fields=["act", "kind", "valid_from"], name="retention_once_a_day")]

    def __str__(self) -> str:
        return f"{self.act}: {self.after_days}"


class Destruction(models.Model):
    """The register of what went: no text and no person, only that it happened, when and by which rule."""

    act = models.CharField(max_length=10, choices=RetentionRule.Act.choices)
    tracking_code = models.CharField(max_length=16)
    kind = models.CharField(max_length=14)
    received_on = models.DateField()
    at = models.DateTimeField()
    rule = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("daftar pemusnahan")
        verbose_name_plural = _("daftar pemusnahan")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["act", "tracking_code"], name="destruction_once")]

    def __str__(self) -> str:
        return f"{self.tracking_code} {self.act}"
