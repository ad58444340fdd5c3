"""The English of Kanal: every text has its sentence, and each sentence can stand where the Indonesian one stands."""

import re
from collections.abc import Iterator
from functools import cache

from babel.messages.catalog import Catalog

from scripts import translations

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
TAG = re.compile(r"</?\w+>")
SAID = ("pelapor", "laporan", "belum", "sudah", "tidak", "untuk", "dengan", "yang")
"""Words that stand in almost every Indonesian sentence of Kanal and in no English one."""
NAMES = ("Laporan Ringkas",)
"""Indonesian names that stay as they are: the name of a download of SP4N-LAPOR!."""


@cache
def _catalogue() -> Catalog:
    return translations.english()


def _pairs() -> Iterator[tuple[str, str]]:
    """Each Indonesian text with each English one that may stand for it."""
    for message in _catalogue():
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for number, english in enumerate(said):
            yield ids[min(number, len(ids) - 1)], english


def test_every_text_has_its_english_sentence() -> None:
    assert translations.untranslated() == []


def test_the_english_sentences_are_well_formed() -> None:
    assert translations.malformed() == []


def test_every_placeholder_and_tag_is_kept() -> None:
    assert [
        (source, english)
        for source, english in _pairs()
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(english))
        or sorted(TAG.findall(source)) != sorted(TAG.findall(english))
    ] == []


def test_what_the_layout_relies_on_is_kept() -> None:
    """Blank lines of an e-mail, spaces at the ends, and the bar between a choice and its explanation."""

    def shape(text: str) -> tuple[str, str, int, int]:
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        return text[:start], text[end:], text.count("\n\n"), text.count("|")

    assert [(source, english) for source, english in _pairs() if shape(source) != shape(english)] == []


def test_no_indonesian_is_left_in_the_english() -> None:
    def left(english: str) -> bool:
        for name in NAMES:
            english = english.replace(name, "")
        return bool(set(re.findall(r"\w+", re.sub(PLACEHOLDER, "", english).lower())) & set(SAID))

    assert [english for _, english in _pairs() if left(english)] == []
