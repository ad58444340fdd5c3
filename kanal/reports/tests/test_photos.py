import io
import logging
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pytest_django import Settings

from kanal.agencies.models import User
from kanal.common.images import CleanImage, sanitise
from kanal.reports import actions
from kanal.reports.models import Attachment, Report
from kanal.reports.queries import private_link_token
from kanal.reports.workflow import Kind
from tests.support.people import People


def picture(colour: str = "teal") -> CleanImage:
    buffer = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(buffer, "JPEG")
    return sanitise(buffer.getvalue(), name="lubang.jpg")


def filed(**more: Any) -> Report:
    filing = actions.Filing(
        body="Jalan berlubang.", submission=f"f{Report.objects.count()}", photos=(picture(),), **more
    )
    return actions.file_report(filing)


@pytest.fixture
def shown(people: People) -> Report:
    return actions.assign(report=filed(), agency=people.roads, by=people.doing(people.kun))


def address(report: Report, size: str = "besar", *, token: bool = False) -> str:
    path = f"/foto/{report.tracking_code}/{report.attachments.get().pk}/{size}.jpg"
    return f"{path}?t={private_link_token(report)}" if token else path


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_photo_of_a_public_report_is_for_everybody_and_may_be_kept(client: Client, shown: Report) -> None:
    for size, longest in (("besar", 900), ("kecil", 320)):
        answer = client.get(address(shown, size))
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith(f'inline; filename="{shown.tracking_code}-')
        assert "public" in answer["Cache-Control"]
        assert max(Image.open(io.BytesIO(answer.content)).size) == longest
        again = client.get(address(shown, size), headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 304
        assert not again.content


def test_one_query_serves_it(client: Client, shown: Report) -> None:
    path = address(shown)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) == 1


def test_before_publication_only_its_reporter_and_its_staff_see_it(people: People) -> None:
    report = filed()
    assert Client().get(address(report)).status_code == 404
    own = Client().get(address(report, token=True))
    assert own.status_code == 200
    assert own["Cache-Control"] == "private, no-store" or set(own["Cache-Control"].split(", ")) == {
        "private",
        "no-store",
    }
    assert signed_in(people.kun).get(address(report)).status_code == 200
    for stranger in (people.oki, people.heni, people.ida, people.agus):
        assert signed_in(stranger).get(address(report)).status_code == 404


def test_a_photo_taken_from_the_public_page_stays_with_the_case(client: Client, people: People, shown: Report) -> None:
    shown.attachments.update(public=False)
    assert client.get(address(shown)).status_code == 404
    assert client.get(address(shown, token=True)).status_code == 200
    assert signed_in(people.oki).get(address(shown)).status_code == 200
    assert signed_in(people.dewi).get(address(shown)).status_code == 404
    assert "/foto/" not in client.get(f"/aduan/{shown.tracking_code}/").content.decode()


def test_a_guest_with_a_task_sees_what_is_fit_for_everybody_and_nothing_secret(people: People) -> None:
    """What the page lists and what the address serves are the same."""
    open_one, secret = filed(), filed(secret=True)
    for report in (open_one, secret):
        actions.assign(report=report, agency=people.roads, by=people.doing(people.kun), publish=False)
        actions.split(report=report, by=people.doing(people.oki), instruction="Rambu", agency=people.transport)
    dewi, oki = signed_in(people.dewi), signed_in(people.oki)
    for report, shown in ((open_one, True), (secret, False)):
        page = dewi.get(f"/meja/l/{report.tracking_code}/")
        assert ("/foto/" in page.content.decode()) is shown
        assert dewi.get(address(report)).status_code == (200 if shown else 404)
        assert oki.get(address(report)).status_code == 200
    open_one.attachments.update(public=False)
    assert "/foto/" not in dewi.get(f"/meja/l/{open_one.tracking_code}/").content.decode()
    assert dewi.get(address(open_one)).status_code == 404


def test_a_photo_of_a_secret_report_lies_encrypted_and_is_opened_for_those_who_may(people: People) -> None:
    report = filed(secret=True)
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    attachment = report.attachments.get()
    with default_storage.open(attachment.path) as stored:
        assert not stored.read().startswith(b"\xff\xd8")
    assert Client().get(address(report)).status_code == 404
    for client, path in ((Client(), address(report, token=True)), (signed_in(people.oki), address(report))):
        answer = client.get(path)
        assert answer.content.startswith(b"\xff\xd8")
        assert "no-store" in answer["Cache-Control"]
    assert signed_in(people.laras).get(address(report)).status_code == 404


def test_the_name_of_a_file_keeps_no_number_of_a_person(people: People) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(buffer, "JPEG")
    scan = sanitise(buffer.getvalue(), name="KTP 3522011503900001 wa 081234567890.jpg")
    report = actions.file_report(actions.Filing(body="Jalan berlubang.", submission="n", photos=(scan,)))
    assert report.attachments.get().name == "KTP [NIK disembunyikan] wa [nomor HP disembunyikan].jpg"


def test_whistle_blowing_is_for_the_inspectorate_alone(people: People) -> None:
    report = filed(kind=Kind.WHISTLEBLOWING)
    assert signed_in(people.ida).get(address(report)).status_code == 200
    for stranger in (people.kun, people.laras, people.oki, people.agus):
        assert signed_in(stranger).get(address(report)).status_code == 404


def test_staff_without_their_second_factor_are_strangers(people: People, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert signed_in(people.kun).get(address(filed())).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 22, "A" * 5000])
def test_a_forged_token_opens_nothing(client: Client, regency: object, token: str) -> None:
    assert client.get(address(filed()), {"t": token}).status_code == 404


def test_a_photo_belongs_to_one_report(client: Client, people: People, shown: Report) -> None:
    other = filed()
    path = address(other, token=True).replace(other.tracking_code, shown.tracking_code)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("tail", ["1/sedang.jpg", "0/besar.jpg", f"{10**30}/besar.jpg", "1/%2e%2e.jpg", "-1/besar.jpg"])
def test_an_odd_address_is_not_found(client: Client, shown: Report, tail: str) -> None:
    assert client.get(f"/foto/{shown.tracking_code}/{tail}").status_code == 404


def test_a_file_that_is_gone_is_a_missing_photo_and_not_a_fault(
    client: Client, shown: Report, caplog: pytest.LogCaptureFixture
) -> None:
    default_storage.delete(shown.attachments.get().path)
    with caplog.at_level(logging.CRITICAL):
        answer = client.get(address(shown))
    assert answer.status_code == 404
    assert "Foto itu tidak ditemukan" in answer.content.decode()
    assert client.get(address(shown, "kecil")).status_code == 200


def test_a_file_under_a_lost_key_is_a_missing_photo(people: People, caplog: pytest.LogCaptureFixture) -> None:
    report = filed(secret=True)
    Attachment.objects.filter(report=report).update(encrypted=True)
    path = default_storage.path(report.attachments.get().path)
    with open(path, "wb") as stored:  # noqa: PTH123  # a broken file, as a bad disk leaves it
        stored.write(b"not a token")
    with caplog.at_level(logging.CRITICAL):
        assert Client().get(address(report, token=True)).status_code == 404


def test_photos_are_not_changed_by_visiting(client: Client, shown: Report) -> None:
    assert client.post(address(shown)).status_code == 405
