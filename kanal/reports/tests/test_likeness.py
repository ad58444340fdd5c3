"""Copies of a complaint are told from other complaints, and a command states how well."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from kanal.reports.likeness import SAME, Copies, alike, evaluate

ROAD = "Jalan di depan pasar Kauman berlubang dalam sekali, tadi ada motor jatuh"


@pytest.mark.parametrize(
    "again",
    [
        ROAD.upper(),
        f"Assalamualaikum pak, {ROAD} 🙏🙏 mohon segera ditindaklanjuti",
        "Jln di dpn psr Kauman berlobang dlm sekali, td ada motor jatuh",
        "Jalan di depan pasar Kauman berlubang dalam sekalii tadi ada mtor jatuh",
        f"Diteruskan: {ROAD}",
    ],
)
def test_a_light_edit_is_a_copy(again: str) -> None:
    assert alike(ROAD, again) >= SAME


@pytest.mark.parametrize(
    "other",
    [
        "",
        "🙏",
        "Lampu jalan di depan pasar Kauman mati, tadi ada motor jatuh",
        "Jalan di depan pasar Baureno berlubang, kemarin ada mobil terperosok dalam sekali",
        "Harga pupuk naik",
    ],
)
def test_another_matter_is_no_copy(other: str) -> None:
    assert alike(ROAD, other) < SAME


@given(st.text(), st.text())
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= alike(one, other) == alike(other, one) <= 1


def test_a_campaign_of_many_copies_is_found_at_once() -> None:
    copies = Copies()
    for number in range(2_000):
        copies.add(f"{ROAD}{'!' * (number % 7)}")
    copies.add("Harga pupuk naik")
    assert len(copies.of(ROAD.lower())) == 2_000
    assert copies.of("") == []


def _matters() -> list[str]:
    things = ("jalan poros", "lampu penerangan", "jembatan kayu", "saluran irigasi", "atap sekolah", "pompa sumur")
    faults = ("rusak berat sejak banjir", "hilang dicuri orang", "belum dibangun padahal dijanjikan", "ditutup warga")
    return [f"{thing} nomor {at} {fault}" for at, thing in enumerate(things) for fault in faults]


def test_made_up_copies_are_found_and_others_are_not() -> None:
    verdict = evaluate(_matters(), seed=3)
    assert verdict.edited == verdict.distinct == 24
    assert verdict.recall >= 0.9
    assert verdict.precision >= 0.9
    assert evaluate(_matters(), seed=3) == verdict


def test_the_command_states_its_figures_as_json(tmp_path: Path) -> None:
    path = tmp_path / "aduan.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "isi"])
        rows.writerows(enumerate(_matters()))
    shown = io.StringIO()
    call_command("evaluate_duplicates", input=path, text="isi", stdout=shown)
    stated = json.loads(shown.getvalue())
    assert stated["texts"] == 24
    assert 0 < stated["recall"] <= 1


def test_a_missing_column_or_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "aduan.csv"
    path.write_text("id,isi\n1,jalan\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Kolom"):
        call_command("evaluate_duplicates", input=path, text="keluhan")
    with pytest.raises(CommandError, match=r"^Berkas tiada\.csv tidak dapat dibuka\.$"):
        call_command("evaluate_duplicates", input=tmp_path / "tiada.csv", text="isi")
    path.write_bytes(b"\xff\xfe\x00isi")
    with pytest.raises(CommandError, match=r"aduan\.csv tidak bisa dibaca sebagai CSV"):
        call_command("evaluate_duplicates", input=path, text="isi")
