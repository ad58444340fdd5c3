"""The one data set of the walk through every page: a report in each state that has a page of its own, and its links."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from kanal.agencies.queries import actor_of, reference
from kanal.brief.actions import make
from kanal.brief.models import Edition
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries import survey
from kanal.brief.weeks import this_friday
from kanal.channels.models import Inbound, Outbound
from kanal.common.images import CleanImage, sanitise
from kanal.dialogue import actions as dialogue
from kanal.dialogue.actions import Asked, Plan, Promised, Shown
from kanal.dialogue.actions.packs import load_pack
from kanal.dialogue.models import Commitment, Episode, EvidencePhoto, Programme
from kanal.issues import actions as issues
from kanal.issues import policy
from kanal.issues.actions import Said
from kanal.issues.models import Bulletin, Issue
from kanal.reports import actions
from kanal.reports.actions import Ready, Typed, radio
from kanal.reports.actions.gatherings import file_rows
from kanal.reports.actions.people import merge_contacts
from kanal.reports.models import ContactDeed, Follower, Gathering, RadioShow, Report, ReportTask, Subscription
from kanal.reports.policy import Doer
from kanal.reports.queries import private_link_token
from kanal.reports.workflow import Kind
from tests.support.concerned import citizen, drafted, reported, send
from tests.support.issues import many, tell
from tests.support.media import PlainMedium
from tests.support.messages import OGG, arrives, jpeg
from tests.support.people import PACK, People
from tests.support.webhooks import subscribed


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
    issue: Issue = field(init=False)
    bulletins: list[Bulletin] = field(default_factory=list)
    episode: Episode = field(init=False)
    draft: Episode = field(init=False)
    promise: Commitment = field(init=False)
    kept: Commitment = field(init=False)
    briefs: list[Edition] = field(default_factory=list)

    def code(self, which: str) -> str:
        return self.reports[which].tracking_code

    def private(self, which: str) -> list[str]:
        return [self.code(which), private_link_token(self.reports[which])]

    def file(self, kind: str) -> int:
        return self.message.files.get(kind=kind).pk

    def photo(self, which: str) -> int:
        return self.reports[which].attachments.get().pk

    def proof(self) -> int:
        """The photo by which the kept promise was shown to be kept."""
        return EvidencePhoto.objects.get(evidence__commitment=self.kept).pk


def _photo(colour: str) -> CleanImage:
    drawn = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(drawn, "JPEG")
    return sanitise(drawn.getvalue(), name="jalan.jpg")


def _filed(key: str, body: str, **more: object) -> Report:
    photos = (_photo("sienna"),)
    told: dict[str, Any] = {"submission": key, "email": "sari@contoh.id", "name": "Sari Utami", "photos": photos}
    return actions.file_report(actions.Filing(body=body, **{**told, **more}))


def _event(kun: Doer) -> Gathering:
    """A village visit with a row filed, one ready, one whose village repeats, and a photo of the paper."""
    told = actions.Occasion(kind="sambang", title="Sambang Desa Jono", held_on=reference().today(), attendance=80)
    event = actions.hold_gathering(occasion=told, by=kun)
    actions.keep_sheets(gathering=event, photos=[_photo("white")], by=kun)
    said = {"name": "Darmo", "phone": "081234567890", "village": "", "words": "Saluran air depan balai desa mampet."}
    rows = [{**said, "category": "", "kind": ""} for _at in range(3)]
    rows[2]["village"] = "Sumberejo"
    actions.save_rows(gathering=event, rows=[Typed(f"baris-{at:08}", row) for at, row in enumerate(rows)], by=kun)
    first = event.rows.order_by("number")[0]
    file_rows(gathering=event, ready=[Ready(first.pk, 1, actions.Filing(body=said["words"], submission=""))], by=kun)
    return event


def _talk(town: Town) -> None:
    """An issue that is talked about in an announced episode, and what is promised there: one open, one kept."""
    people = town.people
    load_pack(PACK)
    kun, rina, oki = actor_of(people.kun), actor_of(people.rina), actor_of(people.oki)
    told = [row for turn, text in enumerate(many("lubang", 8)) for row in tell(1, text, first=turn, published=True)]
    told.append(reported(citizen(1), 90))
    town.issue = issues.found(
        said=Said(title="Jalan berlubang di Jono", agency=people.roads), reports=told, by=policy.person(kun)
    )
    town.bulletins = [drafted(people, town.issue), drafted(people, town.issue, as_answer=True)]
    send(town.bulletins[1], policy.person(actor_of(people.heni)))
    programme, ahead = Programme.objects.get(code="dialog-jumat"), timezone.now() + timedelta(days=2)
    town.draft = dialogue.plan(plan=Plan(programme, ahead + timedelta(days=7), "Pendapa Malowopati"), by=rina)
    town.episode = dialogue.plan(plan=Plan(programme, ahead, "Pendapa Malowopati", theme="Jalan rusak"), by=rina)
    dialogue.add_topic(episode=town.episode, topic="Jalan berlubang", issue=town.issue, by=rina)
    dialogue.invite(episode=town.episode, agency=people.roads, by=rina)
    dialogue.announce(episode=town.episode, by=rina)
    dialogue.ask(
        episode=town.episode, asked=Asked("Kapan jalan Jono diperbaiki?", submission="tanya-kota", name="Sari")
    )
    due_on = reference().today() + timedelta(days=10)
    words = ("Lubang di tikungan Jono ditambal", "Rambu di tikungan Jono dipasang")
    town.promise, town.kept = (
        dialogue.promise(promised=Promised(text, people.roads, due_on, issue=town.issue), by=rina) for text in words
    )
    shown = Shown("Rambu berdiri sejak Senin.", photos=(_photo("olive"),))
    dialogue.fulfil(commitment=town.kept, shown=shown, by=oki)
    dialogue.accept(commitment=town.kept, by=kun)


@pytest.fixture
def town(people: People, sari_reports: Report, plain_medium: PlainMedium, settings: Settings) -> Town:
    """Fill the town: new, begun, asked, submitted, answered (and disputed), closed, whistle-blowing."""
    settings.SIMULATOR, settings.PLAYED_MEDIA = True, ["whatsapp", "x"]
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
    _talk(town)
    week = survey(this_friday(reference().today()))
    town.briefs = [make(about=about, survey=week) for about in (REGENCY, About(agency_id=people.roads.pk))]
    return town
