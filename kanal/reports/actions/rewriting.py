"""A message that its writer changed or took back after it was taken up.

A report in the making follows its words. A case keeps what it was begun with, and new words join it as a remark; what
was taken back loses its words with the message alone, because a case that others work on does not vanish.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import reference
from kanal.channels.models import Inbound
from kanal.common.refusal import Refused
from kanal.common.text import clean
from kanal.reports import talk_words
from kanal.reports.actions.notices import THEIRS
from kanal.reports.actions.reporter import reply
from kanal.reports.actions.talking import LONGEST, name_places
from kanal.reports.models import Report, Talk, TalkPart


@transaction.atomic
def follow_change(inbound: Inbound) -> None:
    """Do what a change of an old message asks for; nothing is answered."""
    part = TalkPart.objects.select_related("talk__report", "report").filter(inbound=inbound).first()
    before, now = _story(inbound.words_before), _story(inbound.text)
    if part is None or before == now:
        return
    talk = part.talk
    report = part.report or (talk.report if talk else None)
    if report is not None:
        _tell_case(report, inbound, now)
    elif talk is not None and talk.state == Talk.State.OPEN:
        _rewrite(Talk.objects.select_for_update().get(pk=talk.pk), before, now)


def _story(text: str) -> str:
    """What a message tells, as a talk keeps it."""
    meant = talk_words.meant(text, reference().regency.code_prefix)
    told = meant.rest if meant.wish is talk_words.Wish.REPORT else text
    return clean(told[: 2 * LONGEST], max_chars=2 * LONGEST)


def _rewrite(talk: Talk, before: str, now: str) -> None:
    """Put new words in the place of the old ones, and look for the place anew where the old ones named it."""
    if before:
        talk.body = talk.body.replace(before, now, 1).strip()[:LONGEST]
        talk.place_text = talk.place_text.replace(before, now, 1).strip(", ")[:200]
    else:  # a picture got its words
        talk.body = f"{talk.body}\n{now}".strip()[:LONGEST]
    known = [place for place in reference().regions.values() if place.level != "kabupaten"]
    if talk.lat is None and talk_words.mentioned(before, known, bare=True):
        talk.region, talk.choices = None, []
        name_places(talk, talk.body, bare=False)
        name_places(talk, talk.place_text, bare=True)
    talk.save()


def _tell_case(report: Report, inbound: Inbound, now: str) -> None:
    if inbound.removed_at is not None or not now:
        return
    with override(THEIRS):
        words = _("Pesan diubah menjadi: %(words)s") % {"words": now}
    try:
        reply(report=report, text=words, at=inbound.changed_at)
    except Refused:
        return  # the case is over; the message itself shows what it says now
