"""Files of messages: served checked, typed by us and kept by nobody; a player may ask for a part."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kanal.channels.models import InboundFile
from kanal.reports.actions import assign, retention
from kanal.reports.actions.triage import add_message
from kanal.reports.models import Report, ReportEvent
from tests.support.media import PlainMedium
from tests.support.messages import OGG, PDF, STORY, arrives, jpeg
from tests.support.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


def test_files_are_served_checked_typed_and_never_kept(
    client: Client, plain_medium: PlainMedium, people: People
) -> None:
    plain_medium.files = {"f1": jpeg(), "f2": OGG, "f3": PDF}
    kinds = {"f1": "image", "f2": "audio", "f3": "document"}
    arrives(plain_medium, files=[{"external_id": key, "kind": kind} for key, kind in kinds.items()])
    image, audio, paper = InboundFile.objects.order_by("external_id")
    client.force_login(people.kun)
    shown = client.get(reverse("reports:desk_message_picture", args=[image.pk, "besar"]))
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "no-store" in shown["Cache-Control"]
    played = client.get(reverse("reports:desk_message_paper", args=[audio.pk]))
    assert (played["Content-Type"], played.content, played["X-Content-Type-Options"]) == ("audio/ogg", OGG, "nosniff")
    kept = client.get(reverse("reports:desk_message_paper", args=[paper.pk]))
    assert kept["Content-Type"] == "application/pdf"
    assert kept["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("reports:desk_message_paper", args=[image.pk])).status_code == 404
    client.force_login(people.agus)
    for address in (("desk_message_picture", [image.pk, "kecil"]), ("desk_message_paper", [audio.pk])):
        assert client.get(reverse(f"reports:{address[0]}", args=address[1])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "length"),
    [
        ("bytes=0-3", 206, 4),
        ("bytes=200-", 206, 4),
        ("bytes=-4", 206, 4),
        ("bytes=9-3", 200, 204),
        ("lines=1-2", 200, 204),
        ("bytes=999-", 200, 204),
    ],
)
def test_a_player_may_ask_for_a_part(
    kun: Client, plain_medium: PlainMedium, asked: str, status: int, length: int
) -> None:
    plain_medium.files = {"f2": OGG}
    arrives(plain_medium, files=[{"external_id": "f2", "kind": "audio"}])
    address = reverse("reports:desk_message_paper", args=[InboundFile.objects.get().pk])
    answer = kun.get(address, headers={"Range": asked})
    assert (answer.status_code, len(answer.content)) == (status, length)


def test_voice_notes_of_a_case_are_heard_on_its_page(
    client: Client, kun: Client, plain_medium: PlainMedium, people: People
) -> None:
    plain_medium.files = {"f2": OGG}
    message = arrives(plain_medium, files=[{"external_id": "f2", "kind": "audio"}])
    kun.post(reverse("reports:desk_message_file", args=[message.pk]), {"body": STORY, "kind": "complaint"})
    report = Report.objects.get()
    player = reverse("reports:desk_message_paper", args=[InboundFile.objects.get().pk])
    assert f'src="{player}"' in kun.get(f"/meja/l/{report.tracking_code}/").content.decode()
    client.force_login(people.laras)
    assert player not in client.get(f"/meja/l/{report.tracking_code}/").content.decode(), (
        "a leader reads the masked text alone"
    )
    assert client.get(player).status_code == 404


def test_what_somebody_else_sent_about_a_case_is_opened_from_its_history(
    client: Client, plain_medium: PlainMedium, people: People, sari_reports: Report
) -> None:
    """The note names a masked sender; the photo stays with the message, for those who read the citizen's own words."""
    plain_medium.files = {"f1": jpeg()}
    message = arrives(plain_medium, handle="+6281298765432", files=[{"external_id": "f1", "kind": "image"}])
    assert not add_message(inbound=message, report=sari_reports, by=people.doing(people.kun))
    assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    path, there = f"/meja/l/{sari_reports.tracking_code}/", reverse("reports:desk_message", args=[message.pk])
    picture = reverse("reports:desk_message_picture", args=[InboundFile.objects.get().pk, "besar"])
    for user in (people.kun, people.oki):
        client.force_login(user)
        case = client.get(path).content.decode()
        assert there in case
        assert "6281298765432" not in case
        assert picture in client.get(there).content.decode()
        assert client.get(picture).status_code == 200
    client.force_login(people.laras)
    assert there not in client.get(path).content.decode()
    assert client.get(picture).status_code == 404


def test_it_is_erased_with_the_report_whose_message_it_is(
    plain_medium: PlainMedium,
    people: People,
    sari_reports: Report,
    django_capture_on_commit_callbacks: Any,
) -> None:
    plain_medium.files = {"f1": jpeg()}
    message = arrives(plain_medium, handle="+6281298765432", files=[{"external_id": "f1", "kind": "image"}])
    add_message(inbound=message, report=sari_reports, by=people.doing(people.kun))
    with django_capture_on_commit_callbacks(execute=True):
        retention.anonymise(sari_reports, rule="Jadwal Retensi Arsip 2026", at=timezone.now())
    message.refresh_from_db()
    assert (message.text, message.address) == ("", None)
    assert ReportEvent.objects.get(report=sari_reports, verb="note").note == ""
    assert not [file for file in (Path(settings.MEDIA_ROOT) / "messages").rglob("*") if file.is_file()]
