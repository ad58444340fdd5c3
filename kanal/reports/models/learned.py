from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LearnedModel(models.Model):
    """A model that was learned from decided reports. One of each subject is in use; older ones are kept to go back to.

    The arrays are a file in the data folder, named `file`; `figures` is what was measured when it was made.
    """

    class Subject(models.TextChoices):
        AGENCY = "agency", _("dinas")
        CATEGORY = "category", _("kategori")

    subject = models.CharField(_("yang dipelajari"), max_length=8, choices=Subject.choices)
    made_at = models.DateTimeField(_("dibuat"))
    file = models.CharField(_("berkas"), max_length=80, unique=True)
    texts = models.PositiveIntegerField(_("laporan yang dipelajari"))
    figures = models.JSONField(_("hasil ukur"), default=dict)
    in_use = models.BooleanField(_("dipakai"), default=False)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("oleh"), db_index=False
    )

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("model")
        ordering = ["-made_at"]
        constraints = [models.UniqueConstraint(fields=["subject"], condition=Q(in_use=True), name="learned_one_in_use")]

    def __str__(self) -> str:
        return f"{self.subject} {self.made_at:%Y-%m-%d %H:%M}"
