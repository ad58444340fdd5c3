"""What people write where everybody reads it: a report is answered there in a few words, and in full to its writer.

Only what is plainly a report is taken up without a person: words that ask for it (LAPOR, #lapor), or a complaint about
a matter that our categories know at a place that exists. Whatever else people write below our posts waits at the desk.
"""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import override

from kanal.agencies import places
from kanal.agencies.queries import RegionFacts, reference
from kanal.channels import actions as mail
from kanal.channels.actions import Message
from kanal.channels.adapters import Said, adapter_of
from kanal.channels.candidates import Watch
from kanal.channels.models import Address, Inbound
from kanal.channels.queries import heard_alone
from kanal.common.refusal import Refused
from kanal.common.text import clean
from kanal.reports import talk_words
from kanal.reports.actions.intake import Filing, file_report, receipt
from kanal.reports.actions.notices import THEIRS, say
from kanal.reports.actions.reporter import reply
from kanal.reports.models import Report, TalkPart
from kanal.reports.queries.routing import propose
from kanal.reports.workflow import OPEN_VALUES, Kind

LONGEST = 20_000
PURPOSE = "comment"


@transaction.atomic
def hear_comment(inbound: Inbound, said: Said) -> bool:
    """Take up one public message. False when a person must look at it, or the medium has no way to answer aside."""
    adapter = adapter_of(inbound.medium)
    if adapter is None or not adapter.answers_below or not said.public or inbound.address is None:
        return False
    with override(THEIRS):
        asked = talk_words.asks_to_be_filed(said.text, reference().regency.code_prefix)
        case = None if asked else _case_below(inbound)
        if case:
            return _add_to_case(case, inbound)
        named = places.meant(asked or said.text)
        if not asked and not (len(named) == 1 and _is_plain(said.text)):
            return False
        if not talk_words.is_enough(asked or said.text):
            return False
        report = _file(inbound, asked or said.text, named)
    answer_twice(inbound, report)
    mail.settle(inbound, Inbound.State.USED)
    return True


def _is_plain(text: str) -> bool:
    """Whether a matter is one that we know, with a word that marks a complaint, and no question about it."""
    marked = "?" not in text and not Watch.now().passes_over(text)
    return marked and bool(propose(text, category_id=None, region_id=None))


def _case_below(inbound: Inbound) -> Report | None:
    """The open report that the same person began with a comment above this one."""
    theirs = Report.objects.filter(
        inbound__address=inbound.address, inbound__medium=inbound.medium, inbound__thread=inbound.thread
    )
    open_ones = theirs.filter(status__in=OPEN_VALUES).exclude(kind=Kind.WHISTLEBLOWING)
    return open_ones.order_by("-received_at").first() if inbound.thread else None


def _add_to_case(case: Report, inbound: Inbound) -> bool:
    wish = talk_words.meant(inbound.text, reference().regency.code_prefix).wish
    if wish is not talk_words.Wish.MATTER:
        return False  # thanks and greetings are no word about the case
    try:
        reply(report=case, text=clean(inbound.text, max_chars=LONGEST), at=inbound.received_at)
    except Refused:
        return False
    TalkPart.objects.create(report=case, inbound=inbound)
    mail.settle(inbound, Inbound.State.USED)
    return True


def _file(inbound: Inbound, text: str, named: list[RegionFacts]) -> Report:
    report = file_report(
        Filing(
            body=clean(text, max_chars=LONGEST),
            submission=inbound.external_id,
            medium=inbound.medium,
            region_id=named[0].id if len(named) == 1 else None,
            anonymous=True,
            address=inbound.address,
            inbound=inbound,
        ),
        at=inbound.received_at,
    )
    TalkPart.objects.create(report=report, inbound=inbound)
    return report


def answer_twice(inbound: Inbound, report: Report) -> None:
    """Tell the writer of a public message what became of it: code and link to them alone, a few words to everybody.

    Where there is no private way, the few words say where to write to us; the receipt is queued all the same, so that
    the desk sees that it did not arrive. Nothing is written below words that went to the Inspektorat.
    """
    adapter, address = adapter_of(inbound.medium), inbound.address
    if adapter is None or address is None:
        return
    aside = adapter.aside(inbound) if inbound.public else inbound.thread
    messages = [replace(receipt(report, address), thread=aside or "")]
    if inbound.public and adapter.answers_below and report.kind != Kind.WHISTLEBLOWING:
        sentence = "chat_comment_write" if aside is None else "chat_comment"
        messages.append(_below(inbound, address, report, sentence, key=f"{PURPOSE}:{report.pk}"))
    mail.queue(messages)


@transaction.atomic
def tell_below(report: Report) -> None:
    """Say below the comment that a report came from that it is answered; the answer goes to its writer alone.

    Where there is no way to them, it says where to write to us. Of a report that is not public nothing is said.
    """
    adapter = adapter_of(report.medium)
    if adapter is None or not adapter.answers_below or not report.published or report.inbound is None:
        return
    comment = report.inbound
    if comment.public and comment.removed_at is None and comment.address is not None:
        key = f"{PURPOSE}:answered:{report.pk}:{report.version}"
        reaches = adapter.reaches(heard_alone(comment.address), "answered")
        sentence = "chat_comment_answered" if reaches else "chat_comment_told_write"
        mail.queue([_below(comment, comment.address, report, sentence, key=key)])


def _below(comment: Inbound, address: Address, report: Report, sentence: str, *, key: str) -> Message:
    adapter = adapter_of(comment.medium)
    return Message(
        purpose=PURPOSE,
        dedupe_key=key,
        subject="",
        body=say(sentence, address.language, link=adapter.door if adapter else ""),
        reference=report.tracking_code,
        address=address,
        thread=comment.thread,
    )
