from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency, Region


class Category(models.Model):
    """What a report is about; two levels. Keywords are how people say it."""

    code = models.SlugField(_("kode"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("di bawah")
    )
    name = models.CharField(_("nama"), max_length=120)
    default_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("biasanya ditangani")
    )
    rapid = models.BooleanField(_("reaksi cepat"), default=False)
    lapor_ids = models.JSONField(_("nomor kategori di LAPOR!"), default=list, blank=True)
    keywords = models.JSONField(_("kata kunci"), default=list, blank=True)
    order = models.PositiveIntegerField(_("urutan"), default=1000)
    active = models.BooleanField(_("aktif"), default=True)
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)

    class Meta:
        verbose_name = _("kategori")
        verbose_name_plural = _("kategori")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Reason(models.Model):
    """A standard reason that staff or citizens choose; data, so that a regency words them as it likes."""

    class Use(models.TextChoices):
        ARCHIVE = "archive", _("mengarsipkan")
        RETURN = "return", _("bukan wewenang")
        CAUSE = "cause", _("penyebab, dicatat saat menutup")
        SATISFIED = "satisfied", _("nilai puas")
        UNSATISFIED = "unsatisfied", _("nilai tidak puas")

    use = models.CharField(_("dipakai untuk"), max_length=12, choices=Use.choices)
    code = models.SlugField(_("kode"), max_length=60)
    name = models.CharField(_("nama"), max_length=160)
    sentence = models.TextField(_("kalimat untuk pelapor"), blank=True, default="")
    reopens = models.BooleanField(_("meminta dibuka lagi"), default=False)
    active = models.BooleanField(_("aktif"), default=True)

    class Meta:
        verbose_name = _("alasan baku")
        verbose_name_plural = _("alasan baku")
        ordering = ["use", "pk"]
        constraints = [models.UniqueConstraint(fields=["use", "code"], name="reason_once")]

    def __str__(self) -> str:
        return self.name


class RoutingRule(models.Model):
    """One ordered rule: when category, region, words, day and hour all fit, it proposes an agency. First match wins."""

    order = models.PositiveIntegerField(_("urutan"), default=100)
    name = models.CharField(_("nama"), max_length=160)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("kategori")
    )
    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("wilayah")
    )
    words = models.JSONField(_("salah satu kata ini"), default=list, blank=True)
    weekdays = models.JSONField(_("hari (0 = Senin)"), default=list, blank=True)
    hour_from = models.TimeField(_("dari jam"), null=True, blank=True)
    hour_to = models.TimeField(_("sampai jam"), null=True, blank=True)
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", verbose_name=_("teruskan ke"))
    rapid = models.BooleanField(_("tandai reaksi cepat"), default=False)
    active = models.BooleanField(_("aktif"), default=True)

    class Meta:
        verbose_name = _("aturan disposisi")
        verbose_name_plural = _("aturan disposisi")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hour_from__isnull=True, hour_to__isnull=True)
                | Q(hour_from__isnull=False, hour_to__isnull=False),
                name="rule_hours_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.name}"


class SavedView(models.Model):
    """A named set of queue filters of one person: the query string of the queue page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("nama"), max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        verbose_name = _("tampilan tersimpan")
        verbose_name_plural = _("tampilan tersimpan")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
