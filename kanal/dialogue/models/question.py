from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Region
from kanal.channels.models import Address, Contact, Inbound, Medium
from kanal.common.secrets import EncryptedText
from kanal.dialogue.models.episode import Episode, Event, Slot
from kanal.dialogue.workflow import QUESTION, QuestionStatus
from kanal.issues.models import Issue
from kanal.reports.models import Report


class Question(models.Model):
    """What people ask an episode. The same words again are one more `Voice` of it, however often they come.

    `text` is what the first of them wrote; the desk and everybody else read `shown`, which is masked, like `answer`.
    `name`, `region` and `place` are what the first of them told of themselves. `times` counts messages, `people`
    counts askers: all who gave no address are one. `alike` is a keyed hash of the words by which the same ones are
    found. One that comes up again at a later episode belongs to that one.
    """

    LONGEST: ClassVar[int] = 2000
    LONGEST_ANSWER: ClassVar[int] = 600

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="questions", verbose_name=_("acara"))
    slot = models.ForeignKey(
        Slot, models.SET_NULL, null=True, blank=True, related_name="questions", verbose_name=_("topik")
    )
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("isu")
    )
    report = models.ForeignKey(
        Report, models.SET_NULL, null=True, blank=True, related_name="questions", verbose_name=_("laporan")
    )
    status = models.CharField(
        _("keadaan"),
        max_length=8,
        choices=[(s.value, QUESTION[s].word) for s in QuestionStatus],
        default=QuestionStatus.WAITING,
    )
    text = EncryptedText(_("pertanyaan"), blank=True, default="")
    shown = models.TextField(_("pertanyaan, disamarkan"))
    alike = models.CharField(max_length=64)
    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices)
    name = EncryptedText(_("nama"), blank=True, default="")
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wilayah")
    )
    place = EncryptedText(_("tempat"), blank=True, default="")
    times = models.PositiveIntegerField(_("berapa kali"), default=1)
    people = models.PositiveIntegerField(_("berapa orang"), default=1)
    answer = models.TextField(_("jawaban singkat"), blank=True, default="")
    reason = models.CharField(_("alasan disisihkan"), max_length=300, blank=True, default="")
    asked_at = models.DateTimeField(_("ditanyakan"))
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("pertanyaan")
        verbose_name_plural = _("pertanyaan")
        ordering = ["-people", "asked_at", "id"]
        indexes = [
            models.Index(fields=["episode", "status", "-people", "asked_at"], name="question_of_episode"),
            models.Index(fields=["episode", "alike"], name="question_alike"),
            models.Index(fields=["changed_at"], condition=~Q(text=""), name="question_with_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in QuestionStatus]), name="question_status_known"
            ),
            models.CheckConstraint(condition=~Q(shown=""), name="question_has_words"),
            models.CheckConstraint(
                condition=~Q(status=QuestionStatus.ANSWERED.value) | ~Q(answer=""), name="question_answered_in_words"
            ),
            models.CheckConstraint(
                condition=~Q(status=QuestionStatus.ASIDE.value) | ~Q(reason=""), name="question_aside_for_a_reason"
            ),
            models.CheckConstraint(condition=Q(people__gte=1, times__gte=F("people")), name="question_counts_fit"),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id}: {self.pk}"


class Voice(models.Model):
    """One message that asks a question: who, and where the answer goes. A message asks one thing, once."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="voices", db_index=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    address = models.ForeignKey(Address, models.SET_NULL, null=True, blank=True, related_name="+")
    inbound = models.OneToOneField(
        Inbound, models.SET_NULL, null=True, blank=True, related_name="voice", verbose_name=_("pesan masuk")
    )
    at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("penanya")
        verbose_name_plural = _("penanya")
        ordering = ["pk"]
        indexes = [models.Index(fields=["question", "contact"], name="voice_of_question")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.pk}"


class QuestionEvent(Event):
    """One line of a question's history."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("riwayat pertanyaan")
        verbose_name_plural = _("riwayat pertanyaan")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["question", "at", "id"], name="event_of_question")]
