"""A text that somebody typed, as it is kept, or a kind sentence why it cannot be."""

from django.utils.translation import gettext as _

from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.common.text import TooLong, clean


def kept(text: str, *, most: int, missing: str = "") -> str:
    """The cleaned text. Raises Refused for one of more than `most` characters, or for none where `missing` says so."""
    try:
        words = clean(text, max_chars=most)
    except TooLong as fault:
        sentence = _("Paling panjang %(most)s huruf; ini %(length)s. Ringkas dulu.")
        told = {"most": formats.number(fault.limit), "length": formats.number(fault.actual)}
        raise Refused(sentence % told, status=400, code="too_long") from None
    if missing and not words:
        raise Refused(missing, status=400, code="empty")
    return words
