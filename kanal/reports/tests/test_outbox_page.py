"""/meja/kiriman/: the coordinator sees what did not arrive, masked, and sends it again once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from kanal.channels.actions import Message, queue
from kanal.channels.models import Outbound
from kanal.common.actions import note_beat
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.views.outbox import purposes
from kanal.reports.workflow import Kind
from tests.support.people import People

pytestmark = pytest.mark.django_db
PAGE = "/meja/kiriman/"


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


@pytest.fixture
def failed(sari_reports: Report) -> Outbound:
    Outbound.objects.filter(purpose="receipt").update(state="failed", error="Alamat ini ditolak server penerima (550).")
    return Outbound.objects.get(purpose="receipt")


def text(client: Client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def test_a_failed_message_is_shown_with_its_reason_and_a_masked_address(kun: Client, failed: Outbound) -> None:
    page = text(kun)
    assert "Tanda terima" in page
    assert failed.reference in page
    assert "ditolak server penerima" in page
    assert "s•••@contoh.id" in page
    assert "sari@contoh.id" not in page
    assert "Jono" not in page


def test_a_message_that_waits_says_when_it_is_tried_again(kun: Client, sari_reports: Report) -> None:
    page = text(kun)
    assert "Menunggu dikirim" in page
    assert "belum dicoba" in page
    assert "Tidak ada yang gagal" in page


def test_without_a_worker_the_page_says_so(kun: Client) -> None:
    assert "Tidak ada pekerja yang berjalan" in text(kun)
    note_beat("meja:1", {})
    assert "Tidak ada pekerja yang berjalan" not in text(kun)


def test_sending_again_queues_it_once_and_a_second_click_is_told_so(kun: Client, failed: Outbound) -> None:
    address = reverse("reports:desk_resend", args=[failed.pk])
    first = kun.post(address, follow=True)
    assert "dikirim ulang sebentar lagi" in first.content.decode()
    assert Outbound.objects.get(pk=failed.pk).state == "queued"
    second = kun.post(address, follow=True)
    assert "tidak dikirim dua kali" in second.content.decode()


def test_looking_at_the_address_sends_nothing(kun: Client, failed: Outbound) -> None:
    assert kun.get(reverse("reports:desk_resend", args=[failed.pk])).status_code == 405
    assert Outbound.objects.get(pk=failed.pk).state == "failed"


@pytest.mark.parametrize("who", ["oki", "heni", "laras", "ida"])
def test_others_may_not_see_it(client: Client, people: People, failed: Outbound, who: str) -> None:
    client.force_login(getattr(people, who))
    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("reports:desk_resend", args=[failed.pk])).status_code == 403
    assert Outbound.objects.get(pk=failed.pk).state == "failed"


def test_messages_about_whistle_blowing_are_not_the_coordinators(kun: Client) -> None:
    report = actions.file_report(
        actions.Filing(body="Suap di loket.", submission="w", kind=Kind.WHISTLEBLOWING, email="pelapor@contoh.id")
    )
    queue(
        [
            Message(
                purpose="receipt",
                dedupe_key="w",
                subject="x",
                body="y",
                reference=report.tracking_code,
                to_staff="a@b.id",
            )
        ]
    )
    Outbound.objects.update(state="failed", error="x")
    page = text(kun)
    assert report.tracking_code not in page
    hidden = Outbound.objects.filter(reference=report.tracking_code).first()
    assert hidden
    assert kun.post(reverse("reports:desk_resend", args=[hidden.pk])).status_code == 404


def test_the_number_of_queries_does_not_grow(
    kun: Client, failed: Outbound, django_assert_max_num_queries: object
) -> None:
    queue(
        Message(purpose="digest", dedupe_key=str(n), subject="x", body="y", to_staff=f"p{n}@contoh.id")
        for n in range(80)
    )
    text(kun)
    # session, person, roles, two counts, failed, waiting, workers, failed tasks, and the page's own frame
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # pytest-django's fixture
        text(kun)


def _purposes_in(source: Path) -> Iterator[str]:
    """What stands in the code as the purpose of a message: of a notice, of a message, or as a constant."""
    for node in ast.walk(ast.parse(source.read_text())):
        told: list[ast.expr] = []
        if isinstance(node, ast.Call):
            told = [word.value for word in node.keywords if word.arg == "purpose"]
            told += node.args[:1] if isinstance(node.func, ast.Name) and node.func.id == "Notice" else []
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"PURPOSE", "PROOF", "CONFIDED"}:
            told = [node.value]
        yield from (one.value for one in told if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_purpose_has_words() -> None:
    room = Path(__file__).parents[1]
    found = {
        name for part in ("actions", "queries") for path in room.glob(f"{part}/*.py") for name in _purposes_in(path)
    }
    assert {"receipt", "talk", "comment", "confided", "address_proof"} <= found
    assert found <= set(purposes())
