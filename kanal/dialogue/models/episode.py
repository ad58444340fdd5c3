from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Agency
from kanal.common.history import Line
from kanal.dialogue.workflow import STATUS, Status
from kanal.issues.models import Issue

LONGEST_TOPIC = 120
WORD = "TANYA"
"""What a message begins with that asks an episode something, unless its programme has a word of its own."""


class Programme(models.Model):
    """A broadcast or forum that comes back: Dialog Jumat. `place` is where it usually is, a frequency for a radio.

    A message that begins with `word` asks the episode that runs or comes next.
    """

    code = models.SlugField(_("kode"), max_length=40, unique=True)
    name = models.CharField(_("nama acara"), max_length=80, unique=True)
    about = models.CharField(_("keterangan"), max_length=300, blank=True, default="")
    place = models.CharField(_("tempat atau frekuensi"), max_length=160, blank=True, default="")
    active = models.BooleanField(_("masih berjalan"), default=True)
    word = models.CharField(_("kata kunci pertanyaan"), max_length=12, default=WORD)

    class Meta:
        verbose_name = _("acara tetap")
        verbose_name_plural = _("acara tetap")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="programme_has_name")]

    def __str__(self) -> str:
        return self.name


class Episode(models.Model):
    """One evening of a programme. `sequence` grows with whatever a calendar must hear of (RFC 5545).

    `announced_at`: since when everybody knows of it; one that was cancelled before never was public.
    """

    SHORTEST: ClassVar[int] = 5
    LONGEST: ClassVar[int] = 12 * 60

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="episodes", verbose_name=_("acara"))
    theme = models.CharField(_("tema"), max_length=120, blank=True, default="")
    starts_at = models.DateTimeField(_("mulai"))
    duration = models.PositiveSmallIntegerField(_("lama (menit)"), default=60)
    place = models.CharField(_("tempat atau frekuensi"), max_length=160)
    host = models.CharField(_("pembawa acara"), max_length=80, blank=True, default="")
    status = models.CharField(
        _("keadaan"), max_length=10, choices=[(s.value, STATUS[s].word) for s in Status], default=Status.DRAFT
    )
    reason = models.CharField(_("alasan batal"), max_length=300, blank=True, default="")
    announced_at = models.DateTimeField(_("diumumkan"), null=True, blank=True)
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episode")
        ordering = ["-starts_at", "-id"]
        indexes = [models.Index(fields=["-starts_at", "-id"], name="episode_recent")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="episode_status_known"),
            models.CheckConstraint(condition=~Q(place=""), name="episode_has_place"),
            models.CheckConstraint(condition=Q(duration__range=(5, 720)), name="episode_duration_sensible"),
            models.CheckConstraint(
                condition=~Q(status=Status.CANCELLED.value) | ~Q(reason=""), name="episode_cancelled_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT.value, Status.CANCELLED.value]) | Q(announced_at__isnull=False),
                name="episode_held_was_announced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.starts_at:%d-%m-%Y}"


class Invitation(models.Model):
    """An agency that is asked to come, and what it answered. `who` is who comes, in their office."""

    class State(models.TextChoices):
        WAITING = "waiting", _("belum menjawab")
        COMING = "coming", _("hadir")
        DECLINED = "declined", _("berhalangan")

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="invitations")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("perangkat daerah"))
    state = models.CharField(_("jawaban"), max_length=8, choices=State.choices, default=State.WAITING)
    who = models.CharField(_("siapa yang hadir"), max_length=120, blank=True, default="")
    invited_at = models.DateTimeField(_("diundang"))
    answered_at = models.DateTimeField(_("dijawab"), null=True, blank=True)

    class Meta:
        verbose_name = _("undangan")
        verbose_name_plural = _("undangan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["episode", "agency"], name="invitation_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "coming", "declined"]), name="invitation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="invitation_answered_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id}: {self.agency_id}"


class Slot(models.Model):
    """One topic of an episode, in the words of the host: of an issue, of a promise that is asked about, or free.

    Everybody reads `topic`. `minutes` is how long it is to be talked about.
    """

    USUAL: ClassVar[int] = 10

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField(_("urutan"))
    topic = models.CharField(_("topik"), max_length=LONGEST_TOPIC)
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="slots", verbose_name=_("isu"))
    commitment = models.ForeignKey(
        "dialogue.Commitment", models.PROTECT, null=True, blank=True, related_name="slots", verbose_name=_("janji")
    )
    minutes = models.PositiveSmallIntegerField(_("lama (menit)"), default=USUAL)

    class Meta:
        verbose_name = _("sesi")
        verbose_name_plural = _("sesi")
        ordering = ["number", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(topic=""), name="slot_has_topic"),
            models.UniqueConstraint(
                fields=["episode", "issue"], condition=Q(issue__isnull=False), name="slot_issue_once"
            ),
            models.UniqueConstraint(
                fields=["episode", "commitment"], condition=Q(commitment__isnull=False), name="slot_commitment_once"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(1, 720)), name="slot_minutes_sensible"),
        ]

    def __str__(self) -> str:
        return self.topic


class Event(Line):
    """One line of a history of this room."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%d-%m-%Y}"


class EpisodeEvent(Event):
    """One line of an episode's history."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="events", db_index=False)  # see event_of_episode

    class Meta:
        verbose_name = _("riwayat acara")
        verbose_name_plural = _("riwayat acara")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at", "id"], name="event_of_episode")]
