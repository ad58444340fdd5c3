# ruff: noqa: PLR2004  # shares of an invented world, and the dice that decide in it
"""What happens to an invented report after it came in, step by step, up to the present moment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from kanal.agencies.models import Membership
from kanal.common.formats import INDONESIAN
from kanal.reports.actions.bulk_load import Story
from kanal.reports.actions.clocks import nearest
from kanal.reports.demo import words, writing
from kanal.reports.demo.office import Office
from kanal.reports.demo.record import By, NotYet, Record
from kanal.reports.demo.scenes import Scene
from kanal.reports.models import Answer, Reason
from kanal.reports.queries.reference import ReportReference
from kanal.reports.workflow import NEVER, Clock, Status

_ARCHIVE_REASONS = ("incomplete", "too_general", "spam", "out_of_scope", "irrelevant", "duplicate_elsewhere")
_RETURN_REASONS = ("other_agency", "village", "several_agencies", "unclear", "province")
_CAUSES = ("natural_wear", "weather", "maintenance", "budget", "contractor", "residents", "equipment", "data_mismatch")
_STARS, _STAR_WEIGHTS = (5, 4, 3, 2, 1), (45, 27, 12, 9, 7)
_CONTENT = 4  # stars from which a rating is a good one
_LONGEST_DAYS = 30
_LATEST = 38
"""Working days past a deadline at which somebody at last sees to it; nothing of the invented world lies for months."""
_RAPID_DAYS = 2
_STALLED = 0.024


def _said(day: date) -> str:
    """A day in the words of a stored text, which never leave out the year."""
    return f"{day.day} {INDONESIAN.months[day.month - 1]} {day.year}"


@dataclass(frozen=True)
class Staff:
    """The accounts that did it, by (role, agency); agencies without demo accounts act without a name."""

    accounts: dict[tuple[str, int | None], int]

    def who(self, role: str, agency_id: int | None = None) -> int | None:
        """The account of a role, if the demo has one."""
        return self.accounts.get((role, agency_id))


@dataclass(frozen=True)
class World:
    """What is the same for every report of a run."""

    office: Office
    reference: ReportReference
    staff: Staff
    slowness: dict[int, float]

    def known(self, use: str, codes: tuple[str, ...]) -> list[Reason]:
        """Those of the wanted reasons that the pack has; its own first ones where it has none of them."""
        mine = self.reference.reasons_for(use)
        return [reason for reason in mine if reason.code in codes] or mine[:3]


class Life:
    """The life of one report. `until` ends it early in a chosen state, for showing that state."""

    def __init__(
        self, world: World, rng: Random, story: Story, scene: Scene, *, main: Story | None = None, until: str = ""
    ) -> None:
        self.world, self.rng, self.scene, self.main, self.until = world, rng, scene, main, until
        self.record = Record(world.office, story, story.report["received_at"])
        self.row = story.report
        self.coordinator = world.staff.who(Membership.Role.COORDINATOR)
        self.agency: int | None = scene.category.default_agency_id
        self.rapid = self.row["urgency"] == 0

    def run(self) -> None:
        """Live until now."""
        try:
            self._received()
            if self.row["kind"] == "whistleblowing":
                self._in_confidence()
            else:
                self._in_the_open()
        except NotYet:
            pass
        due = self._owed()
        if due:
            self._climbs(due, self.world.office.now)
        self.record.finish()

    def _stop_at(self, state: str) -> None:
        if self.until == state:
            raise NotYet

    def _chance(self, share: float) -> bool:
        """Luck, except in a story that is to end in a chosen state."""
        return self.rng.random() < share and not self.until

    def _later(self, mean: float, most: int = _LONGEST_DAYS) -> None:
        """The next deed, so many working days later on average; at once where life or limb is in danger.

        What is to be shown in a state must reach it: its steps take two days at most.
        """
        if self.until:
            mean, most = min(mean, 1.0), 2
        elif self.rapid:
            mean, most = mean / 4, min(most, _RAPID_DAYS)
        self._after(min(int(self.rng.expovariate(1 / mean)), most))

    def _after(self, days: int) -> None:
        """The next deed in so many working days. What falls due before it climbs to the head in between."""
        record, office = self.record, self.world.office
        at = office.after(self.rng, record.at, days)
        due = self._owed()
        if due and office.day(at) > due:
            latest = office.after(self.rng, office.midnight(due), _LATEST)
            at = min(at, max(latest, record.at))
            self._climbs(due, at)
        record.reach(at)

    def _owed(self) -> date | None:
        """The next day by which the government owes something."""
        due, _kind = nearest(list(self.record.running.values()), self.row["status"])
        return due if due != NEVER else None

    def _received(self) -> None:
        by_staff = self.row["medium"] in {"phone", "letter", "visit"}
        record = self.record
        record.tell(
            "receive",
            By.STAFF if by_staff else By.REPORTER,
            user=self.coordinator if by_staff else None,
            data={"medium": self.row["medium"]},
        )
        record.story.events[0]["to_status"] = Status.RECEIVED.value
        record.open(Clock.VERIFY)
        record.open(Clock.SETTLE)
        self._stop_at("received")

    # In confidence: the Inspektorat alone ---------------------------------------------------------------------------

    def _in_confidence(self) -> None:
        inspector = self.world.staff.who(Membership.Role.INSPECTOR)
        self._later(6)
        if self._chance(0.3):
            self.record.tell("note", user=inspector, note="Bukti permulaan sedang dikumpulkan.")
        self._later(18)
        if self._chance(0.2):
            self._archive("legal_case", inspector)
            return
        self._publish(inspector, None)
        self._wait_for_the_reporter()

    # In the open ----------------------------------------------------------------------------------------------------

    def _in_the_open(self) -> None:
        self._later(0.9, 9)
        if self.main and self._chance(0.75):
            self._merge(self.main)
        elif self._chance(0.04):
            self._archive(self.rng.choice(self.world.known(Reason.Use.ARCHIVE, _ARCHIVE_REASONS)).code)
        elif self._chance(0.01):
            self._withdrawn()
        elif self.agency:
            self._assign()
            self._stop_at("assigned")
            self._handled()

    def _merge(self, main: Story) -> None:
        record = self.record
        record.story.merged_into = main
        self.row["closed_at"], self.row["published"] = record.at, False
        record.void_all()
        code = main.report["tracking_code"]
        record.tell("merge", user=self.coordinator, to=Status.MERGED, data={"into": code})
        main.report["supporters_count"] = main.report.get("supporters_count", 0) + 1
        mine = self.row["tracking_code"]
        joined = {"verb": "merged_here", "at": record.at, "by": By.STAFF, "user_id": self.coordinator}
        main.events.append(joined | {"data": {"from": mine}})

    def _archive(self, code: str, user: int | None = None, by: str = By.STAFF) -> None:
        reason = self.world.reference.reasons.get((Reason.Use.ARCHIVE, code))
        self.row |= {"archive_reason": code, "closed_at": self.record.at, "published": False}
        self.record.void_all()
        self.record.tell(
            "archive",
            by,
            user=user if by == By.SYSTEM else user or self.coordinator,
            to=Status.ARCHIVED,
            data={"reason": code, "reason_name": reason.name if reason else code},
        )

    def _withdrawn(self) -> None:
        self.row |= {"archive_reason": "withdrawn", "closed_at": self.record.at, "published": False}
        self.record.void_all()
        self.record.tell("withdraw", By.REPORTER, to=Status.ARCHIVED, note="Sudah beres sendiri, terima kasih.")

    def _assign(self) -> None:
        record, agency = self.record, self.agency
        self.row |= {"agency_id": agency, "officer_id": None, "returned_by_id": None}
        if self.row.get("verified_at") is None:
            self.row["verified_at"] = record.at
            self.row["published"] = not self.row["secret"] and (bool(self.until) or self.rng.random() < 0.97)
        record.meet(Clock.VERIFY)
        record.open(Clock.FOLLOW_UP, agency_id=agency)
        facts = self.world.office.facts.agencies.get(agency or 0)
        name = facts.name if facts else ""
        data = {"agency": agency, "agency_name": name, "why": ""}
        record.tell("assign", user=self.coordinator, to=Status.ASSIGNED, data=data)

    def _returned(self) -> None:
        """Not ours, says the agency; the coordinator looks again and finds whose it is."""
        self._later(1.5, 8)
        reason = self.rng.choice(self.world.known(Reason.Use.RETURN, _RETURN_REASONS))
        data = {"reason": reason.code, "reason_name": reason.name, "agency": self.agency}
        self.row |= {"returned_by_id": self.agency, "agency_id": None, "officer_id": None}
        self.record.void(Clock.FOLLOW_UP)
        self.record.open(Clock.VERIFY)
        self.record.tell("return_", user=self._officer(), to=Status.RECEIVED, data=data)
        self._stop_at("returned")
        self._later(1.0, 6)
        self._assign()

    def _officer(self) -> int | None:
        return self.world.staff.who(Membership.Role.OFFICER, self.agency)

    def _handled(self) -> None:
        if self.until == "returned" or self._chance(0.04):
            self._returned()
        if self._stalls():
            self._after(self.rng.randrange(6, 36))
        slow = self.world.slowness.get(self.agency or 0, 1.0)
        self._later(2.1 * slow)
        self._start()
        if self.until == "needs_info" or (self._chance(0.035) and not self.rapid):
            self._asked()
            if self.row["status"] == Status.ARCHIVED:
                return
        if self._chance(0.1):
            self.record.tell("note", user=self._officer(), note=self.rng.choice(words.NOTES))
        self._stop_at("in_progress")
        if self._stalls():
            self._after(self.rng.randrange(12, 44))
        self._later(4.6 * slow)
        self._answered()

    def _stalls(self) -> bool:
        """Whether it lies untouched for weeks: these are the ones that climb to the head."""
        return self._chance(_STALLED) and not self.rapid

    def _start(self) -> None:
        self.row["started_at"] = self.row.get("started_at") or self.record.at
        self.row["officer_id"] = self._officer()
        self.record.meet(Clock.FOLLOW_UP)
        self.record.tell("start", user=self._officer(), to=Status.IN_PROGRESS)

    def _asked(self) -> None:
        record, office = self.record, self.world.office
        self._later(0.5, 3)
        record.pause_all()
        record.open(Clock.INFO_WAIT)
        record.tell("ask_info", user=self._officer(), to=Status.NEEDS_INFO, note=self.rng.choice(words.QUESTIONS))
        self._stop_at("needs_info")
        if self.rng.random() < 0.35:
            record.reach(office.night_after(self.rng, record.running[Clock.INFO_WAIT].due_on))
            self._archive("no_reply", by=By.SYSTEM)
            return
        self._later(2.5, 8)
        record.meet(Clock.INFO_WAIT)
        record.resume_all()
        note = self.rng.choice(words.REPLIES)
        record.tell("reply", By.REPORTER, to=Status.IN_PROGRESS, note=note, data={"photos": 0})

    # Answers --------------------------------------------------------------------------------------------------------

    def _answered(self) -> None:
        """Drafted, laid before the head, approved, published."""
        record, minutes = self.record, timedelta(minutes=20 + self.rng.randrange(90))
        head = self.world.staff.who(Membership.Role.SUPERVISOR, self.agency)
        answer = self._draft()
        for state, verb, user in (
            ("submitted", "submit_answer", self._officer()),
            ("approved", "approve_answer", head),
        ):
            self._stop_at("draft" if state == "submitted" else "submitted")
            record.reach(record.at + minutes)
            answer["state"], answer["changed_at"] = state, record.at
            record.tell(verb, user=user)
        answer["approver_id"] = head
        self._stop_at("approved")
        record.reach(record.at + minutes)
        self._published(answer, self._officer())
        self._stop_at("answered")
        if self.until == "reopen_asked":
            self._later(1)
            self._reopening()
        self._wait_for_the_reporter()

    def _draft(self) -> dict[str, object]:
        user = self._officer()
        text = writing.answer(self.rng, self.scene, _said(self.world.office.day(self.record.at)))
        answer = {"agency_id": self.row.get("agency_id"), "text": text, "state": Answer.State.DRAFT.value}
        answer |= {"author_id": user, "changed_at": self.record.at}
        self.record.story.answers.append(answer)
        self.record.tell("draft_answer", user=user)
        return answer

    def _publish(self, user: int | None, approver: int | None) -> None:
        """The short way: one who needs no second pair of eyes."""
        answer = self._draft()
        answer["author_id"], answer["approver_id"] = user, approver
        self._published(answer, user)

    def _published(self, answer: dict[str, object], user: int | None) -> None:
        record, row = self.record, self.row
        answer |= {"state": Answer.State.PUBLISHED.value, "public_text": answer["text"]}
        answer |= {"published_at": record.at, "changed_at": record.at}
        row["started_at"] = row.get("started_at") or record.at
        row["verified_at"] = row.get("verified_at") or record.at
        row["answered_at"], row["reopen_asked_at"] = record.at, None
        record.meet(Clock.FOLLOW_UP, Clock.VERIFY, Clock.SETTLE)
        record.void(Clock.INFO_WAIT)
        record.open(Clock.REPLY)
        number = record.story.answers.index(answer)
        record.tell("publish_answer", user=user, to=Status.ANSWERED, answer_no=number)

    def _wait_for_the_reporter(self) -> None:
        """Ten working days: a rating, a "belum selesai", an officer who closes, or silence."""
        luck = self.rng.random()
        if self.row["kind"] != "whistleblowing" and luck < 0.33:
            self._later(2.5, 7)
            self._rated()
        elif luck < 0.45:
            self._later(2, 7)
            self._close(By.STAFF, self._officer(), self.rng.choice(self.world.known(Reason.Use.CAUSE, _CAUSES)).code)
        if self.row["status"] == Status.ANSWERED:
            due = self.record.running[Clock.REPLY].due_on
            self.record.reach(self.world.office.night_after(self.rng, due))
            self._close(By.SYSTEM)

    def _close(self, by: str, user: int | None = None, cause: str = "") -> None:
        self._finish(cause)
        self.record.tell("close", by, user=user, to=Status.CLOSED)

    def _finish(self, cause: str = "") -> None:
        self.row |= {"closed_at": self.record.at, "closing_cause": cause}
        self.record.meet(Clock.REPLY)
        self.record.void_all()

    def _rated(self) -> None:
        stars = self.rng.choices(_STARS, _STAR_WEIGHTS)[0]
        use = Reason.Use.SATISFIED if stars >= _CONTENT else Reason.Use.UNSATISFIED
        reason = self.rng.choice(self.world.reference.reasons_for(use))
        comment = self.rng.choice(words.COMMENTS) if stars >= _CONTENT else ""
        rating = {"stars": stars, "reasons": [reason.code], "comment": comment, "at": self.record.at}
        self.record.story.feedback = rating
        data = {"stars": stars, "reasons": [reason.code]}
        if stars >= _CONTENT:
            self._finish()
            self.record.tell("feedback", By.REPORTER, to=Status.CLOSED, data=data)
            return
        self.record.tell("feedback", By.REPORTER, data=data)
        if reason.reopens and not self.record.story.answers[1:]:
            self._reopening()

    def _reopening(self) -> None:
        record = self.record
        record.reach(record.at + timedelta(minutes=3))
        self.row["reopen_asked_at"] = record.at
        record.open(Clock.REPLY)
        record.tell("ask_reopen", By.REPORTER, note=self.rng.choice(words.STILL_WRONG))
        self._stop_at("reopen_asked")
        self._later(1.2, 5)
        self.row["reopen_asked_at"] = None
        if self.rng.random() < 0.35:
            record.tell("decline_reopen", user=self.coordinator, note=self.rng.choice(words.DECLINED))
            return
        record.void(Clock.REPLY)
        record.open(Clock.FOLLOW_UP, agency_id=self.row["agency_id"])
        record.open(Clock.SETTLE)
        record.tell("reopen", user=self.coordinator, to=Status.IN_PROGRESS)
        self._later(4)
        self._answered()

    # Lateness -------------------------------------------------------------------------------------------------------

    def _climbs(self, due: date, until: datetime) -> None:
        """Overdue before `until`: it climbed to the head the night after its last day, once, as the sweep does it."""
        if self.row.get("escalated_at") is not None or due >= self.world.office.day(until):
            return
        office, record = self.world.office, self.record
        night = max(office.night_after(self.rng, due), record.at + timedelta(minutes=1))
        if night < min(until, office.now):
            record.at = self.row["escalated_at"] = night
            record.tell("escalate", By.SYSTEM)
