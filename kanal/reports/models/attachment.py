from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.reports.models.report import Report


class Attachment(models.Model):
    """A photo, already decoded and written anew without its metadata. Files of secret reports are encrypted."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="attachments")
    name = models.CharField(_("nama berkas"), max_length=120)
    path = models.CharField(max_length=160)
    thumb_path = models.CharField(max_length=160)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    encrypted = models.BooleanField(default=False)
    public = models.BooleanField(_("tampil untuk umum"), default=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("foto")
        verbose_name_plural = _("foto")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["report", "sha256"], name="attachment_once")]

    def __str__(self) -> str:
        return self.name
