from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency, Region
from kanal.brief.weeks import in_words


class Edition(models.Model):
    """One weekly brief as it was counted. Append-only: what was printed stays the same for ever.

    `year` and `week` are those of the ISO calendar; its meeting is on the Friday of that week. Counting anew within the
    week makes a new `version`; the old ones stay. `figures` are `figures.Figures` of the schema that is named in them.
    Without `made_by` it was the clock or a command.
    """

    class Scope(models.TextChoices):
        REGENCY = "regency", _("kabupaten")
        AGENCY = "agency", _("dinas")
        DISTRICT = "district", _("kecamatan")

    year = models.PositiveSmallIntegerField(_("tahun"))
    week = models.PositiveSmallIntegerField(_("pekan"))
    scope = models.CharField(_("cakupan"), max_length=8, choices=Scope.choices)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="briefs", verbose_name=_("dinas")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="briefs", verbose_name=_("kecamatan")
    )
    version = models.PositiveSmallIntegerField(_("versi"))
    figures = models.JSONField(_("angka"))
    made_at = models.DateTimeField(_("dibuat"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("oleh")
    )

    class Meta:
        verbose_name = _("lembar pekanan")
        verbose_name_plural = _("lembar pekanan")
        ordering = ["-year", "-week", "scope", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="regency", agency__isnull=True, region__isnull=True)
                | Q(scope="agency", agency__isnull=False, region__isnull=True)
                | Q(scope="district", agency__isnull=True, region__isnull=False),
                name="brief_is_about_one_thing",
            ),
            models.CheckConstraint(condition=Q(year__range=(2000, 2199), week__range=(1, 53)), name="brief_week_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="brief_version_from_one"),
            models.UniqueConstraint(
                fields=["year", "week", "version"], condition=Q(scope="regency"), name="brief_regency_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "year", "week", "version"], condition=Q(scope="agency"), name="brief_agency_once"
            ),
            models.UniqueConstraint(
                fields=["region", "year", "week", "version"], condition=Q(scope="district"), name="brief_district_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.scope} {self.version}"

    @property
    def name(self) -> str:
        """The ISO week, such as 2026-W47."""
        return f"{self.year}-W{self.week:02}"

    @property
    def week_words(self) -> str:
        """The week as people say it."""
        return in_words(self.friday)

    @property
    def friday(self) -> date:
        """The day of the meeting for which it was counted."""
        return date.fromisocalendar(self.year, self.week, 5)
