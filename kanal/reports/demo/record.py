"""The notebook of one invented report: its columns, history and clocks, kept as the verbs would have kept them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kanal.reports.actions.bulk_load import Story
from kanal.reports.actions.clocks import nearest
from kanal.reports.demo.office import Office
from kanal.reports.models import ReportClock, ReportEvent
from kanal.reports.workflow import VERBS, Clock, Kind, Status, allowance_kind

By = ReportEvent.By


class NotYet(Exception):  # noqa: N818  # the story simply has not come that far
    """The next step lies in the future."""


@dataclass(slots=True, eq=False)
class Record:
    """Writes down one deed after another; `reach` ends the story at the present moment."""

    office: Office
    story: Story
    at: datetime
    running: dict[str, ReportClock] = field(default_factory=dict)

    @property
    def row(self) -> dict[str, Any]:
        """The report's columns."""
        return self.story.report

    def reach(self, at: datetime) -> datetime:
        """Go to a moment; raises NotYet when it has not come. Nothing happens before what happened last."""
        if at >= self.office.now:
            raise NotYet
        self.at = max(at, self.at)
        return self.at

    def tell(
        self, verb: str, by: str = By.STAFF, *, user: int | None = None, to: Status | None = None, **more: Any
    ) -> None:
        """One line of history; `to` changes the status."""
        before = self.row["status"]
        if to is not None:
            self.row["status"] = to.value
        changed = to is not None and to.value != before
        rule = VERBS.get(verb)
        self.story.events.append(
            {
                "verb": verb,
                "at": self.at,
                "by": by,
                "user_id": user,
                "public": rule.public if rule else verb == "receive",
                "from_status": before if changed else "",
                "to_status": to.value if changed and to else "",
                **more,
            }
        )

    def open(self, clock: Clock, *, agency_id: int | None = None) -> None:
        """Start a clock; one of its kind that runs is voided."""
        self.void(clock)
        duty = allowance_kind(clock, Kind(self.row["kind"]), supervision=self.row["supervision"])
        fresh = self.office.clock(duty, self.at, agency_id)
        self.running[clock.value] = fresh
        self.story.clocks.append(fresh)

    def meet(self, *clocks: Clock) -> None:
        """Note duties as done."""
        for clock in clocks:
            found = self.running.pop(clock.value, None)
            if found:
                found.meet(self.at)

    def void(self, *clocks: Clock) -> None:
        """Stop duties that no longer apply."""
        for clock in clocks:
            found = self.running.pop(clock.value, None)
            if found:
                found.voided_at, found.paused_on = self.at, None

    def void_all(self) -> None:
        """Stop every duty."""
        self.void(*(Clock(kind) for kind in tuple(self.running)))

    def pause_all(self) -> None:
        """Let the days stand still."""
        for clock in self.running.values():
            clock.pause(self.office.day(self.at))

    def resume_all(self) -> None:
        """Let the days go on."""
        for clock in self.running.values():
            clock.resume(self.office.facts.calendar, self.office.day(self.at))

    def finish(self) -> None:
        """Set what the report's own columns say about its clocks and its last change."""
        row = self.row
        row["due_on"], row["due_clock"] = nearest(list(self.running.values()), row["status"])
        row["changed_at"] = self.story.events[-1]["at"]
        row["version"] = len(self.story.events)
