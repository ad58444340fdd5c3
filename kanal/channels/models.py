from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kanal.common.secrets import EncryptedText


class Medium(models.TextChoices):
    """The ways in which people and government reach one another. A medium's folder owns everything else about it."""

    WEB = "web", _("Web")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telepon")
    LETTER = "letter", _("Surat")
    VISIT = "visit", _("Tatap muka")
    LAPOR = "lapor", _("LAPOR!")

    @property
    def within(self) -> str:
        """The medium as it is called within a sentence: "lewat situs"."""
        return str(_WITHIN[self])


_WITHIN = {
    Medium.WEB: pgettext_lazy("lewat", "situs"),
    Medium.EMAIL: pgettext_lazy("lewat", "e-mail"),
    Medium.PHONE: pgettext_lazy("lewat", "telepon"),
    Medium.LETTER: pgettext_lazy("lewat", "surat"),
    Medium.VISIT: pgettext_lazy("lewat", "tatap muka"),
    Medium.LAPOR: pgettext_lazy("lewat", "LAPOR!"),
}


class Contact(models.Model):
    """One person, whatever media they use. The name is encrypted and often empty."""

    name = EncryptedText(_("nama"), blank=True, default="")
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    anonymised_at = models.DateTimeField(_("dianonimkan"), null=True, blank=True)

    class Meta:
        verbose_name = _("kontak")
        verbose_name_plural = _("kontak")

    def __str__(self) -> str:
        return f"kontak {self.pk}"  # never the name: this text reaches logs and admin lists


class Address(models.Model):
    """Where a contact can be reached on one medium. Found again by a keyed hash, never by the encrypted handle."""

    class State(models.TextChoices):
        OK = "ok", _("dapat dikirimi")
        BOUNCED = "bounced", _("alamat menolak")
        OPTED_OUT = "opted_out", _("minta tidak dikirimi")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses", verbose_name=_("kontak"))
    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices)
    handle = EncryptedText(_("alamat"))
    handle_hash = models.CharField(max_length=64)
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.OK)
    verified_at = models.DateTimeField(_("dibuktikan"), null=True, blank=True)

    class Meta:
        verbose_name = _("alamat")
        verbose_name_plural = _("alamat")
        constraints = [models.UniqueConstraint(fields=["medium", "handle_hash"], name="address_once")]

    def __str__(self) -> str:
        return f"alamat {self.pk} ({self.medium})"


class Inbound(models.Model):
    """A message as it came in. It is committed before anything is thought about it; (medium, external id) is unique."""

    class State(models.TextChoices):
        STORED = "stored", _("disimpan")
        PROCESSED = "processed", _("diolah")
        FAILED = "failed", _("gagal diolah")
        DROPPED = "dropped", _("dilewati")

    medium = models.CharField(_("saluran"), max_length=12, choices=Medium.choices)
    external_id = models.CharField(_("nomor dari saluran"), max_length=120)
    received_at = models.DateTimeField(_("diterima"))
    payload = EncryptedText(_("isi mentah"), blank=True, default="")
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.STORED)
    error = models.CharField(_("sebab gagal"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("pesan masuk")
        verbose_name_plural = _("pesan masuk")
        constraints = [models.UniqueConstraint(fields=["medium", "external_id"], name="inbound_once")]

    def __str__(self) -> str:
        return f"{self.medium}:{self.external_id}"


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
