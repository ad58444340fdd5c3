"""The frame of every write to a report: see `kanal.common.deed`. Here the clocks join it, with one new due date."""

from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from kanal.common.deed import Frame
from kanal.reports import policy
from kanal.reports.actions.clocks import Clocks
from kanal.reports.models import Report, ReportEvent
from kanal.reports.policy import Doer
from kanal.reports.signals import report_changed
from kanal.reports.workflow import VERBS


class Deed(Frame[Report, Doer]):
    """`with Deed("start", report=report, by=by) as deed:` changes `deed.report`; leaving the block writes it all."""

    changed = _("Laporan ini baru saja diubah orang lain. Lihat dulu keadaannya yang terbaru.")

    def __init__(
        self, verb: str, *, report: Report, by: Doer, version: int | None = None, at: datetime | None = None
    ) -> None:
        super().__init__(VERBS[verb], report, by=by, version=version, at=at)
        self.public = VERBS[verb].public

    @property
    def report(self) -> Report:
        """The report under its lock."""
        return self.row

    def check(self) -> None:
        """Ask the policy."""
        policy.check(self.verb.name, self.by, self.report)

    @cached_property
    def clocks(self) -> Clocks:
        """The report's unfinished clocks; what the deed changes in them is written on the way out."""
        return Clocks(self.report, self.at)

    def settle(self) -> None:
        """Write the clocks, if the deed touched them: they say when the report is due."""
        if "clocks" in self.__dict__:
            self.clocks.write()

    def tell(self) -> None:
        """Write the line of history with who stood behind it."""
        moved = self.before != self.report.status
        ReportEvent.objects.create(
            report=self.report,
            verb=self.verb.name,
            at=self.at,
            by=self.by.by,
            user_id=self.by.user_id,
            public=self.public,
            from_status=self.before if moved else "",
            to_status=self.report.status if moved else "",
            note=self.note,
            data=self.data,
        )
        report_changed.send(sender=Report, report=self.report, verb=self.verb.name)
