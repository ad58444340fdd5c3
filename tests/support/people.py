"""The same few people in every test, and the regency they live in."""

from dataclasses import dataclass
from typing import TypeVar

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from pytest_django import DjangoDbBlocker

from kanal.agencies.actions import enrol, merge_agency
from kanal.agencies.actions import load_pack as load_places
from kanal.agencies.models import Agency, Membership, Regency, User
from kanal.agencies.queries import actor_of, reference
from kanal.common.snapshot import Snapshot
from kanal.reports import actions, policy
from kanal.reports.actions.packs import load_pack as load_ways
from kanal.reports.models import Report
from kanal.reports.policy import Doer

PACK = "bojonegoro"
Role = Membership.Role
Row = TypeVar("Row", bound=Model)


_loaded: list[tuple[type[Model], list[Model]]] = []
"""The rows of the regency as they were first loaded. Putting them back takes a tenth of reading the pack again."""


def load_packs() -> None:
    """Load the regency unless it is there already: tests that commit leave an emptied database behind."""
    Snapshot.clear_all()
    if Regency.objects.exists():
        return
    with transaction.atomic():
        for model, rows in _loaded:
            model._default_manager.bulk_create(rows)
    if not _loaded:
        load_places(PACK)
        load_ways(PACK)
        ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("kanal.")]
        _loaded.extend((model, rows) for model in ours if (rows := list(model._default_manager.all())))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:  # extends it
    """Load the regency once, outside every test's transaction."""
    with django_db_blocker.unblock():
        load_packs()


@pytest.fixture(autouse=True)
def _fresh_snapshots() -> None:
    Snapshot.clear_all()


@pytest.fixture
def regency(db: None) -> Regency:  # needs the database
    load_packs()
    return reference().regency


@dataclass(frozen=True)
class People:
    """Sari reports. Kun coordinates. Oki and Heni are officer and head of roads, Dewi is an officer of transport.

    Rina is the announcer of the radio.
    """

    kun: User
    oki: User
    heni: User
    dewi: User
    laras: User
    ida: User
    agus: User
    rina: User
    roads: Agency
    transport: Agency

    @staticmethod
    def doing(user: User) -> Doer:
        """The person as the `by` of a verb."""
        return policy.staff(actor_of(user))


_STAFF: dict[str, tuple[str, Role, str]] = {
    "kun": ("Kun Hidayat", Role.COORDINATOR, ""),
    "oki": ("Oki Prasetyo", Role.OFFICER, "pu-bina-marga"),
    "heni": ("Heni Wulandari", Role.SUPERVISOR, "pu-bina-marga"),
    "dewi": ("Dewi Lestari", Role.OFFICER, "dishub"),
    "laras": ("Laras Kusuma", Role.LEADER, ""),
    "ida": ("Ida Rahmawati", Role.INSPECTOR, ""),
    "agus": ("Agus Salim", Role.ADMINISTRATOR, ""),
    "rina": ("Rina Anggraini", Role.ANNOUNCER, ""),
}
_enrolled: list[tuple[User, Membership]] = []
"""The staff as the verb first enrolled them. Putting their rows back takes a fifth of enrolling them anew."""


def _new(row: Row, **changes: object) -> Row:
    """A row with the same values that is not in the database yet."""
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    return type(row)(**{**fields, **changes})


def _enrol(agencies: dict[str, Agency]) -> dict[str, User]:
    users = {
        key: enrol(email=f"{key}@contoh.go.id", name=name, role=role, agency=agencies.get(agency))
        for key, (name, role, agency) in _STAFF.items()
    }
    _enrolled.extend((_new(user), _new(user.memberships.get())) for user in users.values())
    return users


def _staff(agencies: dict[str, Agency]) -> dict[str, User]:
    if not _enrolled:
        return _enrol(agencies)
    users = User.objects.bulk_create(_new(user) for user, _held in _enrolled)
    held = (_new(held, user_id=user.pk) for user, (_before, held) in zip(users, _enrolled, strict=True))
    Membership.objects.bulk_create(held)
    Snapshot.clear_all()  # as the verb does: what a test changes next is read
    return dict(zip(_STAFF, users, strict=True))


def roads_join_transport(people: People) -> None:
    """Agus merges the agency for roads into that for transport."""
    merge_agency(agency=people.roads, into=people.transport, by=actor_of(people.agus))


@pytest.fixture
def people(regency: Regency) -> People:  # they live there
    agencies = {a.code: a for a in Agency.objects.filter(code__in={agency for _, _, agency in _STAFF.values()})}
    return People(**_staff(agencies), roads=agencies["pu-bina-marga"], transport=agencies["dishub"])


@pytest.fixture
def sari_reports(regency: Regency) -> Report:  # files into it
    """Sari's report, just in: a hole in the road of Jono, Kec. Temayang, with her e-mail address."""
    return actions.file_report(
        actions.Filing(
            body="Jalan di tikungan Desa Jono berlubang sedalam mata kaki sejak dua minggu. Hubungi 081234567890.",
            submission="sari-1",
            region_id=next(r.id for r in reference().villages() if r.place == "Jono, Kec. Temayang"),
            email="sari@contoh.id",
            name="Sari Utami",
        )
    )
