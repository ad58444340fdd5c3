"""What a regency no longer needs goes: reporters become anonymous and reports are destroyed when their term is over.

Which term, and by which rule, are dated rows (`RetentionRule`) that the regency enters from its own archive schedule;
without rows nothing goes. Every report is one transaction, so the job may be killed at any moment and started again.

History is append-only: the database refuses to change a line. To take the reporter's own words out of it when a report
is made anonymous, each such line is deleted and written anew with everything but the words, and the register says when
and by which rule that was done. Photos are deleted after their transaction; should the process die in between, the
nightly look for files without a row finds them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from kanal.agencies.queries import reference
from kanal.channels.actions import forget_words
from kanal.channels.models import Address, Contact, Inbound, Outbound
from kanal.common.calendar import local_date
from kanal.common.masking import mask
from kanal.common.photo_files import remove_files
from kanal.reports.actions.indexing import unindex
from kanal.reports.models import (
    AddressProof,
    Attachment,
    ContactDeed,
    ContactMove,
    Destruction,
    Feedback,
    Follower,
    MessageDecision,
    RadioCall,
    Report,
    ReportEvent,
    RetentionRule,
    Talk,
    TalkPart,
)
from kanal.reports.queries.messages import answer_reference, talk_reference
from kanal.reports.queries.person import family_of
from kanal.reports.workflow import Status

Act = RetentionRule.Act
FINISHED = (Status.CLOSED, Status.ARCHIVED)
PER_LOOK = 500


@dataclass(frozen=True, slots=True)
class Due:
    """One report whose term is over: what is to be done with it, since when it is finished, and by which rule."""

    report_id: int
    tracking_code: str
    act: str
    finished_on: date
    rule: str


def rules_on(day: date) -> list[RetentionRule]:
    """The rules in force on a day, for reports and for what belongs to none: for each act and kind the newest."""
    rows = RetentionRule.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    newest = {(row.act, row.kind): row for row in rows.order_by("valid_from", "pk")}
    return list(newest.values())


def due(*, at: datetime | None = None) -> Iterator[Due]:
    """Everything whose term is over now; what is to be destroyed first, so that nothing is made anonymous in vain.

    A report merged into another goes together with its main report, never before it.
    """
    facts = reference()
    today = facts.today(at)
    rules = rules_on(today)
    for act in (Act.DESTROY, Act.ANONYMISE):
        own = {rule.kind for rule in rules if rule.act == act and rule.kind}
        for rule in rules:
            if rule.act == act:
                until = datetime.combine(today - timedelta(days=rule.after_days), datetime.min.time(), tzinfo=facts.tz)
                yield from _due_by(rule, _candidates(rule, own, until))


def _candidates(rule: RetentionRule, kinds_with_own_rule: set[str], until: datetime) -> QuerySet[Any, Any]:
    # Exports of LAPOR! do not say when a report was closed: its term begins with its import, or a later change.
    ended = Report.objects.annotate(finished_at=Coalesce("closed_at", "changed_at"))
    finished = ended.filter(status__in=FINISHED, finished_at__lt=until)
    finished = finished.filter(kind=rule.kind) if rule.kind else finished.exclude(kind__in=kinds_with_own_rule)
    return finished.filter(anonymised_at=None) if rule.act == Act.ANONYMISE else finished


def _due_by(rule: RetentionRule, reports: QuerySet[Any, Any]) -> Iterator[Due]:
    tz, last = reference().tz, 0
    while rows := list(
        reports.filter(pk__gt=last).order_by("pk").values_list("pk", "tracking_code", "finished_at")[:PER_LOOK]
    ):
        for pk, code, finished_at in rows:
            yield Due(pk, code, rule.act, local_date(finished_at, tz), rule.rule)
        last = rows[-1][0]


def apply(item: Due, *, at: datetime | None = None) -> bool:
    """Do what is due for one report. Returns False when it is gone, done or open again meanwhile."""
    at = at or timezone.now()
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(pk=item.report_id, status__in=FINISHED).first()
        if report is None or (item.act == Act.ANONYMISE and report.anonymised_at):
            return False
        if item.act == Act.DESTROY:
            destroy(report, rule=item.rule, at=at)
        else:
            anonymise(report, rule=item.rule, at=at)
    return True


def run(*, at: datetime | None = None) -> tuple[int, int]:
    """Do everything that is due. Returns how many reports were destroyed and how many made anonymous."""
    done = {Act.DESTROY.value: 0, Act.ANONYMISE.value: 0}
    for item in due(at=at):
        done[item.act] += apply(item, at=at)
    return done[Act.DESTROY], done[Act.ANONYMISE]


def _register(report: Report, act: str, rule: str, at: datetime) -> None:
    Destruction.objects.get_or_create(
        act=act,
        tracking_code=report.tracking_code,
        defaults={
            "kind": report.kind,
            "received_on": reference().today(report.received_at),
            "at": at,
            "rule": rule,
        },
    )


def _messages(report: Report) -> list[int]:
    """The messages that a report was made of, those of the chat that led there, and those added afterwards."""
    added = MessageDecision.objects.filter(report=report).values_list("inbound_id", flat=True)
    said = TalkPart.objects.filter(Q(report=report) | Q(talk__report=report)).values_list("inbound_id", flat=True)
    return sorted({*added, *said, *([report.inbound_id] if report.inbound_id else [])})


def _references(report: Report, messages: list[int]) -> list[str]:
    """What messages out say they are about when they are about this report or answer one of its messages."""
    answers = [name(pk) for pk in messages for name in (answer_reference, talk_reference)]
    return [report.tracking_code, *answers]


@transaction.atomic
def destroy(report: Report, *, rule: str, at: datetime) -> None:
    """Delete a report, the reports merged into it, their history, messages, photos and words in the search table.

    A line of the register stays for each: code, kind, dates and the rule.
    """
    for merged in Report.objects.filter(merged_into=report):
        destroy(merged, rule=rule, at=at)
    _register(report, Act.DESTROY, rule, at)
    photos = list(Attachment.objects.filter(report=report))
    contact_id, messages = report.contact_id, _messages(report)
    followed_from = list(Follower.objects.filter(report=report).values_list("address_id", flat=True))
    Outbound.objects.filter(reference__in=_references(report, messages)).delete()
    unindex([report.pk])
    report.delete()
    forget_words(messages)
    Inbound.objects.filter(pk__in=messages).delete()
    forget_unused(contact_id, followed_from)
    transaction.on_commit(lambda: remove_files(photos))


@transaction.atomic
def anonymise(report: Report, *, rule: str, at: datetime) -> None:
    """Cut a report, and those merged into it, from its reporter; what was public stays.

    The own words become the masked ones; the reporter's replies, comment, raw message and letters go; the contact and
    its addresses go when no other report and nobody's following needs them.
    """
    for merged in Report.objects.filter(merged_into=report, anonymised_at=None):
        anonymise(merged, rule=rule, at=at)
    contact_id, messages = report.contact_id, _messages(report)
    own = Follower.objects.filter(report=report, reporter=True)
    followed_from = list(own.values_list("address_id", flat=True))
    own.delete()
    Outbound.objects.filter(reference__in=_references(report, messages), address__isnull=False).delete()
    forget_words(messages)
    ContactMove.objects.filter(report=report).delete()  # whose it was before a merge
    AddressProof.objects.filter(report=report).delete()
    # Where a chat led to the report, the same words and the same place stand in the conversation.
    said: dict[str, object] = {"body": "", "place_text": "", "region": None, "lat": None, "lon": None, "choices": []}
    Talk.objects.filter(report=report).update(**said)
    Feedback.objects.filter(report=report).update(comment="")
    RadioCall.objects.filter(report=report).delete()  # a recording has the reporter's voice
    _take_words_out_of_history(report)
    Report.objects.filter(pk=report.pk).update(
        body=report.public_body or mask(report.body).text,
        contact=None,
        anonymised_at=at,
        version=F("version") + 1,
    )
    forget_unused(contact_id, followed_from)
    _register(report, Act.ANONYMISE, rule, at)


def _take_words_out_of_history(report: Report) -> None:
    """Write anew, without them, the lines with citizens' words, or a title that staff took from the public."""
    own_words = Q(by=ReportEvent.By.REPORTER) & ~Q(note="")
    others = Q(data__has_key="message")  # a note that repeats somebody else's message
    lines = ReportEvent.objects.filter(own_words | others | Q(verb="edit_public_text"), report=report)
    wordless = [
        ReportEvent(
            report_id=line.report_id,
            verb=line.verb,
            at=line.at,
            by=line.by,
            user_id=line.user_id,
            public=line.public,
            from_status=line.from_status,
            to_status=line.to_status,
            note="" if line.by == ReportEvent.By.REPORTER or "message" in line.data else line.note,
            data={name: value for name, value in line.data.items() if name not in {"title", "message"}},
        )
        for line in lines
    ]
    lines.delete()
    ReportEvent.objects.bulk_create(wordless)


def forget_unused(contact_id: int | None, address_ids: Sequence[int]) -> None:
    """Delete addresses that nobody is written to at any more, and contacts without report and address.

    Of a person with other reports (also such as came by a merge) those addresses go that only this report knew.
    Whoever waits for an answer to a message, or is in the middle of a conversation, is kept.
    """
    contacts = {contact_id} if contact_id else set()
    contacts |= set(Address.objects.filter(pk__in=address_ids).values_list("contact_id", flat=True))
    for contact in contacts:
        idle = Address.objects.filter(contact_id=contact, following=None)
        idle = idle.exclude(inbounds__state__in=[Inbound.State.NEW, Inbound.State.WAITING])
        idle = idle.exclude(talks__state=Talk.State.OPEN)
        if Report.objects.filter(contact_id=contact).exists():
            _forget_addresses(idle.filter(pk__in=address_ids, inbounds=None))
            continue
        _forget_addresses(idle)
        Contact.objects.filter(pk=contact, addresses=None).delete()
        if not Address.objects.filter(contact_id=contact).exclude(handle="").exists():
            family = family_of(contact)
            Contact.objects.filter(pk__in=family).update(name="", anonymised_at=timezone.now())
            ContactDeed.objects.filter(contact__in=family).delete()


def _forget_addresses(idle: QuerySet[Address]) -> None:
    # That somebody asked not to be written to is remembered by the hash alone: else the next report would make us.
    silent = list(idle.filter(state=Address.State.OPTED_OUT).values_list("pk", flat=True))
    Address.objects.filter(pk__in=silent).update(handle="")
    Address.objects.filter(pk__in=list(idle.exclude(pk__in=silent).values_list("pk", flat=True))).delete()


def forget_senders(address_ids: Sequence[int]) -> None:
    """Delete addresses of which nothing else is held, and their contacts unless another address is still needed."""
    gone = Address.objects.filter(pk__in=address_ids)
    contacts = set(gone.values_list("contact_id", flat=True))
    _forget_addresses(gone)
    for contact in contacts:
        forget_idle(contact)


def forget_idle(contact: int) -> None:
    """Let go of a contact that no report, follower or message needs any more."""
    used = Address.objects.filter(contact_id=contact)
    needed = Report.objects.filter(contact_id=contact).exists() or used.exclude(following=None, inbounds=None).exists()
    if not needed:
        forget_unused(contact, [])
