"""What a bulletin says to one person, and how that arrives on each medium."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from kanal.channels.actions import Message
from kanal.channels.adapters import Outgoing, adapter_of
from kanal.channels.models import Address, Medium
from kanal.channels.queries import masked
from kanal.common.masking import DOT
from kanal.issues.models import Bulletin
from kanal.issues.queries.bulletins import heading
from kanal.issues.queries.concerned import PURPOSE, Concerned, Person, reference_of
from kanal.reports.actions.notices import framed, private_link, public_link, say_alone, tongue
from kanal.reports.models import Report
from kanal.reports.queries.follow_links import stop_link

MOST_LINKS = 3
MOST_CODES = 10
SAMPLES = 3
_SECRET = re.compile(r"(https?://\S*?/)[^\s/]{16,}")


def letter(
    bulletin: Bulletin, person: Person, address: Address, *, reports: Mapping[int, Report], answered: bool
) -> Message:
    """The message to one person. `answered`: it is also the official answer to a report of theirs."""
    language = address.language
    own = [reports[pk] for pk in person.own if pk in reports]
    followed = [reports[pk] for pk in person.followed if pk in reports]
    links = [private_link(one) for one in own] or [public_link(one) for one in followed]
    codes = [one.tracking_code for one in (*own, *followed)]
    with override(tongue(language)):
        parts = [f"{heading(bulletin, language)}:", bulletin.text]
        if answered:
            parts.append(
                _(
                    "Ini juga jawaban resmi untuk laporan Anda. Belum beres? Katakan dalam 10 hari kerja lewat "
                    "tautan di bawah, laporan bisa dibuka lagi."
                )
            )
        said = _listed(codes)
    body = framed("\n\n".join(parts), link="\n".join(links[:MOST_LINKS]), code=said, language=language)
    if person.follower_id and codes:
        stop = say_alone("frame_stop", language, link=stop_link(person.follower_id), code=codes[0])
        body += f"\n{stop}\n"
    return Message(
        purpose=PURPOSE,
        dedupe_key=f"{PURPOSE}:{bulletin.pk}:{person.contact_id}",
        subject=heading(bulletin, language),
        body=body,
        reference=reference_of(bulletin),
        address=address,
    )


def _listed(codes: Sequence[str]) -> str:
    more = len(codes) - MOST_CODES
    if more <= 0:
        return ", ".join(codes)
    return ", ".join(codes[:MOST_CODES]) + " " + ngettext("dan %(num)s lagi", "dan %(num)s lagi", more) % {"num": more}


@dataclass(frozen=True, slots=True)
class Channel:
    """How the message arrives for the people of one medium. The text is one of theirs, with its secrets covered."""

    medium: Medium
    number: int
    remark: str
    subject: str
    text: str
    measured: str
    samples: list[str]


def preview(bulletin: Bulletin, told: Concerned) -> list[Channel]:
    """The exact text for each medium, most people first; codes, private links and addresses are covered."""
    groups: defaultdict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in told.people:
        groups[person.medium, person.remark].append(person)
    shown = {pk for people in groups.values() for one in people[:SAMPLES] for pk in (*one.own, *one.followed)}
    reports = Report.objects.only("tracking_code", "published").in_bulk(shown)
    addresses = Address.objects.in_bulk({one.address_id for some in groups.values() for one in some[:SAMPLES]})
    will = set(told.answerable) if bulletin.as_answer else set()
    found = []
    for people in groups.values():
        first, answered = people[0], not will.isdisjoint(people[0].own)
        message = letter(bulletin, first, addresses[first.address_id], reports=reports, answered=answered)
        codes = [reports[pk].tracking_code for pk in (*first.own, *first.followed) if pk in reports]
        found.append(_channel(people, message, addresses, codes))
    return sorted(found, key=lambda one: (-one.number, one.medium))


def _channel(
    people: Sequence[Person], message: Message, addresses: Mapping[int, Address], codes: Iterable[str]
) -> Channel:
    first = people[0]
    adapter = adapter_of(first.medium)
    outgoing = Outgoing(to="", body=message.body, key="", purpose=PURPOSE, heard_at=first.heard_at)
    arrival = adapter.arrival(outgoing) if adapter else None
    text = arrival[0] if arrival else message.body
    return Channel(
        medium=Medium(first.medium),
        number=len(people),
        remark=first.remark,
        subject=message.subject if first.medium == Medium.EMAIL else "",
        text=covered(text, codes),
        measured=adapter.measured(text) if adapter else "",
        samples=[masked(one.medium, addresses[one.address_id].handle) for one in people[:SAMPLES]],
    )


def covered(text: str, codes: Iterable[str]) -> str:
    """A message as it is shown to those who may not hold its private links and codes."""
    text = _SECRET.sub(rf"\1{DOT * 3}", text)
    for code in codes:
        text = text.replace(code, f"{code.partition('-')[0]}-{DOT * 4}-{DOT * 4}")
    return text
