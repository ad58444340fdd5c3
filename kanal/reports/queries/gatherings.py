"""Events at which many people spoke: their list, their rows, and what a typed village can mean."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from kanal.agencies import places
from kanal.agencies.queries import Actor, RegionFacts
from kanal.common.refusal import Refused
from kanal.common.text import one_line
from kanal.reports import policy
from kanal.reports.models import Gathering, GatheringPhoto, GatheringRow
from kanal.reports.queries.pages import Keyset, Page
from kanal.reports.workflow import STATUS, Kind, Status, Words, heading

COLUMNS = ("name", "phone", "village", "words", "category", "kind")
"""The cells of a row, in the order of the grid and of the paper."""
MOST_DRAFTS = 200
"""Rows of one event that may wait at once: a page of them is one form, and forms have a limit."""
PER_PAGE = 30
NEWEST = Keyset(("-held_on", "-id"))

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that is not filed yet, as it was typed."""

    id: int
    key: str
    number: int
    version: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Filed:
    """A row that became a report. Destroyed at the end of its term it has no code any more."""

    number: int
    code: str
    title: Words
    status: Words
    region_id: int | None
    filed_at: datetime
    opens: bool


def packed(cells: Cells) -> str:
    """The cells as one text, as it is kept."""
    return json.dumps({name: cells.get(name, "") for name in COLUMNS}, ensure_ascii=False)


def unpacked(text: str) -> dict[str, str]:
    """The cells of a kept text; a column it lacks is empty."""
    kept = json.loads(text) if text else {}
    return {name: str(kept.get(name, "")) for name in COLUMNS}


def is_blank(cells: Cells) -> bool:
    """Whether nobody has written anything yet."""
    return not any(cells.get(name, "").strip() for name in COLUMNS)


def listing(actor: Actor, cursor: str | None) -> "Page[Gathering]":
    """The events of a person, newest first, each with `waiting` and `filed`: how many rows."""
    rows = Gathering.objects.filter(policy.gathering_filter(actor)).annotate(
        waiting=Count("rows", filter=Q(rows__filed_at=None)), filed=Count("rows", filter=~Q(rows__filed_at=None))
    )
    return NEWEST.page(rows, cursor, limit=PER_PAGE)


def gathering_of(actor: Actor, pk: int) -> Gathering:
    """One event; raises Refused (404) for what is not theirs."""
    own = Gathering.objects.filter(policy.gathering_filter(actor)).select_related("created_by")
    found = own.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Refused(_("Acara itu tidak ditemukan."), status=404, code="hidden")
    return found


def drafts_of(gathering: Gathering) -> list[Draft]:
    """The rows still to be filed, in their order."""
    rows = gathering.rows.filter(filed_at=None).order_by("number", "pk")
    return [Draft(row.pk, row.key, row.number, row.version, unpacked(row.cells)) for row in rows]


def filed_of(actor: Actor, gathering: Gathering) -> list[Filed]:
    """The rows already filed. Of whistle-blowing, as which one may have been sorted since, the code alone is said."""
    return [_filed(actor, row) for row in _filed_rows(gathering)]


def _filed_rows(gathering: Gathering) -> "QuerySet[GatheringRow]":
    rows = gathering.rows.exclude(filed_at=None).select_related("report").order_by("number", "pk")
    return rows.defer("cells", "report__body", "report__public_body")


def _filed(actor: Actor, row: GatheringRow) -> Filed:
    report, filed_at = row.report, row.filed_at
    assert filed_at is not None  # noqa: S101  # the rows are chosen by it
    if report is None:
        return Filed(row.number, "", _("sudah dimusnahkan"), "", None, filed_at, opens=False)
    hidden = report.kind == Kind.WHISTLEBLOWING
    return Filed(
        number=row.number,
        code=report.tracking_code,
        title=heading(report.kind, report.title),
        status="" if hidden else STATUS[Status(report.status)].staff_word,
        region_id=None if hidden else report.region_id,
        filed_at=filed_at,
        # Without a query per row; the case page asks policy.sees again.
        opens=not hidden and bool(policy.capacities(policy.staff(actor), report)),
    )


def slips_of(gathering: Gathering, *, since: datetime | None) -> list[GatheringRow]:
    """The filed rows with their reports for printing, all or those filed since a moment."""
    rows = _filed_rows(gathering).exclude(report=None)
    return list(rows.filter(filed_at__gte=since) if since else rows)


def photo_of(gathering: Gathering, pk: int) -> GatheringPhoto:
    """One photo of the paper list; raises Refused (404)."""
    found = gathering.photos.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Refused(_("Foto itu tidak ditemukan."), status=404, code="hidden")
    return found


def places_meant(typed: str) -> list[RegionFacts]:
    """What a typed village or kecamatan can mean: nothing, one place, or several between which a person must choose.

    The full form, as the choices are written ("Jono, Kec. Temayang"), always means that one place.
    """
    found = places.named(typed)
    exact = [place for place in found if place.place.casefold() == one_line(typed).casefold()]
    return exact or found
