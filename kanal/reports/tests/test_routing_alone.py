"""Kanal proposes for every report that waits, and hands on by itself only where a coordinator switched that on."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kanal.channels.models import Outbound
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.actions.alone import turn_switch
from kanal.reports.actions.proposing import forget_proposals, propose_anew, propose_due
from kanal.reports.actions.rules import accept_rule
from kanal.reports.learning.rules import borne_out
from kanal.reports.models import (
    Category,
    LearnedModel,
    MachineDisposition,
    Proposal,
    Report,
    ReportEvent,
    RoutingRule,
    RoutingSwitch,
    SwitchChange,
)
from kanal.reports.queries import alone, forget
from kanal.reports.queries.examples import decided
from kanal.reports.queries.routing import propose_for
from kanal.reports.workflow import Kind, Status
from tests.support.learned import ANGKOT, make_model
from tests.support.people import People
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db

RULES = "/meja/aturan/"


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def going() -> bool:
    return True


@pytest.fixture
def category(people: People) -> Iterator[Category]:
    """A category of no danger, with no agency of its own: only what was learned speaks."""
    alone.look_at_all_again()
    make_model()
    yield Category.objects.create(code="angkutan-coba", name="Angkutan coba", order=9)
    alone.look_at_all_again()


def filed(body: str, category: Category | None, **more: Any) -> Report:
    wanted: dict[str, Any] = {
        "body": body,
        "submission": f"{body}{more}",
        "category_id": category.pk if category else None,
        **more,
    }
    forget()
    return actions.file_report(actions.Filing(**wanted))


def switch_on(people: People, category: Category, least: float = 0.8) -> RoutingSwitch:
    forget()
    return turn_switch(category_id=category.pk, on=True, least=least, by=people.doing(people.kun))


def work() -> int:
    total = 0
    while done := propose_due(going):
        total += done
    return total


# Proposals


def test_a_report_that_waits_has_its_proposal_with_how_sure_it_is(people: People, category: Category) -> None:
    report = filed(ANGKOT, category)
    assert work() == 1
    stored = Proposal.objects.get(report=report)
    assert stored.agency == people.transport
    assert stored.sure
    assert 0.8 < (stored.chance or 0) <= 1
    assert work() == 0
    report.refresh_from_db()
    assert report.status == Status.RECEIVED  # nobody switched anything on


def test_whistle_blowing_has_none(category: Category) -> None:
    filed(ANGKOT, category, kind=Kind.WHISTLEBLOWING)
    assert work() == 0
    assert not Proposal.objects.exists()


def test_what_changes_is_looked_at_again_and_a_wrong_agency_is_not_proposed_twice(
    people: People, category: Category
) -> None:
    report = filed(ANGKOT, category)
    work()
    kun = people.doing(people.kun)
    actions.assign(report=report, agency=people.transport, by=kun)
    assert work() == 0
    actions.return_(report=report, by=people.doing(people.dewi), reason="other_agency")
    assert people.transport.pk not in [one.agency_id for one in propose_for(report)]
    assert work() == 1
    assert Proposal.objects.get(report=report).agency != people.transport
    propose_anew()
    assert work() == 1


def test_a_text_that_cannot_be_read_does_not_keep_others_waiting(
    people: People, category: Category, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = filed("Rusak sekali.", category), filed(ANGKOT, category)

    def breaks(report: Report) -> list[object]:
        if report.pk == bad.pk:
            raise ValueError(report.pk)
        return list(propose_for(report))

    monkeypatch.setattr("kanal.reports.actions.proposing.propose_for", breaks)
    assert work() == 2
    assert Proposal.objects.get(report=bad).agency is None
    assert Proposal.objects.get(report=good).agency == people.transport
    assert "nothing could be proposed" in caplog.text


def test_old_proposals_go_and_those_that_wait_stay(people: People, category: Category) -> None:
    gone, waits = filed(ANGKOT, category), filed(f"{ANGKOT} Lagi.", category)
    work()
    actions.assign(report=gone, agency=people.transport, by=people.doing(people.kun))
    Proposal.objects.update(made_at=timezone.now() - timedelta(days=90))
    assert forget_proposals() == 1
    assert Proposal.objects.get().report == waits


# Handing on


def test_where_it_is_switched_on_a_sure_report_goes_by_itself_and_the_line_says_why(
    people: People, category: Category
) -> None:
    switch_on(people, category)
    report = filed(ANGKOT, category)
    work()
    report.refresh_from_db()
    assert (report.status, report.agency) == (Status.ASSIGNED, people.transport)
    assert not report.published  # what everybody may read is a person's decision
    line = ReportEvent.objects.get(report=report, verb="assign")
    assert (line.by, line.user_id) == (ReportEvent.By.SYSTEM, None)
    assert line.data["why"].startswith("Oleh mesin, karena kata “")
    assert "yakin 9" in line.data["why"]
    assert MachineDisposition.objects.get(report=report).agency == people.transport
    assert report.clocks.filter(kind="follow_up", met_at=None).exists()


def test_a_citizens_name_never_gets_into_the_line_of_history(people: People, category: Category) -> None:
    switch_on(people, category)
    report = filed(ANGKOT, category)
    Report.objects.filter(pk=report.pk).update(title="…", public_body="…")
    work()
    assert "isi laporannya" in ReportEvent.objects.get(report=report, verb="assign").data["why"]


@pytest.mark.parametrize("hidden", ["off", "unsure", "before", "secret", "danger", "unsorted", "removed", "no model"])
def test_it_stays_with_the_coordinator(people: People, category: Category, hidden: str) -> None:
    more: dict[str, object] = {"secret": hidden == "secret"}
    early = filed(ANGKOT, category) if hidden == "before" else None
    if hidden != "off":
        switch_on(people, category, least=0.99 if hidden == "unsure" else 0.8)
    if hidden == "removed":
        Category.objects.filter(pk=category.pk).update(active=False)
    if hidden == "no model":
        LearnedModel.objects.update(in_use=False)
    said = {
        "danger": f"Pohon tumbang menutup jalan, banjir. {ANGKOT}",
        "unsure": "Mohon ditindaklanjuti secepatnya.",
    }
    report = early or filed(said.get(hidden, ANGKOT), None if hidden == "unsorted" else category, **more)
    work()
    report.refresh_from_db()
    assert report.status == Status.RECEIVED
    assert not MachineDisposition.objects.exists()


def test_a_rule_that_says_otherwise_stands_against_the_machine(people: People, category: Category) -> None:
    RoutingRule.objects.create(order=1, name="Angkot", words=["angkot"], agency=people.roads)
    switch_on(people, category)
    report = filed(ANGKOT, category)
    work()
    report.refresh_from_db()
    assert report.status == Status.RECEIVED


def test_the_switch_of_the_category_above_counts_and_its_own_comes_first(people: People, category: Category) -> None:
    below = Category.objects.create(code="angkot-coba", name="Angkot coba", parent=category, order=9)
    switch_on(people, category)
    assert alone.switch_for(filed(ANGKOT, below)) is not None
    switch_on(people, below)
    turn_switch(category_id=below.pk, on=False, least=0.9, by=people.doing(people.kun))
    assert alone.switch_for(filed(f"{ANGKOT} Lagi.", below)) is None


def test_it_happens_once_whatever_is_asked_again(people: People, category: Category) -> None:
    switch_on(people, category)
    report = filed(ANGKOT, category)
    work()
    Proposal.objects.update(made_at=None)
    alone.look_at_all_again()
    work()
    Proposal.objects.all().delete()
    alone.look_at_all_again()
    work()
    assert ReportEvent.objects.filter(report=report, verb="assign").count() == 1
    actions.recall(report=report, by=people.doing(people.kun))
    work()
    report.refresh_from_db()
    assert report.status == Status.RECEIVED  # a person decided on it: the machine does not try again


def test_what_breaks_off_leaves_nothing_half_done(
    people: People, category: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(people, category)
    report = filed(ANGKOT, category)

    class Gone(BaseException):
        pass

    def killed(**_more: object) -> None:
        raise Gone

    with monkeypatch.context() as patch:
        patch.setattr(MachineDisposition.objects, "create", killed)
        with pytest.raises(Gone):
            propose_due(going)
    report.refresh_from_db()
    assert report.status == Status.RECEIVED
    assert not Proposal.objects.exists()
    assert not ReportEvent.objects.filter(report=report, verb="assign").exists()
    work()
    report.refresh_from_db()
    assert report.status == Status.ASSIGNED


def test_the_machine_may_do_no_more_than_that(people: People, category: Category) -> None:
    report = filed(ANGKOT, category)
    assert policy.allows("assign", policy.SYSTEM, report)
    for change in ({"secret": True}, {"urgency": 0}, {"verified_at": timezone.now()}, {"status": Status.ANSWERED}):
        other = Report.objects.get(pk=report.pk)
        other.__dict__.update(change)
        assert not policy.allows("assign", policy.SYSTEM, other)
        with pytest.raises(Refused):
            policy.check("assign", policy.SYSTEM, other)
    assert not policy.allows("recall", policy.SYSTEM, report)


# Being wrong


def handed_on(people: People, category: Category, many: int) -> list[Report]:
    reports = [filed(f"{ANGKOT} Nomor {at}.", category) for at in range(many)]
    work()
    for report in reports:
        report.refresh_from_db()
        assert report.status == Status.ASSIGNED
    return reports


def test_the_coordinator_takes_it_back_and_that_is_a_strong_no(people: People, category: Category) -> None:
    switch_on(people, category)
    (report,) = handed_on(people, category, 1)
    assert list(decided("agency")) == []  # nobody learns from their own guesses
    with pytest.raises(Refused):
        actions.recall(report=report, by=people.doing(people.dewi))
    actions.recall(report=report, by=people.doing(people.kun))
    handed = MachineDisposition.objects.get(report=report)
    assert handed.refused_at
    assert handed.refused_by == "recall"
    (lost,) = decided("agency")
    assert (lost.label, lost.against) == ("", frozenset({"agency:dishub"}))
    assert report.clocks.filter(kind="verify", met_at=None).exists()


def test_what_the_agency_took_up_teaches(people: People, category: Category) -> None:
    switch_on(people, category)
    (report,) = handed_on(people, category, 1)
    actions.start(report=report, by=people.doing(people.dewi))
    (learned,) = decided("agency")
    assert learned.label == "agency:dishub"


def test_too_many_returns_switch_it_off_with_a_letter(people: People, category: Category) -> None:
    row = switch_on(people, category)
    reports = handed_on(people, category, 8)
    kun, dewi = people.doing(people.kun), people.doing(people.dewi)
    actions.return_(report=reports[0], by=dewi, reason="other_agency")
    actions.assign(report=reports[1], agency=people.roads, by=kun)
    assert RoutingSwitch.objects.get(pk=row.pk).on
    actions.recall(report=reports[2], by=kun)
    assert not RoutingSwitch.objects.get(pk=row.pk).on
    assert MachineDisposition.objects.filter(refused_at__isnull=False).count() == 3
    last = SwitchChange.objects.filter(switch=row).first()
    assert last
    assert (last.on, last.user, last.why) == (False, None, "3 dari 8 disposisi terakhir dikembalikan")
    letter = Outbound.objects.get(purpose="alone_off")
    assert letter.subject == "Disposisi sendiri dimatikan: Angkutan coba"
    after = filed(f"{ANGKOT} Setelahnya.", category)
    work()
    after.refresh_from_db()
    assert after.status == Status.RECEIVED
    switch_on(people, category)  # counted anew from here
    actions.recall(report=reports[3], by=kun)
    assert RoutingSwitch.objects.get(pk=row.pk).on


# The switch


def test_only_a_coordinator_turns_it_and_never_for_danger(people: People, category: Category) -> None:
    for name in ("oki", "heni", "laras", "ida", "agus", "rina"):
        with pytest.raises(Refused):
            turn_switch(category_id=category.pk, on=True, least=0.95, by=people.doing(getattr(people, name)))
    for doer in (policy.SYSTEM, policy.REPORTER, policy.PARTNER):
        with pytest.raises(Refused):
            turn_switch(category_id=category.pk, on=True, least=0.95, by=doer)
    kun = people.doing(people.kun)
    rapid = Category.objects.filter(rapid=True).first()
    assert rapid
    for wrong in ((rapid.pk, 0.95), (category.pk, 0.5), (category.pk, 1.0), (987654, 0.95)):
        with pytest.raises(Refused):
            turn_switch(category_id=wrong[0], on=True, least=wrong[1], by=kun)
    assert not RoutingSwitch.objects.exists()


def test_twice_is_once_and_every_turn_is_kept(people: People, category: Category) -> None:
    row = switch_on(people, category)
    switch_on(people, category)
    assert SwitchChange.objects.filter(switch=row).count() == 1
    turn_switch(category_id=category.pk, on=False, least=0.8, by=people.doing(people.kun))
    assert list(SwitchChange.objects.values_list("on", flat=True)) == [False, True]
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        SwitchChange.objects.update(why="lain")


# Rules that learning would write


def test_words_that_nearly_always_went_to_one_agency_are_proposed_as_a_rule() -> None:
    said = [(f"Lampu jalan mati di gang {at} tolong", "agency:dishub") for at in range(30)]
    said += [(f"Got mampet di gang {at}", "agency:pu") for at in range(30)] + [("Jalan berlubang", "agency:pu")] * 40
    said += [(f"Pohon rindang {at}", "kind:desa") for at in range(30)]
    found = {(one.words, one.label) for one in borne_out(said, labels="agency:")}
    assert {label for _words, label in found} == {"agency:dishub", "agency:pu"}
    assert len(found) == 2  # one for each: "lampu", "lampu jalan" and "jalan mati" say the same
    assert not any("berlubang" in words for words, _label in found)  # forty copies are one report


def learned_rules(*rules: dict[str, object]) -> None:
    make_model()
    row = LearnedModel.objects.get(in_use=True)
    row.figures["rules"] = list(rules)
    row.save()


ANGKOT_RULE = {"words": "angkot", "label": "agency:dishub", "right": 139, "total": 143}


def test_a_proposed_rule_is_accepted_with_one_click_once(client: Client, people: People) -> None:
    learned_rules(ANGKOT_RULE, {"words": "modin", "label": "kind:desa", "right": 30, "total": 30})
    client.force_login(people.kun)
    page = client.get(RULES).content.decode()
    assert "97% dari 143 laporan" in page
    assert "modin" not in page
    for _click in range(2):
        sent = client.post(f"{RULES}terima/", {"words": "angkot", "agency": "dishub"})
        assert sent.status_code == 302
    rule = RoutingRule.objects.get(words=["angkot"])
    assert rule.order == max(RoutingRule.objects.values_list("order", flat=True))
    assert "Jadikan aturan" not in client.get(RULES).content.decode()
    assert client.post(f"{RULES}terima/", {"words": "apa saja", "agency": "dishub"}).status_code == 404
    with pytest.raises(Refused):
        accept_rule(words="angkot", agency="dishub", by=people.doing(people.oki))
    client.force_login(people.oki)
    assert client.post(f"{RULES}terima/", {"words": "angkot", "agency": "dishub"}).status_code in {403, 404}


# Pages


def test_the_page_turns_the_switch_and_tells_how_it_went(client: Client, people: People, category: Category) -> None:
    client.force_login(people.kun)
    given = {"category": category.pk, "least": "80", "on": "True"}
    assert client.post(f"{RULES}sendiri/", given).status_code == 302
    reports = handed_on(people, category, 3)
    for report in reports:
        actions.recall(report=report, by=people.doing(people.kun))
    page = client.get(RULES).content.decode()
    assert "3 laporan, 3 dikembalikan" in page
    assert "mematikan sakelar ini sendiri" in page
    assert client.post(f"{RULES}sendiri/", {"category": "", "least": "80", "on": "True"}).status_code == 302
    assert client.post(f"{RULES}sendiri/", {**given, "on": ""}).status_code == 302
    assert not RoutingSwitch.objects.get().on


def test_the_page_asks_as_often_for_one_switch_as_for_ten(
    client: Client, people: People, django_assert_max_num_queries: Any
) -> None:
    client.force_login(people.kun)
    names = Category.objects.filter(rapid=False, active=True)[:10]
    switch_on(people, names[0])
    client.get(RULES)
    with django_assert_max_num_queries(12):
        client.get(RULES)
    for each in names[1:]:
        switch_on(people, each)
    with django_assert_max_num_queries(12):
        client.get(RULES)


def test_the_queue_shows_the_proposal_and_takes_it(client: Client, people: People, category: Category) -> None:
    report, doubtful = filed(ANGKOT, category), filed("Sopir di tikungan licin, tarif di tepian ambrol.", category)
    work()
    Proposal.objects.filter(report=doubtful).update(agency=people.roads, chance=0.31, sure=False)
    client.force_login(people.kun)
    page = client.get("/meja/").content.decode()
    button = f"{report.tracking_code}.{report.version}/dishub"
    assert button in page
    assert "tidak yakin: " in page
    assert f"{doubtful.tracking_code}.{doubtful.version}/" not in page
    assert client.post("/meja/usul/", {"usul": button}).status_code == 302
    report.refresh_from_db()
    assert report.agency == people.transport
    line = ReportEvent.objects.get(report=report, verb="assign")
    assert line.user == people.kun
    assert "Dari laporan terdahulu" in line.data["why"]
    assert client.post("/meja/usul/", {"usul": button}).status_code == 302  # a second click does no harm
    assert ReportEvent.objects.filter(report=report, verb="assign").count() == 1
    for wrong in ("", "BJN-2222-2222.1/dishub", "x"):
        assert client.post("/meja/usul/", {"usul": wrong}).status_code == 404
    changed = f"{doubtful.tracking_code}.{doubtful.version}/dishub"
    client.post("/meja/usul/", {"usul": changed})
    doubtful.refresh_from_db()
    assert doubtful.status == Status.RECEIVED
    client.force_login(people.oki)
    assert client.post("/meja/usul/", {"usul": button}).status_code in {403, 404}


def test_the_queue_asks_nothing_more_for_proposals(
    client: Client, people: People, category: Category, django_assert_max_num_queries: Any
) -> None:
    client.force_login(people.kun)
    for at in range(6):
        filed(f"{ANGKOT} {at}", category)
    client.get("/meja/")
    with django_assert_max_num_queries(6):
        client.get("/meja/")
    work()
    with django_assert_max_num_queries(6):
        assert "/dishub" in client.get("/meja/").content.decode()


def test_the_case_says_that_a_machine_did_it_and_offers_to_take_it_back(
    client: Client, people: People, category: Category
) -> None:
    switch_on(people, category)
    (report,) = handed_on(people, category, 1)
    client.force_login(people.kun)
    page = client.get(reverse("reports:desk_detail", args=[report.tracking_code])).content.decode()
    assert "Diteruskan mesin ke Dinas Perhubungan" in page
    assert "Oleh mesin, karena" in page
    sent = client.post(reverse("reports:desk_verb", args=[report.tracking_code, "recall"]), {"version": report.version})
    assert sent.status_code == 302
    report.refresh_from_db()
    assert report.status == Status.RECEIVED


@pytest.mark.browser
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_in_a_browser(
    request: pytest.FixtureRequest, screen: str, axe: Callable[[Page], None], people: People, live_url: str
) -> None:
    learned_rules(ANGKOT_RULE)
    alone.look_at_all_again()
    switch_on(people, Category.objects.filter(rapid=False, active=True).first() or Category())
    other = Category.objects.create(code="angkutan-coba", name="Angkutan coba", order=9)
    first, second = filed(ANGKOT, other), filed(f"{ANGKOT} Lagi.", other)
    work()
    page: Page = request.getfixturevalue(screen)
    sign_in(page, people.kun, live_url)
    page.goto(RULES)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("button", name="Jadikan aturan angkot").click()
    expect(page.get_by_text("ditambahkan")).to_be_visible()
    page.get_by_label("Bila yakin paling sedikit").select_option("90")
    page.locator("#sakelar_category").select_option(label="Angkutan coba (umum)")
    page.get_by_role("button", name="Nyalakan", exact=True).click()
    expect(page.get_by_text("Kanal meneruskan sendiri laporan Angkutan coba")).to_be_visible()
    propose_anew()
    work()
    page.goto("/meja/")
    axe(page)
    button = page.get_by_role("button", name=f"Teruskan {first.tracking_code} ke Dinas Perhubungan")
    expect(button).to_be_visible()
    if screen == "desktop":
        page.locator(f'#daftar tr:has-text("{first.tracking_code}") th a').focus()
        page.keyboard.press("u")
    else:
        button.click()
    expect(page.get_by_text(f"{first.tracking_code} diteruskan ke")).to_be_visible()
    assert page.locator("#daftar").get_by_text(second.tracking_code).is_visible()
