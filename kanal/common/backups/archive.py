"""The backup file: a tar with the database first, every photo after it, and a manifest with checksums at the end.

It is written under another name and gets its own when it is complete, so a file with the right name is always whole.
Restoring reads the tar once into a folder beside the photos, checks every checksum, and only then touches anything.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from kanal.common import keys
from kanal.common.backups.databases import BackupError, this_database

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
Step = Callable[[str, float], None]
"""Hears the name of a step and how far it is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, which Kanal made it and which keys open it."""

    format: int
    made_at: str
    kanal: str
    engine: str
    writing_key: str
    lookup_key: str
    migrations: list[str]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def photos(self) -> int:
        """How many files besides the database."""
        return sum(1 for name in self.files if name.startswith("media/"))


def _version() -> str:
    try:
        return version("kanal")
    except PackageNotFoundError:
        return "unknown"


def _new_manifest(engine: str) -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        format=FORMAT,
        made_at=timezone.now().isoformat(),
        kanal=_version(),
        engine=engine,
        writing_key=keys.writing_key(),
        lookup_key=keys.lookup_key(),
        migrations=sorted(f"{app}.{name}" for app, name in applied),
    )


class _Hashing:
    """A file that is hashed while it is read or written through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._file.read(size)
        self.digest.update(data)
        return data


# Making a backup ----------------------------------------------------------------------------------------------------


def make(target: Path, *, step: Step = lambda _name, _share: None) -> Manifest:
    """Write a backup of this installation to `target` (.tar, .tar.gz, .tgz), replacing an older file of that name.

    Raises BackupError, leaving nothing behind.
    """
    database = this_database()
    manifest = _new_manifest(database.engine)
    draft = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".kanal-backup-", dir=target.parent) as folder:
            dump = Path(folder) / database.file_name
            database.copy_to(dump, lambda share: step("basis data", share))
            with _writing(draft, packed=target.suffix in {".gz", ".tgz"}) as tar:
                _add(tar, dump, database.file_name, manifest)
                _add_photos(tar, manifest, step)
                _add_manifest(tar, manifest)
        draft.replace(target)
        _sync(target.parent)
    except OSError as fault:
        raise BackupError(f"Cadangan tidak bisa ditulis ke {target}: {fault.strerror or fault}") from fault
    finally:
        draft.unlink(missing_ok=True)
    return manifest


@contextmanager
def _writing(draft: Path, *, packed: bool) -> Iterator[tarfile.TarFile]:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        # Photos are compressed already and the dump of PostgreSQL too: the quickest level loses nothing.
        if packed:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as tar:
                yield tar
        else:
            with tarfile.open(fileobj=file, mode="w") as tar:
                yield tar
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _add(tar: tarfile.TarFile, path: Path, name: str, manifest: Manifest) -> None:
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        found = os.fstat(file.fileno())
        info.size, info.mtime, info.mode = found.st_size, int(found.st_mtime), 0o640
        hashing = _Hashing(file)
        tar.addfile(info, hashing)
        manifest.files[name] = hashing.digest.hexdigest()


def _add_photos(tar: tarfile.TarFile, manifest: Manifest, step: Step) -> None:
    root = Path(settings.MEDIA_ROOT)
    paths = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".part")
    for number, path in enumerate(paths, start=1):
        try:
            _add(tar, path, f"media/{path.relative_to(root).as_posix()}", manifest)
        except FileNotFoundError:  # destroyed by its retention term since we looked
            continue
        step("foto", number / len(paths))


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    data = json.dumps(asdict(manifest), indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(data), 0o640
    tar.addfile(info, io.BytesIO(data))


# Reading it back ----------------------------------------------------------------------------------------------------


@contextmanager
def opened(source: Path, *, step: Step = lambda _name, _share: None) -> Iterator[tuple[Manifest, Path]]:
    """Unpack a backup into a folder beside the photos and check it; the folder goes when the block ends.

    Raises BackupError for a file that is no backup, is incomplete, or whose content is not what its manifest says.
    """
    media = Path(settings.MEDIA_ROOT)
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kanal-restore-", dir=media.parent) as name:
        folder = Path(name)
        try:
            found = _unpack(source, folder, step)
        except (tarfile.TarError, EOFError, OSError, ValueError) as fault:
            raise BackupError(f"{source} tidak bisa dibaca sebagai cadangan: {fault}") from fault
        yield _checked(folder, found, source), folder


def _unpack(source: Path, folder: Path, step: Step) -> dict[str, str]:
    total, found = max(source.stat().st_size, 1), {}
    with source.open("rb") as file, tarfile.open(fileobj=file, mode="r|*") as tar:
        for member in tar:
            target = _inside(folder, member)
            target.parent.mkdir(parents=True, exist_ok=True)
            content = tar.extractfile(member)
            if content is None:
                raise ValueError(f"{member.name} is no file")
            hashing = _Hashing(content)
            with target.open("wb") as out:
                shutil.copyfileobj(hashing, out, CHUNK)
            target.chmod(0o640)
            found[member.name] = hashing.digest.hexdigest()
            step("memeriksa", min(file.tell() / total, 1.0))
    return found


def _inside(folder: Path, member: tarfile.TarInfo) -> Path:
    """Where a member goes. Raises ValueError for all but a plain file below the folder: tars can point anywhere."""
    name = PurePosixPath(member.name)
    if not member.isfile() or name.is_absolute() or ".." in name.parts or not name.parts:
        raise ValueError(f"unexpected member {member.name!r}")
    return folder.joinpath(*name.parts)


def _checked(folder: Path, found: dict[str, str], source: Path) -> Manifest:
    path = folder / MANIFEST
    if not path.exists():
        raise BackupError(f"{source} tidak lengkap: daftar isinya tidak ada. Pakai cadangan lain.")
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(**facts)
    except (ValueError, TypeError) as fault:
        raise BackupError(f"Daftar isi {source} tidak bisa dibaca; mungkin dari Kanal yang lebih baru.") from fault
    found.pop(MANIFEST, None)
    if found != manifest.files:
        wrong = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
        raise BackupError(f"{source} rusak: {len(wrong)} berkas tidak cocok, misalnya {wrong[0]}.")
    return manifest


def objections(manifest: Manifest) -> list[str]:
    """Why this backup should not be restored here, as sentences; none when nothing speaks against it."""
    found = []
    database = this_database()
    if manifest.format != FORMAT:
        found.append(f"Bentuk cadangannya ({manifest.format}) tidak dikenal Kanal ini.")
    if manifest.engine != database.engine:
        found.append(f"Cadangan ini dari {manifest.engine}, sedangkan pemasangan ini memakai {database.engine}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        found.append(
            f"Cadangan ini dibuat Kanal yang lebih baru ({manifest.kanal}): {unknown[0]} tidak dikenal di sini."
        )
    return found


def key_objections(manifest: Manifest) -> list[str]:
    """What would stay closed with the keys of this installation, as sentences."""
    found = []
    if manifest.writing_key not in keys.reading_keys():
        found.append("Kunci enkripsi di sini bukan kunci cadangan itu: kata-kata dan nama pelapor tidak akan terbuka.")
    if manifest.lookup_key != keys.lookup_key():
        found.append("KANAL_LOOKUP_KEY berbeda: tautan pribadi pelapor dan pencarian alamat tidak akan berlaku lagi.")
    return found


def put_back(manifest: Manifest, folder: Path, *, step: Step = lambda _name, _share: None) -> None:
    """Put an opened backup in the place of what is here.

    The database is replaced in one transaction, then the photos are swapped by renaming; the old photos go last.
    Killed in between, it can be done again. Raises BackupError.
    """
    database = this_database()
    media, fresh = Path(settings.MEDIA_ROOT), folder / "media"
    fresh.mkdir(exist_ok=True)
    database.restore_from(folder / database.file_name, lambda share: step("basis data", share))
    old = folder / "media-before"
    try:
        if media.exists():
            media.rename(old)
        fresh.rename(media)
    except OSError as fault:
        raise BackupError(f"Foto tidak bisa ditukar: {fault}. Basis datanya sudah pulih; ulangi pemulihan.") from fault
    step(f"{manifest.photos} foto", 1.0)
