"""A category that is closed while issues and reports have it: nothing breaks, and what was said keeps its name."""

import json
from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from kanal.agencies.models import Region
from kanal.agencies.queries import actor_of
from kanal.common.snapshot import Snapshot
from kanal.issues import actions, policy
from kanal.issues.actions import Said
from kanal.issues.mining.night import mine
from kanal.issues.models import Issue
from kanal.issues.queries.openly import register
from kanal.issues.queries.ranked import rank_now
from kanal.reports.models import Category
from tests.support.issues import FIRST, MATTERS, many, tell
from tests.support.people import People

HOLES = "jalan-berlubang"
NAME = "Jalan berlubang atau rusak"


@pytest.fixture
def issue(people: People) -> Issue:
    """A confirmed public issue of a category that was closed afterwards."""
    category = Category.objects.get(code=HOLES)
    reports = tell(
        7,
        received_at=timezone.now() - timedelta(days=2),
        published=True,
        agency=people.roads,
        category=category,
        region=Region.objects.filter(level="desa")[0],
    )
    said = Said(title="Jalan berlubang di Jono", agency=people.roads, category=category)
    found = actions.found(said=said, reports=reports, by=policy.person(actor_of(people.kun)))
    close()
    return found


def close() -> None:
    Category.objects.filter(code__in=[HOLES, "jalan"]).update(active=False)
    Snapshot.clear_all()
    register.clear()


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_still_finds_it_under_its_name(client: Client, issue: Issue) -> None:
    assert NAME in read(client, f"/isu/{issue.pk}/")
    page = read(client, f"/isu/?kategori={HOLES}")
    assert f"/isu/{issue.pk}/" in page
    assert f'<option value="{HOLES}" selected>{NAME}</option>' in page
    (record,) = json.loads(read(client, f"/isu/data.json?kategori={HOLES}"))["issues"]
    assert record["category"] == {"code": HOLES, "name": NAME}
    rows = b"".join(iter(client.get("/isu/data.csv")))
    assert NAME in rows.decode()


def test_the_desk_still_shows_and_filters_it(client: Client, issue: Issue, people: People) -> None:
    client.force_login(people.kun)
    for shape in ("", "&bentuk=papan"):
        page = read(client, f"/meja/isu/?kategori={HOLES}{shape}")
        assert issue.title in page
        assert f'<option value="{HOLES}" selected' in page
    assert NAME in read(client, f"/meja/isu/{issue.pk}/")
    assert issue.pk in rank_now().places


def test_an_issue_keeps_it_until_somebody_chooses_another(client: Client, issue: Issue, people: People) -> None:
    client.force_login(people.kun)
    page = read(client, f"/meja/isu/{issue.pk}/")
    assert f'<option value="{issue.category_id}" selected>' in page
    same = {"category": issue.category_id, "agency": issue.agency_id, "version": issue.version}
    assert client.post(f"/meja/isu/{issue.pk}/ubah-rincian/", same).status_code == 302
    issue.refresh_from_db()
    assert issue.category_id


def test_the_night_proposes_no_issue_in_a_closed_category(people: People) -> None:
    holes, lamps = (Category.objects.get(code=code) for code in (HOLES, "lampu-jalan"))
    for start, matter in enumerate(MATTERS):
        for turn, text in enumerate(many(matter, 30)):
            category = {"lubang": holes, "lampu": lamps}.get(matter)
            tell(1, text, first=100 * start + turn, agency=people.roads, category=category)
    close()
    mine(at=FIRST + timedelta(days=10))
    found: set[tuple[str | None, str | None]] = set(
        Issue.objects.values_list("rows__report__category__code", "category__code")
    )
    assert (HOLES, None) in found
    assert ("lampu-jalan", "lampu-jalan") in found
    assert HOLES not in {code for _told, code in found}


def test_a_category_that_issues_have_is_closed_not_deleted(issue: Issue) -> None:
    assert issue.category
    with pytest.raises(ProtectedError):
        issue.category.delete()
