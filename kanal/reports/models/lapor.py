from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.reports.models.report import Report


class LaporMirror(models.Model):
    """How a report stands in SP4N-LAPOR!: whether it is there, under which number, and what was last heard of it.

    `state` is how it gets there; `task` is what a person must do now ("" for nothing), worked out anew whenever
    either side changes. `told` is its status there in our words, `told_word` in theirs. `carried_at` is when somebody
    said that our answer was entered there; `accepted` the pair of statuses (mirror.Pair.word) whose difference is fine.
    The row is also the queue of what is handed over by machine: it is leased, and `handed_at` is set just before the
    first byte leaves. A row whose worker died after that is UNSURE and never handed over again unasked.
    """

    class State(models.TextChoices):
        IDLE = "idle", _("tidak perlu")
        DUE = "due", _("belum di LAPOR!")
        SENDING = "sending", _("sedang dikirim")
        UNSURE = "unsure", _("tidak pasti terkirim")
        REFUSED = "refused", _("ditolak LAPOR!")
        HELD = "held", _("tidak dikirim")
        MIRRORED = "mirrored", _("ada di LAPOR!")

    class Task(models.TextChoices):
        NONE = "", _("tidak ada")
        ENTER = "enter", _("masukkan ke LAPOR!")
        CHECK = "check", _("periksa di LAPOR!")
        ANSWER = "answer", _("salin jawaban ke LAPOR!")
        UPDATE = "update", _("perbarui di LAPOR!")
        LOOK = "look", _("berbeda, putuskan")

    report = models.OneToOneField(Report, models.CASCADE, related_name="mirror", verbose_name=_("laporan"))
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.IDLE)
    task = models.CharField(_("yang harus dilakukan"), max_length=10, choices=Task.choices, blank=True, default="")
    ticket = models.CharField(_("nomor LAPOR!"), max_length=40, blank=True, default="")
    transaction = models.CharField(_("nomor transaksi"), max_length=40, blank=True, default="")
    told = models.CharField(max_length=12, blank=True, default="")
    told_word = models.CharField(_("status di LAPOR!"), max_length=80, blank=True, default="")
    told_at = models.DateTimeField(_("diketahui"), null=True, blank=True)
    carried_at = models.DateTimeField(_("jawaban disalin"), null=True, blank=True)
    accepted = models.CharField(max_length=40, blank=True, default="")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_attempt_at = models.DateTimeField(_("dicoba lagi"))
    leased_until = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("sebab gagal"), max_length=300, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("cermin LAPOR!")
        verbose_name_plural = _("cermin LAPOR!")
        indexes = [
            models.Index(fields=["task", "id"], condition=~Q(task=""), name="mirror_task"),
            models.Index(fields=["id"], condition=Q(state="held"), name="mirror_held"),
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state="due"), name="mirror_due"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="mirror_leased"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=~Q(ticket=""), name="mirror_ticket_once"),
            models.CheckConstraint(
                condition=Q(state="mirrored") & ~Q(ticket="") | ~Q(state="mirrored") & Q(ticket=""),
                name="mirror_has_ticket",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(leased_until__isnull=False), name="mirror_sending_is_leased"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "idle"]) | Q(task=""), name="mirror_held_has_no_task"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.state}"


class LaporTopic(models.Model):
    """A category of SP4N-LAPOR! as it was last pulled; one that went stays, with the day."""

    number = models.CharField(_("nomor"), max_length=20, unique=True)
    parent = models.CharField(_("di bawah"), max_length=20, blank=True, default="")
    name = models.CharField(_("nama"), max_length=200)
    gone_at = models.DateTimeField(_("tidak ada lagi"), null=True, blank=True)

    class Meta:
        verbose_name = _("kategori LAPOR!")
        verbose_name_plural = _("kategori LAPOR!")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LaporFile(models.Model):
    """One state of a file in the watched folder (name, size, time of change) and what its import brought."""

    class State(models.TextChoices):
        READING = "reading", _("sedang dibaca")
        DONE = "done", _("selesai")
        KEPT = "kept", _("perlu diperiksa")

    name = models.CharField(_("berkas"), max_length=255)
    size = models.BigIntegerField()
    changed_ns = models.BigIntegerField()
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.READING)
    attempts = models.PositiveSmallIntegerField(default=0)
    expected = models.PositiveIntegerField(_("baris kira-kira"), default=0)
    read = models.PositiveIntegerField(_("baris dibaca"), default=0)
    added = models.PositiveIntegerField(_("laporan masuk"), default=0)
    renewed = models.PositiveIntegerField(_("diperbarui"), default=0)
    ours = models.PositiveIntegerField(_("laporan Kanal sendiri"), default=0)
    refused = models.PositiveIntegerField(_("baris ditolak"), default=0)
    message = models.CharField(_("keterangan"), max_length=300, blank=True, default="")
    began_at = models.DateTimeField(_("mulai"))
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)

    class Meta:
        verbose_name = _("berkas LAPOR!")
        verbose_name_plural = _("berkas LAPOR!")
        constraints = [
            models.UniqueConstraint(fields=["name", "size", "changed_ns"], name="lapor_file_once"),
        ]
        indexes = [models.Index(fields=["-began_at"], name="lapor_file_recent")]

    def __str__(self) -> str:
        return self.name
