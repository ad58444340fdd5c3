from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.common.secrets import EncryptedText
from kanal.reports.models.reference import Category
from kanal.reports.models.report import Report


class ApiClient(models.Model):
    """A program of the regency or of others that may file reports, each with keys of its own that are shown once.

    Of an Open311 key only a hash is kept. A signing key must be had again to check a signature, so it is encrypted;
    the one before it goes on counting until `old_key_until`, so that a program can change over without a gap.
    """

    name = models.CharField(_("nama aplikasi"), max_length=120, unique=True)
    contact = models.CharField(_("penanggung jawab"), max_length=200, blank=True, default="")
    key_hash = models.CharField(max_length=64, unique=True)
    active = models.BooleanField(_("aktif"), default=True)
    batch = models.BooleanField(
        _("kode menyusul"),
        default=False,
        help_text=_("Aplikasi menerima token; kode laporan baru diberikan sesudah laporan diperiksa koordinator."),
    )
    hourly_limit = models.PositiveIntegerField(_("kiriman paling banyak tiap jam"), default=120)
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    signing_key = EncryptedText(_("kunci tanda tangan"), blank=True, default="")
    signing_key_at = models.DateTimeField(_("kunci dibuat"), null=True, blank=True)
    old_signing_key = EncryptedText(blank=True, default="")
    old_key_until = models.DateTimeField(null=True, blank=True)
    file_hosts = models.JSONField(_("berkas boleh diambil dari"), default=list, blank=True)
    heard_at = models.DateTimeField(_("terakhir mengirim"), null=True, blank=True)

    class Meta:
        verbose_name = _("aplikasi")
        verbose_name_plural = _("aplikasi")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ServiceAttribute(models.Model):
    """One question that an Open311 client asks for reports of a category; `options` are the answers of a list."""

    class Datatype(models.TextChoices):
        STRING = "string", _("satu baris")
        NUMBER = "number", _("angka")
        DATETIME = "datetime", _("tanggal dan jam")
        TEXT = "text", _("beberapa baris")
        SINGLE = "singlevaluelist", _("pilih satu")
        MULTIPLE = "multivaluelist", _("pilih beberapa")

    category = models.ForeignKey(Category, models.CASCADE, related_name="attributes", verbose_name=_("kategori"))
    code = models.SlugField(_("kode"), max_length=60)
    description = models.CharField(_("pertanyaan"), max_length=300)
    datatype = models.CharField(_("bentuk jawaban"), max_length=16, choices=Datatype.choices, default=Datatype.STRING)
    hint = models.CharField(_("petunjuk mengisi"), max_length=300, blank=True, default="")
    required = models.BooleanField(_("wajib dijawab"), default=False)
    asks = models.BooleanField(_("minta jawaban"), default=True, help_text=_("Kosongkan bila hanya keterangan."))
    options = models.JSONField(_("pilihan jawaban"), default=list, blank=True)
    order = models.PositiveIntegerField(_("urutan"), default=100)
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)

    class Meta:
        verbose_name = _("pertanyaan kategori")
        verbose_name_plural = _("pertanyaan kategori")
        ordering = ["category", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="service_attribute_once")]

    def __str__(self) -> str:
        return self.code


class ApiFiling(models.Model):
    """That a report was filed by a client, and the token by which the client asks for its code."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="api_filing")
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="filings", verbose_name=_("aplikasi"))
    token = models.CharField(max_length=43, unique=True)

    class Meta:
        verbose_name = _("laporan dari aplikasi")
        verbose_name_plural = _("laporan dari aplikasi")

    def __str__(self) -> str:
        return f"{self.report_id} ← {self.client_id}"


class ApiUpdate(models.Model):
    """A remark of a client about a report it filed: the client's own id, so that the same remark is kept once."""

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="updates", verbose_name=_("aplikasi"))
    report = models.ForeignKey(Report, models.CASCADE, related_name="+")
    update_id = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("kabar lewat Open311")
        verbose_name_plural = _("kabar lewat Open311")
        constraints = [
            models.UniqueConstraint(fields=["client", "update_id"], name="api_update_once"),
            models.CheckConstraint(condition=~Q(update_id=""), name="api_update_named"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}:{self.update_id}"
