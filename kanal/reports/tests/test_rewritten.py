"""Somebody changes or takes back what they wrote: the report in the making follows, a case keeps its beginning."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kanal.channels import actions as mail
from kanal.channels import mailroom
from kanal.channels.models import Inbound, Medium, Outbound
from kanal.reports.actions import talking
from kanal.reports.models import Report, Talk
from tests.support.media import Write
from tests.support.media import delivery as posted

STORY = "Jalan di tikungan dekat jembatan berlubang dalam."
pytestmark = pytest.mark.django_db


def said() -> list[Inbound]:
    """Her messages; each report has one of its own besides."""
    return list(Inbound.objects.filter(external_id__startswith="s").order_by("pk"))


def told(what: str, message: int = 0, **more: Any) -> None:
    """The platform tells that a message of Sari's was changed or taken back."""
    at = (timezone.now() + timedelta(seconds=1)).isoformat()
    name = said()[message].external_id
    item = {"is": what, "external_id": name, "at": at, **more}
    mail.store_delivery(medium=Medium.APP, payload=posted(item))
    mailroom.read_deliveries(lambda: True)


def half_an_hour_later() -> int:
    return talking.file_silent_talks(now=timezone.now() + timedelta(minutes=31))


def test_a_report_in_the_making_takes_the_new_words(sari_writes: Write) -> None:
    sari_writes(STORY)
    told("changed", text="Jembatan di tikungan hampir roboh, jangan dilewati.")
    assert "Kode: BJN-" in sari_writes("desa jono temayang")
    assert Report.objects.get().body == "Jembatan di tikungan hampir roboh, jangan dilewati."


def test_a_place_that_was_corrected_is_the_place(sari_writes: Write) -> None:
    sari_writes("ds. Jono")
    talk = Talk.objects.get()
    assert talk.region is not None
    told("changed", text="ds. Pandantoyo")
    talk.refresh_from_db()
    assert talk.region is not None
    assert talk.region.name == "Pandantoyo"


def test_what_was_taken_back_is_not_filed(sari_writes: Write) -> None:
    sari_writes(f"LAPOR {STORY}")
    told("removed")
    assert Talk.objects.get().body == ""
    assert half_an_hour_later() == 1
    assert not Report.objects.exists()


def test_of_two_messages_the_other_stays(sari_writes: Write) -> None:
    sari_writes(STORY)
    sari_writes("belakang rumah Pak Lurah")
    report = Report.objects.get()
    assert report.place_text == "belakang rumah Pak Lurah"
    sari_writes("LAPOR Lampu jalan mati sejak kemarin malam.")
    told("removed", 2)
    assert half_an_hour_later() == 1
    assert Report.objects.get() == report


def test_new_words_about_a_case_join_it_and_its_beginning_stays(sari_writes: Write) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    report, answers = Report.objects.get(), Outbound.objects.filter(purpose="talk").count()
    for _twice in range(2):
        told("changed", text="Lubangnya sudah dua, di desa Jono kec. Temayang.")
    assert report.events.get(verb="reply").note == (
        "Pesan diubah menjadi: Lubangnya sudah dua, di desa Jono kec. Temayang."
    )
    report.refresh_from_db()
    assert report.body.startswith(STORY)
    assert Outbound.objects.filter(purpose="talk").count() == answers, "a correction is not answered"


def test_what_became_a_case_stays_one_when_its_message_is_taken_back(sari_writes: Write) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    told("removed")
    assert Report.objects.get().body.startswith(STORY)
    assert not Report.objects.filter(events__verb="reply").exists()
    assert said()[0].text == ""
