from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.common.photo_files import Photo
from kanal.reports.models.report import Report


class Attachment(Photo):
    """A photo of a report. Files of secret reports are encrypted.

    `public`: shown where the report is. `inside`: somebody else sent it and it is for the staff of the case alone, so
    not for the reporter either. `looks` tells copies of a picture (common.looks); of secret reports it is not kept.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="attachments")
    name = models.CharField(_("nama berkas"), max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    looks = models.CharField(max_length=16, blank=True, default="", db_index=True)
    encrypted = models.BooleanField(default=False)
    public = models.BooleanField(_("tampil untuk umum"), default=True)
    inside = models.BooleanField(_("hanya untuk petugas"), default=False, db_default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("foto")
        verbose_name_plural = _("foto")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sha256"], name="attachment_once"),
            models.CheckConstraint(
                condition=models.Q(inside=False) | models.Q(public=False), name="attachment_inside_is_not_public"
            ),
        ]

    def __str__(self) -> str:
        return self.name
