from datetime import date

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency
from kanal.common.obligations import Obligation, obligation_constraints
from kanal.common.photo_files import Photo
from kanal.dialogue.models.episode import Episode, Event
from kanal.dialogue.workflow import PROMISE, PromiseStatus
from kanal.issues.models import Issue
from kanal.reports.models import Report

HTTPS = URLValidator(schemes=["https"])
LONGEST_PROMISE = 400


class Commitment(Obligation):
    """What an agency promised, and by when: an obligation in calendar days, because a promised date never moves.

    Everybody reads `text`, which is masked. `kept_on` is the day on which the agency said that it was done, once the
    coordinator has found it so. `reminded` is the last reminder that its officers got, in days before the date, and
    `escalated_on` the day on which it was brought before their heads; a new date begins both anew.
    """

    text = models.CharField(_("janji"), max_length=LONGEST_PROMISE)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="commitments", verbose_name=_("perangkat daerah"))
    speaker = models.CharField(_("disampaikan oleh"), max_length=120, blank=True, default="")
    episode = models.ForeignKey(
        Episode, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("acara")
    )
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("isu")
    )
    report = models.ForeignKey(
        Report, models.SET_NULL, null=True, blank=True, related_name="commitments", verbose_name=_("laporan")
    )
    status = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=[(s.value, PROMISE[s].word) for s in PromiseStatus],
        default=PromiseStatus.OPEN,
    )
    reason = models.CharField(_("alasan"), max_length=300, blank=True, default="")
    claimed_at = models.DateTimeField(_("dilaporkan selesai"), null=True, blank=True)
    kept_on = models.DateField(_("ditepati"), null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(null=True, blank=True)
    escalated_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("janji")
        verbose_name_plural = _("janji")
        ordering = ["-due_on", "-id"]
        indexes = [
            models.Index(fields=["-due_on", "-id"], name="commitment_by_date"),
            models.Index(fields=["due_on"], condition=Q(status="open"), name="commitment_open"),
        ]
        constraints = [
            *obligation_constraints("commitment"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in PromiseStatus]), name="commitment_status_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="commitment_has_text"),
            models.CheckConstraint(
                condition=Q(status=PromiseStatus.KEPT.value, kept_on__isnull=False, met_at__isnull=False)
                | (~Q(status=PromiseStatus.KEPT.value) & Q(kept_on__isnull=True, met_at__isnull=True)),
                name="commitment_kept_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[PromiseStatus.CLAIMED.value, PromiseStatus.KEPT.value], claimed_at__isnull=False
                )
                | (~Q(status__in=[PromiseStatus.CLAIMED.value, PromiseStatus.KEPT.value]) & Q(claimed_at__isnull=True)),
                name="commitment_claimed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[PromiseStatus.BROKEN.value, PromiseStatus.WITHDRAWN.value]) | ~Q(reason=""),
                name="commitment_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.due_on:%d-%m-%Y}"


class Evidence(models.Model):
    """What an agency shows for a promise that it calls done. Everybody sees it once the promise counts as kept."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="evidence")
    text = models.TextField(_("yang sudah dikerjakan"))
    link = models.CharField(_("tautan"), max_length=500, blank=True, default="", validators=[HTTPS])
    added_at = models.DateTimeField(_("dikirim"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("bukti")
        verbose_name_plural = _("bukti")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="evidence_has_text"),
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="https://"), name="evidence_link_https"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}:{self.pk}"


class EvidencePhoto(Photo):
    """A photo of what was done."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="photos")

    class Meta:
        verbose_name = _("foto bukti")
        verbose_name_plural = _("foto bukti")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["evidence", "sha256"], name="evidence_photo_once")]

    def __str__(self) -> str:
        return f"{self.evidence_id}:{self.pk}"


class CommitmentEvent(Event):
    """One line of a commitment's history."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("riwayat janji")
        verbose_name_plural = _("riwayat janji")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["commitment", "at", "id"], name="event_of_commitment")]

    @property
    def moved(self) -> tuple[date, date] | None:
        """From which day to which this line moved the promise, if it did."""
        if "from" not in self.data:
            return None
        return date.fromisoformat(self.data["from"]), date.fromisoformat(self.data["due_on"])
