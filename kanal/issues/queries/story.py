"""The story of one issue for everybody: told, confirmed, discussed, promised, kept or late, done."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.issues import policy
from kanal.issues.contributions import Chapter, Entry, tellers
from kanal.issues.models import Bulletin, Issue, IssueEvent
from kanal.issues.queries.bulletins import bulletins_in, heading
from kanal.issues.queries.counting import tallies
from kanal.issues.workflow import CONFIRMED, STATUS, Status

_SAME = timedelta(days=14)
"""So long after a broadcast its note that the issue was discussed is no news of its own."""
_COLOURS = {Status.CONFIRMED: "blue", Status.DONE: "green", Status.WATCHED: "green"}


def family(issue: Issue) -> list[int]:
    """The issue and all that went up in it, by id."""
    found, latest = [issue.pk], [issue.pk]
    while latest:
        latest = list(Issue.objects.filter(merged_into__in=latest).order_by("pk").values_list("pk", flat=True))
        found += latest
    return found


def story(issue: Issue) -> list[Entry]:
    """What became of an issue, the oldest first and what lies ahead at the end; nothing that not everybody may know."""
    ids = family(issue)
    elsewhere = [entry for teller in tellers for entry in teller(ids)]
    talks = [_moment(entry.at) for entry in elsewhere if entry.chapter is Chapter.DISCUSSED]
    own = [entry for entry in _own(issue, ids) if not _told_already(entry, talks)]
    return sorted([*own, *elsewhere], key=_in_order)


def _in_order(entry: Entry) -> tuple[bool, bool, datetime]:
    return entry.state == "next", entry.chapter is not Chapter.REPORTED, _moment(entry.at)


def _moment(at: datetime | date) -> datetime:
    """A day counts from its end, so that what happened on it comes first."""
    return at if isinstance(at, datetime) else datetime.combine(at, time.max, reference().tz)


def _told_already(entry: Entry, talks: Iterable[datetime]) -> bool:
    """Whether a move only repeats that the issue was talked about in a broadcast which tells so itself."""
    return entry.chapter is Chapter.DISCUSSED and any(
        timedelta() <= _moment(entry.at) - talk <= _SAME for talk in talks
    )


def _own(issue: Issue, ids: list[int]) -> list[Entry]:
    found = []
    if issue.first_seen:
        day = reference().today(issue.first_seen)
        found.append(Entry(day, _("Pertama disampaikan warga"), Chapter.REPORTED, colour="blue"))
    rows = IssueEvent.objects.filter(issue_id__in=ids, public=True).select_related("issue").order_by("at", "id")
    events = list(rows)
    voices = _voices({event.issue_id for event in events if event.verb == "merge"})
    for event in events:
        if event.verb == "merge":
            entry = _merged(event) if voices[event.issue_id] >= policy.LEAST_PUBLIC else None
        else:
            entry = _moved(event) if event.issue_id == issue.pk else None
        if entry:
            found.append(entry)
    return found + [_told(one) for one in bulletins_in(ids)]


def _voices(ids: set[int]) -> dict[int, int]:
    """How many say what went up in another issue: its rows stay with it."""
    return {pk: tally.voices for pk, tally in tallies(ids).items()} if ids else {}


def _told(bulletin: Bulletin) -> Entry:
    """What everybody concerned was told, in full."""
    words = heading(bulletin, get_language() or "id")
    return Entry(bulletin.sent_at or bulletin.made_at, words, Chapter.TOLD, note=bulletin.text)


def _merged(event: IssueEvent) -> Entry | None:
    """That another issue went up in this one, named only if everybody could know of it."""
    if Status(event.issue.status) not in CONFIRMED:
        return None
    words = _("Isu “%(title)s” digabung ke sini") % {"title": event.issue.title}
    return Entry(event.at, words, Chapter.MOVED, colour="blue")


def _moved(event: IssueEvent) -> Entry | None:
    status = Status(event.to_status) if event.to_status else None
    if status not in CONFIRMED:
        return None
    chapter = {Status.CONFIRMED: Chapter.CONFIRMED, Status.DISCUSSED: Chapter.DISCUSSED}.get(status, Chapter.MOVED)
    note = event.note if event.verb == "move" else ""
    return Entry(event.at, STATUS[status].word, chapter, note=note, colour=_COLOURS.get(status, "yellow"))
