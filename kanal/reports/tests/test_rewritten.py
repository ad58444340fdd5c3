"""Somebody changes or takes back what they wrote: the report in the making follows, a case keeps its beginning."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kanal.agencies.queries import actor_of
from kanal.channels import actions as mail
from kanal.channels import mailroom
from kanal.channels.adapters import UnreachableError
from kanal.channels.models import Inbound, InboundFile, Medium, Outbound
from kanal.reports.actions import retention, talking, triage, withdraw
from kanal.reports.models import Report, Talk
from kanal.reports.queries.case import case_for
from kanal.reports.queries.case_words import history
from kanal.reports.queries.tracking import timeline
from tests.support.media import PlainMedium, Write
from tests.support.media import delivery as posted
from tests.support.messages import OGG, arrives, jpeg
from tests.support.people import People

STORY = "Jalan di tikungan dekat jembatan berlubang dalam."
pytestmark = pytest.mark.django_db


def said() -> list[Inbound]:
    """Her messages; each report has one of its own besides."""
    return list(Inbound.objects.filter(external_id__startswith="s").order_by("pk"))


def told(what: str, message: int | Inbound = 0, *, seconds: int = 1, **more: Any) -> None:
    """The platform tells that a message of Sari's was changed or taken back."""
    at = (timezone.now() + timedelta(seconds=seconds)).isoformat()
    name = (message if isinstance(message, Inbound) else said()[message]).external_id
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


def photo(name: str) -> list[dict[str, str]]:
    return [{"external_id": name, "kind": "image"}]


def test_the_photo_of_a_message_taken_back_is_not_filed_and_not_kept(
    sari_writes: Write, plain_medium: PlainMedium, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    plain_medium.files = {"f1": jpeg("red"), "f2": jpeg("blue")}
    sari_writes(files=photo("f1"))
    sari_writes("Jembatannya", files=photo("f2"))
    path = settings.MEDIA_ROOT / InboundFile.objects.get(external_id="f1").path
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        told("removed")
    assert not path.exists()
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    assert Report.objects.get().attachments.count() == 1
    assert not said()[0].files.exists()


def test_a_photo_alone_that_was_taken_back_leaves_nothing_to_file(
    sari_writes: Write, plain_medium: PlainMedium
) -> None:
    plain_medium.files = {"f1": jpeg()}
    sari_writes(files=photo("f1"))
    told("removed")
    assert half_an_hour_later() == 1
    assert not Report.objects.exists()


def test_a_photo_taken_back_before_it_came_is_not_fetched(sari_writes: Write, plain_medium: PlainMedium) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    plain_medium.trouble = UnreachableError("nanti", pause=timedelta(0))
    sari_writes("Ini fotonya", files=photo("f1"))
    assert InboundFile.objects.get().state == InboundFile.State.WANTED
    on_the_way = InboundFile.objects.get()
    told("removed", 1)
    assert not InboundFile.objects.exists()
    mail.settle_file(on_the_way, InboundFile.State.KEPT)  # it arrives at that moment all the same
    assert not Report.objects.get().attachments.exists()


def test_a_location_taken_back_is_no_place_of_the_report(sari_writes: Write) -> None:
    sari_writes(lat=-7.15, lon=111.88, place="Warung Bu Yah")
    talk = Talk.objects.get()
    assert (talk.lat, talk.place_text) == (-7.15, "Warung Bu Yah")
    assert talk.region is not None
    told("removed")
    talk = Talk.objects.get()
    assert (talk.lat, talk.region_id, talk.place_text) == (None, None, "")
    assert (said()[0].lat, said()[0].place) == (None, "")


def lines_of(report: Report, people: People) -> list[str]:
    """The history as the officer reads it, newest first, without its beginning."""
    shown = history(case_for(actor_of(people.kun), report.tracking_code).events, raw=True)
    return [line.title for line in shown if line.message]


def test_the_history_says_that_a_message_of_the_case_was_taken_back_and_the_desk_alone_reads_it(
    sari_writes: Write, plain_medium: PlainMedium, people: People
) -> None:
    plain_medium.files = {"f1": jpeg(), "v1": OGG}
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.", files=[*photo("f1"), {"external_id": "v1", "kind": "audio"}])
    report = Report.objects.get()
    for _twice in range(2):
        told("removed")
    assert lines_of(report, people) == ["Pelapor menghapus pesannya di aplikasi lain"]
    line = report.events.get(verb="remove_message")
    assert (line.note, line.public, line.data["message"]) == ("", False, said()[0].pk)
    assert report.attachments.count() == 1, "a case keeps what it was begun with"
    assert said()[0].files.count() == 2
    assert not [step for step in timeline(report, private=True) if step.verb == "remove_message"]
    version = report.version
    report.refresh_from_db()
    assert report.version == version, "nobody's open page is stale"


def test_new_words_are_a_line_alone_where_they_cannot_join_the_case(sari_writes: Write, people: People) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    report = Report.objects.get()
    told("changed", text="Lubangnya sudah dua.")
    assert lines_of(report, people) == ["Pelapor mengubah pesannya"]
    withdraw(report=report)
    told("changed", text="Lubangnya sudah tiga.", seconds=2)
    assert lines_of(report, people) == ["Pelapor mengubah pesannya di aplikasi lain", "Pelapor mengubah pesannya"]
    assert report.events.get(verb="change_message").note == "Lubangnya sudah tiga."


def test_somebody_elses_message_in_a_case_is_told_as_theirs(
    plain_medium: PlainMedium, sari_reports: Report, people: People
) -> None:
    message = arrives(plain_medium, "Saya lihat tadi pagi, lubangnya makin besar.")
    triage.add_message(inbound=message, report=sari_reports, by=people.doing(people.kun))
    told("changed", message, text="Saya lihat kemarin, bukan tadi pagi.")
    told("removed", message)
    assert lines_of(sari_reports, people)[:2] == [
        "Pengirim lain menghapus pesannya di aplikasi lain",
        "Pengirim lain mengubah pesannya di aplikasi lain",
    ]
    assert not sari_reports.events.filter(verb="reply").exists(), "not the reporter's own words"


def test_what_waits_at_the_desk_goes_whole(plain_medium: PlainMedium, regency: object) -> None:
    plain_medium.files = {"f1": jpeg()}
    message = arrives(plain_medium, files=photo("f1"), lat=-7.2, lon=111.9)
    told("removed", message)
    message.refresh_from_db()
    assert message.state == Inbound.State.WAITING
    assert (message.text, message.lat, message.files.count()) == ("", None, 0)


def test_made_anonymous_the_changed_words_go_and_that_they_changed_stays(sari_writes: Write, people: People) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    report = Report.objects.get()
    told("changed", text="Lubangnya sudah dua.")
    told("removed")
    retention.anonymise(report, rule="JRA", at=timezone.now())
    notes = dict(report.events.values_list("verb", "note"))
    assert (notes["reply"], notes["remove_message"]) == ("", "")
