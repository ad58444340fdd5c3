"""Queries composed once: they answer what the query set itself would, for any value, and refuse what they cannot be."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.channels.models import Address, Contact, Inbound, Medium
from kanal.common.prepared import Prepared

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def sari_and_budi() -> None:
    for name, handle, verified in (("Sari", "sari@contoh.id", NOW), ("Budi", "budi@contoh.id", None)):
        contact = Contact.objects.create(name=name)
        Address.objects.create(
            contact=contact, medium=Medium.EMAIL, handle=handle, handle_hash=name, verified_at=verified
        )


def by_name(name: str) -> QuerySet[Address]:
    return Address.objects.filter(handle_hash=name, medium=Medium.EMAIL).annotate(made_at=F("contact__created_at"))


def test_rows_are_those_of_the_query_set_however_often_it_is_asked() -> None:
    prepared: Prepared[Address] = Prepared(by_name)
    for name in ("Sari", "Budi", "Sari", "siapa saja"):
        asked = [{**row.__dict__, "_state": None} for row in prepared(name)]
        assert asked == [{**row.__dict__, "_state": None} for row in by_name(name)]


def test_a_row_can_be_changed_and_saved_like_any_other() -> None:
    [sari] = Prepared(by_name)("Sari")
    sari.state = Address.State.BOUNCED
    sari.save()
    assert Address.objects.get(pk=sari.pk).state == Address.State.BOUNCED


def test_it_is_composed_once() -> None:
    built: list[str] = []

    def build(name: str) -> QuerySet[Address]:
        built.append(name)
        return by_name(name)

    prepared: Prepared[Address] = Prepared(build)
    with CaptureQueriesContext(connection) as asked:
        prepared("Sari")
        prepared("Budi")
    assert len(built) == 1
    assert len(asked) == 2


def test_what_is_left_out_is_fetched_when_somebody_reads_it() -> None:
    [sari] = Prepared(lambda name: Address.objects.filter(handle_hash=name).defer("handle"))("Sari")
    assert "handle" not in sari.__dict__
    assert sari.handle == "sari@contoh.id"


def test_moments_are_values_too() -> None:
    Inbound.objects.create(medium=Medium.WEB, external_id="satu", received_at=NOW)
    since: Prepared[Inbound] = Prepared(lambda moment: Inbound.objects.filter(received_at__gt=moment))
    assert [row.external_id for row in since(NOW - timedelta(seconds=1))] == ["satu"]
    assert since(NOW + timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    "build",
    [
        lambda name: Address.objects.filter(handle_hash=name).select_related("contact"),
        lambda name: Address.objects.filter(handle_hash=name).values("pk"),
        lambda name: Address.objects.filter(Q(handle_hash=name) | Q(state=name)),
        lambda _name: Address.objects.all(),
    ],
    ids=["rows of two tables", "no whole rows", "a value in two places", "a value in no place"],
)
def test_what_cannot_be_prepared_says_so(build: object) -> None:
    with pytest.raises(ImproperlyConfigured):
        Prepared(build)("Sari")  # type: ignore[arg-type]  # the mistakes are the point
