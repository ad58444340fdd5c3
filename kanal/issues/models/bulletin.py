from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency
from kanal.channels.models import Address, Contact
from kanal.common.history import Line
from kanal.issues.models.issue import Issue
from kanal.issues.workflow import BULLETIN, BULLETIN_KIND, LEFT_OUT, BulletinKind, BulletinStatus, LeftOut
from kanal.reports.models import Report


class Bulletin(models.Model):
    """One word to everybody concerned by an issue: an answer, a promise kept, work finished.

    `text` is masked: citizens and the public pages get it as it stands here. `agency` is who speaks. With `as_answer`
    it is also the agency's official answer to those reports that it holds and that wait for one. `author` wrote the
    text last, `sender` let it out. `about` names what it came from in a room above ("promise:12"), "" for none.
    `wave` counts the times it was sent: once, and once more for those who joined the issue later.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="bulletins", verbose_name=_("isu"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("dinas"))
    kind = models.CharField(_("jenis"), max_length=8, choices=[(k.value, BULLETIN_KIND[k].word) for k in BulletinKind])
    text = models.TextField(_("isi"))
    as_answer = models.BooleanField(_("sekaligus jawaban resmi"), default=False)
    about = models.CharField(max_length=40, blank=True, default="")
    status = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=[(s.value, BULLETIN[s].word) for s in BulletinStatus],
        default=BulletinStatus.DRAFT,
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("penulis"))
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pengirim")
    )
    made_at = models.DateTimeField(_("dibuat"))
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)
    finished_at = models.DateTimeField(_("selesai dikirim"), null=True, blank=True)
    wave = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("kabar bersama")
        verbose_name_plural = _("kabar bersama")
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(status="sending"), name="bulletin_sending"),
            models.Index(fields=["about"], condition=~Q(about=""), name="bulletin_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in BulletinStatus]), name="bulletin_status_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in BulletinKind]), name="bulletin_kind_known"),
            models.CheckConstraint(condition=~Q(text=""), name="bulletin_has_text"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "withdrawn"], sender__isnull=True, sent_at__isnull=True)
                | Q(status__in=["sending", "stopped", "sent"], sender__isnull=False, sent_at__isnull=False),
                name="bulletin_sent_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}:{self.pk}"


class BulletinRecipient(models.Model):
    """Somebody who is told, once, however many reports they have in the issue. The list is fixed when it is sent.

    `address` is where; it is chosen anew at the last moment if it takes messages no more. `reports` are their reports
    and those that they follow, as ids.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("menunggu")
        HANDED = "handed", _("diserahkan ke antrean kirim")
        LEFT_OUT = "left_out", _("tidak dikirimi")

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="recipients", db_index=False)  # see below
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    address = models.ForeignKey(Address, models.SET_NULL, null=True, blank=True, related_name="+")
    reports = models.JSONField(default=list)
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(
        _("sebabnya"), max_length=10, blank=True, default="", choices=[(w.value, LEFT_OUT[w]) for w in LeftOut]
    )

    class Meta:
        verbose_name = _("penerima kabar")
        verbose_name_plural = _("penerima kabar")
        indexes = [models.Index(fields=["bulletin", "id"], condition=Q(state="waiting"), name="bulletin_to_tell")]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "contact"], name="bulletin_contact_once"),
            models.CheckConstraint(
                condition=Q(state="left_out") & ~Q(why="") | ~Q(state="left_out") & Q(why=""),
                name="bulletin_left_out_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id}:{self.contact_id}"


class BulletinReport(models.Model):
    """A report on whose page the bulletin stands. `refusal` says why it could not be its official answer."""

    class State(models.TextChoices):
        WAITING = "waiting", _("menunggu")
        TOLD = "told", _("dikabari")
        ANSWERED = "answered", _("dijawab")
        LEFT_OUT = "left_out", _("tidak lagi dalam isu")

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="reports", db_index=False)  # see below
    report = models.ForeignKey(Report, models.CASCADE, related_name="bulletins")
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.WAITING)
    refusal = models.CharField(_("sebab tidak dijawab"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("laporan dalam kabar")
        verbose_name_plural = _("laporan dalam kabar")
        indexes = [models.Index(fields=["bulletin", "id"], condition=Q(state="waiting"), name="bulletin_to_note")]
        constraints = [models.UniqueConstraint(fields=["bulletin", "report"], name="bulletin_report_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id}:{self.report_id}"


class BulletinEvent(Line):
    """One line of a bulletin's history. Append-only: the database refuses updates. Without a user it was the worker."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="events", db_index=False)  # see below

    class Meta:
        verbose_name = _("riwayat kabar")
        verbose_name_plural = _("riwayat kabar")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["bulletin", "at", "id"], name="event_of_bulletin")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.verb}"
