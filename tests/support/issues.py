"""Reports for tests about issues: written straight into the table, because filing each one costs many statements."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kanal.reports.models import Report

FIRST = datetime(2026, 11, 2, 2, tzinfo=UTC)
ROAD = "Jalan di tikungan Desa Jono berlubang sedalam mata kaki."


def tell(number: int, text: str = ROAD, *, first: int = 0, **more: Any) -> list[Report]:
    """So many reports, an hour apart, the first of them `first` hours after FIRST; `more` are fields of Report."""
    return Report.objects.bulk_create(
        Report(
            tracking_code=f"BJN-ISU-{turn:04}",
            **{
                "title": text[:90],
                "body": text,
                "public_body": text,
                "received_at": FIRST + timedelta(hours=turn),
                **more,
            },
        )
        for turn in range(first, first + number)
    )
