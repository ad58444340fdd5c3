"""A report with several points: each point a task with its own clock, for an agency or an outside party."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import check_stands, reference, staff_of
from kanal.channels.actions import Message, address_for, queue
from kanal.channels.models import Address, Medium
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions import notices
from kanal.reports.actions.clocks import opened
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.notices import Notice
from kanal.reports.models import Report, ReportEvent, ReportTask
from kanal.reports.policy import Doer
from kanal.reports.workflow import Clock

LINK_DAYS = 14
ONE_PRESS = timedelta(minutes=5)
"""So soon nobody renews a link again on purpose."""
SALT = "reports.task"


@transaction.atomic
def split(
    *,
    report: Report,
    by: Doer,
    instruction: str,
    agency: Agency | None = None,
    partner_name: str = "",
    partner_email: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> ReportTask:
    """Give one point of a report to an agency or to an outside party, who gets a link that expires after 14 days.

    Raises Refused unless exactly one of the two is named and there is something to do.
    """
    if not instruction.strip():
        raise Refused(_("Tulis apa yang harus dikerjakan."), status=400)
    if (agency is None) == (not partner_name):
        raise Refused(_("Pilih satu: dinas, atau pihak luar."), status=400)
    if agency:
        check_stands(agency)
    with Deed("split", report=report, by=by, version=version, at=at) as deed:
        if agency:
            policy.stay_in_confidence(deed.report, agency)
        task = ReportTask.objects.create(
            report=deed.report,
            agency=agency,
            partner_name=partner_name,
            partner_email=partner_email,
            instruction=instruction,
            kind="task",
            **opened(Clock.FOLLOW_UP.value, deed.at),
            link_expires_at=deed.at + timedelta(days=LINK_DAYS) if partner_name else None,
            created_by_id=by.user_id,
        )
        deed.data = {"task": task.pk, "for": agency.name if agency else partner_name}
        deed.note = instruction
        _tell_doer(task)
    return task


def partner_link(task: ReportTask) -> str:
    """The signed address under which an outside party answers; it names the task and its expiry and nothing else."""
    return settings.BASE_URL + reverse("reports:partner", args=[signing.dumps(task.pk, salt=SALT)])


def task_from_token(token: str, *, at: datetime | None = None) -> ReportTask:
    """The task behind a partner's link. Raises Refused for a forged, expired or withdrawn one."""
    try:
        task = ReportTask.objects.select_related("report").get(pk=signing.loads(token, salt=SALT), agency=None)
    except (signing.BadSignature, ReportTask.DoesNotExist):
        raise Refused(_("Tautan ini tidak berlaku. Periksa apakah tersalin lengkap."), status=404) from None
    if task.link_expires_at is None or (at or timezone.now()) > task.link_expires_at:
        raise Refused(_("Tautan ini sudah kedaluwarsa. Minta tautan baru kepada petugas yang mengirimnya."), status=410)
    if task.state == ReportTask.State.CANCELLED:
        raise Refused(_("Tugas ini sudah dibatalkan. Anda tidak perlu menjawab lagi."), status=410)
    return task


def _tell_doer(task: ReportTask) -> None:
    """An outside party is written to as a contact, so that its address is encrypted like every other."""
    if task.partner_email:
        body = gettext_lazy(
            "%(what)s\n\nMohon dijawab paling lambat %(day)s lewat tautan ini, tanpa perlu akun:\n\n%(link)s\n"
        )
        address = address_for(medium=Medium.EMAIL, handle=task.partner_email, name=task.partner_name)
        # The day of expiry in the key: a renewed link is mailed again, a double click is not.
        until = f"{reference().today(task.link_expires_at)}" if task.link_expires_at else ""
        notice = _task_notice(task, body, partner_link(task))
        queue([_message(task, notice, f"{address.pk}:{until}", address=address)])
    elif task.agency_id:
        body = gettext_lazy("%(what)s\n\nPaling lambat %(day)s. %(link)s\n")
        notice = _task_notice(task, body, notices.desk_link(task.report))
        people = staff_of([task.agency_id], Membership.Role.OFFICER)
        queue(
            _message(task, notice, email, to_staff=email)
            for email in people.values_list("user__email", flat=True).distinct()
        )


def _task_notice(task: ReportTask, text: Promise, link: str) -> Notice:
    subject = gettext_lazy("Ada tugas dari laporan %(code)s")
    return Notice("task", subject, text, what=task.instruction, day=task.due_on, link=link)


def _message(
    task: ReportTask, notice: Notice, key: str, *, address: Address | None = None, to_staff: str = ""
) -> Message:
    subject, text = notice.written(task.report)
    return Message(
        purpose=notice.purpose,
        dedupe_key=f"task:{task.pk}:{key}",
        subject=subject,
        body=text,
        reference=task.report.tracking_code,
        address=address,
        to_staff=to_staff,
    )


@transaction.atomic
def answer_task(*, task: ReportTask, by: Doer, text: str, at: datetime | None = None) -> ReportTask:
    """The doer says what was done. Answering again replaces an answer not yet accepted.

    Raises Refused for somebody without the task, an empty answer, or a task that is already closed.
    """
    at = at or timezone.now()
    if not text.strip():
        raise Refused(_("Jawaban masih kosong."), status=400)
    task = ReportTask.objects.select_for_update().select_related("report").get(pk=task.pk)
    if by.by == ReportEvent.By.STAFF and task.agency_id not in by.actor.agencies:
        raise Refused(_("Tugas ini bukan untuk dinas Anda."), status=403, code="not_yours")
    if task.state not in {ReportTask.State.OPEN, ReportTask.State.ANSWERED}:
        raise Refused(_("Tugas ini sudah ditutup."))
    if (task.state, task.answer, task.answered_by_id) == (ReportTask.State.ANSWERED, text, by.user_id):
        return task  # a button pressed twice
    task.answer, task.answered_by_id, task.state = text, by.user_id, ReportTask.State.ANSWERED
    task.meet(at)
    task.save()
    ReportEvent.objects.create(
        report=task.report, verb="answer_task", at=at, by=by.by, user_id=by.user_id, note=text, data={"task": task.pk}
    )
    _tell_those_who_asked(task, at)
    return task


def _tell_those_who_asked(task: ReportTask, at: datetime) -> None:
    """Somebody must accept the answer: the officers of the case, else the coordinators or the Inspektorat.

    Once a day for each task, because its doer may correct the answer as often as they like.
    """
    report = task.report
    notice = Notice(
        "task_answered",
        gettext_lazy("Tugas dari laporan %(code)s sudah dijawab"),
        gettext_lazy("Baca jawabannya, lalu terima tugasnya."),
    )
    key = f"{task.pk}:{reference().today(at)}"
    if report.agency_id:
        notices.tell_agency(report, notice, roles=[Membership.Role.OFFICER], key=key)
    else:
        notices.tell_role(report, notice, Membership.Role.COORDINATOR, key=key)


@transaction.atomic
def renew_task(*, task: ReportTask, by: Doer, at: datetime | None = None) -> ReportTask:
    """An outside party's link opens again for 14 days; the same address serves, and is mailed once more if it can be.

    Raises Refused for others than the case's own people, a colleague's task (it has no link), or a finished one.
    """
    at = at or timezone.now()
    task = ReportTask.objects.select_for_update().select_related("report").get(pk=task.pk)
    policy.check("renew_task", by, task.report)
    if task.agency_id or task.state not in {ReportTask.State.OPEN, ReportTask.State.ANSWERED}:
        raise Refused(_("Tugas ini tidak punya tautan yang bisa diperpanjang."))
    until = at + timedelta(days=LINK_DAYS)
    if task.link_expires_at and abs(until - task.link_expires_at) < ONE_PRESS:
        return task  # a button pressed twice
    task.link_expires_at = until
    task.save(update_fields=["link_expires_at"])
    ReportEvent.objects.create(
        report=task.report,
        verb="renew_task",
        at=at,
        by=by.by,
        user_id=by.user_id,
        data={"task": task.pk, "until": reference().today(task.link_expires_at).isoformat()},
    )
    _tell_doer(task)
    return task


@transaction.atomic
def close_task(*, task: ReportTask, by: Doer, accept: bool, at: datetime | None = None) -> ReportTask:
    """The case's own people accept a task's answer, or cancel the task. Raises Refused for others."""
    at = at or timezone.now()
    task = ReportTask.objects.select_for_update().select_related("report").get(pk=task.pk)
    policy.check("close_task", by, task.report)
    if accept and task.state != ReportTask.State.ANSWERED:
        raise Refused(_("Tugas ini belum dijawab."))
    task.state = ReportTask.State.ACCEPTED if accept else ReportTask.State.CANCELLED
    task.met_at = task.met_at or at
    task.save()
    ReportEvent.objects.create(
        report=task.report,
        verb="close_task",
        at=at,
        by=by.by,
        user_id=by.user_id,
        data={"task": task.pk, "accepted": accept},
    )
    return task
