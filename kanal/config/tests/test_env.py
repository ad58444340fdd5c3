"""Keys that are made once: whole, the same for every process, and for their owner alone."""

import secrets
from pathlib import Path

import pytest

from kanal.config.env import secret_from


def key(path: Path) -> str:
    return secret_from("KANAL_KEY_OF_A_TEST", path, required=False)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "a.key"
    made = key(path)
    assert len(made) > 40
    assert key(path) == made
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == ["a.key"]


def test_of_two_that_start_at_once_both_have_the_first_ones_and_never_half_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.key"
    seen: list[bool] = []

    def slowly(_bytes: int) -> str:
        seen.append(path.exists())
        path.write_text("dari yang lain")
        return "dari kita"

    monkeypatch.setattr(secrets, "token_urlsafe", slowly)
    assert key(path) == "dari yang lain"
    assert seen == [False], "nobody may find a file before the key is in it"
