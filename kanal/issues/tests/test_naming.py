"""A group is named by what its people say, in words that everybody understands; nobody and no place is named."""

from collections.abc import Sequence

import pytest

from kanal.issues.mining.naming import count_phrases, named, phrases, title_of
from tests.support.issues import MATTERS, many

EVERYWHERE = count_phrases(text for matter in MATTERS for text in many(matter, 30))


def titled(texts: Sequence[str], *places: str, fewest: int = 2) -> str:
    return title_of(texts, EVERYWHERE, 120, frozenset(places), fewest=fewest)


def test_a_title_is_what_the_group_says_and_others_do_not() -> None:
    assert "lampu" in titled(many("lampu", 30)).lower()
    assert titled(["Halo", "Selamat pagi"]) == ""
    assert titled([]) == ""


def test_what_one_person_says_is_no_title() -> None:
    assert "iuran" not in titled(["Menagih iuran bulanan", *many("sampah", 10)]).lower()


@pytest.mark.parametrize("name", ["Subianto", "Ngatini Puspita"])
def test_nobody_is_named_however_many_name_them(name: str) -> None:
    texts = [f"Iuran keamanan ditagih {name} setiap minggu di RT {number}" for number in range(12)]
    title = titled(texts).lower()
    assert title
    assert not set(name.lower().split()) & set(title.replace(",", "").split())


def test_where_and_since_when_it_is_and_what_people_beg_for_is_no_title() -> None:
    texts = [
        f"Tiang listrik miring di pertigaan pasar sejak {number} minggu. Mohon segera dicek." for number in range(9)
    ]
    assert titled(texts) == "Tiang listrik miring"


def test_a_group_that_writes_javanese_is_named_in_words_of_everybody() -> None:
    texts = [
        "Dalan neng ngarep pasar rusak, bolong-bolong wis sesasi",
        "Dalan rusak parah cedhak sekolahan, lubange gedhe",
        "Jalan rusak arah balai desa, lubange jero",
        "Dalane rusak tenan, motor padha tiba",
    ] * 3
    assert titled(texts) == "Jalan rusak"


def test_what_was_hidden_from_a_text_names_nothing() -> None:
    texts = [f"Pipa bocor di gang {number}, hubungi [nomor HP disembunyikan]" for number in range(9)]
    assert titled(texts) == "Pipa bocor"


def test_the_words_of_places_are_left_out() -> None:
    assert titled(["Sinyal internet hilang Kapas"] * 9, "kapas") == "Jaringan internet hilang"


def test_abbreviations_keep_their_capitals() -> None:
    assert titled(["blangko ktp habis"] * 9) == "Blangko KTP habis"


def test_shouted_texts_are_named_calmly() -> None:
    assert titled(["GOT MAMPET DI DEPAN PASAR!!!"] * 9) == "Selokan macet"


def test_people_who_use_one_word_are_named_by_it_only_when_asked() -> None:
    texts = ["Banjir!", "banjir di rumah", "BANJIR 🙏", "banjir pak"] * 2
    assert titled(texts) == ""
    assert titled(texts, fewest=1) == "Banjir"


def test_a_group_without_common_words_is_named_by_its_kinds_of_matters() -> None:
    about = (["Banjir!", "banjir di rumah", "BANJIR 🙏", "banjir pak"] * 2, EVERYWHERE, 120, frozenset[str]())
    assert named(*about, kinds=["Banjir", "Selokan tersumbat"]) == "Banjir / Selokan tersumbat"
    assert named(*about, kinds=[]) == "Banjir"
    assert named(["Halo", "Selamat pagi"], EVERYWHERE, 120, frozenset(), kinds=[]) == ""


@pytest.mark.parametrize("odd", ["", "🙂🙂🙂", "x" * 100_000, "banjir " * 15_000, "ꦧꦚ꧀ꦗꦶꦂ", "[[[", "'/-+", "\ud800"])
def test_odd_texts_break_nothing(odd: str) -> None:
    assert len(titled([odd] * 9, fewest=1)) <= 100
    assert len(phrases(odd)) < 50


def test_a_copied_chain_message_is_not_named_by_how_it_begins() -> None:
    chain = "Diteruskan berkali-kali. Assalamualaikum wr wb. Tolong sebarkan! Harga pupuk subsidi naik"
    assert titled([chain] * 9) == "Harga pupuk subsidi"
