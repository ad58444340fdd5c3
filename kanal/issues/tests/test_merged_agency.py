"""Roads becomes part of transport: the issues it led and its words to all are those of transport from then on."""

import pytest
from django.test import Client
from django.urls import reverse

from kanal.agencies.queries import actor_of
from kanal.channels.models import Outbound
from kanal.issues import actions, policy, queries
from kanal.issues.beside import goes_over
from kanal.issues.forms import DescribeForm
from kanal.issues.models import Bulletin, Issue
from kanal.issues.queries.bulletins import heading
from kanal.issues.queries.concerned import concerned
from kanal.issues.queries.desk import Filters, lines_of, wanted
from kanal.issues.queries.openly import read_filters as read_open
from kanal.issues.queries.openly import register
from kanal.issues.queries.openly import wanted as wanted_openly
from kanal.reports.models import Answer
from kanal.reports.workflow import Status as ReportStatus
from tests.support.concerned import citizen, drafted, issue_of, reported, send
from tests.support.people import People, roads_join_transport

pytestmark = pytest.mark.django_db
WAITING = {"status": ReportStatus.IN_PROGRESS}


@pytest.fixture
def road(people: People) -> Issue:
    """Led by roads, with six people's reports that roads works on."""
    reports = (reported(citizen(number), number, agency=people.roads, **WAITING) for number in range(6))
    return issue_of(people, *reports)


@pytest.fixture
def asked(people: People, road: Issue) -> Bulletin:
    """Oki's word to all, laid before his head."""
    bulletin = drafted(people, road, as_answer=True)
    actions.submit_bulletin(bulletin=bulletin, by=policy.person(actor_of(people.oki)))
    return bulletin


def test_it_is_among_the_issues_of_those_who_took_over(road: Issue, people: People) -> None:
    assert list(wanted(actor_of(people.dewi), Filters(tampilan="saya"))) == []
    roads_join_transport(people)
    assert list(wanted(actor_of(people.dewi), Filters(tampilan="saya"))) == [road]
    assert lines_of([road.pk])[0].agency == people.transport.name
    road.refresh_from_db()
    assert road.agency == people.roads


def test_the_filter_of_either_finds_it(road: Issue, people: People) -> None:
    roads_join_transport(people)
    kun = actor_of(people.kun)
    for agency in (people.roads, people.transport):
        assert list(wanted(kun, Filters(dinas=agency.code))) == [road]
        assert [one.pk for one in wanted_openly(read_open({"dinas": agency.code}))] == [road.pk]  # type: ignore[arg-type]  # a plain address
    assert list(wanted(kun, Filters(dinas="tidak-ada"))) == []


def test_in_public_it_is_led_by_what_the_agency_is_today(road: Issue, people: People, client: Client) -> None:
    roads_join_transport(people)
    register.clear()
    page = client.get(reverse("issues:public_issue", args=[road.pk])).content.decode()
    assert people.transport.name in page
    old = client.get(reverse("issues:public_issues"), {"dinas": people.roads.code}).content.decode()
    assert f"{people.roads.name} bergabung ke {people.transport.name}." in old


def test_whoever_describes_it_anew_starts_from_today(road: Issue, people: People) -> None:
    roads_join_transport(people)
    form = DescribeForm(issue=road, actor=actor_of(people.kun))
    assert form.initial["agency"] == people.transport.pk
    assert people.roads.pk not in [pk for pk, _name in form.fields["agency"].choices]  # type: ignore[attr-defined]  # it is a ChoiceField


def test_a_word_that_waits_is_theirs_to_send_and_answers_their_reports(asked: Bulletin, people: People) -> None:
    roads_join_transport(people)
    dewi = actor_of(people.dewi)
    assert policy.sees_bulletin(dewi, asked)
    assert len(concerned(asked).answerable) == 6
    send(asked, policy.person(actor_of(people.heni)))
    assert Answer.objects.filter(agency=people.transport).count() == 6
    assert heading(asked) == f"Jawaban {people.roads.name} (kini {people.transport.name}) tentang “{asked.issue.title}”"


def test_its_heads_are_asked_where_they_are_now(road: Issue, people: People) -> None:
    bulletin = drafted(people, road)
    roads_join_transport(people)
    actions.submit_bulletin(bulletin=bulletin, by=policy.person(actor_of(people.dewi)))
    told = set(Outbound.objects.filter(purpose="bulletin_asked").values_list("to_staff", flat=True))
    assert told == {"heni@contoh.go.id", "kun@contoh.go.id"}


def test_a_new_word_about_it_is_in_their_name(road: Issue, people: People, client: Client) -> None:
    roads_join_transport(people)
    client.force_login(people.dewi)
    address = reverse("issues:desk_bulletin_new", args=[road.pk])
    client.post(address, {"kind": "answer", "text": "Lubang ditambal mulai Kamis."})
    assert Bulletin.objects.get().agency == people.transport


def test_the_preview_of_the_merge_counts_them(asked: Bulletin, people: People) -> None:
    assert [number for _words, number in goes_over([people.roads.pk])] == [1, 1]
    assert queries.get_for(actor_of(people.kun), asked.issue_id).agency_id == people.roads.pk
