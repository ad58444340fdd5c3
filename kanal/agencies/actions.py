import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from kanal.agencies.models import Agency, AllowanceRule, Holiday, Membership, Regency, Region, User
from kanal.agencies.queries import forget

PACKS = Path(__file__).parent / "packs"


def pack_rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of one data file of a regency pack; a file that a pack does not have gives none."""
    path = folder / name
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_pack(name: str) -> None:
    """Load a regency pack: the regency, its places, agencies, allowances and holidays.

    Loading it again renews the facts of the pack and leaves alone what people added.
    Raises FileNotFoundError for an unknown pack.
    """
    folder = PACKS / name
    facts = tomllib.loads((folder / "regency.toml").read_text(encoding="utf-8"))
    contact, area = facts["contact"], facts["map"]
    Regency.objects.update_or_create(
        pk=1,
        defaults={
            "code": facts["code"],
            "name": facts["name"],
            "short_name": facts["short_name"],
            "code_prefix": facts["code_prefix"],
            "timezone": facts["timezone"],
            "brand": facts["brand"],
            "phone": contact["phone"],
            "email": contact["email"],
            "emergency_phone": contact["emergency"],
            "lat": area["lat"],
            "lon": area["lon"],
            "bounds": [[area["south"], area["west"]], [area["north"], area["east"]]],
        },
    )
    load_regions(pack_rows(folder, "regions.csv"))
    _load_agencies(list(pack_rows(folder, "agencies.csv")))
    for row in pack_rows(folder, "allowances.csv"):
        AllowanceRule.objects.update_or_create(
            kind=row["kind"],
            valid_from=date.fromisoformat(row["valid_from"]),
            defaults={
                "amount": int(row["amount"]),
                "unit": row["unit"],
                "rule": row["rule"],
                "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            },
        )
    for row in pack_rows(folder, "holidays.csv"):
        Holiday.objects.get_or_create(
            date=date.fromisoformat(row["date"]), defaults={"name": row["name"], "working": row["working"] == "yes"}
        )
    forget()


def load_regions(rows: Iterator[dict[str, str]]) -> int:
    """Add or renew places; parents must come before their children. Returns how many rows there were."""
    known = dict(Region.objects.values_list("code", "pk"))
    count = 0
    for row in rows:
        region, _created = Region.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "level": row["level"],
                "parent_id": known.get(row["parent"]),
                "lat": _float(row["lat"]),
                "lon": _float(row["lon"]),
                "population": int(row["population"]) if row["population"] else None,
                "area_km2": _float(row["area_km2"]),
            },
        )
        known[region.code] = region.pk
        count += 1
    forget()
    return count


def _load_agencies(rows: list[dict[str, str]]) -> None:
    regions = dict(Region.objects.values_list("code", "pk"))
    for row in rows:
        Agency.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "short_name": row["short_name"],
                "kind": row["kind"],
                "region_id": regions.get(row["region"]),
            },
        )
    known = dict(Agency.objects.values_list("code", "pk"))
    for row in rows:
        if row["parent"]:
            Agency.objects.filter(code=row["code"]).update(parent_id=known[row["parent"]])


def _float(text: str) -> float | None:
    return float(text) if text else None


@transaction.atomic
def set_boundary(*, code: str, geometry: dict[str, object], centre: tuple[float, float] | None = None) -> bool:
    """Keep the outline of a place (GeoJSON geometry, WGS 84), and its centre (longitude, latitude) where none is known.

    Returns False for a code that is not ours.
    """
    found = Region.objects.filter(code=code)
    if centre:
        found.filter(lat=None).update(lon=centre[0], lat=centre[1])
    changed = bool(found.update(boundary=geometry))
    forget()
    return changed


@transaction.atomic
def make_agency(*, code: str, name: str, short_name: str, kind: str) -> Agency:
    """Add an agency that the pack does not know, such as one named in an imported file."""
    agency, _created = Agency.objects.get_or_create(
        code=code, defaults={"name": name, "short_name": short_name, "kind": kind}
    )
    forget()
    return agency


@transaction.atomic
def enrol(*, email: str, name: str, role: str, agency: Agency | None = None, password: str | None = None) -> User:
    """Give a person an account (made when new) and a role."""
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, password, name=name)
    if role == Membership.Role.ADMINISTRATOR and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    Membership.objects.get_or_create(user=user, agency=agency, role=role)
    return user
