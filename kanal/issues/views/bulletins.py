"""/meja/isu/kabar/: one word to everybody concerned by an issue, looked at once and sent with one click."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Agency
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused, once
from kanal.common.text import row_id
from kanal.issues import actions, contributions, policy, queries
from kanal.issues.bulletin_words import preview
from kanal.issues.forms import BulletinForm
from kanal.issues.models import Bulletin, Issue
from kanal.issues.queries import bulletins as bulletin_queries
from kanal.issues.queries.bulletins import Progress, heading
from kanal.issues.queries.concerned import Concerned, concerned
from kanal.issues.workflow import (
    BULLETIN,
    BULLETIN_KIND,
    BULLETIN_VERBS,
    LEFT_OUT,
    BulletinKind,
    BulletinStatus,
    StatusInfo,
)
from kanal.reports.queries.public_case import with_masks

UNSENT = frozenset({BulletinStatus.DRAFT, BulletinStatus.SUBMITTED})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.READERS)
def begin(request: DeskRequest, pk: int) -> HttpResponse:
    """A word to be written for an issue; `jenis` chooses what kind it is, `asal` what in a room above it is about."""
    issue = queries.get_for(request.actor, pk)
    about = request.GET.get("asal", "")
    known = contributions.told_from(request.actor, issue, about)
    begun = known or _begun(request, issue)
    agency = Agency.objects.filter(pk=reference().id_today(begun.agency_id) or 0).first()
    if agency is None:
        raise Refused(_("Tentukan dulu dinas utama isu ini, supaya jelas siapa yang menjawab."), code="no_agency")
    by = policy.person(request.actor)
    policy.check_bulletin("draft", by, Bulletin(issue=issue, agency=agency))
    policy.check("tell", policy.on_behalf(request.actor), issue)
    form = BulletinForm(request.POST or None, initial={"kind": begun.kind, "text": begun.text})
    if request.method == "POST" and form.is_valid():
        try:
            words, source = form.told(), about if known else ""
            bulletin = actions.draft_bulletin(issue=issue, agency=agency, words=words, by=by, about=source)
        except Refused as refused:
            form.add_error("text", refused.sentence)
        else:
            return redirect("issues:desk_bulletin", pk=bulletin.pk)
    return _form(request, form, issue, None)


def _begun(request: DeskRequest, issue: Issue) -> contributions.ToTell:
    """An empty word of the lead agency."""
    asked = request.GET.get("jenis", "")
    kind = BulletinKind(asked) if asked in set(BulletinKind) else BulletinKind.ANSWER
    return contributions.ToTell(kind, "", issue.agency_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.READERS)
def change(request: DeskRequest, pk: int) -> HttpResponse:
    """Its text to be worded anew."""
    bulletin = queries.bulletin_for(request.actor, pk)
    by = policy.person(request.actor)
    policy.check_bulletin("write", by, bulletin)
    known = {"kind": bulletin.kind, "text": bulletin.text, "as_answer": bulletin.as_answer}
    form = BulletinForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            version = row_id(request.POST.get("version", ""))
            with once():
                actions.write_bulletin(bulletin=bulletin, words=form.told(), by=by, version=version)
        except Refused as refused:
            form.add_error("text", refused.sentence)
        else:
            return redirect("issues:desk_bulletin", pk=pk)
    return _form(request, form, bulletin.issue, bulletin)


def _form(request: DeskRequest, form: BulletinForm, issue: Issue, bulletin: Bulletin | None) -> HttpResponse:
    context = {"form": form, "issue": issue, "bulletin": bulletin}
    return render(request, "issues/desk_bulletin_form.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@desk(*policy.READERS)
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    """The preview before it is sent; how far it has come afterwards."""
    return _page(request, queries.bulletin_for(request.actor, pk))


def _page(request: DeskRequest, bulletin: Bulletin, status: int = 200, trouble: str = "") -> HttpResponse:
    by = policy.person(request.actor)
    can = policy.bulletin_verbs_for(request.actor, bulletin)
    unsent = bulletin.status in UNSENT
    told = concerned(bulletin) if unsent or "extend" in can else Concerned()
    far = bulletin_queries.progress(bulletin)
    context = {
        "bulletin": bulletin,
        "issue": bulletin.issue,
        "heading": heading(bulletin),
        "text": with_masks(bulletin.text),
        "kind": BULLETIN_KIND[BulletinKind(bulletin.kind)],
        "standing": _standing(bulletin, far),
        "unsent": unsent,
        "can": can,
        "verbs": BULLETIN_VERBS,
        "own": unsent and policy.needs_another(by, bulletin),
        "told": told,
        "channels": preview(bulletin, told),
        "missed": _counted(told),
        "seal": told.seal(bulletin),
        "progress": far,
        "refused": bulletin_queries.refused_reports(bulletin),
        "history": bulletin.events.select_related("user").order_by("-at", "-id"),
        "trouble": trouble,
    }
    return render(request, "issues/desk_bulletin.html", context, status=status)


def _standing(bulletin: Bulletin, far: Progress) -> StatusInfo:
    """Its status in words; it is not called sent while the outbox still holds some of it."""
    held = bulletin.status == BulletinStatus.SENT and far.waiting
    return BULLETIN[BulletinStatus.SENDING if held else BulletinStatus(bulletin.status)]


def _counted(told: Concerned) -> list[tuple[Any, int]]:
    """Why people cannot be told and how many these are, the most first."""
    reasons = list(told.missed.values())
    return sorted(((LEFT_OUT[why], reasons.count(why)) for why in set(reasons)), key=lambda pair: -pair[1])


@never_cache
@require_safe
@desk(*policy.READERS)
def progress(request: DeskRequest, pk: int) -> HttpResponse:
    """How far it has come, for the page that is open."""
    bulletin = queries.bulletin_for(request.actor, pk)
    far = bulletin_queries.progress(bulletin)
    context = {"bulletin": bulletin, "progress": far, "standing": _standing(bulletin, far)}
    return render(request, "issues/_bulletin_progress.html", context)


Press = Callable[[DeskRequest, Bulletin, dict[str, Any]], None]


def _plain(deed: Callable[..., None]) -> Press:
    return lambda _request, bulletin, seen: deed(bulletin=bulletin, **seen)


def _sealed(deed: Callable[..., None]) -> Press:
    return lambda request, bulletin, seen: deed(bulletin=bulletin, seen=request.POST.get("seen", ""), **seen)


DONE: Mapping[str, tuple[Press, str | Promise]] = {
    "ajukan": (_plain(actions.submit_bulletin), gettext_lazy("Atasan dan koordinator dikabari.")),
    "kirim": (_sealed(actions.send_bulletin), gettext_lazy("Mulai dikirim. Halaman ini boleh ditutup.")),
    "batal": (_plain(actions.withdraw_bulletin), gettext_lazy("Kabar tidak jadi dikirim.")),
    "hentikan": (
        _plain(actions.stop_bulletin),
        gettext_lazy("Dihentikan. Yang di antrean kirim tetap berangkat."),
    ),
    "lanjutkan": (_plain(actions.resume_bulletin), gettext_lazy("Pengiriman dilanjutkan.")),
    "susulkan": (_sealed(actions.extend_bulletin), gettext_lazy("Pelapor baru sedang dikabari.")),
}
"""What each button does, and what is said afterwards."""


@require_POST
@desk(*policy.READERS)
def press(request: DeskRequest, pk: int, deed: str) -> HttpResponse:
    """Do what a button says; pressed twice it is done once. A preview that no longer holds is shown anew."""
    bulletin = queries.bulletin_for(request.actor, pk)
    if deed not in DONE:
        raise Refused(_("Halaman itu tidak ada."), status=404)
    done, words = DONE[deed]
    seen = {"by": policy.person(request.actor), "version": row_id(request.POST.get("version", ""))}
    try:
        with once():
            done(request, bulletin, seen)
    except Refused as refused:
        if refused.code not in {"changed", "placeholder", "nobody"}:
            raise
        return _page(request, queries.bulletin_for(request.actor, pk), refused.status, refused.sentence)
    messages.success(request, str(words))
    return redirect("issues:desk_bulletin", pk=pk)
