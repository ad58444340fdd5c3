import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from kanal.agencies import policy
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
from kanal.agencies.queries import Actor, check_stands, forget
from kanal.common.obligations import Unit
from kanal.common.refusal import Refused

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
    """Give a person an account (made when new, renamed when not) and a role beside those they have.

    Raises Refused for an agency that is no more.
    """
    if agency:
        check_stands(agency)
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, password, name=name)
    staff = user.is_staff or role == Membership.Role.ADMINISTRATOR
    if (user.name, user.is_staff) != (name, staff):
        user.name, user.is_staff = name, staff
        user.save(update_fields=["name", "is_staff"])
    Membership.objects.get_or_create(user=user, agency=agency, role=role)
    return user


@transaction.atomic
def merge_agency(*, agency: Agency, into: Agency, by: Actor) -> Agency:
    """Let an agency become part of another. Its people go over; what it did keeps its name; the rest is found there.

    Nothing of reports, issues or promises is written: whoever asks what an agency is today (queries.Reference) is led
    on. The same merge again does no harm. Raises Refused for a merge that cannot be.
    """
    policy.check_merges(by.roles if by.user_id else ())
    rows = Agency.objects.select_for_update().filter(pk__in=[agency.pk, into.pk]).order_by("pk").in_bulk()
    gone, stays = rows[agency.pk], rows[into.pk]
    if gone.successor_id == stays.pk:
        return gone
    _refuse_unfit(gone, stays)
    people = _move_people(gone, stays)
    if stays.parent_id == gone.pk:
        stays.parent_id = gone.parent_id
        stays.save(update_fields=["parent"])
    Agency.objects.filter(parent=gone).update(parent=stays)
    gone.active, gone.successor = False, stays
    gone.save(update_fields=["active", "successor"])
    with override("id"):
        moved = ngettext("%(num)s orang pindah", "%(num)s orang pindah", people) % {"num": people}
        _note(gone, by, _("Bergabung ke %(agency)s; %(people)s.") % {"agency": stays.name, "people": moved})
        _note(stays, by, _("Menerima %(agency)s; %(people)s.") % {"agency": gone.name, "people": moved})
    transaction.on_commit(forget)
    return gone


def _refuse_unfit(gone: Agency, stays: Agency) -> None:
    """Raise Refused for what would lead nowhere, in a circle, or out of the Inspektorat's confidence."""
    if gone == stays:
        raise Refused(_("%(agency)s tidak bisa digabung ke dirinya sendiri.") % {"agency": gone.name}, status=400)
    if gone.successor:
        told = {"agency": gone.name, "now": gone.successor.name}
        raise Refused(_("%(agency)s sudah bergabung ke %(now)s.") % told)
    check_stands(stays)
    if Agency.Kind.INSPECTORATE in {gone.kind, stays.kind} and gone.kind != stays.kind:
        raise Refused(_("Inspektorat menjaga laporan rahasia: ia tidak digabung dengan dinas lain."), status=400)


def _move_people(gone: Agency, stays: Agency) -> int:
    """Give everybody their role in the agency that stays, once; return how many people these are."""
    there = set(Membership.objects.filter(agency=stays).values_list("user_id", "role"))
    rows = list(Membership.objects.filter(agency=gone))
    for row in rows:
        if (row.user_id, row.role) in there:
            row.delete()
        else:
            row.agency = stays
            row.save(update_fields=["agency"])
    return len({row.user_id for row in rows})


def _note(agency: Agency, by: Actor, sentence: str) -> None:
    """A line in the history that administrators read."""
    LogEntry.objects.create(
        user_id=by.user_id or 0,
        content_type=ContentType.objects.get_for_model(Agency),
        object_id=str(agency.pk),
        object_repr=agency.name[:200],
        action_flag=CHANGE,
        change_message=sentence,
    )
