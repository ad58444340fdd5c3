from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kanal.agencies.queries import reference
from kanal.common.snapshot import Snapshot
from kanal.reports.models import CannedAnswer, Category, Reason, RoutingRule
from kanal.reports.routing import RuleFacts


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """A category as forms and lists need it."""

    id: int
    code: str
    name: str
    parent_id: int | None
    default_agency_id: int | None
    rapid: bool
    lapor_ids: tuple[str, ...]
    keywords: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class CannedFacts:
    """A standard answer, placeholders still in it; without a category it serves every report."""

    id: int
    category_id: int | None
    title: str
    body: str


@dataclass(frozen=True)
class ReportReference:
    """Categories, reasons, rules and standard answers, shared by the requests of this process for a few seconds."""

    categories: Mapping[int, CategoryFacts]
    categories_by_code: Mapping[str, CategoryFacts]
    categories_by_lapor_id: Mapping[str, CategoryFacts]
    reasons: Mapping[tuple[str, str], Reason]
    rules: tuple[RuleFacts, ...]
    canned: tuple[CannedFacts, ...] = ()

    def reasons_for(self, use: str) -> list[Reason]:
        """The active reasons for one use, in their order."""
        return [reason for (kind, _), reason in self.reasons.items() if kind == use and reason.active]

    def grouped_categories(self) -> list[tuple[CategoryFacts, list[CategoryFacts]]]:
        """Each active upper category with the active ones below it: the shape of a select box."""
        active = [category for category in self.categories.values() if category.active]
        return [(top, [c for c in active if c.parent_id == top.id]) for top in active if top.parent_id is None]


def _today(agency_id: int | None) -> int | None:
    """Where what is meant for an agency goes: to what it was merged into; nowhere when it is no more."""
    now = reference().agency_today(agency_id)
    return now.id if now and now.active else None


def _categories() -> dict[int, CategoryFacts]:
    return {
        row.pk: CategoryFacts(
            row.pk,
            row.code,
            row.name,
            row.parent_id,
            _today(row.default_agency_id),
            row.rapid,
            tuple(map(str, row.lapor_ids)),
            tuple(row.keywords),
            row.active,
        )
        for row in Category.objects.all()
    }


def _rules() -> tuple[RuleFacts, ...]:
    return tuple(
        RuleFacts(
            row.pk,
            row.order,
            row.name,
            row.category_id,
            row.region_id,
            tuple(row.words),
            tuple(row.weekdays),
            row.hour_from,
            row.hour_to,
            agency_id,
            row.rapid,
        )
        for row in RoutingRule.objects.filter(active=True)
        if (agency_id := _today(row.agency_id))
    )


def _load() -> ReportReference:
    categories = _categories()
    return ReportReference(
        categories=MappingProxyType(categories),
        categories_by_code=MappingProxyType({c.code: c for c in categories.values()}),
        categories_by_lapor_id=MappingProxyType({i: c for c in categories.values() for i in c.lapor_ids}),
        reasons=MappingProxyType({(r.use, r.code): r for r in Reason.objects.order_by("use", "pk")}),
        rules=_rules(),
        canned=tuple(
            CannedFacts(row.pk, row.category_id, row.title, row.body)
            for row in CannedAnswer.objects.filter(active=True).order_by("pk")
        ),
    )


report_reference: Snapshot[ReportReference] = Snapshot(_load)


def forget(**_signal: object) -> None:
    """Drop the shared copy after a change; receivers of Django's model signals call it."""
    report_reference.clear()
