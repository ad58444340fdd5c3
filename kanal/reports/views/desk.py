"""The desk: the queue with its filters, its views and its exports."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.agencies.queries import Actor, reference
from kanal.common import formats
from kanal.common.codes import normalise_code
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions import views as saved_view_actions
from kanal.reports.contributions import deeds_for_chosen
from kanal.reports.forms.desk import chips, read_filters, selects, understood, without
from kanal.reports.forms.desk_bulk import BULK_VERBS
from kanal.reports.queries import get_for
from kanal.reports.queries.desk import Filters, count_new, next_due, page_of
from kanal.reports.queries.desk_views import FAILED, VIEWS, View, counts_for, saved_views, verbs_offered, views_for
from kanal.reports.queries.pages import CURSOR, Page
from kanal.reports.views.desk_drawing import key_help, lines
from kanal.reports.views.desk_export import spreadsheet

Role = Membership.Role
READING = (Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR, Role.LEADER, Role.INSPECTOR)
WORKING = (Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR, Role.INSPECTOR)
START = "terbuka"
DUE_TODAY = "hari-ini"
SINCE = "baru"
"""The parameter with which an open page asks what has come in since it was drawn (seconds since 1970)."""

MOST_NEW = 99
LATEST_SECOND = 4_000_000_000


@dataclass(frozen=True, slots=True)
class RailItem:
    """A line of the rail. With `swaps` htmx may replace the list in place."""

    href: str
    name: str
    number: int | None
    current: bool
    swaps: bool = True


@dataclass(frozen=True, slots=True)
class SavedItem:
    """A saved view in the rail."""

    pk: int
    href: str
    name: str
    current: bool


@require_safe
@never_cache
@desk()
def queue(request: DeskRequest) -> HttpResponse:
    """The list of reports that wait for somebody, the most pressing first."""
    actor = request.actor
    if not actor.has(*READING):
        if policy.hosts_radio(actor):
            return redirect("reports:radio")
        return render(request, "reports/desk_no_queue.html")
    filters = read_filters(request.GET, actor)
    if SINCE in request.GET:
        return _newcomers(request, filters)
    code = _code_to_open(actor, filters)
    if code:
        return redirect("reports:desk_detail", code=code)
    fragment = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    template = "reports/_queue_rows.html" if fragment else "reports/desk_queue.html"
    response = render(request, template, {"fragment": fragment, **_queue_page(request, filters)})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _code_to_open(actor: Actor, filters: Filters) -> str:
    """The tracking code that was typed into the search, when it names a report this person may open."""
    code = normalise_code(filters.text, reference().regency.code_prefix) if filters.text else None
    if not code:
        return ""
    try:
        return get_for(actor, code).tracking_code
    except Refused:
        return ""


def _newcomers(request: DeskRequest, filters: Filters) -> HttpResponse:
    """The line "2 laporan baru masuk, tampilkan", or nothing."""
    text = request.GET.get(SINCE, "")
    moment = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LATEST_SECOND)) else 0
    since = datetime.fromtimestamp(min(moment, LATEST_SECOND), UTC)
    number = count_new(request.actor, since) if moment else 0
    words = ngettext("%(number)s laporan baru masuk, tampilkan", "%(number)s laporan baru masuk, tampilkan", number)
    shown = f"{MOST_NEW}+" if number > MOST_NEW else formats.number(number)
    address = without(understood(request.GET, filters))
    context = {"number": number, "words": words % {"number": shown}, "href": reverse("reports:desk_queue") + address}
    return render(request, "reports/_queue_new.html", context)


def _queue_page(request: DeskRequest, filters: Filters) -> dict[str, Any]:
    actor, params = request.actor, understood(request.GET, filters)
    page = page_of(actor, filters, request.GET.get(CURSOR))
    counts = counts_for(actor)
    slug = filters.view or (START if filters.only_open else "")
    view = VIEWS.get(slug)
    now = timezone.now()
    on = chips(filters, params)
    verbs = verbs_offered(actor, BULK_VERBS)
    address = without(params)
    may_assign, may_record = "assign" in verbs, actor.has(*WORKING)
    return {
        "title": str(view.title) if view else _("Hasil pencarian") if filters.text else _("Semua laporan"),
        "rail": _rail(actor, counts, slug),
        "saved": _saved(actor, address),
        "filters": filters,
        "view_slug": slug,
        "chips": on,
        "narrowed": bool(on),
        "selects": selects(params),
        "bare": f"?tampilan={slug}" if slug else reverse("reports:desk_queue"),
        "lines": lines(page.rows, ticks=bool(verbs)),
        "key_help": key_help(ticks=bool(verbs), assigns=may_assign, records=may_record),
        "count_words": _count_words(
            page, counts.get(slug) if filters.plain and slug else None, request.GET.get(CURSOR)
        ),
        "order_words": _order_words(filters.ordering) if page.rows else "",
        **({} if page.rows else _nothing(actor, view, narrowed=bool(on))),
        "before": page.previous_address(params),
        "after": page.next_address(params),
        "address": address,
        "here": request.GET.urlencode(),
        "poll": f"{address}{'&' if len(address) > 1 else ''}{SINCE}={int(now.timestamp())}",
        "now": now,
        "bulk_verbs": [BULK_VERBS[name] for name in verbs],
        "for_chosen": deeds_for_chosen(actor) if verbs else [],
        "may_record": may_record,
    }


def _rail(actor: Actor, counts: dict[str, int], slug: str) -> list[RailItem]:
    items = [
        RailItem(f"?tampilan={view.slug}", str(view.name), counts.get(view.slug, 0), view.slug == slug)
        for view in views_for(actor)
    ]
    if actor.has(Role.COORDINATOR):
        items.append(
            RailItem(reverse("reports:desk_outbox"), _("Gagal terkirim"), counts.get(FAILED, 0), False, swaps=False)
        )
    return items


def _saved(actor: Actor, address: str) -> list[SavedItem]:
    return [SavedItem(view.pk, f"?{view.query}", view.name, f"?{view.query}" == address) for view in saved_views(actor)]


def _count_words(page: Page[Any], exact: int | None, cursor: str | None) -> str:
    """How many there are: exact where it costs nothing, otherwise honest about there being more."""
    if exact is None and (page.next or page.previous or cursor):
        return _("%(number)s laporan di halaman ini.") % {"number": formats.number(len(page.rows))}
    number = len(page.rows) if exact is None else max(exact, len(page.rows))
    return ngettext("%(number)s laporan.", "%(number)s laporan.", number) % {"number": formats.number(number)}


def _order_words(order: str) -> str:
    return {
        "tenggat": _("Yang paling mendesak di atas."),
        "terbaru": _("Yang terbaru di atas."),
        "terlama": _("Yang terlama di atas."),
    }[order]


def _nothing(actor: Actor, view: View | None, *, narrowed: bool) -> dict[str, str]:
    """What an empty list says, and what to do then."""
    if narrowed or view is None:
        return {
            "nothing": _("Tidak ada laporan yang cocok"),
            "nothing_more": _("Coba kata lain, atau hapus sebagian saringan."),
        }
    return {"nothing": str(view.nothing), "nothing_more": _next_words(actor) if view.slug == DUE_TODAY else ""}


def _next_words(actor: Actor) -> str:
    """When the next one falls due: "Yang berikutnya: 5 laporan, besok."."""
    coming = next_due(actor)
    if coming is None:
        return ""
    day, number = coming
    words = ngettext(
        "Yang berikutnya: %(number)s laporan, %(day)s.", "Yang berikutnya: %(number)s laporan, %(day)s.", number
    )
    tomorrow = reference().today() + timedelta(days=1)
    return words % {"number": formats.number(number), "day": _("besok") if day == tomorrow else formats.day(day)}


@require_safe
@desk(*READING)  # type: ignore[arg-type]  # a stream is an answer too
def export(request: DeskRequest, form: str) -> HttpResponseBase:
    """The list as CSV or XLSX."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    return spreadsheet(request.actor, read_filters(request.GET, request.actor), form)


@require_POST
@desk(*READING)
def save_view(request: DeskRequest) -> HttpResponse:
    """Keep the filters on the screen under a name."""
    given = QueryDict(request.POST.get("query", "").removeprefix("?")[:2000])
    query = understood(given, read_filters(given, request.actor)).urlencode()
    view = saved_view_actions.save_view(user_id=request.user.pk, name=request.POST.get("name", ""), query=query)
    messages.success(request, _("Tampilan “%(name)s” tersimpan.") % {"name": view.name})
    return redirect(f"{reverse('reports:desk_queue')}?{view.query}")


@require_POST
@desk(*READING)
def drop_view(request: DeskRequest, pk: int) -> HttpResponse:
    """Forget a saved view."""
    name = saved_view_actions.drop_view(user_id=request.user.pk, pk=pk)
    messages.success(
        request, _("Tampilan “%(name)s” dihapus.") % {"name": name} if name else _("Tampilan itu sudah tidak ada.")
    )
    return redirect("reports:desk_queue")
