"""What time itself does to promises: reminders before the date, and word to the heads when it has passed.

The worker calls these; each is safe to run twice and to be killed half-way. One person gets one letter from one sweep,
however many promises it speaks of.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from kanal.agencies.models import Membership
from kanal.agencies.queries import reference, staff_of
from kanal.channels.actions import Message, queue
from kanal.common import formats
from kanal.dialogue.actions.deed import tell
from kanal.dialogue.actions.notices import INDONESIAN, desk_link
from kanal.dialogue.models import Commitment
from kanal.dialogue.workflow import PromiseStatus

Role = Membership.Role
AHEAD = (7, 1)
"""So many days before the date the officers are reminded."""
BATCH = 200
Letters = Mapping[str, list[Commitment]]


@transaction.atomic
def remind(*, at: datetime | None = None) -> int:
    """Remind the officers of what is due in a week and tomorrow. Returns how many promises that was about."""
    today = reference().today(at or timezone.now())
    week, eve = (today + timedelta(days=days) for days in AHEAD)
    due = Q(due_on__lte=week, reminded=None) | Q(due_on__lte=eve, reminded=AHEAD[0])
    rows = list(_open().filter(due, due_on__gte=today)[:BATCH])
    for row in rows:
        row.reminded = AHEAD[1] if row.due_on <= eve else AHEAD[0]
    _write("promise_due", _of_agencies(rows, Role.OFFICER), str(today))
    Commitment.objects.bulk_update(rows, ["reminded"])
    return len(rows)


@transaction.atomic
def escalate(*, at: datetime | None = None) -> int:
    """Bring what is late before the heads, once for each date. Returns how many promises that were."""
    at = at or timezone.now()
    today = reference().today(at)
    rows = list(_open().filter(due_on__lt=today, escalated_on=None)[:BATCH])
    for row in rows:
        row.escalated_on = today
        tell(row, "escalate", by=None, at=at)
    people = _of_agencies(rows, Role.OFFICER, Role.SUPERVISOR)
    coordinators = Membership.objects.filter(role=Role.COORDINATOR, user__is_active=True)
    for email in coordinators.values_list("user__email", flat=True).distinct() if rows else ():
        people[email] = rows
    _write("promise_late", people, str(today))
    Commitment.objects.bulk_update(rows, ["escalated_on"])
    return len(rows)


def _open() -> QuerySet[Commitment]:
    return Commitment.objects.select_for_update().filter(status=PromiseStatus.OPEN).order_by("due_on", "pk")


def _of_agencies(rows: Iterable[Commitment], *roles: str) -> dict[str, list[Commitment]]:
    """The promises of each person who holds a role in the agency that made them, as what it is today."""
    by_agency, today = defaultdict[int | None, list[Commitment]](list), reference().id_today
    for row in rows:
        by_agency[today(row.agency_id)].append(row)
    held = staff_of(by_agency, *roles).values_list("user__email", "agency_id")
    found: dict[str, list[Commitment]] = defaultdict(list)
    for email, agency_id in sorted({(email, today(pk)) for email, pk in held}):
        found[email] += by_agency[agency_id]
    return found


def _write(purpose: str, letters: Letters, day: str) -> None:
    with override(INDONESIAN):
        queue(_letter(purpose, email, rows, day) for email, rows in letters.items())


def _letter(purpose: str, email: str, rows: list[Commitment], day: str) -> Message:
    count = len(rows)
    if purpose == "promise_late":
        subject = ngettext("%(num)s janji lewat tanggalnya", "%(num)s janji lewat tanggalnya", count)
    else:
        subject = ngettext("%(num)s janji hampir tiba tanggalnya", "%(num)s janji hampir tiba tanggalnya", count)
    subject = subject % {"num": formats.number(count)}
    lines = [
        _("- %(promise)s\n  Dijanjikan paling lambat %(day)s.\n  %(link)s")
        % {"promise": row.text, "day": formats.day(row.due_on), "link": desk_link(row)}
        for row in rows
    ]
    return Message(
        purpose=purpose,
        dedupe_key=f"{purpose}:{rows[0].pk}:{rows[-1].pk}:{day}:{email}",
        subject=subject,
        body="\n\n".join([f"{subject}:", *lines]) + "\n",
        to_staff=email,
    )
