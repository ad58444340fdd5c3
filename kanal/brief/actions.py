"""The one verb of the room: a week's edition is counted and kept."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor, reference
from kanal.brief import policy, queries
from kanal.brief.figures import freeze, thaw
from kanal.brief.models import Edition
from kanal.brief.policy import About
from kanal.brief.queries import Survey
from kanal.brief.weeks import WEEK, name_of
from kanal.common.refusal import Refused


def make(*, about: About, survey: Survey, by: Actor | None = None) -> Edition:
    """Count an edition and keep it as the next version of its week; nobody in `by` is the clock or a command.

    It is counted before the transaction begins: SQLite's one writer would wait for seconds of mere reading.

    Raises Refused for what is not theirs, for an agency that is no more, and (409, "meanwhile") when somebody else
    had the same one made at the same moment.
    """
    if by is not None:
        policy.check_makes(by, about)
    _check_exists(about)
    known, last = queries.latest(about, survey.friday), queries.before(about, survey.friday)
    try:
        before = thaw(last.figures) if last else None
    except Refused:  # made by another version of Kanal: compare with nothing rather than not at all
        before = None
    figures = queries.figures_of(survey, about, before, compared=name_of(survey.friday - WEEK))
    year, week, _day = survey.friday.isocalendar()
    edition = Edition(
        year=year,
        week=week,
        scope=about.scope,
        agency_id=about.agency_id,
        region_id=about.region_id,
        version=known.version + 1 if known else 1,
        figures=freeze(figures),
        made_at=survey.at,
        made_by_id=by.user_id if by else None,
    )
    _keep(edition)
    return edition


def _keep(edition: Edition) -> None:
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("Lembar ini baru saja dibuat. Muat ulang daftarnya."), code="meanwhile") from error


def _check_exists(about: About) -> None:
    facts = reference()
    agency = facts.agencies.get(about.agency_id or 0)
    if agency and not agency.active:
        after = facts.agency_today(agency.id)
        sentence = _("%(agency)s sudah tidak ada.") % {"agency": agency.name}
        if after and after.active:
            sentence += " " + _("Buat lembar untuk %(agency)s.") % {"agency": after.name}
        raise Refused(sentence)


def make_missing(friday: date, survey: Callable[[], Survey]) -> Iterator[tuple[Edition | None, int]]:
    """Make each edition that a week lacks, one by one, and yield it with how many there are to make.

    Each is kept before the next is begun, so that whatever ends this half-way costs the one in hand; what was made
    meanwhile by somebody else is yielded as None.
    """
    wanted = queries.missing(friday)
    read = survey() if wanted else None
    for about in wanted:
        if read is None or queries.latest(about, friday):
            yield None, len(wanted)
            continue
        try:
            yield make(about=about, survey=read), len(wanted)
        except Refused as refused:
            if refused.code != "meanwhile":
                raise
            yield None, len(wanted)
