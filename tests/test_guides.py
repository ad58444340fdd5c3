"""The guides are true: what they print in bold can be read on a page, and their pictures are there."""

import re
from functools import cache
from pathlib import Path

import pytest

from scripts.translations import extracted

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
GUIDES = sorted((ROOT / "docs" / "panduan").glob("*.md"))
PICTURED = [*GUIDES, ROOT / "README.md"]
LARGEST = 150_000
LARGEST_TOGETHER = 1_200_000
EXPLAINED = {"tebal"}  # the guides' own note about what bold means


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _words_of_the_product() -> frozenset[str]:
    """Every text of the source in lower case; "word|hint", as choices are written, counts as its two halves."""
    texts = (text for message in extracted() if message.id for text in _as_texts(message.id))
    return frozenset(part.strip().lower() for text in texts for part in (text, *text.split("|")))


def _as_texts(message: object) -> tuple[str, ...]:
    return tuple(map(str, message)) if isinstance(message, tuple | list) else (str(message),)


def _pictures_of(document: Path) -> list[str]:
    text = document.read_text(encoding="utf-8")
    return re.findall(r'<img src="([^"]+)"', text) + re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)


@pytest.mark.parametrize("guide", GUIDES, ids=_name)
def test_every_word_in_bold_can_be_read_on_a_page(guide: Path) -> None:
    bold = set(re.findall(r"\*\*([^*]+)\*\*", guide.read_text(encoding="utf-8"))) - EXPLAINED
    unknown = sorted(words for words in bold if " ".join(words.split()).lower() not in _words_of_the_product())
    assert not unknown, f"{_name(guide)} names what no page shows (bold is for words of the product): {unknown}"


@pytest.mark.parametrize("document", PICTURED, ids=_name)
def test_every_picture_is_there_and_described(document: Path) -> None:
    missing = [target for target in _pictures_of(document) if not (document.parent / target).is_file()]
    assert not missing, f"run `make screenshots`; {_name(document)} shows {missing}"
    assert 'alt=""' not in document.read_text(encoding="utf-8")


def test_every_guide_is_in_the_index() -> None:
    index = (ROOT / "docs" / "panduan" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", index)) == {path.name for path in GUIDES} - {"README.md"}


def test_pictures_are_light_and_all_used() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert max(sizes.values()) < LARGEST
    assert sum(sizes.values()) < LARGEST_TOGETHER
    shown = {Path(target).name for document in PICTURED for target in _pictures_of(document)}
    assert set(sizes) == shown, "a picture that nobody shows grows old unseen"
