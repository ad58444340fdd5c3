"""Papers set by typst. All texts travel as JSON, so nothing that somebody wrote is markup."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """A template filled with its data, as a PDF with typst's own fonts: it looks the same on every machine."""
    return typst.compile(
        _read(template), font_paths=[], ignore_system_fonts=True, format="pdf", sys_inputs={"data": json.dumps(data)}
    )


@cache
def _read(template: Path) -> bytes:
    return template.read_bytes()
