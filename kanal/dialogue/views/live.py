"""/meja/dialog/<id>/siaran/: the evening itself, for its host and who writes the minutes; the agencies read along."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.dialogue import actions, policy, queries
from kanal.dialogue.forms.questions import CallerForm, IssueForm, LinkForm, LivePromiseForm, NotesForm, fresh_submission
from kanal.dialogue.models import Episode, Question
from kanal.dialogue.queries import live, questions
from kanal.dialogue.workflow import VERBS, Status

Runs = Callable[..., HttpResponse]


def _episode(request: DeskRequest, pk: int) -> Episode:
    """The episode, for its live page. Raises Refused (404) for one that is not announced yet, or hidden."""
    episode = queries.get_for(request.actor, pk)
    if episode.announced_at is None:
        raise Refused(_("Halaman siaran dibuka setelah acaranya diumumkan."), status=404, code="not_public")
    return episode


@never_cache
@require_safe
@desk(*policy.READERS)
def page(request: DeskRequest, pk: int) -> HttpResponse:
    """The whole page."""
    return _page(request, _episode(request, pk))


def _page(request: DeskRequest, episode: Episode, status: int = 200, **forms: Any) -> HttpResponse:
    context = _board(request, episode)
    sitting = context["board"].sitting
    context |= {
        "pages": live.pages(episode),
        "caller_form": CallerForm(auto_id="penelepon-%s"),
        "submission": fresh_submission(),
        "promise_form": LivePromiseForm(actor=request.actor, episode=episode, now=sitting.slot),
        "notes_form": NotesForm(now=sitting.notes_by) if context["hosts"] else None,
        **forms,
    }
    return render(request, "dialogue/live.html", context, status=status)


def _board(request: DeskRequest, episode: Episode) -> dict[str, Any]:
    runs = policy.runs(request.actor, episode)
    ahead = episode.status == Status.ANNOUNCED
    return {
        "episode": episode,
        "board": live.board(episode),
        "promises": queries.promises_in(episode),
        "runs": runs and episode.status != Status.CANCELLED,
        "turns": runs and ahead,
        "hosts": policy.hosts(request.actor),
        "verbs": VERBS,
        "can": set(policy.verbs_for(request.actor, episode)),
    }


@never_cache
@require_safe
@desk(*policy.READERS)
def board(request: DeskRequest, pk: int) -> HttpResponse:
    """The part that moves, for the page's script."""
    return render(request, "dialogue/_live_board.html", _board(request, _episode(request, pk)))


def _asked_by_script(request: DeskRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _pressed(view: Runs) -> Runs:
    """A button of the live page: its script gets what was said as JSON, a plain form comes back to the page."""

    @wraps(view)
    def inner(request: DeskRequest, pk: int, **rest: Any) -> HttpResponse:
        try:
            return view(request, pk, **rest)
        except Refused as refused:
            if refused.code == "repeated":
                return _said(request, pk, refused.sentence)
            if _asked_by_script(request):
                return JsonResponse({"wrong": refused.sentence}, status=refused.status)
            if refused.code in {"hidden", "not_public"}:
                raise
            messages.warning(request, refused.sentence)
            return redirect("dialogue:live", pk=pk)

    return inner


def _said(request: DeskRequest, pk: int, words: object, *, part: str = "") -> HttpResponse:
    if _asked_by_script(request):
        return JsonResponse({"said": str(words)})
    if words:
        messages.success(request, str(words))
    answer = redirect("dialogue:live", pk=pk)
    answer["Location"] += part
    return answer


def _wrong(form: Any) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _version(request: DeskRequest) -> int | None:
    return row_id(request.POST.get("version", ""))


Deed = Callable[[DeskRequest, Episode, Question], None]


def _air(request: DeskRequest, episode: Episode, question: Question) -> None:
    actions.air(question=question, by=request.actor, episode=episode, version=_version(request))


def _answer(request: DeskRequest, episode: Episode, question: Question) -> None:
    words = request.POST.get("answer", "")
    actions.answer(question=question, answer=words, by=request.actor, episode=episode, version=_version(request))


def _later(request: DeskRequest, _episode: Episode, question: Question) -> None:
    actions.later(question=question, by=request.actor, version=_version(request))


def _requeue(request: DeskRequest, _episode: Episode, question: Question) -> None:
    actions.requeue(question=question, by=request.actor, version=_version(request))


def _set_aside(request: DeskRequest, _episode: Episode, question: Question) -> None:
    reason = request.POST.get("reason", "")
    actions.set_aside(question=question, reason=reason, by=request.actor, version=_version(request))


def _file(request: DeskRequest, _episode: Episode, question: Question) -> None:
    actions.file_question(question=question, by=request.actor, version=_version(request))


def _link(request: DeskRequest, episode: Episode, question: Question) -> None:
    form = LinkForm(request.POST, episode=episode)
    if not form.is_valid():
        raise Refused(_("Topik itu tidak ada lagi."), status=404, code="hidden")
    slot = form.chosen()
    issue = None if slot and slot.issue else question.issue
    actions.link(question=question, slot=slot, issue=issue, by=request.actor, version=_version(request))


DONE: Mapping[str, tuple[Deed, str | Promise]] = {
    "siarkan": (_air, gettext_lazy("Sedang dibahas.")),
    "jawab": (_answer, gettext_lazy("Tercatat dijawab. Penanyanya dikabari.")),
    "nanti": (_later, gettext_lazy("Disimpan untuk acara berikutnya.")),
    "kembalikan": (_requeue, gettext_lazy("Kembali ke antrean.")),
    "sisihkan": (_set_aside, gettext_lazy("Disisihkan.")),
    "laporan": (_file, gettext_lazy("Menjadi laporan. Penanyanya mendapat kodenya.")),
    "kaitkan": (_link, gettext_lazy("Dikaitkan.")),
}


@require_POST
@desk(*policy.READERS)
@_pressed
def press(request: DeskRequest, pk: int, question: int, deed: str) -> HttpResponse:
    """Do what a button at a question says; pressed twice it is done once."""
    episode = _episode(request, pk)
    if deed not in DONE:
        raise Refused(_("Halaman itu tidak ada."), status=404, code="hidden")
    done, words = DONE[deed]
    done(request, episode, questions.question_of(episode, question))
    return _said(request, pk, words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.READERS)
def issue(request: DeskRequest, pk: int, question: int) -> HttpResponse:
    """To which issue a question belongs."""
    episode = _episode(request, pk)
    found = questions.question_of(episode, question)
    policy.check("link", request.actor, found)
    form = IssueForm(request.POST or None, actor=request.actor, question=found)
    if request.method == "POST" and form.is_valid():
        actions.link(question=found, slot=found.slot, issue=form.chosen(), by=request.actor)
        return _said(request, pk, _("Dikaitkan."))
    context = {"episode": episode, "question": found, "form": form}
    return render(request, "dialogue/live_issue.html", context, status=400 if form.errors else 200)


@require_POST
@desk(*policy.READERS)
@_pressed
def turn(request: DeskRequest, pk: int) -> HttpResponse:
    """Another topic is on."""
    episode = _episode(request, pk)
    slot = queries.slot_of(episode, row_id(request.POST.get("slot", "")))
    actions.turn(episode=episode, slot=slot, by=request.actor)
    return _said(request, pk, _("Sekarang: %(topic)s") % {"topic": slot.topic})


@require_POST
@desk(*policy.READERS)
@_pressed
def caller(request: DeskRequest, pk: int) -> HttpResponse:
    """Note what a caller asks."""
    episode = _episode(request, pk)
    form = CallerForm(request.POST, auto_id="penelepon-%s")
    submission = request.POST.get("submission", "")[:60]
    if not form.is_valid():
        if _asked_by_script(request):
            return JsonResponse({"wrong": _wrong(form)}, status=400)
        return _page(request, episode, 400, caller_form=form, submission=submission)
    actions.ask_once(episode=episode, asked=form.asked(submission or fresh_submission()), by=request.actor)
    return _said(request, pk, _("Pertanyaan tercatat."))


@require_POST
@desk(*policy.READERS)
@_pressed
def promise(request: DeskRequest, pk: int) -> HttpResponse:
    """Note a promise as it is made."""
    episode = _episode(request, pk)
    form = LivePromiseForm(request.POST, actor=request.actor, episode=episode)
    if not form.is_valid():
        if _asked_by_script(request):
            return JsonResponse({"wrong": _wrong(form)}, status=400)
        return _page(request, episode, 400, promise_form=form)
    actions.promise(promised=form.promised(), by=request.actor)
    return _said(request, pk, _("Janji tercatat. Dinasnya dikabari."), part="#janji")


@require_POST
@desk(*policy.HOSTS)
@_pressed
def name_notes(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask somebody to write the minutes."""
    form = NotesForm(request.POST)
    if not form.is_valid():
        raise Refused(_wrong(form), status=400)
    actions.name_notes(episode=_episode(request, pk), user=form.chosen(), by=request.actor)
    return _said(request, pk, _("Notulis tercatat."))
