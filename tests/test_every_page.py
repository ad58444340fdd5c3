"""Every page of Kanal as everybody who may open it: on a phone and at the office, by day and by night.

The table below has a line for each URL name. A new page without one fails `test_no_page_is_forgotten`.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import ConsoleMessage, Page, Response
from pytest_django import Settings

from kanal.agencies.queries import actor_of, reference
from kanal.channels.models import Inbound, Outbound
from kanal.common.images import sanitise
from kanal.reports import actions, urls
from kanal.reports.actions import Ready, Typed, radio
from kanal.reports.actions.gatherings import file_rows
from kanal.reports.actions.people import merge_contacts
from kanal.reports.models import ContactDeed, Follower, Gathering, RadioShow, Report, ReportTask, Subscription
from kanal.reports.policy import Doer
from kanal.reports.queries import private_link_token
from kanal.reports.queries.follow_links import confirm_link, stop_link
from kanal.reports.workflow import Kind
from tests.support.browser import accessibility_faults, frame_faults, inline_code
from tests.support.media import PlainMedium
from tests.support.messages import OGG, arrives, jpeg
from tests.support.people import People
from tests.support.sign_in import sign_in
from tests.support.webhooks import subscribed

LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
WATCHED_BY_AXE = {(360, "light"), (1280, "dark")}
"""Sizes and colours are independent: both sizes and both colours are seen with two runs instead of four."""


@dataclass
class Town:
    """The one data set of the walk: a report in each state that has a page of its own, and the links to them."""

    people: People
    reports: dict[str, Report] = field(default_factory=dict)
    task: ReportTask = field(init=False)
    follower: Follower = field(init=False)
    event: Gathering = field(init=False)
    show: RadioShow = field(init=False)
    message: Inbound = field(init=False)
    deed: ContactDeed = field(init=False)
    subscription: Subscription = field(init=False)

    def code(self, which: str) -> str:
        return self.reports[which].tracking_code

    def private(self, which: str) -> list[str]:
        return [self.code(which), private_link_token(self.reports[which])]

    def file(self, kind: str) -> int:
        return self.message.files.get(kind=kind).pk

    def photo(self, which: str) -> int:
        return self.reports[which].attachments.get().pk


def _filed(key: str, body: str, **more: object) -> Report:
    drawn = io.BytesIO()
    Image.new("RGB", (400, 300), "sienna").save(drawn, "JPEG")
    photo = sanitise(drawn.getvalue(), name="jalan.jpg")
    told = {"body": body, "submission": key, "email": "sari@contoh.id", "name": "Sari Utami", "photos": (photo,)}
    return actions.file_report(actions.Filing(**{**told, **more}))  # type: ignore[arg-type]  # a test's own words


def _event(kun: Doer) -> Gathering:
    """A village visit with a row filed, one ready, one whose village repeats, and a photo of the paper."""
    told = actions.Occasion(kind="sambang", title="Sambang Desa Jono", held_on=reference().today(), attendance=80)
    event = actions.hold_gathering(occasion=told, by=kun)
    drawn = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(drawn, "JPEG")
    actions.keep_sheets(gathering=event, photos=[sanitise(drawn.getvalue(), name="lembar.jpg")], by=kun)
    said = {"name": "Darmo", "phone": "081234567890", "village": "", "words": "Saluran air depan balai desa mampet."}
    rows = [{**said, "category": "", "kind": ""} for _at in range(3)]
    rows[2]["village"] = "Sumberejo"
    actions.save_rows(gathering=event, rows=[Typed(f"baris-{at:08}", row) for at, row in enumerate(rows)], by=kun)
    first = event.rows.order_by("number")[0]
    file_rows(gathering=event, ready=[Ready(first.pk, 1, actions.Filing(body=said["words"], submission=""))], by=kun)
    return event


@pytest.fixture
def town(people: People, sari_reports: Report, plain_medium: PlainMedium, settings: Settings) -> Town:
    """Fill the town: new, begun, asked, submitted, answered (and disputed), closed, whistle-blowing."""
    place = {"region_id": sari_reports.region_id, "lat": -7.36, "lon": 111.88}
    town = Town(people, {"received": sari_reports})
    kun, oki, heni = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    for which in ("begun", "asked", "submitted", "answered", "disputed"):
        town.reports[which] = _filed(which, f"Jembatan kayu lapuk di gang {which}, takut roboh.", **place)
        actions.assign(report=town.reports[which], agency=people.roads, by=kun)
        actions.start(report=town.reports[which], by=oki)
    for which in ("submitted", "answered", "disputed"):
        actions.draft_answer(report=town.reports[which], by=oki, text="Papan diganti Jumat, 27 November.")
        actions.submit_answer(report=town.reports[which], by=oki)
    for which in ("answered", "disputed"):
        actions.approve_answer(report=town.reports[which], by=heni)
        actions.publish_answer(report=town.reports[which], by=oki)
    actions.ask_info(report=town.reports["asked"], by=oki, question="Sebelah mana balai desa?")
    actions.ask_reopen(report=town.reports["disputed"], note="Papannya lepas lagi.")
    town.subscription = subscribed(people.doing(people.agus), settings)
    town.task = actions.split(
        report=town.reports["begun"], by=oki, instruction="Geser tiang", partner_name="PLN", partner_email="a@contoh.id"
    )
    town.reports["whistle"] = _filed("whistle", "Ada pungutan di kantor desa.", kind=Kind.WHISTLEBLOWING, photos=())
    town.show = radio.start_show(by=actor_of(people.rina), programme="Sapa Malowopati")
    radio.take_call(show=town.show, by=actor_of(people.rina), filing=actions.Filing(body="Lampu mati", submission="r"))
    town.event = _event(kun)
    plain_medium.files = {"foto": jpeg(), "suara": OGG}
    came = [{"external_id": "foto", "kind": "image"}, {"external_id": "suara", "kind": "audio"}]
    town.message = arrives(plain_medium, files=came)
    assert sari_reports.contact
    assert town.message.address
    stranger = town.message.address.contact
    town.deed = merge_contacts(contact=sari_reports.contact, other=stranger, by=kun, reason="Nomornya sama")
    actions.follow(report=town.reports["answered"], email="tetangga@contoh.id")
    town.follower = Follower.objects.get(report=town.reports["answered"], confirmed_at=None)
    Outbound.objects.filter(purpose="receipt").update(state=Outbound.State.FAILED, error="Alamat ini ditolak (550).")
    return town


# The table ----------------------------------------------------------------------------------------------------------

Arguments = Callable[[Town], list[object]]
STAFF = ("kun", "oki", "heni", "laras", "ida", "agus")
HOSTS = ("rina", "kun")
HANDLERS = ("kun", "oki", "heni")


def _nothing(_town: Town) -> list[object]:
    return []


@dataclass(frozen=True)
class Stop:
    """One page as some people see it. Nobody named means: a citizen without an account."""

    who: tuple[str, ...] = ("",)
    arguments: Arguments = _nothing
    query: str = ""
    status: int = 200


def _public(which: str) -> Stop:
    return Stop(arguments=lambda town: [town.code(which)])


def _private(which: str) -> Stop:
    return Stop(arguments=lambda town: list(town.private(which)))


def _case(which: str, *who: str, query: str = "", status: int = 200) -> Stop:
    return Stop(who, lambda town: [town.code(which)], query, status)


def _token(link: Callable[[Town], str]) -> Stop:
    return Stop(arguments=lambda town: [urlsplit(link(town)).path.rstrip("/").rpartition("/")[2]])


def _event_page(*who: str, query: str = "", status: int = 200) -> Stop:
    return Stop(who, lambda town: [town.event.pk], query, status)


def _person(*who: str, query: str = "", status: int = 200) -> Stop:
    return Stop(who, lambda town: [town.deed.contact_id], query, status)


def _message(*who: str, status: int = 200) -> Stop:
    return Stop(who, lambda town: [town.message.pk], status=status)


def _app(town: Town) -> list[object]:
    return [town.subscription.client_id]


def _subscription(town: Town) -> list[object]:
    return [town.subscription.pk]


PAGES: dict[str, tuple[Stop, ...]] = {
    "home": (Stop(), Stop(("kun",))),
    "file": (Stop(), Stop(query="jenis=pengawasan")),
    "track": (Stop(), Stop(query="kode=BJN-0000-0000", status=404)),
    "status": (_public("received"), _public("answered"), _public("whistle")),
    "private": tuple(_private(which) for which in ("received", "asked", "answered", "disputed", "whistle")),
    "private_reply": (_private("received"),),
    "private_withdraw": (_private("received"),),
    "private_reopen": (_private("answered"),),
    "private_feedback": (_private("answered"),),
    "private_contact": (_private("received"),),
    "private_proof": (_private("received"),),
    "public_list": (Stop(), Stop(query="q=jembatan"), Stop(query="q=tidakada")),
    "public_map_page": (Stop(),),
    "public_detail": (_public("begun"), _public("answered"), Stop(arguments=lambda _: ["BJN-0000-0000"], status=404)),
    "follow_confirm": (_token(lambda town: confirm_link(town.follower.pk)),),
    "unfollow": (_token(lambda town: stop_link(town.follower.pk)),),
    "performance": (
        Stop(),
        Stop(("laras",)),
        *(Stop(query=f"bagian={part}") for part in ("dinas", "kecamatan", "hitung")),
    ),
    "friday": (Stop(),),
    "partner": (_token(lambda town: actions.partner_link(town.task)),),
    "desk_queue": (Stop(STAFF), Stop(("kun",), query="q=tidakada"), Stop(("kun",), query="tampilan=lewat")),
    "desk_record": (Stop(HANDLERS), Stop(("laras",), status=403)),
    "desk_tasks": (Stop(HANDLERS),),
    "gatherings": (Stop(HANDLERS), Stop(("laras",), status=403)),
    "gathering_new": (Stop(("kun",)),),
    "gathering": (_event_page("kun"), _event_page("oki", status=404)),
    "gathering_change": (_event_page("kun"),),
    "gathering_file": (_event_page("kun"),),
    "gathering_slips": (_event_page("kun", query="semua=1"),),
    "desk_rules": (Stop(("kun",)), Stop(("oki",), status=403)),
    "desk_learned": (Stop(("kun",)), Stop(("oki",), status=403)),
    "radio": (Stop(HOSTS), Stop(("oki",), status=403)),
    "radio_show": (Stop(HOSTS, lambda town: [town.show.pk]), Stop(("laras",), lambda _: [1], status=403)),
    "desk_outbox": (Stop(("kun", "agus")),),
    "desk_lapor": (Stop(("kun", "laras")), Stop(("oki", "agus"), status=403)),
    "desk_media": (Stop(("kun", "agus")), Stop(("oki",), status=403)),
    "desk_apps": (Stop(("kun", "agus")), Stop(("oki",), status=403)),
    "desk_app_new": (Stop(("kun",)),),
    "desk_app": (Stop(("agus",), _app),),
    "desk_subscribe": (Stop(("kun",), _app),),
    "desk_subscription": (Stop(("kun", "agus"), _subscription), Stop(("ida",), _subscription, status=403)),
    "desk_messages": (Stop(("kun", "ida")), Stop(("oki", "agus"), status=403)),
    "desk_message": (_message("kun", "ida"), _message("oki", "agus", status=404)),
    "desk_message_file": (_message("kun"),),
    "desk_person": (_person("kun", "oki", "ida"), _person("laras", status=403)),
    "desk_person_merge": (_person("kun", query="dengan=0", status=400), _person("oki", status=403)),
    "desk_person_part": (Stop(("kun",), lambda town: [town.deed.contact_id, town.deed.pk]),),
    "desk_wordings": (Stop(("kun",)), Stop(("agus",), status=403)),
    "desk_wording": (Stop(("kun",), lambda _: ["answered"]),),
    "desk_detail": (
        _case("received", "kun", "laras"),
        _case("received", "oki", status=404),
        _case("begun", "kun", "oki", "heni", "laras"),
        _case("submitted", "oki", "heni"),
        _case("disputed", "kun"),
        _case("whistle", "ida"),
        _case("whistle", "kun", status=404),
        _case("begun", "kun", query="aksi=merge"),
        _case("begun", "oki", query="aksi=split"),
    ),
    "desk_similar": (_case("begun", "kun"),),
    "desk_identity": (_case("begun", "kun"),),
}
DATA: dict[str, Arguments] = {
    "challenge": _nothing,
    "places": _nothing,
    "private_photo": lambda town: [*town.private("begun"), town.photo("begun"), "kecil"],
    "public_feed": _nothing,
    "public_map": _nothing,
    "public_map_ground": _nothing,
    "public_export": lambda _: ["csv"],
    "photo": lambda town: [town.code("answered"), town.photo("answered"), "besar"],
    "performance_csv": _nothing,
    "desk_export": lambda _: ["xlsx"],
    "desk_lapor_sheet": lambda _: ["xlsx"],
    "desk_preview": lambda town: [town.code("begun")],
    "desk_message_picture": lambda town: [town.file("image"), "kecil"],
    "desk_message_paper": lambda town: [town.file("audio")],
    "gathering_sheet": lambda town: [town.event.pk],
    "gathering_photo": lambda town: [town.event.pk, town.event.photos.get().pk, "kecil"],
    "desk_letter": lambda town: [town.code("begun")],
}
"""Answers that are no pages: pictures, files, and parts of pages. Kun must get them all."""
DEEDS = {
    "gathering_upload",
    "gathering_photos",
    "gathering_photo_drop",
    "similar",
    "support",
    "follow",
    "flag",
    "desk_bulk",
    "desk_save_view",
    "desk_drop_view",
    "desk_resend",
    "desk_app_key",
    "desk_subscription_events",
    "desk_subscription_key",
    "desk_subscription_replay",
    "desk_subscription_do",
    "desk_lapor_decide",
    "desk_learned_begin",
    "desk_learned_use",
    "desk_length",
    "desk_read_again",
    "desk_messages_drop",
    "desk_message_add",
    "desk_message_adopt",
    "desk_message_answer",
    "desk_message_drop",
    "desk_message_confide",
    "desk_person_identity",
    "desk_person_wish",
    "radio_start",
    "radio_stop",
    "radio_call",
    "radio_take_back",
    "radio_similar",
    "desk_task",
    "desk_verb",
}
"""They only take what a form sends; the pages they answer with are other lines of this table."""
OTHERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/pengembang/", ("",)),
    ("/akun/login/", ("",)),
    ("/akun/password/reset/", ("",)),
    ("/akun/logout/", ("kun",)),
    ("/admin/", ("agus",)),
    ("/admin/reports/category/", ("agus",)),
    ("/admin/agencies/user/", ("agus",)),
)
"""The pages of the sign-in and of the admin that everybody in their role comes past."""


def test_no_page_is_forgotten() -> None:
    named = {pattern.name for pattern in urls.urlpatterns}
    assert named == set(PAGES) | set(DATA) | DEEDS


# The walk -----------------------------------------------------------------------------------------------------------


@dataclass
class Walker:
    """One person's browser, and everything that was wrong on their way."""

    page: Page
    faults: list[str] = field(default_factory=list)
    loud: list[str] = field(default_factory=list)

    def listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.loud.append(message.text)

    def visit(self, path: str, *, status: int = 200) -> None:
        """Open a page and look at it in every size and colour."""
        self.loud.clear()
        response = self.page.goto(path)
        assert response
        found = self._answer(response, status)
        for width, scheme in LOOKS:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
            seen = frame_faults(self.page)
            if (width, scheme) in WATCHED_BY_AXE:
                seen += accessibility_faults(self.page)
            found += [f"{width} {scheme}: {fault}" for fault in seen]
        self.faults += [f"{path}: {fault}" for fault in found]

    def _answer(self, response: Response, status: int) -> list[str]:
        expected = f"the server responded with a status of {status} " if status >= 400 else "nothing"
        said = [text for text in self.loud if expected not in text]
        wrong_status = [f"status {response.status} instead of {status}"] if response.status != status else []
        return wrong_status + [f"the browser says: {text}" for text in said] + inline_code(response.text())


@pytest.fixture
def walker_of(new_page: Callable[..., Page], live_url: str, people: People) -> Callable[[str], Walker]:
    """Give each person one browser for the whole walk."""
    walkers: dict[str, Walker] = {}

    def walker(who: str) -> Walker:
        if who not in walkers:
            walkers[who] = Walker(new_page({"viewport": {"width": 360, "height": 800}}))
            walkers[who].page.on("console", walkers[who].listen)
            if who:
                sign_in(walkers[who].page, getattr(people, who), live_url)
        return walkers[who]

    return walker


def test_every_page_as_everybody_who_may_open_it(walker_of: Callable[[str], Walker], town: Town) -> None:
    faults: list[str] = []
    for name, stops in PAGES.items():
        for stop in stops:
            path = reverse(f"reports:{name}", args=stop.arguments(town)) + (f"?{stop.query}" if stop.query else "")
            for who in stop.who:
                walker = walker_of(who)
                walker.visit(path, status=stop.status)
                faults += [f"{name} as {who or 'a citizen'}: {fault}" for fault in walker.faults]
                walker.faults.clear()
    assert not faults, "\n".join(faults)


def test_the_way_in_and_the_office_of_the_administrator(walker_of: Callable[[str], Walker], town: Town) -> None:
    faults: list[str] = []
    for path, people in OTHERS:
        for who in people:
            walker_of(who).visit(path)
            faults += walker_of(who).faults
            walker_of(who).faults.clear()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", DATA)
def test_what_is_no_page_is_given_all_the_same(client: Client, town: Town, name: str) -> None:
    client.force_login(town.people.kun)
    answer = client.get(reverse(f"reports:{name}", args=DATA[name](town)))
    assert answer.status_code == 200
    assert sum(len(part) for part in answer)
    answer.close()
    assert answer["X-Content-Type-Options"] == "nosniff"
