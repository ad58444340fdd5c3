"""/dialog/<id>/tanya/: citizens ask an episode; each has a page that says what became of their question."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.channels.web import challenge as puzzles
from kanal.channels.web import doorkeeper, limits
from kanal.common.refusal import Refused
from kanal.dialogue import actions, queries
from kanal.dialogue.actions.hearing import ask_from_message
from kanal.dialogue.forms.questions import QuestionForm
from kanal.dialogue.models import Episode
from kanal.dialogue.queries import questions
from kanal.dialogue.workflow import QUESTION, QuestionStatus
from kanal.reports.policy import MESSAGE_VERBS, is_public
from kanal.reports.queries.messages import whole
from kanal.reports.queries.signs import forget_signs


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and (`POST`) the question; what follows is the asker's own page."""
    episode = queries.get_public(pk)
    if not questions.takes_questions(episode):
        raise Refused(_("Acara ini tidak menerima pertanyaan lagi."), code="over")
    if request.method != "POST":
        return _page(request, episode, QuestionForm(), puzzles.new_stamp())
    form, stamp = QuestionForm(request.POST), puzzles.read_stamp(request.POST.get("stamp", ""))
    if stamp is None:
        form.add_error(None, _("Halaman ini terlalu lama terbuka. Tulisan Anda masih ada; tekan Kirim sekali lagi."))
        return _page(request, episode, form, puzzles.new_stamp(), status=400)
    if not limits.within(request, "tries"):
        form.add_error(None, limits.sentence_for_forms())
        return _page(request, episode, form, request.POST["stamp"], status=429)
    status = 400 if not form.is_valid() else doorkeeper.refusal(request, form, stamp)
    if status:
        return _page(request, episode, form, request.POST["stamp"], status=status)
    return _taken(request, episode, form, stamp)


def _taken(request: HttpRequest, episode: Episode, form: QuestionForm, stamp: puzzles.Stamp) -> HttpResponse:
    try:
        voice = actions.ask_once(episode=episode, asked=form.asked(stamp.submission))
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _page(request, episode, form, puzzles.new_stamp(), status=refused.status)
    address = reverse("dialogue:question", args=[questions.token_of(voice)])
    return HttpResponseRedirect(address, status=303)


def _page(request: HttpRequest, episode: Episode, form: QuestionForm, stamp: str, *, status: int = 200) -> HttpResponse:
    context = {"episode": episode, "form": form, "stamp": stamp}
    return render(request, "dialogue/ask.html", context, status=status)


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The asker's own page: that it was taken, what happens next, and what was answered."""
    voice = questions.voice_by(token)
    question = voice.question
    report = question.report
    context = {
        "question": question,
        "episode": question.episode,
        "standing": QUESTION[QuestionStatus(question.status)],
        "report": report if report and is_public(report) else None,
        "others": question.people - 1,
    }
    return render(request, "dialogue/asked.html", context)


@require_POST
@desk(*MESSAGE_VERBS["take"])
def from_message(request: DeskRequest, pk: int, episode: int) -> HttpResponse:
    """Make a question of a message that waits in the inbox."""
    inbound = whole(request.actor, pk).inbound
    found = queries.get_for(request.actor, episode)
    try:
        ask_from_message(inbound=inbound, episode=found, by=request.actor)
    except Refused as refused:
        if refused.code == "hidden":
            raise
        messages.info(request, refused.sentence)
        return redirect("reports:desk_message", pk=pk)
    forget_signs()
    messages.success(request, _("Menjadi pertanyaan untuk %(programme)s.") % {"programme": found.programme.name})
    return redirect("reports:desk_messages")
