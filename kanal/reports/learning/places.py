"""Labels that name a place: "Kecamatan Gubeng" is the kind "Kecamatan" and the place of the row.

Telling "Kelurahan Ploso" from "Kelurahan Pakis" by their words is hopeless: complaints for the two sound alike.
So the kind is learned from the words, and the place is read from the row: from the column that names such places,
else from the text.
"""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

KINDS = {"kecamatan": "kecamatan", "kec": "kecamatan", "kelurahan": "kelurahan", "kel": "kelurahan", "desa": "desa"}
COLLAPSED = "*"
ANYHOW = "*"
FEWEST_PLACES = 3
"""A kind is collapsed when at least so many places have it."""
_ALIKE = 0.85
_SHORTEST_NAMED = 4  # letters of a place name that is looked for in a text without its kind before it

_HINT_ROWS, _HINT_SHARE = 3, 0.7
_ALIAS_SHARE = 0.6
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
    vague: set[tuple[str, str]] = field(default_factory=set)
    """Values of the column that went with several places: they name none."""
    trust: dict[tuple[str, str], float] = field(default_factory=dict)
    """How often the first place that is read from a row is the right one, by how it was read."""
    usual: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    """Each label's share of a kind's rows, by how their place is read: what else it may be."""

    def collapse(self, label: str) -> str:
        """What is learned for a label: the kind for one with a place, else the label itself."""
        named = split_label(label)
        return f"{named[0]} {COLLAPSED}" if named and named[0] in self.labels else label

    def expand(self, learned: str, row: Row) -> list[tuple[str, float]]:
        """The labels that a learned class means for a row, with their shares of its chance, likeliest first."""
        kind, _blank, mark = learned.rpartition(" ")
        if mark != COLLAPSED or kind not in self.labels:
            return [(learned, 1.0)]
        how, named = self.candidates(kind, row)
        usual = self.usual.get((kind, how)) or self.usual.get((kind, ANYHOW), {})
        shares: defaultdict[str, float] = defaultdict(float)
        left = 1.0
        if named:
            shares[named[0]] = self.trust.get((kind, how), 1.0)
            left -= shares[named[0]]
            for other in named[1:]:
                shares[other] += left / 2 / (len(named) - 1)
            left /= 2 if len(named) > 1 else 1
        for label, share in usual.items():
            shares[label] += left * share
        return sorted(shares.items(), key=lambda item: -item[1]) or [(learned, 1.0)]

    def candidates(self, kind: str, row: Row) -> tuple[str, list[str]]:
        """The labels of a kind that the row's own place names, and how the first is known.

        First what the column says, then what is named in the text, then what its words belong to. A row that says
        nothing of its place names none.
        """
        at = self.column.get(kind)
        value = row.places[at].strip() if at is not None and at < len(row.places) else ""
        told = " ".join([row.text, *(place for index, place in enumerate(row.places) if index != at)])
        known = self._label(kind, value)
        found = {
            "column": [known] if known else [],
            "text": self._in_text(kind, told),
            "words": self._by_words(kind, told),
        }
        if not any(found.values()) and value and (kind, squeezed(value)) not in self.vague:
            found["column"] = [f"{kind.title()} {value}"]
        how = next((way for way, labels in found.items() if labels), "")
        return how, list(dict.fromkeys(label for labels in found.values() for label in labels))

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
        _learn_values(learned, kind, rows)
        learned.hints |= _hints(kind, learned.column[kind], every)
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    right: Counter[str] = Counter()
    for row, name in rows:
        how, named = learned.candidates(kind, row)
        label = learned.labels[kind][name]
        right[how] += label in named[:1]
        for way in (how, ANYHOW):
            seen[way][label] += 1
    for how, labels in seen.items():
        learned.trust[kind, how] = (right[how] + 1) / (labels.total() + 2)
        learned.usual[kind, how] = {label: count / labels.total() for label, count in labels.items()}


def _learn_values(learned: PlaceLabels, kind: str, rows: Sequence[tuple[Row, str]]) -> None:
    """Values of the column that are no place's name: some usually mean one, the others none."""
    meant: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row, name in rows:
        meant[squeezed(row.places[learned.column[kind]])][name] += 1
    known = learned.labels[kind]
    for value, names in meant.items():
        name, count = names.most_common(1)[0]
        if value in known:
            continue
        if value and count > 1 and count >= _ALIAS_SHARE * names.total():
            learned.aliases[kind, value] = known[name]
        elif len(names) > 1:
            learned.vague.add((kind, value))


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
