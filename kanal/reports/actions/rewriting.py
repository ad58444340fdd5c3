"""A message that its writer changed or took back after it came.

A report in the making follows: its words, its place and its pictures. A case keeps what it was begun with, because what
others work on does not vanish; new words of its reporter join it as a remark, and a line of its history, which the desk
alone reads, says that the message was changed or taken back. What no report was made of goes whole.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies import places
from kanal.agencies.queries import reference
from kanal.channels.actions import forget_files
from kanal.channels.models import Inbound
from kanal.common.text import clean
from kanal.reports import policy, talk_words
from kanal.reports.actions.notices import THEIRS
from kanal.reports.actions.reporter import reply
from kanal.reports.actions.talking import LONGEST, forget_point, name_places
from kanal.reports.models import Report, ReportEvent, Talk
from kanal.reports.policy import REPORTER
from kanal.reports.queries.messages import report_of


@transaction.atomic
def follow_change(inbound: Inbound) -> None:
    """Do what a change of an old message asks for; nothing is answered."""
    open_ones = Talk.objects.select_for_update(of=("self",)).filter(state=Talk.State.OPEN)
    talk = open_ones.filter(parts__inbound=inbound).first()
    report = None if talk else report_of(inbound)
    if report is not None:
        _tell_case(report, inbound)
        return
    if inbound.removed_at is not None:
        forget_files([inbound.pk])
    if talk is not None:
        _rewrite(talk, inbound)


def _story(message: Inbound | None) -> str:
    """What a message tells, as a talk keeps it."""
    text = message.text if message else ""
    meant = talk_words.meant(text, reference().regency.code_prefix)
    told = meant.rest if meant.wish is talk_words.Wish.REPORT else text
    return clean(told[: 2 * LONGEST], max_chars=2 * LONGEST)


def _rewrite(talk: Talk, inbound: Inbound) -> None:
    """Put new words in the place of the old ones, and look for the place anew where the message named it."""
    before, now = _story(inbound.before), _story(inbound)
    if before:
        talk.body = talk.body.replace(before, now, 1).strip()[:LONGEST]
        talk.place_text = talk.place_text.replace(before, now, 1).strip(", ")[:200]
    else:  # a picture got its words
        talk.body = f"{talk.body}\n{now}".strip()[:LONGEST]
    pointed = inbound.removed_at is not None and inbound.before is not None and forget_point(talk, inbound.before)
    if pointed or (talk.lat is None and places.meant(before, bare=True)):
        talk.region, talk.choices = None, []
        name_places(talk, talk.body, bare=False)
        name_places(talk, talk.place_text, bare=True)
    talk.save()


def _tell_case(report: Report, inbound: Inbound) -> None:
    """Join the reporter's new words to their case; else leave a line about it that the desk alone reads."""
    removed, now = inbound.removed_at is not None, _story(inbound)
    if not removed and now == _story(inbound.before):
        return
    theirs = inbound.address is not None and inbound.address.contact_id == report.contact_id
    if now and theirs and policy.allows("reply", REPORTER, report):
        with override(THEIRS):
            words = _("Pesan diubah menjadi: %(words)s") % {"words": now}
        reply(report=report, text=words, at=inbound.changed_at, message=inbound.pk)
        return
    ReportEvent.objects.create(
        report=report,
        verb="remove_message" if removed else "change_message",
        at=inbound.removed_at or inbound.changed_at or inbound.received_at,
        by=ReportEvent.By.REPORTER if theirs else ReportEvent.By.SYSTEM,
        note=now,
        data={"medium": inbound.medium, "message": inbound.pk, "theirs": theirs},
    )
