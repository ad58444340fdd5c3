import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction

from kanal.agencies.models import Agency, AllowanceRule, Holiday, Membership, Regency, Region, User
from kanal.agencies.pack_files import (
    COLUMNS,
    PACKS,
    REGENCY,
    PackError,
    pack_folder,
    pack_rows,
    pointed,
    regency_facts,
    yes,
)
from kanal.agencies.queries import forget
from kanal.common.obligations import Unit

_PREFIX = re.compile(r"[A-Z]{2,4}")


@transaction.atomic
def load_pack(name: str) -> dict[str, int]:
    """Load a regency pack: the regency, its places, agencies, allowances and holidays. Returns the rows of each file.

    Loading it again renews the facts of the pack and leaves alone what people added.
    Raises PackError for an unknown pack, for anything in it that is not understood, and where another regency lives.
    """
    folder = pack_folder(PACKS, name, (REGENCY, *COLUMNS))
    _load_regency(regency_facts(folder))
    tables = {file: list(pack_rows(folder, file, columns)) for file, columns in COLUMNS.items()}
    load_regions(iter(tables["regions.csv"]))
    _load_agencies(tables["agencies.csv"])
    for row in tables["allowances.csv"]:
        AllowanceRule.objects.update_or_create(
            kind=row["kind"],
            valid_from=date.fromisoformat(row["valid_from"]),
            defaults={
                "amount": int(row["amount"]),
                "unit": Unit(row["unit"]).value,
                "rule": row["rule"],
                "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            },
        )
    for row in tables["holidays.csv"]:
        Holiday.objects.get_or_create(
            date=date.fromisoformat(row["date"]), defaults={"name": row["name"], "working": yes(row["working"])}
        )
    forget()
    return {file: len(rows) for file, rows in tables.items()}


def _load_regency(facts: dict[str, Any]) -> None:
    """Make or renew the regency. A contact that the pack does not know keeps what an administrator wrote.

    The prefix of the codes is taken once: every code that was ever given out begins with it.
    """
    regency = Regency.objects.filter(pk=1).first()
    if regency is None:
        regency = Regency(pk=1, code=facts["code"], code_prefix=facts["code_prefix"])
    elif regency.code != facts["code"]:
        raise PackError(f"Di sini sudah ada {regency.name}. Satu pemasangan Kanal melayani satu kabupaten.")
    contact, area = facts["contact"], facts["map"]
    for key in ("name", "short_name", "timezone", "brand"):
        setattr(regency, key, facts[key])
    for key, told in contact.items():
        if told:
            setattr(regency, "emergency_phone" if key == "emergency" else key, told)
    regency.lat, regency.lon = area["lat"], area["lon"]
    regency.bounds = [[area["south"], area["west"]], [area["north"], area["east"]]]
    _check_regency(regency)
    regency.save()


def _check_regency(regency: Regency) -> None:
    if not _PREFIX.fullmatch(regency.code_prefix):
        raise PackError(f"{REGENCY}: code_prefix harus 2 sampai 4 huruf kapital, bukan {regency.code_prefix!r}.")
    if regency.timezone not in available_timezones():
        raise PackError(f"{REGENCY}: timezone {regency.timezone!r} tidak dikenal. Contoh: Asia/Jakarta.")
    try:
        regency.clean_fields(exclude=["bounds"])
    except ValidationError as error:
        told = "; ".join(f"{key}: {' '.join(sentences)}" for key, sentences in error.message_dict.items())
        raise PackError(f"{REGENCY}: {told}") from error


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
                "region_id": pointed(regions, row["region"], f"agencies.csv {row['code']}: wilayah"),
            },
        )
    known = dict(Agency.objects.values_list("code", "pk"))
    for row in rows:
        parent_id = pointed(known, row["parent"], f"agencies.csv {row['code']}: induk")
        Agency.objects.filter(code=row["code"]).update(parent_id=parent_id)


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
    """Give a person an account (made when new, renamed when not) and a role beside those they have."""
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, password, name=name)
    staff = user.is_staff or role == Membership.Role.ADMINISTRATOR
    if (user.name, user.is_staff) != (name, staff):
        user.name, user.is_staff = name, staff
        user.save(update_fields=["name", "is_staff"])
    Membership.objects.get_or_create(user=user, agency=agency, role=role)
    return user
