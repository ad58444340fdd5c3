"""A browser in which somebody of the government is signed in, without walking through the pages of signing in."""

from django.test import Client
from playwright.sync_api import Page

from kanal.agencies.models import User


def sign_in(page: Page, user: User, url: str) -> Page:
    """Give the browser of this page a session of theirs, on the Kanal that runs at `url`."""
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
    return page
