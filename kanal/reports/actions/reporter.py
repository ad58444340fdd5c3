"""What the citizen does after filing, through the private link; and what anybody may do with a public report."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Membership
from kanal.agencies.queries import reference
from kanal.channels.actions import Message, address_for, queue
from kanal.channels.models import Medium
from kanal.common.images import CleanImage
from kanal.common.refusal import Refused
from kanal.common.secrets import lookup_hash
from kanal.reports.actions import notices
from kanal.reports.actions.attachments import MOST, attach
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.handling import finish
from kanal.reports.actions.notices import Notice
from kanal.reports.models import Feedback, Follower, Reason, Report, ReportEvent, Supporter
from kanal.reports.policy import REPORTER
from kanal.reports.queries import report_reference
from kanal.reports.queries.follow_links import confirm_link
from kanal.reports.workflow import Clock, Status

ONE_PRESS = timedelta(minutes=5)
"""So soon nobody says the same again on purpose; a slow connection presses a button twice."""


@transaction.atomic
def reply(
    *,
    report: Report,
    text: str = "",
    photos: Iterable[CleanImage] = (),
    at: datetime | None = None,
    **source: int,
) -> Report:
    """More from the reporter: words, photos. `source`: `message`, the changed one that now says so, or `on_page`.

    An answer to a question lets the clocks go on; words after an answer keep the ten days from running out unseen.
    Raises Refused when there is nothing, too many photos, or just the same as a moment ago (`code` "repeated").
    """
    photos = tuple(photos)
    if not text.strip() and not photos:
        raise Refused(_("Tulis keterangannya atau tambahkan foto."), status=400)
    with Deed("reply", report=report, by=REPORTER, at=at) as deed:
        _refuse_repeated(deed, text, photos)
        if deed.report.attachments.count() + len(photos) > MOST * 2:
            raise Refused(_("Sudah terlalu banyak foto pada laporan ini. Ceritakan saja dengan kata-kata."), status=400)
        deed.note, deed.data = text, {"photos": len(photos), **source}
        attach(report=deed.report, photos=photos)
        deed.report.has_photo = deed.report.has_photo or bool(photos)
        if deed.report.status == Status.NEEDS_INFO:
            deed.clocks.meet(Clock.INFO_WAIT)
            deed.clocks.resume_all()
            deed.target = _status_before_question(deed.report)
        elif deed.report.status == Status.ANSWERED:
            deed.clocks.open(Clock.REPLY)
    notice = Notice(
        "reply",
        gettext_lazy("Pelapor menambah keterangan pada %(code)s"),
        gettext_lazy("Ada keterangan baru dari pelapor."),
    )
    notices.tell_agency(report, notice, roles=[Membership.Role.OFFICER])
    return report


def _refuse_repeated(deed: Deed, text: str, photos: Iterable[CleanImage] = ()) -> None:
    """Raise Refused ("repeated") for the second press of a button: the last line's words and no new photo."""
    last = deed.report.events.order_by("-id").first()
    if last is None or (last.verb, last.by, last.note) != (deed.verb.name, deed.by.by, text):
        return
    new = {photo.sha256 for photo in photos} - set(deed.report.attachments.values_list("sha256", flat=True))
    if not new and abs(deed.at - last.at) < ONE_PRESS:
        raise Refused(_("Sudah kami terima."), code="repeated")


def _status_before_question(report: Report) -> Status:
    if report.agency_id is None:
        return Status.RECEIVED
    return Status.IN_PROGRESS if report.started_at else Status.ASSIGNED


@transaction.atomic
def withdraw(*, report: Report, note: str = "", at: datetime | None = None) -> Report:
    """The reporter takes the report back."""
    with Deed("withdraw", report=report, by=REPORTER, at=at) as deed:
        deed.report.archive_reason = "withdrawn"
        deed.report.closed_at = deed.at
        deed.report.published = False
        deed.clocks.void_all()
        deed.note = note
    return report


@transaction.atomic
def ask_reopen(*, report: Report, note: str, at: datetime | None = None) -> Report:
    """Note that the reporter says "belum selesai"; the coordinator decides. Asking again adds the new words.

    Raises Refused without a word about what is still wrong: the agency could do nothing with it.
    """
    if not note.strip():
        raise Refused(_("Ceritakan apa yang belum beres, supaya dinas tahu harus berbuat apa."), status=400)
    with Deed("ask_reopen", report=report, by=REPORTER, at=at) as deed:
        _refuse_repeated(deed, note)
        deed.report.reopen_asked_at = deed.report.reopen_asked_at or deed.at
        deed.note = note
        if deed.report.status == Status.ANSWERED:
            deed.clocks.open(Clock.REPLY)
    notice = Notice(
        "reopen_asked",
        gettext_lazy("Pelapor meminta %(code)s dibuka lagi"),
        gettext_lazy(
            "Pelapor berkata masalahnya belum selesai. Putuskan: buka lagi, atau jelaskan mengapa tetap selesai."
        ),
    )
    notices.tell_role(report, notice, Membership.Role.COORDINATOR)
    return report


@transaction.atomic
def give_feedback(
    *, report: Report, stars: int, reasons: Iterable[str] = (), comment: str = "", at: datetime | None = None
) -> Feedback:
    """One to five stars with standard reasons.

    Satisfied (4 or 5) closes the report; an unhappy reason that says so asks
    for reopening. Rating again replaces the first rating. Raises Refused for anything but one to five, and for just
    the same rating again (`code` "repeated").
    """
    if stars not in range(1, 6):
        raise Refused(_("Beri satu sampai lima bintang."), status=400)
    use = Reason.Use.SATISFIED if stars > 3 else Reason.Use.UNSATISFIED  # noqa: PLR2004  # four and five are content
    known = {reason.code: reason for reason in report_reference().reasons_for(use)}
    chosen = [known[code] for code in reasons if code in known]
    with Deed("feedback", report=report, by=REPORTER, at=at) as deed:
        given = Feedback.objects.filter(report=deed.report).first()
        if given and (given.stars, given.reasons, given.comment) == (stars, [r.code for r in chosen], comment):
            raise Refused(_("Sudah kami terima."), code="repeated")
        feedback, _created = Feedback.objects.update_or_create(
            report=deed.report,
            defaults={"stars": stars, "reasons": [r.code for r in chosen], "comment": comment, "at": deed.at},
        )
        deed.data = {"stars": stars, "reasons": [r.code for r in chosen]}
        if use == Reason.Use.SATISFIED and deed.report.status == Status.ANSWERED:
            finish(deed)
        if any(reason.reopens for reason in chosen):
            deed.report.reopen_asked_at = deed.report.reopen_asked_at or deed.at
    return feedback


@transaction.atomic
def support(*, report: Report, browser_key: str) -> bool:
    """Count one more "saya juga mengalami", once per browser. Returns whether it counted now."""
    try:
        with transaction.atomic():
            Supporter.objects.create(report=report, key_hash=lookup_hash("supporter", browser_key))
    except IntegrityError:
        return False
    Report.objects.filter(pk=report.pk).update(supporters_count=F("supporters_count") + 1)
    report.supporters_count += 1
    return True


@transaction.atomic
def follow(*, report: Report, email: str, at: datetime | None = None) -> None:
    """Somebody wants to hear of a public report: an e-mail asks them to confirm, lest others sign them up.

    Asking again sends the link again, once a day. Nothing tells whether the address follows already.
    """
    address = address_for(medium=Medium.EMAIL, handle=email)
    follower, _created = Follower.objects.get_or_create(report=report, address=address)
    if follower.confirmed_at:
        return
    notice = Notice(
        "confirm_follow",
        gettext_lazy("Ikuti laporan %(code)s?"),
        gettext_lazy(
            "Tekan tautan ini untuk mulai dikabari:\n\n%(link)s\n\nBukan Anda yang meminta? Abaikan saja pesan ini."
        ),
        link=confirm_link(follower.pk),
    )
    subject, text = notice.written(report)
    queue(
        [
            Message(
                purpose=notice.purpose,
                dedupe_key=f"confirm_follow:{follower.pk}:{reference().today(at)}",
                subject=subject,
                body=text,
                reference=report.tracking_code,
                address=address,
            )
        ]
    )


@transaction.atomic
def confirm_follow(*, report: Report, follower_id: int, at: datetime) -> None:
    """The person clicked the link in the e-mail."""
    Follower.objects.filter(pk=follower_id, report=report, confirmed_at=None).update(confirmed_at=at)


@transaction.atomic
def unfollow(*, report: Report, follower_id: int) -> None:
    """No more messages about this report; unfollowing twice is fine."""
    Follower.objects.filter(pk=follower_id, report=report).delete()


@transaction.atomic
def flag_content(*, report: Report, reason: str, at: datetime | None = None) -> None:
    """Tell the coordinators that a reader finds something on the public page unfit to be there.

    It leaves a line in the history that only staff read and changes nothing else: a stranger's word neither hides a
    report nor makes an officer's open page stale. The same words again a moment later are a button pressed twice.
    Raises Refused when nothing is said.
    """
    if not reason.strip():
        raise Refused(
            _("Ceritakan bagian mana yang tidak pantas tampil, supaya kami tahu harus melihat apa."), status=400
        )
    at = at or timezone.now()
    Report.objects.select_for_update().get(pk=report.pk)  # two presses at once come in one after the other
    last = report.events.filter(verb="flag_content").order_by("-id").first()
    if last and last.note == reason and abs(at - last.at) < ONE_PRESS:
        return
    ReportEvent.objects.create(
        report=report,
        verb="flag_content",
        at=at,
        by=ReportEvent.By.SYSTEM,
        note=reason,
        data={"from": "public"},
    )
    notice = Notice(
        "content_flagged",
        gettext_lazy("Isi laporan %(code)s dianggap tidak pantas"),
        gettext_lazy("Seorang pembaca meminta halaman umum laporan ini diperiksa. Alasannya ada di riwayat."),
    )
    notices.tell_role(report, notice, Membership.Role.COORDINATOR)
