from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency
from kanal.common.secrets import EncryptedText
from kanal.reports.models.reference import Category
from kanal.reports.models.report import Report


class Answer(models.Model):
    """What the agency says to the reporter and the public: draft, submitted, approved, published."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draf")
        SUBMITTED = "submitted", _("menunggu persetujuan")
        APPROVED = "approved", _("disetujui")
        PUBLISHED = "published", _("terbit")

    report = models.ForeignKey(Report, models.CASCADE, related_name="answers")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    text = EncryptedText(_("jawaban"))
    public_text = EncryptedText(_("jawaban untuk umum"), blank=True, default="")
    promised_on = models.DateField(_("dijanjikan selesai"), null=True, blank=True)
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("jawaban")
        verbose_name_plural = _("jawaban")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
                name="answer_published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(approver=F("author")) | Q(approver__isnull=True), name="answer_approved_by_another"
            ),
            models.UniqueConstraint(
                fields=["report"], condition=~Q(state="published"), name="answer_one_in_the_making"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.state}"


class CannedAnswer(models.Model):
    """A standard text with placeholders such as {tanggal}; an answer cannot be submitted while one is unfilled."""

    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("kategori")
    )
    title = models.CharField(_("judul"), max_length=120)
    body = models.TextField(_("isi"))
    active = models.BooleanField(_("aktif"), default=True)

    class Meta:
        verbose_name = _("jawaban baku")
        verbose_name_plural = _("jawaban baku")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Feedback(models.Model):
    """What the reporter thought of the answer: one to five stars and standard reasons."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="feedback")
    stars = models.PositiveSmallIntegerField(_("bintang"))
    reasons = models.JSONField(_("alasan"), default=list, blank=True)
    comment = EncryptedText(_("komentar"), blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("nilai")
        verbose_name_plural = _("nilai")
        constraints = [models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="feedback_one_to_five")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.stars}"
