"""Whistle-blowing is known to the Inspektorat and its reporter alone: no letter and no register tells anybody else."""

import io

import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from kanal.agencies.models import Agency
from kanal.channels.models import Outbound
from kanal.common.images import sanitise
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.models import Destruction, Report, ReportTask
from kanal.reports.workflow import Kind
from tests.support.people import People


@pytest.fixture
def whistle(people: People) -> Report:
    return actions.file_report(
        actions.Filing(body="Bendahara memotong honor guru.", submission="w", kind=Kind.WHISTLEBLOWING)
    )


@pytest.fixture
def answered(whistle: Report, people: People) -> Report:
    ida = people.doing(people.ida)
    actions.draft_answer(report=whistle, by=ida, text="Sudah diperiksa.")
    actions.publish_answer(report=whistle, by=ida)
    return whistle


def told() -> set[str]:
    """Every account that was written to."""
    return set(Outbound.objects.exclude(to_staff="").values_list("to_staff", flat=True))


def everything_stored() -> str:
    """The database as a thief of its file or of a backup would read it."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        rows = []
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # names of our own tables
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows).lower()


def test_nothing_that_its_reporter_said_lies_in_the_database_in_clear(people: People) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "sienna").save(drawn, "JPEG")
    told = actions.Filing(
        body="Ada pungutan zebrakuning tiap pagi.",
        submission="w",
        kind=Kind.WHISTLEBLOWING,
        place_text="Loket zebrakuning nomor tiga",
        name="Xaverius Zebrakuning",
        email="zebrakuning@contoh.id",
        photos=(sanitise(drawn.getvalue(), name="kuitansi zebrakuning.jpg"),),
    )
    report = actions.file_report(told)
    assert "Loket zebrakuning nomor tiga" in report.body
    actions.reply(report=report, text="Uangnya ke zebrakuning.")
    assert "zebrakuning" not in everything_stored()


def test_the_inspectors_write_no_place_beside_it(client: Client, people: People, whistle: Report) -> None:
    client.force_login(people.ida)
    page = client.get(f"/meja/l/{whistle.tracking_code}/?aksi=classify").content.decode()
    assert 'name="region"' in page
    assert 'name="place_text"' not in page
    form = {"version": whistle.version, "kind": whistle.kind, "category": "", "region": ""}
    assert client.post(f"/meja/l/{whistle.tracking_code}/classify/", form).status_code == 302


def test_a_wish_to_reopen_is_told_to_the_inspectors_alone(answered: Report) -> None:
    Outbound.objects.all().delete()
    actions.ask_reopen(report=answered, note="Potongan masih terjadi.")
    assert told() == {"ida@contoh.go.id"}


def test_a_rapid_mark_is_told_to_the_inspectors_alone(whistle: Report, people: People) -> None:
    actions.flag_rapid(report=whistle, by=people.doing(people.ida), reason="Bukti dimusnahkan besok")
    assert told() == {"ida@contoh.go.id"}


def test_no_agency_hears_of_anything_that_happens(people: People, whistle: Report) -> None:
    Report.objects.filter(pk=whistle.pk).update(agency=people.roads)  # as old rows and imports may have it
    whistle.refresh_from_db()
    ida = people.doing(people.ida)
    actions.escalate(report=whistle, by=ida)
    actions.reply(report=whistle, text="Ini kuitansinya.")
    actions.draft_answer(report=whistle, by=ida, text="Sudah diperiksa.")
    actions.submit_answer(report=whistle, by=ida)
    assert told() == {"ida@contoh.go.id"}


def test_it_is_handed_to_nobody_but_the_inspectorate(whistle: Report, people: People) -> None:
    with pytest.raises(Refused, match="tidak keluar dari Inspektorat"):
        actions.assign(report=whistle, agency=people.roads, by=people.doing(people.ida))
    whistle.refresh_from_db()
    assert whistle.agency is None
    assert not told()


def test_no_point_of_it_becomes_a_task_of_another_agency(whistle: Report, people: People) -> None:
    ida = people.doing(people.ida)
    actions.assign(report=whistle, agency=Agency.objects.get(code="inspektorat"), by=ida)
    Outbound.objects.all().delete()
    with pytest.raises(Refused, match="tidak keluar dari Inspektorat"):
        actions.split(report=whistle, by=ida, instruction="Periksa kas", agency=people.roads)
    assert not ReportTask.objects.exists()
    assert not told()


def test_the_register_of_what_was_destroyed_does_not_name_it(client: Client, people: People) -> None:
    for code, kind in (("BJN-2222-2222", Kind.WHISTLEBLOWING), ("BJN-3333-3333", Kind.COMPLAINT)):
        Destruction.objects.create(
            act="destroy", tracking_code=code, kind=kind, received_on="2024-01-02", at="2026-01-02T00:00Z", rule="JRA"
        )
    client.force_login(people.agus)
    page = client.get("/admin/reports/destruction/").content.decode()
    assert "BJN-3333-3333" in page
    assert "BJN-2222-2222" not in page
    row = Destruction.objects.get(tracking_code="BJN-2222-2222")
    assert (
        "BJN-2222-2222" not in client.get(f"/admin/reports/destruction/{row.pk}/change/", follow=True).content.decode()
    )
