"""/meja/orang/: one contact with everything between them and us; joining two, parting them, and their wishes."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.channels.models import Address, Contact
from kanal.common.codes import normalise_code
from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.reports import actions, grants, policy
from kanal.reports.actions import people, wishes
from kanal.reports.actions.notices import THEIRS
from kanal.reports.forms.person import OtherForm, ReasonForm, WishForm
from kanal.reports.models import ContactDeed
from kanal.reports.queries import find_for
from kanal.reports.queries.person import (
    JOINS,
    address_lines,
    addresses_seen,
    contact_for,
    deeds_of,
    joined_since,
    sees_contact,
)
from kanal.reports.queries.person_history import history_of, latest_reports, pages
from kanal.reports.queries.person_likely import likely_same
from kanal.reports.views.outbox import purposes

OPEN = timedelta(minutes=grants.MINUTES)
COMPARED = 5
"""How many reports of each contact stand side by side."""


@require_safe
@never_cache
@desk(*policy.PERSON_READERS)
def page(request: DeskRequest, pk: int) -> HttpResponse:
    """The contact; the address of one that was merged leads to the one it belongs to now."""
    contact = contact_for(request.actor, pk)
    return redirect("reports:desk_person", pk=contact.pk) if contact.pk != pk else _page(request, contact)


def _page(request: DeskRequest, contact: Contact, *, status: int = 200, **extra: Any) -> HttpResponse:
    actor, cursor = request.actor, request.GET.get("hal")
    addresses = list(addresses_seen(actor, [contact.pk]))
    deeds = deeds_of(actor, contact, addresses)
    since = grants.contact_granted_at(request.session, actor, contact)
    # What joined since this person gave their reason was not meant by it.
    if since and joined_since(contact, since):
        since = None
    history = history_of(actor, contact, addresses, cursor)
    newest, older = pages(history, cursor)
    keeps = actor.has(*policy.PERSON_KEEPERS)
    context = {
        "contact": contact,
        "open_until": since + OPEN if since else None,
        "grant_minutes": grants.MINUTES,
        "addresses": address_lines(addresses, clear=since is not None),
        "deeds": deeds,
        "history": history.lines,
        "newest": newest,
        "older": older,
        "purposes": purposes(),
        "keeps": keeps,
        "likely": likely_same(actor, contact, addresses) if keeps and not cursor else [],
        "other_form": OtherForm(),
        "languages": [(one.value, one.label) for one in Address.Language if one],
        "wish_form": WishForm(),
        "wished": "",
        "open_form": ReasonForm(auto_id="buka_%s"),
        **extra,
    }
    return render(request, "reports/desk_person.html", context, status=status)


@require_POST
@never_cache
@desk(*policy.PERSON_READERS)
def identity(request: DeskRequest, pk: int) -> HttpResponse:
    """Open the name and the addresses for a quarter of an hour, with a reason that is kept; or close them again."""
    contact = contact_for(request.actor, pk)
    if "close" in request.POST:
        grants.revoke_contact(request.session)
        return redirect("reports:desk_person", pk=contact.pk)
    form = ReasonForm(request.POST, auto_id="buka_%s")
    if not form.is_valid():
        return _page(request, contact, status=400, open_form=form)
    actions.open_contact(contact=contact, by=policy.staff(request.actor), reason=form.cleaned_data["reason"])
    grants.grant_contact(request.session, request.actor, contact)
    return redirect("reports:desk_person", pk=contact.pk)


@never_cache
@desk(*policy.PERSON_KEEPERS)
def merge(request: DeskRequest, pk: int) -> HttpResponse:
    """Two contacts side by side, and the form that says they are one person."""
    contact = contact_for(request.actor, pk)
    other_form = OtherForm(request.POST if request.method == "POST" else request.GET)
    other = _other(request, contact, other_form)
    if other is None:
        return _page(request, contact, status=400, other_form=other_form)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _merged(request, contact, other, form)
    context = {"form": form, "contact": contact, "other": other, "sides": _sides(request, contact, other)}
    return render(request, "reports/desk_person_merge.html", context, status=400 if form.is_bound else 200)


def _merged(request: DeskRequest, contact: Contact, other: Contact, form: ReasonForm) -> HttpResponse:
    try:
        reason = form.cleaned_data["reason"]
        people.merge_contacts(contact=contact, other=other, by=policy.staff(request.actor), reason=reason)
    except Refused as refusal:
        if refusal.code not in {"stale", "repeated"}:
            raise
        messages.info(request, refusal.sentence)
    else:
        said = _("Kontak %(other)s digabung ke sini. Kalau keliru, batalkan di bagian Penggabungan.")
        messages.success(request, said % {"other": other.pk})
    return redirect("reports:desk_person", pk=contact.pk)


def _other(request: DeskRequest, contact: Contact, form: OtherForm) -> Contact | None:
    """The contact that a form names, if it exists for this person; None with the reason on the form."""
    if not form.is_valid():
        return None
    text = form.cleaned_data["dengan"].removeprefix("#")
    code = normalise_code(text, reference().regency.code_prefix)
    try:
        number = row_id(text)
        if number is not None and text != code:
            found: Contact | None = contact_for(request.actor, number)
        else:
            report = find_for(request.actor).filter(tracking_code=code or "").select_related("contact").first()
            found = report.contact if report else None
    except Refused:
        found = None
    if found is None:
        form.add_error("dengan", _("Kontak itu tidak ditemukan, atau laporannya tanpa kontak."))
    elif found.pk == contact.pk:
        form.add_error("dengan", _("Ini kontak yang sama."))
        found = None
    return found


def _sides(request: DeskRequest, *contacts: Contact) -> list[dict[str, Any]]:
    """What is known of each, masked, for comparing."""
    sides = []
    for contact in contacts:
        addresses = list(addresses_seen(request.actor, [contact.pk]))
        reports = latest_reports(request.actor, contact, most=COMPARED)
        sides.append({"contact": contact, "addresses": address_lines(addresses, clear=False), "reports": reports})
    return sides


@never_cache
@desk(*policy.PERSON_KEEPERS)
def part(request: DeskRequest, pk: int, deed: int) -> HttpResponse:
    """Undo a merge, with a reason."""
    contact = contact_for(request.actor, pk)
    addresses = list(addresses_seen(request.actor, [contact.pk]))
    line = next((one for one in deeds_of(request.actor, contact, addresses) if one.deed.pk == deed), None)
    if line is None or line.deed.verb not in JOINS:
        raise Refused(_("Penggabungan itu tidak ditemukan."), status=404, code="hidden")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _parted(request, contact, line.deed, form)
    context = {"form": form, "contact": contact, "line": line}
    return render(request, "reports/desk_person_part.html", context, status=400 if form.is_bound else 200)


def _parted(request: DeskRequest, contact: Contact, deed: ContactDeed, form: ReasonForm) -> HttpResponse:
    try:
        people.part_contacts(deed=deed, by=policy.staff(request.actor), reason=form.cleaned_data["reason"])
    except Refused as refusal:
        if refusal.code not in {"stale", "repeated"}:
            raise
        messages.info(request, refusal.sentence)
    else:
        said = _("Penggabungan dibatalkan. Alamat dan laporan kembali ke kontak %(other)s.")
        messages.success(request, said % {"other": deed.other_id})
    for pk in (contact.pk, deed.other_id or 0):
        if sees_contact(request.actor, pk):
            return redirect("reports:desk_person", pk=pk)
    return redirect("reports:desk_queue")


@require_POST
@never_cache
@desk(*policy.PERSON_KEEPERS)
def wish(request: DeskRequest, pk: int) -> HttpResponse:
    """Record that the person wants no messages (`alamat` "semua" or one), or (`lagi`) wants them again at one.

    `bahasa`: they want all messages in that language.
    """
    contact, form = contact_for(request.actor, pk), WishForm(request.POST)
    again, which = "lagi" in request.POST, request.POST.get("lagi") or request.POST.get("alamat", "")
    if not form.is_valid():
        return _page(request, contact, status=400, wish_form=form, wished=which)
    known = list(addresses_seen(request.actor, [contact.pk]))
    rows = [row for row in known if which in {"semua", str(row.pk)}]
    with override(THEIRS):
        reason = form.reason()
    by = policy.staff(request.actor)
    if "bahasa" in request.POST:
        wishes.speak(addresses=known, language=request.POST["bahasa"], by=by, reason=reason)
        messages.success(request, _("Tercatat. Kabar untuk orang ini dikirim dalam bahasa itu."))
    elif again:
        wishes.unsilence(address=_only(rows), by=by, reason=reason)
        messages.success(request, _("Tercatat. Pesan ke alamat itu dikirim lagi."))
    else:
        wishes.silence(addresses=rows, by=by, reason=reason)
        messages.success(request, _("Tercatat. Tidak ada lagi pesan yang dikirim ke alamat itu."))
    return redirect("reports:desk_person", pk=contact.pk)


def _only(rows: list[Address]) -> Address:
    if len(rows) != 1:
        raise Refused(_("Alamat itu tidak ditemukan."), status=404, code="hidden")
    return rows[0]
