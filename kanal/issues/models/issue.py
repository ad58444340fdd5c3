from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency, Region
from kanal.common.history import Step
from kanal.issues.workflow import STATUS, Source, Status
from kanal.reports.models import Category, Report

SOURCES = [(Source.MACHINE.value, _("mesin")), (Source.PERSON.value, _("orang"))]


class Issue(models.Model):
    """What people keep saying: a group of reports about one underlying matter. It keeps its id, page and history.

    `title` and `summary` are for everybody. `settled` names what a person has said of it ("title", "category",
    "agency", "regions"): the machine leaves that alone. `regions` is where it is a matter; none means everywhere.
    A merged issue keeps its rows, which stand in `merged_into` too. `version` grows with every deed.
    `profile` is how its reports speak, for the machine alone (`likeness.Profile`).
    """

    title = models.CharField(_("judul"), max_length=120)
    summary = models.TextField(_("ringkasan"), blank=True, default="")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("kategori")
    )
    regions = models.ManyToManyField(Region, blank=True, related_name="issues", verbose_name=_("wilayah"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("dinas utama")
    )
    status = models.CharField(
        _("keadaan"), max_length=12, choices=[(s.value, STATUS[s].word) for s in Status], default=Status.CANDIDATE
    )
    source = models.CharField(_("diusulkan"), max_length=8, choices=SOURCES)
    settled = models.JSONField(default=list, blank=True)
    first_seen = models.DateTimeField(_("pertama disampaikan"), null=True, blank=True)
    last_seen = models.DateTimeField(_("terakhir disampaikan"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("digabung ke")
    )
    reports = models.ManyToManyField(Report, through="IssueReport", related_name="issues")
    profile = models.JSONField(default=dict, blank=True)
    founded_at = models.DateTimeField(_("dibuat"))
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("isu")
        verbose_name_plural = _("isu")
        ordering = ["-last_seen", "-id"]
        indexes = [
            models.Index(fields=["status", "-last_seen"], condition=Q(merged_into__isnull=True), name="issue_board")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="issue_status_known"),
            models.CheckConstraint(condition=~Q(title=""), name="issue_has_title"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="issue_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class IssueReport(models.Model):
    """Whether a report belongs to an issue, who said so and when. A person's "no" is kept, and the machine obeys it.

    `confidence` runs from 0 to 1; what a person says is 1.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="rows")
    report = models.ForeignKey(Report, models.CASCADE, related_name="issue_rows")
    belongs = models.BooleanField(_("termasuk"), default=True)
    confidence = models.FloatField(_("keyakinan"), default=1.0)
    source = models.CharField(_("menurut"), max_length=8, choices=SOURCES)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("sejak"))

    class Meta:
        verbose_name = _("laporan dalam isu")
        verbose_name_plural = _("laporan dalam isu")
        constraints = [
            models.UniqueConstraint(fields=["issue", "report"], name="issue_report_once"),
            models.CheckConstraint(
                condition=Q(belongs=True) | Q(source=Source.PERSON.value), name="issue_report_no_is_a_persons"
            ),
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="issue_report_confidence_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}:{self.report_id}"


class Proposal(models.Model):
    """What the machine proposes of issues that are there: two that are one, or one that is two. A person answers.

    What was declined is not proposed again. `reports` are those that would be split off; `share` says how sure it is.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("gabungkan")
        SPLIT = "split", _("pecah")

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("diterima")
        DECLINED = "declined", _("ditolak")

    kind = models.CharField(_("usul"), max_length=5, choices=Kind.choices)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="proposals")
    other = models.ForeignKey(Issue, models.CASCADE, null=True, blank=True, related_name="+")
    reports = models.JSONField(default=list, blank=True)
    title = models.CharField(_("judul"), max_length=120, blank=True, default="")
    share = models.FloatField(_("keyakinan"))
    at = models.DateTimeField(_("diusulkan"))
    answer = models.CharField(_("jawaban"), max_length=8, choices=Answer.choices, blank=True, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("dijawab"), null=True, blank=True)

    class Meta:
        verbose_name = _("usul mesin")
        verbose_name_plural = _("usul mesin")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="merge", other__isnull=False) | Q(kind="split", other__isnull=True),
                name="issue_proposal_merge_has_other",
            ),
            models.UniqueConstraint(fields=["issue", "other"], name="issue_merge_proposed_once"),
            models.UniqueConstraint(
                fields=["issue"], condition=Q(kind="split", answer=""), name="issue_split_proposed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.issue_id}"


class Memory(models.Model):
    """What the machine keeps of its last nightly pass.

    How telling each word is, which message was sent by many at once (`mining.campaigns.Campaign`), and up to which
    report it has read.
    """

    weights = models.JSONField(default=dict)
    campaigns = models.JSONField(default=list, blank=True)
    last_report = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("ingatan mesin")
        verbose_name_plural = _("ingatan mesin")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="issue_memory_is_one")]

    def __str__(self) -> str:
        return str(self.made_at)


class Weighing(models.Model):
    """How much each factor of the ranking weighs, as somebody said it. Append-only: the newest holds.

    `weights` are from 0 to `ranking.MOST_WEIGHT`, by the factor's value.
    """

    weights = models.JSONField(_("bobot"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh"))
    at = models.DateTimeField(_("sejak"))

    class Meta:
        verbose_name = _("bobot peringkat")
        verbose_name_plural = _("bobot peringkat")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.at)


class IssueEvent(Step):
    """One line of an issue's history. Append-only: the database refuses updates. Without a user it was the machine."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="events", db_index=False)  # see event_of_issue

    class Meta:
        verbose_name = _("riwayat isu")
        verbose_name_plural = _("riwayat isu")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["issue", "at", "id"], name="event_of_issue")]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.verb}"
