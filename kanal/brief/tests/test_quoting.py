"""Whose words stand for a group: typical, short, clean, and never anything that points at one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.brief.quoting import LONGEST, SHORTEST, Said, choose, fits
from kanal.common.masking import mask
from kanal.common.quotable import is_clean, sentences

HOLE = "Jalan berlubang di depan pasar, motor sering jatuh."
HOLES = [
    Said(HOLE, "Kec. Temayang"),
    Said("Lubang di jalan depan sekolah dalam sekali, motor jatuh tiap malam."),
    Said("Jalan depan balai desa berlubang, sudah sebulan motor jatuh terus."),
    Said("Warung saya sepi sejak hujan, pembeli malas keluar rumah."),
]


def test_what_most_speak_of_stands_for_the_group() -> None:
    chosen = choose(HOLES, most=1)
    assert len(chosen) == 1
    assert "warung" not in chosen[0].text.lower()
    assert {"jalan", "motor"} <= set(chosen[0].text.lower().replace(",", "").replace(".", "").split())


def test_it_says_from_where_it_came() -> None:
    assert choose([Said(HOLE, "Kec. Temayang", 7)])[0] == Said(HOLE, "Kec. Temayang", 7)


def test_two_quotes_say_two_things() -> None:
    twice = [Said(HOLE), Said("Jalan berlubang di depan pasar, motor sering jatuh lagi."), HOLES[3]]
    assert [one.text for one in choose(twice)] == [HOLE, HOLES[3].text] or len(choose(twice)) == 2
    assert sum("berlubang" in one.text for one in choose(twice)) == 1


def test_a_campaign_is_one_text() -> None:
    campaign = [Said("Turunkan harga tiket terminal sekarang juga untuk semua.")] * 50
    assert "tiket" not in choose([*campaign, *HOLES[:3]], most=1)[0].text


def test_the_same_texts_give_the_same_quotes_in_any_order() -> None:
    assert choose(HOLES) == choose(HOLES[::-1])


@pytest.mark.parametrize(
    "sentence",
    [
        "Jalan rusak.",
        "Jalan berlubang " * 12,
        "Hubungi saya di [nomor HP disembunyikan] soal jalan rusak.",
        "Hubungi 081234567890 untuk melihat jalan rusak itu.",
        "Lubang ada di depan rumah Pak Darmo, dalam sekali.",
        "Lubang ada di depan warung bu Tini, dalam sekali.",
        "Jalan RT 03 RW 02 berlubang sudah dua bulan.",
        "Jembatan dekat rt 01 retak, tanah di ujungnya turun.",
        "Jalan rusak, nama saya tolong dirahasiakan ya.",
        "JALAN RUSAK PARAH SUDAH SETAHUN TIDAK DIPERBAIKI",
        "Lihat di https://contoh.id/jalan-rusak-parah ya semua",
        "Assalamualaikum, selamat pagi bapak dan ibu semuanya",
        "Terima kasih banyak atas bantuannya bapak dan ibu",
        "!!! ??? ### ... ___ ((( ))) @@@ jalan rusak",
        "😡😡😡😡😡😡😡😡 jalan rusak 😡😡😡😡😡😡😡😡😡😡",
    ],
)
def test_what_may_not_stand_on_paper(sentence: str) -> None:
    assert not fits(sentence)
    assert choose([Said(sentence)]) == []


def test_an_office_is_no_person() -> None:
    assert is_clean("Jalan di depan kantor kecamatan berlubang sejak puasa.")
    assert is_clean("Kepada ibu hamil pelayanan puskesmas sudah baik sekali.")


def test_greetings_and_addresses_are_left_out() -> None:
    assert list(sentences("Assalamualaikum wr wb. Pak Bupati, jalan depan pasar rusak.")) == [
        "Jalan depan pasar rusak."
    ]
    assert list(sentences("Yth. Bapak Bupati, jalan rusak.\nLampu mati.")) == ["Jalan rusak.", "Lampu mati."]


def test_what_somebody_saw_comes_before_a_request() -> None:
    said = [Said("Mohon jalan berlubang depan pasar segera diperbaiki."), Said(HOLE)]
    assert choose(said, most=1)[0].text == HOLE


def test_no_text_and_an_endless_one_give_no_quote() -> None:
    assert choose([]) == []
    assert choose([Said("a" * 100_000), Said(""), Said("air")]) == []
    assert all(len(one.text) <= LONGEST for one in choose(HOLES))


@given(st.lists(st.text(max_size=400), max_size=6))
def test_whatever_was_written_a_quote_is_short_and_hides_nothing(texts: list[str]) -> None:
    for quote in choose([Said(text) for text in [*texts, HOLE]]):
        assert SHORTEST <= len(quote.text) <= LONGEST
        assert mask(quote.text).text == quote.text
        assert "\n" not in quote.text
