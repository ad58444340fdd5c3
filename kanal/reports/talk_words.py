"""What somebody means who writes to us on a chat: a command, a greeting, or a matter. No message is ever wrong.

Pure: no database.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from kanal.common.codes import normalise_code
from kanal.common.text import greets_only, one_line, thanks_only

LEAST_LETTERS = 15
"""What a report needs at least; fewer letters than in "jalan rusak desa" tell no clerk anything."""
_HASHTAG = re.compile(r"#(?:lapor|aduan)\w*", re.IGNORECASE)
_LONGEST_THANKS = 3  # words that may be any; longer thanks are made of the words of thanks alone
_KIND_SIGNS = re.compile("[👍🙏👌👏🙌🤝💪😊🙂😀😁😄🤗😍🥰❤💐🌹✅\U0001f3fb-\U0001f3ff\ufe0f]+")
_THANKS = re.compile(r"(?:terima ?kasih|makasih|matur ?suwun|suwun|thanks?|tks|trims?|ok|oke|baik|siap|nggih|inggih)\b")


class Wish(Enum):
    """What a message asks for."""

    MATTER = auto()
    REPORT = auto()
    STATUS = auto()
    CANCEL = auto()
    HELP = auto()
    LANGUAGE = auto()
    GREETING = auto()
    THANKS = auto()
    JOIN = auto()
    PROOF = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Meant:
    """A wish, and what it is about: the code after CEK, the words after LAPOR, a language, or the whole text."""

    wish: Wish
    rest: str = ""


_COMMANDS = {
    "lapor": Wish.REPORT,
    "aduan": Wish.REPORT,
    "gabung": Wish.JOIN,
    "satukan": Wish.JOIN,
    "kode": Wish.PROOF,
    "batal": Wish.CANCEL,
    "bantuan": Wish.HELP,
    "help": Wish.HELP,
    "menu": Wish.HELP,
    "info": Wish.HELP,
    "/start": Wish.HELP,
    "/help": Wish.HELP,
}
_LANGUAGES = {
    **dict.fromkeys(("basa jawa", "bahasa jawa", "boso jowo", "basa jowo"), "jv"),
    **dict.fromkeys(("bahasa indonesia", "basa indonesia"), "id"),
    **dict.fromkeys(("english", "bahasa inggris", "in english"), "en"),
}
_STATUS = {"cek", "status", "lacak"}
_BETWEEN = {"status", "laporan", "aduan", "kode", "nomor", "no", "saya"}
"""What people write between CEK and the code, or instead of it."""
_LONGEST_CODE = 9
"""Words that a code may be written in: letter by letter, with its prefix before it."""
_ALONE = {Wish.CANCEL, Wish.HELP}
"""Commands that stand alone: "batal nikah" is no wish to cancel."""
_PROOF = re.compile(r"\d{3}[ -]?\d{3}(?:[ -]?\d{3})?")
_SHAPED = {
    Wish.JOIN: re.compile(r"|\S+@\S+|[+(]?\d[\d ().-]{7,22}"),
    Wish.PROOF: re.compile(r"[\d .-]{6,15}"),
}
"""Commands that are such only with what belongs to them: "gabung dengan tetangga" tells a story."""


def meant(text: str, prefix: str) -> Meant:
    """What a message means. Anything that is no command and no greeting is a matter. `prefix`: of tracking codes."""
    text = text.strip()
    if not text:
        return Meant(Wish.NOTHING)
    return _command(text, prefix) or _courtesy(text) or Meant(Wish.MATTER, text)


def _command(text: str, prefix: str) -> Meant | None:
    language = _LANGUAGES.get(" ".join(text.lower().split()).strip(".!"))
    if language:
        return Meant(Wish.LANGUAGE, language)
    first, *others = text.split(maxsplit=1)  # people write LAPOR on a line of its own too
    word, rest = first.lower().strip(".,:;!#"), "".join(others).strip(" :")
    if word in _STATUS and (asked := _asked_after(rest, prefix)) is not None:
        return Meant(Wish.STATUS, asked)
    code = normalise_code(text, prefix)
    if code and text.upper().startswith(prefix):
        return Meant(Wish.STATUS, code)
    wish = _COMMANDS.get(word)
    if _PROOF.fullmatch(text):
        return Meant(Wish.PROOF, text)
    if wish is None or (wish in _ALONE and rest) or (wish in _SHAPED and not _SHAPED[wish].fullmatch(rest)):
        return None
    return Meant(wish, rest)


def _asked_after(rest: str, prefix: str) -> str | None:
    """The code behind CEK, however it is written; "" where it is missing or none, None where something else is told."""
    words = [word for word in rest.split() if word.lower().strip(":.") not in _BETWEEN]
    if not words or len(rest.split()) <= 1:
        return normalise_code("".join(words), prefix) or ""
    for end in range(min(len(words), _LONGEST_CODE), 0, -1):  # "cek BJN-7K4M-9Q2X pak, kok lama"
        told = " ".join(words[:end])
        sure = len(words) == 1 or told.upper().startswith(prefix) or any(char.isdigit() for char in told)
        if sure and (code := normalise_code(told, prefix)):
            return code
    return None


def _courtesy(text: str) -> Meant | None:
    if _only_thanks(text) or (_THANKS.match(text.lower()) and len(text.split()) <= _LONGEST_THANKS):
        return Meant(Wish.THANKS, text)
    return Meant(Wish.GREETING, text) if greets_only(text) else None


def _only_thanks(text: str) -> bool:
    thanks = _THANKS.match(text.lower()) and thanks_only(text)
    return bool(thanks or _KIND_SIGNS.fullmatch("".join(text.split())))


def answers_nothing(text: str) -> bool:
    """Whether words answer no question: there are none, or they only greet or thank."""
    return not text.strip() or greets_only(text) or _only_thanks(text)


def asks_to_be_filed(text: str, prefix: str) -> str:
    """The words of a public message that asks to be made a report, without what asks for it; "" for any other."""
    told = meant(text, prefix)
    if told.wish is Wish.REPORT:
        return told.rest
    words = _HASHTAG.sub("", text).strip()
    return words if words != text.strip() else ""


def is_enough(body: str) -> bool:
    """Whether a clerk could act on these words."""
    return sum(char.isalnum() for char in body) >= LEAST_LETTERS


def chosen(text: str, choices: int) -> int | None:
    """The place in a list that a short answer picks ("2", "no 2"), from 0; None for anything else."""
    number = re.fullmatch(r"(?:no\.?|nomor)?\s*(\d{1,2})\.?", one_line(text).lower())
    return int(number[1]) - 1 if number and 0 < int(number[1]) <= choices else None
