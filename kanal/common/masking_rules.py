"""What numbers of people look like in Indonesia, for `kanal.common.masking`; all patterns see plain characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from phonenumbers import PhoneMetadata

NumberKind = Literal["nik", "phone", "account"]

# Characters that no skeleton contains otherwise. No match crosses a wall; NEUTRAL only stands for "not a number".
WALL, ACCOUNT_WALL, NEUTRAL = "\x01", "\x02", "\x03"

# --- e-mail -------------------------------------------------------------------------------------------------------
LOCAL_MAX = 64
_PROVIDER = r"(?:gmail|yahoo|ymail|hotmail|outlook|icloud)\b"
_PROVIDER_WHOLE = rf"{_PROVIDER}\s?(?:\.|,|[\[({{]?(?:dot|titik)\b|com\b)"
AT = re.compile(
    r"\s{0,2}@\s{1,2}|\s{1,2}@(?=[\w\-.]{1,63}\.(?:com|co|id|net|org)\b)|@|\s?[\[({]\s?at\s?[\])}]\s?"
    rf"|\s?\(a\)\s?(?={_PROVIDER_WHOLE})|\sat\s(?={_PROVIDER_WHOLE}|[\w\-]{{1,63}}\sdot\s)",
    re.IGNORECASE,
)
_AT_IN_WORDS = re.compile(r"[\[({]\s?at?\s?[\])}]|\sat\s", re.IGNORECASE)
LOCAL_REVERSED = re.compile(r"[\w.%+\-]+")
_ENDING = r"(?:com|co|id|go|net|org|ac|sch)\b"
_DOT = (
    rf"(?:\.|\s\.\s?|\.\s(?={_ENDING})|\N{{IDEOGRAPHIC FULL STOP}}|,(?=(?:com|co\.id|id)\b)"
    rf"|\s?[\[({{]\s?(?:dot|titik)\s?[\])}}]\s?|\sdot\s|\stitik\s(?={_ENDING}))"
)
# Without its dot and ending the name of a well-known provider still says whose mailbox it is.
DOMAIN = re.compile(
    rf"[\w\-]{{1,63}}(?:{_DOT}[\w\-]{{1,63}}){{0,4}}{_DOT}[^\W\d_]{{2,24}}|{_PROVIDER}(?:\scom\b)?", re.IGNORECASE
)


def may_hold_mail(skeleton: str) -> bool:
    """Say quickly whether AT is worth looking for; in most texts it is not."""
    return "@" in skeleton or bool(_AT_IN_WORDS.search(skeleton))


# --- numbers that are nobody's ------------------------------------------------------------------------------------
_CLOCK = r"[0-2]?\d[.:][0-5]\d"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
NOT_A_PERSON = re.compile(
    # All of them begin with a digit or, at the start of a word, with a letter: looked at first, it saves the rest.
    r"(?=\d|(?<![^\W_])(?:Rp|[A-Z]{2,5}-))(?:"
    + "|".join(
        [
            # Money, grouped or plain; no amount begins with 0, so a phone number cannot hide behind "Rp".
            r"\bRp\.?\s{0,2}[1-9]\d{0,2}(?:[.,]\d{3}){1,4}(?:,\d{2}|,-)?(?!\d|[.,]\d)",
            r"\bRp\.?\s{0,2}[1-9]\d{0,12}(?!\d)",
            r"(?<![\d+(])(?<!\d[.,])(?!62\.8)[1-9]\d{0,2}(?:\.\d{3}){1,4}(?:,\d{1,2})?(?![.\-]?\d)",
            r"(?<![\d.,+])[1-9]\d{3,12}(?=\s?(?:rupiah|ribu|rb|juta|jt|miliar|milyar)\b)",
            # Dates and clock times. A continuing separator means that it was a grouped number after all.
            rf"(?<!\d)(?<!\d[\-/.]){_DAY}([\-/.]){_MONTH}\1(?:19|20)\d\d(?!\d|[\-/.]\d)",
            r"(?<!\d)(?<!\d[\-/.])\d\d([\-/])\d\d\2\d\d(?!\d|[\-/.]\d)",
            rf"(?<!\d)(?<!\d[\-/.])(?:19|20)\d\d-{_MONTH}-{_DAY}(?!\d|[\-/.]\d)",
            rf"(?<!\d)(?<!\d[.\-]){_CLOCK}\s?(?:-|s/?d|sampai)\s?{_CLOCK}(?!\d|[.\-]\d)",
            rf"(?:(?<=pukul )|(?<=jam )|(?<=pkl )){_CLOCK}(?!\d|[.\-]\d)",
            rf"(?<!\d)(?<!\d[.\-]){_CLOCK}(?=\s?WIB)",
            r"(?<!\d)(?<!\d[\-/.])(?:19|20)\d\d\s?[\-/]\s?(?:19|20)\d\d(?!\d|[\-/.]\d)",
            # Coordinates, as phones and map links write them.
            r"(?<![\d.])\d{1,3}\.\d{4,9}[, ]{1,2}-?\d{1,3}\.\d{4,9}(?!\d|[.,\-]\d)",
            # Kanal's tracking codes: their alphabet has no 0 and no 1, so no phone number fits.
            r"(?<![^\W_])[A-Z]{2,5}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}(?![^\W_])",
        ]
    )
    + ")",
    re.IGNORECASE,
)

# --- numbers of people --------------------------------------------------------------------------------------------
RUN = re.compile(r"\d(?:[ .,\-()/_*|~]{0,6}\d){5,}")
# The last digit of a long group and the signs that join it to another; clock times have groups of two. A number may
# also go on in the next line, after a group as long as people write them.
ODD_JOINT = re.compile(
    r"(?<=\d\d)\d ?[:;+=\u2026\u00b7\u2022'\"\u2018\u2019\u201c\u201d`\\\[\]{}<>]{1,3} ?['\"\[]?(?=\d{3})"
    r"|(?<=\d\d\d)\d ?\n ?(?=\d{3})"
)
_GROUP = re.compile(r"\d+")
# Read out digit by digit, a few of them perhaps in figures: a phone number from its 08, or sixteen in a row.
_SAID = (
    r"(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan"
    r"|siji|loro|telu|papat|enem|pitu|wolu|sanga|songo)\b"
)
_PAUSE = r"[ ,.\-]{1,3}"
_READ = rf"(?:{_PAUSE}(?:{_SAID}|\d{{1,5}}(?!\d)))"
_EIGHT = r"(?:delapan|lapan|wolu)\b"
SPOKEN = re.compile(
    rf"\b(?:(?:nol|kosong|0){_PAUSE}{_EIGHT}{_READ}{{4,}}+"
    # Begun in figures, or without the leading zero: long enough to be no count of something.
    rf"|0[ .\-]?8\d{{0,3}}(?=(?:{_PAUSE}\d{{1,5}}){{0,2}}{_PAUSE}{_SAID}){_READ}{{3,}}+"
    rf"|(?:enam{_PAUSE}dua{_PAUSE})?{_EIGHT}(?:{_PAUSE}{_SAID}){{8,}}+"
    rf"|{_SAID}(?:{_PAUSE}{_SAID}){{15,}}+)",
    re.IGNORECASE,
)


_SPOKEN_HAS = ("nol", "kosong", "lapan", "wolu")
_BEGUN_IN_FIGURES = re.compile(r"0[ .\-]?8\d{0,3}[ ,.\-]{1,3}(?:\d{1,5}[ ,.\-]{1,3}){0,2}[^\W\d_]")


def may_be_spoken(skeleton: str) -> bool:
    """Say quickly whether SPOKEN is worth looking for: phones have an eight, identity numbers a nought."""
    lower = skeleton.lower()
    return any(word in lower for word in _SPOKEN_HAS) or bool(_BEGUN_IN_FIGURES.search(skeleton))


def spoken_kind(match: re.Match[str]) -> NumberKind:
    """Whether a number read out is a phone's or an identity's."""
    return "phone" if _BEGINS_LIKE_A_PHONE.match(match[0]) else "nik"


_BEGINS_LIKE_A_PHONE = re.compile(r"nol|kosong|0|delapan|lapan|wolu|enam\W+dua\W+(?:delapan|lapan|wolu)", re.IGNORECASE)
_NIK_DIGITS = 16
_NIK_MISTYPED = range(14, 19)
PHONE_MIN = 6
_ACCOUNT_MIN, _ACCOUNT_MAX = 8, 20  # digits; BCA has 10, Mandiri 13, BRI 15
_NEAR, _FAR = 24, 48  # characters before a number in which a word says what it is

# Province (wilayah code, Kepmendagri 300.2.2-2138/2025), regency and district; then day and month, of birth in a NIK
# (40 is added to a woman's day), of issue in a family card's number.
_PLAUSIBLE_NIK = re.compile(
    r"(?:1[1-9]|21|3[1-6]|5[123]|6[1-5]|7[1-6]|8[12]|9[1-7])\d{4}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}"
)
# Written in fours the way bank cards are; four years in a row are not meant.
_PROVINCE_NOT_YEARS = re.compile(r"(?!(?:(?:19|20)\d\d){4})(?:1[1-9]|21|3[1-6]|5[123]|6[1-5]|7[1-6]|8[12]|9[1-7])")
_HAS_WORD = re.compile(r"[a-z]{2}", re.IGNORECASE)
_NIK_WORD = re.compile(r"\b(?:nik|no\.? ?kk|kk|ktp|kartu keluarga|induk kependudukan)\b", re.IGNORECASE)
_PHONE_WORD = re.compile(
    r"\b(?:hp|hub|wa|w\.a|whatsapp|whats ?app|telp|tlp|telepon|telpon|tel|ponsel|kontak|hubungi|call|sms|cp)\b",
    re.IGNORECASE,
)
_TELEPHONE_JUST_BEFORE = re.compile(r"\b(?:telp|tlp|telepon|telpon)\b[^\d\n]{0,6}$", re.IGNORECASE)
_ACCOUNT_WORD = re.compile(
    r"\b(?:no ?rek|norek|rek|rekening|bank|bri|brimo|bca|bni|btn|bsi|bpr|mandiri|bank jatim|jatim|transfer|ditransfer"
    r"|tf|trf|virtual account|va|simpeda)\b",
    re.IGNORECASE,
)
_SERVICE_NUMBER = re.compile(r"1500|14\d{3}$")

_MOBILE_LEAD = re.compile(r"(?:(?:0062|62)0?|0)8[1-35-9]")
_BARE_MOBILE = re.compile(r"8[1-35-9]")
_BARE_GROUPED = re.compile(r"(?<![\d\-./])8[1-35-9]\d-\d{4}-\d{3,5}(?![\d\-./]\d)")
_FIXED_LEAD = re.compile(r"(?:(?:0062|62)0?|0)(?=[2-9])")
_MOBILE_SIZES = range(9, 13)  # digits after the leading 0 or +62
_FIXED_SIZES = range(7, 12)
_TYPED_TOO_LONG = range(13, 15)
_INTERNATIONAL = range(8, 16)
_ID = PhoneMetadata.metadata_for_region("ID")
_FIXED_LINE = re.compile((_ID.fixed_line.national_number_pattern if _ID and _ID.fixed_line else "") or r"(?!)")
_AREA_CODE_MIN = 3
_FIXED_GROUPS_MAX = 4


@dataclass(slots=True)
class Run:
    """Digits with at most three separators between any two: one number, or several in a row."""

    skeleton: str
    groups: list[tuple[int, int]]  # start and end in the skeleton
    offsets: list[int]  # where each group begins in `digits`
    edges: dict[int, int]  # where a group ends in `digits`, and which group
    digits: str
    last_end: int  # end of the find before this place
    last_was_account: bool

    @classmethod
    def of(cls, skeleton: str, match: re.Match[str], last: tuple[int, bool]) -> "Run":
        """Take a match of RUN apart."""
        groups = [part.span() for part in _GROUP.finditer(skeleton, *match.span())]
        offsets, edges, total = [], {}, 0
        for index, (start, end) in enumerate(groups):
            offsets.append(total)
            total += end - start
            edges[total] = index
        digits = "".join([skeleton[start:end] for start, end in groups])
        return cls(skeleton, groups, offsets, edges, digits, *last)

    def size(self, index: int) -> int:
        """Return the number of digits in one group."""
        start, end = self.groups[index]
        return end - start

    def before(self, index: int) -> tuple[str, bool]:
        """Return up to 48 characters before a group, back to the last find, and whether that was an account."""
        start = self.groups[index][0]
        begin = max(start - _FAR, 0)
        account = False
        if self.last_end > begin:
            begin, account = self.last_end, self.last_was_account
        text = self.skeleton[begin:start]
        wall = max(text.rfind(WALL), text.rfind(ACCOUNT_WALL))
        return (text[wall + 1 :], text[wall] == ACCOUNT_WALL) if wall >= 0 else (text, account)

    def plus(self, index: int) -> bool:
        """Say whether a "+" stands before a group."""
        start = self.groups[index][0]
        return start > 0 and self.skeleton[start - 1] == "+"

    def longest(self, begin: int, sizes: range) -> int | None:
        """Return the last group of the longest number that begins at digit `begin` and has one of `sizes` digits."""
        return next((self.edges[begin + size] for size in reversed(sizes) if begin + size in self.edges), None)


def numbers_in(skeleton: str, match: re.Match[str], last: tuple[int, bool]) -> Iterator[tuple[int, int, NumberKind]]:
    """Yield start, end and kind of each number of a person in one match of RUN.

    `last` is where the find before it ended and whether that was an account.
    """
    run = Run.of(skeleton, match, last)
    index, fresh = 0, True
    while index < len(run.groups):
        found = _number_at(run, index, fresh=fresh)
        fresh = found is not None
        if found is None:
            index += 1
            continue
        final, kind = found
        start, end = _outline(run, index, final)
        yield start, end, kind
        run.last_end, run.last_was_account = end, kind == "account"
        index = final + 1


def _number_at(run: Run, index: int, *, fresh: bool) -> tuple[int, NumberKind] | None:
    """Return the last group and the kind of the number that begins with a group.

    Words before it are looked at only where a number can be said to begin (`fresh`, or a long group), which keeps
    a run of a hundred thousand digits linear.
    """
    if (final := _nik(run, index)) is not None:
        return final, "nik"
    if (final := _phone(run, index)) is not None:
        return final, "phone"
    if not fresh and run.size(index) < _ACCOUNT_MIN:
        return None
    before, follows_account = run.before(index)
    return _named(run, index, before) or _account(run, index, before, follows_account=follows_account)


def _named(run: Run, index: int, before: str) -> tuple[int, NumberKind] | None:
    """Return the last group and the kind of a number that a word just `before` it announces."""
    near = before[-_NEAR:]
    if not _HAS_WORD.search(near):
        return None
    if (final := _named_nik(run, index, near)) is not None:
        return final, "nik"
    final = _named_phone(run, index, near)
    return None if final is None else (final, "phone")


def _nik(run: Run, index: int) -> int | None:
    """Find an identity number by its own form: sixteen digits in one piece, or in several with a date inside."""
    begin = run.offsets[index]
    final = run.edges.get(begin + _NIK_DIGITS)
    if final is None or final == index or _PLAUSIBLE_NIK.match(run.digits, begin):
        return final
    fours = final == index + 3 and all(run.size(group) == 4 for group in range(index, final + 1))  # noqa: PLR2004  # 4 x 4
    return final if fours and _PROVINCE_NOT_YEARS.match(run.digits, begin) else None


def _named_nik(run: Run, index: int, near: str) -> int | None:
    """Find an identity number that a word announces, even with a digit or two too many or too few."""
    final = run.edges.get(run.offsets[index] + _NIK_DIGITS)
    if final is None and run.size(index) in _NIK_MISTYPED:
        final = index
    return final if final is not None and _NIK_WORD.search(near) else None


def _phone(run: Run, index: int) -> int | None:
    """Find a phone number by its own form: mobile, landline with area code, or international with "+".

    A mobile number without its 0 shows itself by its groups: 812-3456-7890.
    """
    begin = run.offsets[index]
    if _BARE_GROUPED.match(run.skeleton, run.groups[index][0]):
        return index + 2
    if run.digits[begin] not in "06" and not run.plus(index):
        return None
    if lead := _MOBILE_LEAD.match(run.digits, begin):
        final = _mobile(run, index, lead.end() - 2)
        if final is not None:
            return final
    final = _landline(run, index)
    return run.longest(begin, _INTERNATIONAL) if final is None and run.plus(index) else final


def _mobile(run: Run, index: int, national: int) -> int | None:
    """Return the last group of a mobile number whose 8 is digit `national`; a first group long enough stands alone."""
    alone = run.offsets[index] + run.size(index) - national
    if alone in _MOBILE_SIZES or alone in _TYPED_TOO_LONG:
        return index
    return run.longest(national, _MOBILE_SIZES)


def _landline(run: Run, index: int) -> int | None:
    begin = run.offsets[index]
    lead = _FIXED_LEAD.match(run.digits, begin)
    if not lead or (lead[0].startswith("62") and not run.plus(index)):
        return None
    for size in reversed(_FIXED_SIZES):
        final = run.edges.get(lead.end() + size)
        if final is None or not _FIXED_LINE.fullmatch(run.digits, lead.end(), lead.end() + size):
            continue
        if _has_landline_shape(run, index, final):
            return final
    return None


def _has_landline_shape(run: Run, index: int, final: int) -> bool:
    """Area code in one piece and few groups, or every digit alone: not a row of small numbers."""
    count = final - index + 1
    width = run.groups[final][1] - run.groups[index][0]
    digits = sum(run.size(group) for group in range(index, final + 1))
    whole_area = run.size(index) >= _AREA_CODE_MIN or run.plus(index)
    return (whole_area and count <= _FIXED_GROUPS_MAX) or (count == digits and width > digits)


def _named_phone(run: Run, index: int, near: str) -> int | None:
    """Find a phone number that a word before it announces: "WA 81234567890", "telp. 881234"."""
    begin = run.offsets[index]
    if _BARE_MOBILE.match(run.digits, begin):
        final = run.longest(begin, _MOBILE_SIZES)
        if final is not None and _PHONE_WORD.search(near):
            return final
    final = run.longest(begin, range(PHONE_MIN, 9))
    if final is None or _SERVICE_NUMBER.match(run.digits, begin):
        return None
    return final if _TELEPHONE_JUST_BEFORE.search(near) else None


def _account(run: Run, index: int, before: str, *, follows_account: bool) -> tuple[int, NumberKind] | None:
    """Find a bank account, known by a word before it or by another account just before it."""
    sizes = range(_ACCOUNT_MIN, _ACCOUNT_MAX + 1)
    final = index if run.size(index) in sizes else run.longest(run.offsets[index], sizes)
    if final is None or not (follows_account or _ACCOUNT_WORD.search(before)):
        return None
    return final, "account"


def _outline(run: Run, index: int, final: int) -> tuple[int, int]:
    """Return where a number begins and ends in the text, with its "+" and its opening bracket."""
    start, end = run.groups[index][0], run.groups[final][1]
    if run.plus(index):
        start -= 1
    if start > 0 and run.skeleton[start - 1] == "(" and ")" in run.skeleton[start:end]:
        start -= 1
    return start, end


# --- vehicle plates -----------------------------------------------------------------------------------------------
# Area codes of the police registration (Perpol 7/2021 and the Papua codes since).
_AREAS = (
    "AA|AB|AD|AE|AG|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|DA|DB|DC|DD|DE|DG|DH|DK|DL|DM|DN|DP|DR|DS|DT|DW|EA|EB|ED|KB|KH|KT|KU"
    "|PA|PB|PG|PS|PT|PY|A|B|D|E|F|G|H|K|L|M|N|P|R|S|T|W|Z"
)
PLATE = re.compile(
    rf"(?<![^\W_])(?P<area>{_AREAS})(?P<gap>[ .\-_]{{0,3}})(?P<number>\d{{1,4}})(?!\d)"
    r"(?:(?P<gap2>[ .\-_]{0,3})(?P<suffix>[A-Za-z]{1,3})(?![^\W_])|(?![^\W_]))",
    re.IGNORECASE,
)
SHORT_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
PLATE_REACH = 5
"""Characters before its number in which a plate begins: an area of two letters and a gap of three."""
_PLATE_WORD = re.compile(r"\b(?:plat|pelat|nopol|no\.? ?pol|nomor polisi|tnkb)\b", re.IGNORECASE)
_VEHICLE_WORD = re.compile(
    r"\b(?:motor|sepeda motor|mobil|truk|truck|pick ?up|bus|bis|kendaraan|angkot|dump)\b", re.IGNORECASE
)
_NOT_A_PLATE_BEFORE = re.compile(
    r"\b(?:blok|blk|gang|gg|kelas|tipe|type|kode|lantai|ruang|jalur|seri)\W{0,2}$", re.IGNORECASE
)
# Units, and short words that follow a number in a sentence.
_NO_SUFFIX = re.compile(
    r"m|mm|cm|dm|km|m2|g|gr|kg|l|lt|ltr|ml|cc|mtr|pcs|pk|hp|wa|th|thn|bln|rt|rw|no|jl|jln|gg|ds|dsn|kec|kab"
    r"|kel|wib|rp|rb|jt|am|pm|di|ke|dan|ada|yg|dg|utk|dr|sd|itu|ini|tdk|gak|ga|k|ya|jam|per|oleh|dua|org|ton"
    r"|bus|unit|buah|h|hr|x"
)
_CERTAIN_DIGITS = 3


def plate_end(skeleton: str, match: re.Match[str]) -> int | None:
    """Return where the plate in a match of PLATE ends, or None when it is not a plate."""
    before = skeleton[max(0, match.start() - _NEAR) : match.start()]
    before = before[max(before.rfind(WALL), before.rfind(ACCOUNT_WALL)) + 1 :]
    suffix = (match["suffix"] or "").lower()
    has_suffix = bool(suffix) and not _NO_SUFFIX.fullmatch(suffix)
    if _PLATE_WORD.search(before):
        return match.end() if has_suffix else match.end("number")
    if not has_suffix or _NOT_A_PLATE_BEFORE.search(before):
        return None
    certain = len(match["number"]) >= _CERTAIN_DIGITS
    return match.end() if certain or _VEHICLE_WORD.search(before) else None
