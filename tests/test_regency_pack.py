"""The regency pack read as plain files: every later loader may rely on what these tests promise."""

import csv
import datetime as dt
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

KANAL = Path(__file__).resolve().parent.parent / "kanal"
AGENCIES = KANAL / "agencies" / "packs" / "bojonegoro"
REPORTS = KANAL / "reports" / "packs" / "bojonegoro"
DIALOGUE = KANAL / "dialogue" / "packs" / "bojonegoro"
HEADERS = {
    AGENCIES / "regions.csv": "code name level parent lat lon population area_km2",
    AGENCIES / "agencies.csv": "code name short_name kind parent region",
    AGENCIES / "allowances.csv": "kind amount unit rule valid_from valid_to",
    AGENCIES / "holidays.csv": "date name working",
    REPORTS / "categories.csv": "code parent name default_agency rapid lapor_ids keywords",
    REPORTS / "routing_rules.csv": "order name category region words days hours agency rapid",
    REPORTS / "canned_answers.csv": "category title body",
    REPORTS / "closing_causes.csv": "code name",
    REPORTS / "archive_reasons.csv": "code name sentence_to_reporter",
    REPORTS / "return_reasons.csv": "code name",
    REPORTS / "feedback_reasons.csv": "code satisfied name reopens",
    DIALOGUE / "programmes.csv": "code name about place",
}
CODED = ["closing_causes", "archive_reasons", "return_reasons", "feedback_reasons"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def parts(cell: str) -> list[str]:
    return cell.split(";") if cell else []


def codes(path: Path) -> set[str]:
    return {row["code"] for row in rows(path)}


def duplicates(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


@pytest.fixture
def regency() -> dict[str, Any]:
    return tomllib.loads((AGENCIES / "regency.toml").read_text(encoding="utf-8"))


@pytest.fixture
def regions() -> list[dict[str, str]]:
    return rows(AGENCIES / "regions.csv")


@pytest.fixture
def agencies() -> list[dict[str, str]]:
    return rows(AGENCIES / "agencies.csv")


@pytest.fixture
def categories() -> list[dict[str, str]]:
    return rows(REPORTS / "categories.csv")


@pytest.fixture
def rules() -> list[dict[str, str]]:
    return rows(REPORTS / "routing_rules.csv")


@pytest.mark.parametrize("path", HEADERS, ids=lambda path: path.name)
def test_every_file_is_clean_utf8_with_the_promised_header(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert text.endswith("\n")
    assert text.splitlines()[0].split(",") == HEADERS[path].split()
    for row in rows(path):
        assert None not in row, "too many cells"
        assert all(cell == cell.strip() for cell in row.values()), row


def test_the_readme_names_every_file_and_column() -> None:
    readme = (KANAL / "agencies" / "packs" / "README.md").read_text(encoding="utf-8")
    for path, header in HEADERS.items():
        line = next(line for line in readme.splitlines() if line.startswith(f"| `{path.name}`"))
        assert [name for name in header.split() if f"`{name}`" not in line] == []


def test_regency_is_complete_and_its_region_exists(regency: dict[str, Any], regions: list[dict[str, str]]) -> None:
    assert regency["code"] == regions[0]["code"] == "35.22"
    assert regency["name"] == regions[0]["name"]
    assert regency["timezone"] == "Asia/Jakarta"
    assert re.fullmatch(r"[A-Z]{3}", regency["code_prefix"])
    assert regency["brand"] in {"nila", "soga"}
    assert regency["contact"]["emergency"] == "112"


def test_regions_have_the_official_counts_and_unique_codes(regions: list[dict[str, str]]) -> None:
    assert Counter(row["level"] for row in regions) == {"kabupaten": 1, "kecamatan": 28, "desa": 419, "kelurahan": 11}
    assert duplicates([row["code"] for row in regions]) == []
    assert (regions[0]["population"], regions[0]["area_km2"]) == ("1366227", "2312.627")


def test_region_codes_tell_parent_and_level_and_parents_come_first(regions: list[dict[str, str]]) -> None:
    seen = {""}
    shapes = {
        "kabupaten": r"\d\d\.\d\d",
        "kecamatan": r"\d\d\.\d\d\.\d\d",
        "desa": r"\d\d\.\d\d\.\d\d\.2\d{3}",
        "kelurahan": r"\d\d\.\d\d\.\d\d\.1\d{3}",
    }
    for row in regions:
        assert re.fullmatch(shapes[row["level"]], row["code"]), row
        assert row["parent"] == ("" if row["level"] == "kabupaten" else row["code"].rpartition(".")[0])
        assert row["parent"] in seen
        seen.add(row["code"])


def test_village_names_repeat_across_kecamatan_but_never_within_one(regions: list[dict[str, str]]) -> None:
    villages = [row for row in regions if row["level"] in {"desa", "kelurahan"}]
    names = [row["name"] for row in villages]
    kecamatan = {row["name"] for row in regions if row["level"] == "kecamatan"}
    assert len(duplicates(names)) == 37
    assert len(kecamatan & set(names)) == 25
    assert duplicates([f"{row['parent']} {row['name'].casefold()}" for row in villages]) == []


def test_every_point_lies_inside_the_bounds(regency: dict[str, Any], regions: list[dict[str, str]]) -> None:
    box = regency["map"]
    assert box["south"] < box["lat"] < box["north"]
    assert box["west"] < box["lon"] < box["east"]
    for row in regions:
        assert re.fullmatch(r"-\d\.\d{5}", row["lat"]), row
        assert re.fullmatch(r"1\d\d\.\d{5}", row["lon"]), row
        assert box["south"] < float(row["lat"]) < box["north"]
        assert box["west"] < float(row["lon"]) < box["east"]


def test_agencies_have_the_known_counts(agencies: list[dict[str, str]]) -> None:
    assert Counter(row["kind"] for row in agencies) == {
        "sekretariat": 1,
        "dinas": 24,
        "badan": 6,
        "setwan": 1,
        "inspektorat": 1,
        "bagian": 10,
        "kecamatan": 28,
        "rsud": 3,
    }
    assert sum(row["kind"] != "sekretariat" for row in agencies) == 73


def test_agency_codes_and_names_are_unique_and_parents_come_first(agencies: list[dict[str, str]]) -> None:
    seen = {""}
    for row in agencies:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["code"])
        assert row["parent"] in seen
        assert (row["parent"] == "setda") == (row["kind"] == "bagian")
        seen.add(row["code"])
    for column in ("code", "name", "short_name"):
        assert duplicates([row[column] for row in agencies]) == []


def test_every_kecamatan_has_its_office(agencies: list[dict[str, str]], regions: list[dict[str, str]]) -> None:
    offices = {row["region"]: row["name"] for row in agencies if row["region"]}
    kecamatan = {row["code"]: f"Kecamatan {row['name']}" for row in regions if row["level"] == "kecamatan"}
    assert offices == kecamatan


def test_allowances_are_dated_rows_with_a_rule() -> None:
    allowances = rows(AGENCIES / "allowances.csv")
    assert {row["kind"]: int(row["amount"]) for row in allowances} == {
        "verify": 3,
        "follow_up": 5,
        "settle_information": 5,
        "settle_complaint": 14,
        "settle_aspiration": 14,
        "settle_supervision": 60,
        "settle_whistleblowing": 60,
        "reply": 10,
        "info_wait": 10,
    }
    for row in allowances:
        assert row["unit"] in {"working_days", "calendar_days"}
        assert row["rule"].startswith(("Alur kerja SP4N-LAPOR!", "Standar SP4N-LAPOR!", "Kebijakan daerah"))
        assert dt.date.fromisoformat(row["valid_from"]) <= dt.date(2014, 1, 1)


def test_holiday_overrides_are_dated_and_single() -> None:
    overrides = rows(AGENCIES / "holidays.csv")
    assert duplicates([row["date"] for row in overrides]) == []
    for row in overrides:
        dt.date.fromisoformat(row["date"])
        assert row["working"] in {"yes", "no"}


def test_categories_are_a_tree_of_two_levels(categories: list[dict[str, str]]) -> None:
    tops = {row["code"] for row in categories if not row["parent"]}
    assert 14 <= len(tops) <= 24
    assert duplicates([row["code"] for row in categories]) == []
    assert duplicates([row["name"] for row in categories]) == []
    assert {row["parent"] for row in categories} - {""} == tops, "a top without leaves, or a leaf under a leaf"
    for row in categories:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["code"])
        assert row["rapid"] in {"yes", "no"}


def test_categories_go_to_agencies_that_exist(categories: list[dict[str, str]]) -> None:
    known = codes(AGENCIES / "agencies.csv")
    assert [row["code"] for row in categories if row["default_agency"] not in known] == ["lainnya"]


def test_a_keyword_or_lapor_id_belongs_to_one_category_in_lower_case(categories: list[dict[str, str]]) -> None:
    keywords = [word for row in categories for word in parts(row["keywords"])]
    lapor_ids = [number for row in categories for number in parts(row["lapor_ids"])]
    assert [row["code"] for row in categories if row["parent"] and not row["keywords"]] == []
    assert [word for word in keywords if not word or word != word.lower().strip()] == []
    assert [number for number in lapor_ids if not number.isdecimal()] == []
    assert duplicates(keywords) == []
    assert duplicates(lapor_ids) == []


def test_every_rule_has_a_condition_and_ends_somewhere_real(rules: list[dict[str, str]]) -> None:
    agencies, categories = codes(AGENCIES / "agencies.csv"), codes(REPORTS / "categories.csv")
    regions = codes(AGENCIES / "regions.csv")
    assert len(rules) >= 25
    for row in rules:
        assert row["agency"] in agencies, row
        assert row["category"] in categories | {""}, row
        assert row["region"] in regions | {""}, row
        assert row["rapid"] in {"yes", "no"}
        assert row["category"] or row["words"], "a rule on place or time alone would swallow every report"


def test_rules_are_ordered_and_their_words_days_and_hours_are_readable(rules: list[dict[str, str]]) -> None:
    order = [int(row["order"]) for row in rules]
    assert order == sorted(set(order))
    assert duplicates([row["name"] for row in rules]) == []
    for row in rules:
        assert all(word and word == word.lower().strip() for word in parts(row["words"]))
        assert set(parts(row["days"])) <= {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
        clock = r"([01]\d|2[0-3]):[0-5]\d"
        assert not row["hours"] or re.fullmatch(f"{clock}-{clock}", row["hours"])


def test_no_rule_is_hidden_behind_an_earlier_one(rules: list[dict[str, str]]) -> None:
    """A later rule made only of words that an earlier, unconditional rule already takes could never fire."""
    taken: set[str] = set()
    for row in rules:
        words = set(parts(row["words"]))
        assert not words or words - taken, row
        if not any(row[column] for column in ("category", "region", "days", "hours")):
            taken |= words


def test_canned_answers_use_known_placeholders_and_a_kind_tone() -> None:
    answers = rows(REPORTS / "canned_answers.csv")
    categories = codes(REPORTS / "categories.csv")
    assert len(answers) >= 30
    assert duplicates([row["title"] for row in answers]) == []
    for row in answers:
        assert row["category"] in categories | {""}, row
        assert set(re.findall(r"\{([^}]*)\}", row["body"])) <= {"nama_dinas", "tanggal", "tempat", "kode"}
        assert "!" not in row["body"]
        assert len(row["body"]) <= 280


@pytest.mark.parametrize("name", CODED)
def test_reasons_have_unique_codes_and_names(name: str) -> None:
    reasons = rows(REPORTS / f"{name}.csv")
    assert len(reasons) >= 10
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", row["code"]) for row in reasons)
    assert duplicates([row["code"] for row in reasons]) == []
    assert duplicates([row["name"] for row in reasons]) == []


def test_archive_reasons_cover_the_workflow_and_speak_to_the_reporter() -> None:
    reasons = {row["code"]: row["sentence_to_reporter"] for row in rows(REPORTS / "archive_reasons.csv")}
    assert {"incomplete", "too_general", "out_of_scope", "spam", "withdrawn", "duplicate_elsewhere"} <= set(reasons)
    assert all(sentence.endswith(".") for sentence in reasons.values())


def test_feedback_offers_six_reasons_each_way_and_only_discontent_reopens() -> None:
    reasons = rows(REPORTS / "feedback_reasons.csv")
    assert Counter(row["satisfied"] for row in reasons) == {"yes": 6, "no": 6}
    assert {row["reopens"] for row in reasons if row["satisfied"] == "yes"} == {"no"}
    assert {row["reopens"] for row in reasons if row["satisfied"] == "no"} == {"yes", "no"}
