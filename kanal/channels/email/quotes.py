"""Cutting away what a person did not write now: the letter they answer, their signature, their telephone's line."""

import re

_WROTE = re.compile(
    r"^\s*(?:pada|on|le)\b(?=.*(?:\d|@)).{5,300}(?:menulis|wrote|a écrit|nulis)\s*:\s*$", re.IGNORECASE | re.DOTALL
)
_ORIGINAL = re.compile(
    r"^\s*-{3,}\s*(?:original message|original appointment|pesan asli|pesan asal|pesan awal)\s*-{3,}\s*$", re.IGNORECASE
)
_FORWARDED = re.compile(
    r"^\s*-{3,}\s*(?:forwarded message|pesan (?:yang )?(?:di)?terus(?:k)?an)\s*-{3,}\s*$", re.IGNORECASE
)
_FROM = re.compile(r"^\s*\*?(?:from|dari)\s*:\*?\s*\S", re.IGNORECASE)
_MORE_HEADERS = re.compile(
    r"^\s*\*?(?:sent|date|to|subject|cc|dikirim|terkirim|tanggal|kepada|ke|untuk|subjek|perihal|tembusan)\s*:",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(
    r"^\s*(?:(?:sent|dikirim|terkirim)\s+(?:from|dari|via|melalui|menggunakan)\s+.{2,60}"
    r"|(?:get|dapatkan)\s+outlook\s+(?:for|untuk)\s+.{2,40})\s*$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")
_WRAPPED = 3
"""Lines over which a mail program may break "On … wrote:"."""
_HEADERS_WITHIN = 5
_BLANKS_BEFORE = 4


def new_words(text: str) -> str:
    """Return what was written now. Where that would be nothing, everything: a forwarded letter is the matter itself."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = _without_signature(_without_quotes(lines))
    return "\n".join(kept).strip() or text.strip()


def is_quoted_alone(text: str) -> bool:
    """Whether a text holds nothing but what it quotes."""
    return bool(text.strip()) and not "\n".join(_without_signature(_without_quotes(text.split("\n")))).strip()


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if _FORWARDED.match(lines[at]):  # what is forwarded is what they want us to read
            return [*kept, *lines[at:]]
        if _ORIGINAL.match(lines[at]) or _begins_headers(lines, at):
            return _without_rule(kept)
        length = _attribution(lines, at)
        if length:
            at += length
            if not _quote_follows(lines, at):
                return kept
            continue
        if not lines[at].lstrip().startswith(">"):
            kept.append(lines[at])
        at += 1
    return kept


def _attribution(lines: list[str], at: int) -> int:
    """How many lines "On … wrote:" takes here; 0 for none."""
    if not re.match(r"\s*(?:pada|on|le)\b", lines[at], re.IGNORECASE):
        return 0
    for length in range(1, _WRAPPED + 1):
        wrapped = " ".join(lines[at : at + length])
        if _WROTE.match(wrapped) and ("@" in wrapped or _quote_follows(lines, at + length)):
            return length
    return 0


def _quote_follows(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + _BLANKS_BEFORE] if line.strip()), "")
    return following.lstrip().startswith(">")


def _begins_headers(lines: list[str], at: int) -> bool:
    """Outlook's block: From, then at least two of Sent, To and Subject."""
    if not _FROM.match(lines[at]):
        return False
    return sum(bool(_MORE_HEADERS.match(line)) for line in lines[at + 1 : at + 1 + _HEADERS_WITHIN]) > 1


def _without_rule(lines: list[str]) -> list[str]:
    """Outlook draws a line above what it quotes."""
    while lines and not lines[-1].strip(" _-*"):
        lines.pop()
    return lines


def _without_signature(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if _SIGNATURE.match(line):
            lines = lines[:at]
            break
    while lines and (not lines[-1].strip() or _TELEPHONE.match(lines[-1])):
        lines.pop()
    return lines
