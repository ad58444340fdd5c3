"""Who reads and who has made which brief: every role against one table, written out on purpose."""

from contextlib import suppress

import pytest

from kanal.agencies.actions import enrol
from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import Actor, actor_of, reference
from kanal.brief import policy, queries
from kanal.brief.models import Edition
from kanal.brief.policy import REGENCY, About
from kanal.common.refusal import Refused
from kanal.common.snapshot import Snapshot
from tests.support.people import People

PEOPLE = {
    "K": "kun",
    "O": "oki",
    "H": "heni",
    "D": "dewi",
    "L": "laras",
    "I": "ida",
    "A": "agus",
    "R": "rina",
}
# About what: who reads it, who has it made. C is the head of the office of Kecamatan Temayang.
EXPECTED = {
    "regency": ("KLI", "KL"),
    "roads": ("KLIOH", "KLH"),
    "transport": ("KLID", "KL"),
    "temayang": ("KLIC", "KLC"),
    "kapas": ("KLI", "KL"),
}


@pytest.fixture
def actors(people: People) -> dict[str, Actor]:
    office = Agency.objects.get(kind=Agency.Kind.DISTRICT, region__name="Temayang")
    head = enrol(email="camat@contoh.go.id", name="Camat", role=Membership.Role.SUPERVISOR, agency=office)
    return {letter: actor_of(getattr(people, name)) for letter, name in PEOPLE.items()} | {"C": actor_of(head)}


@pytest.fixture
def subjects(people: People) -> dict[str, About]:
    districts = {one.name: one.id for one in reference().districts()}
    return {
        "regency": REGENCY,
        "roads": About(agency_id=people.roads.pk),
        "transport": About(agency_id=people.transport.pk),
        "temayang": About(region_id=districts["Temayang"]),
        "kapas": About(region_id=districts["Kapas"]),
    }


def keep(about: About) -> Edition:
    return Edition.objects.create(
        year=2026,
        week=47,
        scope=about.scope,
        agency_id=about.agency_id,
        region_id=about.region_id,
        version=1,
        figures={},
        made_at="2026-11-20T05:00:00Z",
    )


def test_every_role_before_every_brief(actors: dict[str, Actor], subjects: dict[str, About]) -> None:
    assert set(subjects) == set(EXPECTED)
    found = {}
    for name, about in subjects.items():
        edition = keep(about)
        reads = "".join(letter for letter in actors if opens(actors[letter], edition))
        makes = "".join(letter for letter in actors if policy.makes(actors[letter], about))
        found[name] = (set(reads), set(makes))
    assert found == {name: (set(reads), set(makes)) for name, (reads, makes) in EXPECTED.items()}


def opens(actor: Actor, edition: Edition) -> bool:
    with suppress(Refused):
        return queries.get_for(actor, edition.pk) == edition
    return False


def test_only_its_makers_may_make_it(actors: dict[str, Actor], subjects: dict[str, About]) -> None:
    with pytest.raises(Refused, match="pimpinan, koordinator, atau kepala dinasnya"):
        policy.check_makes(actors["O"], subjects["roads"])
    policy.check_makes(actors["H"], subjects["roads"])


def test_the_successor_reads_the_past_of_what_it_took_over(people: People, subjects: dict[str, About]) -> None:
    edition = keep(subjects["roads"])
    assert not opens(actor_of(people.dewi), edition)
    Agency.objects.filter(pk=people.roads.pk).update(active=False, successor=people.transport)
    Snapshot.clear_all()
    assert opens(actor_of(people.dewi), edition)
    assert queries.name_of(subjects["roads"]) == people.roads.name


def test_whatever_number_is_asked_for(people: People) -> None:
    for pk in (0, 999_999, 10**30):
        with pytest.raises(Refused, match="tidak ditemukan"):
            queries.get_for(actor_of(people.laras), pk)
