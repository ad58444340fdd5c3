import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kanal.common.masking import REPLACEMENT, mask, mask_email, mask_links, masked_spans

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "081234567890",
                "0353",
                "881234",
                "3522011234560001",
                "S 1234 AB",
                "a@b.co",
                "no rek",
                "BCA",
                "telp",
                "WA",
                "nopol",
                "+62",
                "(",
                ")",
                "-",
                ".",
                "Rp ",
                "12-05-2026",
                "08.30",
                "@",
                "nol",
                "delapan",
                "satu",
                "O8l2",
                "*",
                "https://kanal.id/lacak/BJN-7K4M-Q2XD/4jT_x-0aBcDeFgHiJkLmNo",
                "lacak/0812/345678901234567890",
                *REPLACEMENT.values(),
            ]
        ),
        st.text(alphabet="0123456789 .,-+()@SABab\n٠꧐", max_size=12),
        st.text(max_size=6),
    ),
    max_size=12,
).map(" ".join)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("nik", "3522011234560001"),
        ("nik", "3522 0112 3456 0001"),
        ("nik", "35.2201.110690.0001"),
        ("nik", "352201-511290-0002"),
        ("nik", "3 5 2 2 0 1 1 1 0 6 9 0 0 0 0 1"),
        ("phone", "081234567890"),
        ("phone", "0812-3456-7890"),
        ("phone", "0812.3456.789"),
        ("phone", "+62 812-3456-7890"),
        ("phone", "6281234567890"),
        ("phone", "+62 (0) 812 3456 7890"),
        ("phone", "0 8 1 2 - 3456 7890"),
        ("phone", "0812,3456,7890"),
        ("phone", "O812 3456 7890"),
        ("phone", "o8I2 3456 789O"),
        ("phone", "08l234567890"),
        ("phone", "0812*3456*7890"),
        ("phone", "0812|3456|7890"),
        ("phone", "nol delapan satu dua tiga empat lima enam tujuh delapan sembilan nol"),
        ("phone", "Kosong delapan satu dua 3456 7890"),
        ("nik", "tiga lima dua dua nol satu satu lima nol tiga sembilan nol nol nol nol satu"),
        ("phone", "0812 3456\n7890"),
        ("phone", "0812:3456:7890"),
        ("phone", "0812\u20263456\u20267890"),
        ("phone", "0812  --  3456  --  7890"),
        ("phone", "812-3456-7890"),
        ("phone", "0\ufe0f\u20e38\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e3 3456 7890"),
        ("phone", "08 satu dua tiga 4567 890"),
        ("phone", "0812 tiga empat lima 67890"),
        ("phone", "nol lapan satu dua tiga empat lima enam tujuh"),
        ("phone", "delapan satu dua tiga empat lima enam tujuh delapan sembilan"),
        ("phone", "enam dua delapan satu dua tiga empat lima enam tujuh delapan"),
        ("phone", "nol wolu siji loro telu papat lima enem pitu wolu sanga"),
        ("nik", "3522:0112:3456:0001"),
        ("nik", "3522011\n109060001"),
        ("email", "budi @gmail.com"),
        ("email", "budi@ gmail. com"),
        ("email", "budi@\u200bcontoh.id"),
        ("email", "budi@gmail"),
        ("email", "budi@gmail titik com"),
        ("email", "budi(a)gmail.com"),
        ("email", "budi AT contoh DOT id"),
        ("email", "budi@contoh\u3002id"),
        ("email", "budi@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"),
        ("email", "budi @ gmail . com"),
        ("email", "budi.santoso@gmail,com"),
        ("phone", "08-12-3456-7890"),
        ("phone", "(0353) 881234"),
        ("phone", "0353-881 234"),
        ("phone", "+62 353 881234"),
        ("phone", "+65 6123 4567"),
        ("phone", "０８１２３４５６７８９０"),
        ("phone", "٠٨١٢٣٤٥٦٧٨٩٠"),
        ("phone", "꧐꧘꧑꧒꧓꧔꧕꧖꧗꧘꧙꧐"),
        ("phone", "0812\u200b3456\u200b7890"),
        ("phone", "0812\N{EN DASH}3456\N{EN DASH}7890"),
        ("email", "budi.santoso+lapor@gmail.com"),
        ("email", "budi@dinas.bojonegorokab.go.id"),
        ("email", "budi [at] gmail [dot] com"),
        ("email", "budi＠gmail．com"),
        ("plate", "S 1234 AB"),
        ("plate", "AE 5678 XY"),
        ("plate", "s1234ab"),
        ("plate", "S-1234-AB"),
        ("link", "https://kanal.bojonegorokab.go.id/lacak/BJN-7K4M-Q2XD/4jT_x-0aBcDeFgHiJkLmNo"),
        ("link", "http://127.0.0.1:8000/lacak/BJN-7K4M-Q2XD/4jT_x-0aBcDeFgHiJkLmNo/foto/3-besar.jpg"),
        ("link", "kanal.bojonegorokab.go.id/LACAK/bjn-7k4m-q2xd/4jT_x-0812345678901234567/nilai/?b=1"),
        ("link", "/lacak/BJN-ABCD-EFGH/abcdefghijklmnopqrstuv/"),
        ("link", "https://kanal.id/aduan/ikuti/MQ:1abcDe:0123456789abcdefghijklmnopqrstuvwxyzABC"),
        ("link", "https://kanal.id/tugas/eyJ0IjoxfQ:1abcDe:0123456789abcdefghijklm"),
    ],
)
def test_what_belongs_to_a_person_is_hidden(kind: str, text: str) -> None:
    masked = mask(f"Mohon dibantu, {text} sejak kemarin.")
    assert masked.text == f"Mohon dibantu, {REPLACEMENT[kind]} sejak kemarin."  # type: ignore[index]  # a kind by name
    assert masked.found == (kind,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no rek 1234567890 BRI", "no rek [nomor rekening disembunyikan] BRI"),
        ("BRI a.n. Budi 1234-01-012345-53-1", "BRI a.n. Budi [nomor rekening disembunyikan]"),
        (
            "transfer Rp 500.000 ke 9876543210 atau 1231231231",
            "transfer Rp 500.000 ke [nomor rekening disembunyikan] atau [nomor rekening disembunyikan]",
        ),
        ("telp. 881234", "telp. [nomor HP disembunyikan]"),
        ("WA 81234567890", "WA [nomor HP disembunyikan]"),
        ("NIK 352201123456000", "NIK [NIK disembunyikan]"),
        ("nopol S 1234 di jalan", "nopol [pelat disembunyikan] di jalan"),
        ("mobil S 12 AB", "mobil [pelat disembunyikan]"),
        ("08123456789/08134567891", "[nomor HP disembunyikan]/[nomor HP disembunyikan]"),
        ("081234567890 2 orang", "[nomor HP disembunyikan] 2 orang"),
        ("(0812-3456-7890)", "([nomor HP disembunyikan])"),
        ("[0812] [3456] [7890]", "[[nomor HP disembunyikan]]"),
        ("hub 81234567890", "hub [nomor HP disembunyikan]"),
    ],
)
def test_a_word_before_a_number_says_what_it_is(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "Rp 150.000.000",
        "Rp1.081.234.567.890,00",
        "anggaran 1.081.234.567.890",
        "transfer 20000000 rupiah",
        "Rp. 750.000,- per bulan",
        "21-11-2026 jam 08.30-10.00 WIB",
        "2026-11-21",
        "bank sampah 12-05-2023",
        "tahun 2021 2022 2023 2024",
        "1996 1997 1998 1999",
        "PNPM Mandiri 2023-2024",
        "RT 03 RW 05 No. 17 KM 12",
        "jam 08:15, 09:30, 10:45",
        "tiang 021\n022\n023\n024",
        "2021\n2022\n2023\n2024",
        "KM 085+600 sampai 086+200",
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
        "pukul 08 dua orang tiga anak",
        "sudah lapan kali",
        "ig @desa.jono",
        "3 kursi @ 5.000",
        "tidak ada at yahoo",
        "Jl. Raya Bojonegoro-Cepu KM 12+300",
        "id 1234567",
        "BJN-7K2M-9QXR",
        "transfer, lihat BJN-2345-6789",
        "A 5 kg beras",
        "BLOK A 5 KG",
        "mobil L 300 dan truk",
        "hubungi 112 atau 1500-555",
        "@bupati.bojonegoro",
        "-7.150700, 111.881700",
        "1 2 3 4 5 6 7 8 9 10 11 12 13",
        "08.00-12.00 13.00-15.00",
        "1445 H 2024 M",
        "beli 10l dan 5l, total 3I",
        "Kami bertiga: satu, dua, tiga, empat, lima orang.",
        "nol rupiah, delapan bulan",
        "Luasnya 25*10*30",
        "",
    ],
)
def test_what_belongs_to_nobody_stays_readable(text: str) -> None:
    assert mask(text).text == text


def test_the_desk_sees_where_and_what_is_hidden() -> None:
    text = "Hubungi 0812-3456-7890 atau budi@contoh.id"
    assert [(text[span.start : span.end], span.kind) for span in masked_spans(text)] == [
        ("0812-3456-7890", "phone"),
        ("budi@contoh.id", "email"),
    ]


@given(PIECES)
@example("rek 1234567890 x 12345678")
@example("BCA 12345678 12345678 12345678 12345678")
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once.text) == type(once)(once.text, ())


@given(st.text(alphabet=st.characters(), max_size=60))
def test_no_text_breaks_masking(text: str) -> None:
    spans = masked_spans(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))


@given(
    st.from_regex(r"08[1-35-9][0-9]{8,9}", fullmatch=True),
    st.sampled_from([" ", "-", ".", " - ", ""]),
    st.integers(1, 6),
)
def test_no_grouping_of_a_mobile_number_gets_through(number: str, separator: str, width: int) -> None:
    written = separator.join(number[start : start + width] for start in range(0, len(number), width))
    assert mask(f"kontak: {written}").text == "kontak: [nomor HP disembunyikan]"


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "0 ",
        "08 12 ",
        "0353 88 ",
        "a@",
        "a@a.",
        "S 1234 ",
        "99999999 ",
        "+1",
        "1.234.",
        "٠ ",
        "bri 12345678 ",
        "satu ",
        "nol delapan ",
        "nol delapan 1 ",
        "O.",
        "l1.",
        "0 l",
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        started = time.process_time()
        masked_spans(text)
        return time.process_time() - started

    seconds(1000)  # whatever is done only once
    # A hundred times the text takes a hundred times as long by a linear rule and ten thousand times by a quadratic one:
    # in between is ten times more than a busy machine needs, and ten times less than what must not happen.
    assert seconds(100_000) < 1000 * max(seconds(1000), 0.0002)


def test_the_short_form_of_an_address_shows_only_what_its_owner_needs() -> None:
    assert mask_email("budi.santoso@gmail.com") == "b•••@gmail.com"


@given(st.text())
def test_the_short_form_takes_any_text(text: str) -> None:
    assert isinstance(mask_email(text), str)


def test_the_short_form_of_too_little_shows_nothing() -> None:
    assert mask_email("budi") == "•••"


@pytest.mark.parametrize(
    "link",
    [
        "https://kanal.id/lacak/BJN-7K4M-Q2XD",
        "https://kanal.id/lacak/BJN-7K4M-Q2XD/",
        "https://kanal.id/aduan/BJN-7K4M-Q2XD/",
        "https://kanal.id/aduan/?q=jalan-rusak-di-desa-jono-temayang",
        "https://kanal.id/lacak/",
        "https://lain.id/berita/jalan-sudah-diperbaiki-minggu-ini",
    ],
)
def test_public_addresses_stay(link: str) -> None:
    assert mask(f"Lihat {link}, ya.").text == f"Lihat {link}, ya."


def test_private_links_alone_can_be_hidden() -> None:
    link = "https://kanal.id/lacak/BJN-7K4M-Q2XD/4jT_x-0aBcDeFgHiJkLmNo"
    said = mask_links(f"Hubungi kantor 0812 3456 7890 atau lihat ({link}).")
    assert said == "Hubungi kantor 0812 3456 7890 atau lihat ([tautan pribadi disembunyikan])."
