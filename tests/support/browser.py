"""Chromium for the browser tests: the two screens, what a page must never do, and the accessibility check."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Error, Page, Request

# A cheap Android phone and an office screen.
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["360", "1280"])

OpenPage = Callable[..., Page]
"""The fixture `new_page`."""
Axe = Callable[[Page], None]
"""The fixture `axe`."""


def chromium_path() -> str:
    """Where Chromium is: $KANAL_CHROMIUM, or the first of its usual names on the path.

    Raises RuntimeError when there is none, because a browser test is never skipped silently.
    """
    names = (os.environ.get("KANAL_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    for name in filter(None, names):
        found = shutil.which(name)
        if found:
            return found
    raise RuntimeError("The browser tests need Chromium. On Debian: apt-get install chromium")


class Watch:
    """Collects what no page of Kanal may do: script errors, refused inline code, requests to anybody else."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.faults: list[str] = []
        page.on("pageerror", self._script_error)
        page.on("console", self._console)
        page.on("request", self._request)

    def _script_error(self, error: Error) -> None:
        self.faults.append(f"script error: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:", "about:")):
            self.faults.append(f"request to a third party: {request.url}")


_RUN_AXE = """contrast => axe.run({
    resultTypes: ["violations"], preload: false, rules: {"color-contrast": {enabled: contrast}},
}).then(found => found.violations)"""
"""Without loading style sheets again: axe would write them into the page, which our policy refuses."""


def accessibility_faults(page: Page, *, contrast: bool = True) -> list[str]:
    """One readable line per element in which axe-core finds a serious or critical problem.

    Measuring the contrast of every text takes four fifths of its time; whoever has seen these colours leaves it out.
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{problem['impact']}: {problem['help']} ({problem['id']})\n    {' '.join(node['target'])}: {node['html']}"
        for problem in page.evaluate(_RUN_AXE, contrast)
        if problem["impact"] in {"serious", "critical"}
        for node in problem["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """Fail with one readable line per element when axe-core finds a serious or critical problem on the page."""
    if lines := accessibility_faults(page):
        raise AssertionError(f"{page.url} is not accessible to everybody:\n" + "\n".join(lines))


# What every page must be, whatever it is for ------------------------------------------------------------------------

_FRAME = """() => ({
    title: document.title.trim(),
    language: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    wide: document.documentElement.scrollWidth,
    screen: document.documentElement.clientWidth,
})"""


def frame_faults(page: Page) -> list[str]:
    """What a page lacks that each must have: a title, a language, one first heading, no scrolling sideways."""
    frame = page.evaluate(_FRAME)
    wrong = {
        "it has no title": not frame["title"],
        f"its language is {frame['language']!r}": frame["language"] not in {"id", "en"},
        f"it has {frame['headings']} first headings": frame["headings"] != 1,
        f"it is {frame['wide']} px wide on a screen of {frame['screen']}": frame["wide"] > frame["screen"],
    }
    return [said for said, is_wrong in wrong.items() if is_wrong]


def look(page: Page, axe: Axe) -> None:
    """Fail when the page is not accessible to everybody, or lacks what every page must have."""
    axe(page)
    assert not frame_faults(page), page.url
