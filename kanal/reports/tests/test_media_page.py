"""/meja/saluran/: how each medium fares, said so that a coordinator knows what to do."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kanal.agencies.models import Membership
from kanal.channels import actions, mailroom
from kanal.channels.actions import Message, pulse
from kanal.channels.adapters import Step
from kanal.channels.models import Delivery, Inbound, Medium, MediumState, Outbound
from kanal.channels.queries import masked
from kanal.common.actions import note_beat
from kanal.common.formats import short_day_time
from kanal.common.snapshot import Snapshot
from kanal.reports.actions import Filing, file_report
from kanal.reports.actions.outages import tell_of_outages
from kanal.reports.models import ApiClient
from kanal.reports.open311.actions import client_of, issue_key
from kanal.reports.open311.answering import Problem
from kanal.reports.policy import RADIO_HOSTS
from tests.support.media import PlainMedium
from tests.support.people import People

pytestmark = pytest.mark.django_db
PAGE = "/meja/saluran/"
AGAIN = "/meja/saluran/app/baca-lagi/"


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


def text(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def part(client: Client, medium: str = "app") -> str:
    """The card of one medium."""
    return text(client).split(f'id="{medium}"', 1)[1].split("</section>", 1)[0]


def unreadable(number: int) -> None:
    for one in range(number):
        actions.store_delivery(medium=Medium.APP, payload=f"{{bukan json {one}")
    mailroom.read_deliveries(lambda: True)


@pytest.mark.usefixtures("plain_medium")
@pytest.mark.parametrize(("who", "status"), [("kun", 200), ("agus", 200), ("oki", 403), ("laras", 403), ("ida", 403)])
def test_those_who_look_after_the_media_see_it(client: Client, people: People, who: str, status: int) -> None:
    client.force_login(getattr(people, who))
    assert client.get(PAGE).status_code == status
    assert client.post(AGAIN).status_code == (302 if status == 200 else 403)


@pytest.mark.usefixtures("plain_medium")
def test_a_fresh_medium_says_that_nothing_came_or_went(kun: Client) -> None:
    card = part(kun)
    assert card.count("belum pernah") == 2
    assert "Berjalan" in card


def test_steps_that_are_not_done_are_shown(
    kun: Client, plain_medium: PlainMedium, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [Step("Buat akun bisnis.", True), Step("Tempel kata sandinya.", False)]
    monkeypatch.setattr(plain_medium, "steps", lambda: steps)
    card = part(kun)
    assert "Belum disiapkan" in card
    assert "Tempel kata sandinya." in card


@pytest.mark.usefixtures("plain_medium")
def test_an_alarm_says_what_to_do_and_stands_in_the_menu(kun: Client) -> None:
    pulse.pause(Medium.APP, sentence="Token habis. Buat token baru.", for_=timedelta(minutes=9), alarm=True)
    cache.clear()
    card = part(kun)
    assert "Token habis. Buat token baru." in card
    assert "Perlu tindakan" in card
    assert "menunggu sampai" in card
    menu = text(kun, "/meja/").split("</nav>", 1)[0]
    assert 'Saluran <span class="badge red">1</span>' in menu


def out_of_reach(medium: str = Medium.TELEGRAM, **more: bool) -> None:
    """Nothing has reached it for half an hour."""
    for _time in range(2):
        pulse.pause(medium, sentence="Tidak ada jawaban.", for_=None, alarm=False, **more)
        long_ago = {name: F(name) - timedelta(minutes=31) for name in ("failing_since", "looks_failing_since")}
        MediumState.objects.filter(medium=medium).update(**long_ago)


def told() -> list[str]:
    """Who is told of outages."""
    tell_of_outages()
    return sorted(Outbound.objects.filter(purpose="outage").values_list("to_staff", flat=True))


def test_an_outage_is_red_stands_in_the_menu_and_ends_by_itself(kun: Client) -> None:
    out_of_reach()
    card = part(kun, "telegram")
    assert "Perlu tindakan" in card
    assert "Tidak bisa dihubungi sejak" in card
    assert "Tidak ada jawaban." in card
    cache.clear()
    assert 'Saluran <span class="badge red">1</span>' in text(kun, "/meja/").split("</nav>", 1)[0]
    pulse.note_out(Medium.TELEGRAM)
    assert "Tidak bisa dihubungi" not in part(kun, "telegram")


def test_those_who_look_after_the_media_are_told_of_an_outage_once(people: People) -> None:
    assert told() == []
    out_of_reach()
    assert told() == ["agus@contoh.go.id", "kun@contoh.go.id"]
    assert told() == ["agus@contoh.go.id", "kun@contoh.go.id"]
    letter = Outbound.objects.filter(purpose="outage").first()
    assert letter is not None
    assert letter.subject == "Telegram tidak bisa dihubungi"
    assert "Tidak ada jawaban." in letter.body
    assert "/meja/saluran/" in letter.body


def test_no_letter_tells_that_letters_do_not_leave(people: People) -> None:
    out_of_reach(Medium.EMAIL)
    assert told() == []
    out_of_reach(Medium.EMAIL, looking=True)
    assert told() == ["agus@contoh.go.id", "kun@contoh.go.id"]


@pytest.mark.usefixtures("plain_medium")
@pytest.mark.parametrize("leave_alone", [pulse.pause, pulse.look_later])
def test_a_platform_that_is_away_says_why_and_that_kanal_waits(kun: Client, leave_alone: Any) -> None:
    leave_alone(Medium.APP, sentence="Aplikasi tidak bisa dihubungi.", for_=timedelta(minutes=9), alarm=False)
    card = part(kun)
    assert "Aplikasi tidak bisa dihubungi." in card
    assert "Menunggu sebentar" in card
    MediumState.objects.update(paused_until=timezone.now(), looked_at=timezone.now())
    assert "Aplikasi tidak bisa dihubungi." not in part(kun)


@pytest.mark.usefixtures("plain_medium")
def test_what_could_not_be_read_is_counted_by_reason_and_read_again(kun: Client) -> None:
    unreadable(3)
    card = part(kun)
    assert "3 kiriman tidak terbaca" in card
    assert "no items" in card
    assert "3 kiriman dibaca lagi." in kun.post(AGAIN, follow=True).content.decode()
    assert not Delivery.objects.filter(state="failed").exists()
    assert "Tidak ada kiriman yang perlu" in kun.post(AGAIN, follow=True).content.decode()


@pytest.mark.usefixtures("plain_medium")
def test_failures_of_the_last_day_refused_knocks_and_the_quota_are_told(kun: Client) -> None:
    address = actions.address_for(medium=Medium.APP, handle="+6281234567890")
    actions.queue(Message(purpose="x", dedupe_key=str(n), subject="", body="x", address=address) for n in range(3))
    first, second, _third = Outbound.objects.order_by("pk")
    Outbound.objects.filter(pk__in=[first.pk, second.pk]).update(state="failed")
    Outbound.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=2))
    pulse.note_refused(Medium.APP)
    pulse.looked(Medium.APP, cursor="1", used=123)
    card = part(kun)
    assert "Ada yang gagal" in card
    assert "Lihat dan kirim ulang" in card
    for label, number in {"Menunggu dikirim": "1", "Gagal terkirim, 24 jam": "1", "terpakai hari ini": "123"}.items():
        assert f"{label}</dt><dd>{number}" in card
    assert "tanda tangan atau kunci salah" in card


def test_every_medium_has_a_card(kun: Client) -> None:
    page = text(kun)
    assert [medium for medium in Medium if f'id="{medium.value}"' not in page] == []


@pytest.mark.parametrize("medium", ["web", "radio", "phone", "letter", "visit", "open311"])
def test_what_is_a_report_at_once_is_noted_when_it_comes(kun: Client, regency: object, medium: str) -> None:
    assert regency
    assert "Laporan masuk terakhir</dt><dd>belum pernah" in part(kun, medium)
    report = file_report(Filing(body="Lampu jalan mati.", submission="1", medium=medium))
    assert f"Laporan masuk terakhir</dt><dd>{short_day_time(report.received_at)}" in part(kun, medium)
    assert "Pesan keluar terakhir" not in part(kun, medium)


def test_the_radio_is_set_up_once_somebody_takes_its_calls(client: Client, people: People) -> None:
    client.force_login(people.agus)
    Membership.objects.filter(role__in=RADIO_HOSTS).delete()
    assert "Belum disiapkan" in part(client, "radio")
    Membership.objects.create(user=people.kun, role=Membership.Role.ANNOUNCER)
    Snapshot.clear_all()
    assert "Berjalan" in part(client, "radio")


def test_open311_is_set_up_with_the_first_key_and_counts_wrong_ones(kun: Client, regency: object) -> None:
    assert regency
    assert "Belum disiapkan" in part(kun, "open311")
    issue_key(name="App Desa")
    ApiClient.objects.update(hourly_limit=90)
    Snapshot.clear_all()
    with pytest.raises(Problem):
        client_of("tebakan")
    card = part(kun, "open311")
    assert "Berjalan" in card
    assert "Paling banyak 90 kiriman sejam dari satu aplikasi" in card
    assert "tanda tangan atau kunci salah</dt><dd>1," in card


def test_the_web_form_says_how_much_one_visitor_may_file(kun: Client, settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "report": (12, 3600)}
    assert "Paling banyak 12 laporan dalam 60 menit" in part(kun, "web")
    settings.LIMITS = {**settings.LIMITS, "report": (0, 3600)}
    assert "Paling banyak" not in part(kun, "web")


def test_without_a_worker_the_page_says_so(kun: Client) -> None:
    assert "Tidak ada pekerja yang berjalan" in text(kun)
    note_beat("meja:1", {})
    assert "Tidak ada pekerja yang berjalan" not in text(kun)


def test_an_unknown_medium_is_not_found(kun: Client) -> None:
    assert kun.post("/meja/saluran/merpati/baca-lagi/").status_code == 404
    assert kun.get(AGAIN).status_code == 405


@pytest.mark.usefixtures("plain_medium")
def test_messages_that_wait_are_counted_in_the_menu_of_those_who_decide(client: Client, people: People) -> None:
    Inbound.objects.create(medium="app", external_id="1", received_at=timezone.now(), state="waiting")
    for who, shown in (("kun", True), ("oki", False)):
        client.force_login(getattr(people, who))
        menu = text(client, "/meja/").split("</nav>", 1)[0]
        assert ('Pesan <span class="badge red">1</span>' in menu) is shown


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.usefixtures("plain_medium")
def test_the_number_of_queries_does_not_grow(kun: Client, django_assert_max_num_queries: Any, number: int) -> None:
    unreadable(number)
    text(kun)
    with django_assert_max_num_queries(8):  # session, person, roles, states, outgoing, unread, workers
        text(kun)


@pytest.mark.parametrize(
    ("medium", "handle", "shown"),
    [
        ("email", "budi@contoh.id", "b•••@contoh.id"),
        ("whatsapp", "+6281234567890", "•••890"),
        ("telegram", "12345", "•••"),
        ("x", "@budi", "b•••"),
    ],
)
def test_addresses_are_masked(medium: str, handle: str, shown: str) -> None:
    assert masked(medium, handle) == shown
