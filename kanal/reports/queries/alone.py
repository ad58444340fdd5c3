"""Reports that want a proposal, the switches that let Kanal hand on by itself, and how that went."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from kanal.agencies.queries import reference
from kanal.reports.models import MachineDisposition, Proposal, Report, RoutingSwitch, SwitchChange
from kanal.reports.queries.desk_views import OPEN
from kanal.reports.queries.reference import CategoryFacts, report_reference
from kanal.reports.workflow import Kind, Status

SHOWN = timedelta(days=30)
WATCHED = 40
"""So many of a category's latest dispositions are watched for returns."""
MOST_REFUSED = 0.10
"""A switch goes off by itself when more than this share of those watched were taken back,"""
FEWEST_REFUSED = 3
"""and not before so many were."""
_LATE = 500  # numbers that another process may still be writing below the highest


class _Looked:
    """Up to which number every report has been looked at by this process, so that it need not search them all."""

    upto = 0


def look_at_all_again() -> None:
    """Search among all open reports at the next turn."""
    _Looked.upto = 0


def unproposed(most: int) -> list[int]:
    """Reports whose proposal has to be worked out: those that want it anew, then new ones, oldest first."""
    anew = list(Proposal.objects.filter(made_at__isnull=True).order_by("report_id").values_list("pk", flat=True)[:most])
    if len(anew) == most:
        return anew
    highest = Report.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if highest < _Looked.upto:  # a database that was put back
        look_at_all_again()
    waiting = Report.objects.filter(OPEN, status=Status.RECEIVED, pk__gt=max(_Looked.upto - _LATE, 0))
    fresh = waiting.exclude(kind=Kind.WHISTLEBLOWING).filter(proposal__isnull=True).order_by("pk")
    found = list(fresh.values_list("pk", flat=True)[: most - len(anew)])
    if not found:
        _Looked.upto = highest
    return anew + found


def _above(category_id: int | None) -> list[int]:
    """The category and the one above it."""
    known = report_reference().categories
    category = known.get(category_id or 0)
    return [pk for pk in (category_id, category.parent_id if category else None) if pk]


def switch_for(report: Report, *, locked: bool = False) -> RoutingSwitch | None:
    """The switch that lets Kanal hand on this report: of its category, else of the one above; None where it is off.

    Only what came in after it was switched on. A category that is no more, or a rapid one, lets nothing through.
    """
    category = report_reference().categories.get(report.category_id or 0)
    if category is None or not category.active or category.rapid:
        return None
    rows = RoutingSwitch.objects.select_for_update() if locked else RoutingSwitch.objects.all()
    known = {row.category_id: row for row in rows.filter(category_id__in=_above(category.id))}
    row = next((known[pk] for pk in _above(category.id) if pk in known), None)
    return row if row and row.on and report.received_at >= row.changed_at else None


@dataclass(frozen=True, slots=True)
class Switched:
    """One category's switch as the page shows it."""

    row: RoutingSwitch
    category: CategoryFacts
    last: SwitchChange | None
    done: int
    refused: int
    agreed: int
    compared: int

    @property
    def alarm(self) -> bool:
        """Whether Kanal switched it off itself, and nobody has looked since."""
        return self.last is not None and not self.last.on and self.last.user_id is None


def switches() -> list[Switched]:
    """The switches that were ever used, those that are on first. Four queries, however many there are."""
    rows = list(RoutingSwitch.objects.select_related("changed_by"))
    known, since = report_reference().categories, timezone.now() - SHOWN
    ids = [row.category_id for row in rows]
    latest = {change.switch_id: change for change in SwitchChange.objects.filter(switch__in=rows).order_by("at", "id")}
    counted = MachineDisposition.objects.filter(category_id__in=ids, at__gte=since)
    refused = Count("pk", filter=Q(refused_at__isnull=False))
    done = {
        one: (many, back)
        for one, many, back in counted.values_list("category_id").annotate(all=Count("pk"), refused=refused)
    }
    agreement = _agreement(rows)
    found = [
        Switched(
            row,
            known[row.category_id],
            latest.get(row.pk),
            *done.get(row.category_id, (0, 0)),
            *agreement.get(row.category_id, (0, 0)),
        )
        for row in rows
        if row.category_id in known
    ]
    return sorted(found, key=lambda one: (not one.row.on, one.category.name))


def _agreement(rows: list[RoutingSwitch]) -> dict[int, tuple[int, int]]:
    """For each category how often people decided as a sure enough proposal said, and of how many, these thirty days."""
    least = {row.category_id: row.least for row in rows}
    made = Proposal.objects.filter(made_at__gte=timezone.now() - SHOWN, chance__isnull=False)
    decided = made.filter(report__by_machine__isnull=True, report__agency__isnull=False)
    found: defaultdict[int, list[bool]] = defaultdict(list)
    rows_of = decided.values_list("report__category_id", "chance", "agency_id", "report__agency_id")
    for category_id, chance, proposed, done in rows_of:
        for pk in _above(category_id):
            if pk in least and (chance or 0) >= least[pk]:
                found[pk].append(reference().one_today(proposed, done))
    return {pk: (sum(all_of), len(all_of)) for pk, all_of in found.items()}


def too_many_refused(row: RoutingSwitch) -> tuple[int, int] | None:
    """How many of how many watched dispositions were taken back, when that is too many; else None."""
    watched = MachineDisposition.objects.filter(category_id=row.category_id, at__gte=row.changed_at).order_by("-at")
    refused = [at is not None for at in watched.values_list("refused_at", flat=True)[:WATCHED]]
    many = len(refused) and sum(refused) >= FEWEST_REFUSED and sum(refused) > MOST_REFUSED * len(refused)
    return (sum(refused), len(refused)) if many else None
