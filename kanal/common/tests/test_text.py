import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kanal.common.text import TooLong, clean, one_line, row_id, shorten, title_from

ANY_TEXT = st.text(alphabet=st.characters())  # lone surrogates included


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x07c", "abc"),
        ("satu\r\ndua\rtiga\u2028empat", "satu\ndua\ntiga\nempat"),
        ("satu   \n\n\n\n\n\ndua\t", "satu\n\n\ndua"),
        ("e\u0301", "é"),
        ("jalan \u202erusak\u202c \u2066parah\u2069", "jalan rusak parah"),
        ("lubang \ud800 besar", "lubang  besar"),
        ("  tepi  ", "tepi"),
        ("kolom\tdua", "kolom\tdua"),
    ],
)
def test_a_text_is_kept_in_one_clean_form(typed: str, kept: str) -> None:
    assert clean(typed, max_chars=100) == kept


@pytest.mark.parametrize("honest", ["ꦗꦮ ꦱꦸꦫꦏꦂꦠ", "شارع مكسور\u200f جدا", "👨‍👩‍👧 banjir 🌊", "क्‍ष"])
def test_scripts_and_emoji_of_the_world_stay_as_they_are(honest: str) -> None:
    assert clean(honest, max_chars=100) == unicodedata.normalize("NFC", honest)


def test_a_long_text_is_refused_with_both_lengths_and_never_cut() -> None:
    with pytest.raises(TooLong) as refusal:
        clean("x" * 100_000, max_chars=10_000)
    assert (refusal.value.limit, refusal.value.actual) == (10_000, 100_000)


@given(ANY_TEXT)
@example("\n\n \n\n\n a \n \n \n\n")
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    once = clean(typed, max_chars=10_000)
    assert clean(once, max_chars=10_000) == once
    once.encode()


@pytest.mark.parametrize("unit", [" ", "a ", "\n ", "\u0316\u0300", "\r"])
def test_hostile_texts_are_cleaned_in_linear_time(unit: str) -> None:
    clean("a" + unit * 50_000 + "b", max_chars=1_000_000)


@given(ANY_TEXT)
def test_one_line_is_one_line(typed: str) -> None:
    assert len(one_line(typed).splitlines()) <= 1
    assert one_line(one_line(typed)) == one_line(typed)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Jalan rusak di Desa Sukorejo. Sudah lama sekali.", "Jalan rusak di Desa Sukorejo"),
        ("Assalamualaikum wr wb. Lampu jalan mati.", "Lampu jalan mati"),
        ("Assalamu'alaikum Wr. Wb. Lampu jalan mati.", "Lampu jalan mati"),
        ("Halo admin. Sampah menumpuk.", "Sampah menumpuk"),
        ("Maaf min, sampah menumpuk di pasar.", "Sampah menumpuk di pasar"),
        ("Mohon maaf sebelumnya. Air PDAM mati sejak tadi malam.", "Air PDAM mati sejak tadi malam"),
        ("Selamat pagi pak bupati 🙏\nair PDAM mati", "Air PDAM mati"),
        ("Yth. Bapak Bupati, Pak Camat: jembatan putus.", "Jembatan putus"),
        ("Kepada Yth. Kepala Dinas PU Bina Marga\ndi tempat.\nDengan hormat, aspal ambles", "Aspal ambles"),
        ("Permisi, mau lapor. Lampu padam.", "Lampu padam"),
        ("HALO MIN, JALAN RUSAK PARAH", "Jalan rusak parah"),
        ("Selamat pagi jalan rusak", "Selamat pagi jalan rusak"),
        ("Siang malam, truk tambang lewat.", "Siang malam, truk tambang lewat"),
        ("Bu Tini, penjual di pasar, ditabrak.", "Bu Tini, penjual di pasar, ditabrak"),
        ("Maaf min", "Maaf min"),
        ("Selamat pagi pak.\nmohon perbaikan jembatan", "Mohon perbaikan jembatan"),
        ("Jl. Veteran RT. 03 berlubang. Tolong.", "Jl. Veteran RT. 03 berlubang"),
        ("JALAN RUSAK PARAH DI RT 03 DEKAT PDAM!!!", "Jalan rusak parah di RT 03 dekat PDAM!!!"),
        ("Kapan diperbaiki? Sudah lama.", "Kapan diperbaiki?"),
        ("Halo", "Halo"),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_title_is_the_first_sentence_with_a_matter(body: str, title: str) -> None:
    assert title_from(body) == title


def test_a_long_first_sentence_is_cut_between_words() -> None:
    title = title_from("Mohon perhatian untuk jalan poros desa yang rusak parah dan berlubang", limit=40)
    assert title == "Mohon perhatian untuk jalan poros desa…"


@given(ANY_TEXT)
@example("Halo admin, maaf min. Jalan rusak")
@example("?\x08 0")
def test_the_title_of_a_title_is_that_title(body: str) -> None:
    title = title_from(body, 10_000)
    assert title_from(title, 10_000) == title


@given(ANY_TEXT, st.integers(10, 120))
def test_a_title_never_exceeds_its_limit(body: str, limit: int) -> None:
    assert len(title_from(body, limit)) <= limit
    assert len(shorten(body, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12", 12),
        ("0", 0),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("", None),
        ("-1", None),
        (" 1", None),
        ("²", None),
    ],
)
def test_what_can_be_the_id_of_a_row(text: str, found: int | None) -> None:
    assert row_id(text) == found
