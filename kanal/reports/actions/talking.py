"""Leading somebody through a report on a chat: whatever comes in whatever order, asked only for what is missing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from kanal.agencies import places
from kanal.agencies.queries import RegionFacts, reference
from kanal.channels import actions as mail
from kanal.channels.actions import Message
from kanal.channels.adapters import Said, adapter_of
from kanal.channels.models import Address, Inbound, InboundFile
from kanal.common.images import CleanImage
from kanal.common.refusal import Refused
from kanal.common.text import clean
from kanal.reports import talk_words
from kanal.reports.actions import proving
from kanal.reports.actions.attachments import MOST, attach, picture_in
from kanal.reports.actions.intake import Filing, file_report
from kanal.reports.actions.notices import THEIRS, private_link, say
from kanal.reports.actions.reporter import reply
from kanal.reports.models import Follower, Report, Talk, TalkPart
from kanal.reports.queries import tracking
from kanal.reports.queries.messages import talk_reference
from kanal.reports.talk_words import Wish
from kanal.reports.wordings import joined
from kanal.reports.workflow import OPEN_VALUES, Kind

SILENCE = timedelta(minutes=30)
"""After so long a half-finished report goes to the desk as it is."""
SAME_MATTER = timedelta(days=3)
"""How long after the last word about a case a message still belongs to it, unless it begins with LAPOR."""
LONGEST = 20_000
MOST_CHOICES = 9
_WORDLESS = {
    InboundFile.Kind.AUDIO: "Pesan suara, dengarkan di bawah.",
    InboundFile.Kind.IMAGE: "Foto tanpa keterangan.",
}
_PLACE = {Talk.Asked.WHERE, Talk.Asked.WHICH}
_FILE = "Berkas tanpa keterangan."


@transaction.atomic
def hear(inbound: Inbound, said: Said) -> bool:
    """Take up one message from a chat and answer it. False when it is not ours to answer (a public comment)."""
    adapter = adapter_of(inbound.medium)
    if adapter is None or not adapter.talks or said.public or inbound.address is None:
        return False
    with override(THEIRS):
        _Hearing(inbound, said).answer()
    return True


class _Hearing:
    """One message, who sent it, and the report they are in the middle of."""

    def __init__(self, inbound: Inbound, said: Said) -> None:
        self.inbound, self.said = inbound, said
        self.address: Address = inbound.address  # type: ignore[assignment]  # asked before
        self.meant = talk_words.meant(said.text, reference().regency.code_prefix)
        self.talk = Talk.objects.select_for_update().filter(address=self.address, state=Talk.State.OPEN).first()
        if self.talk:
            self.talk.address = self.address

    def answer(self) -> None:
        """Do what the message asks for."""
        wish = self.meant.wish
        if wish is Wish.LANGUAGE:
            mail.choose_language(self.address, self.meant.rest)
            self._say("language")
        elif wish is Wish.HELP:
            self._say("help")
        elif wish is Wish.STATUS:
            self._tell(_status(self.meant.rest, self.address.language), Inbound.State.ANSWERED)
        elif wish is Wish.CANCEL:
            self._cancel()
        elif wish in {Wish.JOIN, Wish.PROOF} and (answer := self._about_addresses()):
            self._tell(answer, Inbound.State.ANSWERED)
        elif self.talk is None and self._carries_nothing():
            self._say("greeting" if wish is Wish.GREETING else "thanks")
        elif self.talk is None and (case := self._case_meant()):
            self._add_to_case(case)
        else:
            self._go_on()

    def _about_addresses(self) -> str:
        """The answer to GABUNG and KODE; "" for bare digits when no code is awaited."""
        if self.meant.wish is Wish.JOIN:
            return proving.hear_join(self.address, self.meant.rest)
        if self.said.text.strip()[0].isalpha() or proving.pending(asker=self.address):
            return proving.hear_code(self.address, self.meant.rest)
        return ""

    def _carries_nothing(self) -> bool:
        empty = self.meant.wish in {Wish.GREETING, Wish.THANKS, Wish.NOTHING}
        return empty and not self.said.files and self.said.lat is None

    def _say(self, key: str) -> None:
        """Answer with a sentence that ends the matter."""
        self._tell(say(f"chat_{key}", self.address.language), Inbound.State.ANSWERED)

    def _tell(self, text: str, state: str, about: Report | None = None) -> None:
        pk = self.inbound.pk
        named = about.tracking_code if about else talk_reference(pk)
        message = _message(self.address, text, key=f"talk:{pk}", about=named, thread=self.inbound.thread)
        mail.queue([message])
        mail.settle(self.inbound, state)

    def _cancel(self) -> None:
        if self.talk is None:
            self._say("nothing_to_cancel")
            return
        self.talk.state, self.talk.last_at = Talk.State.CANCELLED, self.inbound.received_at
        self.talk.save()
        self._say("cancelled")

    # --- a word about a case that runs already ------------------------------------------------------------------------

    def _case_meant(self) -> Report | None:
        """The open case to which this message belongs; None when it begins a new one."""
        if self.meant.wish is Wish.REPORT:
            return None
        mine = Follower.objects.filter(address=self.address, reporter=True, report__status__in=OPEN_VALUES)
        newest = mine.exclude(report__kind=Kind.WHISTLEBLOWING).order_by("-report__received_at").first()
        if newest is None or self.inbound.received_at - newest.report.changed_at > SAME_MATTER:
            return None
        return newest.report

    def _add_to_case(self, case: Report) -> None:
        text = self._words() or _named(file.kind for file in self.said.files)
        if self.said.lat is not None and self.said.lon is not None:
            text = f"{text}\n{_in_digits(self.said.lat, self.said.lon)}".strip()
        try:
            reply(report=case, text=text, at=self.inbound.received_at)
        except Refused as refusal:
            if refusal.code != "repeated":
                self._tell(refusal.sentence, Inbound.State.WAITING, case)
                return
            answer = refusal.sentence  # one photo after the other: no second line, and each joins the case
        else:
            answer = say("chat_added", self.address.language, code=case.tracking_code)
        TalkPart.objects.create(report=case, inbound=self.inbound)
        self._tell(answer, Inbound.State.USED, case)

    # --- a report in the making ---------------------------------------------------------------------------------------

    def _words(self) -> str:
        text = self.meant.rest if self.meant.wish is Wish.REPORT else self.said.text
        return clean(text[: 2 * LONGEST], max_chars=2 * LONGEST)

    def _go_on(self) -> None:
        talk = self.talk or Talk(
            address=self.address, opened_at=self.inbound.received_at, last_at=self.inbound.received_at
        )
        talk.last_at = max(talk.last_at, self.inbound.received_at)
        unanswered = talk.asked in _PLACE and self._names_no_place(talk)
        if not unanswered:
            self._hear_into(talk)
        talk.save()
        TalkPart.objects.create(talk=talk, inbound=self.inbound)
        question = _place_question(talk) if unanswered else _next_question(talk)
        if question:
            talk.save()
            self._tell(question, Inbound.State.USED)
            return
        report = file_talk(talk)
        self._tell(_receipt(report, self.address.language), Inbound.State.USED, report)

    def _names_no_place(self, talk: Talk) -> bool:
        """A photo, thanks, a greeting or a number that chooses nothing; a voice note may say where."""
        heard = any(file.kind == InboundFile.Kind.AUDIO for file in self.said.files)
        if heard or self.said.lat is not None:
            return False
        text = self.said.text
        chooses = talk.asked == Talk.Asked.WHICH and talk_words.chosen(text, len(talk.choices)) is not None
        return talk_words.answers_nothing(text) or not (chooses or any(map(str.isalpha, text)))

    def _hear_into(self, talk: Talk) -> None:
        """Put what the message brings where it belongs: a place after "where?", else the story."""
        if self.said.lat is not None and self.said.lon is not None:
            _take_point(talk, self.said.lat, self.said.lon, self.said.place)
        text = self._words()
        if not text:
            return
        if talk.asked == Talk.Asked.WHICH and (pick := talk_words.chosen(text, len(talk.choices))) is not None:
            talk.region_id, talk.choices, talk.asked = talk.choices[pick], [], Talk.Asked.NOTHING
            return
        where = talk.asked in {Talk.Asked.WHERE, Talk.Asked.WHICH}
        name_places(talk, text, bare=where)
        if where:
            talk.place_text = f"{talk.place_text}, {text}".strip(", ")[:200]
        elif self.meant.wish is not Wish.GREETING:
            talk.body = f"{talk.body}\n{text}".strip()[:LONGEST]


def _take_point(talk: Talk, lat: float, lon: float, name: str) -> None:
    """A location that was sent: inside the regency it is the place, outside it becomes words."""
    found = places.locate(lat, lon)
    if found.inside:
        talk.lat, talk.lon = lat, lon
        talk.region_id = found.region_id or talk.region_id
    talk.place_text = (name or talk.place_text or ("" if found.inside else _in_digits(lat, lon)))[:200]


def forget_point(talk: Talk, message: Inbound) -> bool:
    """Let go of the place that a message sent as a location. Returns whether it was the talk's."""
    if message.lat is None or message.lon is None:
        return False
    if talk.place_text in {message.place[:200], _in_digits(message.lat, message.lon)}:
        talk.place_text = ""
    if (talk.lat, talk.lon) != (message.lat, message.lon):
        return False
    talk.lat = talk.lon = None
    return True


def _named(kinds: Iterable[str]) -> str:
    """What stands for words where files came without any; a voice note is heard before a photo is looked at."""
    came = set(kinds)
    return next((words for kind, words in _WORDLESS.items() if kind in came), _FILE) if came else ""


def _in_digits(lat: float, lon: float) -> str:
    return f"{lat:.5f}, {lon:.5f}"


def name_places(talk: Talk, text: str, *, bare: bool) -> None:
    """Places that a text names; several of one name are asked about."""
    if talk.region_id and talk.asked != Talk.Asked.WHICH:
        return
    found = places.meant(text, bare=bare)
    if len(found) == 1:
        talk.region_id, talk.choices = found[0].id, []
    elif 1 < len(found) <= MOST_CHOICES:
        talk.choices = [place.id for place in found]


def _next_question(talk: Talk) -> str:
    """What is still missing, asked at most once each; "" when the report can be filed."""
    language = talk.address.language
    heard_voice = InboundFile.objects.filter(inbound__part__talk=talk, kind=InboundFile.Kind.AUDIO).exists()
    if not talk_words.is_enough(talk.body) and not heard_voice:
        again = talk.asked == Talk.Asked.WHAT
        talk.asked = Talk.Asked.WHAT
        if again:
            return say("chat_what_again", language)
        return say("chat_what", language)
    if talk.choices and not talk.region_id and talk.asked != Talk.Asked.WHICH:
        talk.asked = Talk.Asked.WHICH
        return _place_question(talk)
    if not talk.region_id and not talk.place_text and talk.asked not in _PLACE:
        talk.asked = Talk.Asked.WHERE
        return _place_question(talk)
    return ""


def _place_question(talk: Talk) -> str:
    """Where it is, or which of several places."""
    if talk.asked == Talk.Asked.WHERE:
        return say("chat_where", talk.address.language)
    facts = reference()
    lines = [f"{at}. {facts.regions[pk].place}" for at, pk in enumerate(talk.choices, 1) if pk in facts.regions]
    return say("chat_which", talk.address.language, choices="\n".join(lines))


def file_talk(talk: Talk) -> Report:
    """Make a report of what was said so far, complete or not."""
    inbounds = Inbound.objects.filter(part__talk=talk).order_by("pk")
    kinds = InboundFile.objects.filter(inbound__in=inbounds).values_list("kind", flat=True)
    region: RegionFacts | None = reference().regions.get(talk.region_id or 0)
    report = file_report(
        Filing(
            body=talk.body or _named(kinds),
            submission=f"talk:{talk.pk}",
            medium=talk.address.medium,
            region_id=region.id if region else None,
            lat=talk.lat,
            lon=talk.lon,
            place_text=talk.place_text,
            anonymous=True,
            address=talk.address,
            photos=tuple(_photos(list(inbounds))),
        ),
        at=talk.last_at,
    )
    talk.report, talk.state = report, Talk.State.FILED
    talk.save()
    return report


def _photos(inbounds: list[Inbound]) -> list[CleanImage]:
    """The pictures of some messages that are here already; what cannot be shown as one is left with its message."""
    kept = InboundFile.objects.filter(
        inbound__in=inbounds, state=InboundFile.State.KEPT, kind=InboundFile.Kind.IMAGE
    ).order_by("pk")
    clean_ones = [photo for file in kept[:MOST] if (photo := picture_in(file))]
    return list({photo.sha256: photo for photo in clean_ones}.values())


@transaction.atomic
def file_came(file: InboundFile) -> None:
    """A picture arrived after its report was filed: it joins the report's photos."""
    part = TalkPart.objects.select_related("report", "talk__report").filter(inbound=file.inbound_id).first()
    report = (part.report or (part.talk.report if part.talk else None)) if part else None
    if report is None or file.state != InboundFile.State.KEPT or file.kind != InboundFile.Kind.IMAGE:
        return
    photo = picture_in(file)
    if photo is None or report.attachments.count() >= 2 * MOST:
        return
    attach(report=report, photos=[photo])
    Report.objects.filter(pk=report.pk).update(has_photo=True)


def file_silent_talks(*, now: datetime | None = None) -> int:
    """File what was left half-finished half an hour ago, and say so; returns how many talks ended."""
    now = now or timezone.now()
    ended = 0
    for pk in list(
        Talk.objects.filter(state=Talk.State.OPEN, last_at__lt=now - SILENCE).values_list("pk", flat=True)[:200]
    ):
        with transaction.atomic(), override(THEIRS):
            talk = Talk.objects.select_for_update().filter(pk=pk, state=Talk.State.OPEN).first()
            if talk is None:
                continue
            ended += 1
            if not talk.body and not InboundFile.objects.filter(inbound__part__talk=talk).exists():
                talk.state = Talk.State.CANCELLED
                talk.save()
                continue
            report = file_talk(talk)
            language = talk.address.language
            text = joined([say("chat_silent", language), _receipt(report, language)])
            mail.queue([_message(talk.address, text, key=f"talk:silent:{talk.pk}", about=report.tracking_code)])
    return ended


# --- what is said -----------------------------------------------------------------------------------------------------


def _message(address: Address, text: str, *, key: str, about: str, thread: str = "") -> Message:
    """What is said, to be sent; `about` lets it go with its report or its message."""
    return Message(
        purpose="talk",
        dedupe_key=key,
        subject="",
        body=text,
        reference=about,
        address=address,
        thread=thread,
    )


def _receipt(report: Report, language: str) -> str:
    link = private_link(report)
    return say("chat_receipt", language, code=report.tracking_code, day=report.due_on, link=link)


def _status(code: str, language: str) -> str:
    report = tracking.by_code(code) if code else None
    if report is None:
        return say("chat_unknown_code", language, example=f"{reference().regency.code_prefix}-7K4M-9Q2X")
    known: dict[str, object] = {"code": code, "status": tracking.status_of(report).word}
    if report.status in OPEN_VALUES and report.due_clock:
        return say("chat_status_due", language, day=report.due_on, **known)
    return say("chat_status", language, **known)
