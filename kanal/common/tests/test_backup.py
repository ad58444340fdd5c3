"""Backups: everything comes back, keys stay outside, damage and wrong keys are found before anything is touched."""

import gzip
import io
import json
import os
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.support import databases
from tests.support.installation import Installation

KEYS = {"KANAL_SECRET_KEY": "rahasia-satu", "KANAL_SALT_KEY": "garam-satu", "KANAL_LOOKUP_KEY": "cari-satu"}


class House(Installation):
    """An installation with keys that the backup may not hold."""

    def __init__(self, folder: Path, url: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder, url or f"sqlite://{folder}/db.sqlite3", **KEYS)

    def fill(self, name: str = "Sari Utami") -> None:
        self.python(
            "from kanal.channels.actions import address_for\n"
            "from kanal.agencies.models import User\n"
            f"address_for(medium='email', handle='sari@contoh.id', name={name!r})\n"
            "User.objects.create_user('kun@contoh.go.id', name='Kun')\n"
        )
        photo = self.folder / "media" / "reports" / "ab" / "foto.jpg"
        photo.parent.mkdir(parents=True, exist_ok=True)
        photo.write_bytes(b"\xff\xd8" + name.encode() * 1000)

    def names(self) -> list[str]:
        found: list[str] = self.python(
            "from kanal.channels.models import Contact\ntell([c.name for c in Contact.objects.all()])"
        )
        return found

    def photo(self) -> bytes:
        return (self.folder / "media" / "reports" / "ab" / "foto.jpg").read_bytes()


@pytest.fixture
def urls(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two empty, migrated databases of the kind the tests run on."""
    if connection.vendor == "sqlite":
        for name in ("lama", "baru"):
            (tmp_path / name).mkdir()
            databases.copy_to(tmp_path / name).rename(tmp_path / name / "db.sqlite3")
        yield "", ""
        return
    old, new = f"lama_{os.getpid()}", f"baru_{os.getpid()}"
    yield databases.copy_postgres(old), databases.copy_postgres(new)
    databases.drop_postgres(old, new)


@pytest.fixture
def houses(tmp_path: Path, urls: tuple[str, str]) -> tuple[House, House]:
    return House(tmp_path / "lama", urls[0]), House(tmp_path / "baru", urls[1])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cadangan.tar.gz"


def test_everything_comes_back_and_the_keys_stay_outside(houses: tuple[House, House], file: Path) -> None:
    old, new = houses
    old.fill()
    made = old.kanal("backup", file)
    assert made.returncode == 0, made.stderr
    assert "KUNCI TIDAK IKUT" in made.stdout
    assert file.stat().st_mode & 0o077 == 0
    content = gzip.decompress(file.read_bytes())
    assert not any(key.encode() in content for key in KEYS.values())
    assert [path.name for path in file.parent.glob(".*cadangan*")] == []

    back = new.kanal("restore", file)
    assert back.returncode == 0, back.stderr
    assert new.names() == ["Sari Utami"]
    assert new.photo() == old.photo()
    assert new.kanal("migrate", "--check").returncode == 0
    assert [path.name for path in new.folder.glob(".kanal-*")] == []


def test_data_that_is_there_is_not_overwritten_unless_forced(houses: tuple[House, House], file: Path) -> None:
    old, new = houses
    old.fill()
    old.kanal("backup", file)
    new.fill("Orang Lain")
    refused = new.kanal("restore", file)
    assert refused.returncode == 1
    assert "sudah ada akun" in refused.stderr
    assert new.names() == ["Orang Lain"]
    forced = new.kanal("restore", file, "--force")
    assert forced.returncode == 0, forced.stderr
    assert new.names() == ["Sari Utami"]
    assert new.photo() == old.photo()


def test_other_keys_are_noticed_before_anything_is_touched(houses: tuple[House, House], file: Path) -> None:
    old, new = houses
    old.fill()
    old.kanal("backup", file)
    refused = new.kanal("restore", file, KANAL_SECRET_KEY="kunci-lain")
    assert refused.returncode == 1
    assert "Kunci enkripsi di sini bukan kunci cadangan itu" in refused.stderr
    assert new.names() == []
    looked = new.kanal("restore", file, KANAL_LOOKUP_KEY="kunci-lain")
    assert "KANAL_LOOKUP_KEY berbeda" in looked.stderr


def test_an_old_key_kept_as_fallback_is_good_enough(houses: tuple[House, House], file: Path) -> None:
    old, new = houses
    old.fill()
    old.kanal("backup", file)
    back = new.kanal(
        "restore", file, KANAL_SECRET_KEY="kunci-baru", KANAL_SECRET_KEY_FALLBACKS=KEYS["KANAL_SECRET_KEY"]
    )
    assert back.returncode == 0, back.stderr


# The rest needs no second database and runs on SQLite alone ---------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> House:
    folder = tmp_path / "rumah"
    folder.mkdir()
    databases.copy_to(folder).rename(folder / "db.sqlite3")
    return House(folder)


def rewritten(file: Path, change: Any) -> Path:
    """A copy of a backup with its members changed by `change(name, data)`; None leaves one out."""
    target = file.with_name("diubah.tar")
    with tarfile.open(file) as source, tarfile.open(target, "w") as out:
        for member in source:
            content = source.extractfile(member)
            data = change(member.name, content.read() if content else b"")
            if data is not None:
                member.size = len(data)
                out.addfile(member, io.BytesIO(data))
    return target


@pytest.mark.parametrize("damage", ["cut off", "photo changed", "photo gone", "no manifest", "not a tar"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(house: House, file: Path, damage: str) -> None:
    house.fill()
    house.kanal("backup", file)
    changes = {
        "photo changed": lambda name, data: data[:-1] + b"x" if name.endswith(".jpg") else data,
        "photo gone": lambda name, data: None if name.endswith(".jpg") else data,
        "no manifest": lambda name, data: None if name == "manifest.json" else data,
    }
    if damage in changes:
        broken = rewritten(file, changes[damage])
    else:
        broken = file.with_name("rusak.tar.gz")
        broken.write_bytes(file.read_bytes()[:-3000] if damage == "cut off" else b"bukan cadangan")
    refused = house.kanal("restore", broken, "--force")
    assert refused.returncode == 1
    assert refused.stderr.startswith("CommandError: ")
    assert "Traceback" not in refused.stderr
    assert house.names() == ["Sari Utami"]


@pytest.mark.parametrize("name", ["../keluar.txt", "/tmp/keluar.txt", "media/../../keluar.txt"])
def test_a_tar_that_points_outside_is_refused(house: House, tmp_path: Path, name: str) -> None:
    evil = tmp_path / "jahat.tar"
    with tarfile.open(evil, "w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    refused = house.kanal("restore", evil, "--force")
    assert refused.returncode == 1
    assert "unexpected member" in refused.stderr
    assert not (tmp_path / "keluar.txt").exists()


def test_a_backup_of_a_newer_kanal_or_another_database_is_refused(house: House, file: Path) -> None:
    house.fill()
    house.kanal("backup", file)

    def newer(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        facts = json.loads(data)
        return json.dumps({**facts, "engine": "postgresql", "migrations": ["reports.9999_dari_masa_depan"]}).encode()

    refused = house.kanal("restore", rewritten(file, newer), "--force")
    assert refused.returncode == 1
    assert "dibuat Kanal yang lebih baru" in refused.stderr
    assert "dari postgresql, sedangkan pemasangan ini memakai sqlite" in refused.stderr


def test_a_backup_is_made_while_others_write(house: House, file: Path) -> None:
    house.fill()
    over = threading.Event()

    def write() -> None:
        other = sqlite3.connect(house.folder / "db.sqlite3", timeout=20)
        while not over.is_set():
            with other:
                other.execute("UPDATE agencies_user SET name = name || 'x'")
        other.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = house.kanal("backup", file)
    finally:
        over.set()
        writer.join()
    assert made.returncode == 0, made.stderr
    assert house.kanal("restore", file, "--force").returncode == 0
    assert house.names() == ["Sari Utami"]


def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(house: House, tmp_path: Path) -> None:
    wrong = house.kanal("backup", tmp_path / "cadangan.zip")
    assert "harus berakhir .tar" in wrong.stderr
    nowhere = house.kanal("backup", tmp_path / "tidak-ada" / "c.tar")
    assert "tidak ada" in nowhere.stderr
    assert list(tmp_path.glob("*.tar*")) == []
