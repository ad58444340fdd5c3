"""Texts about the same matter come together, whatever they look like; nothing breaks the grouping."""

import csv
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kanal.common.indonesian import tokens
from kanal.issues.likeness import Nearest, profile, telling, vector, words_of
from kanal.issues.mining.grouping import group
from kanal.issues.mining.scoring import pairs
from tests.support.issues import MATTERS, many

WORDS = {matter: [tokens(text) for text in many(matter, 30)] for matter in MATTERS}
TEXTS = [words for texts in WORDS.values() for words in texts]
TRUTH = [matter for matter, texts in WORDS.items() for _ in texts]


def test_each_matter_becomes_groups_of_its_own() -> None:
    found = group(TEXTS)
    _f1, precision, recall = pairs(TRUTH, found.groups.tolist())
    assert precision > 0.95
    assert recall > 0.5
    assert (found.groups == group(TEXTS).groups).all()


@pytest.mark.parametrize("odd", ["", "👍👍👍", "ok", "A" * 100_000, "BANJIR " * 20_000, "ꦧꦚ꧀ꦗꦶꦂ", "the road is broken"])
def test_an_odd_text_disturbs_no_other(odd: str) -> None:
    usual = group(TEXTS).groups
    found = group([*TEXTS, tokens(odd)])
    assert len(found.groups) == len(TEXTS) + 1
    assert pairs(usual.tolist(), found.groups[:-1].tolist())[0] > 0.8


@pytest.mark.parametrize("texts", [[], [[]], [["jalan"]], [["jalan"]] * 3, [[], [], []], [["a"], ["b"], ["c"]]])
def test_few_or_empty_texts_are_grouped_too(texts: list[list[str]]) -> None:
    found = group(texts)
    assert len(found.groups) == len(found.nearness) == len(texts)
    assert ((found.nearness >= 0) & (found.nearness <= 1)).all()


def test_pairs_are_counted_as_they_should() -> None:
    assert pairs("aabb", "xxyy") == (1, 1, 1)
    assert pairs("aabb", "xxxx") == (0.5, 1 / 3, 1)
    assert pairs("abcd", "wxyz") == (0, 0, 0)


def test_a_text_finds_its_issue_or_stays_loose() -> None:
    weights = telling(TEXTS)
    nearest = Nearest(
        {number: profile(WORDS[matter], weights) for number, matter in enumerate(MATTERS)}, weights, frozenset()
    )
    for number, matter in enumerate(MATTERS):
        near = nearest.to("", many(matter, 31)[-1])
        assert near is not None
        assert near[0] == number
        assert 0.5 <= near[1] <= 1
    for other in ("", "Terima kasih atas pelayanannya.", "👍", "Kapan pendaftaran lomba tari dibuka?"):
        assert nearest.to("", other) is None


def test_names_of_places_do_not_make_reports_alike() -> None:
    assert words_of("Jalan rusak", "Jalan rusak di Temayang", frozenset(tokens("Temayang"))) == tokens("Jalan rusak")
    assert vector(["jalan"], {}) == {}


def _csv(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["isi", "topik"])
        rows.writerows([(text, matter) for matter in MATTERS for text in many(matter, 30)])
        rows.writerows([("", "lampu"), ("tanpa label", "")])
    return path


def test_the_evaluation_prints_ours_beside_two_known_ways(tmp_path: Path) -> None:
    out = StringIO()
    call_command(
        "evaluate_issues", "--input", _csv(tmp_path / "x.csv"), "--text", "isi", "--label", "topik", stdout=out
    )
    found = json.loads(out.getvalue())
    assert (found["texts"], found["labels"]) == (120, 4)
    assert set(found) == {"texts", "labels", "kanal", "kmeans_tfidf", "kmeans_tfidf_our_number", "nmf_tfidf"}
    assert found["kanal"]["v_measure"] > 0.6
    assert found["kanal"]["pair_f1"] > 0.6


def test_the_evaluation_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    known, few = _csv(tmp_path / "x.csv"), tmp_path / "few.csv"
    few.write_text("isi,topik\na,b\n", encoding="utf-8")
    missing = tmp_path / "no.csv"
    wrong = (
        (known, "teks", "Kolom tidak ada: teks"),
        (few, "isi", "Hanya 1 baris"),
        (missing, "isi", r"^Berkas no\.csv tidak dapat dibuka\.$"),
    )
    for path, column, words in wrong:
        with pytest.raises(CommandError, match=words):
            call_command("evaluate_issues", "--input", path, "--text", column, "--label", "topik")


def test_web_server_and_worker_do_not_load_the_counting_libraries() -> None:
    code = """
import os, sys, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
django.setup()
from django.urls import get_resolver
from kanal.common.tasks import discover
discover()
get_resolver().url_patterns
print([name for name in ("sklearn", "scipy") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # our own
    assert done.stdout == "[]\n"
