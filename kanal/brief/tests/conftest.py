from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kanal.agencies.queries import actor_of, reference
from kanal.brief import queries
from kanal.brief.queries import Survey
from kanal.brief.weeks import this_friday
from kanal.issues import actions as issues
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import MACHINE, person
from kanal.reports.models import Category
from kanal.reports.queries.performance import midnight
from tests.support.brief import MakeIssue, village
from tests.support.issues import many, tell
from tests.support.people import People


@pytest.fixture
def friday(regency: object) -> date:
    return this_friday(reference().today())


@pytest.fixture
def at(friday: date) -> datetime:
    """Friday at five in the morning, when the worker makes the editions."""
    return midnight(friday) + timedelta(hours=5)


@pytest.fixture
def look(friday: date, at: datetime) -> Callable[..., Survey]:
    """What a week's editions are counted from; so many weeks before this one."""

    def survey(weeks: int = 0) -> Survey:
        back = timedelta(weeks=weeks)
        return queries.survey(friday - back, at=at - back)

    return survey


@pytest.fixture
def make_issue(people: People, friday: date) -> MakeIssue:
    """A confirmed issue about holes in roads of the roads agency: so many voices, so many days before the Friday."""
    made = 0

    def make(
        number: int = 6, title: str = "Jalan berlubang", *, days: int = 2, matter: str = "lubang", **more: Any
    ) -> Issue:
        nonlocal made
        agency, confirmed = more.pop("agency", people.roads), more.pop("confirmed", True)
        fields = {
            "received_at": midnight(friday) - timedelta(days=days) + timedelta(hours=9),
            "agency": agency,
            "category": Category.objects.get(code="jalan-berlubang"),
            "region_id": village("Jono, Kec. Temayang"),
            "published": True,
            **more,
        }
        reports = []
        for text in many(matter, number):
            made += 1
            reports += tell(1, text, first=made, **fields)
        issue = issues.found(
            said=Said(title=title, agency=agency, category=fields["category"]), reports=reports, by=MACHINE
        )
        if confirmed:
            issues.confirm(issue=issue, by=person(actor_of(people.kun)))
        return issue

    return make
