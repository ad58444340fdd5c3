"""Reporting on a chat: whatever comes, in whatever order; asked only for what is missing; nothing said is lost."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from PIL import Image

from kanal.agencies.models import Regency
from kanal.agencies.queries import reference
from kanal.channels import actions as mail
from kanal.channels import delivery, mailroom
from kanal.channels.models import Address, Inbound, Medium, Outbound
from kanal.reports import actions
from kanal.reports.actions import talking
from kanal.reports.models import Report, ReportEvent, Talk
from tests.support.media import PlainMedium, Write
from tests.support.media import delivery as posted
from tests.support.people import People

STORY = "Jalan di tikungan dekat jembatan berlubang dalam, sudah dua motor jatuh."


def picture(colour: str = "green") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def only_report() -> Report:
    return Report.objects.get()


def place_of(report: Report) -> str:
    return reference().regions[report.region_id or 0].place


def test_a_story_with_its_place_is_filed_at_once_and_confirmed_with_code_and_day(sari_writes: Write) -> None:
    answer = sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    report = only_report()
    assert report.tracking_code in answer
    assert "Diteruskan ke dinas paling lambat" in answer
    assert f"/lacak/{report.tracking_code}/" in answer
    assert (report.medium, place_of(report)) == ("app", "Jono, Kec. Temayang")
    assert report.contact == Address.objects.get().contact


def test_only_the_missing_place_is_asked_for(sari_writes: Write) -> None:
    assert "Di mana tempatnya?" in sari_writes(STORY)
    assert not Report.objects.exists()
    assert "Kode: BJN-" in sari_writes("jono temayang, dekat balai desa")
    report = only_report()
    assert report.region is not None
    assert report.region.name == "Jono"
    assert report.place_text == "jono temayang, dekat balai desa"


@pytest.mark.parametrize("text", ["", "Baik pak, terima kasih", "🙏", "Selamat pagi", "1"])
def test_what_names_no_place_is_no_answer_to_where(sari_writes: Write, plain_medium: PlainMedium, text: str) -> None:
    plain_medium.files = {"f1": picture()}
    sari_writes(STORY)
    assert "Di mana tempatnya?" in sari_writes(text, files=[{"external_id": "f1", "kind": "image"}])
    assert not Report.objects.exists()
    sari_writes("baik, desa Jono Temayang")
    assert place_of(only_report()) == "Jono, Kec. Temayang"
    assert only_report().attachments.count() == 1


def test_a_photo_picks_none_of_several_places(sari_writes: Write, plain_medium: PlainMedium) -> None:
    plain_medium.files = {"f1": picture()}
    sari_writes(STORY)
    question = sari_writes("Kauman")
    assert sari_writes(files=[{"external_id": "f1", "kind": "image"}]) == question
    sari_writes("2")
    assert only_report().region is not None


@pytest.mark.parametrize("number", ["0", "77", "?"])
def test_a_number_that_was_not_offered_picks_none(sari_writes: Write, number: str) -> None:
    sari_writes(STORY)
    question = sari_writes("Kauman")
    assert sari_writes(number) == question
    sari_writes("1")
    assert only_report().region is not None


def test_a_voice_note_answers_where(sari_writes: Write, plain_medium: PlainMedium) -> None:
    plain_medium.files = {"v1": b"OggS" + b"0" * 500}
    sari_writes(STORY)
    assert "Kode: BJN-" in sari_writes(files=[{"external_id": "v1", "kind": "audio"}])


def test_a_location_before_the_words_is_enough(sari_writes: Write, regency: Regency) -> None:
    assert "Ceritakan apa yang terjadi" in sari_writes(lat=-7.15, lon=111.88)
    assert "Kode: BJN-" in sari_writes(STORY)
    assert (only_report().lat, only_report().lon) == (-7.15, 111.88)


def test_a_repeated_village_name_is_asked_about_and_never_guessed(sari_writes: Write) -> None:
    sari_writes(STORY)
    question = sari_writes("Kauman")
    assert "Yang mana? Balas nomornya." in question
    first = next(line for line in question.splitlines() if line.startswith("1. ")).removeprefix("1. ")
    sari_writes("1")
    assert place_of(only_report()) == first


def test_words_that_fit_no_place_are_kept_as_they_are(sari_writes: Write) -> None:
    sari_writes(STORY)
    sari_writes("belakang rumah Pak Lurah")
    assert only_report().region is None
    assert only_report().place_text == "belakang rumah Pak Lurah"


def test_a_greeting_is_greeted_and_makes_no_report(sari_writes: Write) -> None:
    assert sari_writes("Assalamualaikum, selamat pagi").startswith("Salam.")
    assert not Talk.objects.exists()
    assert Inbound.objects.get().state == Inbound.State.ANSWERED


def test_a_photo_first_then_words_then_another_photo(sari_writes: Write, plain_medium: PlainMedium) -> None:
    plain_medium.files = {"f1": picture()}
    assert "Ceritakan apa yang terjadi" in sari_writes(files=[{"external_id": "f1", "kind": "image"}])
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    report = only_report()
    assert report.attachments.count() == 1
    plain_medium.files["f2"] = picture("red")
    answer = sari_writes(files=[{"external_id": "f2", "kind": "image"}])
    assert f"Kami tambahkan ke laporan {report.tracking_code}" in answer
    assert report.attachments.count() == 2


def test_photos_one_after_the_other_all_join_the_open_case(sari_writes: Write, plain_medium: PlainMedium) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    report = only_report()
    for colour in ("red", "green", "blue"):
        plain_medium.files[colour] = picture(colour)
        sari_writes(files=[{"external_id": colour, "kind": "image"}])
    assert report.attachments.count() == 3
    assert not Inbound.objects.filter(state=Inbound.State.WAITING).exists()
    assert [event.note for event in report.events.filter(verb="reply")] == ["Foto tanpa keterangan."]


def test_words_said_twice_are_one_line_and_wait_for_nobody(sari_writes: Write) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    sari_writes("Tadi pagi ada yang jatuh lagi")
    assert sari_writes("Tadi pagi ada yang jatuh lagi") == "Sudah kami terima."
    assert only_report().events.filter(verb="reply").count() == 1
    assert not Inbound.objects.filter(state=Inbound.State.WAITING).exists()


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("audio", b"OggS" + b"0" * 500, "Pesan suara, dengarkan di bawah."),
        ("image", picture(), "Foto tanpa keterangan."),
        ("document", b"%PDF-1.4" + b"0" * 500, "Berkas tanpa keterangan."),
    ],
)
def test_what_came_without_words_is_called_what_it_is(
    sari_writes: Write, plain_medium: PlainMedium, kind: str, content: bytes, told: str
) -> None:
    plain_medium.files = {"f1": content, "f2": content}
    sari_writes(files=[{"external_id": "f1", "kind": kind}])
    talking.file_silent_talks(now=timezone.now() + timedelta(minutes=31))
    report = only_report()
    assert report.body == told
    sari_writes(files=[{"external_id": "f2", "kind": kind}])
    assert [event.note for event in report.events.filter(verb="reply")] == [told]


def test_thanks_begin_no_report(sari_writes: Write) -> None:
    assert sari_writes("Terima kasih banyak pak bupati").startswith("Sama-sama.")
    assert not Talk.objects.exists()


def test_a_voice_note_is_a_story(sari_writes: Write, plain_medium: PlainMedium) -> None:
    plain_medium.files = {"v1": b"OggS" + b"0" * 500}
    sari_writes(files=[{"external_id": "v1", "kind": "audio"}])
    assert "Kode: BJN-" in sari_writes("desa jono temayang")
    assert "Pesan suara" in only_report().body


def test_more_about_an_open_case_joins_it_and_lapor_begins_another(sari_writes: Write) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    first = only_report()
    answer = sari_writes("Tadi pagi ada yang jatuh lagi")
    assert f"Kami tambahkan ke laporan {first.tracking_code}" in answer
    assert ReportEvent.objects.filter(report=first, verb="reply").exists()
    sari_writes("LAPOR lampu jalan di desa Jono kec. Temayang mati sejak kemarin")
    assert Report.objects.count() == 2


def test_lapor_on_a_line_of_its_own_begins_another_too(sari_writes: Write) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    sari_writes("LAPOR\nLampu jalan di desa Jono kec. Temayang mati sejak kemarin")
    assert Report.objects.count() == 2
    assert not Report.objects.filter(events__verb="reply").exists()


def test_no_message_is_ever_answered_with_a_wrong_format(sari_writes: Write) -> None:
    odd = [
        "?",
        "...",
        "LAPOR",
        "CEK",
        "CEK xyz",
        "KODE",
        "123",
        "👍",
        "BATAL",
        "lapor#jalan#jono",
        "\u200b",
        "halo " * 500,
    ]
    for answer in map(sari_writes, odd):
        assert answer, "everybody is answered"
        assert not any(word in answer.lower() for word in ("format", "tidak valid", "tidak dikenal"))


def test_after_some_days_new_words_are_a_new_matter(sari_writes: Write) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    sari_writes("Lampu jalan di desa Jono kec. Temayang mati", minutes=4 * 24 * 60)
    assert Report.objects.count() == 2


def test_batal_ends_it(sari_writes: Write) -> None:
    sari_writes(STORY)
    assert "tidak jadi" in sari_writes("BATAL")
    assert Talk.objects.get().state == Talk.State.CANCELLED
    assert "Tidak ada laporan yang sedang ditulis" in sari_writes("batal")


def test_cek_tells_where_a_report_stands_and_nothing_else(sari_writes: Write, sari_reports: Report) -> None:
    answer = sari_writes(f"cek {sari_reports.tracking_code.lower()}")
    assert answer.startswith(f"Laporan {sari_reports.tracking_code}: ")
    assert "berlubang" not in answer
    assert "belum kami temukan" in sari_writes("CEK BJN-2222-2222")


def test_bantuan_explains(sari_writes: Write) -> None:
    assert "CEK dan kode" in sari_writes("bantuan")


def test_what_is_left_half_finished_goes_to_the_desk_as_it_is(sari_writes: Write, plain_medium: PlainMedium) -> None:
    sari_writes(STORY)
    assert talking.file_silent_talks(now=timezone.now() + timedelta(minutes=29)) == 0
    assert talking.file_silent_talks(now=timezone.now() + timedelta(minutes=31)) == 1
    assert talking.file_silent_talks(now=timezone.now() + timedelta(minutes=31)) == 0
    report = only_report()
    assert report.body == STORY
    delivery.deliver_due(lambda: True)
    assert report.tracking_code in plain_medium.sent[-1].body


def test_the_answer_of_the_desk_comes_back_on_the_chat(
    sari_writes: Write, plain_medium: PlainMedium, people: People
) -> None:
    sari_writes(f"{STORY} Desa Jono, Kec. Temayang.")
    actions.assign(report=only_report(), agency=people.roads, by=people.doing(people.kun))
    delivery.deliver_due(lambda: True)
    assert "diteruskan" in plain_medium.sent[-1].body.lower()
    assert plain_medium.sent[-1].to == "+6281234567890"


def test_it_speaks_indonesian_whatever_language_is_active(sari_writes: Write) -> None:
    with translation.override("en"):
        assert "Di mana tempatnya?" in sari_writes(STORY)


def test_a_public_comment_is_not_answered_by_the_machine(sari_writes: Write) -> None:
    assert sari_writes(STORY, public=True) == ""
    assert Inbound.objects.get().state == Inbound.State.WAITING


def test_the_same_message_twice_is_answered_once(sari_writes: Write, plain_medium: PlainMedium) -> None:
    item = {
        "is": "said",
        "external_id": "x",
        "handle": "+6281234567890",
        "at": timezone.now().isoformat(),
        "text": STORY,
    }
    for _again in range(3):
        mail.store_delivery(medium=Medium.APP, payload=posted({**item}))
    mailroom.read_deliveries(lambda: True)
    assert Outbound.objects.count() == 1
    assert Talk.objects.count() == 1
