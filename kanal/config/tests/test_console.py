"""The console speaks of its commands by the names that the documents use."""

import re
from contextlib import suppress
from pathlib import Path

import pytest

from kanal.__main__ import Console, main

ROOT = Path(__file__).resolve().parents[3]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with suppress(SystemExit):
        Console(["/usr/bin/kanal", *words]).execute()
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_help_lists_names_with_dashes(capsys: pytest.CaptureFixture[str]) -> None:
    listed = said(capsys, "help")
    assert {"import-lapor", "import-regions", "import-boundaries", "check-deploy"} <= set(listed.split())
    assert "import_lapor" not in listed
    assert "Type 'kanal help <subcommand>'" in listed


@pytest.mark.parametrize(
    "words", [("import-lapor", "--help"), ("import_lapor", "--help"), ("help", "import-lapor"), ("import-lapor",)]
)
def test_a_command_calls_itself_as_it_is_documented(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert said(capsys, *words).startswith("usage: kanal import-lapor ")


def test_an_unknown_command_is_named_as_it_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Unknown command: 'impor-lapor'" in said(capsys, "impor-lapor")


def test_every_command_in_the_documents_exists(capsys: pytest.CaptureFixture[str]) -> None:
    known = set(said(capsys, "help", "--commands").split())
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/**/*.md"))]
    named = {name for text in texts for name in re.findall(r"\bkanal ([a-z]+(?:-[a-z]+)+)", text)}
    assert named
    assert named <= known


def test_the_module_runs_like_the_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["__main__.py", "help", "backup"])
    main()
    assert capsys.readouterr().out.startswith("usage: kanal backup ")
