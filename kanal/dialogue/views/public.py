"""/dialog/: what is talked about, when and where; for people and for the calendars of their telephones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from kanal.agencies.queries import reference
from kanal.dialogue import queries
from kanal.dialogue.briefs.minutes import minutes_pdf
from kanal.dialogue.models import Episode
from kanal.dialogue.queries import live
from kanal.dialogue.queries.questions import takes_questions
from kanal.dialogue.workflow import STATUS, Status
from kanal.issues.queries.openly import register
from kanal.reports.queries.pages import CURSOR

_CALENDAR_SECONDS = 900


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """What comes, and what was; of one programme (`acara`) or of all."""
    known = queries.programmes()
    chosen = next((one for one in known if one.code == request.GET.get("acara")), None)
    code = chosen.code if chosen else ""
    page = queries.past(code, request.GET.get(CURSOR))
    context = {
        "programmes": [one for one in known if one.active or one == chosen],
        "chosen": chosen,
        "upcoming": queries.upcoming(code),
        "page": page,
        "before": page.previous_address(request.GET),
        "after": page.next_address(request.GET),
        "status_of": status_of,
    }
    return render(request, "dialogue/agenda.html", context)


def status_of(episode: Episode) -> object:
    """How the standing of an episode is drawn."""
    return STATUS[Status(episode.status)]


@require_safe
def episode(request: HttpRequest, pk: int) -> HttpResponse:
    """One episode; `?ics` gives it as an entry of a calendar."""
    found = queries.get_public(pk)
    if "ics" in request.GET:
        return _calendar(queries.calendar_file(only=found), f"dialog-{pk}.ics")
    notes = live.public_minutes(found)
    context = {
        "episode": found,
        "standing": status_of(found),
        "topics": queries.topics_of(found),
        "public_issues": register(),
        "promises": queries.promises_in(found),
        "asks": takes_questions(found),
        "minutes": notes,
        "answers": live.public_answers(found) if notes else [],
        "guests": found.invitations.exclude(state="declined"),
        "told": reference().told,
    }
    return render(request, "dialogue/episode.html", context)


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """The signed minutes of an episode on paper."""
    content = minutes_pdf(queries.get_public(pk))
    headers = {"Content-Disposition": f'inline; filename="notulen-{pk}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The agenda as iCalendar, of one programme or of all; telephones ask for it again by themselves."""
    return _calendar(queries.calendar_file(request.GET.get("acara", "")), "dialog.ics")


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    patch_cache_control(response, public=True, max_age=_CALENDAR_SECONDS)
    return response
