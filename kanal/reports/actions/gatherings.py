"""Events at which many people spoke: kept, their rows saved while one types, and each filed as a report of its own."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kanal.reports import policy
from kanal.reports.actions.intake import Filing, file_report
from kanal.reports.models import Gathering, GatheringRow, Report
from kanal.reports.policy import Doer
from kanal.reports.queries.gatherings import MOST_DRAFTS, Cells, is_blank, packed, unpacked


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of an event."""

    kind: str
    title: str
    held_on: date
    region_id: int | None = None
    place_text: str = ""
    officials: str = ""
    attendance: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as it stands on somebody's screen. `version` is that of the row they began with, 0 for a fresh one."""

    key: str
    cells: Cells
    version: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of rows that were saved. Nothing typed is ever thrown away.

    `added` rows are new, `copied` rows had been changed by somebody else meanwhile and are kept beside theirs,
    `left_over` rows found no room, `filed` are the keys of rows that are reports already.
    """

    added: int = 0
    copied: int = 0
    left_over: int = 0
    filed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """A row to be filed: as it was looked at, and what it says."""

    row_id: int
    version: int
    filing: Filing


@transaction.atomic
def hold_gathering(*, occasion: Occasion, by: Doer) -> Gathering:
    """Begin an event."""
    gathering = Gathering(created_by_id=by.user_id or 0)
    _tell(gathering, occasion)
    policy.check_gathering(by.actor, gathering)
    gathering.save(force_insert=True)
    return gathering


@transaction.atomic
def change_gathering(*, gathering: Gathering, occasion: Occasion, by: Doer) -> Gathering:
    """Correct what is known of an event."""
    locked = _locked(gathering, by)
    _tell(locked, occasion)
    locked.save()
    return locked


def _tell(gathering: Gathering, occasion: Occasion) -> None:
    for name in Occasion.__slots__:
        setattr(gathering, name, getattr(occasion, name))


def _locked(gathering: Gathering, by: Doer) -> Gathering:
    """The event, held until the end of the transaction: two who save at once take turns."""
    locked = Gathering.objects.select_for_update().get(pk=gathering.pk)
    policy.check_gathering(by.actor, locked)
    return locked


@transaction.atomic
def save_rows(*, gathering: Gathering, rows: Sequence[Typed], by: Doer, keep_known: bool = False) -> Saved:
    """Keep what was typed, right or wrong. A row emptied is gone; with `keep_known` rows already there stay.

    The same rows saved again change nothing, so that a browser may send them until it hears that they arrived.
    """
    _locked(gathering, by)
    keys = {row.key for row in rows}
    known = {row.key: row for row in gathering.rows.select_for_update().filter(key__in=keys)}
    filed = tuple(key for key, row in known.items() if row.filed_at)
    fresh, changed, emptied, copied = [], [], [], 0
    for typed in {row.key: row for row in rows}.values():
        row = known.get(typed.key)
        if row is None:
            fresh += [] if is_blank(typed.cells) else [typed]
        elif row.filed_at or keep_known or unpacked(row.cells) == dict(typed.cells):
            continue
        elif row.version != typed.version and row.changed_by_id != by.user_id:
            fresh += [] if is_blank(typed.cells) else [_beside(typed)]
            copied += not is_blank(typed.cells)
        elif is_blank(typed.cells):
            emptied.append(row.pk)
        else:
            changed.append(_changed(row, typed.cells, by))
    GatheringRow.objects.bulk_update(changed, ["cells", "version", "changed_by", "changed_at"], batch_size=MOST_DRAFTS)
    gathering.rows.filter(pk__in=emptied).delete()
    left_over = _add(gathering, fresh, by)
    return Saved(len(fresh) - left_over, copied, left_over, filed)


def _beside(typed: Typed) -> Typed:
    """The same words under a name of their own, the same one however often they are sent."""
    digest = hashlib.sha256(packed(typed.cells).encode()).hexdigest()
    return Typed(f"{typed.key[:20]}-{digest[:16]}", typed.cells)


def _changed(row: GatheringRow, cells: Cells, by: Doer) -> GatheringRow:
    row.cells, row.version, row.changed_by_id = packed(cells), row.version + 1, by.user_id or 0
    row.changed_at = timezone.now()
    return row


def _add(gathering: Gathering, fresh: Sequence[Typed], by: Doer) -> int:
    """Append rows while there is room; returns how many found none."""
    room = max(0, MOST_DRAFTS - gathering.rows.filter(filed_at=None).count()) if fresh else 0
    last = (gathering.rows.aggregate(last=Max("number"))["last"] or 0) if fresh else 0
    GatheringRow.objects.bulk_create(
        (
            GatheringRow(
                gathering=gathering, key=row.key, number=number, cells=packed(row.cells), changed_by_id=by.user_id or 0
            )
            for number, row in enumerate(fresh[:room], last + 1)
        ),
        ignore_conflicts=True,  # a copy beside somebody else's row that was sent twice
    )
    return max(0, len(fresh) - room)


def file_rows(*, gathering: Gathering, ready: Iterable[Ready], by: Doer) -> list[Report]:
    """File rows, each in a transaction of its own: a power cut leaves whole reports and whole rows, and one goes on.

    A row that is filed already, or that somebody changed since it was looked at, is passed over.
    """
    policy.check_gathering(by.actor, gathering)
    return [report for row in ready if (report := _file_row(gathering, row, by))]


@transaction.atomic
def _file_row(gathering: Gathering, ready: Ready, by: Doer) -> Report | None:
    row = gathering.rows.select_for_update().filter(pk=ready.row_id, filed_at=None).first()
    if row is None or row.version != ready.version:
        return None
    # Named after event and row, so that the same row is never two reports.
    name = f"acara-{gathering.pk}-{row.pk}"
    filing = replace(ready.filing, submission=name, medium=gathering.medium, by_user_id=by.user_id)
    report = file_report(filing)
    row.report, row.cells, row.filed_at, row.filed_by_id = report, "", timezone.now(), by.user_id
    row.save(update_fields=["report", "cells", "filed_at", "filed_by"])
    return report
