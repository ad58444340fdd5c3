"""In production every static file has its content in its name, and scripts import one another by that name."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    hashed = {"BACKEND": "kanal.config.static_files.HashedStaticFiles"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": hashed}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_scripts_import_one_another_by_names_that_tell_their_content(collected: Path) -> None:
    (entry,) = (collected / "reports").glob("file.????????????.js")
    seen: set[str] = set()
    waiting = [entry]
    while waiting:
        script = waiting.pop()
        seen.add(script.name.partition(".")[0])
        targets = re.findall(r'^import .* from "(.*)";$', script.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert all(re.search(r"\.[0-9a-f]{12}\.js$", target) for target in targets), script
        waiting += [script.parent / target for target in targets]
    assert seen == {"file", *(path.name.partition(".")[0] for path in (collected / "reports/file").glob("*.js"))}
