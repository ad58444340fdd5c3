"""What the conversation on a chat says is a coordinator's to word, in the language that the person chose."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.channels.models import Address, Outbound
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.actions import talking
from kanal.reports.actions.wordings import faults_of, word
from kanal.reports.models import Report, Wording
from kanal.reports.wordings import BY_KEY, TALK
from kanal.reports.wordings_javanese import JAVANESE
from tests.support.media import Write
from tests.support.people import People

pytestmark = pytest.mark.django_db
STORY = "Jalan di tikungan dekat jembatan berlubang dalam, sudah dua motor jatuh."
WHOLE = f"{STORY} Desa Jono, Kec. Temayang."


class Conversation:
    """What brings each sentence of the conversation to a citizen."""

    def __init__(self, write: Write) -> None:
        self.write = write

    def greeting(self) -> str:
        return self.write("Assalamualaikum")

    def what(self) -> str:
        return self.write("jalan")

    def what_again(self) -> str:
        self.write("jalan")
        return self.write("rusak")

    def where(self) -> str:
        return self.write(STORY)

    def which(self) -> str:
        self.write(STORY)
        return self.write("Kauman")

    def receipt(self) -> str:
        return self.write(WHOLE)

    def silent(self) -> str:
        self.write(STORY)
        talking.file_silent_talks(now=timezone.now() + timedelta(hours=1))
        return Outbound.objects.latest("pk").body

    def added(self) -> str:
        self.write(WHOLE)
        return self.write("Tadi pagi ada yang jatuh lagi")

    def status_due(self) -> str:
        self.write(WHOLE)
        return self.write(f"CEK {Report.objects.get().tracking_code}")

    def status(self) -> str:
        self.write(WHOLE)
        Report.objects.update(status="answered", due_clock="", answered_at=timezone.now())
        return self.write(f"CEK {Report.objects.get().tracking_code}")

    def unknown_code(self) -> str:
        return self.write("CEK BJN-2222-2222")

    def cancelled(self) -> str:
        self.write(STORY)
        return self.write("BATAL")

    def nothing_to_cancel(self) -> str:
        return self.write("BATAL")

    def thanks(self) -> str:
        return self.write("Terima kasih")

    def help(self) -> str:
        return self.write("BANTUAN")

    def join_how(self) -> str:
        return self.write("GABUNG")

    def join_sent(self) -> str:
        return self.write("GABUNG sari@contoh.id")

    def join_no_numbers(self) -> str:
        return self.write("GABUNG 0812 3456 7891")

    def proof_code(self) -> str:
        self.write("GABUNG sari@contoh.id")
        return Outbound.objects.get(purpose="address_proof").body

    def join_done(self) -> str:
        self.write("GABUNG sari@contoh.id")
        code = re.findall(r"\d{6}", Outbound.objects.get(purpose="address_proof").body)[0]
        front = re.findall(r"KODE (\d{3})", Outbound.objects.get(purpose="talk").body)
        return self.write(f"KODE {' '.join([*front, code])}")

    def join_wrong(self) -> str:
        return self.write("KODE 000 000000")

    def join_often(self) -> str:
        for _time in range(5):
            self.write("GABUNG sari@contoh.id")
        return self.write("GABUNG sari@contoh.id")

    def language(self) -> str:
        Address.objects.update(language="")
        return self.write("English")


def gaps_of(key: str) -> str:
    return " ".join(f"{{{name}}}" for name in sorted({*BY_KEY[key].gaps}))


HERE = [
    sentence.key
    for sentence in TALK
    # Said below public comments (test_comments.py), and in the one language just chosen (below).
    if not sentence.key.startswith("chat_comment") and sentence.key != "chat_language"
]


@pytest.mark.parametrize("key", HERE)
def test_every_sentence_can_be_worded_anew_and_is_said_so(sari_writes: Write, people: People, key: str) -> None:
    texts = {"id": f"Kalimat kami sendiri. {gaps_of(key)}", "jv": f"Matur nuwun. {gaps_of(key)}"}
    word(key=key, texts=texts, by=people.doing(people.kun))
    said = getattr(Conversation(sari_writes), key.removeprefix("chat_"))()
    assert said.startswith("Kalimat kami sendiri. ")
    assert "\n\nMatur nuwun. " in said
    assert "{" not in said, "every gap is filled"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("BAHASA INDONESIA", "Salam dari kami."),
        ("basa jawa", "Sugeng rawuh."),
        ("English", "Hello. This is the report service of Kabupaten Bojonegoro. "),
    ],
)
def test_who_chose_a_language_is_written_to_in_it_alone(
    sari_writes: Write, people: People, wish: str, said: str
) -> None:
    word(key="chat_greeting", texts={"id": "Salam dari kami.", "jv": "Sugeng rawuh."}, by=people.doing(people.kun))
    assert sari_writes("Assalamualaikum") == "Salam dari kami.\n\nSugeng rawuh."
    sari_writes(wish)
    answer = sari_writes("Assalamualaikum")
    assert answer.startswith(said)
    assert sum(words in answer for words in ("Salam", "Sugeng", "Hello")) == 1


def test_what_has_no_javanese_is_said_in_indonesian(sari_writes: Write) -> None:
    sari_writes("BASA JAWA")
    assert sari_writes("GABUNG").startswith("Tulis GABUNG lalu")


def test_who_chose_javanese_is_led_and_told_in_it_and_nobody_else_is(sari_writes: Write, people: People) -> None:
    assert "Sugeng" not in sari_writes("Assalamualaikum")
    assert sari_writes("BASA JAWA").startswith("Inggih, wiwit samenika")
    assert sari_writes("Assalamualaikum").startswith("Sugeng rawuh. Menika layanan aduan Kabupaten Bojonegoro.")
    assert sari_writes(STORY).startswith("Panggenanipun wonten pundi?")
    receipt = sari_writes("desa jono temayang")
    report = Report.objects.get()
    assert f"Kode: {report.tracking_code}\nBadhe dipun terasaken dhateng dinas paling lambat " in receipt
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    notice = Outbound.objects.filter(purpose="assigned", to_staff="").latest("pk")
    assert notice.subject == f"Laporan {report.tracking_code} dipun terasaken"
    assert "sampun dipun terasaken dhateng Dinas Pekerjaan Umum" in notice.body
    assert "\n\nJangkepipun: http" in notice.body
    assert "{" not in notice.body


@pytest.mark.parametrize("key", sorted(JAVANESE))
def test_every_javanese_sentence_of_the_code_could_be_saved_by_a_coordinator(key: str) -> None:
    assert faults_of(BY_KEY[key], JAVANESE[key]) == []


def test_an_english_conversation_is_english_throughout_its_dates_and_the_notices_too(
    sari_writes: Write, people: People, plain_medium: Any
) -> None:
    answer = sari_writes("English")
    assert "this language" in answer
    assert "Where" in sari_writes(STORY)
    receipt = sari_writes("desa jono temayang")
    report = Report.objects.get()
    assert "Code: BJN-" in receipt
    assert "Senin" not in receipt
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    notice = Outbound.objects.filter(purpose="assigned", to_staff="").latest("pk")
    assert "Your report" in notice.body
    assert "Laporan Anda" not in notice.body
    assert "Laporan" not in notice.subject


@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        ("chat_receipt", "Kami terima. {kode}", "Sertakan {tautan}"),
        ("chat_which", "Yang mana?", "Sertakan {pilihan}"),
        ("chat_status", "Laporan {kode} ada.", "Sertakan {keadaan}"),
        ("chat_greeting", "Salam dari {kode}", "{kode} tidak dikenal. Yang bisa dipakai: {kabupaten}."),
    ],
)
def test_a_broken_sentence_cannot_be_saved(client: Client, people: People, key: str, text: str, fault: str) -> None:
    client.force_login(people.kun)
    for field in ("indonesian", "javanese"):
        page = client.post(f"/meja/kalimat/{key}/", {field: text})
        assert page.status_code == 400
        assert fault in page.content.decode()
    with pytest.raises(Refused):
        word(key=key, texts={"id": text}, by=people.doing(people.kun))
    assert not Wording.objects.exists()


@pytest.mark.parametrize("sentence", TALK, ids=lambda sentence: sentence.key)
def test_each_is_seen_before_it_is_saved(client: Client, people: People, sentence: Any) -> None:
    client.force_login(people.kun)
    address = f"/meja/kalimat/{sentence.key}/"
    page = client.post(address, {"indonesian": f"{sentence.default} Lihat.", "lihat": "1"}).content.decode()
    shown = page.partition("seperti yang sampai kepada warga")[2]
    assert "Lihat." in shown
    assert "{" not in shown.partition("</section>")[0]


def test_wordings_cost_a_message_no_query(sari_writes: Write, people: People) -> None:
    def cost(write: Callable[[], str]) -> int:
        with CaptureQueriesContext(connection) as asked:
            write()
        return len(asked)

    sari_writes("BANTUAN")
    usual = cost(lambda: sari_writes("BANTUAN"))
    for sentence in TALK:
        word(key=sentence.key, texts={"jv": f"Jawa. {gaps_of(sentence.key)}"}, by=people.doing(people.kun))
    sari_writes("BANTUAN")
    assert cost(lambda: sari_writes("BANTUAN")) == usual


def test_what_is_said_about_a_report_goes_with_it(sari_writes: Write) -> None:
    sari_writes(STORY)
    sari_writes("desa jono temayang")
    asked, receipt = Outbound.objects.filter(purpose="talk").order_by("pk")
    assert asked.reference.startswith("percakapan-"), "the question goes with its message"
    assert receipt.reference == Report.objects.get().tracking_code
