"""What the desk does with messages that nobody has taken up: report, remark, answer, drop, or hand to the Inspektorat.

Each verb is one transaction that takes the message first: of two people the slower one is told who was faster.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.channels.actions import Message, queue, settle
from kanal.channels.adapters import adapter_of, can_send
from kanal.channels.models import Address, Inbound, InboundFile
from kanal.common.images import CleanImage
from kanal.common.refusal import Refused, once
from kanal.reports import policy
from kanal.reports.actions.attachments import MOST
from kanal.reports.actions.commenting import answer_twice
from kanal.reports.actions.handling import note
from kanal.reports.actions.intake import Filing, file_report
from kanal.reports.actions.notices import THEIRS, say_alone
from kanal.reports.actions.reporter import reply
from kanal.reports.models import MessageDecision, Report
from kanal.reports.policy import REPORTER, Doer
from kanal.reports.queries.messages import answer_reference, sender_of
from kanal.reports.workflow import Kind

Deed = MessageDecision.Deed
PURPOSE = "message_answer"


def _take(inbound: Inbound, verb: str, by: Doer) -> Inbound:
    """The message, locked, for one who may do this. Raises Refused when it does not wait (any more)."""
    policy.check_message(verb, by)
    row = Inbound.objects.select_for_update().get(pk=inbound.pk)
    if row.state == Inbound.State.WAITING:
        return row
    decision = MessageDecision.objects.select_related("user").filter(inbound=row).first()
    if decision is None:
        raise Refused(_("Pesan ini tidak menunggu lagi."), code="taken")
    if decision.user_id == by.user_id:
        raise Refused(_("Sudah dilakukan."), code="repeated")
    raise Refused(_("Pesan ini baru saja diurus %(name)s.") % {"name": decision.user.name}, code="taken")


def _decide(
    row: Inbound, deed: Deed, by: Doer, *, state: str, report: Report | None = None, reason: str = "", why: str = ""
) -> None:
    MessageDecision.objects.create(
        inbound=row, deed=deed, report=report, user_id=by.user_id or 0, at=timezone.now(), reason=reason
    )
    settle(row, state, why=why)


def words_of(inbound: Inbound) -> str:
    """The words of a message; one without any says what it brought. Kept with the report, hence in Indonesian."""
    if inbound.text.strip():
        return inbound.text
    with override(THEIRS):
        kinds = [str(InboundFile.Kind(kind).label) for kind in inbound.files.values_list("kind", flat=True)]
        return _("(Tanpa kata-kata: %(what)s)") % {"what": ", ".join(kinds) or inbound.place or _("pesan kosong")}


@transaction.atomic
def file_message(*, inbound: Inbound, filing: Filing, by: Doer, at: datetime | None = None) -> Report:
    """Make a report of a message; its sender is the reporter and gets the receipt where they wrote.

    `filing` says what the desk made of it; medium, address and message are the message's own. Raises Refused when the
    message was taken up meanwhile.
    """
    row = _take(inbound, "file", by)
    report = _file(row, filing, by, at)
    deed = Deed.CONFIDED if report.kind == Kind.WHISTLEBLOWING else Deed.FILED
    _decide(row, deed, by, state=Inbound.State.USED, report=report)
    return report


def _file(row: Inbound, filing: Filing, by: Doer, at: datetime | None) -> Report:
    told = replace(
        filing,
        medium=row.medium,
        submission=row.external_id,
        address=row.address,
        inbound=row,
        by_user_id=by.user_id,
        photos=tuple(filing.photos)[:MOST],
    )
    report = file_report(told, at=at)
    if row.address and can_send(row.medium):
        answer_twice(row, report)
    return report


@transaction.atomic
def confide_message(
    *, inbound: Inbound, by: Doer, photos: Iterable[CleanImage] = (), at: datetime | None = None
) -> Report:
    """Hand a message to the Inspektorat: it becomes whistle-blowing, and nobody else sees it from then on."""
    row = _take(inbound, "confide", by)
    filing = Filing(
        body=words_of(row),
        submission=row.external_id,
        kind=Kind.WHISTLEBLOWING,
        place_text=_place_in_words(row),
        anonymous=True,
        photos=tuple(photos),
    )
    report = _file(row, filing, by, at)
    _decide(row, Deed.CONFIDED, by, state=Inbound.State.USED, report=report)
    return report


def _place_in_words(row: Inbound) -> str:
    """Place and pin as words: those of whistle-blowing are encrypted with its text, the columns are not."""
    pin = f"{row.lat:.5f}, {row.lon:.5f}" if row.lat is not None and row.lon is not None else ""
    return " ".join(filter(None, (row.place, pin)))


@transaction.atomic
def add_message(
    *, inbound: Inbound, report: Report, by: Doer, photos: Iterable[CleanImage] = (), at: datetime | None = None
) -> bool:
    """Add a message to a report: as the reporter's own words when they sent it, else as an internal note.

    Files of somebody else stay with the message, which the note names. Returns whether it became the reporter's words.
    Raises Refused for a report that the person may not see, and when the message was taken up meanwhile.
    """
    row = _take(inbound, "add", by)
    if not policy.sees(by.actor, report):
        raise Refused(_("Laporan itu tidak ditemukan. Periksa kodenya."), status=404, code="hidden")
    theirs = row.address is not None and row.address.contact_id == report.contact_id
    if theirs and policy.allows("reply", REPORTER, report):
        with once():
            reply(report=report, text=words_of(row), photos=photos, at=at)
    else:
        theirs = False
        with override(THEIRS):
            text = _("Pesan lewat %(source)s: %(words)s") % {
                "source": " ".join(filter(None, (row.get_medium_display(), sender_of(row)))),
                "words": words_of(row),
            }
        note(report=report, by=by, text=text, at=at, message=row.pk)
    _decide(row, Deed.ADDED, by, state=Inbound.State.USED, report=report)
    return theirs


def cannot_answer(inbound: Inbound) -> str:
    """Why a message cannot be answered where it came from, or ""."""
    if inbound.address is None or not can_send(inbound.medium):
        return _("Lewat saluran ini Kanal tidak bisa membalas.")
    if inbound.address.state == Address.State.OPTED_OUT:
        return _("Orang ini minta tidak dikirimi lagi.")
    if inbound.address.state == Address.State.BOUNCED:
        return _("Alamat ini menolak kiriman sebelumnya.")
    return ""


@transaction.atomic
def answer_message(*, inbound: Inbound, text: str, by: Doer) -> None:
    """Answer where the message came from; what becomes of the answer is found by `answer_reference`.

    Raises Refused for an empty answer, when nothing can be sent there, and when the message was taken up meanwhile.
    """
    if not text.strip():
        raise Refused(_("Balasannya masih kosong."), status=400)
    row = _take(inbound, "answer", by)
    reason = cannot_answer(row)
    if reason:
        raise Refused(reason)
    adapter = adapter_of(row.medium)
    too_long = adapter.too_long(text, public=row.public) if adapter else ""
    if too_long:
        raise Refused(too_long, status=400)
    language = row.address.language if row.address else ""
    queue(
        [
            Message(
                purpose=PURPOSE,
                dedupe_key=f"{PURPOSE}:{row.pk}",
                subject=say_alone("subject_message_answer", language),
                body=text,
                reference=answer_reference(row.pk),
                address=row.address,
                thread=row.thread,
            )
        ]
    )
    _decide(row, Deed.ANSWERED, by, state=Inbound.State.ANSWERED)


@transaction.atomic
def take_message(*, inbound: Inbound, by: Doer, why: str) -> Inbound:
    """Let a room above have a message that waits; `why` says what it becomes there. In the caller's transaction.

    Raises Refused when the message was taken up meanwhile.
    """
    row = _take(inbound, "take", by)
    _decide(row, Deed.TAKEN, by, state=Inbound.State.ANSWERED, why=why)
    return row


@transaction.atomic
def drop_message(*, inbound: Inbound, why: str, by: Doer, words: str = "") -> None:
    """Take a message out of the inbox with a reason; nothing is sent, and the message stays on record.

    `why` is one of the usual reasons and may be read by everybody at the desk; `words` say more.
    """
    if not why.strip():
        raise Refused(_("Pilih alasan melewati pesan ini."), status=400)
    row = _take(inbound, "drop", by)
    _decide(row, Deed.DROPPED, by, state=Inbound.State.DROPPED, reason=words, why=why)
