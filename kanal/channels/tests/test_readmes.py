"""The page of each medium says what nobody has seen working yet: whoever sets it up must know."""

from pathlib import Path

import pytest
from django.conf import settings

from kanal.channels.adapters import adapters

HEADING = "## What was not tried against the live platform\n"


@pytest.mark.parametrize("medium", sorted(adapters()))
def test_each_medium_says_what_was_not_tried_against_the_live_platform(medium: str) -> None:
    page = (Path(settings.BASE_DIR) / "channels" / medium / "README.md").read_text()
    assert page.count(HEADING) == 1
    paragraph = page.partition(HEADING)[2].partition("\n#")[0].strip()
    assert paragraph
    assert "\n\n" not in paragraph, "one short paragraph"
