"""Whose voice a report is: a contact is one voice, however often they write; who left none is a voice of their own."""

from django.db.models import F
from django.db.models.functions import Coalesce


def voice(at: str = "") -> Coalesce:
    """The voice of a report as an expression; `at` leads to the report ("report__")."""
    return Coalesce(f"{at}contact_id", -F(f"{at}id"))
