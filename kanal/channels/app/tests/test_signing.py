"""Signatures are those of Standard Webhooks, and hold for these very bytes, this id and this moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.channels.app import signing

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def read(**more: str) -> signing.Signed | None:
    told = {signing.APP: "7", signing.ID: "msg_1", signing.TIMESTAMP: "1614265330", signing.SIGNATURE: "v1,x"}
    return signing.read_headers({**told, **more})


def test_a_signature_is_what_the_libraries_of_standard_webhooks_make() -> None:
    made = signing.sign(KEY, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(body=st.binary(max_size=200), other=st.binary(max_size=200))
def test_only_the_signed_bytes_are_genuine(body: bytes, other: bytes) -> None:
    signed = read(**{signing.SIGNATURE: f"v1,AAAA {signing.sign(KEY, 'msg_1', 1614265330, body)}"})
    assert signed is not None
    assert signed.is_genuine([signing.new_key(), KEY], body)
    assert signed.is_genuine([KEY], other) is (body == other)
    assert not signed.is_genuine([signing.new_key()], body)
    assert not signed.is_genuine([], body)


@given(st.dictionaries(st.sampled_from([signing.APP, signing.ID, signing.TIMESTAMP, signing.SIGNATURE]), st.text()))
def test_no_headers_are_a_fault(headers: dict[str, str]) -> None:
    signed = signing.read_headers(headers)
    assert signed is None or not signed.is_genuine([KEY], b"")


@pytest.mark.parametrize(("seconds", "fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_five_minutes_are_the_tolerance(seconds: int, fresh: bool) -> None:  # noqa: FBT001  # a table
    signed = read()
    assert signed is not None
    assert signed.is_fresh(1614265330 + seconds) is fresh
