"""The page of each medium says what nobody has seen working yet: whoever sets it up must know."""

from pathlib import Path

import pytest
from django.conf import settings

from kanal.channels.adapters import adapters

FOLDERS = Path(settings.BASE_DIR) / "channels"
PLATFORMS = [medium for medium in sorted(adapters()) if medium != "web" and (FOLDERS / medium).is_dir()]
"""The public form and what the room above writes down itself meet no platform."""
HEADING = "## What was not tried against the live platform\n"


@pytest.mark.parametrize("medium", PLATFORMS)
def test_each_medium_says_what_was_not_tried_against_the_live_platform(medium: str) -> None:
    page = (FOLDERS / medium / "README.md").read_text()
    assert page.count(HEADING) == 1
    paragraph = page.partition(HEADING)[2].partition("\n#")[0].strip()
    assert paragraph
    assert "\n\n" not in paragraph, "one short paragraph"
