import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.common.codes import ALPHABET, new_code, normalise_code, private_token, token_matches


def test_a_code_has_the_prefix_and_eight_unambiguous_characters() -> None:
    prefix, first, second = new_code("BJN").split("-")
    assert prefix == "BJN"
    assert len(first) == len(second) == 4
    assert set(first + second) <= set(ALPHABET)


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set("0O1IL") & set(ALPHABET)


def test_codes_do_not_repeat() -> None:
    assert len({new_code("BJN") for _ in range(2000)}) == 2000


@pytest.mark.parametrize("prefix", ["", "B", "bjn", "B-N", "BOJONEGORO", "B1N", "ÉÉÉ"])
def test_an_unusable_prefix_is_a_mistake_in_the_settings(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        new_code(prefix)


@pytest.mark.parametrize(
    "typed",
    [
        "BJN-7K2M-9QXR",
        "bjn-7k2m-9qxr",
        "bjn7k2m9qxr",
        " #BJN 7K2M 9QXR. ",
        "7k2m9qxr",
        "7K2M-9QXR",
        "BJN–7K2M—9QXR",
        "BJN\N{NON-BREAKING HYPHEN}7K2M\N{MINUS SIGN}9QXR",
        "BJN_7K2M_9QXR",
        "\N{ZERO WIDTH SPACE}BJN-7K2M-9QXR\n",
        "ＢＪＮ－７Ｋ２Ｍ－９ＱＸＲ",
    ],
)
def test_a_code_is_understood_however_it_was_typed(typed: str) -> None:
    assert normalise_code(typed, "BJN") == "BJN-7K2M-9QXR"


@pytest.mark.parametrize(
    "typed",
    ["", "BJN", "7K2M", "LMG-7K2M-9QXR", "BJN-7K2M-9QX0", "BJN-7K2M-9QXO", "BJN-7K2M-9QXRR", "x" * 100_000, None, 7],
)
def test_what_cannot_be_a_code_is_none(typed: object) -> None:
    assert normalise_code(typed, "BJN") is None


def test_a_body_that_begins_like_the_prefix_is_kept_whole() -> None:
    assert normalise_code("BJN27K2M", "BJN") == "BJN-BJN2-7K2M"
    assert normalise_code("BJNBJN27K2M", "BJN") == "BJN-BJN2-7K2M"


@given(st.text())
def test_no_text_breaks_the_reading_of_codes(typed: str) -> None:
    code = normalise_code(typed, "BJN")
    assert code is None or normalise_code(code, "BJN") == code


def test_every_new_code_reads_back_as_itself() -> None:
    codes = [new_code("BJN") for _ in range(200)]
    assert [normalise_code(code.lower().replace("-", ""), "BJN") for code in codes] == codes


def test_a_private_token_opens_its_own_report_only() -> None:
    token = private_token("key", "BJN-7K2M-9QXR")
    assert len(token) == 22
    assert token_matches("key", "BJN-7K2M-9QXR", token)
    assert not token_matches("key", "BJN-7K2M-9QXS", token)
    assert not token_matches("other key", "BJN-7K2M-9QXR", token)


@given(st.one_of(st.text(), st.none(), st.integers(), st.characters(categories=["Cs"])))
def test_a_forged_token_is_refused_without_an_error(token: object) -> None:
    assert not token_matches("key", "BJN-7K2M-9QXR", token)
