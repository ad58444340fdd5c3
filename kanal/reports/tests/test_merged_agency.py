"""Roads becomes part of transport: its reports go on there, what is finished keeps its name."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from kanal.agencies.queries import actor_of, reference
from kanal.channels.models import Outbound
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.actions import digest, notices, sweeping
from kanal.reports.models import Answer, Category, Report, ReportClock, RoutingRule
from kanal.reports.queries.desk import Filters, page_of, queue, tasks_of
from kanal.reports.queries.desk_rows import Rows
from kanal.reports.queries.friday import sheet_of
from kanal.reports.queries.going_over import goes_over
from kanal.reports.queries.performance import Scope, figures_of
from kanal.reports.queries.public_filters import narrowed, read_filters
from kanal.reports.queries.reference import report_reference
from kanal.reports.queries.routing import propose, propose_for, urgent
from kanal.reports.webhooks.events import Listener
from kanal.reports.workflow import Clock, Status
from tests.support.people import People, roads_join_transport

pytestmark = pytest.mark.django_db
LIST = reverse_lazy("reports:public_list")
WIB = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 3, 2, 6, 30, tzinfo=WIB)


@pytest.fixture
def handed(sari_reports: Report, people: People) -> Report:
    """Sari's report, with the agency for roads."""
    return actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))


@pytest.fixture
def merged(handed: Report, people: People) -> Report:
    """The same after the merge."""
    roads_join_transport(people)
    return again(handed)


@pytest.fixture
def finished(handed: Report, people: People) -> Report:
    """The same when roads had answered it before the merge."""
    answered(handed, people)
    roads_join_transport(people)
    return again(handed)


def again(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def answered(report: Report, people: People) -> None:
    oki = people.doing(people.oki)
    actions.draft_answer(report=report, by=oki, text="Lubang sudah ditambal.")
    actions.submit_answer(report=report, by=oki)
    actions.approve_answer(report=report, by=people.doing(people.heni))
    actions.publish_answer(report=report, by=oki)


def told(purpose: str) -> set[str]:
    return set(Outbound.objects.filter(purpose=purpose).values_list("to_staff", flat=True))


# At the desk ----------------------------------------------------------------------------------------------------------


def test_its_open_reports_are_in_the_queue_of_those_who_took_over(merged: Report, people: People) -> None:
    dewi = actor_of(people.dewi)
    assert list(queue(dewi, Filters())) == [merged]
    (row,) = page_of(dewi, Filters(), None).rows
    assert Rows()(row).hand == people.transport.short_name


def test_the_filter_of_either_finds_them(merged: Report, people: People) -> None:
    kun = actor_of(people.kun)
    for agency in (people.roads, people.transport):
        assert list(queue(kun, Filters(agency_id=agency.pk))) == [merged]


def test_they_work_on_in_their_own_name(merged: Report, people: People) -> None:
    actions.start(report=merged, by=people.doing(people.dewi))
    answered(again(merged), people)
    assert Answer.objects.get().agency == people.transport
    sent = Outbound.objects.filter(purpose="answered", to_staff="").latest("pk").body
    assert f"Jawaban {people.transport.name}" in sent
    assert people.roads.name in "".join(event.data.get("agency_name", "") for event in merged.events.all())


def test_an_answer_that_was_in_the_making_goes_out_in_the_new_name(handed: Report, people: People) -> None:
    oki = people.doing(people.oki)
    actions.draft_answer(report=handed, by=oki, text="Lubang sudah ditambal.")
    actions.submit_answer(report=handed, by=oki)
    roads_join_transport(people)
    actions.approve_answer(report=handed, by=people.doing(people.heni))
    actions.publish_answer(report=handed, by=people.doing(people.dewi))
    assert Answer.objects.get().agency == people.transport


def test_whether_a_second_pair_of_eyes_is_wanted_is_theirs_to_say(merged: Report, people: People) -> None:
    people.transport.two_eyes = False
    people.transport.save()
    dewi = people.doing(people.dewi)
    actions.draft_answer(report=merged, by=dewi, text="Lubang sudah ditambal.")
    actions.publish_answer(report=again(merged), by=dewi)
    assert again(merged).status == Status.ANSWERED


def test_a_report_opened_again_is_their_duty(finished: Report, people: People) -> None:
    actions.reopen(report=finished, by=people.doing(people.kun))
    assert ReportClock.objects.get(kind=Clock.FOLLOW_UP, met_at=None, voided_at=None).agency == people.transport


def test_giving_it_back_teaches_that_it_is_not_theirs(merged: Report, people: People) -> None:
    actions.return_(report=merged, by=people.doing(people.dewi), reason="other_agency")
    assert again(merged).returned_by == people.transport
    assert people.transport.pk not in [one.agency_id for one in propose_for(again(merged))]


def test_nothing_is_handed_to_it_any_more(merged: Report, people: People) -> None:
    kun = people.doing(people.kun)
    people.roads.refresh_from_db()
    with pytest.raises(Refused, match=f"sudah bergabung ke {people.transport.name}"):
        actions.assign(report=merged, agency=people.roads, by=kun)
    with pytest.raises(Refused, match=f"sudah bergabung ke {people.transport.name}"):
        actions.split(report=merged, by=people.doing(people.dewi), instruction="Pasang rambu", agency=people.roads)
    with pytest.raises(Refused, match="Laporan ini sudah di"):
        actions.assign(report=merged, agency=people.transport, by=kun)


def test_a_stranger_stays_one(merged: Report, people: People) -> None:
    for user in (people.rina, people.agus):
        assert not policy.sees(actor_of(user), merged)


# Who hears ------------------------------------------------------------------------------------------------------------


def test_what_is_said_to_the_agency_reaches_all_of_them(merged: Report, people: People) -> None:
    Outbound.objects.all().delete()
    actions.escalate(report=merged, by=people.doing(people.kun))
    notices.call_unit(merged, people.roads.pk)
    assert told("escalated") == {"heni@contoh.go.id"}
    assert told("rapid") == {"heni@contoh.go.id", "oki@contoh.go.id", "dewi@contoh.go.id", "kun@contoh.go.id"}


def test_the_morning_letter_counts_them(merged: Report, people: People) -> None:
    Report.objects.update(due_on=MONDAY.date() - timedelta(days=4))
    digest.send_digest(at=MONDAY)
    letter = Outbound.objects.get(purpose="digest", to_staff="dewi@contoh.go.id").body
    assert letter.count("1 laporan lewat tenggat.") == 1
    assert people.transport.name in letter
    assert people.roads.name not in letter
    assert merged.tracking_code in letter


def test_lateness_climbs_to_the_head_of_today_and_floods_nobody(
    merged: Report, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    Report.objects.update(due_on=timezone.localdate() - timedelta(days=9))
    monkeypatch.setattr(sweeping, "MOST_LETTERS", 0)
    Outbound.objects.all().delete()
    assert sweeping.escalate_overdue() == 1
    assert told("escalated") == set()
    Report.objects.update(escalated_at=None)
    monkeypatch.setattr(sweeping, "MOST_LETTERS", 5)
    assert sweeping.escalate_overdue() == 1
    assert told("escalated") == {"heni@contoh.go.id"}


def test_a_task_that_was_given_to_it_is_theirs(handed: Report, people: People) -> None:
    kun = people.doing(people.kun)
    task = actions.split(report=handed, by=people.doing(people.oki), instruction="Tebang pohon", agency=people.roads)
    roads_join_transport(people)
    dewi = actor_of(people.dewi)
    assert [row.id for row in tasks_of(dewi, answered=False, cursor=None).rows] == [task.pk]
    actions.answer_task(task=task, by=people.doing(people.dewi), text="Sudah ditebang.")
    Outbound.objects.all().delete()
    task = actions.split(report=again(handed), by=kun, instruction="Pasang rambu", agency=people.transport)
    assert told("task") == {"oki@contoh.go.id", "dewi@contoh.go.id"}


def test_a_program_that_asked_for_either_hears_of_them(merged: Report, people: People) -> None:
    for agency in (people.roads, people.transport):
        assert Listener(1, frozenset({"report.answered"}), agency.pk).wants("report.answered", merged)
    other = next(one.id for one in reference().agencies.values() if one.code == "dinkes")
    assert not Listener(1, frozenset({"report.answered"}), other).wants("report.answered", merged)


# Where new reports go -------------------------------------------------------------------------------------------------


def test_categories_and_rules_follow(people: People) -> None:
    category = Category.objects.get(code="jalan-berlubang")
    Category.objects.filter(pk=category.pk).update(default_agency=people.roads)
    RoutingRule.objects.all().delete()
    RoutingRule.objects.create(name="Jembatan", order=1, agency=people.roads, words=["jembatan ambrol"], rapid=True)
    roads_join_transport(people)
    assert report_reference().categories[category.pk].default_agency_id == people.transport.pk
    (usual,) = propose("Ada lubang.", category_id=category.pk, region_id=None)
    (ruled,) = propose("Jembatan ambrol semalam.", category_id=None, region_id=None)
    assert (usual.agency_id, ruled.agency_id) == (people.transport.pk, people.transport.pk)
    danger = urgent("Jembatan ambrol!", category_id=None, region_id=None, at=timezone.now())
    assert danger is not None
    assert danger.agency_id == people.transport.pk


def test_the_lists_of_categories_and_rules_say_where_they_lead(people: People, client: Client) -> None:
    RoutingRule.objects.create(name="Jembatan", order=1, agency=people.roads, words=["jembatan ambrol"])
    roads_join_transport(people)
    client.force_login(people.agus)
    for page in ("admin:reports_category_changelist", "admin:reports_routingrule_changelist"):
        shown = client.get(reverse(page), {"q": "j"}).content.decode()
        assert people.transport.short_name in shown
        assert people.roads.short_name not in shown


def test_what_points_to_an_agency_that_just_ended_leads_nowhere(people: People) -> None:
    Category.objects.filter(code="jalan-berlubang").update(default_agency=people.roads)
    people.roads.active = False
    people.roads.save()
    category = report_reference().categories_by_code["jalan-berlubang"]
    assert category.default_agency_id is None


def test_the_preview_counts_what_goes_over_and_no_whistle_blowing(handed: Report, people: People) -> None:
    actions.split(report=handed, by=people.doing(people.oki), instruction="Tebang pohon", agency=people.roads)
    assert dict(goes_over([people.roads.pk]))["Laporan terbuka"] == 1
    assert dict(goes_over([people.roads.pk]))["Tugas terbuka"] == 1
    assert dict(goes_over([people.roads.pk]))["Kategori yang biasanya ke sana"] > 0
    Report.objects.update(kind="whistleblowing", secret=True, published=False)
    assert dict(goes_over([people.roads.pk]))["Laporan terbuka"] == 0


# In public ------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_report_names_both(merged: Report, people: People, client: Client) -> None:
    page = client.get(reverse("reports:public_detail", args=[merged.tracking_code])).content.decode()
    assert f"{people.roads.name} (kini {people.transport.name})" in page
    assert f"Diteruskan ke {people.roads.name}" in page


def test_the_list_of_either_finds_it_and_that_of_the_old_one_leads_on(
    merged: Report, people: People, client: Client
) -> None:
    for agency in (people.roads, people.transport):
        assert list(narrowed(read_filters(QueryDict(f"dinas={agency.code}")))) == [merged]
    old = client.get(LIST, {"dinas": people.roads.code}).content.decode()
    assert f"{people.roads.name} bergabung ke {people.transport.name}." in old
    assert f"?dinas={people.transport.code}" in old
    assert "bergabung" not in client.get(LIST, {"dinas": people.transport.code}).content.decode()


def test_it_is_no_choice_for_whoever_looks_at_everything(merged: Report, people: People, client: Client) -> None:
    assert f'value="{people.roads.code}"' not in client.get(LIST).content.decode()


def test_figures_keep_the_name_for_what_is_finished(finished: Report, people: People, client: Client) -> None:
    cache.clear()
    today = reference().today()
    rows = {row.id: row for row in figures_of(Scope(None, today), at=timezone.now()).agencies}
    assert (rows[people.roads.pk].states.green, rows[people.roads.pk].open) == (1, 0)
    assert people.transport.pk not in rows
    assert f"{people.roads.name} (kini {people.transport.name})" in client.get("/kinerja/").content.decode()


def test_figures_of_what_is_open_stand_with_who_has_it(merged: Report, people: People) -> None:
    rows = {row.id: row for row in figures_of(Scope(None, reference().today()), at=timezone.now()).agencies}
    assert people.roads.pk not in rows
    assert (rows[people.transport.pk].open, rows[people.transport.pk].states.counted) == (1, 1)


def test_the_friday_sheet_asks_those_who_can_answer(merged: Report, people: People) -> None:
    at = timezone.now() + timedelta(days=40)
    sheet = sheet_of(reference().today(at), at=at)
    assert [(pile.agency_id, pile.open, pile.overdue) for pile in sheet.piles] == [(people.transport.pk, 1, 1)]
    assert [one.agency_id for one in sheet.late] == [people.transport.pk]
