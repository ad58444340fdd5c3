"""Words of a report as the search index knows them, and words as phrases are compared."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.common.indonesian import SearchQuery, plain_words, query_tokens, search_text, search_tokens

ANY_TEXT = st.text(alphabet=st.characters())  # lone surrogates included


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Jln. berlobang bgt!!", ["jalan", "lubang"]),
        ("dalan peteng, lobangnya gak ono banyune", ["jalan", "gelap", "lubang", "air"]),
        ("Perbaikan penerangan jalan-jalan", ["baik", "terang", "jalan", "jalan"]),
        ("rusaaaak paraaah", ["rusak", "parah"]),
        ("RT 03 RW 05 tgl 21", ["rt", "03", "rw", "05", "tanggal", "21"]),
        ("Rp 150.000.000", ["rp", "150000000"]),
        ("lihat BJN-7K2M-9QXR", ["lihat", "bjn7k2m9qxr"]),
        ("Café ２０２６", ["cafe", "2026"]),
        ("anak2 dan lubang2nya", ["anak", "lubang"]),
        ("RSU umum", ["rsu", "umum"]),
        ("ꦗꦮꦶ", ["ꦗꦮꦶ"]),
        ("yang dan di", []),
    ],
)
def test_words_are_brought_to_one_form(text: str, tokens: list[str]) -> None:
    assert search_tokens(text) == tokens


@given(ANY_TEXT)
def test_no_text_breaks_the_index(text: str) -> None:
    assert all(token and " " not in token for token in search_tokens(text))
    query = query_tokens(text)
    assert len(query.terms) + (query.prefix is not None) <= 8


def test_parts_of_a_report_become_one_indexed_text() -> None:
    assert search_text("Jalan rusak", "di desa Kanor") == "jalan rusak desa kanor"


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("jalan rusak ", SearchQuery(("jalan", "rusak"))),
        ("jalan rus", SearchQuery(("jalan",), "rus")),
        ("jalan jalan jln", SearchQuery((), "jalan")),
        ("di", SearchQuery((), "di")),
        ("", SearchQuery(())),
        ("!!!", SearchQuery(())),
    ],
)
def test_the_last_word_of_a_query_may_be_unfinished(typed: str, query: SearchQuery) -> None:
    assert query_tokens(typed) == query
    assert bool(query_tokens(typed)) == bool(query.terms or query.prefix)


def test_a_long_query_keeps_eight_words() -> None:
    query = query_tokens(" ".join(f"kata{number}" for number in range(50)))
    assert len(query.terms) == 7
    assert query.prefix == "kata49"


def test_importing_loads_neither_stemmer_nor_stop_words() -> None:
    script = "import sys, kanal.common.indonesian; print({'Sastrawi', 'stopwordsiso'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Kabelnya PUTUS!", ["kabel", "putus"]),
        ("lampu merah padam", ["lampu", "merah", "mati"]),
        ("rumah kebanjiran, tidak banjir", ["rumah", "kebanjiran", "tidak", "banjir"]),
        ("banjiiir", ["banjir"]),
        ("", []),
    ],
)
def test_plain_words_keep_every_word_and_its_form(said: str, words: list[str]) -> None:
    assert plain_words(said) == words
