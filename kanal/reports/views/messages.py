"""/meja/pesan/: messages that nobody has taken up, and what is decided about each."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.channels.models import Inbound
from kanal.channels.queries import waiting_messages
from kanal.common import formats
from kanal.common.codes import normalise_code
from kanal.common.refusal import Refused
from kanal.reports import contributions, policy
from kanal.reports.actions import triage
from kanal.reports.actions.notices import THEIRS
from kanal.reports.forms.messages import (
    AddForm,
    AnswerForm,
    DropForm,
    MessageReportForm,
    pictures_of,
    read_picked,
)
from kanal.reports.models import Report
from kanal.reports.queries import find_for, get_for
from kanal.reports.queries.desk_views import forget_counts
from kanal.reports.queries.messages import Message, count_words, inbox, waiting_among, whole
from kanal.reports.queries.pages import CURSOR
from kanal.reports.queries.reaching import counting
from kanal.reports.queries.search import search_page
from kanal.reports.queries.signs import forget_signs
from kanal.reports.queries.similar import Probe, similar
from kanal.reports.workflow import Kind

LONGEST_SEARCH = 200
SUGGESTED = 6


@require_safe
@never_cache
@desk(*policy.MESSAGE_READERS)
def listing(request: DeskRequest) -> HttpResponse:
    """The inbox, the longest waiting first."""
    page = inbox(request.actor, request.GET.get(CURSOR))
    context = {
        "lines": page.rows,
        "count": count_words(max(waiting_messages(), len(page.rows))),
        "may_drop": "drop" in policy.message_verbs(request.actor),
        "raw": policy.reads_message(request.actor, None),
        "form": DropForm(),
        "before": page.previous_address(request.GET),
        "after": page.next_address(request.GET),
    }
    return render(request, "reports/desk_messages.html", context)


@require_safe
@never_cache
@desk()
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    """One message: its words and files, and what may be done with it (or was)."""
    return _page(request, whole(request.actor, pk))


def _page(request: DeskRequest, message: Message, **forms: Any) -> HttpResponse:
    status = 400 if forms else 200
    text = " ".join(request.GET.get("cari", "").split())[:LONGEST_SEARCH]
    context = {
        "message": message,
        "inbound": message.inbound,
        "waits": message.waits,
        "buttons": contributions.buttons_of_message(request.actor, message.inbound) if message.waits else [],
        "answer_form": AnswerForm(),
        "drop_form": DropForm(),
        "add_form": AddForm(),
        "cannot_answer": triage.cannot_answer(message.inbound) if "answer" in message.verbs else "",
        "counted_on": counting(message.inbound.medium),
        "searched": text,
        "found": _candidates(request, message, text) if "add" in message.verbs else [],
        **forms,
    }
    return render(request, "reports/desk_message.html", context, status=status)


def _candidates(request: DeskRequest, message: Message, text: str) -> list[Report]:
    """Reports that the message may belong to: those searched for, else the sender's own and those about the same."""
    mine = find_for(request.actor)
    if text:
        code = normalise_code(text, reference().regency.code_prefix)
        return list(mine.filter(tracking_code=code) if code else search_page(mine, text, limit=SUGGESTED).rows)
    inbound, found = message.inbound, {}
    if inbound.address:
        own = mine.filter(contact_id=inbound.address.contact_id).order_by("-received_at")[:SUGGESTED]
        found = {report.pk: report for report in own}
    alike = similar(Probe(inbound.text, lat=inbound.lat, lon=inbound.lon), mine, limit=SUGGESTED)
    return list((found | {one.report.pk: one.report for one in alike}).values())[:SUGGESTED]


def _waiting(request: DeskRequest, pk: int) -> Message:
    """The message for a page on which something is done with it. Raises Refused when it does not wait any more."""
    message = whole(request.actor, pk)
    if not message.waits:
        name = message.decision.user.name if message.decision else ""
        raise Refused(_("Pesan ini baru saja diurus %(name)s.") % {"name": name or _("petugas lain")}, code="taken")
    return message


def _done(request: DeskRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    forget_counts(request.actor)
    forget_signs()
    return redirect("reports:desk_messages")


Deciding = Callable[[DeskRequest, int], HttpResponse]


def _deciding(view: Deciding) -> Deciding:
    """A page on which a message is decided: when somebody was faster (or the button was pressed twice), say so.

    It is said where one can see what became of the message.
    """

    @wraps(view)
    def inner(request: DeskRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except Refused as refusal:
            if refusal.code not in {"taken", "repeated"}:
                raise
            messages.info(request, refusal.sentence)
            taken = refusal.code == "taken"
            return redirect("reports:desk_message", pk=pk) if taken else redirect("reports:desk_messages")

    return inner


@never_cache
@desk(*policy.MESSAGE_VERBS["file"])
@_deciding
def file(request: DeskRequest, pk: int) -> HttpResponse:
    """The form that makes a report of a message, filled in with what it says."""
    message = _waiting(request, pk)
    if request.method != "POST":
        return _file_page(request, message, MessageReportForm(inbound=message.inbound))
    form = MessageReportForm(request.POST, inbound=message.inbound)
    if not form.is_valid():
        return _file_page(request, message, form, status=400)
    form.kept = pictures_of(message.pictures)
    report = triage.file_message(inbound=message.inbound, filing=form.filing(), by=policy.staff(request.actor))
    if report.kind == Kind.WHISTLEBLOWING:
        return _done(request, _("Diserahkan ke Inspektorat. Hanya Inspektorat yang bisa membukanya."))
    return _done(request, _("Laporan %(code)s dibuat dari pesan ini.") % {"code": report.tracking_code})


def _file_page(request: DeskRequest, message: Message, form: MessageReportForm, status: int = 200) -> HttpResponse:
    context = {"message": message, "inbound": message.inbound, "form": form}
    return render(request, "reports/desk_message_file.html", context, status=status)


@require_POST
@desk(*policy.MESSAGE_VERBS["add"])
@_deciding
def add(request: DeskRequest, pk: int) -> HttpResponse:
    """Let a message join a report."""
    message, form = _waiting(request, pk), AddForm(request.POST)
    report = _named(request, form)
    if report is None:
        return _page(request, message, add_form=form)
    theirs = triage.add_message(
        inbound=message.inbound,
        report=report,
        by=policy.staff(request.actor),
        photos=pictures_of(message.pictures),
    )
    said = _("Menjadi keterangan pelapor di %(code)s.") if theirs else _("Menjadi catatan di %(code)s.")
    return _done(request, said % {"code": report.tracking_code})


def _named(request: DeskRequest, form: AddForm) -> Report | None:
    """The report that was named; None with the reason on the form."""
    if not form.is_valid():
        return None
    try:
        return get_for(request.actor, form.cleaned_data["kode"])
    except Refused as hidden:
        form.add_error("kode", hidden.sentence)
        return None


@require_POST
@desk(*policy.MESSAGE_VERBS["answer"])
@_deciding
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    """Answer a message where it came from."""
    message, form = _waiting(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, message, answer_form=form)
    triage.answer_message(inbound=message.inbound, text=form.cleaned_data["text"], by=policy.staff(request.actor))
    return _done(request, _("Balasan dikirim sebentar lagi. Keadaannya bisa dilihat di pesannya."))


@require_POST
@desk(*policy.MESSAGE_VERBS["drop"])
@_deciding
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    """Pass one message over."""
    message, form = _waiting(request, pk), DropForm(request.POST)
    if not form.is_valid():
        return _page(request, message, drop_form=form)
    _drop(request, form, message.inbound)
    return _done(request, _("Pesan dilewati."))


def _drop(request: DeskRequest, form: DropForm, inbound: Inbound) -> None:
    with override(THEIRS):
        why = form.reason()
    by = policy.staff(request.actor)
    triage.drop_message(inbound=inbound, why=why, words=form.cleaned_data["words"], by=by)


@require_POST
@desk(*policy.MESSAGE_VERBS["drop"])
def drop_many(request: DeskRequest) -> HttpResponse:
    """Pass the ticked messages over, each on its own; those that somebody else took meanwhile stay theirs."""
    picked, form = read_picked(request.POST.getlist("pilih")), DropForm(request.POST)
    if not picked:
        messages.warning(request, _("Belum ada pesan yang dicentang."))
        return redirect("reports:desk_messages")
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("reports:desk_messages")
    dropped = 0
    for inbound in waiting_among(picked):
        try:
            _drop(request, form, inbound)
        except Refused:
            continue
        dropped += 1
    forget_signs()
    words = ngettext("%(number)s pesan dilewati.", "%(number)s pesan dilewati.", dropped)
    messages.success(request, words % {"number": formats.number(dropped)})
    left = len(picked) - dropped
    if left:
        words = ngettext("%(number)s sudah diurus orang lain.", "%(number)s sudah diurus orang lain.", left)
        messages.info(request, words % {"number": formats.number(left)})
    return redirect("reports:desk_messages")


@require_POST
@desk(*policy.MESSAGE_VERBS["confide"])
@_deciding
def confide(request: DeskRequest, pk: int) -> HttpResponse:
    """Hand a message to the Inspektorat."""
    message = _waiting(request, pk)
    pictures = pictures_of(message.pictures)
    triage.confide_message(inbound=message.inbound, by=policy.staff(request.actor), photos=pictures)
    return _done(request, _("Diserahkan ke Inspektorat. Hanya Inspektorat yang bisa membukanya."))
