"""Rows of an event as they are typed, pasted or read from a sheet: each is checked on its own, none is thrown away."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.common.refusal import Refused
from kanal.common.text import one_line
from kanal.reports.actions import Filing, Typed
from kanal.reports.forms.fields import Line, Words
from kanal.reports.forms.filing import LEAST_LETTERS, LONGEST
from kanal.reports.forms.reaching import PhoneField
from kanal.reports.queries import report_reference
from kanal.reports.queries.gatherings import COLUMNS, MOST_DRAFTS, Cells, Draft, is_blank, places_meant
from kanal.reports.workflow import KIND_WORDS, Kind

LONGEST_CELL = 32_767
"""Characters of a cell that are kept as typed; it is what a spreadsheet's own cell holds."""
MOST_AT_ONCE = MOST_DRAFTS + 50
LABELS = {
    "name": gettext_lazy("Nama"),
    "phone": gettext_lazy("Nomor HP"),
    "village": gettext_lazy("Desa"),
    "words": gettext_lazy("Yang disampaikan"),
    "category": gettext_lazy("Kategori"),
    "kind": gettext_lazy("Jenis"),
}
KINDS = (Kind.COMPLAINT, Kind.ASPIRATION, Kind.INFORMATION)
_HEADS = {
    "name": ("nama", "nama lengkap", "nama warga", "nama pelapor", "pelapor", "pengirim"),
    "phone": ("nomor hp", "no hp", "no. hp", "hp", "telepon", "no telepon", "no. telepon", "no telp", "wa", "no wa"),
    "village": ("desa", "desa/kelurahan", "desa / kelurahan", "desa atau kelurahan", "kelurahan", "alamat", "wilayah"),
    "words": ("yang disampaikan", "isi", "isi laporan", "aduan", "keluhan", "usulan", "uraian", "masalah", "laporan"),
    "category": ("kategori", "bidang", "topik"),
    "kind": ("jenis", "jenis laporan"),
}
HEADS = {word: column for column, words in _HEADS.items() for word in words}
"""What people write above their columns, in small letters; the printed list is Indonesian whoever prints it."""

_KINDS = {
    **dict.fromkeys(("aduan", "keluhan", "laporan"), Kind.COMPLAINT),
    **dict.fromkeys(("usulan", "aspirasi", "saran"), Kind.ASPIRATION),
    **dict.fromkeys(("informasi", "tanya", "pertanyaan"), Kind.INFORMATION),
    "pengawasan": Kind.WHISTLEBLOWING,
}
_NUMBER = re.compile(r"[0-9]{1,8}")
_KEY = re.compile(r"[a-z0-9-]{8,40}")
_NAME = Line(most=120, required=False)
_PHONE = PhoneField(required=False)
_WORDS = Words(most=LONGEST, required=False)


@dataclass(slots=True)
class Checked:
    """A row as it was typed and what is wrong with it: a sentence per column, and places between which to choose."""

    cells: Cells
    problems: dict[str, str] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)
    filing: Filing | None = None

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing at all."""
        return is_blank(self.cells)


def checked(cells: Cells) -> Checked:
    """Look at one row. `filing` is there when nothing is wrong; its submission is named when it is filed."""
    row = Checked(cells)
    name = _cleaned(row, "name", _NAME)
    phone = _cleaned(row, "phone", _PHONE)
    body = _cleaned(row, "words", _WORDS)
    if "words" not in row.problems and sum(char.isalnum() for char in body) < LEAST_LETTERS:
        row.problems["words"] = (
            _("Terlalu pendek untuk ditindaklanjuti. Tambahkan: jalan mana, seberapa parah, sejak kapan.")
            if body
            else _("Belum ada yang disampaikan. Tulis, atau kosongkan barisnya.")
        )
    region, category, kind = _region(row), _category(row), _kind(row)
    if not row.problems:
        row.filing = Filing(
            body=body, submission="", kind=kind, category_id=category, region_id=region, name=name, phone=phone
        )
    return row


def _cleaned(row: Checked, column: str, rule: Line | Words) -> str:
    try:
        return str(rule.clean(row.cells[column]))
    except ValidationError as error:
        row.problems[column] = " ".join(error.messages)
        return ""


def _region(row: Checked) -> int | None:
    typed = one_line(row.cells["village"])
    if not typed:
        return None
    found = places_meant(typed)
    if len(found) == 1:
        return found[0].id
    row.choices = [place.place for place in found[:12]]
    if found:
        sentence = _("“%(name)s” ada di lebih dari satu tempat. Pilih salah satu: %(places)s.")
    else:
        sentence = _("“%(name)s” tidak ada di daftar desa. Pilih dari daftar, atau kosongkan dan tulis tempatnya.")
    row.problems["village"] = sentence % {"name": typed[:60], "places": "; ".join(row.choices)}
    return None


def category_names() -> dict[str, int]:
    """The categories as they are written in a cell; a name that repeats carries the one above it in brackets."""
    active = [c for c in report_reference().categories.values() if c.active]
    above = {c.id: c.name for c in active}
    names = [c.name.casefold() for c in active]
    return {
        f"{c.name} ({above.get(c.parent_id or 0, '')})" if names.count(c.name.casefold()) > 1 else c.name: c.id
        for c in active
    }


def _category(row: Checked) -> int | None:
    typed = one_line(row.cells["category"]).casefold()
    if not typed:
        return None
    found = {name.casefold(): pk for name, pk in category_names().items()}.get(typed)
    if found is None:
        row.problems["category"] = _("Kategori itu tidak ada. Pilih dari daftar, atau kosongkan: petugas yang memilih.")
    return found


def kind_names() -> list[str]:
    """The kinds that can be written in a row."""
    return [str(KIND_WORDS[kind]) for kind in KINDS]


@cache
def _kinds() -> dict[str, Kind]:
    """What a kind may be called. A row chosen in one language means the same to who reads it in the other."""
    found = dict(_KINDS)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {str(words).casefold(): kind for kind, words in KIND_WORDS.items()}
    return found


def _kind(row: Checked) -> Kind:
    typed = one_line(row.cells["kind"]).casefold()
    found = _kinds().get(typed) if typed else Kind.COMPLAINT
    if found is None:
        row.problems["kind"] = _("Jenis itu tidak ada. Tulis: %(kinds)s. Kosong berarti pengaduan.") % {
            "kinds": ", ".join(kind_names())
        }
    elif found is Kind.WHISTLEBLOWING:
        # Whoever keeps the event reads its rows; of whistle-blowing the Inspektorat alone may know.
        row.problems["kind"] = _(
            "Laporan pengawasan jangan ditulis di sini. Catat lewat “Catat laporan”, lalu kosongkan baris ini."
        )
    return found or Kind.COMPLAINT


# From a form to rows ------------------------------------------------------------------------------------------------


def typed_rows(data: QueryDict) -> list[Typed]:
    """The rows of a sent form: one list per column, all equally long. Raises Refused for what no page of ours sends."""
    keys = data.getlist("key")
    versions = data.getlist("version")
    columns = {name: data.getlist(name) for name in COLUMNS}
    lengths = {len(keys), len(versions), *map(len, columns.values())}
    if len(lengths) != 1 or len(keys) > MOST_AT_ONCE or not all(map(_KEY.fullmatch, keys)):
        raise Refused(
            _("Isian ini terpotong di jalan. Muat ulang halamannya, lalu coba lagi."), status=400, code="torn"
        )
    return [
        Typed(key, {name: kept(values[at]) for name, values in columns.items()}, _number(versions[at]))
        for at, key in enumerate(keys)
    ]


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


def kept(text: str) -> str:
    """A cell as it is kept: without what no database can hold. Raises Refused when it is longer than any cell."""
    if len(text) > LONGEST_CELL:
        raise Refused(
            _("Satu isian terlalu panjang: paling banyak %(most)d huruf per baris.") % {"most": LONGEST_CELL},
            status=413,
            code="too_long",
        )
    return text.replace("\0", "").replace("\r\n", "\n").encode("utf-8", "ignore").decode()


def checked_drafts(drafts: Iterable[Draft]) -> list[tuple[Draft, Checked]]:
    """Each waiting row with what is wrong with it."""
    return [(draft, checked(draft.cells)) for draft in drafts]
