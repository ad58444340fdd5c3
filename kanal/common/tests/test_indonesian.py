"""Complaints as people write them are read alike: the same words, the same numbers, the same text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kanal.common.indonesian import Code, codes, matter, normal_form, search_tokens, tokens
from kanal.common.text import listed

ANY_TEXT = st.text(alphabet=st.characters())  # lone surrogates included
PIECES = st.lists(st.sampled_from(["rt ", "rw", "0", "8", " ", "rp", ".", "@", "a", "2", "-", "/", "ð", "Ÿ", "jam"]))
CHAIN = "Diteruskan berkali-kali\n*PENTING!!!* Sebarkan ke semua grup 🙏🙏 Mulai tgl 1/1/2026 jam 00.00 WIB air mati. "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("banjir", ["banjir"]),
        ("🙏🙏👍", []),
        ("JALAN RUSAK PARAH!!!", ["jalan", "rusak", "parah"]),
        ("Tlg pak, jln. berlobang 50 cm", ["tolong", "jalan", "lubang", "#ukuran"]),
        ("the street light is broken", ["the", "street", "light", "is", "broken"]),
        ("Dalane bubrah, kaline asat, wis suwe ora didandani", ["jalan", "rusak", "sungai", "kering", "dandan"]),
        ("Kedai kafÃ© di depan", ["kedai", "kafe"]),
        ("lampu mati\\nsejak Senin", ["lampu", "mati", "senin"]),
        ("terima kasih ðŸ™ lampu", ["terima", "kasih", "lampu"]),
        ("anak2 sekolah", ["anak", "sekolah"]),
        ("RT 03/RW 05", ["#rt", "#rw"]),
        ("blok d12 no. 7", ["blok", "#kode", "nomor", "#angka"]),
    ],
)
def test_what_a_text_is_about(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("RT 03 RW 05", [("rt", "3"), ("rw", "5")]),
        ("rt03/rw05", [("rt", "3"), ("rw", "5")]),
        ("RT/RW 003/012", [("rt", "3"), ("rw", "12")]),
        ("rt.4/2", [("rt", "4"), ("rw", "2")]),
        ("hub 0812-3456-7890", [("telepon", "0812-3456-7890")]),
        ("wa +62 812 3456 7890", [("telepon", "+62 812 3456 7890")]),
        ("NIK 3522010101900001", [("nik", "3522010101900001")]),
        ("Rp 1.500.000 atau 200 ribu", [("uang", "rp 1.500.000"), ("uang", "200 ribu")]),
        ("12/03/2026 jam 19.30", [("tanggal", "12/03/2026"), ("jam", "jam 19.30")]),
        ("lihat https://contoh.id/a?b=1", [("tautan", "https://contoh.id/a?b=1")]),
        ("warga@contoh.id", [("surel", "warga@contoh.id")]),
        ("BJN-7K2M-9QXR", [("kode", "bjn-7k2m-9qxr")]),
        ("sepanjang 2,5 km", [("ukuran", "2,5 km")]),
        ("sudah 3 kali", [("angka", "3")]),
        ("anak2 artis jamu", []),
    ],
)
def test_numbers_are_told_apart_by_what_they_mean(text: str, found: list[tuple[str, str]]) -> None:
    assert codes(text) == [Code(kind, value) for kind, value in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jalan rusak, di Desa Kanor!", "jalan  rusak di desa kanor"),
        ("JALAN\r\nRUSAK", "jalan rusak 🙏"),
        ("jalan rusaaaak", "jalan rusak"),
        ("kafÃ©", "kafé"),
        ("nomor ２", "nomor 2"),
    ],
)
def test_copies_of_one_text_have_one_form(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other) != ""


def test_greetings_thanks_and_spelling_are_not_the_matter() -> None:
    told = "Assalamualaikum pak, mohon jln. di depan psr diperbaiki, terima kasih"
    assert matter(told) == matter("jalan di depan pasar DIPERBAIKI!!") == "jalan depan pasar diperbaiki"
    assert matter("Terima kasih") == "terima kasih"


def test_another_number_is_another_text() -> None:
    assert normal_form("RT 3 banjir") != normal_form("RT 4 banjir")


@given(ANY_TEXT | PIECES.map("".join))
@example("İ")
@example("\\\\rn")
def test_no_text_breaks_the_reader(text: str) -> None:
    assert all(word and " " not in word for word in tokens(text))
    assert all(code.kind and code.value for code in codes(text))
    assert normal_form(normal_form(text)) == normal_form(text)
    assert "  " not in matter(text)


@pytest.mark.parametrize(
    "unit",
    [CHAIN, "a", "0", "rt 0", "aa@", "a.", "@a.", "1.", "0 8", "Ã", "ð ", "rp", "\u0316\u0300", "JALAN ", "🌊", " \n"],
)
def test_a_hundred_thousand_characters_are_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    tokens(text)
    normal_form(text)
    search_tokens(text)


def test_no_word_of_the_lists_has_two_meanings() -> None:
    variants = [(variant, line) for line in listed("slang") for variant in line.partition(":")[2].split()]
    assert len({variant for variant, _line in variants}) == len(variants)
    standard = {line.partition(":")[0] for line in listed("slang")}
    assert not standard & {variant for variant, _line in variants}
