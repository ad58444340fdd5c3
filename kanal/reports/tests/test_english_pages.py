"""An officer who reads English meets no Indonesian but the words of people and places, and still writes Indonesian."""

import pytest
from django.test import Client
from django.urls import reverse

from kanal.agencies.models import User
from kanal.reports import actions
from kanal.reports.forms.case_answer import filled
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.people import People


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["bahasa"] = "en"
    return client


@pytest.fixture
def in_confidence(people: People) -> Report:  # filed into their regency
    return actions.file_report(
        actions.Filing(body="Ada pungutan di kantor desa.", submission="w", kind=Kind.WHISTLEBLOWING)
    )


def page_of(client: Client, user: User, path: str) -> str:
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["desk_queue", "desk_tasks", "desk_record", "desk_rules", "desk_outbox"])
def test_the_desk_is_named_in_english(english: Client, people: People, name: str) -> None:
    page = page_of(english, people.kun, reverse(f"reports:{name}"))
    assert ", Kanal desk</title>" in page
    assert "Meja Kanal" not in page


def test_a_list_sent_alone_is_named_in_english_too(english: Client, people: People) -> None:
    english.force_login(people.kun)
    page = english.get(reverse("reports:desk_queue"), headers={"HX-Request": "true"}).content.decode()
    assert ", Kanal desk</title>" in page


def test_a_confidential_report_is_called_by_its_kind_in_the_readers_language(
    english: Client, people: People, in_confidence: Report
) -> None:
    for path in (
        reverse("reports:desk_queue"),
        reverse("reports:desk_detail", args=[in_confidence.tracking_code]),
        reverse("reports:desk_preview", args=[in_confidence.tracking_code]),
    ):
        page = page_of(english, people.ida, path)
        assert "Misconduct report" in page
        assert "Laporan pengawasan" not in page


def test_days_off_are_named_in_english(english: Client, people: People, sari_reports: Report) -> None:
    page = page_of(english, people.kun, reverse("reports:desk_detail", args=[sari_reports.tracking_code]))
    assert "Saturday, Sunday" in page
    assert "Sabtu" not in page


def test_a_standard_answer_is_filled_in_indonesian(english: Client, people: People, sari_reports: Report) -> None:
    page = page_of(english, people.kun, reverse("reports:desk_detail", args=[sari_reports.tracking_code]))
    assert "Government of" not in page
    assert filled("{nama_dinas}", sari_reports) == "Pemerintah Kabupaten Bojonegoro"
