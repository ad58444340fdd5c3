"""/isu/: what everybody may know of issues, and what nobody learns there."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.models import Region
from kanal.agencies.queries import actor_of, reference
from kanal.common import formats
from kanal.issues import actions, policy
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.queries.openly import register
from kanal.issues.workflow import Status
from kanal.reports.models import Category, Report
from kanal.reports.workflow import Kind
from kanal.reports.workflow import Status as ReportStatus
from tests.support.concerned import ANSWER, drafted, send
from tests.support.issues import tell
from tests.support.people import People

MakeIssue = Callable[..., Issue]


@pytest.fixture
def kun(people: People) -> policy.Doer:
    return policy.person(actor_of(people.kun))


@pytest.fixture
def jono(people: People) -> Region:
    del people
    return Region.objects.get(level="desa", name="Jono")


@pytest.fixture
def make(people: People, kun: policy.Doer, jono: Region) -> MakeIssue:
    """A confirmed issue of so many public reports from one village."""
    made = 0

    def build(number: int = 6, title: str = "Jalan berlubang di Jono", **more: Any) -> Issue:
        nonlocal made
        made += 1
        fields = {"received_at": timezone.now() - timedelta(days=2), "published": True, "region": jono, **more}
        reports = tell(number, first=100 * made, **fields)
        return actions.found(said=Said(title=title, agency=people.roads), reports=reports, by=kun)

    return build


def read(client: Client, path: str = "", status: int = 200) -> str:
    answer = client.get(f"/isu/{path}")
    assert answer.status_code == status
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def titles(client: Client, query: str = "") -> list[str]:
    return [one["title"] for one in json.loads(read(client, f"data.json{query}"))["issues"]]


# Who may know of what -------------------------------------------------------------------------------------------------


def test_only_a_confirmed_issue_of_enough_voices_is_public(client: Client, make: MakeIssue, kun: policy.Doer) -> None:
    shown, few, no = make(5), make(4, "Lampu mati"), make(9, "Sampah")
    proposed = actions.found_by_machine(
        said=Said(title="Air keruh"), confidences={one.pk: 0.9 for one in tell(9, first=5000)}
    )
    assert proposed
    actions.dismiss(issue=no, reason="", by=kun)
    assert titles(client) == [shown.title]
    page = read(client)
    assert f"/isu/{shown.pk}/" in page
    assert read(client, f"{shown.pk}/")
    hidden = [read(client, f"{pk}/", 404) for pk in (few.pk, no.pk, proposed.pk, 987654, 10**20)]
    answers = {page[page.index("<main") : page.index("</main")] for page in hidden}
    assert len(answers) == 1, "what is hidden answers like what does not exist"


def test_a_contact_is_one_voice(client: Client, make: MakeIssue, sari_reports: Report) -> None:
    issue = make(6)
    Report.objects.filter(issue_rows__issue=issue).update(contact=sari_reports.contact)
    assert titles(client) == []
    read(client, f"{issue.pk}/", 404)


@pytest.mark.parametrize("hidden", [{"secret": True}, {"secret": True, "kind": Kind.WHISTLEBLOWING}])
def test_what_becomes_secret_is_counted_no_more(client: Client, make: MakeIssue, hidden: dict[str, Any]) -> None:
    issue = make(6)
    codes = list(Report.objects.filter(issue_rows__issue=issue).values_list("tracking_code", flat=True))
    assert codes[0] in read(client, f"{issue.pk}/")
    Report.objects.filter(tracking_code=codes[0]).update(published=False, **hidden)
    page = read(client, f"{issue.pk}/")
    assert codes[0] not in page
    assert "<b>5</b>" in page
    Report.objects.filter(tracking_code=codes[1]).update(published=False, **hidden)
    read(client, f"{issue.pk}/", 404)
    register.clear()
    assert titles(client) == []


def test_reports_that_are_not_public_are_counted_but_not_named(client: Client, make: MakeIssue) -> None:
    issue = make(6)
    first, *others = Report.objects.filter(issue_rows__issue=issue).order_by("pk")
    Report.objects.filter(pk=first.pk).update(published=False, body="Nama saya Sari", lat=-7.12345, lon=111.98765)
    page = read(client, f"{issue.pk}/")
    assert first.tracking_code not in page
    assert "Sari" not in page
    assert "7.12345" not in page
    assert all(f"/aduan/{other.tracking_code}/" in page for other in others)
    assert "5 laporan boleh dibaca umum; yang lain hanya dihitung." in page


def test_a_place_from_which_few_came_is_not_named(client: Client, make: MakeIssue, jono: Region) -> None:
    issue = make(9)
    assert jono.parent
    away = Region.objects.filter(level="desa").exclude(parent=jono.parent).select_related("parent").order_by("pk")[0]
    ids = list(Report.objects.filter(issue_rows__issue=issue).order_by("pk").values_list("pk", flat=True))
    Report.objects.filter(pk__in=ids[:4]).update(region=away)
    page = read(client, f"{issue.pk}/")
    where = page[page.index('id="dari-mana"') :]
    assert away.parent
    assert f"<li>Kec. {jono.parent.name}<br>" in where, "9 less 5 would tell the other four"
    assert "Jono 5" not in where
    assert "dari tempat lain" not in where
    assert "Tempat dengan kurang dari 5 warga tidak disebut" in where
    assert f"Kec. {away.parent.name}" not in where
    register.clear()
    assert titles(client, f"?kecamatan={jono.parent.code}") == [issue.title]
    assert titles(client, f"?kecamatan={away.parent.code}") == []


def test_small_numbers_are_not_to_be_found_by_sums(client: Client, make: MakeIssue, jono: Region) -> None:
    issue = make(25)
    assert jono.parent
    places = [jono, *Region.objects.filter(level="desa").exclude(parent=jono.parent).order_by("parent", "pk")]
    ids = list(Report.objects.filter(issue_rows__issue=issue).order_by("pk").values_list("pk", flat=True))
    other = next(one for one in places[1:] if one.parent_id != places[1].parent_id)
    Report.objects.filter(pk__in=ids[:8]).update(region=places[1])
    Report.objects.filter(pk__in=ids[8:10]).update(region=other)
    page = read(client, f"{issue.pk}/")
    where = page[page.index('id="dari-mana"') :]
    assert "<b>15 warga</b>" in where
    assert "<b>8 warga</b>" not in where
    assert not re.search(r"\b[1-4] warga", where)
    register.clear()
    (record,) = json.loads(read(client, "data.json"))["issues"]
    assert [one["voices"] for one in record["districts"]] == [15, None]


def test_a_month_of_few_has_no_number(client: Client, make: MakeIssue) -> None:
    issue = make(16)
    ids = list(Report.objects.filter(issue_rows__issue=issue).order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    for part, days in ((ids[:9], 0), (ids[9:12], 62), (ids[12:], 93)):
        Report.objects.filter(pk__in=part).update(received_at=now - timedelta(days=days))
    page = read(client, f"{issue.pk}/")
    chart = page[page.index('class="card chart"') : page.index('id="laporan"')]
    numbers = re.findall(r'<td class="num">([^<]*)</td>', chart)
    assert sorted(set(numbers)) == ["0", "9", "–"]
    assert numbers.count("–") == 2
    assert "terlalu sedikit untuk disebut angkanya" in chart


def test_the_address_of_a_merged_issue_leads_to_the_other_for_ever(
    client: Client, make: MakeIssue, kun: policy.Doer
) -> None:
    one, other, whole = make(3, "Jalan Jono"), make(3, "Aspal Jono"), make(6, "Jalan rusak")
    actions.merge(issue=one, into=other, by=kun)
    actions.merge(issue=other, into=whole, by=kun)
    for old in (one, other):
        answer = client.get(f"/isu/{old.pk}/")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/isu/{whole.pk}/")
    assert "Isu “Aspal Jono” digabung ke sini" in read(client, f"{whole.pk}/")
    actions.dismiss(issue=whole, reason="", by=kun)
    read(client, f"{one.pk}/", 404)


def test_what_few_said_is_not_named_where_it_went_up(client: Client, make: MakeIssue, kun: policy.Doer) -> None:
    few, many, whole = make(4, "Sumur Bu Sri"), make(5, "Aspal Jono"), make(6, "Jalan rusak")
    for one in (few, many):
        actions.merge(issue=one, into=whole, by=kun)
    page = read(client, f"{whole.pk}/")
    assert "Aspal Jono" in page
    assert "Sumur Bu Sri" not in page


def test_when_a_secret_report_came_is_not_told(client: Client, make: MakeIssue) -> None:
    issue = make(6)
    report = Report.objects.filter(issue_rows__issue=issue).latest("pk")
    known = Report.objects.filter(issue_rows__issue=issue).exclude(pk=report.pk)
    known.update(received_at=timezone.now() - timedelta(days=9))
    Report.objects.filter(pk=report.pk).update(secret=True, published=False)
    register.clear()
    day = reference().today(timezone.now() - timedelta(days=9)).isoformat()
    (told,) = json.loads(read(client, "data.json"))["issues"]
    assert (told["first_seen"], told["last_seen"]) == (day, day), "and the day alone of what may be told"
    assert formats.day(report.received_at) not in read(client, f"{issue.pk}/")


# The list and its files -----------------------------------------------------------------------------------------------


def test_the_loudest_first_or_what_was_told_last(client: Client, make: MakeIssue) -> None:
    loud = make(30, "Air keruh", received_at=timezone.now() - timedelta(days=60))
    fresh = make(5, "Lampu mati")
    assert titles(client) == [loud.title, fresh.title]
    assert titles(client, "?urut=terbaru") == [fresh.title, loud.title]
    page = read(client)
    assert page.index("Air keruh") < page.index("Lampu mati")


def test_filters_stand_in_the_address(client: Client, make: MakeIssue, people: People, kun: policy.Doer) -> None:
    category = Category.objects.filter(parent__isnull=False).order_by("pk")[0]
    lamp, water = make(5, "Lampu mati"), make(6, "Air keruh")
    assert category.parent
    actions.describe(issue=lamp, category=category, agency=people.transport, regions=[], by=kun)
    actions.move(issue=water, to=Status.PLANNED, by=kun)
    for query, shown in [
        ("?cari=LAMPU", ["Lampu mati"]),
        ("?keadaan=planned", ["Air keruh"]),
        ("?keadaan=candidate", ["Air keruh", "Lampu mati"]),
        (f"?dinas={people.transport.code}", ["Lampu mati"]),
        (f"?kategori={category.code}", ["Lampu mati"]),
        (f"?kategori={category.parent.code}", ["Lampu mati"]),
        ("?kategori=tidak-ada&kecamatan=35&hal=9&urut=x", ["Air keruh", "Lampu mati"]),
    ]:
        assert titles(client, query) == shown, query
        page = read(client, query)
        assert [title for title in ("Air keruh", "Lampu mati") if f">{title}</a>" in page] == shown, query
    assert "Tidak ada isu yang cocok" in read(client, "?cari=banjir")


def test_pages_of_a_long_list(client: Client, make: MakeIssue) -> None:
    for turn in range(21):
        make(5, f"Isu nomor {turn:02}")
    first, second = read(client), read(client, "?hal=2")
    assert "Halaman 1 dari 2" in first
    shown = [page.count('<li class="stack gap-2" id="isu-') for page in (first, second, read(client, "?hal=77"))]
    assert shown == [20, 1, 1]


def test_an_empty_list_says_what_to_do(client: Client, people: People) -> None:
    page = read(client)
    assert "Belum ada isu yang tampil" in page
    assert "/lapor/" in page


def test_the_list_as_files(client: Client, make: MakeIssue) -> None:
    issue = make(6, "=JALAN & <rusak>")
    rows = list(csv.reader(io.StringIO(read(client, "data.csv").removeprefix("\ufeff")), delimiter=","))
    assert len(rows) == 2
    assert rows[1][1] == "'=JALAN & <rusak>"
    assert rows[1][7:9] == ["6", "6"]
    record = json.loads(read(client, "data.json"))["issues"][0]
    assert (record["voices"], record["status"], record["unanswered"]) == (6, "confirmed", 6)
    assert record["url"].endswith(f"/isu/{issue.pk}/")
    assert [one["voices"] for one in record["districts"]] == [6]
    answer = client.get("/isu/data.json")
    assert client.get("/isu/data.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    feed = client.get("/isu/atom.xml")
    assert "max-age" in feed["Cache-Control"]
    assert "=JALAN &amp; &lt;rusak&gt;" in feed.content.decode()


# The page of one ------------------------------------------------------------------------------------------------------


def test_the_figures_of_an_issue(client: Client, make: MakeIssue) -> None:
    issue = make(8)
    ids = list(Report.objects.filter(issue_rows__issue=issue).values_list("pk", flat=True))
    Report.objects.filter(pk__in=ids[:2]).update(status=ReportStatus.ANSWERED, answered_at=timezone.now())
    page = read(client, f"{issue.pk}/")
    assert "<b>8</b>" in page
    assert "<b>25%</b>" in page
    assert "6 masih menunggu" in page
    assert "Dua belas bulan terakhir: paling banyak 8 warga sebulan" in page
    assert "Dinas yang bertanggung jawab" in page


def test_the_story_tells_what_became_of_it(client: Client, make: MakeIssue, kun: policy.Doer) -> None:
    issue = make(6)
    actions.move(issue=issue, to=Status.PLANNED, note="Masuk anggaran 2027.", by=kun)
    actions.move(issue=issue, to=Status.DONE, by=kun)
    actions.dismiss(issue=make(6, "Lain"), reason="Rahasia dapur", by=kun)
    page = read(client, f"{issue.pk}/")
    order = [
        "Pertama disampaikan warga",
        "Diakui sebagai isu</b>",
        "Direncanakan",
        "Masuk anggaran 2027.",
        "Selesai</b>",
    ]
    places = [page.index(words, page.index('id="perjalanan"')) for words in order]
    assert places == sorted(places)
    assert "Rahasia dapur" not in page


def test_the_page_of_a_report_leads_to_its_issue(client: Client, make: MakeIssue, kun: policy.Doer) -> None:
    issue = make(6)
    code = Report.objects.filter(issue_rows__issue=issue).values_list("tracking_code", flat=True)[0]
    page = client.get(f"/aduan/{code}/").content.decode()
    assert "Bagian dari isu" in page
    assert f'href="/isu/{issue.pk}/"' in page
    actions.dismiss(issue=issue, reason="", by=kun)
    page = client.get(f"/aduan/{code}/").content.decode()
    assert "Bagian dari isu" not in page


def test_the_front_page_leads_to_the_loudest(client: Client, make: MakeIssue) -> None:
    assert "Paling banyak disampaikan" not in client.get("/").content.decode()
    issue = make(6)
    page = client.get("/").content.decode()
    assert "Paling banyak disampaikan" in page
    assert f'href="/isu/{issue.pk}/"' in page
    assert 'href="/isu/"' in page


# Cost -----------------------------------------------------------------------------------------------------------------


def test_more_issues_and_reports_cost_no_more_queries(client: Client, make: MakeIssue, kun: policy.Doer) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    def fresh(path: str) -> int:
        register.clear()
        return cost(path)

    issue = make(6)
    code = Report.objects.filter(issue_rows__issue=issue).values_list("tracking_code", flat=True)[0]
    paths = ("/isu/", f"/isu/{issue.pk}/", "/isu/data.json", "/isu/atom.xml", f"/aduan/{code}/", "/")
    for path in paths:
        cost(path)
    small = [fresh(path) for path in paths]
    for turn in range(12):
        make(5, f"Isu nomor {turn}")
    actions.add_reports(issue=issue, reports=tell(30, first=5000, published=True), by=kun)
    for path in paths:
        cost(path)
    assert [fresh(path) for path in paths] == small
    assert small[0] <= 5
    assert small[1] <= 14
    assert cost("/isu/") == 0, "within a minute the list asks nothing"


def test_what_everybody_was_told_stands_on_the_page(
    client: Client, make: MakeIssue, people: People, kun: policy.Doer
) -> None:
    issue = make(6)
    bulletin = drafted(people, issue)
    assert ANSWER not in read(client, f"{issue.pk}/"), "a draft is nobody's to read"
    send(bulletin, policy.person(actor_of(people.heni)))
    page = read(client, f"{issue.pk}/")
    assert ANSWER in page[page.index('id="perjalanan"') :]


def test_what_is_typed_for_everybody_is_masked(client: Client, make: MakeIssue, kun: policy.Doer) -> None:
    issue = make(6)
    actions.rename(issue=issue, title="Jalan rusak, hubungi 081234567890", summary="WA 0812 3456 7890", by=kun)
    actions.move(issue=issue, to=Status.PLANNED, note="Tanya 081234567890.", by=kun)
    page = read(client, f"{issue.pk}/")
    assert "Jalan rusak" in page
    assert "7890" not in page
