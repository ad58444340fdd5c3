from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionRule(models.Model):
    """How long something is kept; a dated row that cites its rule.

    The first two are about finished reports and may differ by kind. The others are about what belongs to no report;
    each counts from its own day (kanal.reports.actions.leftovers).
    """

    class Act(models.TextChoices):
        ANONYMISE = "anonymise", _("hapus identitas pelapor")
        DESTROY = "destroy", _("musnahkan laporan")
        MESSAGES = "messages", _("hapus pesan yang tidak jadi laporan")
        SENT = "sent", _("hapus kiriman kepada warga yang bukan tentang laporan")
        DELIVERIES = "deliveries", _("hapus kiriman mentah dari platform")
        ROWS = "rows", _("hapus baris acara yang tidak diajukan")
        PAPERS = "papers", _("hapus foto lembar acara")
        BROADCASTS = "broadcasts", _("hapus notulen dan tautan rekaman siaran")

    act = models.CharField(_("tindakan"), max_length=10, choices=Act.choices)
    kind = models.CharField(_("jenis laporan (kosong: semua)"), max_length=14, blank=True, default="")
    after_days = models.PositiveIntegerField(
        _("hari disimpan"),
        help_text=_(
            "Dihitung sejak laporan selesai, pesan diterima, kiriman dibuat, acara diadakan, atau siaran selesai."
        ),
    )
    rule = models.CharField(_("dasar aturan"), max_length=200)
    valid_from = models.DateField(_("berlaku sejak"))
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("masa simpan")
        verbose_name_plural = _("masa simpan")
        constraints = [
            models.UniqueConstraint(fields=["act", "kind", "valid_from"], name="retention_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(kind="") | models.Q(act__in=["anonymise", "destroy"]),
                name="retention_kind_of_reports_alone",
                violation_error_message=_("Jenis laporan hanya untuk tindakan tentang laporan. Kosongkan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act}: {self.after_days}"


class Destruction(models.Model):
    """The register of what went: no text and no person, only that it happened, when and by which rule.

    A report has a line of its own. Of what belongs to no report a night has one line for each rule: how many went,
    and until which day they were from (`received_on`).
    """

    act = models.CharField(_("tindakan"), max_length=10, choices=RetentionRule.Act.choices)
    tracking_code = models.CharField(_("kode laporan"), max_length=16, blank=True, default="")
    kind = models.CharField(_("jenis"), max_length=14, blank=True, default="")
    number = models.PositiveIntegerField(_("jumlah"), default=1)
    received_on = models.DateField(_("diterima, atau sampai tanggal"))
    at = models.DateTimeField()
    rule = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("daftar pemusnahan")
        verbose_name_plural = _("daftar pemusnahan")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "tracking_code"], condition=~models.Q(tracking_code=""), name="destruction_once"
            ),
            models.UniqueConstraint(
                fields=["act", "received_on", "rule"],
                condition=models.Q(tracking_code=""),
                name="destruction_one_line_a_night",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tracking_code or self.number} {self.act}"
