from datetime import time
from pathlib import Path

from django.db import transaction

from kanal.agencies.actions import pack_rows
from kanal.agencies.models import Agency, Region
from kanal.reports.models import CannedAnswer, Category, Reason, RoutingRule
from kanal.reports.queries import forget

PACKS = Path(__file__).parent.parent / "packs"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REASON_FILES = {
    Reason.Use.ARCHIVE: "archive_reasons.csv",
    Reason.Use.RETURN: "return_reasons.csv",
    Reason.Use.CAUSE: "closing_causes.csv",
}


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


@transaction.atomic
def load_pack(name: str) -> None:
    """Load how a regency sorts, sends and answers reports.

    Categories and reasons are renewed; rules and canned answers are loaded into an empty table only, because the
    coordinator edits them.
    """
    folder = PACKS / name
    _load_categories(folder)
    for use, file in REASON_FILES.items():
        for row in pack_rows(folder, file):
            sentence = row.get("sentence_to_reporter") or ""
            Reason.objects.update_or_create(
                use=use, code=row["code"], defaults={"name": row["name"], "sentence": sentence}
            )
    for row in pack_rows(folder, "feedback_reasons.csv"):
        use = Reason.Use.SATISFIED if row["satisfied"] == "yes" else Reason.Use.UNSATISFIED
        Reason.objects.update_or_create(
            use=use, code=row["code"], defaults={"name": row["name"], "reopens": row["reopens"] == "yes"}
        )
    if not RoutingRule.objects.exists():
        RoutingRule.objects.bulk_create(_rules(folder))
    if not CannedAnswer.objects.exists():
        categories = dict(Category.objects.values_list("code", "pk"))
        CannedAnswer.objects.bulk_create(
            CannedAnswer(category_id=categories.get(row["category"]), title=row["title"], body=row["body"])
            for row in pack_rows(folder, "canned_answers.csv")
        )
    forget()


def _load_categories(folder: Path) -> None:
    agencies = dict(Agency.objects.values_list("code", "pk"))
    known: dict[str, int] = {}
    for order, row in enumerate(pack_rows(folder, "categories.csv")):
        category, _created = Category.objects.update_or_create(
            code=row["code"],
            defaults={
                "parent_id": known.get(row["parent"]),
                "name": row["name"],
                "default_agency_id": agencies.get(row["default_agency"]),
                "rapid": row["rapid"] == "yes",
                "lapor_ids": _list(row["lapor_ids"]),
                "keywords": _list(row["keywords"]),
                "order": order,
            },
        )
        known[category.code] = category.pk


def _rules(folder: Path) -> list[RoutingRule]:
    categories = dict(Category.objects.values_list("code", "pk"))
    regions = dict(Region.objects.values_list("code", "pk"))
    agencies = dict(Agency.objects.values_list("code", "pk"))
    rules = []
    for row in pack_rows(folder, "routing_rules.csv"):
        start, _dash, end = row["hours"].partition("-")
        rules.append(
            RoutingRule(
                order=int(row["order"]),
                name=row["name"],
                category_id=categories.get(row["category"]),
                region_id=regions.get(row["region"]),
                words=_list(row["words"]),
                weekdays=[WEEKDAYS.index(day) for day in _list(row["days"])],
                hour_from=time.fromisoformat(start) if start else None,
                hour_to=time.fromisoformat(end) if end else None,
                agency_id=agencies[row["agency"]],
                rapid=row["rapid"] == "yes",
            )
        )
    return rules
