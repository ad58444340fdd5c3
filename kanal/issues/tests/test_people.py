"""How many people live where an issue is a matter: from the pack, from what lies beneath, or not known at all."""

import pytest

from kanal.agencies.models import Region
from kanal.agencies.queries import actor_of
from kanal.issues import actions, policy
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.queries.ranked import facts_of
from tests.support.issues import tell
from tests.support.people import People


@pytest.fixture
def districts(people: People) -> list[Region]:
    del people
    return list(Region.objects.filter(level="kecamatan").order_by("code")[:2])


def people_of(people: People, *regions: Region) -> int:
    said = Said(title="Jalan rusak", regions=regions)
    number = Issue.objects.count()
    issue = actions.found(said=said, reports=tell(1, first=number), by=policy.person(actor_of(people.kun)))
    return facts_of(Issue.objects.filter(pk=issue.pk))[issue.pk].people


def test_everywhere_is_the_regency(people: People, districts: list[Region]) -> None:
    del districts
    assert people_of(people) == Region.objects.get(level="kabupaten").population


def test_a_kecamatan_has_the_people_that_the_pack_tells(people: People, districts: list[Region]) -> None:
    one, other = districts
    assert people_of(people, one) == 0, "nobody knows"
    Region.objects.filter(pk=one.pk).update(population=41_000)
    assert people_of(people, one) == 41_000
    assert people_of(people, one, other) == 0, "half an answer would say that twice as many complain"
    Region.objects.filter(pk=other.pk).update(population=9_000)
    assert people_of(people, one, other) == 50_000


def test_villages_add_up_once_all_are_known(people: People, districts: list[Region]) -> None:
    one = districts[0]
    villages = list(one.children.order_by("pk"))
    one.children.exclude(pk=villages[0].pk).update(population=100)
    assert people_of(people, one) == 0
    assert people_of(people, villages[1]) == 100
    one.children.update(population=100)
    assert people_of(people, one) == 100 * len(villages)
