"""A picture of somebody's message becomes a photo of the report: once, drawn anew, for staff alone or for all."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page

from kanal.agencies.queries import actor_of
from kanal.channels.models import InboundFile
from kanal.common.refusal import Refused
from kanal.common.secrets import cipher
from kanal.reports import actions
from kanal.reports.actions.triage import add_message
from kanal.reports.models import Attachment, Report
from kanal.reports.queries import private_link_token
from kanal.reports.queries.case import case_for
from kanal.reports.queries.case_words import history
from tests.support.media import PlainMedium
from tests.support.messages import PDF, arrives, jpeg
from tests.support.people import People
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
GPS = 34853  # the tag under which a telephone writes where it was


def with_place() -> bytes:
    """A photo that tells where it was taken."""
    picture, place, buffer = Image.new("RGB", (90, 60), "green"), Image.Exif(), io.BytesIO()
    place[GPS] = {1: "S", 2: (7.0, 9.0, 0.0)}
    picture.save(buffer, "JPEG", exif=place)
    return buffer.getvalue()


@pytest.fixture
def report(sari_reports: Report, people: People) -> Report:
    return actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))


@pytest.fixture
def file(plain_medium: PlainMedium, report: Report, people: People) -> InboundFile:
    """A neighbour's photo of Sari's hole in the road, in a message that Kun added to her report."""
    plain_medium.files = {"f1": with_place()}
    message = arrives(plain_medium, "Saya lihat lubangnya.", files=[{"external_id": "f1", "kind": "image"}])
    add_message(inbound=message, report=report, by=people.doing(people.kun))
    return InboundFile.objects.get()


def pressed(client: Client, file: InboundFile, **more: str) -> int:
    return client.post(reverse("reports:desk_message_adopt", args=[file.pk]), more).status_code


def taken(photo: Attachment, report: Report) -> dict[str, int]:
    """What a stranger and the reporter get who ask for the photo, by either address."""
    token = private_link_token(report)
    place = [report.tracking_code, photo.pk, "besar"]
    open_to_all = reverse("reports:photo", args=place)
    private = reverse("reports:private_photo", args=[report.tracking_code, token, photo.pk, "besar"])
    addresses = {"stranger": open_to_all, "reporter": f"{open_to_all}?t={token}", "private page": private}
    return {who: Client().get(address).status_code for who, address in addresses.items()}


def test_for_staff_alone_it_is_on_the_case_and_nowhere_else(
    client: Client, file: InboundFile, report: Report, people: People
) -> None:
    client.force_login(people.oki)
    assert pressed(client, file) == 302
    photo = Attachment.objects.get(report=report)
    report.refresh_from_db()
    assert (photo.public, report.has_photo) == (False, False)
    place = reverse("reports:photo", args=[report.tracking_code, photo.pk, "kecil"])
    assert place in client.get(reverse("reports:desk_detail", args=[report.tracking_code])).content.decode()
    assert client.get(place).status_code == 200
    assert set(taken(photo, report).values()) == {404}
    for page in ("public_detail", "private"):
        more = [private_link_token(report)] if page == "private" else []
        shown = Client().get(reverse(f"reports:{page}", args=[report.tracking_code, *more])).content.decode()
        assert report.title in shown
        assert "kecil.jpg" not in shown, page


def test_for_all_it_is_on_the_public_page_and_the_reporters_own(
    client: Client, file: InboundFile, report: Report, people: People
) -> None:
    client.force_login(people.kun)
    assert pressed(client, file, tampil="1") == 302
    report.refresh_from_db()
    assert report.has_photo
    assert set(taken(Attachment.objects.get(), report).values()) == {200}


def test_it_is_drawn_anew_without_what_a_telephone_wrote_into_it(
    file: InboundFile, report: Report, people: People
) -> None:
    assert GPS in Image.open(io.BytesIO(with_place())).getexif()
    actions.adopt_photo(file=file, report=report, inside=False, by=people.doing(people.oki))
    content = Client().get(reverse("reports:photo", args=[report.tracking_code, Attachment.objects.get().pk, "besar"]))
    assert not Image.open(io.BytesIO(content.content)).getexif()


def test_pressed_twice_it_is_one_photo_and_one_line(
    client: Client, file: InboundFile, report: Report, people: People
) -> None:
    client.force_login(people.kun)
    page = reverse("reports:desk_message", args=[file.inbound_id])
    assert "Hanya untuk petugas" in client.get(page).content.decode()
    assert [pressed(client, file), pressed(client, file, tampil="1")] == [302, 302]
    assert "sudah menjadi lampiran" in client.get(page).content.decode()
    assert "Hanya untuk petugas" not in client.get(page).content.decode(), "there is nothing left to take over"
    assert Attachment.objects.get().inside
    lines = history(case_for(actor_of(people.kun), report.tracking_code).events, raw=True)
    said = [line for line in lines if line.title.startswith("Foto dari pesan")]
    assert [(line.title, line.message, line.public) for line in said] == [
        ("Foto dari pesan dijadikan lampiran, hanya untuk petugas", file.inbound_id, False)
    ]


@pytest.mark.parametrize(
    ("who", "status"),
    [("kun", 302), ("oki", 302), ("heni", 302), ("dewi", 404), ("laras", 404), ("ida", 404), ("agus", 404)],
)
def test_who_may(client: Client, file: InboundFile, people: People, who: str, status: int) -> None:
    client.force_login(getattr(people, who))
    assert pressed(client, file) == status
    assert Attachment.objects.exists() is (status == 302)


def test_a_picture_of_another_message_and_a_paper_are_refused(
    plain_medium: PlainMedium, file: InboundFile, report: Report, people: People
) -> None:
    plain_medium.files = {"f2": jpeg(), "f3": PDF}
    loose = [{"external_id": "f2", "kind": "image"}]
    arrives(plain_medium, "Soal lain.", number=2, files=loose)
    paper = arrives(plain_medium, "Ini suratnya.", number=3, files=[{"external_id": "f3", "kind": "document"}])
    add_message(inbound=paper, report=report, by=people.doing(people.kun))
    for other in InboundFile.objects.exclude(pk=file.pk):
        with pytest.raises(Refused):
            actions.adopt_photo(file=other, report=report, inside=True, by=people.doing(people.kun))
    assert not Attachment.objects.exists()


def test_of_a_secret_report_it_lies_encrypted(file: InboundFile, report: Report, people: People) -> None:
    Report.objects.update(secret=True, published=False)
    report.refresh_from_db()
    actions.adopt_photo(file=file, report=report, inside=True, by=people.doing(people.kun))
    photo = Attachment.objects.get()
    with default_storage.open(photo.path) as stored:
        assert Image.open(io.BytesIO(cipher().decrypt(stored.read()))).size == (90, 60)


@pytest.mark.browser  # asks for its screen by name
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_the_message_and_the_case_show_it(
    request: pytest.FixtureRequest,
    live_url: str,
    people: People,
    file: InboundFile,
    report: Report,
    axe: Callable[[Page], None],
    screen: str,
) -> None:
    page: Any = request.getfixturevalue(screen)
    sign_in(page, people.kun, live_url)
    page.goto(reverse("reports:desk_message", args=[file.inbound_id]))
    axe(page)
    page.get_by_role("button", name=re.compile("Hanya untuk petugas.*foto 1")).click()
    page.get_by_text("Foto menjadi lampiran laporan").wait_for()
    page.goto(reverse("reports:desk_detail", args=[report.tracking_code]))
    page.get_by_role("img", name="Foto 1, hanya untuk petugas").wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
