from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency
from kanal.common.obligations import Obligation, obligation_constraints
from kanal.common.secrets import EncryptedText
from kanal.reports.models.report import Report


class ReportTask(Obligation):
    """One point of a report, for an agency or for an outside party (contractor, PLN, PDAM, desa). Stays inside.

    An outside party answers through a signed link that expires; the row holds no account and no password.
    """

    class State(models.TextChoices):
        OPEN = "open", _("menunggu")
        ANSWERED = "answered", _("dijawab")
        ACCEPTED = "accepted", _("diterima")
        CANCELLED = "cancelled", _("dibatalkan")

    report = models.ForeignKey(Report, models.CASCADE, related_name="tasks")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("perangkat daerah")
    )
    partner_name = models.CharField(_("pihak luar"), max_length=120, blank=True, default="")
    partner_email = EncryptedText(_("e-mail pihak luar"), blank=True, default="")
    instruction = EncryptedText(_("yang diminta"))
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.OPEN)
    answer = EncryptedText(_("jawaban"), blank=True, default="")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    link_expires_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("tugas")
        verbose_name_plural = _("tugas")
        ordering = ["pk"]
        constraints = [
            *obligation_constraints("report_task"),
            models.CheckConstraint(
                condition=(Q(agency__isnull=False, partner_name="") | (Q(agency__isnull=True) & ~Q(partner_name=""))),
                name="task_has_one_doer",
            ),
            models.CheckConstraint(
                condition=Q(partner_name="") | Q(link_expires_at__isnull=False), name="task_partner_link_expires"
            ),
        ]
        indexes = [models.Index(fields=["agency", "due_on"], condition=Q(state="open"), name="task_open_of_agency")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.partner_name or self.agency_id}"
