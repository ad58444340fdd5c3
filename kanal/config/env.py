import os
import secrets
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str = "") -> str:
    """The value of an environment variable, or the content of the file that NAME_FILE points to (container secrets)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on; the default when the variable is absent or empty."""
    value = env(name).lower()
    return value in {"1", "true", "yes", "on"} if value else default


def env_int(name: str, default: int) -> int:
    """A whole number; raises ImproperlyConfigured, naming the variable, for anything else."""
    value = env(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from error


def env_list(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


def secret_from(name: str, path: Path, *, required: bool) -> str:
    """A secret from the environment; outside production one is made once and kept in `path`, for its owner only.

    Raises ImproperlyConfigured in production when the variable is missing, because a silently made key would be lost
    with the machine and every encrypted field with it.
    """
    value = env(name)
    if value:
        return value
    if required:
        raise ImproperlyConfigured(f"{name} is not set. Generate one, keep it safe and pass it in the environment.")
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return _write_secret(path)


def _write_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f"{path.name}.") as file:  # its owner's only
        file.write(secrets.token_urlsafe(48))
        file.flush()
        with suppress(FileExistsError):  # another process was first: its key is the key
            os.link(file.name, path)  # whole or not at all, for whoever reads meanwhile
    return path.read_text(encoding="utf-8").strip()


def package_dir(name: str) -> Path:
    """Where an installed package lies, found without importing it. Raises ImproperlyConfigured when it is missing."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(f"The package {name} is not installed.")
    return Path(spec.origin).parent


SQLITE_OPTIONS: dict[str, Any] = {
    # Writers queue at BEGIN instead of failing half-way, readers never wait (write-ahead log).
    "transaction_mode": "IMMEDIATE",
    # Large sorts go to a file, as SQLite does by itself: kept in memory the yearly figures alone took 27 MB.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA mmap_size=0; PRAGMA cache_size=-8000; PRAGMA journal_size_limit=67108864; "
        "PRAGMA secure_delete=ON; "  # what is destroyed is overwritten; Debian's SQLite does so by itself
        "PRAGMA wal_autocheckpoint=4000"  # 16 MB: a filing touches forty pages, most of them again with the next
    ),
}


def database(url: str) -> dict[str, Any]:
    """Django's database settings from `sqlite:///path` or `postgres://user:password@host:port/name?host=/socket/dir`.

    `?timeout=seconds` says how long a writer of SQLite waits for another before the page says 503.

    Raises ImproperlyConfigured for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "kanal.common.sqlite",
            "NAME": unquote(parts.path),
            "OPTIONS": {**SQLITE_OPTIONS, "timeout": float(dict(parse_qsl(parts.query)).get("timeout", 20))},
            "CONN_MAX_AGE": None,  # a fresh connection to a file would only read schema and pragmas anew
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host") or parts.hostname or "",
            "PORT": str(query.get("port") or parts.port or ""),
            # Without persistent connections PostgreSQL served a fifth of the inserts.
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"KANAL_DATABASE_URL must begin with sqlite:// or postgres://, not {parts.scheme!r}")
