"""A migrated SQLite file to copy, so that a test run does not begin with a minute of migrations."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STORE = ROOT / "var" / "test-templates"


def _migrations_key() -> str:
    """A name that changes with any migration, ours (the files) or a library's (the lock)."""
    digest = hashlib.sha256()
    for path in [*sorted(ROOT.glob("kanal/*/migrations/*.py")), ROOT / "requirements" / "develop.txt"]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def migrated_sqlite() -> Path:
    """The path of a freshly migrated, otherwise empty SQLite file; made once for each set of migrations.

    Several test workers may ask at once: the first makes it while the others wait.
    """
    STORE.mkdir(parents=True, exist_ok=True)
    template = STORE / f"{_migrations_key()}.sqlite3"
    with (STORE / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            for old in STORE.glob("*.sqlite3*"):
                old.unlink()
            _migrate(template)
    return template


def _migrate(template: Path) -> None:
    draft = template.with_suffix(".part")
    draft.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "-m", "kanal", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=ROOT,
        env={**os.environ, "KANAL_DATABASE_URL": f"sqlite://{draft}"},
        check=True,
    )
    draft.replace(template)


def copy_to(folder: Path) -> Path:
    """A private copy of the migrated file inside `folder`."""
    return Path(shutil.copyfile(migrated_sqlite(), folder / "test.sqlite3"))
