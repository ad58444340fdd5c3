"""What is read of bulletins: by the desk, by the public pages, by the rooms above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import Actor, reference
from kanal.channels.models import Outbound
from kanal.common.refusal import Refused
from kanal.issues import policy
from kanal.issues.models import Bulletin, BulletinRecipient, BulletinReport, Issue
from kanal.issues.queries.concerned import PURPOSE, reference_of
from kanal.issues.workflow import BULLETIN_KIND, LEFT_OUT, BulletinKind, BulletinStatus, LeftOut, Words

MOST_REFUSED = 50
SENT = (BulletinStatus.SENDING, BulletinStatus.STOPPED, BulletinStatus.SENT)
Box = Outbound.State
_State = BulletinRecipient.State


def heading(bulletin: Bulletin, language: str = "id") -> str:
    """The line above the text: who says what about which issue; English for those who chose it, else Indonesian."""
    agency = reference().told(bulletin.agency_id) or reference().regency.name
    with override("en" if language == "en" else "id"):
        lead = str(BULLETIN_KIND[BulletinKind(bulletin.kind)].lead)
    return lead % {"agency": agency, "issue": bulletin.issue.title}


def bulletins_in(issue_ids: Sequence[int]) -> QuerySet[Bulletin]:
    """What everybody concerned by these issues was told, the newest first: for everybody to read."""
    rows = Bulletin.objects.filter(issue_id__in=issue_ids, status__in=SENT)
    return rows.select_related("issue").order_by("-sent_at", "-pk")


def bulletins_for(actor: Actor, issue: Issue) -> list[Bulletin]:
    """The bulletins of an issue that somebody may open at the desk, the newest first."""
    rows = issue.bulletins.select_related("issue").order_by("-made_at", "-pk")
    return [one for one in rows if policy.sees_bulletin(actor, one)]


def bulletins_about(about: str) -> QuerySet[Bulletin]:
    """The bulletins that came from something in a room above ("promise:12"), without those given up."""
    return Bulletin.objects.filter(about=about).exclude(status=BulletinStatus.WITHDRAWN).order_by("-pk")


def bulletin_for(actor: Actor, bulletin_id: int) -> Bulletin:
    """One bulletin at the desk. Raises Refused (404) alike for what is missing and what is hidden."""
    rows = Bulletin.objects.select_related("issue", "issue__merged_into", "author", "sender")
    bulletin = rows.filter(pk=bulletin_id).first()
    if bulletin is None or not policy.sees_bulletin(actor, bulletin):
        raise Refused(_("Kabar itu tidak ditemukan."), status=404, code="hidden")
    return bulletin


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bulletin has come among the people and the reports."""

    people: int = 0
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    left_out: tuple[tuple[Words, int], ...] = ()
    reports: int = 0
    on_pages: int = 0
    answered: int = 0
    refused: int = 0
    reports_waiting: int = 0

    @property
    def done(self) -> int:
        """The share of the people for whom nothing is to be done, in percent."""
        return 100 if not self.people else 100 * (self.people - self.waiting) // self.people


def progress(bulletin: Bulletin) -> Progress:
    """How far it has come, in three queries."""
    listed: dict[tuple[str, str], int] = {
        (state, why): number
        for state, why, number in bulletin.recipients.values_list("state", "why").annotate(Count("pk")).order_by()
    }
    boxed = Outbound.objects.filter(reference=reference_of(bulletin), purpose=PURPOSE)
    box = dict(boxed.values_list("state").annotate(Count("pk")).order_by())
    handed, not_yet = listed.get((_State.HANDED, ""), 0), listed.get((_State.WAITING, ""), 0)
    failed = box.get(Box.FAILED, 0) + box.get(Box.GIVEN_UP, 0)
    on_the_way = box.get(Box.QUEUED, 0) + box.get(Box.SENDING, 0)
    return Progress(
        people=handed + not_yet,
        sent=max(handed - failed - on_the_way, 0),
        waiting=not_yet + on_the_way,
        failed=failed,
        left_out=tuple((LEFT_OUT[LeftOut(why)], number) for (_state, why), number in sorted(listed.items()) if why),
        **_on_reports(bulletin),
    )


def _on_reports(bulletin: Bulletin) -> dict[str, int]:
    """How many reports it concerns, stands on, answers; `refused` could not be answered and were told all the same."""
    refused = Count("pk", filter=~Q(refusal=""))
    rows = bulletin.reports.values("state").annotate(number=Count("pk"), refused=refused).order_by()
    told = list(rows)
    of: Mapping[str, int] = {row["state"]: row["number"] for row in told}
    return {
        "reports": sum(of.values()) - of.get(BulletinReport.State.LEFT_OUT, 0),
        "on_pages": of.get(BulletinReport.State.TOLD, 0) + of.get(BulletinReport.State.ANSWERED, 0),
        "answered": of.get(BulletinReport.State.ANSWERED, 0),
        "reports_waiting": of.get(BulletinReport.State.WAITING, 0),
        "refused": sum(row["refused"] for row in told),
    }


def refused_reports(bulletin: Bulletin) -> list[tuple[str, str]]:
    """Code and reason of the reports that could not be answered with it, at most MOST_REFUSED."""
    rows = bulletin.reports.exclude(refusal="").order_by("pk")
    return list(rows.values_list("report__tracking_code", "refusal")[:MOST_REFUSED])
