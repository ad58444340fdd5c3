"""The reporter's own page.

Whoever holds the link may read and do everything here, so it never leaks: not into caches, not into search engines, not
through the Referer header (settings: same-origin).
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kanal.agencies.queries import reference
from kanal.channels.web import limits
from kanal.common.codes import normalise_code
from kanal.common.refusal import Refused, once
from kanal.common.secrets import cipher
from kanal.reports import actions, policy
from kanal.reports.actions import proving
from kanal.reports.forms import private as private_forms
from kanal.reports.models import Answer, Attachment, Feedback, Report
from kanal.reports.policy import REPORTER
from kanal.reports.queries import get_by_private_link, report_reference, tracking
from kanal.reports.queries.fit_for_all import without_secrets
from kanal.reports.queries.reaching import hears_by_mail
from kanal.reports.views.qr import inline_qr
from kanal.reports.workflow import Kind, Status

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Report, P], HttpResponse]

VERBS = ("reply", "withdraw", "ask_reopen", "feedback", "add_contact")


def _private(view: View[P]) -> Callable[..., HttpResponse]:
    """Open a view to the holder of the link, and keep its pages out of every cache and index.

    Raises Refused: 404 for a wrong link, 429 for one who tries many.
    """

    @wraps(view)
    def inner(request: HttpRequest, code: str, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        known = normalise_code(code, reference().regency.code_prefix) or ""
        try:
            report = get_by_private_link(known, token)
        except Refused:
            limits.check(request, "track")
            raise
        try:
            response = view(request, report, *args, **kwargs)
        except Refused as refusal:
            if refusal.code != "wrong_status":
                raise
            context = {"message": refusal.sentence, "back": _address(request)}
            response = render(request, "reports/private_refused.html", context, status=refusal.status)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return inner


def _address(request: HttpRequest) -> str:
    return reverse("reports:private", args=_args(request))


@require_safe
@_private
def page(request: HttpRequest, report: Report) -> HttpResponse:
    """What became of it: receipt, words, history, deadlines, answers, and everything the reporter can do now."""
    return _page(request, report, private_forms.ReplyForm())


def _page(request: HttpRequest, report: Report, reply_form: forms.Form, status: int = 200) -> HttpResponse:
    facts = reference()
    link = request.build_absolute_uri(_address(request))
    answers = Answer.objects.filter(report=report, state=Answer.State.PUBLISHED)
    context = {
        "report": report,
        "link": link,
        "here": _address(request),
        "args": request.resolver_match and [request.resolver_match.kwargs[name] for name in ("code", "token")],
        "qr": inline_qr(link, _("Kode QR tautan pribadi")),
        "info": tracking.status_of(report),
        "fresh": report.status == Status.RECEIVED and report.verified_at is None,
        "confidential": report.kind == Kind.WHISTLEBLOWING,
        "place": facts.regions.get(report.region_id or 0),
        "category": report_reference().categories.get(report.category_id or 0),
        "agency": facts.told(report.agency_id),
        "photos": Attachment.objects.filter(report=report, inside=False),
        "steps": tracking.timeline(report, private=True),
        "duties": tracking.duties(report),
        "answers": [(answer, without_secrets(answer.text, report)) for answer in answers.select_related("agency")],
        "feedback": Feedback.objects.filter(report=report).first(),
        "can": {verb for verb in VERBS if policy.allows(verb, REPORTER, report)},
        "public": policy.is_public(report),
        "by_mail": hears_by_mail(report),
        "form": reply_form,
    }
    return render(request, "reports/private.html", context, status=status)


@require_safe
@_private
def photo(_request: HttpRequest, report: Report, pk: int, size: str) -> HttpResponse:
    """One of the photos that the reporter may see, large or small."""
    attachment = get_object_or_404(Attachment, pk=pk, report=report, inside=False)
    path = {"besar": attachment.path, "kecil": attachment.thumb_path}.get(size)
    if path is None or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as stored:
        data = stored.read()
    if attachment.encrypted:
        data = cipher().decrypt(data)
    return HttpResponse(data, content_type=attachment.content_type)


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return _again(_address(request))


def _allowed(verb: str, report: Report) -> None:
    """Raise Refused, with the reason, for what the reporter cannot do now."""
    policy.check(verb, REPORTER, report)


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def reply(request: HttpRequest, report: Report) -> HttpResponse:
    """Add words or photos."""
    _allowed("reply", report)
    if request.method != "POST":
        return _page(request, report, private_forms.ReplyForm())
    limits.check(request, "reply")
    form = private_forms.ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, report, form, status=400)
    with once():
        data = form.cleaned_data
        actions.reply(report=report, text=data["text"], photos=data["photos"], on_page=True)
    for sentence in form.refused:
        messages.warning(request, sentence)
    return _back(request, _("Keterangan Anda sudah kami terima."))


def _asked(
    request: HttpRequest, form: forms.Form, *, title: str, button: str, text: str = "", stop: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "text": text,
        "button": button,
        "stop": stop,
        "back": _address(request),
    }
    return render(request, "reports/private_form.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def withdraw(request: HttpRequest, report: Report) -> HttpResponse:
    """Take the report back, after being told what that means."""
    _allowed("withdraw", report)
    form = private_forms.WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.withdraw(report=report, note=form.cleaned_data["note"])
        return _back(request, _("Laporan Anda sudah dicabut. Tidak ada lagi yang tampil untuk umum."))
    return _asked(
        request,
        form,
        title=_("Cabut laporan ini?"),
        text=_("Petugas berhenti menanganinya dan laporan tidak lagi tampil untuk umum. Ini tidak bisa dibatalkan."),
        button=_("Ya, cabut laporan"),
        stop=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def ask_reopen(request: HttpRequest, report: Report) -> HttpResponse:
    """Say that it is not done."""
    _allowed("ask_reopen", report)
    form = private_forms.ReopenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        limits.check(request, "reply")
        with once():
            actions.ask_reopen(report=report, note=form.cleaned_data["note"])
        return _back(request, _("Permintaan Anda sudah kami terima. Petugas memutuskan apakah laporan dibuka lagi."))
    return _asked(
        request,
        form,
        title=_("Belum selesai?"),
        text=_("Petugas membaca alasan Anda, lalu membuka laporan lagi atau menjelaskan mengapa tidak."),
        button=_("Minta dibuka lagi"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def feedback(request: HttpRequest, report: Report) -> HttpResponse:
    """Rate the answer."""
    _allowed("feedback", report)
    form = private_forms.FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        with once():
            actions.give_feedback(report=report, stars=data["stars"], reasons=data["reasons"], comment=data["comment"])
        return _back(request, _("Terima kasih. Nilai Anda sudah dicatat."))
    context = {"form": form, "back": _address(request)}
    return render(request, "reports/private_feedback.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def contact(request: HttpRequest, report: Report) -> HttpResponse:
    """Leave a way to be told after all."""
    _allowed("add_contact", report)
    form = private_forms.ContactForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        limits.check(request, "reply")
        with once():
            actions.add_contact(report=report, **form.cleaned_data)
        if hears_by_mail(report):
            return _back(request, _("Kontak tersimpan. Mulai sekarang kabar dikirim lewat e-mail."))
        return _back(
            request, _("Nomor HP tersimpan untuk petugas. Kabar hanya lewat e-mail: simpan tautan halaman ini.")
        )
    return _asked(
        request,
        form,
        title=_("Ingin dikabari?"),
        text=_("Kabar dikirim lewat e-mail. Kontak Anda hanya dipakai untuk laporan ini."),
        button=_("Simpan kontak"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def proof(request: HttpRequest, report: Report) -> HttpResponse:
    """Prove another address with a code that is sent there; what is said is the same for every address."""
    if report.kind == Kind.WHISTLEBLOWING:
        raise Http404
    asked = request.POST.get("alamat") == "1"
    form = private_forms.ProofForm(request.POST if asked else None)
    code_form = private_forms.CodeForm(request.POST if request.method == "POST" and not asked else None)
    if request.method == "POST":
        limits.check(request, "reply")
    if asked and form.is_valid():
        try:
            proving.ask_proof(where=form.cleaned_data["address"], report=report)
        except Refused as refusal:
            form.add_error("address", refusal.sentence)
        else:
            messages.success(
                request, _("Kode kami kirim ke alamat itu, berlaku 15 menit. Tidak sampai? Periksa tulisannya.")
            )
            return _again(reverse("reports:private_proof", args=_args(request)))
    if code_form.is_bound and code_form.is_valid():
        if proving.enter_code(code=code_form.cleaned_data["code"], report=report):
            return _back(request, _("Terima kasih. Alamat itu terbukti milik Anda."))
        code_form.add_error("code", _("Kode itu tidak cocok atau tidak berlaku lagi. Minta yang baru."))
    context = {"form": form, "code_form": code_form, "back": _address(request)}
    status = 400 if form.is_bound or code_form.is_bound else 200
    return render(request, "reports/private_proof.html", context, status=status)


def _args(request: HttpRequest) -> list[str]:
    found = request.resolver_match
    assert found is not None  # noqa: S101  # a view runs only through its address
    return [found.kwargs["code"], found.kwargs["token"]]


def _again(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
