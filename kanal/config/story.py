"""Four weeks of the demonstration, played through the ordinary verbs: from issues to a promise that is kept.

The clock is set to each day of the story, so that histories, deadlines and pages tell it as it would have happened.
Never in production.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from unittest import mock

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.demo_people import AGENCY, PEOPLE
from kanal.agencies.models import Agency, Membership, User
from kanal.agencies.queries import Actor, actor_of, reference
from kanal.brief import actions as brief_actions
from kanal.brief import queries as brief_queries
from kanal.brief.policy import REGENCY, About
from kanal.common.refusal import Refused
from kanal.dialogue import actions
from kanal.dialogue.actions import Asked, Draft, Plan, Promised, Shown, Topic
from kanal.dialogue.models import Commitment, Episode, Programme
from kanal.dialogue.queries.questions import ends_at
from kanal.issues import actions as issue_actions
from kanal.issues.models import Issue
from kanal.issues.policy import person
from kanal.issues.queries.concerned import concerned
from kanal.issues.workflow import BulletinKind, Status
from kanal.reports.demo.accounts import refuse_in_production
from kanal.reports.models import Category

FRIDAY = 4
Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Known:
    """How a coordinator names the issues of a category, and what is promised about it."""

    title: str
    summary: str
    promise: str = ""


KNOWN = {
    "jalan-berlubang": Known(
        "Jalan kabupaten berlubang",
        "Lubang di jalan kabupaten, banyak di tikungan dan di depan pasar. Beberapa warga sudah jatuh.",
        "Lubang yang dilaporkan sampai hari ini ditambal, mulai dari tikungan dan jalan ke sekolah.",
    ),
    "pju-padam": Known(
        "Lampu jalan padam berhari-hari",
        "Lampu padam berurutan, terutama di jalan masuk desa.",
        "Lampu yang padam diperiksa dan diganti, dan satu nomor pengaduan lampu diumumkan.",
    ),
    "drainase": Known("Air menggenang karena selokan macet", "Selokan penuh lumpur dan sampah, air naik ke jalan."),
    "puskesmas": Known("Antrean berobat terlalu lama", "Pasien menunggu berjam-jam di puskesmas dan IGD."),
    "pdam": Known("Air PDAM sering mati", "Air mati berhari-hari, tagihan tetap datang."),
    "sampah": Known("Sampah tidak diangkut", "Sampah menumpuk di tempat pembuangan sementara."),
    "jembatan": Known("Jembatan rusak", "Lantai dan pagar jembatan rusak, berbahaya bagi anak sekolah."),
    "pupuk": Known("Pupuk bersubsidi sulit didapat", "Petani terdaftar, tetapi pupuknya tidak ada di kios."),
    "biaya-sekolah": Known(
        "Ijazah ditahan dan pungutan sekolah", "Orang tua diminta membayar sebelum ijazah atau rapor diberikan."
    ),
    "bpjs": Known("BPJS yang ditanggung pemerintah tiba-tiba tidak aktif", "Warga baru tahu saat akan berobat."),
}


@dataclass(frozen=True, slots=True)
class _Cast:
    kun: Actor
    oki: Actor
    heni: Actor
    rina: Actor


@transaction.atomic
def play() -> bool:
    """Play the story, all of it or nothing; False where it was played before, or where nobody keeps saying anything.

    Raises Refused in production and LookupError without the demonstration's people.
    """
    refuse_in_production()
    cast, friday = _cast(), _last_friday()
    if Commitment.objects.exists():
        return False
    with _at(friday - timedelta(days=24)):
        if not Issue.objects.exists():
            call_command("mine", verbosity=0)
        issues = _confirm(cast)
    if not issues:
        return False
    held = _evening(cast, issues[:3], friday - timedelta(days=21))
    _promises(cast, held, issues)
    _coming(cast, friday + timedelta(days=7))
    _sheets(friday)
    return True


def _cast() -> _Cast:
    def of(role: Role) -> Actor:
        email = next(one.email for one in PEOPLE if one.role == role)
        user = User.objects.filter(email=email).first()
        if user is None:
            raise LookupError(_("Akun %(email)s belum ada.") % {"email": email})
        return actor_of(user)

    return _Cast(of(Role.COORDINATOR), of(Role.OFFICER), of(Role.SUPERVISOR), of(Role.ANNOUNCER))


def _last_friday() -> datetime:
    """Seven in the evening of the last Friday that is over."""
    today = reference().today()
    day = today - timedelta(days=(today.weekday() - FRIDAY - 1) % 7 + 1)
    return datetime.combine(day, time(19), tzinfo=reference().tz)


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """Let it be this moment: every verb asks Django's clock."""
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def _confirm(cast: _Cast) -> list[Issue]:
    """Confirm and name the issues of known categories, two of one category as one; the others wait."""
    by, named = person(cast.kun), dict[str, Issue]()
    for issue in Issue.objects.filter(agency__isnull=False, status=Status.CANDIDATE):
        code = _most_about(issue)
        if code not in KNOWN:
            continue
        if code in named:
            issue_actions.merge(issue=issue, into=named[code], by=by, reason="Persoalannya sama.")
            continue
        named[code] = issue
        issue_actions.rename(issue=issue, title=KNOWN[code].title, summary=KNOWN[code].summary, by=by)
        category = Category.objects.get(code=code)
        issue_actions.describe(issue=issue, category=category, agency=issue.agency, regions=[], by=by)
        issue_actions.confirm(issue=issue, by=by)
    return [named[code] for code in KNOWN if code in named]


def _most_about(issue: Issue) -> str:
    """The code of the category of most of its reports, when it is of more than a third of them."""
    codes = Counter(issue.reports.values_list("category__code", flat=True))
    code, number = codes.most_common(1)[0]
    return str(code) if 3 * number > codes.total() else ""


def _evening(cast: _Cast, issues: list[Issue], moment: datetime) -> Episode:
    """A Dialog Jumat three weeks ago: announced, with guests, questions, answers and minutes."""
    with _at(moment - timedelta(days=2)):
        episode = _planned(cast, moment, "Jalan dan lampu di kampung kita")
        actions.put_topics(episode=episode, topics=[Topic(issue=one, minutes=20) for one in issues], by=cast.rina)
        for agency in {one.agency_id: one.agency for one in issues if one.agency}.values():
            _invite(cast, episode, agency, coming=True)
    with _at(moment + timedelta(minutes=15)):
        slots = list(episode.slots.order_by("number"))
        for number, (words, answer) in enumerate(_QUESTIONS):
            asked = Asked(words, submission=f"contoh-tanya-{number:06}", slot=slots[number % len(slots)])
            question = actions.ask(episode=episode, asked=asked).question
            actions.air(question=question, by=cast.rina)
            actions.answer(question=question, answer=answer, by=cast.rina)
        for slot in slots:
            actions.write(episode=episode, draft=Draft(_MINUTES % {"topic": slot.topic}, slot), by=cast.rina)
    with _at(moment + timedelta(minutes=75)):
        actions.hold(episode=episode, by=cast.rina)
        episode.refresh_from_db()
        actions.close_minutes(episode=episode, by=cast.rina)
    return episode


_QUESTIONS = (
    ("Kapan jalan dekat pasar ditambal? Sudah dua bulan.", "Regu tambal mulai minggu depan, tikungan lebih dulu."),
    ("Lampu jalan mati harus lapor ke mana?", "Lapor di Kanal atau ke kantor desa. Sebutkan nomor tiangnya bila ada."),
)
_WAITING = (
    "Lampu di jalan masuk Desa Sumbang masih mati. Jadi diganti kapan?",
    "Air PDAM hanya mengalir malam hari. Apakah tagihannya bisa dikurangi?",
)
_MINUTES = (
    "%(topic)s: dinas membenarkan laporan warga. Yang paling berbahaya dikerjakan lebih dulu, sisanya masuk rencana "
    "bulan depan."
)


def _planned(cast: _Cast, moment: datetime, theme: str) -> Episode:
    programme = Programme.objects.filter(active=True, code="dialog-jumat").first() or Programme.objects.filter(
        active=True
    ).earliest("pk")
    place = programme.place or "Pendapa kabupaten"
    episode = actions.plan(plan=Plan(programme, moment, place, 60, theme, cast.rina.name), by=cast.rina)
    actions.announce(episode=episode, by=cast.rina)
    return episode


def _invite(cast: _Cast, episode: Episode, agency: Agency, *, coming: bool) -> None:
    invitation = actions.invite(episode=episode, agency=agency, by=cast.rina)
    if coming:
        actions.reply(invitation=invitation, coming=True, who="Kepala bidang", by=cast.rina)


def _promises(cast: _Cast, episode: Episode, issues: list[Issue]) -> None:
    """One promise is kept and everybody told, one is late, one is still open."""
    made = []
    with _at(ends_at(episode) - timedelta(minutes=10)):
        for issue, days in zip(issues, (14, 16, 40), strict=False):
            made.append(_promise(cast, episode, issue, days))
    kept = next((one for one in made if one.agency.code == AGENCY), None)
    if kept is None:
        return
    with _at(ends_at(episode) + timedelta(days=11)):
        text = "Semua lubang yang dilaporkan sampai hari dialog sudah ditambal, seluruhnya 41 titik."
        actions.fulfil(commitment=kept, shown=Shown(text), by=cast.oki)
    with _at(ends_at(episode) + timedelta(days=12)):
        actions.accept(commitment=kept, by=cast.kun)
    _tell_all(cast, kept, text)


def _promise(cast: _Cast, episode: Episode, issue: Issue, days: int) -> Commitment:
    known = KNOWN.get(_most_about(issue))
    text = (known and known.promise) or f"Laporan tentang {issue.title} diperiksa satu per satu di tempatnya."
    assert issue.agency is not None  # noqa: S101  # only such issues were confirmed
    due_on = reference().today(episode.starts_at) + timedelta(days=days)
    promised = Promised(text, issue.agency, due_on, "Kepala bidang", episode, issue)
    return actions.promise(promised=promised, by=cast.rina)


def _tell_all(cast: _Cast, kept: Commitment, text: str) -> None:
    """The officer words it, the head of the agency lets it out; the worker tells everybody."""
    issue = kept.issue
    assert issue is not None  # noqa: S101  # promised for one
    issue.refresh_from_db()
    words = issue_actions.Words(BulletinKind.PROMISE, text)
    about = f"promise:{kept.pk}"
    bulletin = issue_actions.draft_bulletin(
        issue=issue, agency=kept.agency, words=words, by=person(cast.oki), about=about
    )
    issue_actions.submit_bulletin(bulletin=bulletin, by=person(cast.oki))
    seal = concerned(bulletin).seal(bulletin)
    issue_actions.send_bulletin(bulletin=bulletin, seen=seal, by=person(cast.heni))


def _coming(cast: _Cast, moment: datetime) -> None:
    """Next Friday's evening: a running order from the ranking, invitations without an answer yet, first questions."""
    episode = _planned(cast, moment, "Yang masih menunggu jawaban")
    for number, words in enumerate(_WAITING):
        actions.ask(episode=episode, asked=Asked(words, submission=f"contoh-antre-{number:06}"))
    try:
        slots = actions.fill_up(episode=episode, by=cast.rina)
    except Refused:
        return
    for agency in {one.issue.agency_id: one.issue.agency for one in slots if one.issue and one.issue.agency}.values():
        _invite(cast, episode, agency, coming=False)


def _sheets(friday: datetime) -> None:
    """The weekly sheets of the last two Fridays, for the Bupati and for the agency of the demonstration."""
    for day in (friday - timedelta(days=7), friday):
        with _at(day - timedelta(hours=12)):
            survey = brief_queries.survey(day.date())
            for about in (REGENCY, About(agency_id=reference().agencies_by_code[AGENCY].id)):
                brief_actions.make(about=about, survey=survey)
