"""Limits count visitors by the address that can be believed, and never keep it."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from pytest_django import Settings

from kanal.channels.web import client, limits
from kanal.common.refusal import Refused


def test_without_a_proxy_the_forwarded_header_is_ignored(settings: Settings, rf: RequestFactory) -> None:
    settings.TRUSTED_PROXIES = 0
    assert client.address(rf.get("/", headers={"X-Forwarded-For": "1.2.3.4"})) == "127.0.0.1"


@pytest.mark.parametrize(("hops", "seen"), [(1, "203.0.113.9"), (2, "198.51.100.7")])
def test_behind_proxies_only_their_own_entries_count(
    settings: Settings, rf: RequestFactory, hops: int, seen: str
) -> None:
    settings.TRUSTED_PROXIES = hops
    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 198.51.100.7, 203.0.113.9"})
    assert client.address(request) == seen


def test_one_household_is_one_visitor_in_ipv6(settings: Settings, rf: RequestFactory) -> None:
    settings.TRUSTED_PROXIES = 0
    one, two = (rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{n}") for n in (1, 2))
    assert client.key(one) == client.key(two)
    assert client.address(rf.get("/", REMOTE_ADDR="::ffff:192.0.2.1")) == "192.0.2.1"


def test_nonsense_as_an_address_is_one_shared_visitor(settings: Settings, rf: RequestFactory) -> None:
    settings.TRUSTED_PROXIES = 1
    request = rf.get("/", headers={"X-Forwarded-For": "<script>\x00'"})
    assert client.address(request) == ""
    assert client.key(request)


def test_the_limit_ends_with_a_sentence_that_says_when_to_come_back(settings: Settings, rf: RequestFactory) -> None:
    settings.LIMITS = {"track": (2, 600)}
    request = rf.get("/")
    limits.check(request, "track")
    limits.check(request, "track")
    with pytest.raises(Refused, match="10 menit") as refused:
        limits.check(request, "track")
    assert refused.value.status == 429
    limits.check(rf.get("/", REMOTE_ADDR="192.0.2.77"), "track")


def test_the_time_over_the_limit_passes(settings: Settings, rf: RequestFactory) -> None:
    settings.LIMITS = {"track": (1, 600)}
    assert limits.within(rf.get("/"), "track")
    assert not limits.within(rf.get("/"), "track")
    cache.clear()
    assert limits.within(rf.get("/"), "track")


def test_a_share_makes_it_stricter_and_zero_switches_it_off(settings: Settings, rf: RequestFactory) -> None:
    settings.LIMITS = {"report": (4, 600), "track": (0, 600)}
    assert [limits.within(rf.get("/"), "report", share=0.25) for _ in range(2)] == [True, False]
    assert all(limits.within(rf.get("/"), "track") for _ in range(50))
