"""The same few people in every test, and the regency they live in."""

from dataclasses import dataclass

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


def roads_join_transport(people: People) -> None:
    """Agus merges the agency for roads into that for transport."""
    merge_agency(agency=people.roads, into=people.transport, by=actor_of(people.agus))


@pytest.fixture
def people(regency: Regency) -> People:  # they live there
    roads, transport = Agency.objects.get(code="pu-bina-marga"), Agency.objects.get(code="dishub")
    return People(
        kun=enrol(email="kun@contoh.go.id", name="Kun Hidayat", role=Role.COORDINATOR),
        oki=enrol(email="oki@contoh.go.id", name="Oki Prasetyo", role=Role.OFFICER, agency=roads),
        heni=enrol(email="heni@contoh.go.id", name="Heni Wulandari", role=Role.SUPERVISOR, agency=roads),
        dewi=enrol(email="dewi@contoh.go.id", name="Dewi Lestari", role=Role.OFFICER, agency=transport),
        laras=enrol(email="laras@contoh.go.id", name="Laras Kusuma", role=Role.LEADER),
        ida=enrol(email="ida@contoh.go.id", name="Ida Rahmawati", role=Role.INSPECTOR),
        agus=enrol(email="agus@contoh.go.id", name="Agus Salim", role=Role.ADMINISTRATOR),
        rina=enrol(email="rina@contoh.go.id", name="Rina Anggraini", role=Role.ANNOUNCER),
        roads=roads,
        transport=transport,
    )


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
