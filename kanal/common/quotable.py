"""Which sentences of the people may be printed or read out. Pure: no database; every room that quotes asks here."""

import re
from collections.abc import Iterable

from kanal.common.masking import mask
from kanal.common.text import greets_only, thanks_only

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_UNCLEAN = re.compile(r"\[[^\]]*disembunyikan|https?:|www\.|[@#<>{}|\\]|\d{5,}|(.)\1{3,}|[!?]{2,}")
_MOST_CAPITALS = 0.4
_MOST_ODD = 0.15
_OPENING = re.compile(
    r"^(?:(?:yth|assalam\w*|ass?\.?|selamat (?:pagi|siang|sore|malam)|salam)\b[^,.:;]*[,.:;]\s*)*"
    r"(?:(?:(?:ba)?pak|(?:i)?bu|mas|mbak|admin|min|kang)\b[^,.:;]{0,25},\s*)?",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?i:(?:ba)?pak|i?bu|mas|mbak|mbah|kang|sdri?|saudara|haji|bidan|dr|h)\.? [A-Z]"
    r"|\b(?:bernama|nama saya|atas nama)\b|\b(?i:r[tw])\W{0,3}\d"
)
"""What may point at one person: an address with a name behind it, a name that is announced, and a handful of houses."""
_ASKS_QUIET = re.compile(r"rahasia|anonim|identitas|disamarkan|jangan (?:di)?sebut", re.IGNORECASE)


def sentences(text: str) -> Iterable[str]:
    """The sentences of a text without the greeting before them."""
    for raw in _SENTENCE.split(text):
        sentence = _OPENING.sub("", " ".join(raw.split())).strip(" -*•")
        if sentence:
            yield sentence[:1].upper() + sentence[1:]


def is_clean(sentence: str) -> bool:
    """Whether a sentence can be quoted: nobody named, nothing hidden in it, neither shouted nor garbled."""
    if any(rule.search(sentence) for rule in (_UNCLEAN, _PERSON, _ASKS_QUIET)):
        return False
    letters = [char for char in sentence if char.isalpha()]
    odd = sum(not (char.isalnum() or char in " .,;:!?'\"()/-–…%") for char in sentence)
    if not letters or odd > _MOST_ODD * len(sentence):
        return False
    if sum(map(str.isupper, letters)) > _MOST_CAPITALS * len(letters):
        return False
    return not greets_only(sentence) and not thanks_only(sentence) and mask(sentence).text == sentence
