"""How long a text becomes as SMS, said to the one who writes it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.channels.sms.gsm7 import BASIC, EXTENSION, measure, plain
from kanal.common import formats

MOST_NAMED = 5
"""Letters that are named; the rest goes with them."""


def in_words(text: str) -> str:
    """How many messages a text makes, what is left in the last one, and the letters that make each of them shorter."""
    text = plain(text)
    length = measure(text)
    said = ngettext(
        "Sebagai SMS: %(parts)s pesan, sisa %(left)s huruf.",
        "Sebagai SMS: %(parts)s pesan, sisa %(left)s huruf.",
        length.parts,
    ) % {"parts": formats.number(length.parts), "left": formats.number(length.left)}
    if length.gsm7:
        return said
    odd = dict.fromkeys(char for char in text if char not in BASIC and char not in EXTENSION)
    named = " ".join(list(odd)[:MOST_NAMED])
    return f"{said} " + _("Karena ada %(letters)s, satu SMS hanya memuat 70 huruf, bukan 160.") % {"letters": named}
