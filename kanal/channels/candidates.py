"""Which comments on X and YouTube are taken up: those with a word that marks a complaint, a question or a request.

Whatever else people write there (praise, jokes, greetings) is passed over, counted and not kept as a message. The other
media keep every comment; the words help to tell which of them is plainly a report.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from django.utils.translation import gettext as _

from kanal.channels.models import Watchword
from kanal.common.indonesian import plain_words

_LIST = Path(__file__).parent / "words" / "complaints.txt"
STOP_WORDS = frozenset(
    {"stop", "setop", "berhenti", "unreg", "unsubscribe", "jangan kirim lagi", "jangan kirim pesan lagi"}
)
"""What stops every message to an address at once; whoever writes anything else afterwards is answered again."""
_POLITE = {"pak", "bu", "bapak", "ibu", "mas", "mbak", "kak", "min", "admin", "ya", "nggih", "tolong", "mohon"}
"""What people put round a stop word."""
_SIGNATURE = 80
"""The most characters that may stand under a stop word in a letter: a name, "dikirim dari HP"."""
_REPLY = re.compile(r"^\s*(?:(?:re|balas|bls)\s*:\s*)+", re.IGNORECASE)


def _is_stop(words: str) -> bool:
    said = [word.strip(".,!") for word in words.lower().split()]
    return " ".join(word for word in said if word and word not in _POLITE) in STOP_WORDS


def wants_silence(text: str, subject: str = "") -> bool:
    """Whether somebody asks not to be written to: by a stop word alone.

    A letter (it has a subject) may have a signature under the word, or say it in the subject of an empty letter.
    """
    if _is_stop(text):
        return True
    first, _blank, rest = text.strip().partition("\n")
    if not first:
        return _is_stop(_REPLY.sub("", subject))
    return bool(subject) and _is_stop(first) and len(rest.strip()) <= _SIGNATURE


@cache
def built_in() -> frozenset[str]:
    """The words of our own list, as they are compared."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(_compared(line) for line in lines if line and not line.startswith("#"))


def _compared(text: str) -> str:
    return f" {' '.join(plain_words(text))} "


@dataclass(frozen=True, slots=True)
class Watch:
    """The words that count just now; `everything` takes up whatever is said."""

    words: Sequence[str] = ()
    everything: bool = False

    @classmethod
    def now(cls, *, everything: bool = False) -> Self:
        """The built-in list with what administrators added and took out."""
        rows = [] if everything else Watchword.objects.values_list("word", "counts")
        added = {_compared(word) for word, counts in rows if counts}
        taken = {_compared(word) for word, counts in rows if not counts}
        return cls(sorted((built_in() | added) - taken), everything)

    def passes_over(self, text: str) -> str:
        """Why a comment is passed over, for the coordinator; "" for one that is taken up."""
        if self.everything or wants_silence(text):
            return ""
        said = _compared(text)
        if "?" in text or any(word in said for word in self.words):
            return ""
        return _("Tidak ada kata penanda aduan")
