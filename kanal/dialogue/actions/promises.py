"""What becomes of a promise: recorded, corrected, reported done, found kept, given up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from kanal.agencies.models import Agency
from kanal.agencies.queries import Actor, check_stands, reference
from kanal.common import formats
from kanal.common.images import CleanImage
from kanal.common.kept import kept
from kanal.common.masking import mask
from kanal.common.obligations import Unit
from kanal.common.photo_files import DAY, remove_loose, write_photo
from kanal.common.refusal import Refused
from kanal.dialogue import policy
from kanal.dialogue.actions import notices
from kanal.dialogue.actions.deed import Deed, tell, told
from kanal.dialogue.models import LONGEST_PROMISE, Commitment, Episode, Evidence, EvidencePhoto
from kanal.dialogue.workflow import Status
from kanal.issues.models import Issue
from kanal.reports.models import Report
from kanal.reports.policy import counted_openly

KIND = "commitment"
FARTHEST = 3650
"""Days: a promise for more than ten years ahead is a typing error."""
LONGEST_EVIDENCE = 2000
LONGEST_REASON = 300
MOST_PHOTOS = 5
FOLDER = "promises"


@dataclass(frozen=True, slots=True)
class Promised:
    """Who promised what, by when; where it was said, and for which issue or report."""

    text: str
    agency: Agency
    due_on: date
    speaker: str = ""
    episode: Episode | None = None
    issue: Issue | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What an agency shows for a promise that it calls done."""

    text: str
    link: str = ""
    photos: Sequence[CleanImage] = field(default=())


@transaction.atomic
def promise(*, promised: Promised, by: Actor, at: datetime | None = None) -> Commitment:
    """Write down what was promised. The clock runs from the moment at which it was said."""
    at = at or timezone.now()
    said = promised.episode
    opened_at = said.starts_at if said and said.starts_at < at else at
    commitment = Commitment(kind=KIND, opened_at=opened_at, unit=Unit.CALENDAR_DAYS, rule=_rule(said, opened_at))
    _tell_of(commitment, promised)
    policy.check("promise", by, commitment)
    if said and said.status not in {Status.ANNOUNCED, Status.HELD}:
        raise Refused(_("Janji dicatat dalam acara yang sudah diumumkan."), code="not_public")
    commitment.save(force_insert=True)
    tell(commitment, "promise", by=by, at=at, data={"due_on": commitment.due_on.isoformat()})
    sentence = gettext_noop("Dinas Anda berjanji: %(promise)s Paling lambat %(day)s.")
    notices.tell_about(commitment, "promise_made", sentence)
    return commitment


def _rule(episode: Episode | None, opened_at: datetime) -> str:
    """Where the duty comes from, in the language of the country."""
    day = reference().today(opened_at)
    with override(notices.INDONESIAN):
        facts = {"programme": episode.programme.name if episode else "", "day": formats.day(day)}
        return (_("Janji dalam %(programme)s, %(day)s") if episode else _("Janji tertulis, %(day)s")) % facts


def _tell_of(commitment: Commitment, promised: Promised) -> None:
    """Take over what was promised. Raises Refused for what cannot be kept so."""
    text = told(Commitment, "text", promised.text, missing=_("Tulis apa yang dijanjikan."))
    commitment.text = mask(text).text[:LONGEST_PROMISE]
    commitment.speaker = told(Commitment, "speaker", promised.speaker)
    check_stands(promised.agency)
    if promised.report and not Report.objects.filter(counted_openly(), pk=promised.report.pk).exists():
        raise Refused(_("Laporan itu tidak ditemukan."), status=404, code="hidden")
    commitment.agency, commitment.episode = promised.agency, promised.episode
    commitment.issue, commitment.report = promised.issue, promised.report
    _set_date(commitment, promised.due_on)


def _set_date(commitment: Commitment, due_on: date) -> None:
    days = (due_on - reference().today(commitment.opened_at)).days
    if days < 0:
        raise Refused(_("Tanggal itu sebelum hari janjinya diucapkan."), status=400, code="early")
    if days > FARTHEST:
        raise Refused(_("Tanggal itu lebih dari sepuluh tahun lagi. Periksa tahunnya."), status=400, code="far")
    if commitment.due_on != due_on:
        commitment.reminded = commitment.escalated_on = None
    commitment.allowance, commitment.due_on = days, due_on


@transaction.atomic
def correct(*, commitment: Commitment, promised: Promised, note: str, by: Actor, version: int | None = None) -> None:
    """Word it anew or move its date. `note` says why, and everybody reads it: a moved date is never silent."""
    note = _reason(note, _("Tulis alasan perubahannya: itu yang dibaca warga."))
    with Deed("correct", commitment, by=by, version=version) as deed:
        before = deed.subject.due_on
        _tell_of(deed.subject, promised)
        deed.subject.rule = _rule(deed.subject.episode, deed.subject.opened_at)
        deed.note = note
        if before != deed.subject.due_on:
            deed.data = {"from": before.isoformat(), "due_on": deed.subject.due_on.isoformat()}


@transaction.atomic
def fulfil(*, commitment: Commitment, shown: Shown, by: Actor, version: int | None = None) -> Evidence:
    """Say that it is done, and show it. The coordinator has the last word; the day of this word is what counts."""
    text = mask(kept(shown.text, most=LONGEST_EVIDENCE, missing=_("Tulis apa yang sudah dikerjakan."))).text
    if len(shown.photos) > MOST_PHOTOS:
        raise Refused(_("Paling banyak %(most)d foto.") % {"most": MOST_PHOTOS}, status=400, code="too_many")
    with Deed("fulfil", commitment, by=by, version=version) as deed:
        deed.subject.claimed_at, deed.subject.reason = deed.at, ""
        evidence = Evidence.objects.create(
            commitment=deed.subject, text=text, link=_link(shown.link), added_at=deed.at, user_id=by.user_id or 0
        )
        base = f"{FOLDER}/{commitment.pk}/{evidence.pk}"
        EvidencePhoto.objects.bulk_create(
            EvidencePhoto(evidence=evidence, **write_photo(f"{base}-{photo.sha256[:16]}", photo, encrypted=False))
            for photo in shown.photos
        )
        sentence = gettext_noop("Dinas melaporkan selesai: %(promise)s Periksa buktinya.")
        notices.tell_about(deed.subject, "promise_claimed", sentence, coordinators=True)
    return evidence


def _reason(text: str, missing: str) -> str:
    """Why, as everybody reads it: masked. Raises Refused for nothing at all, or too much."""
    return mask(told(Commitment, "reason", text, missing=missing)).text[:LONGEST_REASON]


def _link(link: str) -> str:
    link = told(Evidence, "link", link)
    if link and (not link.startswith("https://") or any(char.isspace() for char in link)):
        raise Refused(_("Tautan harus diawali https://"), status=400, code="link")
    return link


@transaction.atomic
def accept(*, commitment: Commitment, by: Actor, version: int | None = None) -> None:
    """Find that it is kept. It counts from the day on which the agency said so."""
    with Deed("accept", commitment, by=by, version=version) as deed:
        claimed_at = deed.subject.claimed_at
        assert claimed_at is not None  # noqa: S101  # the status says so, and the database sees to it
        deed.subject.meet(max(claimed_at, deed.subject.opened_at))
        deed.subject.kept_on = reference().today(claimed_at)


@transaction.atomic
def refuse(*, commitment: Commitment, reason: str, by: Actor, version: int | None = None) -> None:
    """Find that it is not done yet; the agency reads why."""
    note = _reason(reason, _("Tulis apa yang masih kurang."))
    with Deed("refuse", commitment, by=by, version=version) as deed:
        deed.note, deed.subject.claimed_at = note, None
        sentence = gettext_noop("Belum selesai: %(promise)s Yang masih kurang: %(note)s")
        notices.tell_about(deed.subject, "promise_returned", sentence, note=note)


@transaction.atomic
def give_up(*, commitment: Commitment, reason: str, by: Actor, version: int | None = None) -> None:
    """Say that it will not be kept, and why. It may still be fulfilled one day."""
    reason = _reason(reason, _("Tulis alasannya: itu yang dibaca warga."))
    with Deed("give_up", commitment, by=by, version=version) as deed:
        deed.note = deed.subject.reason = reason


@transaction.atomic
def withdraw(*, commitment: Commitment, reason: str, by: Actor, version: int | None = None) -> None:
    """Take it out of the count: it was recorded wrongly, or somebody else keeps it. Everybody reads why."""
    reason = _reason(reason, _("Tulis alasannya: itu yang dibaca warga."))
    with Deed("withdraw", commitment, by=by, version=version) as deed:
        deed.note = deed.subject.reason = reason
        deed.subject.claimed_at = None


def remove_loose_photos(*, older_than: timedelta = DAY) -> int:
    """Delete photos without a row. Returns how many went."""
    return remove_loose(FOLDER, EvidencePhoto.objects.all(), older_than=older_than)
