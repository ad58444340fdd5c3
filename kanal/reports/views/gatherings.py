"""/meja/acara/: events at which many people spoke; the list, the form of an event, and the grid of its voices."""

from collections.abc import Sequence
from dataclasses import replace
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.reports import actions, policy
from kanal.reports.actions import Saved, Typed
from kanal.reports.forms.gathering import GatheringForm, SheetPhotosForm
from kanal.reports.forms.gathering_rows import HEADS, LABELS, category_names, checked_drafts, kind_names, typed_rows
from kanal.reports.models import Gathering
from kanal.reports.policy import GATHERERS
from kanal.reports.queries.gatherings import (
    COLUMNS,
    MOST_DRAFTS,
    Draft,
    drafts_of,
    filed_of,
    gathering_of,
    is_blank,
    listing,
)
from kanal.reports.queries.pages import CURSOR

ROWS_MORE = 10
"""Empty rows at the end of the grid, and how many one press adds."""
MOST_EMPTY = 40


@require_GET
@desk(*GATHERERS)
def events(request: DeskRequest) -> HttpResponse:
    """The events of a person, newest first."""
    page = listing(request.actor, request.GET.get(CURSOR))
    context = {
        "page": page,
        "before": page.previous_address(request.GET),
        "after": page.next_address(request.GET),
        "regions": reference().regions,
    }
    return render(request, "reports/gatherings.html", context)


@never_cache
@desk(*GATHERERS)
def begin(request: DeskRequest) -> HttpResponse:
    """A new event."""
    form = GatheringForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        gathering = actions.hold_gathering(occasion=form.occasion(), by=policy.staff(request.actor))
        return redirect("reports:gathering", pk=gathering.pk)
    return _form(request, form, None)


@never_cache
@desk(*GATHERERS)
def change(request: DeskRequest, pk: int) -> HttpResponse:
    """What is known of an event, to be corrected."""
    gathering = gathering_of(request.actor, pk)
    form = GatheringForm(request.POST or None, gathering=gathering)
    if request.method == "POST" and form.is_valid():
        actions.change_gathering(gathering=gathering, occasion=form.occasion(), by=policy.staff(request.actor))
        return redirect("reports:gathering", pk=gathering.pk)
    return _form(request, form, gathering)


def _form(request: DeskRequest, form: GatheringForm, gathering: Gathering | None) -> HttpResponse:
    context = {"form": form, "gathering": gathering}
    return render(request, "reports/gathering_form.html", context, status=400 if form.errors else 200)


@never_cache
@desk(*GATHERERS)
def grid(request: DeskRequest, pk: int) -> HttpResponse:
    """The voices of an event; POST keeps what was typed, for a script as JSON."""
    gathering = gathering_of(request.actor, pk)
    if request.method != "POST":
        return render(request, "reports/gathering.html", _grid(request, gathering, drafts_of(gathering)))
    rows = _without_dropped(typed_rows(request.POST), request.POST.get("drop", ""))
    saved = actions.save_rows(gathering=gathering, rows=rows, by=policy.staff(request.actor))
    drafts = drafts_of(gathering)
    if request.headers.get("Accept") == "application/json":
        return _told(saved, rows, drafts)
    tell(request, saved)
    if saved.left_over:
        context = _grid(request, gathering, [*drafts, *_homeless(rows, drafts, saved)])
        return render(request, "reports/gathering.html", context, status=409)
    if "go" in request.POST:
        return redirect("reports:gathering_file", pk=pk)
    return redirect(f"{request.path}?kosong={_empty(request) + ROWS_MORE * ('more' in request.POST)}#baris-kosong")


def _without_dropped(rows: Sequence[Typed], key: str) -> list[Typed]:
    return [replace(row, cells=dict.fromkeys(COLUMNS, "")) if row.key == key else row for row in rows]


def _homeless(rows: Sequence[Typed], drafts: Sequence[Draft], saved: Saved) -> list[Draft]:
    """What found no room, to stay on the screen."""
    kept = {draft.key for draft in drafts} | set(saved.filed)
    return [Draft(0, row.key, 0, 0, dict(row.cells)) for row in rows if row.key not in kept and not is_blank(row.cells)]


def _empty(request: DeskRequest) -> int:
    asked = request.GET.get("kosong", "")
    return max(ROWS_MORE, min(int(asked), MOST_EMPTY)) if asked.isascii() and asked.isdigit() else ROWS_MORE


def tell(request: DeskRequest, saved: Saved) -> None:
    """Say what did not go as expected."""
    if saved.copied:
        messages.warning(
            request,
            ngettext(
                "%(num)s baris diubah orang lain sementara itu. Tulisan Anda kami simpan sebagai baris baru di bawah.",
                "%(num)s baris diubah orang lain sementara itu. Tulisan Anda kami simpan sebagai baris baru di bawah.",
                saved.copied,
            )
            % {"num": saved.copied},
        )
    if saved.left_over:
        messages.error(
            request,
            _("%(num)s baris belum muat: paling banyak %(most)s baris menunggu. Ajukan dulu yang siap, lalu ulangi.")
            % {"num": saved.left_over, "most": MOST_DRAFTS},
        )


def _told(saved: Saved, rows: Sequence[Typed], drafts: Sequence[Draft]) -> JsonResponse:
    """The answer to a script: of each row sent its number, its version and what is wrong with it."""
    sent = {row.key for row in rows}
    everything = checked_drafts(drafts)
    answer = {
        "rows": {
            draft.key: {
                "number": draft.number,
                "version": draft.version,
                "problems": row.problems,
                "choices": row.choices,
            }
            for draft, row in everything
            if draft.key in sent
        },
        "filed": saved.filed,
        "copied": saved.copied,
        "left": saved.left_over,
        "ready": sum(row.filing is not None for _draft, row in everything),
        "wrong": sum(row.filing is None for _draft, row in everything),
    }
    return JsonResponse(answer)


def _grid(request: DeskRequest, gathering: Gathering, drafts: Sequence[Draft]) -> dict[str, Any]:
    rows = checked_drafts(drafts)
    regions = reference().regions
    room = max(0, MOST_DRAFTS - len(rows))
    return {
        "gathering": gathering,
        "region": regions.get(gathering.region_id or 0),
        "regions": regions,
        "rows": rows,
        "empty": [f"baris-{token_hex(10)}" for _at in range(min(_empty(request), room))],
        "ready": sum(row.filing is not None for _draft, row in rows),
        "wrong": sum(row.filing is None for _draft, row in rows),
        "filed": filed_of(request.actor, gathering),
        "columns": [(name, LABELS[name]) for name in COLUMNS],
        "lists": {
            "village": [region.place for region in [*reference().villages(), *reference().districts()]],
            "category": list(category_names()),
            "kind": kind_names(),
        },
        "heads": HEADS,
        "most": MOST_DRAFTS,
        "photos": list(gathering.photos.all()),
        "photo_form": SheetPhotosForm(),
    }
