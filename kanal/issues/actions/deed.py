"""The frame of every write to an issue: see `kanal.common.deed`."""

from datetime import datetime
from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from kanal.common.deed import Frame
from kanal.issues import policy
from kanal.issues.models import Issue, IssueEvent
from kanal.issues.policy import Doer
from kanal.issues.queries.counting import counted_rows
from kanal.issues.queries.ranked import ranking
from kanal.issues.signals import issue_changed
from kanal.issues.workflow import VERBS


class Deed(Frame[Issue, Doer]):
    """`with Deed("confirm", issue=issue, by=by) as deed:` changes `deed.issue`; leaving the block writes it all."""

    changed = _("Isu ini baru saja diubah orang lain. Lihat dulu keadaannya yang terbaru.")

    def __init__(
        self, verb: str, *, issue: Issue, by: Doer, version: int | None = None, at: datetime | None = None
    ) -> None:
        super().__init__(VERBS[verb], issue, by=by, version=version, at=at)

    @property
    def issue(self) -> Issue:
        """The issue under its lock."""
        return self.row

    def check(self) -> None:
        """Ask the policy."""
        policy.check(self.verb.name, self.by, self.issue)

    def tell(self) -> None:
        """Write the line of history with how the issue moved."""
        tell(self.issue, self.verb.name, by=self.by, at=self.at, before=self.before, note=self.note, data=self.data)


def tell(
    issue: Issue,
    verb: str,
    *,
    by: Doer,
    at: datetime,
    before: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write one line of an issue's history and tell the rooms above."""
    moved = before != issue.status
    IssueEvent.objects.create(
        issue=issue,
        verb=verb,
        at=at,
        user_id=by.user_id,
        public=VERBS[verb].public,
        from_status=before if moved else "",
        to_status=issue.status if moved else "",
        note=note,
        data=data or {},
    )
    ranking.clear()
    issue_changed.send(sender=Issue, issue=issue, verb=verb)


def see_again(issue: Issue) -> None:
    """Count anew when the issue was first and last told, from the reports that belong to it now; it is not saved."""
    rows = counted_rows().filter(issue=issue)
    seen = rows.aggregate(first=Min("report__received_at"), last=Max("report__received_at"))
    issue.first_seen, issue.last_seen = seen["first"], seen["last"]
