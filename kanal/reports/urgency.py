"""Whether words of danger say that it is happening: not where they deny it, fear it, or tell that it is over.

Where in doubt it is happening: a person takes the mark off, but nobody may wait for one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kanal.common.indonesian import plain_words

_CLAUSE = re.compile(r"[.,;:!?\n]+|\s[-–]\s")
_AFTER: Final = 6  # words in which its end may be told
# What takes a danger back, and how many words before it in the same clause: "tidak bisa lewat, pohon tumbang" does not.
_DENYING: Final = {
    **dict.fromkeys(("tidak", "bukan", "tanpa", "nihil", "bekas", "pasca", "dulu", "pernah"), 2),
    **dict.fromkeys(("rawan", "cegah", "mencegah", "pencegahan", "antisipasi", "mengantisipasi"), 3),
    **dict.fromkeys(("simulasi", "pelatihan", "latihan", "sosialisasi"), 3),
    **dict.fromkeys(("kalau", "jika", "bila", "apabila", "seandainya", "setiap", "tiap"), 5),
}
_OVER: Final = frozenset(
    [
        *("surut", "reda", "aman", "normal", "selesai", "teratasi", "tertangani", "terkendali", "berlalu", "lalu"),
        *("ditangani", "dievakuasi", "diperbaiki", "dibersihkan", "disingkirkan", "dipadamkan", "disambung"),
        *("diatasi", "dipindahkan", "dipotong", "diangkut", "ditemukan"),
    ]
)
_DONE: Final = frozenset(["sudah", "telah", "berhasil", "kembali", "tahun", "bulan", "minggu"])
"""What goes before the end, as in "sudah surut" and "bulan lalu"; "sudah 3 hari" is no end, "belum surut" neither."""
# Of a light that is out people say "padam" too, and that is a danger; of a fire it is the end.
_OUT = re.compile(r"\bpadam\b", re.IGNORECASE)
_LIGHT = re.compile(r"lampu|listrik|pju|bangjo|traffic", re.IGNORECASE)


def happening(phrases: Sequence[str], text: str) -> str:
    """The first of the phrases that the text says without denying it or telling its end; "" when it says none so."""
    said = _said(text)
    for phrase in phrases:
        if any(not _denied(said, start) and not _over(said, end) for start, end in _places(plain_words(phrase), said)):
            return phrase
    return ""


def over(text: str) -> bool:
    """Whether a text tells anywhere that it is over."""
    said = _said(text)
    return any(_ends_at(said, at) for at in range(len(said)))


def _said(text: str) -> list[tuple[str, int]]:
    """Every word in standard spelling with the number of its clause."""
    text = text if _LIGHT.search(text) else _OUT.sub("reda", text)
    return [(word, number) for number, clause in enumerate(_CLAUSE.split(text)) for word in plain_words(clause)]


def _places(phrase: Sequence[str], said: Sequence[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    words, length = [word for word, _clause in said], len(phrase)
    for start in range(len(words) - length + 1 if phrase else 0):
        if words[start] == phrase[0] and words[start : start + length] == list(phrase):
            yield start, start + length


def _denied(said: Sequence[tuple[str, int]], start: int) -> bool:
    clause = said[start][1]
    before = enumerate(reversed(said[:start][-max(_DENYING.values()) :]), 1)
    return any(number == clause and away <= _DENYING.get(word, 0) for away, (word, number) in before)


def _over(said: Sequence[tuple[str, int]], end: int) -> bool:
    return any(_ends_at(said, at) for at in range(end, min(len(said), end + _AFTER)))


def _ends_at(said: Sequence[tuple[str, int]], at: int) -> bool:
    """Whether the word here tells the end: between "sudah" and "surut" nothing stands, as in "sudah mulai surut"."""
    return said[at][0] in _OVER and at > 0 and said[at - 1][0] in _DONE
