"""One line of a history, as every room keeps it."""

from django.conf import settings
from django.db import models

from kanal.common.secrets import EncryptedText


class Line(models.Model):
    """What was done, when, by whom and with which words. Append-only: the database refuses updates.

    Without a user it was the clock, the machine, or somebody without an account.
    """

    verb = models.CharField(max_length=16)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    note = EncryptedText(blank=True, default="")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True


class Step(Line):
    """A line that may lead from one status to another, and may be for everybody."""

    public = models.BooleanField(default=False)
    from_status = models.CharField(max_length=12, blank=True, default="")
    to_status = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        abstract = True
