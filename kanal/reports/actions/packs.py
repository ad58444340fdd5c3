from datetime import time
from pathlib import Path

from django.db import transaction

from kanal.agencies.models import Agency, Region
from kanal.agencies.pack_files import PackError, pack_folder, pack_rows, pointed, yes
from kanal.reports.models import CannedAnswer, Category, Reason, RoutingRule
from kanal.reports.queries import forget

PACKS = Path(__file__).parent.parent / "packs"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COLUMNS = {
    "categories.csv": "code parent name default_agency rapid lapor_ids keywords",
    "routing_rules.csv": "order name category region words days hours agency rapid",
    "canned_answers.csv": "category title body",
    "closing_causes.csv": "code name",
    "archive_reasons.csv": "code name sentence_to_reporter",
    "return_reasons.csv": "code name",
    "feedback_reasons.csv": "code satisfied name reopens",
}
"""The header of every table of this room's half, in its order."""
REASON_FILES = {
    Reason.Use.ARCHIVE: "archive_reasons.csv",
    Reason.Use.RETURN: "return_reasons.csv",
    Reason.Use.CAUSE: "closing_causes.csv",
}


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


@transaction.atomic
def load_pack(name: str) -> dict[str, int]:
    """Load how a regency sorts, sends and answers reports. Returns the rows that each file brought.

    Categories and reasons are renewed; rules and canned answers are loaded into an empty table only, because the
    coordinator edits them. Raises PackError.
    """
    folder = pack_folder(PACKS, name, COLUMNS)
    tables = {file: list(pack_rows(folder, file, columns)) for file, columns in COLUMNS.items()}
    _load_categories(tables["categories.csv"])
    for use, file in REASON_FILES.items():
        for row in tables[file]:
            sentence = row["sentence_to_reporter"] if use == Reason.Use.ARCHIVE else ""
            _load_reason(use, row, sentence=sentence)
    for row in tables["feedback_reasons.csv"]:
        use = Reason.Use.SATISFIED if yes(row["satisfied"]) else Reason.Use.UNSATISFIED
        _load_reason(use, row, reopens=yes(row["reopens"]))
    counts = {file: len(rows) for file, rows in tables.items()}
    categories = dict(Category.objects.values_list("code", "pk"))
    if RoutingRule.objects.exists():
        counts["routing_rules.csv"] = 0
    else:
        RoutingRule.objects.bulk_create(_rules(tables["routing_rules.csv"], categories))
    if CannedAnswer.objects.exists():
        counts["canned_answers.csv"] = 0
    else:
        CannedAnswer.objects.bulk_create(_canned(tables["canned_answers.csv"], categories))
    forget()
    return counts


def _load_reason(use: Reason.Use, row: dict[str, str], **more: object) -> None:
    Reason.objects.update_or_create(use=use, code=row["code"], defaults={"name": row["name"], **more})


def _load_categories(rows: list[dict[str, str]]) -> None:
    agencies = dict(Agency.objects.values_list("code", "pk"))
    known: dict[str, int] = {}
    for order, row in enumerate(rows):
        where = f"categories.csv {row['code']}:"
        category, _created = Category.objects.update_or_create(
            code=row["code"],
            defaults={
                "parent_id": pointed(known, row["parent"], f"{where} induk"),
                "name": row["name"],
                "default_agency_id": pointed(agencies, row["default_agency"], f"{where} perangkat daerah"),
                "rapid": yes(row["rapid"]),
                "lapor_ids": _list(row["lapor_ids"]),
                "keywords": _list(row["keywords"]),
                "order": order,
            },
        )
        known[category.code] = category.pk


def _canned(rows: list[dict[str, str]], categories: dict[str, int]) -> list[CannedAnswer]:
    return [
        CannedAnswer(
            category_id=pointed(categories, row["category"], f"canned_answers.csv {row['title']}: kategori"),
            title=row["title"],
            body=row["body"],
        )
        for row in rows
    ]


def _rules(rows: list[dict[str, str]], categories: dict[str, int]) -> list[RoutingRule]:
    regions = dict(Region.objects.values_list("code", "pk"))
    agencies = dict(Agency.objects.values_list("code", "pk"))
    rules = []
    for row in rows:
        where = f"routing_rules.csv {row['order']}:"
        start, _dash, end = row["hours"].partition("-")
        agency_id = pointed(agencies, row["agency"], f"{where} perangkat daerah")
        if agency_id is None:
            raise PackError(f"{where} perangkat daerahnya kosong.")
        rules.append(
            RoutingRule(
                order=int(row["order"]),
                name=row["name"],
                category_id=pointed(categories, row["category"], f"{where} kategori"),
                region_id=pointed(regions, row["region"], f"{where} wilayah"),
                words=_list(row["words"]),
                weekdays=[WEEKDAYS.index(day) for day in _list(row["days"])],
                hour_from=time.fromisoformat(start) if start else None,
                hour_to=time.fromisoformat(end) if end else None,
                agency_id=agency_id,
                rapid=yes(row["rapid"]),
            )
        )
    return rules
