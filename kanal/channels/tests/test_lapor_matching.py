"""An export's agency and place names find ours when they are certain, and a person otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.agencies.places import Gazetteer, Place
from kanal.channels.lapor import AgencyMatcher, KnownAgency, PlaceMatcher

AGENCIES = [
    KnownAgency("pemkab", "Pemerintah Kabupaten Contoh", "Pemkab Contoh", "lain"),
    KnownAgency("dinkes", "Dinas Kesehatan", "Dinkes", "dinas"),
    KnownAgency("dispertan", "Dinas Pertanian", "Dispertan", "dinas"),
    KnownAgency("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil", "dinas"),
    KnownAgency("budpar", "Dinas Kebudayaan dan Pariwisata", "Disbudpar", "dinas"),
    KnownAgency("bpbd", "Badan Penanggulangan Bencana Daerah", "BPBD", "badan"),
    KnownAgency("satpol", "Satuan Polisi Pamong Praja", "Satpol PP", "dinas"),
    KnownAgency("setda", "Sekretariat Daerah", "Setda", "sekretariat"),
    KnownAgency("kec-sumber", "Kecamatan Sumberrejo", "Kec. Sumberrejo", "kecamatan"),
    KnownAgency("kec-contoh", "Kecamatan Contoh", "Kec. Contoh", "kecamatan"),
    KnownAgency("rs-sumber", "RSUD Sumberrejo", "RSUD Sumberrejo", "rsud"),
]
MATCHER = AgencyMatcher(AGENCIES, ["Kabupaten Contoh", "Contoh"])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Dinas Kesehatan", "dinkes"),
        ("DINAS KESEHATAN KABUPATEN CONTOH", "dinkes"),
        ("Dinas Kesehatan Kab. Contoh", "dinkes"),
        ("Dinas Kesehatan Contoh", "dinkes"),
        ("Dinkes", "dinkes"),
        ("BPBD Kab. Contoh", "bpbd"),
        ("Satpol PP Kab Contoh", "satpol"),
        ("Sekda Kab. Contoh", "setda"),
        ("Kec. Sumberrejo", "kec-sumber"),
        ("Kecamatan Contoh", "kec-contoh"),
        ("Rumah Sakit Umum Daerah Sumberrejo", "rs-sumber"),
        ("Pemerintah Kabupaten Contoh", "pemkab"),
        ("Pemkab Contoh", "pemkab"),
    ],
)
def test_the_same_name_in_another_dress_is_certain(name: str, code: str) -> None:
    match = MATCHER.match(name)
    assert (match.code, match.confidence) == (code, 1.0)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Dinas Kesehtan", "dinkes"),
        ("Dinas Pariwisata dan Kebudayaan Kab. Contoh", "budpar"),
        ("Dinas Kependudukan dan Catatan Sipil", "dukcapil"),
        ("Kecamatan Sumberejo", "kec-sumber"),
    ],
)
def test_a_slip_of_the_pen_is_forgiven_and_says_so(name: str, code: str) -> None:
    match = MATCHER.match(name)
    assert match.code == code
    assert 0.9 <= match.confidence < 1
    assert "mirip" in match.why


@pytest.mark.parametrize(
    "name", ["Dinas Kesehatan dan Sosial", "Dinas Pertanahan", "Badan Kesehatan", "Puskesmas Sumberrejo"]
)
def test_a_merely_similar_name_is_left_to_a_person_with_candidates(name: str) -> None:
    match = MATCHER.match(name)
    assert match.code is None
    assert match.candidates
    assert match.confidence < 0.9


@pytest.mark.parametrize(
    "name", ["Dinas Kesehatan Kab. Lain", "Dinas Kesehatan Kota Contoh Baru", "Dinas Kesehatan Provinsi Jawa Timur"]
)
def test_another_regencys_agency_is_never_ours(name: str) -> None:
    match = MATCHER.match(name)
    assert match.code is None
    assert match.confidence == 0
    assert "daerah lain" in match.why


def test_another_regencys_name_without_a_kind_word_is_not_ours_either() -> None:
    assert MATCHER.match("Dinas Kesehatan Lain").code is None


def test_the_parent_tells_the_regency_when_the_name_does_not() -> None:
    assert MATCHER.match("Dinas Kesehatan", "Pemerintah Kota Lain").code is None
    assert MATCHER.match("Dinas Kesehatan", "Pemerintah Kabupaten Contoh").code == "dinkes"


def test_a_city_and_a_regency_of_one_name_are_two_when_we_say_which_we_are() -> None:
    assert AgencyMatcher(AGENCIES, ["Kabupaten Contoh"]).match("Dinas Kesehatan Kota Contoh").code is None
    assert AgencyMatcher(AGENCIES, ["Contoh"]).match("Dinas Kesehatan Kota Contoh").code == "dinkes"


def test_two_agencies_of_one_name_are_never_chosen_between() -> None:
    twins = AgencyMatcher([KnownAgency("a", "UPT Pasar", "", "lain"), KnownAgency("b", "UPT Pasar", "", "lain")])
    match = twins.match("UPT Pasar")
    assert match.code is None
    assert {code for code, _score in match.candidates} == {"a", "b"}


def test_no_name_and_no_agencies_match_nothing() -> None:
    assert MATCHER.match("").code is None
    assert AgencyMatcher([]).match("Dinas Kesehatan").code is None


@given(name=st.text(max_size=60))
def test_a_match_is_always_sure_and_a_doubt_never_carries_a_code(name: str) -> None:
    match = MATCHER.match(name)
    assert 0 <= match.confidence <= 1
    assert match.code is None or match.confidence >= 0.9


REGIONS = [
    Place("99.01", "Kabupaten Contoh", "kabupaten", ""),
    Place("99.01.01", "Sumberrejo", "kecamatan", "99.01"),
    Place("99.01.02", "Solokan Jeruk", "kecamatan", "99.01"),
    Place("99.01.01.2001", "Sumberrejo", "desa", "99.01.01"),
    Place("99.01.01.2002", "Mojorejo", "desa", "99.01.01"),
    Place("99.01.02.2001", "Mojorejo", "desa", "99.01.02"),
    Place("99.01.02.1001", "Kauman", "kelurahan", "99.01.02"),
]
PLACES = PlaceMatcher(Gazetteer(REGIONS), ["Kabupaten Contoh"])


@pytest.mark.parametrize(
    ("district", "village", "regency", "code", "level"),
    [
        ("SUMBERREJO", "mojorejo", "Contoh", "99.01.01.2002", "desa"),
        ("Kec. Sumberejo", "Ds. Sumberrejo", "Kab. Contoh", "99.01.01.2001", "desa"),
        ("Solokanjeruk", "Kel. Kauman", "", "99.01.02.1001", "kelurahan"),
        ("Sumberrejo", "", "Contoh", "99.01.01", "kecamatan"),
        ("Sumberrejo", "Tidak Diketahui", "", "99.01.01", "kecamatan"),
        ("", "Kauman", "Kabupaten Contoh", "99.01.02.1001", "kelurahan"),
        ("", "", "Contoh", "99.01", "kabupaten"),
    ],
)
def test_places_that_are_certain(district: str, village: str, regency: str, code: str, level: str) -> None:
    match = PLACES.match(district, village, regency)
    assert (match.code, match.level) == (code, level)
    assert match.confidence >= 0.9


@pytest.mark.parametrize(
    ("district", "village", "regency", "why"),
    [
        ("", "Mojorejo", "Contoh", "2 desa bernama"),
        ("", "Kauman", "", "tidak cukup"),
        ("", "Entah", "Contoh", "tidak dikenal"),
        ("Jauh", "Mojorejo", "Contoh", "tidak dikenal"),
        ("Sumberrejo", "Mojorejo", "Kabupaten Lain", "Wilayah lain"),
        ("Sumberrejo", "", "Kota Contoh", "Wilayah lain"),
        ("-", "", "", "tidak disebut"),
    ],
)
def test_places_that_are_not_certain_match_nothing_and_say_why(
    district: str, village: str, regency: str, why: str
) -> None:
    match = PLACES.match(district, village, regency)
    assert match.code is None
    assert match.confidence < 0.9
    assert why in match.why


def test_an_unknown_village_falls_back_to_its_district_and_says_so() -> None:
    match = PLACES.match("Solokan Jeruk", "Entah", "Contoh")
    assert (match.code, match.level) == ("99.01.02", "kecamatan")
    assert "“Entah” tidak ada" in match.why


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_told_a_place_is_sure_or_none(district: str, village: str, regency: str) -> None:
    match = PLACES.match(district, village, regency)
    assert match.code is None or match.confidence >= 0.9
