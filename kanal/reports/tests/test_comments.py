"""Reports that people write below the regency's posts: taken up when they are plainly that, and answered twice."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kanal.channels import actions as mail
from kanal.channels import delivery, files, mailroom
from kanal.channels.models import Address, Inbound, Outbound
from kanal.reports import actions as case
from kanal.reports.actions import triage
from kanal.reports.actions.intake import Filing
from kanal.reports.models import Report, ReportEvent
from kanal.reports.talk_words import asks_to_be_filed
from tests.support.graph import SARI, FakePage, comment, direct, error, settings_for
from tests.support.messages import jpeg
from tests.support.people import People
from tests.support.platform import running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regency")]
STORY = "Jalan berlubang dalam di Desa Jono, Kec. Temayang. Sudah dua motor jatuh."
Write = Callable[..., Inbound]


@pytest.fixture
def graph(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePage]:
    monkeypatch.setattr(delivery, "_quiet_until", lambda _row, _heard: None)
    with running(FakePage()) as platform:
        settings.FACEBOOK = settings.INSTAGRAM = settings_for(platform.url)
        yield platform


@pytest.fixture(params=["facebook", "instagram"])
def sari_comments(request: pytest.FixtureRequest, graph: FakePage) -> Write:
    """Sari writes below a post of the regency's; the worker reads, fetches and answers."""
    medium, numbers = str(request.param), iter(range(1, 1000))

    def write(text: str = STORY, **more: Any) -> Inbound:
        return arrives(medium, comment(medium, text, next(numbers), **more))

    return write


def arrives(medium: str, payload: str) -> Inbound:
    mail.store_delivery(medium=medium, payload=payload)
    mailroom.read_deliveries(lambda: True)
    work()
    return Inbound.objects.latest("pk")


def work() -> None:
    files.fetch_files(lambda: True)
    while delivery.deliver_due(lambda: True):
        pass


def the_report() -> Report:
    return Report.objects.get()


# What becomes a report ----------------------------------------------------------------------------------------------


def test_a_known_matter_at_a_known_place_is_a_report_answered_in_public_and_alone(
    sari_comments: Write, graph: FakePage
) -> None:
    message = sari_comments()
    report = the_report()
    assert (report.medium, report.body, report.inbound) == (message.medium, STORY, message)
    assert report.region is not None
    assert (report.region.name, message.state) == ("Jono", "used")
    [(_where, in_public)] = graph.posted
    assert "sudah kami terima" in in_public
    assert report.tracking_code not in in_public
    assert "/lacak/" not in in_public
    assert "Sari" not in in_public
    assert in_public.endswith("pemkab.bojonegoro")
    [alone] = graph.sent
    assert alone["recipient"] == {"comment_id": message.external_id}
    assert report.tracking_code in alone["message"]["text"]
    assert f"/lacak/{report.tracking_code}/" in alone["message"]["text"]


@pytest.mark.parametrize("words", ["LAPOR lampu mati sejak minggu lalu", "lampu mati sejak minggu lalu #laporbupati"])
def test_who_asks_for_it_is_filed_without_a_place(sari_comments: Write, words: str) -> None:
    sari_comments(words)
    assert the_report().body == "lampu mati sejak minggu lalu"


@pytest.mark.parametrize(
    "words",
    [
        "Terima kasih pak Bupati",
        "Mantap, semoga berkah",
        "Assalamualaikum",
        "Jalan berlubang di mana-mana",
        "Kapan jalan di Desa Jono, Kec. Temayang diperbaiki?",
        "Besok saya ke Desa Jono, Kec. Temayang untuk silaturahmi",
        "LAPOR!",
        "#lapor",
    ],
)
def test_everything_else_waits_for_a_person_and_nobody_is_answered(
    sari_comments: Write, graph: FakePage, words: str
) -> None:
    assert sari_comments(words).state == Inbound.State.WAITING
    assert not Report.objects.exists()
    assert not graph.posted
    assert not graph.sent


def test_the_same_comment_told_again_is_one_report_and_one_answer(graph: FakePage) -> None:
    for _again in range(3):
        arrives("facebook", comment("facebook", STORY))
    assert Report.objects.count() == 1
    assert (len(graph.posted), len(graph.sent)) == (1, 1)


def test_a_photo_in_the_comment_joins_the_report(graph: FakePage) -> None:
    graph.files["x"] = jpeg()
    graph.told["900_1"] = {"attachment": {"media": {"image": {"src": f"{graph.url}/isi/x"}}}}
    arrives("facebook", comment("facebook", STORY, photo="https://x"))
    assert the_report().attachments.count() == 1


# More below the same comment ----------------------------------------------------------------------------------------


def test_more_of_the_same_person_below_it_joins_the_report(sari_comments: Write, graph: FakePage) -> None:
    first = sari_comments()
    sari_comments("Tadi pagi ada yang jatuh lagi", parent_id=first.external_id)
    assert ReportEvent.objects.get(report=the_report(), verb="reply").note == "Tadi pagi ada yang jatuh lagi"
    assert len(graph.posted) == 1
    assert sari_comments("Terima kasih", parent_id=first.external_id).state == Inbound.State.WAITING


def test_somebody_else_below_it_is_somebody_else(sari_comments: Write) -> None:
    first = sari_comments()
    stranger = {"id": "111", "name": "Budi", "username": "budi"}
    other = sari_comments("Betul itu", parent_id=first.external_id, **{"from": stranger})
    assert other.state == Inbound.State.WAITING


def test_who_goes_on_privately_is_known(graph: FakePage) -> None:
    arrives("facebook", comment("facebook", STORY))
    arrives("facebook", direct("facebook", "Dekat jembatan, sebelah masjid"))
    assert ReportEvent.objects.filter(report=the_report(), verb="reply").exists()
    assert the_report().tracking_code in graph.sent[-1]["message"]["text"]
    assert graph.sent[-1]["recipient"] == {"id": SARI}


def _answered(report: Report, people: People, *, public: bool = True) -> None:
    coordinator, officer, supervisor = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    case.assign(report=report, agency=people.roads, by=coordinator)
    if not public:
        Report.objects.filter(pk=report.pk).update(secret=True, published=False)
    report.refresh_from_db()
    case.start(report=report, by=officer)
    case.draft_answer(report=report, by=officer, text="Sudah ditambal.")
    case.submit_answer(report=report, by=officer)
    case.approve_answer(report=report, by=supervisor)
    case.publish_answer(report=report, by=officer)
    work()


def test_below_the_comment_everybody_reads_that_it_is_answered_and_not_how(graph: FakePage, people: People) -> None:
    arrives("facebook", comment("facebook", STORY))
    arrives("facebook", direct("facebook", "Terima kasih"))  # now they may be written to privately
    _answered(the_report(), people)
    assert graph.posted[-1][1].startswith("Laporan ini sudah dijawab. Jawabannya kami kirim lewat pesan pribadi.")
    assert "ditambal" not in graph.posted[-1][1]
    assert any("Sudah ditambal." in sent["message"]["text"] for sent in graph.sent)


@pytest.mark.parametrize("hours_ago", [None, 30], ids=["never", "too long ago"])
def test_whom_no_private_answer_reaches_is_not_promised_one(
    graph: FakePage, people: People, hours_ago: float | None
) -> None:
    arrives("facebook", comment("facebook", STORY))
    if hours_ago:
        arrives("facebook", direct("facebook", "Terima kasih", hours_ago=hours_ago))
    _answered(the_report(), people)
    assert "lewat pesan pribadi" not in graph.posted[-1][1]
    assert graph.posted[-1][1].startswith(
        "Laporan ini sudah dijawab. Supaya jawabannya bisa kami kirim, tulis ke kami:"
    )


def test_of_a_secret_report_nothing_is_said_below(graph: FakePage, people: People) -> None:
    arrives("facebook", comment("facebook", STORY))
    _answered(the_report(), people, public=False)
    assert len(graph.posted) == 1


# Where no private answer reaches them -------------------------------------------------------------------------------


def test_after_seven_days_the_public_words_say_where_to_write_and_the_desk_sees_it(
    sari_comments: Write, graph: FakePage
) -> None:
    sari_comments(hours_ago=8 * 24)
    [(_where, in_public)] = graph.posted
    assert "Supaya bisa kami kabari, tulis ke kami: https://" in in_public
    assert not graph.sent
    missed = Outbound.objects.get(purpose="receipt")
    assert (missed.state, missed.reference) == (Outbound.State.FAILED, the_report().tracking_code)
    assert missed.error.startswith("Orang ini belum pernah mengirim pesan pribadi")


def test_a_refused_private_answer_stands_at_the_desk_and_the_public_words_hold(graph: FakePage) -> None:
    told = graph.answer

    def refuse(call: Any) -> Any:
        return error(10903) if call.path.endswith("/me/messages") else told(call)

    graph.answer = refuse  # type: ignore[method-assign]  # this one person takes no private answers
    arrives("facebook", comment("facebook", STORY))
    assert Outbound.objects.get(purpose="receipt").state == Outbound.State.FAILED
    assert "Belum ada? Tulis ke kami: https://m.me/" in graph.posted[0][1]


def test_whoever_said_stop_is_left_alone(sari_comments: Write, graph: FakePage) -> None:
    sari_comments("STOP")
    assert Address.objects.get().state == Address.State.OPTED_OUT
    assert not graph.posted


# At the desk --------------------------------------------------------------------------------------------------------


def test_a_comment_that_the_desk_files_is_answered_in_the_same_two_ways(
    sari_comments: Write, graph: FakePage, people: People
) -> None:
    message = sari_comments("Jalan berlubang di mana-mana")
    by = people.doing(people.kun)
    report = triage.file_message(inbound=message, filing=Filing(body=message.text, submission="-"), by=by)
    work()
    assert len(graph.posted) == 1
    assert report.tracking_code in graph.sent[0]["message"]["text"]


def test_below_what_went_to_the_inspektorat_nothing_is_written(
    sari_comments: Write, graph: FakePage, people: People
) -> None:
    message = sari_comments("Pak lurah minta uang untuk surat")
    triage.confide_message(inbound=message, by=people.doing(people.kun))
    work()
    assert not graph.posted
    assert len(graph.sent) == 1


def test_an_answer_of_the_desk_stands_below_the_comment(sari_comments: Write, graph: FakePage, people: People) -> None:
    message = sari_comments("Jalan berlubang di mana-mana")
    text = "Boleh kami tahu desanya? Nomor Anda 081234567890 sudah kami hubungi."
    triage.answer_message(inbound=message, text=text, by=people.doing(people.kun))
    work()
    [(_where, in_public)] = graph.posted
    assert in_public.startswith("Boleh kami tahu desanya?")
    assert "081234567890" not in in_public


def test_the_receipt_of_a_comment_is_sent_at_night_too_while_they_are_awake(
    graph: FakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    arrives("facebook", comment("facebook", STORY))
    row = Outbound.objects.get(purpose="receipt")
    assert timezone.now() - row.created_at < timedelta(minutes=1)
    assert row.state == Outbound.State.SENT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LAPOR jalan rusak", "jalan rusak"),
        ("jalan rusak #Lapor", "jalan rusak"),
        ("jalan rusak", ""),
        ("#lapor", ""),
        ("pelapor itu bohong", ""),
    ],
)
def test_words_that_ask_to_be_filed(text: str, words: str) -> None:
    assert asks_to_be_filed(text, "BJN") == words
