"""What becomes of a question: read on the air, answered, kept for the next episode, set aside, made a report."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import Actor
from kanal.common.kept import kept
from kanal.common.masking import mask
from kanal.common.refusal import Refused
from kanal.dialogue.actions import telling
from kanal.dialogue.actions.deed import Deed, told
from kanal.dialogue.actions.notices import INDONESIAN
from kanal.dialogue.models import Episode, Question, Slot
from kanal.dialogue.workflow import UNANSWERED, QuestionStatus, Status
from kanal.issues.models import Issue
from kanal.reports.actions import Filing, file_report
from kanal.reports.models import Report


@transaction.atomic
def air(*, question: Question, by: Actor, episode: Episode | None = None, version: int | None = None) -> None:
    """Read it on the air, of this episode or (one kept for later) of the one that runs now."""
    with Deed("air", question, by=by, version=version) as deed:
        _bring_to(deed.subject, episode)
        deed.subject.reason = ""


def _bring_to(question: Question, episode: Episode | None) -> None:
    """Let it belong to the episode at which it comes up again: a later one of the same programme."""
    if episode is None or episode.pk == question.episode_id:
        return
    same = question.episode.programme_id == episode.programme_id and question.status == QuestionStatus.LATER
    if not same or episode.status != Status.ANNOUNCED:
        raise Refused(_("Pertanyaan itu bukan dari acara ini."), status=404, code="hidden")
    question.episode, question.slot = episode, None


@transaction.atomic
def answer(
    *, question: Question, answer: str, by: Actor, episode: Episode | None = None, version: int | None = None
) -> None:
    """Note what was answered, in a few words. Everybody who asked it is told, once."""
    missing = _("Tulis jawabannya dengan singkat: itu yang dikirim ke penanya.")
    words = mask(kept(answer, most=Question.LONGEST_ANSWER, missing=missing)).text
    with Deed("answer", question, by=by, version=version) as deed:
        _bring_to(deed.subject, episode)
        deed.subject.answer, deed.subject.reason = words, ""
        telling.answered(deed.subject)


@transaction.atomic
def later(*, question: Question, by: Actor, version: int | None = None) -> None:
    """Keep it for the next episode of the programme, where it comes up by itself."""
    with Deed("later", question, by=by, version=version):
        pass


@transaction.atomic
def requeue(*, question: Question, by: Actor, version: int | None = None) -> None:
    """Let it wait again: it was taken up by mistake."""
    with Deed("requeue", question, by=by, version=version) as deed:
        deed.subject.reason = ""


@transaction.atomic
def set_aside(*, question: Question, reason: str, by: Actor, version: int | None = None) -> None:
    """Take it out of the queue, for a reason that the desk reads."""
    reason = told(Question, "reason", reason, missing=_("Tulis alasannya dengan singkat."))
    with Deed("set_aside", question, by=by, version=version) as deed:
        deed.subject.reason = deed.note = reason


@transaction.atomic
def link(
    *, question: Question, by: Actor, slot: Slot | None, issue: Issue | None = None, version: int | None = None
) -> None:
    """Say to which topic of its episode, and to which issue, it belongs."""
    with Deed("link", question, by=by, version=version) as deed:
        if slot and slot.episode_id != deed.subject.episode_id:
            raise Refused(_("Topik itu tidak ada lagi."), status=404, code="hidden")
        deed.subject.slot = slot
        deed.subject.issue = issue or (slot.issue if slot else None)


@transaction.atomic
def file_question(*, question: Question, by: Actor, version: int | None = None) -> Report:
    """Make a report of a question that is a complaint. Who asked first is its reporter and gets the receipt.

    It stays linked to the question, which leaves the queue unless it was answered.
    """
    with Deed("file", question, by=by, version=version) as deed:
        subject = deed.subject
        if subject.report_id:
            raise Refused(_("Sudah menjadi laporan."), code="repeated")
        if not subject.text:
            raise Refused(_("Tulisan aslinya sudah dihapus. Buat laporan baru bila perlu."), code="forgotten")
        report = file_report(_filing(subject, by))
        subject.report = report
        deed.data = {"report": report.tracking_code}
        if subject.status != QuestionStatus.ANSWERED:
            with override(INDONESIAN):
                subject.reason = _("Menjadi laporan %(code)s.") % {"code": report.tracking_code}
            deed.target = QuestionStatus.ASIDE
    return report


def _filing(question: Question, by: Actor) -> Filing:
    first = question.voices.select_related("address", "inbound").first()
    address, inbound = (first.address, first.inbound) if first else (None, None)
    return Filing(
        body=question.text,
        submission=inbound.external_id if inbound else f"dialog-{question.pk}",
        medium=question.medium,
        region_id=question.region_id,
        place_text=question.place,
        name=question.name if address is None else "",
        anonymous=True,
        address=address,
        inbound=inbound,
        by_user_id=by.user_id,
    )


@transaction.atomic
def postpone_all(episode: Episode, *, by: Actor) -> int:
    """The episode is called off: what waits there is kept for the next one, and the askers are told. In its deed."""
    waiting = list(episode.questions.filter(status__in=UNANSWERED))
    for question in waiting:
        with Deed("later", question, by=by):
            pass
    telling.called_off(episode, waiting)
    return len(waiting)
