from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kanal.common.secrets import EncryptedText


class Medium(models.TextChoices):
    """The ways in which people and government reach one another. A medium's folder owns everything else about it."""

    WEB = "web", _("Web")
    EMAIL = "email", _("E-mail")
    WHATSAPP = "whatsapp", _("WhatsApp")
    TELEGRAM = "telegram", "Telegram"
    SMS = "sms", "SMS"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    X = "x", "X"
    YOUTUBE = "youtube", "YouTube"
    RADIO = "radio", _("Radio")
    PHONE = "phone", _("Telepon")
    LETTER = "letter", _("Surat")
    VISIT = "visit", _("Tatap muka")
    LAPOR = "lapor", _("LAPOR!")
    OPEN311 = "open311", "Open311"
    APP = "app", _("Aplikasi lain")

    @property
    def within(self) -> str:
        """The medium as it is called within a sentence: "lewat situs"."""
        return str(_WITHIN.get(self) or self.label)


_WITHIN = {
    Medium.WEB: pgettext_lazy("lewat", "situs"),
    Medium.EMAIL: pgettext_lazy("lewat", "e-mail"),
    Medium.PHONE: pgettext_lazy("lewat", "telepon"),
    Medium.LETTER: pgettext_lazy("lewat", "surat"),
    Medium.VISIT: pgettext_lazy("lewat", "tatap muka"),
    Medium.RADIO: pgettext_lazy("lewat", "radio"),
    Medium.APP: pgettext_lazy("lewat", "aplikasi lain"),
}


class Contact(models.Model):
    """One person, whatever media they use. The name is encrypted and often empty.

    `merged_into` is the contact that has this one's addresses meanwhile; the row stays, so that a merge can be undone.
    """

    name = EncryptedText(_("nama"), blank=True, default="")
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    anonymised_at = models.DateTimeField(_("dianonimkan"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("digabung ke"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("kontak")
        verbose_name_plural = _("kontak")
        indexes = [
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="contact_merged"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="contact_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"kontak {self.pk}"  # never the name: this text reaches logs and admin lists


class Address(models.Model):
    """Where a contact can be reached on one medium. Found again by a keyed hash, never by the encrypted handle.

    `verified_at`: since when it is proven that its contact has it: a platform signed their message, or they typed the
    code that was sent there. What somebody merely wrote into a form is not proven.
    """

    class State(models.TextChoices):
        OK = "ok", _("dapat dikirimi")
        BOUNCED = "bounced", _("alamat menolak")
        OPTED_OUT = "opted_out", _("minta tidak dikirimi")

    class Language(models.TextChoices):
        USUAL = "", _("tidak memilih")
        INDONESIAN = "id", _("bahasa Indonesia")
        JAVANESE = "jv", _("bahasa Jawa")
        ENGLISH = "en", _("bahasa Inggris")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses", verbose_name=_("kontak"))
    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices)
    handle = EncryptedText(_("alamat"))
    handle_hash = models.CharField(max_length=64)
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.OK)
    language = models.CharField(
        _("bahasa"), max_length=2, choices=Language.choices, blank=True, default=Language.USUAL, db_default=""
    )
    verified_at = models.DateTimeField(_("dibuktikan"), null=True, blank=True)

    class Meta:
        verbose_name = _("alamat")
        verbose_name_plural = _("alamat")
        constraints = [models.UniqueConstraint(fields=["medium", "handle_hash"], name="address_once")]

    def __str__(self) -> str:
        return f"alamat {self.pk} ({self.medium})"


class Delivery(models.Model):
    """What a platform handed us, as it came: committed before the platform gets its answer. It may hold many messages.

    The row is a queue: the worker leases what is due, reads it and is done with it. What cannot be read stays, with its
    reason, and is tried again with the next version.
    """

    class State(models.TextChoices):
        STORED = "stored", _("disimpan")
        READ = "read", _("dibaca")
        FAILED = "failed", _("tidak terbaca")

    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices)
    received_at = models.DateTimeField(_("diterima"))
    payload = EncryptedText(_("isi mentah"))
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.STORED)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_attempt_at = models.DateTimeField(_("dibaca lagi"))
    error = models.CharField(_("sebab gagal"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("kiriman platform")
        verbose_name_plural = _("kiriman platform")
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state="stored"), name="delivery_due"),
            models.Index(fields=["received_at"], name="delivery_age"),
            models.Index(fields=["medium"], condition=Q(state="failed"), name="delivery_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.medium} {self.received_at:%Y-%m-%d %H:%M} ({self.state})"


class Inbound(models.Model):
    """One message as it came in; (medium, external id) is unique, so a repeated delivery changes nothing.

    `address` is who said it, where the medium tells; `thread` is where an answer belongs.
    """

    class State(models.TextChoices):
        NEW = "new", _("baru")
        WAITING = "waiting", _("menunggu petugas")
        USED = "used", _("jadi laporan")
        ANSWERED = "answered", _("dijawab")
        DROPPED = "dropped", _("dilewati")

    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices)
    external_id = models.CharField(_("nomor dari saluran"), max_length=200)
    received_at = models.DateTimeField(_("diterima"))
    address = models.ForeignKey(
        Address,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="inbounds",
        verbose_name=_("alamat"),
        db_index=False,
    )
    thread = models.CharField(max_length=200, blank=True, default="")
    public = models.BooleanField(_("dibaca umum"), default=False)
    subject = EncryptedText(_("judul"), blank=True, default="")
    text = EncryptedText(_("isi"), blank=True, default="")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    place = EncryptedText(_("nama tempat"), blank=True, default="")
    changed_at = models.DateTimeField(_("diubah pengirim"), null=True, blank=True)
    removed_at = models.DateTimeField(_("ditarik pengirim"), null=True, blank=True)
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.NEW)
    why = models.CharField(_("sebabnya"), max_length=300, blank=True, default="")
    before: "Inbound | None" = None
    """What it was until it was changed or taken back just now; told to the rooms above and not kept."""

    class Meta:
        verbose_name = _("pesan masuk")
        verbose_name_plural = _("pesan masuk")
        constraints = [models.UniqueConstraint(fields=["medium", "external_id"], name="inbound_once")]
        indexes = [
            models.Index(fields=["received_at", "id"], condition=Q(state="waiting"), name="inbound_waiting"),
            models.Index(fields=["address"], condition=Q(address__isnull=False), name="inbound_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.medium}:{self.external_id}"


class InboundFile(models.Model):
    """A picture, voice note or paper of a message. The row comes with the message, the file is fetched afterwards."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("foto")
        AUDIO = "audio", _("pesan suara")
        VIDEO = "video", _("video")
        DOCUMENT = "document", _("berkas")

    class State(models.TextChoices):
        WANTED = "wanted", _("sedang diambil")
        KEPT = "kept", _("tersimpan")
        GONE = "gone", _("tidak bisa diambil")

    inbound = models.ForeignKey(Inbound, models.CASCADE, related_name="files")
    external_id = models.CharField(max_length=300)
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind.choices)
    mime = models.CharField(max_length=80, blank=True, default="")
    name = EncryptedText(_("nama berkas"), blank=True, default="")
    path = models.CharField(max_length=160, blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.WANTED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    error = models.CharField(_("sebab gagal"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("berkas pesan")
        verbose_name_plural = _("berkas pesan")
        constraints = [models.UniqueConstraint(fields=["inbound", "external_id"], name="inbound_file_once")]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(state="wanted"), name="inbound_file_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MediumState(models.Model):
    """How a medium fares: what the health page shows, and where a platform that must be asked was left off.

    `used_today` counts calls of our day; `spent` is what sending cost on a day of the platform's own (`spent_on`).
    `alarm` is what somebody must do, `trouble` why it is left alone for a while. `failing_since` is the first of the
    failures without a success until now, `down_since` the same once they are an outage (`actions.pulse`); those of
    asking for news are apart, because sending may go on meanwhile. `held_by` is the one worker that waits there for
    news, on a line held open, until `held_until`.
    """

    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices, primary_key=True)
    last_in_at = models.DateTimeField(null=True, blank=True)
    last_out_at = models.DateTimeField(null=True, blank=True)
    refused = models.PositiveIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True, default="")
    alarm = models.CharField(max_length=300, blank=True, default="")
    alarm_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    down_since = models.DateTimeField(null=True, blank=True)
    looks_failing_since = models.DateTimeField(null=True, blank=True)
    looks_down_since = models.DateTimeField(null=True, blank=True)
    cursor = models.TextField(blank=True, default="")
    looked_at = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=120, blank=True, default="", db_default="")
    held_until = models.DateTimeField(null=True, blank=True)
    used_today = models.PositiveIntegerField(default=0)
    spent = models.PositiveIntegerField(default=0)
    spent_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("keadaan saluran")
        verbose_name_plural = _("keadaan saluran")

    def __str__(self) -> str:
        return str(self.medium)


class Passing(models.Model):
    """Something that was read and made no message, and why; no words.

    Either public and passed over, such as praise under a film, or strange: news that this version does not know.
    """

    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices)
    external_id = models.CharField(_("nomor dari saluran"), max_length=200)
    why = models.CharField(_("sebabnya"), max_length=120)
    strange = models.BooleanField(_("belum dikenal"), default=False)
    at = models.DateTimeField(_("dilewati"))

    class Meta:
        verbose_name = _("kiriman yang dilewati")
        verbose_name_plural = _("kiriman yang dilewati")
        constraints = [models.UniqueConstraint(fields=["medium", "external_id"], name="passing_once")]
        indexes = [models.Index(fields=["at"], name="passing_age")]

    def __str__(self) -> str:
        return f"{self.medium}:{self.external_id}"


class Watchword(models.Model):
    """A word that an administrator adds to, or takes out of, the list by which public comments are taken up."""

    word = models.CharField(_("kata"), max_length=60, unique=True)
    counts = models.BooleanField(_("menandai aduan"), default=True)

    class Meta:
        verbose_name = _("kata penanda aduan")
        verbose_name_plural = _("kata penanda aduan")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class Outbound(models.Model):
    """One message that we owe somebody, with its delivery state. The row is the queue: the worker leases due rows.

    `handed_at` is set just before the message leaves. A row whose worker died before that is safe to try again; one
    whose worker died after it may or may not have arrived, so it becomes `failed` with a resend button and is never
    sent twice unasked.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("menunggu dikirim")
        SENDING = "sending", _("sedang dikirim")
        SENT = "sent", _("terkirim")
        DELIVERED = "delivered", _("sampai")
        READ = "read", _("dibaca")
        FAILED = "failed", _("gagal")
        GIVEN_UP = "given_up", _("dibatalkan")

    address = models.ForeignKey(
        Address, models.CASCADE, null=True, blank=True, related_name="outbounds", verbose_name=_("alamat")
    )
    to_staff = models.EmailField(_("petugas yang dituju"), blank=True, default="")
    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices)
    purpose = models.CharField(_("keperluan"), max_length=40)
    reference = models.CharField(_("tentang"), max_length=60, blank=True, default="")
    dedupe_key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(_("judul"), max_length=200, blank=True, default="")
    body = EncryptedText(_("isi"))
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_attempt_at = models.DateTimeField(_("dicoba lagi"))
    leased_until = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("terkirim pada"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("sampai pada"), null=True, blank=True)
    read_at = models.DateTimeField(_("dibaca pada"), null=True, blank=True)
    thread = models.CharField(max_length=200, blank=True, default="")
    external_id = models.CharField(max_length=200, blank=True, default="")
    error = models.CharField(_("sebab gagal"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)

    class Meta:
        verbose_name = _("pesan keluar")
        verbose_name_plural = _("pesan keluar")
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="outbound_due"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="outbound_leased"),
            models.Index(fields=["-created_at"], condition=Q(state="failed"), name="outbound_failed"),
            models.Index(fields=["reference"], name="outbound_reference"),
            models.Index(fields=["medium", "external_id"], condition=~Q(external_id=""), name="outbound_external"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(address__isnull=False, to_staff="") | (Q(address__isnull=True) & ~Q(to_staff="")),
                name="outbound_has_one_addressee",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(leased_until__isnull=False), name="outbound_sending_is_leased"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="outbound_sent_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.reference} ({self.state})"
