"""What an export's words mean here: agencies, places, categories; what stays open is counted, never guessed."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.text import slugify
from django.utils.translation import gettext as _

from kanal.agencies.actions import make_agency
from kanal.agencies.models import Agency
from kanal.agencies.places import gazetteer
from kanal.agencies.queries import reference
from kanal.channels.lapor import AgencyMatcher, KnownAgency, LaporRow, Match, PlaceMatcher
from kanal.channels.lapor.naming import tokens
from kanal.common.refusal import Refused
from kanal.common.text import shorten
from kanal.reports.queries import report_reference

_CODE_LENGTH = 60
_SHORT_NAME = 60
_KIND_OF = {
    **dict.fromkeys(("dinas", "satuan"), Agency.Kind.OFFICE),
    "badan": Agency.Kind.BOARD,
    "sekretariat": Agency.Kind.SECRETARIAT,
    "inspektorat": Agency.Kind.INSPECTORATE,
    "bagian": Agency.Kind.DIVISION,
    "kecamatan": Agency.Kind.DISTRICT,
    **dict.fromkeys(("kelurahan", "desa"), Agency.Kind.VILLAGE),
    **dict.fromkeys(("rumah", "rsud"), Agency.Kind.HOSPITAL),
    **dict.fromkeys(("perumda", "perumdam", "pdam"), Agency.Kind.COMPANY),
}


@dataclass
class UnknownAgency:
    """An agency that a person must decide on: how many reports name it, and what it might be."""

    count: int = 0
    why: str = ""
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass
class Names:
    """Resolves the words of exports and remembers what it could not resolve."""

    create_agencies: bool = False
    mapping: dict[str, str] = field(default_factory=dict)
    government: str = ""
    unknown: dict[str, UnknownAgency] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    categories: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        facts = reference()
        ours = (facts.regency.name, facts.regency.short_name)
        # One that was merged too: LAPOR! goes on using its name, and what it had is with those who took over.
        standing = [a for a in facts.agencies.values() if (now := facts.agency_today(a.id)) and now.active]
        known = [KnownAgency(a.code, a.name, a.short_name, a.kind) for a in standing]
        self._agencies = AgencyMatcher(known, ours)
        self._codes = {a.code: a.id for a in facts.agencies.values()}
        self._places = PlaceMatcher(gazetteer(), ours)
        self._regions = {r.code: r.id for r in facts.regions.values()}
        self._ours = facts.regency.short_name
        self._category_names = {c.name.casefold(): c.id for c in report_reference().categories.values()}
        if wrong := sorted(set(self.mapping.values()) - set(self._codes)):
            raise Refused(
                _("Kode perangkat daerah tidak dikenal dalam berkas padanan: %(codes)s.") % {"codes": ", ".join(wrong)},
                status=400,
            )

    def agency(self, row: LaporRow) -> int | None:
        """Our agency for a row; None, and remembered, when that is for a person to say."""
        name = row.agency_name or _body(row.parent_agency)
        if not name:
            return None
        mapped = self.mapping.get(_plain(name))
        if mapped:
            return self._codes[mapped]
        match = self._agencies.match(name, row.parent_agency)
        # A unit we do not know, of an agency that we do: the export itself says whose it is.
        body = _body(row.parent_agency)
        certain = match.code or (self._agencies.match(body).code if body else None)
        if certain:
            return self._codes[certain]
        return self._made_before(name, row.parent_agency, match)

    def _made_before(self, name: str, parent: str, match: Match) -> int | None:
        """An agency that an import made, now or earlier; its code keeps it apart from ours of the same name."""
        elsewhere = self._elsewhere(name, parent)
        full = f"{name}, {elsewhere}" if elsewhere else name
        code = slugify(f"lapor-{_plain(full)}")[:_CODE_LENGTH].strip("-")
        if code not in self._codes and self.create_agencies:
            kind = _KIND_OF.get(_plain(name).split(" ")[0], Agency.Kind.OTHER)
            agency = make_agency(code=code, name=full[:160], short_name=shorten(name, _SHORT_NAME), kind=kind)
            self._codes[code] = agency.pk
            self.created.append(agency.name)
        if code in self._codes:
            return self._codes[code]
        left = self.unknown.setdefault(full, UnknownAgency(why=match.why, candidates=match.candidates))
        left.count += 1
        return None

    def _elsewhere(self, name: str, parent: str) -> str:
        """The other government that an agency belongs to, when its own name does not tell."""
        government = self.government if _body(parent) or not parent else parent
        words = tokens(government)
        if not words or words[-1] in tokens(name) or words[-1] in tokens(self._ours):
            return ""
        return government.split(" ", 1)[-1]

    def learn_government(self, banner: str, rows: Iterable[LaporRow]) -> None:
        """Note whose export this is: what its banner says, else the government that most lines name."""
        told = Counter(row.parent_agency for row in rows if row.parent_agency and not _body(row.parent_agency))
        if banner and not _body(banner):
            self.government = banner
        elif told:
            self.government = told.most_common(1)[0][0]

    def place(self, row: LaporRow) -> tuple[int | None, str]:
        """Our region for a row, and the words of the place when they name none of ours."""
        match = self._places.match(row.district, row.village, row.regency)
        if match.code:
            return self._regions[match.code], ""
        told = ", ".join(dict.fromkeys(word for word in (row.village, row.district, row.regency) if word))
        if told:
            self.places[told] += 1
        return None, told

    def category(self, row: LaporRow) -> int | None:
        """Our category: by the number it has in LAPOR!, else by exactly its name."""
        found = report_reference().categories_by_lapor_id.get(row.lapor_category_id)
        if found:
            return found.id
        named = self._category_names.get(row.category_name.casefold()) if row.category_name else None
        if named is None and (row.category_name or row.lapor_category_id):
            self.categories[row.category_name or row.lapor_category_id] += 1
        return named


def read_mapping(path: Path) -> dict[str, str]:
    """The decisions of a person: a CSV file with the columns name and code. Raises Refused when it is not one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"name", "code"} <= set(reader.fieldnames or ()):
                raise Refused(_("Berkas padanan harus punya kolom name dan code."), status=400)
            return {_plain(row["name"]): row["code"].strip() for row in reader if row["name"] and row["code"]}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused(_("Berkas padanan %(name)s tidak bisa dibaca.") % {"name": path.name}, status=400) from error


def _plain(name: str) -> str:
    """A name as it compares: without case, abbreviations written out."""
    return " ".join(tokens(name))


def _body(parent: str) -> str:
    """The parent agency when it is a body of the government, "" when it is the whole government."""
    return "" if _plain(parent).startswith("pemerintah") else parent
