"""Labels that name a place: "Kecamatan Gubeng" is the kind "Kecamatan" and the place of the row.

Telling "Kelurahan Ploso" from "Kelurahan Pakis" by their words is hopeless: complaints for the two sound alike.
So the kind is learned from the words, and the place is read from the row: from the column that names such places,
else from the text.
"""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

KINDS = {"kecamatan": "kecamatan", "kec": "kecamatan", "kelurahan": "kelurahan", "kel": "kelurahan", "desa": "desa"}
COLLAPSED = "*"
FEWEST_PLACES = 3
"""A kind is collapsed when at least so many places have it."""
_ALIKE = 0.85
_SHORTEST_NAMED = 4  # letters of a place name that is looked for in a text without its kind before it

_HINT_ROWS, _HINT_SHARE = 3, 0.8
_WORD = re.compile(r"[a-z]{4,}")
_PLACE_LABEL = re.compile(rf"\s*({'|'.join(KINDS)})\b\.?\s+(.+?)(?:,?\s+kab(?:upaten|\.)?\s.*)?\s*$", re.IGNORECASE)
_LETTERS = re.compile(r"[^a-z]+")


def split_label(label: str) -> tuple[str, str] | None:
    """("kelurahan", "wonorejotegalsari") for "Kelurahan Wonorejo-Tegalsari"; None for a label without a place."""
    found = _PLACE_LABEL.match(label)
    return (KINDS[found[1].lower()], squeezed(found[2])) if found else None


def squeezed(name: str) -> str:
    """A name by its letters alone: spellings with a blank or a dash are the same place."""
    return _LETTERS.sub("", name.lower())


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its text, its label and the values of the columns that tell its place."""

    text: str
    label: str
    places: tuple[str, ...] = ()


@dataclass(slots=True)
class PlaceLabels:
    """What the training rows tell of labels with places: how they are written and which column decides."""

    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each collapsed kind, the label of each place as it is usually written."""
    column: dict[str, int] = field(default_factory=dict)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    """What a column's value usually means where it is not the place's own name."""
    hints: dict[tuple[str, str], str] = field(default_factory=dict)
    """Words that nearly always go with one place of a kind."""
    trust: dict[str, float] = field(default_factory=dict)
    """How often the first place that is read from a row is the right one."""

    def collapse(self, label: str) -> str:
        """What is learned for a label: the kind for one with a place, else the label itself."""
        named = split_label(label)
        return f"{named[0]} {COLLAPSED}" if named and named[0] in self.labels else label

    def expand(self, learned: str, row: Row) -> list[tuple[str, float]]:
        """The labels that a learned class means for a row, with their shares of its chance, likeliest first."""
        kind, _blank, mark = learned.rpartition(" ")
        if mark != COLLAPSED or kind not in self.labels:
            return [(learned, 1.0)]
        named = self.candidates(kind, row)
        if not named:
            return [(learned, 1.0)]
        trust = self.trust.get(kind, 1.0)
        shares = [trust] + [(1 - trust) / max(len(named) - 1, 1)] * (len(named) - 1)
        return list(zip(named, shares, strict=True))

    def candidates(self, kind: str, row: Row) -> list[str]:
        """The labels of a kind that the row's own place names: by its column, then in its text, then by its words."""
        at = self.column.get(kind)
        value = row.places[at].strip() if at is not None and at < len(row.places) else ""
        told = " ".join([row.text, *(place for index, place in enumerate(row.places) if index != at)])
        known = self._label(kind, value)
        found = [known] if known else []
        found += self._in_text(kind, told) + self._by_words(kind, told)
        return list(dict.fromkeys(found or ([f"{kind.title()} {value}"] if value else [])))

    def _label(self, kind: str, value: str) -> str:
        """The label that a column's value means; "" for a value that no label is like."""
        name, known = squeezed(value), self.labels[kind]
        if name in known:
            return known[name]
        if (kind, name) in self.aliases:
            return self.aliases[kind, name]
        alike = difflib.get_close_matches(name, known, n=1, cutoff=_ALIKE)
        return known[alike[0]] if alike else ""

    def _by_words(self, kind: str, text: str) -> list[str]:
        """Labels of places that the text's words belong to: a road, a village, a market."""
        said = set(_WORD.findall(text.lower()))
        votes = Counter(place for word in said if (place := self.hints.get((kind, word))))
        return [self.labels[kind][place] for place, _count in votes.most_common(2) if place in self.labels[kind]]

    def _in_text(self, kind: str, text: str) -> list[str]:
        """Places named in a text, those behind their kind's own word first, then the longest names."""
        words = re.findall(r"[a-z]+", text.lower())
        joined = {
            "".join(words[at : at + size]): at > 0 and KINDS.get(words[at - 1]) == kind
            for size in (1, 2, 3)
            for at in range(len(words) - size + 1)
        }
        known = self.labels[kind]
        found = [name for name in joined if name in known and (joined[name] or len(name) >= _SHORTEST_NAMED)]
        found.sort(key=lambda name: (not joined[name], -len(name)))
        return [known[name] for name in found]


def learn_places(rows: Sequence[Row]) -> PlaceLabels:
    """What training rows tell of labels with places."""
    spelled: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    split = [(row, named) for row in rows if (named := split_label(row.label))]
    for row, (kind, name) in split:
        spelled[kind][name][row.label] += 1
    learned = PlaceLabels(
        labels={
            kind: {name: counts.most_common(1)[0][0] for name, counts in names.items()}
            for kind, names in spelled.items()
            if len(names) >= FEWEST_PLACES
        }
    )
    for kind in learned.labels:
        _learn_kind(learned, kind, [(row, name) for row, (of, name) in split if of == kind], rows)
    return learned


def _learn_kind(learned: PlaceLabels, kind: str, rows: Sequence[tuple[Row, str]], every: Sequence[Row]) -> None:
    columns = max((len(row.places) for row, _name in rows), default=0)
    hits = [sum(squeezed(row.places[at]) == name for row, name in rows) for at in range(columns)]
    if any(hits):
        learned.column[kind] = hits.index(max(hits))
        learned.aliases |= _aliases(kind, learned, rows)
        learned.hints |= _hints(kind, learned.column[kind], every)
    right = [learned.candidates(kind, row)[:1] == [learned.labels[kind][name]] for row, name in rows]
    learned.trust[kind] = (sum(right) + 1) / (len(right) + 2)


def _aliases(kind: str, learned: PlaceLabels, rows: Sequence[tuple[Row, str]]) -> Mapping[tuple[str, str], str]:
    """Values of the column that are no place's name but usually mean one."""
    meant: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row, name in rows:
        meant[squeezed(row.places[learned.column[kind]])][name] += 1
    known = learned.labels[kind]
    return {
        (kind, value): known[names.most_common(1)[0][0]]
        for value, names in meant.items()
        if value and value not in known and names.most_common(1)[0][1] > 1
    }


def _hints(kind: str, column: int, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    """Words that go with one value of the column, whatever the row's label."""
    went: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        place = squeezed(row.places[column])
        for word in set(_WORD.findall(" ".join([row.text, *row.places[:column], *row.places[column + 1 :]]).lower())):
            went[word][place] += 1
    best = {word: (*places.most_common(1)[0], places.total()) for word, places in went.items()}
    return {
        (kind, word): place
        for word, (place, count, total) in best.items()
        if count >= _HINT_ROWS and count >= _HINT_SHARE * total
    }
