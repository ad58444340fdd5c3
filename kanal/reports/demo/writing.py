# ruff: noqa: PLR2004  # shares of an invented world, and the dice that decide in it
"""How an invented citizen writes: greeting, trouble, harm, wish; hurried, shortened, mistyped or half in Javanese."""

import re
from random import Random

from kanal.reports.demo import words
from kanal.reports.demo.places import Place
from kanal.reports.demo.scenes import Scene

_WORD = re.compile(r"[a-z]+")
_SPACES = re.compile(r" {2,}| (?=[.,])")
_NEAR_WHAT = re.compile(r"\b(?:di )?(?:dekat|sekitar) (?=(?:depan|dekat|sebelah|samping|belakang|pinggir|utara)\b)")


def body(rng: Random, scene: Scene, place: Place, spot: str, *, phone: str) -> str:
    """A complaint in somebody's own way of writing; `phone` appears in it when given."""
    parts = []
    if rng.random() < 0.35:
        parts.append(rng.choice(words.GREETINGS))
    parts.append(_filled(rng, rng.choice(scene.says), place, spot))
    if rng.random() < 0.6:
        parts.append(_filled(rng, rng.choice(scene.harms), place, spot))
    if rng.random() < 0.3:
        parts.append(rng.choice(words.REPEATED))
    if rng.random() < 0.75:
        parts.append(_filled(rng, rng.choice(scene.asks), place, spot))
    if phone:
        parts.append(rng.choice(words.CALL_ME).format(phone=phone))
    if rng.random() < 0.4:
        parts.append(rng.choice(words.THANKS))
    return _in_own_hand(rng, " ".join(parts))


def title(rng: Random, scene: Scene, place: Place, spot: str) -> str:
    """A title as people give one."""
    text = _filled(rng, rng.choice(scene.titles), place, spot)
    return text.lower() if rng.random() < 0.2 else text[:1].upper() + text[1:]


def answer(rng: Random, scene: Scene, day: str) -> str:
    """What the agency says when it is done."""
    return rng.choice(scene.answers).replace("{day}", day)


def _filled(rng: Random, text: str, place: Place, spot: str) -> str:
    text = _NEAR_WHAT.sub("", text.replace("{spot}", spot))
    text = text.replace("{village}", place.village).replace("{district}", place.district)
    return _SPACES.sub(_one_or_none, text.replace("{since}", rng.choice(words.SINCE) if "{since}" in text else ""))


def _one_or_none(found: re.Match[str]) -> str:
    return " " if len(found[0]) > 1 else ""


def _in_own_hand(rng: Random, text: str) -> str:
    mood = rng.random()
    if mood < 0.28:
        text = _replaced(rng, text, words.SHORT_FORMS, 0.8)
    elif mood < 0.36:
        text = _replaced(rng, text, words.JAVANESE, 0.6)
    if rng.random() < 0.18:
        text = _mistyped(rng, text)
    shape = rng.random()
    if shape < 0.22:
        return text.lower()
    if shape < 0.25:
        return text.upper()
    if shape < 0.3:
        return text.replace(". ", ".\n")
    if shape < 0.34:
        return text.rstrip(".") + rng.choice(("!!!", "....", " 🙏", " 🙏🙏", "??"))
    return text


def _replaced(rng: Random, text: str, table: dict[str, str], share: float) -> str:
    def swap(found: re.Match[str]) -> str:
        other = table.get(found[0])
        return other if other and rng.random() < share else found[0]

    return _WORD.sub(swap, text)


def _mistyped(rng: Random, text: str) -> str:
    """One slip of the finger: two letters swapped, one missing, or one twice."""
    at = rng.randrange(3, max(4, len(text) - 3))
    if not text[at : at + 2].isalpha():
        return text
    slip = rng.randrange(3)
    if slip == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :] if slip == 1 else text[:at] + text[at] + text[at:]
