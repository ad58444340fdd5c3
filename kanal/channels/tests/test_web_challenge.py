"""The puzzle costs a phone a second, belongs to one form, and no forged answer passes."""

import hashlib
import time

from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kanal.channels.web import challenge


def _answer(puzzle: dict[str, str | int]) -> str:
    wanted = puzzle["target"]
    number = next(n for n in range(10**6) if hashlib.sha256(f"{puzzle['salt']}{n}".encode()).hexdigest() == wanted)
    return f"{puzzle['salt']}.{puzzle['target']}.{puzzle['expires']}.{puzzle['signature']}.{number}"


def test_the_right_number_is_accepted_for_its_own_form_only(settings: Settings) -> None:
    settings.PROOF_OF_WORK_COST = 500
    proof = _answer(challenge.new_puzzle("form-a"))
    assert challenge.solved(proof, "form-a")
    assert not challenge.solved(proof, "form-b")


def test_a_wrong_number_or_a_puzzle_of_ones_own_is_not_accepted(settings: Settings) -> None:
    settings.PROOF_OF_WORK_COST = 500
    salt, target, expires, signature, number = _answer(challenge.new_puzzle("form")).split(".")
    assert not challenge.solved(".".join([salt, target, expires, signature, str(int(number) + 1)]), "form")
    easy = hashlib.sha256(b"salt1").hexdigest()
    assert not challenge.solved(f"salt.{easy}.{expires}.{signature}.1", "form")


def test_a_solution_grows_old(settings: Settings) -> None:
    settings.PROOF_OF_WORK_COST = 500
    salt, target, _expires, _signature, number = _answer(challenge.new_puzzle("form")).split(".")
    past = int(time.time()) - 1
    signature = challenge._sign("form", salt, target, past)
    assert not challenge.solved(f"{salt}.{target}.{past}.{signature}.{number}", "form")


@given(st.text(max_size=200))
def test_any_text_as_a_solution_is_answered_with_no(text: str) -> None:
    assert not challenge.solved(text, "form")


@given(st.text(max_size=200))
def test_any_text_as_a_stamp_is_no_stamp(text: str) -> None:
    assert challenge.read_stamp(text) is None


def test_a_stamp_remembers_its_form_and_when_it_was_opened() -> None:
    text = challenge.new_stamp()
    first, again = challenge.read_stamp(text), challenge.read_stamp(text)
    assert first is not None
    assert again is not None
    assert first.submission == again.submission
    assert first.hurried
    assert challenge.read_stamp(text[:-1] + ("A" if text[-1] != "A" else "B")) is None


def test_two_forms_never_share_a_submission() -> None:
    stamps = [challenge.read_stamp(challenge.new_stamp()) for _ in range(50)]
    assert len({stamp.submission for stamp in stamps if stamp}) == 50
