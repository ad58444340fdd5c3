"""Every page as it looks: on a phone and at the office, by day and by night, to each of those who come there.

Which pages there are, and who may see them, is written in tests/support/pages/; tests/test_every_page.py asks the rest.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.support.browser import accessibility_faults, frame_faults
from tests.support.pages import PAGES
from tests.support.people import People
from tests.support.sign_in import sign_in
from tests.support.town import Town
from tests.support.walk import Stop

LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
WATCHED_BY_AXE = {(360, "light"), (1280, "dark")}
"""Sizes and colours are independent: both sizes and both colours are seen with two runs instead of four."""
COMING = {who for stops in PAGES.values() for stop in stops for who in stop.who}


class Walker:
    """One person's browser, and what it complains of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.loud: list[str] = []
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.loud.append(message.text)

    def faults(self, path: str, stop: Stop, *, first: bool) -> Iterator[str]:
        """Open a page and look at it in every size and colour; the contrast is for the first who come there to see."""
        self.loud.clear()
        response = self.page.goto(path)
        if response is None or response.status != stop.status:
            yield f"status {response and response.status} instead of {stop.status}"
        expected = f"the server responded with a status of {stop.status} " if stop.status >= 400 else "nothing"
        yield from (f"the browser says: {text}" for text in self.loud if expected not in text)
        for width, scheme in LOOKS:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            seen = frame_faults(self.page)
            if (width, scheme) in WATCHED_BY_AXE:
                seen += accessibility_faults(self.page, contrast=first)
            yield from (f"{width} {scheme}: {fault}" for fault in seen)


@pytest.mark.parametrize("who", sorted(COMING), ids=lambda who: who or "citizen")
def test_pages_are_fit_for(new_page: Callable[..., Page], live_url: str, people: People, town: Town, who: str) -> None:
    walker = Walker(new_page({"viewport": {"width": 360, "height": 800}}))
    if who:
        sign_in(walker.page, getattr(people, who), live_url)
    faults = [
        f"{name} {path}: {fault}"
        for name, stops in PAGES.items()
        for stop in stops
        if stop.page and who in stop.who and stop.status != 302
        for path in [stop.path(name, town)]
        for fault in walker.faults(path, stop, first=who == stop.who[0])
    ]
    assert not faults, "\n".join(faults)
