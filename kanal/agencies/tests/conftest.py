from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page

from kanal.agencies.models import User


@pytest.fixture
def signed_in(live_url: str) -> Callable[[Page, User], None]:
    """Give a browser the session of a person who has signed in."""

    def enter(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_url}])

    return enter
