"""What no form of ours sends ends in a form with its mistake marked, never in a fault."""

import pytest
from django.test import Client
from django.urls import reverse

from kanal.agencies.models import AllowanceRule
from tests.support.people import People

BROKEN = ["inf", "\u00b2", "99999999999999999999", "<script>", "-1", "\x00"]


@pytest.fixture
def agus(client: Client, people: People) -> Client:
    """The administrator's browser."""
    client.force_login(people.agus)
    return client


@pytest.mark.parametrize("value", BROKEN)
@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("agencies_agency", "parent"),
        ("agencies_region", "parent"),
        ("reports_category", "default_agency"),
        ("reports_routingrule", "agency"),
        ("reports_cannedanswer", "category"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_on_the_form(agus: Client, page: str, field: str, value: str) -> None:
    answer = agus.post(reverse(f"admin:{page}_add"), {field: value})
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors


@pytest.mark.parametrize("value", BROKEN)
def test_an_agency_that_cannot_be_in_somebodys_roles(agus: Client, value: str) -> None:
    role = {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0", "memberships-0-agency": value}
    answer = agus.post(reverse("admin:agencies_user_add"), {"email": "baru@contoh.go.id", "name": "Baru", **role})
    assert answer.status_code == 200


@pytest.mark.parametrize("value", BROKEN)
def test_deleting_rows_that_cannot_be_deletes_nothing(agus: Client, value: str) -> None:
    before = AllowanceRule.objects.count()
    form = {"action": "delete_selected", "_selected_action": value, "post": "yes"}
    assert agus.post(reverse("admin:agencies_allowancerule_changelist"), form).status_code in {200, 302}
    assert AllowanceRule.objects.count() == before
