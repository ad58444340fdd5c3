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


MATTERS: dict[str, tuple[str, ...]] = {
    "lampu": (
        "Lampu jalan mati di {place}, malam gelap sekali",
        "PJU padam sejak {days} hari di {place}, lampu jalan mati semua",
        "Penerangan jalan {place} mati, warga takut lewat malam karena gelap",
    ),
    "lubang": (
        "Jalan berlubang di {place} sedalam mata kaki, motor sering jatuh",
        "Aspal jalan {place} rusak parah, lubang besar sudah {days} hari",
        "Lubang di jalan {place} membahayakan motor, aspal hancur",
    ),
    "sampah": (
        "Sampah menumpuk di {place}, bau menyengat, truk sampah tidak datang {days} hari",
        "TPS {place} penuh, sampah meluber dan bau",
        "Tumpukan sampah liar di {place}, bau dan banyak lalat",
    ),
    "air": (
        "Air PDAM di {place} keruh dan berbau sudah {days} hari",
        "PDAM mati di {place}, air bersih tidak mengalir {days} hari",
        "Air bersih PDAM {place} kecil dan keruh, warga beli galon",
    ),
}
PLACES = ("pasar", "balai desa", "sekolah", "masjid", "puskesmas", "terminal", "perempatan")


def many(matter: str, number: int) -> list[str]:
    """So many different texts about one matter."""
    ways = MATTERS[matter]
    return [ways[turn % len(ways)].format(place=PLACES[turn % len(PLACES)], days=turn + 2) for turn in range(number)]
