"""What clients write: reports, remarks. And the keys that let them."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Membership
from kanal.channels.actions import pulse
from kanal.channels.models import Medium
from kanal.common.secrets import lookup_hash
from kanal.reports import policy
from kanal.reports.actions import Filing, file_report, notices
from kanal.reports.actions.notices import Notice
from kanal.reports.models import ApiClient, ApiFiling, ApiUpdate, Report, ReportEvent
from kanal.reports.open311.answering import Problem
from kanal.reports.queries.programs import KEYS
from kanal.reports.workflow import Kind, Status

_KEY_BYTES = 32
_LONGEST_KEY = 200
_HOUR = 3600


# --- keys -----------------------------------------------------------------------------------------------------------


def new_key() -> tuple[str, str]:
    """A fresh key and the hash that is kept of it."""
    key = secrets.token_urlsafe(_KEY_BYTES)
    return key, _hash(key)


def _hash(key: str) -> str:
    return lookup_hash("open311-key", key)


@transaction.atomic
def issue_key(*, name: str, contact: str = "", batch: bool = False, renew: bool = False) -> str:
    """Make a client and return its key, which nobody can look up again; `renew` replaces the key of a known client.

    Raises ValueError when the name is taken (or, with `renew`, unknown).
    """
    key, kept = new_key()
    known = ApiClient.objects.select_for_update().defer(*KEYS).filter(name=name).first()
    if (known is not None) != renew:
        raise ValueError(name)
    if known:
        known.key_hash = kept
        known.active = True
        known.save(update_fields=["key_hash", "active"])
    else:
        ApiClient.objects.create(name=name, contact=contact, key_hash=kept, batch=batch)
    return key


def client_of(key: str) -> ApiClient:
    """The client of a key. Raises Problem (403), and counts whoever comes without a right one."""
    found = None
    if 0 < len(key) <= _LONGEST_KEY:
        found = ApiClient.objects.defer(*KEYS).filter(key_hash=_hash(key), active=True).first()
    if found is None:
        pulse.note_refused(Medium.OPEN311)
        raise Problem(403, _("api_key belum diisi atau tidak berlaku. Cara memintanya ada di /pengembang/."))
    return found


def count(client: ApiClient) -> None:
    """Count one more of what a client sends. Raises Problem (429) above its limit; 0 switches the limit off."""
    counter = f"open311:{client.pk}"
    cache.add(counter, 0, _HOUR)
    try:
        sent = cache.incr(counter)
    except ValueError:  # it ran out between the two calls: a new hour began
        cache.set(counter, 1, _HOUR)
        sent = 1
    if client.hourly_limit and sent > client.hourly_limit:
        sentence = _("Aplikasi ini sudah mengirim %(limit)d kali dalam satu jam. Tunggu, lalu kirim lagi.")
        raise Problem(429, sentence % {"limit": client.hourly_limit})


# --- reports ----------------------------------------------------------------------------------------------------------


def submission_of(client: ApiClient, wish: str) -> str:
    """The id that makes filing twice harmless: from the client's Idempotency-Key, else a fresh one."""
    known = hashlib.sha256(wish.encode("utf-8", "replace")).hexdigest() if wish else secrets.token_hex(32)
    return f"{client.pk}:{known}"


@transaction.atomic
def take_in(*, filing: Filing, client: ApiClient, media: Sequence[str] = ()) -> ApiFiling:
    """File a report for a client. The addresses of its media are kept for the desk; nothing is fetched from there."""
    report = file_report(filing)
    taken, is_new = ApiFiling.objects.get_or_create(
        report=report, defaults={"client": client, "token": secrets.token_urlsafe(_KEY_BYTES)}
    )
    if is_new and media:
        _remark(report, client, "\n".join(media), {"media": len(media)})
    return taken


def _remark(report: Report, client: ApiClient, text: str, data: dict[str, object]) -> None:
    """A line of history that staff alone read; as words of the reporter it goes when the report is anonymised."""
    ReportEvent.objects.create(
        report=report,
        verb="reply",
        at=timezone.now(),
        by=ReportEvent.By.REPORTER,
        note=f"{client.name}: {text}",
        data={"client": client.pk, **data},
    )


def code_of(token: str) -> ApiFiling:
    """The filing of a token. Raises Problem (404); what is in confidence is not found either."""
    taken = ApiFiling.objects.select_related("report", "client").defer("report__body").filter(token=token).first()
    if taken is None or taken.report.secret or taken.report.kind == Kind.WHISTLEBLOWING:
        raise Problem(404, _("Token itu tidak ditemukan."))
    return taken


def code_given(taken: ApiFiling) -> bool:
    """Whether the client may have the code now: at once, or for a client of the other sort after the first look."""
    return not taken.client.batch or taken.report.status != Status.RECEIVED


# --- two-way updates ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remark:
    """What a client says about a report that it filed."""

    update_id: str
    code: str
    status: str
    text: str
    at: datetime


def remark(said: Remark, *, client: ApiClient) -> None:
    """Keep a remark inside and tell the agency; it neither changes the report nor shows to the public.

    Raises Problem: 404 when this client filed no such report, 400 when it is over or the remark is known.
    """
    try:
        with transaction.atomic():
            _keep_remark(said, client)
    except IntegrityError:
        raise Problem(400, _("update_id itu sudah ada (already exists).")) from None


def _keep_remark(said: Remark, client: ApiClient) -> None:
    mine = Report.objects.select_for_update().filter(tracking_code=said.code, api_filing__client=client)
    report = mine.filter(secret=False).first()
    if report is None:
        raise Problem(404, _("service_request_id itu tidak ditemukan."))
    if not policy.allows("reply", policy.REPORTER, report):
        raise Problem(400, _("Laporan itu sudah selesai dan tidak menerima keterangan lagi."))
    ApiUpdate.objects.create(client=client, report=report, update_id=said.update_id)
    _remark(report, client, f"[{said.status}] {said.text}", {"update_id": said.update_id, "said_at": f"{said.at}"})
    notice = Notice(
        "reply",
        gettext_lazy("Pelapor menambah keterangan pada %(code)s"),
        gettext_lazy("Ada keterangan baru dari pelapor."),
    )
    notices.tell_agency(report, notice, roles=[Membership.Role.OFFICER], key=f"{client.pk}:{said.update_id}"[:40])
