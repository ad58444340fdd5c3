from django.db import models


class Row(models.Model):
    """The one row that the bare INSERT view writes: a moment and a text, one index (its key)."""

    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.pk)
