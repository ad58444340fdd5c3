"""The morning letter: what is due today, what is late, what waits, for each officer and head. No word of a person.

Coordinators get one when reports that nobody has passed on are late.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from kanal.agencies.models import Membership
from kanal.agencies.queries import Reference, reference, today_at
from kanal.channels.actions import Message, queue
from kanal.common import calendar_words, formats
from kanal.reports.actions.notices import THEIRS
from kanal.reports.models import Report
from kanal.reports.queries import report_reference
from kanal.reports.workflow import OPEN_VALUES, Kind, Status

LINES = 5
"""How many reports a letter names; the queue shows the rest."""
NOBODY = 0
"""Stands for the agency of reports that were not passed on yet; they wait for the coordinators."""
Role = Membership.Role


@dataclass(slots=True)
class Counts:
    """One agency's morning: late, of these brought before the head since the last letter, due today, and so on."""

    late: int = 0
    climbed: int = 0
    today: int = 0
    waiting: int = 0
    to_approve: int = 0
    lines: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.late or self.today or self.waiting or self.to_approve)


@override(THEIRS)
def send_digest(*, at: datetime | None = None) -> int:
    """Queue this morning's letters: one for each officer and head whose agencies have anything to say, on working days.

    Returns how many people have something to read. The dedupe key holds person and day, so a second run adds nothing.
    """
    at = at or timezone.now()
    facts = reference()
    today = facts.today(at)
    if not facts.calendar.is_working_day(today):
        return 0
    people = _people()
    agencies = {agency for _user, held in people.values() for agency, _role in held}
    counts = _counts(agencies, today, since=_last_letter(at, facts))
    letters = [
        letter
        for user_id, (email, held) in people.items()
        if (letter := _letter(email, held, counts, today, key=f"digest:{user_id}:{today.isoformat()}")) is not None
    ]
    queue(letters)
    return len(letters)


def _last_letter(at: datetime, facts: Reference) -> datetime:
    """The same hour of the working day before."""
    since = at - timedelta(days=1)
    while not facts.calendar.is_working_day(facts.today(since)):
        since -= timedelta(days=1)
    return since


def _people() -> dict[int, tuple[str, list[tuple[int, str]]]]:
    """By account: e-mail address, and (agency, role) of what they hold."""
    rows = Membership.objects.filter(
        Q(role__in=[Role.OFFICER, Role.SUPERVISOR], agency__isnull=False) | Q(role=Role.COORDINATOR),
        user__is_active=True,
    ).values_list("user_id", "user__email", "agency_id", "role")
    people: dict[int, tuple[str, list[tuple[int, str]]]] = {}
    for user_id, email, agency_id, role in rows:
        place = NOBODY if role == Role.COORDINATOR else reference().id_today(agency_id) or NOBODY
        people.setdefault(user_id, (email, []))[1].append((place, role))
    return people


def _counts(agency_ids: Iterable[int], today: date, *, since: datetime) -> dict[int, Counts]:
    owed = (
        Report.objects.annotate(place=Coalesce(today_at("agency_id"), Value(NOBODY)))
        .filter(place__in=list(agency_ids), status__in=OPEN_VALUES)
        .exclude(kind=Kind.WHISTLEBLOWING)
    )
    late = Q(due_on__lt=today)
    counts = {
        row["place"]: Counts(row["late"], row["climbed"], row["today"], row["waiting"], row["to_approve"])
        for row in owed.order_by()
        .values("place")
        .annotate(
            late=Count("pk", filter=late, distinct=True),
            climbed=Count("pk", filter=late & Q(escalated_at__gte=since), distinct=True),
            today=Count("pk", filter=Q(due_on=today), distinct=True),
            waiting=Count("pk", filter=Q(status=Status.ASSIGNED), distinct=True),
            to_approve=Count("pk", filter=Q(answers__state="submitted"), distinct=True),
        )
    }
    for agency_id, found in counts.items():
        if found.late or found.today:
            urgent = owed.filter(place=agency_id, due_on__lte=today).order_by("urgency", "due_on", "pk")
            rows = urgent.values_list("tracking_code", "category_id", "region_id", "due_on")[:LINES]
            found.lines = [_line(row, today) for row in rows]
    return counts


def _line(row: tuple[str, int | None, int | None, date], today: date) -> str:
    """A report by its code, kind of trouble and place: titles are written by citizens and may name people."""
    code, category_id, region_id, due_on = row
    category = report_reference().categories.get(category_id or 0)
    region = reference().regions.get(region_id or 0)
    about = ", ".join(part for part in (category.name if category else "", region.place if region else "") if part)
    when = _("hari ini") if due_on == today else _("seharusnya %(day)s") % {"day": formats.short_day(due_on)}
    return f"- {code}  {about} ({when})" if about else f"- {code} ({when})"


def _letter(
    email: str, held: list[tuple[int, str]], counts: dict[int, Counts], today: date, *, key: str
) -> Message | None:
    parts, urgent = [], 0
    for agency_id in sorted({agency for agency, _role in held}):
        found = counts.get(agency_id, Counts())
        head = (agency_id, Role.SUPERVISOR) in held or agency_id == NOBODY
        if not _worth_telling(agency_id, found, head=head):
            continue
        urgent += found.late + found.today
        agency = reference().agencies.get(agency_id)
        parts.append(
            "\n".join(
                [agency.name if agency else _("Belum diteruskan ke dinas"), *_sentences(found, head=head), *found.lines]
            )
        )
    if not parts:
        return None
    link = settings.BASE_URL + reverse("reports:desk_queue")
    body = "\n\n".join(
        [_("Selamat pagi. Inilah keadaan antrean pagi ini."), *parts, _("Buka antrean: %(link)s") % {"link": link}]
    )
    return Message(
        purpose="digest",
        dedupe_key=key,
        subject=_("Antrean %(day)s: %(count)s perlu diselesaikan")
        % {"day": formats.day(today), "count": formats.number(urgent)},
        body=body + "\n",
        to_staff=email,
    )


def _worth_telling(agency_id: int, found: Counts, *, head: bool) -> bool:
    if agency_id == NOBODY:
        return bool(found.late)
    return bool(found) and bool(found.late or found.today or found.waiting or head)


def _sentences(found: Counts, *, head: bool) -> list[str]:
    said = [
        (found.late, ngettext("%(num)s laporan lewat tenggat.", "%(num)s laporan lewat tenggat.", found.late)),
        (
            found.climbed if head else 0,
            ngettext(
                "%(num)s di antaranya baru dinaikkan kepada Anda.",
                "%(num)s di antaranya baru dinaikkan kepada Anda.",
                found.climbed,
            ),
        ),
        (
            found.today,
            ngettext("%(num)s laporan jatuh tempo hari ini.", "%(num)s laporan jatuh tempo hari ini.", found.today),
        ),
        (
            found.waiting,
            ngettext("%(num)s laporan belum mulai ditangani.", "%(num)s laporan belum mulai ditangani.", found.waiting),
        ),
        (
            found.to_approve if head else 0,
            ngettext(
                "%(num)s jawaban menunggu persetujuan Anda.",
                "%(num)s jawaban menunggu persetujuan Anda.",
                found.to_approve,
            ),
        ),
    ]
    return [sentence % {"num": formats.number(count)} for count, sentence in said if count]


@override(THEIRS)
def warn_of_calendar(*, at: datetime | None = None) -> int:
    """Tell the administrators what is uncertain about this year's and next year's holidays, once a year.

    Next year is looked at from October on: earlier nobody could know. Returns how many letters are owed.
    """
    facts = reference()
    today = facts.today(at)
    years = [today.year, *([today.year + 1] if today.month >= 10 else [])]  # noqa: PLR2004  # October
    warnings = [(year, warning) for year in years if (warning := calendar_words.warning(facts.calendar, year))]
    people = list(
        Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
        .values_list("user_id", "user__email")
        .distinct()
    )
    letters = [
        Message(
            purpose="calendar",
            dedupe_key=f"calendar:{year}:{user_id}",
            subject=_("Kalender %(year)s belum pasti") % {"year": year},
            body=_(
                "%(warning)s\n\nTambahkan tanggal resminya di halaman admin, bagian Hari libur daerah; "
                "semua tenggat dihitung ulang sendiri.\n"
            )
            % {"warning": warning},
            to_staff=email,
        )
        for year, warning in warnings
        for user_id, email in people
    ]
    queue(letters)
    return len(letters)
