"""The frame of every write: one lock, one permission check, one line of history, one new due date.

The transaction is the verb's own (`@transaction.atomic`), so that its notices are in it too.
"""

from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.refusal import refuse_stale
from kanal.reports import policy
from kanal.reports.actions.clocks import Clocks
from kanal.reports.models import Report, ReportEvent
from kanal.reports.policy import Doer
from kanal.reports.signals import report_changed
from kanal.reports.workflow import VERBS


class Deed:
    """`with Deed("start", report=report, by=by) as deed:` changes `deed.report`; leaving the block writes it all.

    The verb's permission and starting status are checked under the row's lock; its target status is set on the way out.
    `version` is what the person saw: when somebody else was faster the deed is refused, and when it was the same person
    doing the same thing (a double click) `Refused.code` is "repeated" and the page may call it done.
    Raises Refused; nothing is written then.
    """

    def __init__(
        self, verb: str, *, report: Report, by: Doer, version: int | None = None, at: datetime | None = None
    ) -> None:
        self.verb = VERBS[verb]
        self.by = by
        self.at = at or timezone.now()
        self.note = ""
        self.data: dict[str, Any] = {}
        self.public = self.verb.public
        self.target = self.verb.to
        self._id = report.pk
        self._version = version
        self._given = report

    def __enter__(self) -> Self:
        self.report = Report.objects.select_for_update().get(pk=self._id)
        self._check()
        self.before = self.report.status
        return self

    def _check(self) -> None:
        changed = _("Laporan ini baru saja diubah orang lain. Lihat dulu keadaannya yang terbaru.")
        refuse_stale(self.report, seen=self._version, verb=self.verb.name, user_id=self.by.user_id, changed=changed)
        policy.check(self.verb.name, self.by, self.report)

    @cached_property
    def clocks(self) -> Clocks:
        """The report's unfinished clocks; what the deed changes in them is written on the way out."""
        return Clocks(self.report, self.at)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._write()

    def _write(self) -> None:
        report = self.report
        if self.target is not None:
            report.status = self.target
        if "clocks" in self.__dict__:
            self.clocks.write()
        report.version += 1
        report.save()
        ReportEvent.objects.create(
            report=report,
            verb=self.verb.name,
            at=self.at,
            by=self.by.by,
            user_id=self.by.user_id,
            public=self.public,
            from_status=self.before if self.before != report.status else "",
            to_status=report.status if self.before != report.status else "",
            note=self.note,
            data=self.data,
        )
        report_changed.send(sender=Report, report=report, verb=self.verb.name)
        self._given.__dict__.update(report.__dict__)
