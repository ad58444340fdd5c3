"""The frame of every write: one lock, one permission check, one line of history.

The transaction is the verb's own (`@transaction.atomic`).
"""

from datetime import datetime
from types import TracebackType
from typing import Any, Self

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.refusal import refuse_stale
from kanal.issues import policy
from kanal.issues.models import Issue, IssueEvent, IssueReport
from kanal.issues.policy import Doer
from kanal.issues.queries.ranked import ranking
from kanal.issues.signals import issue_changed
from kanal.issues.workflow import VERBS


class Deed:
    """`with Deed("confirm", issue=issue, by=by) as deed:` changes `deed.issue`; leaving the block writes it all.

    The verb's permission and starting status are checked under the row's lock; its target status is set on the way out.
    `version` is what the person saw: when somebody else was faster the deed is refused, and when it was the same person
    doing the same thing (a double click) `Refused.code` is "repeated" and the page may call it done.
    Raises Refused; nothing is written then.
    """

    def __init__(
        self, verb: str, *, issue: Issue, by: Doer, version: int | None = None, at: datetime | None = None
    ) -> None:
        self.verb = VERBS[verb]
        self.by = by
        self.at = at or timezone.now()
        self.note = ""
        self.data: dict[str, Any] = {}
        self.target = self.verb.to
        self._version = version
        self._given = issue

    def __enter__(self) -> Self:
        self.issue = Issue.objects.select_for_update().get(pk=self._given.pk)
        self._check()
        self.before = self.issue.status
        return self

    def _check(self) -> None:
        changed = _("Isu ini baru saja diubah orang lain. Lihat dulu keadaannya yang terbaru.")
        refuse_stale(self.issue, seen=self._version, verb=self.verb.name, user_id=self.by.user_id, changed=changed)
        policy.check(self.verb.name, self.by, self.issue)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._write()

    def _write(self) -> None:
        issue = self.issue
        if self.target is not None:
            issue.status = self.target
        issue.version += 1
        issue.save()
        tell(issue, self.verb.name, by=self.by, at=self.at, before=self.before, note=self.note, data=self.data)
        self._given.__dict__.update(issue.__dict__)


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
    rows = IssueReport.objects.filter(policy.counted("report__"), issue=issue, belongs=True)
    seen = rows.aggregate(first=Min("report__received_at"), last=Max("report__received_at"))
    issue.first_seen, issue.last_seen = seen["first"], seen["last"]
