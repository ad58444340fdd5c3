"""What people write in public: which of it is taken up, and what is said back where everybody reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kanal.channels import actions, openly
from kanal.channels.adapters import Passed
from kanal.channels.candidates import Watch, built_in
from kanal.channels.models import Delivery, Medium, Passing, Watchword
from tests.support.people import People

pytestmark = pytest.mark.django_db
ADD = "/admin/channels/watchword/add/"


# The words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Jalan depan pasar rusaaak parah min",
        "lampune mati kabeh nang Dander",
        "dalane jeglong, kapan dibenerne",
        "PDAM ora metu banyune wis telung dina",
        "tulung pak, selokannya mampet",
        "Mau lapor",
        "ini beneran dibuka?",
        "BERHENTI",
        "kok isa ngono",
        "bansos gak cair",
    ],
)
def test_what_may_be_a_complaint_is_taken_up(text: str) -> None:
    assert Watch.now().passes_over(text) == ""


@pytest.mark.parametrize(
    "text", ["Mantap pak Bupati", "Alhamdulillah, sukses selalu", "❤️❤️❤️", "", "hadir", "pertamax", "Bojonegoro Matoh!"]
)
def test_everything_else_is_passed_over(text: str) -> None:
    assert Watch.now().passes_over(text) == "Tidak ada kata penanda aduan"


def test_words_are_added_and_taken_out() -> None:
    Watchword.objects.create(word="matoh")
    Watchword.objects.create(word="sekolah", counts=False)
    watch = Watch.now()
    assert watch.passes_over("Bojonegoro Matoh!") == ""
    assert watch.passes_over("Anak sekolah juara") != ""
    assert built_in()


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    assert isinstance(Watch(words=(" rusak ",)).passes_over(text), str)


@pytest.fixture
def agus(client: Client, people: People) -> Client:
    client.force_login(people.agus)
    return client


def test_a_new_word_makes_the_last_week_be_read_anew(agus: Client) -> None:
    now = timezone.now()
    week, month = (
        actions.store_delivery(medium=Medium.X, payload="{}", at=now - timedelta(days=days)) for days in (3, 30)
    )
    other = actions.store_delivery(medium=Medium.SMS, payload="{}", at=now)
    Delivery.objects.update(state=Delivery.State.READ)
    actions.note_passed(Medium.X, Passed("1", "Tidak ada kata penanda aduan", counted=True), at=now)
    assert agus.post(ADD, {"word": "  Dalane  Matoh ", "counts": "on"}).status_code == 302
    assert Watchword.objects.get().word == "jalan matoh"
    states = {row.pk: row.state for row in Delivery.objects.all()}
    assert states == {week.pk: "stored", month.pk: "read", other.pk: "read"}
    assert not Passing.objects.exists()


def test_a_word_without_a_letter_is_refused(agus: Client) -> None:
    page = agus.post(ADD, {"word": "!!!", "counts": "on"})
    assert "Tulis paling sedikit satu kata." in page.content.decode()
    assert not Watchword.objects.exists()


def test_what_was_passed_over_is_forgotten_after_a_month() -> None:
    now = timezone.now()
    for number, days in enumerate((1, 29, 31, 60)):
        passed = Passed(str(number), "Tidak ada kata penanda aduan", counted=True)
        actions.note_passed(Medium.X, passed, at=now - timedelta(days=days))
        actions.note_passed(Medium.X, passed, at=now)  # read twice, counted once
    assert actions.forget_passings(older_than=timedelta(days=30)) == 2
    assert Passing.objects.count() == 2


# What is said back --------------------------------------------------------------------------------------------------


@pytest.fixture
def house(settings: Settings) -> None:
    settings.BASE_URL, settings.PUBLIC_CONTINUE = "https://kanal.contoh.id", "https://kanal.contoh.id/lapor/"


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("Sudah kami cek, terima kasih.", "Sudah kami cek, terima kasih."),
        ("Kode BJN-7K2M-9QXR", "Kode [kode disembunyikan]"),
        ("kode bjn–7k2m–9qxr", "kode [kode disembunyikan]"),
        ("WA 081234567890 ya", "WA [nomor HP disembunyikan] ya"),
        ("https://kanal.contoh.id/aduan/BJN-7K2M-9QXR/", "https://kanal.contoh.id/aduan/BJN-7K2M-9QXR/"),
        ("https://kanal.contoh.id/lacak/BJN-7K2M-9QXR/abcdefghijklmnopqrstuv/", "https://kanal.contoh.id/lapor/"),
        (
            "https://kanal.contoh.id.jahat.id/x/abcdefghijklmnopqrstuv/",
            "https://kanal.contoh.id.jahat.id/x/abcdefghijklmnopqrstuv/",
        ),
    ],
)
def test_nothing_of_anybody_stands_in_public(text: str, public: str) -> None:
    assert openly.openly(text) == public


@pytest.mark.usefixtures("house")
def test_a_hint_is_the_same_for_the_same_message_and_another_for_another() -> None:
    assert openly.hint("receipt", "1:a") == openly.hint("receipt", "1:a")
    assert len({openly.hint("receipt", f"{number}:a") for number in range(50)}) > 45
    assert openly.hint("answered", "1:a").startswith("Laporan Anda sudah dijawab.")
