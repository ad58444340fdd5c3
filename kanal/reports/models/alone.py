from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency
from kanal.reports.models.reference import Category
from kanal.reports.models.report import Report

LEAST_ALLOWED = 0.8
"""A machine that is less sure than this never hands on by itself."""


class Proposal(models.Model):
    """Where Kanal would send a report that waits for the coordinator, so that the queue shows it without reading texts.

    No word of the citizen stands here. `made_at` is empty while it has to be worked out anew; an empty agency: nothing
    to propose. Rows of reports that went on stay some weeks: what was proposed can then be compared with what was done.
    """

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="proposal")
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+", db_index=False)
    chance = models.FloatField(_("yakin"), null=True)
    sure = models.BooleanField(default=False)
    made_at = models.DateTimeField(_("dibuat"), null=True)

    class Meta:
        verbose_name = _("usul disposisi")
        verbose_name_plural = _("usul disposisi")
        indexes = [
            models.Index(fields=["report"], condition=Q(made_at__isnull=True), name="proposal_wanted"),
            models.Index(fields=["made_at"], name="proposal_made"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(chance__isnull=True) | Q(chance__range=(0, 1)), name="proposal_chance")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.agency_id}"


class RoutingSwitch(models.Model):
    """Whether Kanal itself hands on new reports of a category, and how sure it must be. Off unless switched on."""

    category = models.OneToOneField(Category, models.CASCADE, related_name="+", verbose_name=_("kategori"))
    on = models.BooleanField(_("menyala"), default=False)
    least = models.FloatField(_("paling sedikit yakin"), default=0.95)
    changed_at = models.DateTimeField(_("diubah"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("oleh"), db_index=False
    )

    class Meta:
        verbose_name = _("sakelar disposisi")
        verbose_name_plural = _("sakelar disposisi")
        constraints = [
            models.CheckConstraint(condition=Q(least__gte=LEAST_ALLOWED, least__lt=1), name="switch_least_is_high")
        ]

    def __str__(self) -> str:
        return f"{self.category_id}: {self.on}"


class SwitchChange(models.Model):
    """One line of a switch's history. Append-only: the database refuses updates (migration 0027)."""

    switch = models.ForeignKey(RoutingSwitch, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    """Empty: Kanal switched itself off."""
    on = models.BooleanField()
    least = models.FloatField()
    why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("riwayat sakelar")
        verbose_name_plural = _("riwayat sakelar")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(user__isnull=False) | Q(on=False), name="switch_on_by_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.switch_id} {self.at:%Y-%m-%d %H:%M}"


class MachineDisposition(models.Model):
    """That Kanal itself handed a report on: never twice the same one. `refused_at`: an agency or a person took it back.

    The line in the report's history tells why; this row is for counting.
    """

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="by_machine")
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    chance = models.FloatField()
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.CharField(max_length=24, blank=True, default="")
    """The verb that took it back."""

    class Meta:
        verbose_name = _("disposisi mesin")
        verbose_name_plural = _("disposisi mesin")
        indexes = [models.Index(fields=["category", "-at"], name="by_machine_recent")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.agency_id}"
