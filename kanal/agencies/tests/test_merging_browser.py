"""Agus merges two agencies on the administrators' page: he chooses, looks, and does it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kanal.agencies.models import Agency, User
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_administrator_merges_two_agencies(
    screen: dict[str, Any],
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    people: People,
    signed_in: Callable[[Page, User], None],
) -> None:
    page = new_page(screen)
    signed_in(page, people.agus)
    page.goto(f"/admin/agencies/agency/{people.roads.pk}/change/")
    page.get_by_role("link", name="Gabungkan ke perangkat daerah lain").click()
    axe(page)
    page.get_by_label("Digabung ke").select_option(label=people.transport.name)
    page.get_by_role("button", name="Lihat yang ikut berpindah").click()
    expect(page.get_by_role("row", name=re.compile("Orang yang berperan di sana"))).to_contain_text("2")
    axe(page)
    assert Agency.objects.get(pk=people.roads.pk).active
    page.get_by_role("button", name="Gabungkan sekarang").click()
    expect(page.get_by_text(f"{people.roads.name} sudah bergabung ke {people.transport.name}.")).to_be_visible()
    assert Agency.objects.get(pk=people.roads.pk).successor == people.transport
