"""Which public comments are taken up: those with a word that marks a complaint, a question or a request.

Whatever else people write under our posts (praise, jokes, greetings) is passed over, counted and not kept as a message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from django.utils.translation import gettext as _

from kanal.channels.models import Watchword
from kanal.common.text import plain_words

_LIST = Path(__file__).parent / "words" / "complaints.txt"
STOP_WORDS = frozenset({"stop", "berhenti", "unreg", "unsubscribe", "jangan kirim lagi"})
"""What stops every message to an address at once; whoever writes anything else afterwards is answered again."""


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
        if self.everything or text.strip().strip(".!").lower() in STOP_WORDS:
            return ""
        said = _compared(text)
        if "?" in text or any(word in said for word in self.words):
            return ""
        return _("Tidak ada kata penanda aduan")
