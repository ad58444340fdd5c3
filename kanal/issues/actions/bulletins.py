"""One word to everybody concerned by an issue: written, looked at once, sent, stopped, sent on to those who join."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import staff_of
from kanal.channels.actions import Message, queue
from kanal.common import formats
from kanal.common.kept import kept
from kanal.common.refusal import Refused
from kanal.issues import policy
from kanal.issues.actions.bulletin_deed import BulletinDeed
from kanal.issues.actions.deed import Deed
from kanal.issues.models import Bulletin, BulletinEvent, BulletinRecipient, BulletinReport, Issue
from kanal.issues.policy import Doer
from kanal.issues.queries.concerned import Concerned, concerned, reference_of
from kanal.issues.workflow import BulletinKind
from kanal.reports.actions.answers import refuse_placeholders
from kanal.reports.actions.notices import THEIRS
from kanal.reports.models import Report
from kanal.reports.queries.fit_for_all import fit_for_all

LONGEST_BULLETIN = 1500
_ROWS = 120  # of one statement: SQLite takes 999 parameters


@dataclass(frozen=True, slots=True)
class Words:
    """What a bulletin says. `as_answer`: it is also the official answer to reports that wait for its agency's."""

    kind: BulletinKind
    text: str
    as_answer: bool = False


@transaction.atomic
def draft_bulletin(*, issue: Issue, agency: Agency | None, words: Words, by: Doer, about: str = "") -> Bulletin:
    """Begin a bulletin in the name of an agency. `about` says what it came from in a room above."""
    text = told_text(words.text)
    if agency is None:
        raise Refused(_("Tentukan dulu dinas utama isu ini, supaya jelas siapa yang menjawab."), code="no_agency")
    bulletin = Bulletin(issue=issue, agency=agency, author_id=by.user_id or 0, about=about, made_at=timezone.now())
    bulletin.kind, bulletin.text, bulletin.as_answer = words.kind, text, words.as_answer
    policy.check_bulletin("draft", by, bulletin)
    policy.check("tell", policy.on_behalf(by.actor), issue)
    bulletin.save(force_insert=True)
    BulletinEvent.objects.create(bulletin=bulletin, verb="draft", at=bulletin.made_at, user_id=by.user_id)
    return bulletin


@transaction.atomic
def write_bulletin(*, bulletin: Bulletin, words: Words, by: Doer, version: int | None = None) -> None:
    """Word it anew: whoever wrote last is its author, and somebody else must let it out."""
    text = told_text(words.text)
    with BulletinDeed("write", bulletin, by=by, version=version) as deed:
        deed.bulletin.kind, deed.bulletin.text, deed.bulletin.as_answer = words.kind, text, words.as_answer
        deed.bulletin.author_id = by.user_id or 0


@transaction.atomic
def submit_bulletin(*, bulletin: Bulletin, by: Doer, version: int | None = None) -> None:
    """Lay it before those who may send it."""
    with BulletinDeed("submit", bulletin, by=by, version=version) as deed:
        refuse_placeholders(deed.bulletin.text)
        queue(_letters_to_senders(deed.bulletin, by, deed.bulletin.version))


@transaction.atomic
def withdraw_bulletin(*, bulletin: Bulletin, by: Doer, version: int | None = None) -> None:
    """It will not be sent."""
    with BulletinDeed("withdraw", bulletin, by=by, version=version):
        pass


@transaction.atomic
def send_bulletin(*, bulletin: Bulletin, seen: str, by: Doer, version: int | None = None) -> None:
    """Let it out to everybody whom the preview named (`seen` is its seal); the worker does the rest.

    Raises Refused when somebody joined or left since then, and for one's own text: nobody lets out their own.
    """
    with BulletinDeed("send", bulletin, by=by, version=version) as deed:
        refuse_placeholders(deed.bulletin.text)
        _let_out(deed, seen)


@transaction.atomic
def extend_bulletin(*, bulletin: Bulletin, seen: str, by: Doer, version: int | None = None) -> None:
    """Tell those who joined the issue since; nobody hears it twice."""
    with BulletinDeed("extend", bulletin, by=by, version=version) as deed:
        _let_out(deed, seen)


@transaction.atomic
def stop_bulletin(*, bulletin: Bulletin, by: Doer, version: int | None = None) -> None:
    """Hold it where it is. What lies in the outbox still leaves."""
    with BulletinDeed("stop", bulletin, by=by, version=version):
        pass


@transaction.atomic
def resume_bulletin(*, bulletin: Bulletin, by: Doer, version: int | None = None) -> None:
    """Go on where it was stopped."""
    with BulletinDeed("resume", bulletin, by=by, version=version):
        pass


@transaction.atomic
def _let_out(deed: BulletinDeed, seen: str) -> None:
    """Fix the list of everybody, note it in the issue's history, and begin."""
    bulletin, told = deed.bulletin, concerned(deed.bulletin)
    if not told.reports:
        raise Refused(_("Tidak ada yang perlu dikabari: semuanya sudah."), code="nobody")
    if told.seal(bulletin) != seen:
        raise Refused(_what_changed(seen, told), code="changed")
    _list(bulletin, told)
    bulletin.sender_id, bulletin.finished_at = deed.by.user_id, None
    bulletin.sent_at = bulletin.sent_at or deed.at
    bulletin.wave += 1
    deed.data = {"people": len(told.people), "missed": len(told.missed), "reports": len(told.reports)}
    with Deed("tell", issue=bulletin.issue, by=policy.on_behalf(deed.by.actor), at=deed.at) as telling:
        telling.data = {"bulletin": bulletin.pk, "kind": bulletin.kind, "wave": bulletin.wave}


def _what_changed(seen: str, told: Concerned) -> str:
    """Why the preview no longer holds, with what joined since."""
    counts = seen.split(":")[1:]
    before = [int(one) for one in counts] if len(counts) == 2 and all(map(str.isdecimal, counts)) else [0, 0]  # noqa: PLR2004  # reports and people
    joined = len(told.reports) - before[0]
    if joined > 0 and seen:
        sentence = ngettext(
            "Sejak pratinjau ini dibuka, %(num)s laporan masuk ke isu ini. Lihat pratinjaunya lagi, lalu kirim.",
            "Sejak pratinjau ini dibuka, %(num)s laporan masuk ke isu ini. Lihat pratinjaunya lagi, lalu kirim.",
            joined,
        )
        return sentence % {"num": formats.number(joined)}
    return _("Isi atau penerimanya berubah sejak pratinjau ini dibuka. Lihat pratinjaunya lagi, lalu kirim.")


def _list(bulletin: Bulletin, told: Concerned) -> None:
    """Write down everybody who is told, everybody who cannot be, and every report."""
    people = [
        BulletinRecipient(
            bulletin=bulletin, contact_id=one.contact_id, address_id=one.address_id, reports=[*one.own, *one.followed]
        )
        for one in told.people
    ]
    missed = [
        BulletinRecipient(bulletin=bulletin, contact_id=pk, state=BulletinRecipient.State.LEFT_OUT, why=why)
        for pk, why in told.missed.items()
    ]
    BulletinRecipient.objects.bulk_create(people + missed, batch_size=_ROWS)
    BulletinReport.objects.bulk_create(
        [BulletinReport(bulletin=bulletin, report_id=pk) for pk in told.reports], batch_size=_ROWS
    )


def told_text(text: str) -> str:
    """The text as everybody reads it: masked. Raises Refused for none, or one that is too long."""
    return fit_for_all(kept(text, most=LONGEST_BULLETIN, missing=_("Tulis dulu kabarnya.")), Report())


def _letters_to_senders(bulletin: Bulletin, by: Doer, version: int) -> Iterable[Message]:
    """Word to those who may send it: the agency's heads and the coordinators, not to the one who asks."""
    heads = staff_of([bulletin.agency_id], policy.Role.SUPERVISOR)
    coordinators = Membership.objects.filter(role=policy.Role.COORDINATOR, user__is_active=True)
    people = (heads | coordinators).exclude(user_id=by.user_id or 0)
    emails = sorted(set(people.values_list("user__email", flat=True)))
    link = settings.BASE_URL + reverse("issues:desk_bulletin", args=[bulletin.pk])
    with override(THEIRS):
        subject = _("Kabar untuk semua pelapor menunggu Anda")
        text = _("%(name)s menulis kabar tentang “%(issue)s”. Lihat pratinjaunya, lalu kirim atau ubah.")
        text %= {"name": by.actor.name, "issue": bulletin.issue.title}
    return [
        Message(
            purpose="bulletin_asked",
            dedupe_key=f"bulletin_asked:{bulletin.pk}:{version}:{email}",
            subject=subject,
            body=f"{text}\n\n{link}\n",
            reference=reference_of(bulletin),
            to_staff=email,
        )
        for email in emails
    ]
