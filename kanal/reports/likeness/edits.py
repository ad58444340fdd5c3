"""The same complaint sent once more: a text edited lightly, as people do, the same each time for one seed."""

import random
from collections.abc import Callable

_SHORT = {
    "yang": "yg",
    "tidak": "gak",
    "jalan": "jln",
    "untuk": "utk",
    "dengan": "dgn",
    "sudah": "sdh",
    "saya": "sy",
    "mohon": "mhn",
    "tolong": "tlg",
    "karena": "krn",
    "bisa": "bs",
    "dari": "dr",
    "sampai": "smp",
    "orang": "org",
}
_OPENINGS = ("Assalamualaikum,", "Selamat pagi pak,", "Min,", "Mohon maaf,", "Diteruskan:")
_ENDINGS = ("Mohon segera ditindaklanjuti.", "Terima kasih.", "🙏🙏", "tolong ya min!!", "suwun")
_WORDS_TO_A_SLIP = 15
_FEW_WORDS = 4


def edited(text: str, rng: random.Random) -> str:
    """The text with one or two light edits."""
    words = text.split()
    for edit in rng.sample(_EDITS, rng.randint(1, 2)):
        words = edit(words, rng)
    return " ".join(words)


def _without_a_word(words: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(words)) if len(words) > _FEW_WORDS else len(words)
    return words[:at] + words[at + 1 :]


def _with_slips(words: list[str], rng: random.Random) -> list[str]:
    long = [at for at, word in enumerate(words) if len(word) > _FEW_WORDS and word.isalpha()]
    chosen = set(rng.sample(long, min(len(long), 1 + len(words) // _WORDS_TO_A_SLIP)))
    return [_slip(word, rng) if at in chosen else word for at, word in enumerate(words)]


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    left_out, doubled = word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]
    return rng.choice((left_out, doubled, word[:at] + word[at + 1] + word[at] + word[at + 2 :]))


def _shortened(words: list[str], _rng: random.Random) -> list[str]:
    return [_SHORT.get(word.lower(), word) for word in words]


def _greeting(words: list[str], rng: random.Random) -> list[str]:
    return [rng.choice(_OPENINGS), *words]


def _pleading(words: list[str], rng: random.Random) -> list[str]:
    return [*words, rng.choice(_ENDINGS)]


def _unsigned(words: list[str], _rng: random.Random) -> list[str]:
    return [word.strip(".,!?") or word for word in words]


def _shouted(words: list[str], _rng: random.Random) -> list[str]:
    return [word.upper() for word in words]


_EDITS: tuple[Callable[[list[str], random.Random], list[str]], ...] = (
    _without_a_word,
    _with_slips,
    _shortened,
    _greeting,
    _pleading,
    _unsigned,
    _shouted,
)
