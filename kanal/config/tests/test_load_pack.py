"""`kanal load-pack`: both halves of a regency's facts, as often as one likes, and nothing of a pack that is wrong."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kanal.agencies import actions as agencies_actions
from kanal.agencies import pack_files
from kanal.agencies.models import Agency, Membership, Regency, Region
from kanal.config.inspection import Level, inspect, regency
from kanal.dialogue.actions import packs as dialogue_packs
from kanal.dialogue.models import Programme
from kanal.reports.actions import packs as reports_packs
from kanal.reports.models import CannedAnswer, Category, Reason, RoutingRule

AGENCIES, REPORTS, DIALOGUE = pack_files.PACKS, reports_packs.PACKS, dialogue_packs.PACKS


@pytest.fixture(autouse=True)
def nowhere_yet(db: None) -> None:  # needs the database
    """An installation straight after `kanal migrate`."""
    Category.objects.update(parent=None)
    for model in (CannedAnswer, RoutingRule, Reason, Category, Programme):
        model.objects.all().delete()
    Agency.objects.update(parent=None)
    Agency.objects.all().delete()
    for level in ("desa", "kelurahan", "kecamatan", "kabupaten"):
        Region.objects.filter(level=level).delete()
    Regency.objects.all().delete()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pack to spoil: `agencies/contoh`, `reports/contoh` and `dialogue/contoh` under this folder."""
    for name, packs, module in (
        ("agencies", AGENCIES, (pack_files, agencies_actions)),
        ("reports", REPORTS, (reports_packs,)),
        ("dialogue", DIALOGUE, (dialogue_packs,)),
    ):
        shutil.copytree(packs / "bojonegoro", tmp_path / name / "contoh")
        for one in module:
            monkeypatch.setattr(one, "PACKS", tmp_path / name)
    return tmp_path


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def load(capsys: pytest.CaptureFixture[str], name: str = "bojonegoro") -> str:
    call_command("load_pack", name)
    return capsys.readouterr().out


def refused(name: str = "contoh") -> str:
    with pytest.raises(CommandError) as caught:
        call_command("load_pack", name)
    return str(caught.value)


def test_it_loads_both_halves_and_says_what(capsys: pytest.CaptureFixture[str]) -> None:
    told = load(capsys)
    assert "Kabupaten Bojonegoro" in told
    assert f"{Region.objects.count()}  wilayah" in told
    assert f"{Category.objects.count()}  kategori" in told
    assert f"{RoutingRule.objects.count()}  aturan disposisi" in told
    assert not [finding for finding in regency() if "load-pack" in finding.remedy]


def test_again_it_renews_facts_and_leaves_alone_what_people_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    load(capsys)
    Regency.objects.update(phone="0353 881826", name="Salah")
    Agency.objects.filter(code="dishub").update(name="Salah", email="dishub@contoh.go.id")
    RoutingRule.objects.first().delete()  # type: ignore[union-attr]  # it has just been loaded
    counts = [model.objects.count() for model in (Region, Agency, Category, Reason, RoutingRule, CannedAnswer)]
    told = load(capsys)
    assert "aturan disposisi: dibiarkan" in told
    assert counts == [model.objects.count() for model in (Region, Agency, Category, Reason, RoutingRule, CannedAnswer)]
    assert (Regency.objects.get().phone, Regency.objects.get().name) == ("0353 881826", "Kabupaten Bojonegoro")
    agency = Agency.objects.get(code="dishub")
    assert (agency.name, agency.email) == ("Dinas Perhubungan", "dishub@contoh.go.id")


@pytest.mark.parametrize("name", ["nganjuk", "", "..", "../packs/bojonegoro", "/"])
def test_a_pack_that_is_not_there_is_answered_with_those_that_are(name: str) -> None:
    assert "Yang ada: bojonegoro." in refused(name)


def test_a_second_regency_does_not_move_in_with_the_first(capsys: pytest.CaptureFixture[str], own: Path) -> None:
    load(capsys, "contoh")
    spoil(own / "agencies/contoh/regency.toml", 'code = "35.22"', 'code = "35.18"')
    assert "sudah ada Kabupaten Bojonegoro" in refused()


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("agencies/contoh/regency.toml", "[contact]", '[contact]\nfaks = "1"', "[contact]: kunci faks tidak dikenal"),
        ("agencies/contoh/regency.toml", "[contact]", "[kontak]", "kunci kontak tidak dikenal"),
        ("agencies/contoh/regency.toml", 'brand = "nila"', "", "kunci brand belum ada"),
        ("agencies/contoh/regency.toml", "lat = -7.25550", 'lat = "-7"', "nilai lat harus angka"),
        ("agencies/contoh/regency.toml", 'code = "35.22"', "code = 3522", "nilai code harus teks"),
        ("agencies/contoh/regency.toml", "[map]", "[map", "regency.toml: "),
        ("agencies/contoh/regency.toml", '"BJN"', '"bjn"', "code_prefix harus"),
        ("agencies/contoh/regency.toml", "Asia/Jakarta", "WIB", "timezone 'WIB' tidak dikenal"),
        ("agencies/contoh/regency.toml", 'website = ""', 'website = "javascript:x"', "website: "),
        ("agencies/contoh/regency.toml", 'whatsapp = ""', 'whatsapp = "halo"', "whatsapp: "),
        ("agencies/contoh/agencies.csv", "code,name", "kode,name", "agencies.csv: judul kolomnya"),
        ("agencies/contoh/regions.csv", ",2312.627", ",2312.627,9", "regions.csv baris 2: jumlah selnya"),
        ("agencies/contoh/holidays.csv", "working\n", "working\n2026-12-01,Hari jadi,ya\n", "'ya' bukan yes atau no"),
        ("agencies/contoh/allowances.csv", "working_days", "hari", "'hari' is not a valid Unit"),
        ("agencies/contoh/allowances.csv", "verify,3", "verify,tiga", "'tiga'"),
        ("reports/contoh/categories.csv", "pu-bina-marga,no", "pu-jalan,no", "perangkat daerah 'pu-jalan' tidak ada"),
        ("reports/contoh/categories.csv", "rapid,", "rapid,icon,", "categories.csv: judul kolomnya"),
        ("reports/contoh/routing_rules.csv", ",,,kebakaran", ",x,,kebakaran", "kategori 'x' tidak ada"),
        ("reports/contoh/routing_rules.csv", ",damkar,", ",,", "perangkat daerahnya kosong"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_loaded(
    own: Path, file: str, old: str, new: str, sentence: str
) -> None:
    spoil(own / file, old, new)
    assert sentence in refused()
    assert not Regency.objects.exists()
    assert not Category.objects.exists()


def test_a_table_that_nobody_would_read_is_named(own: Path) -> None:
    (own / "reports/contoh/kategori.csv").write_text("code\n", encoding="utf-8")
    assert "berkas kategori.csv tidak dikenal" in refused()


# Every cell counts ---------------------------------------------------------------------------------------------------


class Watched(dict[str, Any]):
    """A row or table that remembers which of its values somebody took."""

    def __init__(self, told: Mapping[str, Any], place: str, taken: set[tuple[str, str]]) -> None:
        super().__init__(told)
        self._place, self._taken = place, taken

    def __getitem__(self, key: str) -> Any:
        self._taken.add((self._place, key))
        return super().__getitem__(key)

    def items(self) -> Any:
        for key in self:
            yield key, self[key]


def test_every_key_and_column_of_a_pack_is_read(monkeypatch: pytest.MonkeyPatch, own: Path) -> None:
    taken: set[tuple[str, str]] = set()
    (own / "agencies/contoh/holidays.csv").write_text("date,name,working\n2026-12-01,Hari jadi,no\n", encoding="utf-8")
    rows, facts = pack_files.pack_rows, pack_files.regency_facts

    def watched_rows(folder: Path, name: str, columns: str) -> Iterator[dict[str, str]]:
        return (Watched(row, name, taken) for row in rows(folder, name, columns))

    def watched_facts(folder: Path) -> dict[str, Any]:
        told = facts(folder)
        tables = {key: Watched(value, key, taken) for key, value in told.items() if isinstance(value, dict)}
        return Watched(told | tables, "", taken)

    monkeypatch.setattr(agencies_actions, "pack_rows", watched_rows)
    monkeypatch.setattr(agencies_actions, "regency_facts", watched_facts)
    monkeypatch.setattr(reports_packs, "pack_rows", watched_rows)
    monkeypatch.setattr(dialogue_packs, "pack_rows", watched_rows)
    dialogue_packs.load_regency("contoh")
    tables = {**pack_files.COLUMNS, **reports_packs.COLUMNS, **dialogue_packs.COLUMNS}
    promised = {(file, column) for file, columns in tables.items() for column in columns.split()}
    promised |= {(table, key) for table, keys in pack_files.KEYS.items() for key in keys}
    assert promised - taken == set()


def test_every_contact_of_a_pack_reaches_the_regency(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contact = {
        "office": "Diskominfo",
        "address": "Jl. P. Mas Tumapel 1",
        "phone": "0353 881826",
        "whatsapp": "0812-3456-7890",
        "email": "kanal@contoh.go.id",
        "website": "https://contoh.go.id/",
    }
    path = own / "agencies/contoh/regency.toml"
    spoil(path, 'office = "Pemerintah Kabupaten Bojonegoro"', 'office = ""')
    for key, value in contact.items():
        spoil(path, f'{key} = ""', f'{key} = "{value}"')
    load(capsys, "contoh")
    assert Regency.objects.values(*contact).get() == contact


# What check-deploy says ----------------------------------------------------------------------------------------------


def remedies() -> str:
    return "\n".join(finding.remedy for finding in inspect() if finding.level == Level.WRONG)


def test_an_empty_installation_is_told_the_commands_that_fill_it(capsys: pytest.CaptureFixture[str]) -> None:
    Membership.objects.all().delete()
    told = remedies()
    assert "kanal load-pack bojonegoro" in told
    assert 'kanal enrol nama@instansi.go.id --name "Nama Lengkap" --role administrator' in told
    load(capsys)
    call_command("enrol", "ani@contoh.go.id", name="Ani", role="administrator")
    call_command("enrol", "kun@contoh.go.id", name="Kun", role="coordinator")
    told = remedies()
    assert "load-pack" not in told
    assert "kanal enrol" not in told


def test_half_a_pack_is_noticed() -> None:
    agencies_actions.load_pack("bojonegoro")
    assert "kanal load-pack bojonegoro" in remedies()
