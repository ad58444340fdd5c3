"""From a survey to the figures of one edition."""

from collections.abc import Iterable
from datetime import timedelta

from kanal.brief.deciding import decisions
from kanal.brief.figures import WEEKS, Figures, Promise, Summary
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries.editions import name_of
from kanal.brief.queries.fields import fields_of
from kanal.brief.queries.matters import Heard, heard_of, matters_of, solved_of, sudden_of
from kanal.brief.queries.survey import Survey
from kanal.brief.queries.tables import agencies_of, cases_of, districts_of, returned_of, villages_of, voices_of
from kanal.brief.weeks import WEEK
from kanal.dialogue.models import Commitment
from kanal.dialogue.workflow import PromiseStatus
from kanal.issues.workflow import Status

MOST_PROMISES = 8


def figures_of(survey: Survey, about: About, before: Figures | None, *, compared: str = "") -> Figures:
    """Count one edition; `before` are the figures of last week's edition about the same, and `compared` its week."""
    heard = heard_of(survey, about, before)
    promises = _promises(survey, about, heard, [*survey.promises.late, *survey.promises.due])
    matters = matters_of(survey, heard, promises)
    sudden = sudden_of(survey, heard)
    fields, quiet = fields_of(survey, about, heard)
    villages, villages_hidden = villages_of(survey, about)
    ended, kept = _account(survey, about)
    return Figures(
        scope=about.scope,
        name=name_of(about),
        regency=survey.facts.regency.name,
        friday=survey.friday,
        since=survey.friday - WEEK,
        until=min(survey.friday - timedelta(days=1), survey.facts.today(survey.at)),
        counted_at=survey.at,
        compared=compared if before else "",
        summary=_summary(survey, about, before),
        issues=matters,
        places={str(pk): place for place, pk in enumerate(heard.order, 1)},
        told=len(heard.order),
        hidden=heard.hidden,
        candidates=sum(survey.cards[pk].status == Status.CANDIDATE for pk in heard.order),
        sudden=sudden,
        solved=solved_of(survey, heard),
        promises=promises[:MOST_PROMISES],
        kept=_promises(survey, about, heard, survey.promises.kept)[:MOST_PROMISES],
        promises_ended=ended,
        promises_kept=kept,
        decisions=decisions(matters, promises, sudden) if about == REGENCY else [],
        fields=fields,
        quiet=quiet,
        districts=districts_of(survey) if about == REGENCY else [],
        agencies=agencies_of(survey, about),
        villages=villages,
        villages_hidden=villages_hidden,
        cases=cases_of(survey, about),
        returned=returned_of(survey, about),
    )


def _summary(survey: Survey, about: About, before: Figures | None) -> Summary:
    week, last, whole = voices_of(survey, about)
    told, sheet = survey.told_by_place.get(about, ()), survey.sheet
    turns = [survey.week_of(one.received_at) for one in told]
    pile = next((one for one in sheet.piles if one.agency_id == about.agency_id), None)
    common = {"voices": week, "voices_before": last, "voices_whole": whole}
    if about == REGENCY:
        return Summary(
            **common,
            reports=sheet.now.states.counted,
            reports_before=sheet.before.states.counted,
            open=sheet.open,
            overdue=sheet.now.overdue,
            overdue_before=sheet.before.overdue,
            in_time=sheet.now.in_time.share,
            in_time_before=sheet.before.in_time.share,
            answered=sheet.voices.answered,
            answered_before=sheet.voices.answered_before,
        )
    return Summary(
        **common,
        reports=turns.count(WEEKS - 1),
        reports_before=turns.count(WEEKS - 2),
        open=sum(count for (agency, region), count in survey.waiting.items() if survey.belongs(about, agency, region)),
        overdue=sum(survey.belongs(about, one.agency_id, one.region_id) for one in survey.late),
        overdue_before=before.summary.overdue if before else None,
        in_time=pile.in_time.share if pile else None,
        in_time_before=before.summary.in_time if before else None,
        people=survey.people.get(about.region_id or 0, 0),
    )


def _account(survey: Survey, about: About) -> tuple[int, int]:
    """How many promises ended this year and how many were kept; nobody keeps such an account of a kecamatan."""
    if about.region_id is not None:
        return 0, 0
    theirs = [pk for pk in survey.facts.agencies if survey.belongs(about, pk, None)]
    return sum(survey.promises.ended[pk] for pk in theirs), sum(survey.promises.kept_of[pk] for pk in theirs)


def _promises(survey: Survey, about: About, heard: Heard, wanted: Iterable[Commitment]) -> list[Promise]:
    """The promises of the brief: an agency's own, in a kecamatan those about its issues."""
    agencies, found = survey.facts.agencies, []
    for one in wanted:
        theirs = (
            one.issue_id in heard.rows if about.region_id is not None else survey.belongs(about, one.agency_id, None)
        )
        if not theirs:
            continue
        late = one.status == PromiseStatus.OPEN and one.due_on < survey.today
        agency = agencies.get(survey.standing(one.agency_id) or 0)
        found.append(
            Promise(
                id=one.pk,
                text=one.text,
                agency=agency.short_name if agency else "",
                due=one.due_on,
                late=survey.days_late(one.due_on) if late else 0,
                broken=one.status == PromiseStatus.BROKEN,
                issue=one.issue_id,
            )
        )
    return found
