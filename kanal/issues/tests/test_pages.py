"""/meja/isu/: what the desk sees of issues and does with them, without script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.queries import actor_of
from kanal.issues import actions, policy, queries
from kanal.issues.actions import Said
from kanal.issues.models import Issue, IssueReport, Proposal, Weighing
from kanal.issues.policy import MACHINE
from kanal.issues.ranking import DEFAULTS, Factor
from kanal.issues.workflow import Status
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.issues import tell
from tests.support.people import People

DESK = "/meja/isu/"
MakeIssue = Callable[..., Issue]


@pytest.fixture
def make(people: People) -> MakeIssue:
    """A candidate of so many reports from the last days."""
    made = 0

    def build(number: int = 3, title: str = "Jalan berlubang di Jono", **more: Any) -> Issue:
        nonlocal made
        made += 1
        at = timezone.now() - timedelta(days=2)
        fields = {"received_at": at, "agency": people.roads, "published": True, **more}
        reports = tell(number, first=100 * made, **fields)
        said = Said(title=title, agency=people.roads)
        return actions.found(said=said, reports=reports, by=MACHINE)

    return build


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


def codes(issue: Issue) -> list[str]:
    return list(queries.evidence(issue).order_by("pk").values_list("tracking_code", flat=True))


def read(client: Client, path: str) -> str:
    return client.get(DESK + path).content.decode()


def press(client: Client, issue: Issue, deed: str, **told: Any) -> Any:
    issue.refresh_from_db()
    return client.post(f"{DESK}{issue.pk}/{deed}/", {"version": issue.version, **told})


# Who sees it ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("kun", 200),
        ("oki", 200),
        ("heni", 200),
        ("dewi", 200),
        ("laras", 200),
        ("rina", 200),
        ("ida", 403),
        ("agus", 403),
    ],
)
def test_every_role_before_every_page(client: Client, people: People, make: MakeIssue, name: str, status: int) -> None:
    issue = make()
    client.force_login(getattr(people, name))
    paths = ["", "bobot/", f"{issue.pk}/"]
    assert [client.get(DESK + path).status_code for path in paths] == [status] * 3
    deeds = [
        "akui",
        "tolak",
        "pindah",
        "ubah-judul",
        "ubah-rincian",
        "tambah",
        "keluarkan",
        "gabung",
        "pecah",
        "terima-usul",
        "tolak-usul",
    ]
    answers = {deed: press(client, issue, deed, title="Lain", code=codes(issue)[:1]).status_code for deed in deeds}
    if name != "kun":
        assert not {200, 302} & set(answers.values()), answers
        issue.refresh_from_db()
        assert issue.status == Status.CANDIDATE


def test_a_stranger_is_asked_to_sign_in(client: Client, make: MakeIssue) -> None:
    issue = make()
    for path in ("", "bobot/", f"{issue.pk}/"):
        assert client.get(DESK + path).status_code == 302


@pytest.mark.parametrize("path", ["999999/", "99999999999999999999/"])
def test_an_unknown_issue_is_kindly_missing(kun: Client, path: str) -> None:
    assert kun.get(DESK + path).status_code == 404


def test_an_agency_reads_its_own_reports_and_public_ones_only(client: Client, people: People, make: MakeIssue) -> None:
    issue = make(3, published=False)
    client.force_login(people.dewi)
    page = read(client, f"{issue.pk}/")
    assert not any(code in page for code in codes(issue))
    assert "3 lagi ditangani dinas lain dan hanya dihitung." in page
    Report.objects.filter(tracking_code=codes(issue)[0]).update(published=True)
    assert codes(issue)[0] in read(client, f"{issue.pk}/")
    client.force_login(people.oki)
    assert all(code in read(client, f"{issue.pk}/") for code in codes(issue))


def test_a_secret_report_is_neither_shown_nor_counted(kun: Client, make: MakeIssue) -> None:
    issue = make(4)
    hidden, told = codes(issue)[:2]
    Report.objects.filter(tracking_code=hidden).update(secret=True, published=False)
    Report.objects.filter(tracking_code=told).update(kind=Kind.WHISTLEBLOWING, secret=True, published=False)
    page = read(kun, f"{issue.pk}/")
    assert hidden not in page
    assert told not in page
    assert "2 laporan dapat Anda baca." in page
    other = make(1, "Lampu mati")
    assert press(kun, other, "tambah", codes=hidden).status_code == 400
    press(kun, issue, "keluarkan", code=[hidden])
    assert IssueReport.objects.get(report__tracking_code=hidden).belongs


# The board ------------------------------------------------------------------------------------------------------------


def test_the_board_shows_the_loudest_first_with_its_working(kun: Client, make: MakeIssue) -> None:
    make(2, "Lampu mati")
    make(20, "Air keruh")
    page = read(kun, "")
    assert page.index("Air keruh") < page.index("Lampu mati")
    assert "Peringkat 1" in page
    assert "20 suara dalam setahun." in page


def test_filters_stand_in_the_address(kun: Client, people: People, make: MakeIssue) -> None:
    lamp, water = make(2, "Lampu mati"), make(3, "Air keruh")
    actions.confirm(issue=water, by=policy.person(actor_of(people.kun)))
    Issue.objects.filter(pk=lamp.pk).update(agency=people.transport)
    for query, shown in [
        ("?cari=LAMPU", "Lampu mati"),
        ("?keadaan=confirmed", "Air keruh"),
        (f"?dinas={people.transport.code}", "Lampu mati"),
    ]:
        page = read(kun, query)
        assert [title for title in ("Lampu mati", "Air keruh") if f">{title}</a>" in page] == [shown]
    assert "Tidak ada isu yang cocok" in read(kun, "?cari=banjir&kategori=tidak-ada&hal=7&keadaan=x")


def test_my_issues_are_those_my_agency_leads(client: Client, people: People, make: MakeIssue) -> None:
    make()
    client.force_login(people.oki)
    assert ">Jalan berlubang di Jono</a>" in read(client, "?tampilan=saya")
    client.force_login(people.dewi)
    assert ">Jalan berlubang di Jono</a>" not in read(client, "?tampilan=saya")


def test_an_empty_tab_says_why_it_is_empty(client: Client, people: People, make: MakeIssue) -> None:
    make()
    client.force_login(people.dewi)
    assert "Dinas Anda belum memimpin isu" in read(client, "?tampilan=saya")
    assert "Tidak ada usul mesin" in read(client, "?tampilan=usul")
    assert "Tidak ada yang muncul tiba-tiba" in read(client, "?tampilan=tiba-tiba")
    assert "Tidak ada isu yang cocok" in read(client, "?tampilan=usul&cari=banjir")


def test_what_came_up_suddenly_is_announced(kun: Client, make: MakeIssue) -> None:
    tell(1, first=9000, received_at=timezone.now() - timedelta(days=200))
    make(20, "Air keruh")
    make(2, "Lampu mati")
    page = read(kun, "?tampilan=tiba-tiba")
    assert "Air keruh</a>" in page
    assert "Lampu mati</a>" not in page


def test_more_issues_cost_no_more_queries(kun: Client, people: People, make: MakeIssue) -> None:
    def cost(path: str) -> int:
        queries.ranking.clear()
        with CaptureQueriesContext(connection) as asked:
            assert kun.get(DESK + path).status_code == 200
        return len(asked)

    issue = make(2)
    cost(""), cost(f"{issue.pk}/")  # what is kept in the process is read once
    small = cost(""), cost(f"{issue.pk}/")
    for turn in range(12):
        make(3, f"Isu nomor {turn}")
    actions.add_reports(
        issue=issue, reports=tell(15, first=5000, published=True), by=policy.person(actor_of(people.kun))
    )
    assert (cost(""), cost(f"{issue.pk}/")) == small
    assert small <= (20, 32)


# What can be done -----------------------------------------------------------------------------------------------------


def test_a_coordinator_curates_an_issue(kun: Client, people: People, make: MakeIssue) -> None:
    issue = make(4)
    assert press(kun, issue, "akui").status_code == 302
    assert press(kun, issue, "pindah", to="planned").status_code == 302
    assert press(kun, issue, "ubah-judul", title="Jalan Jono rusak", summary="Sejak hujan.").status_code == 302
    assert press(kun, issue, "ubah-rincian", agency=people.transport.pk, category="").status_code == 302
    issue.refresh_from_db()
    assert (issue.status, issue.title, issue.agency) == (Status.PLANNED, "Jalan Jono rusak", people.transport)
    other = tell(1, first=7000)[0]
    Report.objects.filter(pk=other.pk).update(tracking_code="BJN-7K4M-Q2XD")
    other.refresh_from_db()
    assert press(kun, issue, "tambah", codes=f"{other.tracking_code.lower()}").status_code == 302
    assert press(kun, issue, "keluarkan", code=[other.tracking_code]).status_code == 302
    assert len(codes(issue)) == 4
    answer = press(kun, issue, "pecah", split_title="Bahu jalan", code=codes(issue)[:2])
    new = Issue.objects.get(title="Bahu jalan")
    assert answer.headers["Location"] == f"{DESK}{new.pk}/"
    assert press(kun, new, "gabung", into=issue.pk).headers["Location"] == f"{DESK}{issue.pk}/"
    assert press(kun, issue, "tolak", reason="Sudah tuntas.").status_code == 302
    issue.refresh_from_db()
    assert issue.status == Status.DISMISSED
    assert "Sudah tuntas." in read(kun, f"{issue.pk}/")


@pytest.mark.parametrize(
    ("deed", "told", "said"),
    [
        ("ubah-judul", {"title": "", "summary": "Panjang ceritanya"}, "Panjang ceritanya"),
        ("tambah", {"codes": "BJN-9999-9999"}, "BJN-9999-9999"),
        ("pecah", {"split_title": "Bahu jalan"}, "Bahu jalan"),
        ("gabung", {"into": "", "reason": "Sama persis"}, "Sama persis"),
    ],
)
def test_what_was_typed_stays_when_something_is_missing(
    kun: Client, make: MakeIssue, deed: str, told: dict[str, str], said: str
) -> None:
    answer = press(kun, make(), deed, **told)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_pressed_twice_it_is_done_once_and_a_stale_page_is_refused(
    kun: Client, people: People, make: MakeIssue
) -> None:
    issue = make()
    seen = issue.version
    for _turn in range(2):
        assert kun.post(f"{DESK}{issue.pk}/akui/", {"version": seen}).status_code == 302
    assert issue.events.filter(verb="confirm").count() == 1
    actions.move(issue=issue, to=Status.DISCUSSED, by=policy.person(actor_of(people.heni)))
    assert kun.post(f"{DESK}{issue.pk}/tolak/", {"version": seen}).status_code == 409


def test_the_head_of_the_lead_agency_says_how_far_it_is(client: Client, people: People, make: MakeIssue) -> None:
    issue = make()
    actions.confirm(issue=issue, by=policy.person(actor_of(people.kun)))
    client.force_login(people.heni)
    assert press(client, issue, "pindah", to="being_fixed").status_code == 302
    page = read(client, f"{issue.pk}/")
    assert "Sedang diperbaiki" in page
    assert "/gabung/" not in page


def test_what_the_machine_proposes_is_answered_on_the_page(kun: Client, make: MakeIssue) -> None:
    one, other, third = make(3), make(3, "Jalan bolong"), make(6, "Air keruh")
    part = list(queries.evidence(third).values_list("pk", flat=True))[:2]
    actions.propose(merges=[(one.pk, other.pk, 0.95)], splits=[(third.pk, part, "PDAM mati", 0.4)])
    merge, split = Proposal.objects.get(kind="merge"), Proposal.objects.get(kind="split")
    assert "Jalan bolong" in read(kun, f"{one.pk}/")
    assert ">Air keruh</a>" in read(kun, "?tampilan=usul")
    assert press(kun, third, "terima-usul", usul=merge.pk).status_code == 404
    assert press(kun, one, "terima-usul", usul=merge.pk).headers["Location"] == f"{DESK}{other.pk}/"
    assert press(kun, third, "tolak-usul", usul=split.pk).status_code == 302
    assert not Proposal.objects.filter(answer="").exists()
    assert "Isu ini sudah digabung" in read(kun, f"{one.pk}/")


def test_weights_are_set_on_their_page_and_read_by_all(client: Client, people: People, make: MakeIssue) -> None:
    client.force_login(people.oki)
    told = {one.value: str(weight) for one, weight in DEFAULTS.items()}
    assert "Simpan bobot" not in read(client, "bobot/")
    assert client.post(f"{DESK}bobot/", told).status_code == 403
    client.force_login(people.kun)
    assert client.post(f"{DESK}bobot/", {**told, "volume": "99"}).status_code == 400
    assert client.post(f"{DESK}bobot/", {**told, "volume": "9"}).status_code == 302
    assert Weighing.objects.get().weights[Factor.VOLUME] == 9
    assert people.kun.name in read(client, "bobot/")
