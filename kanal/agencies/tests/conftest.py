from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from kanal.agencies.models import User
from tests.support.sign_in import sign_in


@pytest.fixture
def signed_in(live_url: str) -> Callable[[Page, User], None]:
    """Give a browser the session of a person who has signed in."""

    def enter(page: Page, user: User) -> None:
        sign_in(page, user, live_url)

    return enter
