"""An issue with reports whose reporters can be reached: written straight into the tables."""

from typing import Any

from kanal.agencies.queries import actor_of
from kanal.channels.actions import add_address
from kanal.channels.models import Address, Contact, Medium, Outbound
from kanal.issues import actions, policy
from kanal.issues.actions import Said, Words
from kanal.issues.actions.spreading import spread
from kanal.issues.models import Bulletin, Issue
from kanal.issues.policy import Doer
from kanal.issues.queries.concerned import concerned
from kanal.issues.workflow import BulletinKind
from kanal.reports.models import Follower, Report
from tests.support.issues import tell
from tests.support.people import People

ANSWER = "Lubang ditambal mulai Kamis, 26 November, dari pertigaan ke balai desa."


def citizen(number: int, medium: Medium = Medium.EMAIL) -> Address:
    """Somebody with one address that takes messages."""
    handle = f"warga{number}@contoh.id" if medium == Medium.EMAIL else f"+62812000{number:05}"
    return add_address(contact=Contact.objects.create(), medium=medium, handle=handle)


def reported(address: Address, number: int, **more: Any) -> Report:
    """A report of theirs, of which they are told."""
    (report,) = tell(1, first=number, **{"contact": address.contact, "published": True, **more})
    follows(address, report, reporter=True)
    return report


def follows(address: Address, report: Report, *, reporter: bool = False) -> Follower:
    """They hear of a report."""
    return Follower.objects.create(report=report, address=address, reporter=reporter, confirmed_at=report.received_at)


def issue_of(people: People, *reports: Report) -> Issue:
    """A confirmed issue, led by the roads agency."""
    kun = policy.person(actor_of(people.kun))
    return actions.found(said=Said(title="Jalan berlubang di Jono", agency=people.roads), reports=reports, by=kun)


def drafted(people: People, issue: Issue, *, text: str = ANSWER, as_answer: bool = False) -> Bulletin:
    """Oki, an officer of the roads agency, writes to all."""
    words = Words(BulletinKind.ANSWER, text, as_answer)
    by = policy.person(actor_of(people.oki))
    return actions.draft_bulletin(issue=issue, agency=people.roads, words=words, by=by)


def seal(bulletin: Bulletin) -> str:
    """What the preview shows now."""
    fresh = Bulletin.objects.select_related("issue").get(pk=bulletin.pk)
    return concerned(fresh).seal(fresh)


def send(bulletin: Bulletin, by: Doer) -> None:
    """One look, one click, and all the worker does then."""
    actions.send_bulletin(bulletin=bulletin, seen=seal(bulletin), by=by)
    while spread(lambda: True):
        pass
    bulletin.refresh_from_db()


def messages() -> dict[str, str]:
    """The body of each message, by whom it goes to."""
    rows = Outbound.objects.filter(purpose="bulletin").select_related("address")
    return {row.address.handle: row.body for row in rows if row.address}
