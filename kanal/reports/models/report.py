from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency, Region
from kanal.channels.models import Contact, Inbound, Medium
from kanal.common.obligations import Obligation, obligation_constraints
from kanal.common.secrets import EncryptedText
from kanal.reports.models.reference import Category
from kanal.reports.workflow import KIND_WORDS, NEVER, OPEN_VALUES, STATUS, Kind, Status, heading


class Report(models.Model):
    """One thing one person said, on any channel.

    `body` is the citizen's own words, encrypted. `title`, `public_body` and `place_text` are masked and may be shown.
    `due_on` is the nearest running deadline (9999-12-31 when nothing runs): the queue's order, kept by the actions.
    `version` grows with every write, so that two officers cannot decide on the same report unaware of each other.
    """

    tracking_code = models.CharField(_("kode"), max_length=16, unique=True)
    kind = models.CharField(
        _("jenis"), max_length=14, choices=[(k.value, KIND_WORDS[k]) for k in Kind], default=Kind.COMPLAINT
    )
    supervision = models.BooleanField(_("berkadar pengawasan"), default=False)
    title = models.CharField(_("judul"), max_length=200)
    body = EncryptedText(_("isi asli"))
    public_body = models.TextField(_("teks untuk umum"), blank=True, default="")
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("kategori"),
        db_index=False,
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("wilayah")
    )
    lat = models.FloatField(_("lintang"), null=True, blank=True)
    lon = models.FloatField(_("bujur"), null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(_("ketelitian (m)"), null=True, blank=True)
    place_text = models.CharField(_("patokan"), max_length=200, blank=True, default="")
    occurred_on = models.DateField(_("tanggal kejadian"), null=True, blank=True)

    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices, default=Medium.WEB)
    external_id = models.CharField(_("nomor dari saluran"), max_length=40, null=True, blank=True)
    inbound = models.OneToOneField(Inbound, models.PROTECT, null=True, blank=True, related_name="report")
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("pelapor"),
        db_index=False,
    )
    anonymous = models.BooleanField(_("anonim"), default=False)
    secret = models.BooleanField(_("rahasia"), default=False)

    status = models.CharField(
        _("keadaan"), max_length=12, choices=[(s.value, STATUS[s].staff_word) for s in Status], default=Status.RECEIVED
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("ditangani"),
        db_index=False,
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("petugas"),
        db_index=False,
    )
    returned_by = models.ForeignKey(
        Agency,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dikembalikan oleh"),
        db_index=False,
    )
    published = models.BooleanField(_("tampil untuk umum"), default=False)
    urgency = models.PositiveSmallIntegerField(_("urutan gawat"), default=1)
    rapid_reason = models.CharField(_("sebab reaksi cepat"), max_length=160, blank=True, default="")
    due_on = models.DateField(_("tenggat terdekat"), default=NEVER)
    due_clock = models.CharField(max_length=12, blank=True, default="")
    escalated_at = models.DateTimeField(_("dinaikkan ke atasan"), null=True, blank=True)
    reopen_asked_at = models.DateTimeField(_("diminta dibuka lagi"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("digabung ke"),
        db_index=False,
    )
    archive_reason = models.CharField(_("alasan arsip"), max_length=60, blank=True, default="")
    closing_cause = models.CharField(_("penyebab"), max_length=60, blank=True, default="")

    received_at = models.DateTimeField(_("diterima"))
    verified_at = models.DateTimeField(_("diteruskan"), null=True, blank=True)
    started_at = models.DateTimeField(_("mulai ditangani"), null=True, blank=True)
    answered_at = models.DateTimeField(_("dijawab"), null=True, blank=True)
    closed_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    supporters_count = models.PositiveIntegerField(_("juga mengalami"), default=0)
    has_photo = models.BooleanField(default=False)
    """Whether it has a photo that is not for its staff alone."""
    anonymised_at = models.DateTimeField(_("dianonimkan"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("laporan")
        verbose_name_plural = _("laporan")
        indexes = [
            # The desk's queues: newest danger first, keyset on (urgency, due_on, id).
            models.Index(fields=["urgency", "due_on", "id"], condition=Q(status__in=OPEN_VALUES), name="report_queue"),
            models.Index(
                fields=["agency", "urgency", "due_on", "id"],
                condition=Q(status__in=OPEN_VALUES, agency__isnull=False),
                name="report_agency_queue",
            ),
            # Public pages, newest first, keyset on (received_at, id).
            models.Index(fields=["-received_at", "-id"], condition=Q(published=True), name="report_public"),
            models.Index(
                fields=["region", "-received_at", "-id"], condition=Q(published=True), name="report_public_region"
            ),
            models.Index(
                fields=["category", "-received_at", "-id"], condition=Q(published=True), name="report_public_category"
            ),
            # The public list's other orders, and the counts and points of its map.
            models.Index(fields=["-supporters_count", "-id"], condition=Q(published=True), name="report_public_shared"),
            models.Index(
                fields=["received_at", "id"],
                condition=Q(published=True, status__in=OPEN_VALUES),
                name="report_public_waiting",
            ),
            models.Index(fields=["region", "status"], condition=Q(published=True), name="report_public_map"),
            models.Index(
                fields=["lat", "lon"], condition=Q(published=True, lat__isnull=False), name="report_public_point"
            ),
            # A fresh report names none of these: an index of the others alone costs a filing nothing.
            models.Index(
                fields=["agency", "-received_at", "-id"],
                condition=Q(agency__isnull=False),
                name="report_agency_recent",
            ),
            models.Index(fields=["category"], condition=Q(category__isnull=False), name="report_of_category"),
            models.Index(fields=["contact"], condition=Q(contact__isnull=False), name="report_of_contact"),
            models.Index(fields=["officer"], condition=Q(officer__isnull=False), name="report_of_officer"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="report_merged"),
            models.Index(fields=["-received_at", "-id"], name="report_recent"),
            models.Index(
                fields=["reopen_asked_at"], condition=Q(reopen_asked_at__isnull=False), name="report_reopen_asked"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["medium", "external_id"], condition=Q(external_id__isnull=False), name="report_external_once"
            ),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="report_status_known"),
            models.CheckConstraint(
                # A coordinator may ask the reporter before there is an agency, so NEEDS_INFO may stand without one.
                condition=~Q(status__in=[Status.ASSIGNED.value, Status.IN_PROGRESS.value])
                | Q(agency__isnull=False)
                | Q(kind=Kind.WHISTLEBLOWING),
                name="report_handled_has_agency",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | (~Q(status=Status.MERGED) & Q(merged_into__isnull=True)),
                name="report_merged_has_main",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="report_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.ARCHIVED) | Q(archive_reason=""), name="report_archive_reason_only_archived"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.ARCHIVED) | ~Q(archive_reason=""), name="report_archived_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.WHISTLEBLOWING) | Q(secret=True, published=False),
                name="report_whistleblowing_is_secret",
            ),
            models.CheckConstraint(condition=Q(secret=False) | Q(published=False), name="report_secret_unpublished"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="report_point_whole",
            ),
            models.CheckConstraint(condition=Q(urgency__in=[0, 1]), name="report_urgency_known"),
            models.CheckConstraint(
                # Exports of LAPOR! do not say when an answer was given, and an invented moment would be a false speed.
                condition=~Q(status__in=[Status.ANSWERED, Status.CLOSED])
                | Q(answered_at__isnull=False)
                | Q(medium=Medium.LAPOR),
                name="report_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_code

    @property
    def heading(self) -> str:
        """The title in the reader's language."""
        return str(heading(self.kind, self.title))

    @property
    def is_rapid(self) -> bool:
        """Whether it stands above every other report (banjir, kebakaran, kabel putus)."""
        return self.urgency == 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes the citizen something."""
        return self.status in OPEN_VALUES


class ReportClock(Obligation):
    """One timed duty about a report: verify, follow up, settle, reply. Reopening starts new ones; old ones stay."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="clocks")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("tenggat")
        verbose_name_plural = _("tenggat")
        constraints = [
            *obligation_constraints("report_clock"),
            models.UniqueConstraint(
                fields=["report", "kind"],
                condition=Q(met_at__isnull=True, voided_at__isnull=True),
                name="report_clock_one_running",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(met_at__isnull=True, voided_at__isnull=True),
                name="report_clock_running_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.kind}"
