"""Numbers and addresses of people, and Kanal's own private links, found in free text and hidden from the public.

All rules work on a *skeleton* of the text: the same length, but with every digit, dash, blank and letter form in its
plain shape, so that full-width or Javanese digits hide nothing. Every rule takes linear time.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from kanal.common import masking_rules as rules

Kind = Literal["nik", "phone", "email", "plate", "account", "link"]

# Stored inside public texts, hence one language and never translated.
REPLACEMENT: Final[dict[Kind, str]] = {
    "nik": "[NIK disembunyikan]",
    "phone": "[nomor HP disembunyikan]",
    "email": "[e-mail disembunyikan]",
    "plate": "[pelat disembunyikan]",
    "account": "[nomor rekening disembunyikan]",
    "link": "[tautan pribadi disembunyikan]",
}

_SITE_MAX = 270
_SITE_REVERSED = re.compile(r"[\w.:/\-]*")
# Kanal's own addresses with a secret in them, whatever the site is called: the reporter's page, the links that begin
# and end following, the page of an outside party. What is public has no such secret: /lacak/BJN-7K4M-Q2XD, /aduan/....
_PRIVATE_PATH = re.compile(
    r"\b(?:lacak/[^\s/]{4,40}|aduan/(?:ikuti|berhenti)|tugas)/[\w:\-]{16,}(?:[\w/:?&=%#.\-]*[\w/])?", re.IGNORECASE
)
DOT = "•"
_MARKER = re.compile("|".join(map(re.escape, REPLACEMENT.values())))
_ZERO_WRITTEN_AS_O = re.compile(r"(?<![^\W_])[oO](?=[ .\-]{0,2}8[ .\-]{0,2}\d)")
_WITH_LETTERS_FOR_DIGITS = re.compile(r"(?<![^\W_])(?=[OoIl.\-]{0,4}\d)[\dOoIl][\dOoIl.\-]*+")
_READ_AS_DIGITS = str.maketrans("OoIl", "0011")
# Hiding one thing may uncover the edge of another; two rounds settle all but invented texts.
_MAX_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Span:
    """One hidden stretch of a text: `text[start:end]`."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as the public sees it, and the kinds of what was hidden, in order."""

    text: str
    found: tuple[Kind, ...]


def unmarked(text: str) -> str:
    """A masked text without the words that stand for what was hidden: nobody said those."""
    return _MARKER.sub(" ", text) if "[" in text else text


def mask(text: str) -> Masked:
    """Return `text` with numbers and addresses of people, plates, accounts and private links hidden. Idempotent."""
    return _without(text, masked_spans(text))


def mask_links(text: str) -> str:
    """Return `text` with private links alone hidden: for what a person decided to show, its numbers included."""
    return _without(text, list(_links(_skeleton(text)))).text


def _without(text: str, spans: list[Span]) -> Masked:
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += (text[position : span.start], REPLACEMENT[span.kind])
        position = span.end
    pieces.append(text[position:])
    return Masked("".join(pieces), tuple(span.kind for span in spans))


_DIGIT = re.compile(r"\d")


def masked_spans(text: str) -> list[Span]:
    """Return what `mask` would hide, in order and without overlaps, so that the desk can show it."""
    skeleton = _skeleton(text)
    if not (_DIGIT.search(skeleton) or rules.may_hold_mail(skeleton) or rules.may_be_spoken(skeleton)):
        return list(_links(skeleton))  # all else has a digit or an at sign, and most titles and places have neither
    skeleton = rules.ODD_JOINT.sub(lambda joint: joint[0][0] + " " * (len(joint[0]) - 1), skeleton)
    spans: list[Span] = []
    for _round in range(_MAX_ROUNDS):
        found: list[Span] = []
        for finder in (_links, _emails, _spoken, _numbers, _plates):
            new = list(finder(skeleton))
            skeleton = _walled(skeleton, new)
            found += new
        if not found:
            break
        spans += found
    return sorted(spans, key=lambda span: span.start)


def mask_email(address: str) -> str:
    """Return an e-mail address with the first letter and the domain only: "b•••@gmail.com"."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local[:1]}{DOT * 3}@{domain}" if at and local else DOT * 3


# --- the skeleton -------------------------------------------------------------------------------------------------


_PICTURE_FORM = "\N{VARIATION SELECTOR-16}"  # between the digit and the frame of a keycap
_PLAIN_MAX = 20_000  # characters remembered; more than any honest language mix uses


class _Plain(dict[int, str]):
    """Code point to its plain character, worked out on demand; always one character for one."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = _plain(char)
        if len(self) < _PLAIN_MAX:
            self[code] = plain
        return plain


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if char != "\n" and (category in {"Cc", "Cf", "Me", "Zs", "Zl", "Zp"} or char == _PICTURE_FORM):
        return " "
    if category == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and folded.isascii() else char


_PLAIN = _Plain({code: chr(code) for code in range(0x20, 0x7F)})


def _skeleton(text: str) -> str:
    """Return `text` in plain characters, what is already hidden walled off, and "O8l2" read as 0812."""
    plain = text.translate(_PLAIN)
    plain = _ZERO_WRITTEN_AS_O.sub("0", plain)
    plain = _WITH_LETTERS_FOR_DIGITS.sub(lambda word: word[0].translate(_READ_AS_DIGITS), plain)
    return _MARKER.sub(_wall, plain)


def _wall(marker: re.Match[str]) -> str:
    wall = rules.ACCOUNT_WALL if marker[0] == REPLACEMENT["account"] else rules.WALL
    return wall * len(marker[0])


def _walled(skeleton: str, spans: list[Span]) -> str:
    """Return the skeleton with `spans` turned into walls, which no further match crosses."""
    if not spans:
        return skeleton
    pieces: list[str] = []
    position = 0
    for span in spans:
        wall = rules.ACCOUNT_WALL if span.kind == "account" else rules.WALL
        pieces += (skeleton[position : span.start], wall * (span.end - span.start))
        position = span.end
    return "".join([*pieces, skeleton[position:]])


# --- the finders --------------------------------------------------------------------------------------------------


def _links(skeleton: str) -> Iterator[Span]:
    last = 0
    for match in _PRIVATE_PATH.finditer(skeleton) if "/" in skeleton else ():
        before = _SITE_REVERSED.match(skeleton[max(last, match.start() - _SITE_MAX) : match.start()][::-1])
        last = match.end()
        yield Span(match.start() - (len(before[0]) if before else 0), last, "link")


def _emails(skeleton: str) -> Iterator[Span]:
    if not rules.may_hold_mail(skeleton):
        return
    last = 0
    for at in rules.AT.finditer(skeleton):
        domain = rules.DOMAIN.match(skeleton, at.end())
        window = skeleton[max(last, at.start() - rules.LOCAL_MAX) : at.start()] if domain else ""
        before = rules.LOCAL_REVERSED.match(window[::-1])
        if before and domain:
            yield Span(at.start() - len(before[0]), domain.end(), "email")
            last = domain.end()


def _spoken(skeleton: str) -> Iterator[Span]:
    if not rules.may_be_spoken(skeleton):
        return
    for match in rules.SPOKEN.finditer(skeleton):
        yield Span(match.start(), match.end(), rules.spoken_kind(match))


def _numbers(skeleton: str) -> Iterator[Span]:
    if not rules.RUN.search(skeleton):
        return  # clearing away amounts and dates is the dear part, and only long runs of digits need it
    skeleton = rules.NOT_A_PERSON.sub(lambda match: rules.NEUTRAL * len(match[0]), skeleton)
    last: Span | None = None
    for match in rules.RUN.finditer(skeleton):
        for start, end, kind in rules.numbers_in(skeleton, match, _account_end(last)):
            last = Span(start, end, kind)
            yield last


def _account_end(last: Span | None) -> tuple[int, bool]:
    """Return where the last find ended and whether it was an account: the next number may be another one."""
    return (last.end, last.kind == "account") if last else (0, False)


def _plates(skeleton: str) -> Iterator[Span]:
    last = 0
    # Tried at the few places before a short number only: its many letters are dear to look for everywhere.
    for number in rules.SHORT_NUMBER.finditer(skeleton):
        for start in range(max(last, number.start() - rules.PLATE_REACH), number.start()):
            match = rules.PLATE.match(skeleton, start)
            if match:
                last = match.end()
                end = rules.plate_end(skeleton, match)
                if end:
                    yield Span(start, end, "plate")
                break
