"""Where a text is about: with which confidence, by which words, and when a person must be asked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kanal.agencies import places
from kanal.agencies.models import Regency
from kanal.agencies.places import Gazetteer, Place, read_where
from kanal.agencies.queries import reference

PIECES = st.lists(st.sampled_from(["ds. ", "kec ", "Kapas ", "mojo", "rejo ", "jl ", "3 ", ", "])).map("".join)
OURS = Gazetteer(
    [
        Place("99.01", "Kabupaten Contoh", "kabupaten", ""),
        Place("99.01.01", "Sumberrejo", "kecamatan", "99.01"),
        Place("99.01.02", "Solokan Jeruk", "kecamatan", "99.01"),
        Place("99.01.03", "Kapas", "kecamatan", "99.01"),
        Place("99.01.01.2001", "Sumberrejo", "desa", "99.01.01"),
        Place("99.01.01.2002", "Mojorejo", "desa", "99.01.01"),
        Place("99.01.02.2001", "Mojorejo", "desa", "99.01.02"),
        Place("99.01.02.1001", "Kauman", "kelurahan", "99.01.02"),
        Place("99.01.03.2001", "Kapas", "desa", "99.01.03"),
        Place("99.01.03.2002", "Tanjungharjo", "desa", "99.01.03"),
        Place("99.01.03.2003", "Sudah", "desa", "99.01.03"),
    ]
)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("Jalan rusak di desa Tanjungharjo", "99.01.03.2002", ("desa Tanjungharjo",)),
        ("ds. mojorejo kec. sumberrejo banjir", "99.01.01.2002", ("ds. mojorejo", "kec. sumberrejo")),
        (
            "Got mampet, Ds Mojorejo Kecamatan Solokan Jeruk",
            "99.01.02.2001",
            ("Ds Mojorejo", "Kecamatan Solokan Jeruk"),
        ),
        ("kec. solokanjeruk, ds. mojo rejo", "99.01.02.2001", ("ds. mojo rejo", "kec. solokanjeruk")),
        ("DESA KAPAS KECAMATAN KAPAS", "99.01.03.2001", ("DESA KAPAS", "KECAMATAN KAPAS")),
        ("lampu mati di Mojorejo Solokan Jeruk", "99.01.02.2001", ("Mojorejo", "Solokan Jeruk")),
        ("desa Soemberredjo", "99.01.01.2001", ("desa Soemberredjo",)),
        ("ndeso Tanjungharjo dalane bubrah", "99.01.03.2002", ("ndeso Tanjungharjo",)),
        ("Desa Tanjunghrjo", "99.01.03.2002", ("Desa Tanjunghrjo",)),
        ("ds. kaman kec. solokan jeruk", "99.01.02.1001", ("ds. kaman", "kec. solokan jeruk")),
        ("kecamtan Sumberejo gelap", "99.01.01", ("kecamtan Sumberejo",)),
        ("Jl. Mawar 3, Kauman, Kabupaten Contoh", "99.01.02.1001", ("Kauman",)),
    ],
)
def test_a_place_that_is_named_for_certain(text: str, code: str, words: tuple[str, ...]) -> None:
    sure = read_where(text, OURS).sure
    assert sure is not None
    assert (sure.place.code, sure.words) == (code, words)


@pytest.mark.parametrize(
    ("text", "bare", "codes"),
    [
        ("banjir di desa Mojorejo", False, {"99.01.01.2002", "99.01.02.2001"}),
        ("Kapas", True, {"99.01.03", "99.01.03.2001"}),
        ("Mojorejo", True, {"99.01.01.2002", "99.01.02.2001"}),
    ],
)
def test_a_repeated_name_without_its_kecamatan_is_asked_about(text: str, bare: bool, codes: set[str]) -> None:  # noqa: FBT001  # a case
    told = read_where(text, OURS, bare=bare)
    assert told.sure is None
    assert {one.place.code for one in told.doubtful} == codes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙏",
        "banjir",
        "harga kapas naik",
        "sudah lama di desa kami",
        "jalan menuju Kauman rusak",
        "dekat rumah pak lurah",
        "the village road is broken",
    ],
)
def test_what_names_no_place_for_certain_is_not_taken(text: str) -> None:
    assert read_where(text, OURS).sure is None
    assert not read_where(text, OURS).doubtful


def test_an_ordinary_word_is_no_village_beside_a_named_kecamatan() -> None:
    told = read_where("lampu mati di kecamatan Kapas. Sudah 3 minggu", OURS)
    assert told.sure is not None
    assert told.sure.place.code == "99.01.03"


def test_another_regency_is_not_ours() -> None:
    told = read_where("ds. Tanjungharjo kec. Kapas Kab. Tuban", OURS)
    assert told.sure is None
    assert told.elsewhere == "Kab. Tuban"


def test_what_is_smaller_than_a_village_is_kept_in_its_own_words() -> None:
    text = "dsn. Krajan RT 03/RW 05, jl. Panglima Sudirman no 7 depan SDN Tanjungharjo 2"
    told = read_where(text, OURS)
    assert (told.rt, told.rw) == ("3", "5")
    assert told.hamlets == ("dsn. Krajan",)
    assert told.roads == ("jl. Panglima Sudirman",)
    assert told.landmarks == ("SDN Tanjungharjo 2",)


@given(
    st.text() | st.lists(st.sampled_from(["ds. ", "kec ", "Kapas ", "mojo", "rejo ", "jl ", "3 ", ", "])).map("".join)
)
def test_any_text_is_answered_in_its_own_words(text: str) -> None:
    told = read_where(text, OURS)
    for one in told.candidates:
        assert 0 < one.confidence <= 1
        assert all(words in text for words in one.words)


@pytest.mark.parametrize("unit", ["desa x ", "kec Kpas, ", "ds. mojorejo ", "jl ", "a", "Kab. ", "rt 3 "])
def test_a_long_text_is_read_quickly(unit: str) -> None:
    read_where(unit * (100_000 // len(unit)), OURS)


def test_a_pin_says_more_than_words(regency: Regency) -> None:
    village = reference().villages()[0]
    told = places.where("jalan rusak di desa Temayang", pin=(village.lat or 0, village.lon or 0))
    assert told.candidates[0].place.code == village.code
    assert told.candidates[0].words == ()
    assert told.sure is not None


@pytest.mark.parametrize(
    ("text", "bare", "found"),
    [
        ("Jalan rusak di desa Temayang", False, ["Temayang, Kec. Temayang"]),
        ("pasar sumber rejeki kotor", False, []),
        ("ds. jono kec. temayang, dekat balai desa", False, ["Jono, Kec. Temayang"]),
        ("jono temayang", True, ["Jono, Kec. Temayang"]),
        ("dekat rumah pak lurah", True, []),
        ("Kapas", True, ["Kapas, Kec. Kapas", "Kec. Kapas"]),
    ],
)
def test_places_that_a_text_means_here(regency: Regency, text: str, bare: bool, found: list[str]) -> None:  # noqa: FBT001  # a case
    assert [region.place for region in places.meant(text, bare=bare)] == found


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_typed_name_is_answered(regency: Regency, text: str) -> None:
    assert isinstance(places.named(text), list)
