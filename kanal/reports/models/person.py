"""What was done about persons: which contacts were joined and parted again, opened, silenced, and proven to be one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.channels.models import Address, Contact
from kanal.common.secrets import EncryptedText
from kanal.reports.models.report import Report


class ContactDeed(models.Model):
    """One line of what was done about a contact. Append-only: the database refuses updates.

    A merge or a join names the contact that went (`other`) and has `moves`; the numbers `…_until` tell what was there
    already from what came in between. `via` is the address that a join was made with, and with which it goes.
    `in_confidence` lines are the Inspektorat's own.
    """

    class Verb(models.TextChoices):
        MERGED = "merged", _("digabung petugas")
        JOINED = "joined", _("disatukan dengan kode")
        UNDONE = "undone", _("penggabungan dibatalkan")
        OPENED = "opened", _("identitas dibuka")
        SILENCED = "silenced", _("minta tidak dikirimi")
        UNSILENCED = "unsilenced", _("minta dikirimi lagi")
        LANGUAGE = "language", _("minta bahasa lain")

    verb = models.CharField(max_length=10, choices=Verb.choices)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="deeds")
    other = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    address = models.ForeignKey(Address, models.CASCADE, null=True, blank=True, related_name="+")
    via = models.ForeignKey(Address, models.CASCADE, null=True, blank=True, related_name="+")
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    reason = EncryptedText(blank=True, default="")
    in_confidence = models.BooleanField(default=False)
    took_name = models.BooleanField(default=False)
    addresses_until = models.BigIntegerField(default=0)
    reports_until = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("riwayat kontak")
        verbose_name_plural = _("riwayat kontak")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verb__in=["merged", "joined"]) | Q(other__isnull=False), name="contact_deed_has_other"
            ),
            models.CheckConstraint(
                condition=Q(verb="undone", undoes__isnull=False) | (~Q(verb="undone") & Q(undoes__isnull=True)),
                name="contact_deed_undone_names_it",
            ),
            models.CheckConstraint(condition=Q(user__isnull=False) | Q(verb="joined"), name="contact_deed_has_doer"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.contact_id}"


class ContactMove(models.Model):
    """An address or a report that went from one contact to another; an undo gives exactly these back. Append-only."""

    deed = models.ForeignKey(ContactDeed, models.CASCADE, related_name="moves")
    source = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    address = models.ForeignKey(Address, models.CASCADE, null=True, blank=True, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("perpindahan kontak")
        verbose_name_plural = _("perpindahan kontak")
        constraints = [
            models.CheckConstraint(
                condition=Q(address__isnull=False, report__isnull=True) | Q(address__isnull=True, report__isnull=False),
                name="contact_move_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deed_id}: {self.address_id or self.report_id}"


class AddressProof(models.Model):
    """A code that was sent to an address, to be typed where it was asked for: in a chat, or on a report's private page.

    Only a keyed hash of the code is kept. Used ones stay as the record of who proved what; others go after a day.
    `made`: only codes made the address known, and it goes with the last of them when nobody proves it.
    """

    asker = models.ForeignKey(Address, models.CASCADE, null=True, blank=True, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="+")
    address = models.ForeignKey(Address, models.CASCADE, related_name="proofs")
    code_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    made = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("bukti alamat")
        verbose_name_plural = _("bukti alamat")
        indexes = [models.Index(fields=["asked_at"], condition=Q(used_at__isnull=True), name="address_proof_unused")]
        constraints = [
            models.CheckConstraint(
                condition=Q(asker__isnull=False, report__isnull=True) | Q(asker__isnull=True, report__isnull=False),
                name="address_proof_asked_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"bukti {self.pk}"
