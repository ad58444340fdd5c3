"""Every page by the name of its URL, and everything else that is answered; one table for each room."""

from tests.support.pages import brief, dialogue, elsewhere, issues, reports
from tests.support.walk import Pages

ROOMS: dict[str, Pages] = {
    "reports": {**reports.PAGES, **reports.DATA},
    "issues": {**issues.PAGES, **issues.DATA},
    "dialogue": {**dialogue.PAGES, **dialogue.DATA},
    "brief": {**brief.PAGES, **brief.DATA},
    "elsewhere": elsewhere.PAGES,
}
PAGES: Pages = {name: stops for pages in ROOMS.values() for name, stops in pages.items()}
