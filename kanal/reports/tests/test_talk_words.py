"""What people mean on a chat: commands are few, greetings are no report, and nothing is ever wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.reports.talk_words import Wish, answers_nothing, chosen, is_enough, meant


@pytest.mark.parametrize(
    ("text", "wish", "rest"),
    [
        ("LAPOR jalan rusak di Jono", Wish.REPORT, "jalan rusak di Jono"),
        ("lapor: lampu mati", Wish.REPORT, "lampu mati"),
        ("LAPOR\nLampu mati\nsejak Senin", Wish.REPORT, "Lampu mati\nsejak Senin"),
        ("KODE\n482 913", Wish.PROOF, "482 913"),
        ("cek bjn-7k4m-9q2x", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("CEK", Wish.STATUS, ""),
        ("cek bjn 7k4m 9q2x", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("CEK\nBJN-7K4M-9Q2X", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("Cek status laporan: BJN-7K4M-9Q2X", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("cek kode 7k4m9q2x", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("cek laporan saya", Wish.STATUS, ""),
        ("cek desa kuta", Wish.MATTER, "cek desa kuta"),
        ("LAPOR\njalan rusak\ndi Jono", Wish.REPORT, "jalan rusak\ndi Jono"),
        ("BJN 7K4M 9Q2X", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("Batal", Wish.CANCEL, ""),
        ("batal nikah karena KTP belum jadi", Wish.MATTER, "batal nikah karena KTP belum jadi"),
        ("BANTUAN", Wish.HELP, ""),
        ("bantuan sosial belum cair", Wish.MATTER, "bantuan sosial belum cair"),
        ("/start", Wish.HELP, ""),
        ("Assalamualaikum, selamat pagi pak", Wish.GREETING, "Assalamualaikum, selamat pagi pak"),
        ("Selamat pagi, jalan di Jono berlubang", Wish.MATTER, "Selamat pagi, jalan di Jono berlubang"),
        ("matur suwun pak", Wish.THANKS, "matur suwun pak"),
        ("MACETNYA", Wish.MATTER, "MACETNYA"),
        ("cek jalan rusak di Jono", Wish.MATTER, "cek jalan rusak di Jono"),
        ("cek BJN-7K4M-9Q2X dong", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("cek bjn 7k4m 9q2x pak, kok lama", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("status 7K4M-9Q2X ya bu", Wish.STATUS, "BJN-7K4M-9Q2X"),
        ("cek rusaknya jalan", Wish.MATTER, "cek rusaknya jalan"),
        ("Terima kasih banyak pak", Wish.THANKS, "Terima kasih banyak pak"),
        ("Baik bu, terima kasih atas bantuannya 🙏", Wish.THANKS, "Baik bu, terima kasih atas bantuannya 🙏"),
        ("Matur suwun sanget nggih pak", Wish.THANKS, "Matur suwun sanget nggih pak"),
        ("Terima kasih, tapi lampunya mati lagi", Wish.MATTER, "Terima kasih, tapi lampunya mati lagi"),
        ("Terima kasih banyak, lampu mati", Wish.MATTER, "Terima kasih banyak, lampu mati"),
        ("👍🏽", Wish.THANKS, "👍🏽"),
        ("🙏🙏 ❤️", Wish.THANKS, "🙏🙏 ❤️"),
        ("👎", Wish.MATTER, "👎"),
        ("??", Wish.MATTER, "??"),
        ("", Wish.NOTHING, ""),
    ],
)
def test_what_is_meant(text: str, wish: Wish, rest: str) -> None:
    assert meant(text, "BJN") == type(meant("", "BJN"))(wish, rest)


@given(st.text(max_size=200))
def test_no_text_is_an_error(text: str) -> None:
    assert meant(text, "BJN").wish in Wish
    assert isinstance(is_enough(text), bool)


@pytest.mark.parametrize(
    ("text", "pick"), [("2", 1), ("no 1", 0), ("nomor 3.", 2), ("0", None), ("9", None), ("dua puluh", None)]
)
def test_picking_from_a_list(text: str, pick: int | None) -> None:
    assert chosen(text, 3) == pick


@pytest.mark.parametrize(
    ("text", "nothing"),
    [("", True), ("Baik, terima kasih", True), ("🙏", True), ("Selamat sore bu", True), ("baik, desa Jono", False)],
)
def test_what_answers_no_question(text: str, *, nothing: bool) -> None:
    assert answers_nothing(text) is nothing
