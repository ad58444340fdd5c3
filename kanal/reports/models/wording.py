from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Wording(models.Model):
    """A sentence to citizens as the coordinator wants it, in place of the one in the code (kanal.reports.wordings).

    Indonesian replaces the sentence of the code; Javanese is sent below it.
    """

    class Language(models.TextChoices):
        INDONESIAN = "id", _("bahasa Indonesia")
        JAVANESE = "jv", _("bahasa Jawa")

    key = models.CharField(_("kalimat"), max_length=24)
    language = models.CharField(_("bahasa"), max_length=2, choices=Language.choices, default=Language.INDONESIAN)
    text = models.TextField(_("teks"))
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("oleh"), db_index=False
    )

    class Meta:
        verbose_name = _("kalimat untuk warga")
        verbose_name_plural = _("kalimat untuk warga")
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="wording_once")]

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"
