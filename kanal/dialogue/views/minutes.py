"""The minutes of an episode: saved while they are written, signed off, opened again."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kanal.agencies.desk import DeskRequest, desk
from kanal.common.refusal import Refused, once
from kanal.common.text import clean, row_id
from kanal.dialogue import actions, policy, queries
from kanal.dialogue.actions import Draft, Overtaken
from kanal.dialogue.models import Episode, Slot


def _draft(request: DeskRequest, episode: Episode) -> Draft:
    named = row_id(request.POST.get("slot", ""))
    slot: Slot | None = queries.slot_of(episode, named) if named else None
    return Draft(request.POST.get("text", ""), slot, row_id(request.POST.get("version", "")) or 0)


@never_cache
@require_POST
@desk(*policy.READERS)
def save(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep the minutes of one topic. The page's script gets JSON, a plain form the page; both learn who was faster."""
    episode = queries.get_for(request.actor, pk)
    by_script = request.headers.get("X-Requested-With") == "fetch"
    try:
        draft = _draft(request, episode)
        kept = actions.write(episode=episode, draft=draft, by=request.actor)
    except Overtaken as overtaken:
        if by_script:
            return JsonResponse(_overtaken(overtaken), status=409)
        return _both(request, episode, draft, overtaken)
    except Refused as refused:
        if not by_script:
            raise
        return JsonResponse({"wrong": refused.sentence}, status=refused.status)
    if by_script:
        return JsonResponse({"version": kept.version})
    messages.success(request, _("Notulen tersimpan."))
    return redirect("dialogue:live", pk=pk)


def _overtaken(refused: Overtaken) -> dict[str, object]:
    return {"wrong": refused.sentence, "theirs": refused.minute.text, "version": refused.minute.version}


def _both(request: DeskRequest, episode: Episode, draft: Draft, refused: Overtaken) -> HttpResponse:
    """Two people wrote at the same topic: show both, and let one word of it be made."""
    context = {
        "episode": episode,
        "slot": draft.slot,
        "theirs": refused.minute,
        "merged": merged(refused.minute.text, draft.text),
        "sentence": refused.sentence,
    }
    return render(request, "dialogue/minutes_both.html", context, status=409)


def merged(theirs: str, ours: str) -> str:
    """Their text with the lines below it that only ours has."""
    known = set(theirs.splitlines())
    more = [line for line in clean(ours, max_chars=len(ours) + 1).splitlines() if line not in known]
    return "\n".join([theirs, *more]).strip()


@require_POST
@desk(*policy.READERS)
def close(request: DeskRequest, pk: int) -> HttpResponse:
    """Sign the minutes off."""
    episode = queries.get_for(request.actor, pk)
    with once():
        actions.close_minutes(episode=episode, by=request.actor)
    messages.success(request, _("Notulen ditutup. Warga bisa membacanya."))
    return redirect("dialogue:live", pk=pk)


@require_POST
@desk(*policy.READERS)
def reopen(request: DeskRequest, pk: int) -> HttpResponse:
    """Open signed minutes again, to mend them."""
    episode = queries.get_for(request.actor, pk)
    with once():
        actions.open_minutes(episode=episode, by=request.actor)
    messages.success(request, _("Notulen dibuka lagi."))
    return redirect("dialogue:live", pk=pk)
