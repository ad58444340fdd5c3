"""Migrated databases to copy, so that neither a test run nor a test begins with the migrations."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
STORE = ROOT / "var" / "test-templates"


def _migrations_key() -> str:
    """A name that changes with any migration, ours (the files) or a library's (the lock)."""
    digest = hashlib.sha256()
    for path in [*sorted(ROOT.glob("kanal/*/migrations/*.py")), ROOT / "requirements" / "develop.txt"]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Several test workers may ask at once: the first makes what is missing while the others wait."""
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "kanal", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=ROOT,
        env={**os.environ, "KANAL_DATABASE_URL": url},
        check=True,
    )


def migrated_sqlite() -> Path:
    """The path of a freshly migrated, otherwise empty SQLite file; made once for each set of migrations."""
    template = STORE / f"{_migrations_key()}.sqlite3"
    with _one_at_a_time():
        if not template.exists():
            for old in STORE.glob("*.sqlite3*"):
                old.unlink()
            draft = template.with_suffix(".part")
            draft.unlink(missing_ok=True)
            _migrate(f"sqlite://{draft}")
            draft.replace(template)
    return template


def copy_to(folder: Path) -> Path:
    """A private copy of the migrated file inside `folder`."""
    return Path(shutil.copyfile(migrated_sqlite(), folder / "test.sqlite3"))


# On the PostgreSQL server of this run --------------------------------------------------------------------------------


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    facts = connection.settings_dict
    login = {"host": facts["HOST"], "port": facts["PORT"], "user": facts["USER"], "password": facts["PASSWORD"]}
    given = {name: value for name, value in login.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **given) as server:
        yield server


def postgres_url(name: str) -> str:
    """A database of this server as KANAL_DATABASE_URL."""
    facts = connection.settings_dict
    login = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
    return f"postgres://{login}@/{name}?{urlencode({'host': facts['HOST'], 'port': facts['PORT']})}"


def migrated_postgres() -> str:
    """The name of a freshly migrated, otherwise empty database; made once for each server and set of migrations."""
    name = f"kanal_migrated_{_migrations_key()}"
    with _one_at_a_time(), _server() as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            draft = f"{name}_part"
            drop_postgres(draft)
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            _migrate(postgres_url(draft))
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (draft, name))))
    return name


def copy_postgres(name: str, *, template: str = "") -> str:
    """A database of this name, copied from `template` (the migrated one), as KANAL_DATABASE_URL."""
    names = map(sql.Identifier, (name, template or migrated_postgres()))
    with _server() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    return postgres_url(name)


def drop_postgres(*names: str) -> None:
    """Remove databases, whoever still looks into them."""
    with _server() as server:
        for name in names:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
