"""/meja/aplikasi/: programs are let in, their keys are shown once, and what became of each event is told."""

import html
import io
import re
import urllib.request
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from kanal.reports import actions
from kanal.reports.models import ApiClient, EventDelivery, Report, Subscription
from kanal.reports.open311.actions import client_of
from kanal.reports.webhooks import sending
from kanal.reports.webhooks.actions import keeping, outbox
from kanal.reports.webhooks.shapes import TYPES
from tests.support.people import People
from tests.support.webhooks import Program, subscribed

pytestmark = pytest.mark.django_db
PAGE = "/meja/aplikasi/"
_KEY = re.compile(r'id="kunci-baru"[^>]*>([^<]+)<')


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    cache.clear()
    client.force_login(people.kun)
    return client


@pytest.fixture
def told(people: People, settings: Settings) -> Subscription:
    return subscribed(people.doing(people.kun), settings)


def shown_key(page: str) -> str:
    found = _KEY.search(page)
    assert found is not None
    return found[1]


def made(kun: Client, **more: str) -> ApiClient:
    form = {"name": "SIPD Jalan", "contact": "Rina", "hourly_limit": "0", "active": "on", **more}
    assert kun.post(f"{PAGE}baru/", form).status_code == 302
    return ApiClient.objects.get(name=form["name"])


def test_a_program_is_let_in_and_its_key_is_shown_once(kun: Client) -> None:
    app = made(kun, file_hosts="https://Foto.contoh.go.id/unggahan\narsip.contoh.go.id")
    assert app.file_hosts == ["foto.contoh.go.id", "arsip.contoh.go.id"]
    page = kun.post(f"{PAGE}{app.pk}/kunci/", {"dilihat": ""}).content.decode()
    key = shown_key(page)
    assert key.startswith("whsec_")
    answer = Program(app, key).post("reports", {"type": "report", "text": "Lampu padam."})
    assert answer.status_code == 201
    assert key not in kun.get(f"{PAGE}{app.pk}/").content.decode()
    app.refresh_from_db()
    assert app.signing_key == key
    assert ApiClient.objects.filter(signing_key__contains="whsec").count() == 0, "kept encrypted"


def test_a_second_press_does_not_replace_the_key_again(kun: Client) -> None:
    app = made(kun)
    first, second = (kun.post(f"{PAGE}{app.pk}/kunci/", {"dilihat": ""}) for _ in range(2))
    assert first.status_code == 200
    assert "baru saja diganti" in second.content.decode()
    assert "Kunci lama" not in first.content.decode().split('id="kunci-baru"')[0], "there was none"
    app.refresh_from_db()
    assert app.signing_key == shown_key(first.content.decode())


def test_an_open311_key_is_made_on_the_same_page(kun: Client) -> None:
    app = made(kun)
    key = shown_key(kun.post(f"{PAGE}{app.pk}/kunci/", {"jenis": "open311"}).content.decode())
    assert client_of(key) == app


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": ""}, "Beri nama dulu."),
        ({"name": "x" * 121}, "paling banyak 120"),
        ({"hourly_limit": "banyak"}, "Isi angkanya, misalnya 120."),
        ({"file_hosts": "bukan situs"}, "Bukan nama situs"),
        ({"file_hosts": "10.0.0.1"}, "Bukan nama situs"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(kun: Client, form: dict[str, str], sentence: str) -> None:
    page = kun.post(f"{PAGE}baru/", {"name": "SIPD", "contact": "Rina Anggraini", "hourly_limit": "5", **form})
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert "Rina Anggraini" in page.content.decode()


def test_two_programs_have_two_names(kun: Client) -> None:
    made(kun)
    page = kun.post(f"{PAGE}baru/", {"name": "SIPD Jalan", "hourly_limit": "0"})
    assert (page.status_code, "Sudah ada aplikasi dengan nama itu." in page.content.decode()) == (400, True)


def test_a_subscription_starts_with_a_key_that_is_shown_once(kun: Client, people: People, settings: Settings) -> None:
    settings.WEBHOOK_LOOPBACK = True
    app = made(kun)
    form = {"url": "http://127.0.0.1:9/", "kinds": ["id.kanal.report.answered"], "agency": str(people.roads.pk)}
    page = kun.post(f"{PAGE}{app.pk}/langganan/", form)
    row = Subscription.objects.get()
    assert shown_key(page.content.decode()) == row.signing_key
    assert (row.url, row.events, row.agency) == ("http://127.0.0.1:9/", ["id.kanal.report.answered"], people.roads)
    assert row.signing_key not in kun.get(f"/meja/langganan/{row.pk}/").content.decode()
    again = kun.post(f"{PAGE}{app.pk}/langganan/", form)
    assert (again.status_code, Subscription.objects.count()) == (400, 1)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"url": "http://contoh.go.id/"}, "Alamatnya harus https://"),
        ({"url": "https://127.0.0.1/"}, "jaringan dalam"),
        ({"url": ""}, "Isi alamatnya."),
        ({"kinds": []}, "Pilih paling sedikit satu kejadian."),
        ({"kinds": ["id.kanal.report.deleted"]}, "Kejadian itu tidak dikenal."),
        ({"agency": "999999"}, "Dinas itu tidak ada di daftar."),
    ],
)
def test_a_wrong_subscription_is_explained(
    kun: Client, settings: Settings, form: dict[str, object], sentence: str
) -> None:
    settings.WEBHOOK_LOOPBACK = False
    app = made(kun)
    right = {"url": "https://127.0.0.1/", "kinds": ["id.kanal.report.filed"]}
    page = kun.post(f"{PAGE}{app.pk}/langganan/", {**right, **form})
    assert (page.status_code, sentence in page.content.decode()) == (400, True)
    assert not Subscription.objects.exists()


def test_the_log_says_what_became_of_each_event_and_sends_it_again(kun: Client, told: Subscription) -> None:
    report = actions.file_report(actions.Filing(body="Lampu padam.", submission="a"))
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        sending.send_due(lambda: True)
    address = f"/meja/langganan/{told.pk}/"
    page = kun.get(address).content.decode()
    assert report.tracking_code in page
    assert "Servernya tidak bisa dihubungi." in page
    assert "9 kali dicoba" in page
    EventDelivery.objects.update(state="failed")
    one = EventDelivery.objects.latest("pk")
    kun.post(f"{address}ulang/", {"kiriman": str(one.pk)})
    assert EventDelivery.objects.get(state="queued") == one
    kun.post(f"{address}sejak/", {"since": "2020-01-01T00:00"})
    assert EventDelivery.objects.filter(state="queued").count() == 1
    since = timezone.localtime() - timedelta(hours=1)
    kun.post(f"{address}sejak/", {"since": since.strftime("%Y-%m-%dT%H:%M")})
    assert EventDelivery.objects.filter(state="queued").count() == 2


def test_the_buttons_do_what_they_say(kun: Client, told: Subscription) -> None:
    address = f"/meja/langganan/{told.pk}/"
    kun.post(f"{address}uji/")
    assert EventDelivery.objects.filter(type="id.kanal.ping").count() == 2
    for deed, state in (("jeda", "paused"), ("lanjut", "active"), ("akhiri", "ended")):
        assert kun.post(f"{address}{deed}/").status_code == 302
        told.refresh_from_db()
        assert told.state == state
    assert kun.post(f"{address}entah/").status_code == 404
    assert kun.post(f"{address}uji/").status_code == 409
    assert kun.get(address).status_code == 200


def test_the_events_and_the_key_of_a_subscription_change(kun: Client, told: Subscription) -> None:
    address = f"/meja/langganan/{told.pk}/"
    kun.post(f"{address}kejadian/", {"kinds": ["id.kanal.report.filed"]})
    page = kun.post(f"{address}kunci/", {"dilihat": keeping.stamp(told.signing_key_at)})
    told.refresh_from_db()
    assert told.events == ["id.kanal.report.filed"]
    assert shown_key(page.content.decode()) == told.signing_key


@pytest.mark.parametrize("who", ["oki", "heni", "dewi", "laras", "ida", "rina"])
def test_others_neither_see_nor_change_it(client: Client, people: People, told: Subscription, who: str) -> None:
    client.force_login(getattr(people, who))
    app = f"{PAGE}{told.client_id}/"
    for address in (PAGE, f"{PAGE}baru/", app, f"{app}langganan/", f"/meja/langganan/{told.pk}/"):
        assert client.get(address).status_code == 403
    for address in (f"{app}kunci/", *(f"/meja/langganan/{told.pk}/{deed}/" for deed in ("uji", "kunci", "kejadian"))):
        assert client.post(address).status_code == 403
    told.refresh_from_db()
    assert (told.state, EventDelivery.objects.count()) == ("active", 1)


@pytest.mark.parametrize("number", [1, 30])
def test_the_pages_cost_the_same_however_much_there_is(
    kun: Client,
    told: Subscription,
    people: People,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    by = people.doing(people.kun)
    for one in range(number):
        app = keeping.keep_app(app=keeping.App(name=f"App {one}"), by=by)
        keeping.subscribe(client=app, url=f"http://127.0.0.1:9/{one}", kinds=list(TYPES), by=by)
        actions.file_report(actions.Filing(body=f"Lampu {one} padam.", submission=f"{one}"))
    addresses = (PAGE, f"{PAGE}{told.client_id}/", f"/meja/langganan/{told.pk}/")
    for address in addresses:
        kun.get(address)
        with django_assert_max_num_queries(9):
            assert kun.get(address).status_code == 200


def test_the_log_goes_on_to_older_events(kun: Client, told: Subscription, people: People) -> None:
    for _ in range(60):
        keeping.ping(subscription=told, by=people.doing(people.kun))
    page = kun.get(f"/meja/langganan/{told.pk}/").content.decode()
    older = re.search(r'href="([^"]*sebelum=\d+)"', page)
    assert older is not None
    assert kun.get(older[1]).content.decode().count("<tr>") == 12


def test_the_health_page_says_that_an_app_needs_a_key_and_which_one_is_in_trouble(
    kun: Client, people: People, settings: Settings
) -> None:
    assert "daftarkan aplikasinya" in kun.get("/meja/saluran/").content.decode()
    told = subscribed(people.doing(people.kun), settings)
    card = kun.get("/meja/saluran/").content.decode().split('id="app"', 1)[1].split("</section>", 1)[0]
    assert "SIPD Jalan" in card
    assert "Perlu tindakan" in card
    keeping.set_state(subscription=told, state=Subscription.State.PAUSED, by=people.doing(people.kun))
    outbox.tell_health()
    card = kun.get("/meja/saluran/").content.decode().split('id="app"', 1)[1].split("</section>", 1)[0]
    assert "Perlu tindakan" not in card


def test_the_example_for_developers_works_as_it_stands(
    client: Client,
    people: People,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cache.clear()
    by = people.doing(people.kun)
    app = keeping.keep_app(app=keeping.App(name="Contoh"), by=by)
    monkeypatch.setenv("KUNCI", keeping.change_signing_key(client=app, seen="", by=by))
    monkeypatch.setenv("APLIKASI", str(app.pk))

    def called(request: urllib.request.Request) -> io.BytesIO:
        path = request.full_url.removeprefix(settings.BASE_URL)
        headers = dict(request.header_items())
        kind = headers.pop("Content-type")
        answer = client.generic("POST", path, request.data, content_type=kind, headers=headers)
        return io.BytesIO(answer.content)

    monkeypatch.setattr(urllib.request, "urlopen", called)
    page = client.get("/pengembang/").content.decode()
    example = html.unescape(page.split("<code>import base64", 1)[1].split("</code>", 1)[0])
    exec(f"import base64{example}", {})  # our own page
    assert capsys.readouterr().out.strip() == Report.objects.get().tracking_code
    assert "openssl dgst" in page
    assert "id.kanal.report.answered" in page
