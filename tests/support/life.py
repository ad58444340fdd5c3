"""A report's life, for tests that look at what each step sends."""

from datetime import UTC, datetime

from kanal.reports import actions
from kanal.reports.actions import digest
from kanal.reports.models import Report, ReportTask
from tests.support.people import People

LONG_AGO = datetime(2026, 3, 2, 2, tzinfo=UTC)


class Life:
    """Everything that can happen to a report, each step bringing it where the step needs it."""

    def __init__(self, people: People, report: Report) -> None:
        self.people, self.report = people, report
        self.kun, self.oki, self.heni = (people.doing(user) for user in (people.kun, people.oki, people.heni))

    def receipt(self) -> None:
        actions.file_report(actions.Filing(body="Lampu padam.", submission="b", email="budi@contoh.id"))

    def assigned(self) -> None:
        actions.assign(report=self.report, agency=self.people.roads, by=self.kun)

    new_case = assigned

    def returned(self) -> None:
        self.assigned()
        actions.return_(report=self.report, by=self.oki, reason="other_agency")

    def recalled(self) -> None:
        self.assigned()
        actions.recall(report=self.report, by=self.kun)

    def archived(self) -> None:
        actions.archive(report=self.report, by=self.kun, reason="no_reply")

    def merged(self) -> None:
        main = actions.file_report(actions.Filing(body="Lubang besar di tikungan Jono.", submission="utama"))
        actions.merge(report=self.report, into=main, by=self.kun)

    def started(self) -> None:
        self.assigned()
        actions.start(report=self.report, by=self.oki)

    def question(self) -> None:
        self.assigned()
        actions.ask_info(report=self.report, by=self.oki, question="Di mana?")

    def reply(self) -> None:
        self.assigned()
        actions.reply(report=self.report, text="Ini fotonya.")

    def escalated(self) -> None:
        self.assigned()
        actions.escalate(report=self.report, by=self.oki)

    def rapid(self) -> None:
        actions.flag_rapid(report=self.report, by=self.kun, reason="")

    def approval(self) -> None:
        self.assigned()
        actions.draft_answer(report=self.report, by=self.oki, text="Sudah ditambal.")
        actions.submit_answer(report=self.report, by=self.oki)

    def answered(self) -> None:
        self.approval()
        actions.approve_answer(report=self.report, by=self.heni)
        actions.publish_answer(report=self.report, by=self.oki)

    def reopen_asked(self) -> None:
        self.answered()
        actions.ask_reopen(report=self.report, note="Masih berlubang.")

    def reopened(self) -> None:
        self.reopen_asked()
        actions.reopen(report=self.report, by=self.kun)

    def reopen_declined(self) -> None:
        self.reopen_asked()
        actions.decline_reopen(report=self.report, by=self.kun, note="Sudah beres 100%.")

    def identity_opened(self) -> None:
        Report.objects.filter(pk=self.report.pk).update(anonymous=True)
        self.report.refresh_from_db()
        actions.open_identity(report=self.report, by=self.kun, reason="Perlu ditelepon.")

    def task(self) -> None:
        self.assigned()
        actions.split(report=self.report, by=self.oki, instruction="Pasang rambu.", agency=self.people.transport)
        actions.split(
            report=self.report, by=self.oki, instruction="Geser.", partner_name="PLN", partner_email="pln@contoh.id"
        )

    def task_answered(self) -> None:
        self.task()
        task = ReportTask.objects.get(agency=self.people.transport)
        actions.answer_task(task=task, by=self.people.doing(self.people.dewi), text="Sudah dipasang.")

    def confirm_follow(self) -> None:
        actions.follow(report=self.report, email="wati@contoh.id")

    def content_flagged(self) -> None:
        actions.flag_content(report=self.report, reason="Ada nama orang.")

    def digest(self) -> None:
        self.assigned()
        Report.objects.update(due_on=LONG_AGO.date())
        digest.send_digest(at=LONG_AGO)

    def calendar(self) -> None:
        digest.warn_of_calendar(at=datetime(2027, 11, 1, tzinfo=UTC))
