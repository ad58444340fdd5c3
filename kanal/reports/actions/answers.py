"""An answer's way from draft to the public: with a second pair of eyes where the agency wants it."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Membership
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions import notices
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.handling import begin
from kanal.reports.actions.notices import Notice
from kanal.reports.models import Answer, Report
from kanal.reports.policy import Doer
from kanal.reports.queries.fit_for_all import fit_for_all
from kanal.reports.signals import report_answered
from kanal.reports.workflow import Clock, Who

PLACEHOLDER = re.compile(r"\{[a-z_]{1,30}\}")


@transaction.atomic
def draft_answer(
    *,
    report: Report,
    by: Doer,
    text: str,
    promised_on: date | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Answer:
    """Write or rewrite the answer in the making; rewriting a submitted or approved one makes it a draft again."""
    if not text.strip():
        raise Refused(_("Jawaban masih kosong."), status=400)
    with Deed("draft_answer", report=report, by=by, version=version, at=at) as deed:
        answer = _in_the_making(deed.report) or Answer(report=deed.report)
        answer.agency_id = reference().id_today(deed.report.agency_id)
        answer.text, answer.promised_on = text, promised_on
        answer.state, answer.author_id, answer.approver = Answer.State.DRAFT, by.user_id, None
        answer.save()
    return answer


@transaction.atomic
def submit_answer(
    *, report: Report, by: Doer, version: int | None = None, at: datetime | None = None, tells: bool = True
) -> Answer:
    """Lay the draft before the agency's head. Raises Refused while a placeholder such as {tanggal} is unfilled.

    `tells` False: the head knows of it already.
    """
    with Deed("submit_answer", report=report, by=by, version=version, at=at) as deed:
        answer = _required(deed.report, Answer.State.DRAFT)
        refuse_placeholders(answer.text)
        answer.state = Answer.State.SUBMITTED
        answer.save()
    notice = Notice(
        "approval",
        gettext_lazy("Jawaban laporan %(code)s menunggu persetujuan Anda"),
        gettext_lazy("Ada jawaban yang perlu Anda setujui."),
    )
    if tells:
        notices.tell_agency(report, notice, roles=[Membership.Role.SUPERVISOR])
    return answer


@transaction.atomic
def approve_answer(*, report: Report, by: Doer, version: int | None = None, at: datetime | None = None) -> Answer:
    """The second pair of eyes. Raises Refused for one's own draft: nobody approves themselves."""
    with Deed("approve_answer", report=report, by=by, version=version, at=at) as deed:
        answer = _required(deed.report, Answer.State.SUBMITTED)
        if answer.author_id == by.user_id:
            raise Refused(_("Jawaban Anda sendiri harus disetujui orang lain."), status=403, code="own_answer")
        answer.state, answer.approver_id = Answer.State.APPROVED, by.user_id
        answer.save()
    return answer


@transaction.atomic
def send_back_answer(
    *, report: Report, by: Doer, note: str, version: int | None = None, at: datetime | None = None
) -> Answer:
    """The head wants it otherwise: back to draft, with a reason for the author."""
    with Deed("approve_answer", report=report, by=by, version=version, at=at) as deed:
        answer = _required(deed.report, Answer.State.SUBMITTED)
        answer.state, deed.note, deed.data = Answer.State.DRAFT, note, {"sent_back": True}
        answer.save()
    return answer


@transaction.atomic
def publish_answer(
    *, report: Report, by: Doer, version: int | None = None, at: datetime | None = None, tells: bool = True
) -> Answer:
    """Send the answer to the reporter and, masked, to the public page.

    Meets the follow-up and settlement clocks and opens the reporter's ten days. `tells` False: who does it writes to
    the reporter and the followers in other words. Raises Refused while the agency's two-eye step is missing.
    """
    with Deed("publish_answer", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        if subject.agency_id is None and Who.COORDINATOR in policy.capacities(by, subject):
            raise Refused(_("Teruskan dulu ke satu dinas, supaya jelas siapa yang menjawab."), code="no_agency")
        answer = _publishable(subject, by)
        refuse_placeholders(answer.text)
        answer.public_text = fit_for_all(answer.text, subject)
        answer.agency_id = reference().id_today(answer.agency_id)
        answer.state, answer.published_at = Answer.State.PUBLISHED, deed.at
        answer.save()
        deed.clocks.resume_all()
        begin(deed)
        subject.verified_at = subject.verified_at or deed.at
        subject.answered_at, subject.reopen_asked_at = deed.at, None
        deed.clocks.meet(Clock.VERIFY, Clock.SETTLE)
        deed.clocks.void(Clock.INFO_WAIT)
        deed.clocks.open(Clock.REPLY)
        deed.data = {"answer": answer.pk}
    report_answered.send(sender=Report, report=report, answer=answer)
    notice = Notice(
        "answered",
        gettext_lazy("Laporan %(code)s sudah dijawab"),
        gettext_lazy(
            "Jawaban %(agency)s:\n\n%(answer)s\n\n"
            "Belum beres? Katakan dalam 10 hari kerja lewat tautan di bawah, laporan bisa dibuka lagi."
        ),
        agency=answer.agency.name if answer.agency else reference().regency.name,
        answer=answer.public_text,
    )
    if tells:
        notices.tell_followers(report, notice)
    return answer


def _publishable(report: Report, by: Doer) -> Answer:
    answer = _in_the_making(report)
    if answer is None:
        raise Refused(_("Belum ada jawaban yang ditulis."), code="no_answer")
    agency = reference().agency_today(report.agency_id)
    if agency and agency.two_eyes and answer.state != Answer.State.APPROVED:
        raise Refused(_("Jawaban ini perlu disetujui atasan dulu."), code="two_eyes")
    if by.user_id == answer.author_id and answer.state == Answer.State.SUBMITTED:
        raise Refused(_("Jawaban ini sedang menunggu persetujuan."), code="two_eyes")
    return answer


def refuse_placeholders(text: str) -> None:
    """Raise Refused naming the first placeholder that nobody filled."""
    left = PLACEHOLDER.search(text)
    if left:
        raise Refused(
            _("%(word)s belum diisi. Tulis isinya, misalnya “Kamis, 26 November”.") % {"word": left.group()},
            status=400,
            code="placeholder",
        )


def _in_the_making(report: Report) -> Answer | None:
    return Answer.objects.select_for_update().filter(report=report).exclude(state=Answer.State.PUBLISHED).first()


def _required(report: Report, state: Answer.State) -> Answer:
    answer = _in_the_making(report)
    if answer is None or answer.state != state:
        raise Refused(_("Jawaban tidak (lagi) dalam tahap “%(state)s”.") % {"state": state.label}, code="answer_state")
    return answer
