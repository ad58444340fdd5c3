"""What Kanal does by itself with reports that wait for the coordinator: proposes, and hands on where that is allowed.

The worker asks again and again (`propose_due`). Working a proposal out happens outside the transaction; storing it and
handing the report on are one transaction under the report's lock. Killed at any moment, nothing or all of it is done.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.models import Agency
from kanal.common.formats import percent
from kanal.common.tasks import KeepGoing
from kanal.reports import policy
from kanal.reports.actions.disposition import assign
from kanal.reports.actions.notices import THEIRS
from kanal.reports.models import MachineDisposition, Report
from kanal.reports.models import Proposal as Stored
from kanal.reports.queries.alone import switch_for, unproposed
from kanal.reports.queries.routing import Proposal, propose_for
from kanal.reports.workflow import Kind, Status

logger = logging.getLogger("kanal.routing")

BATCH = 20
KEPT = timedelta(days=60)
"""So long the proposals for reports that went on are kept, to be compared with what was decided."""


def propose_due(keep_going: KeepGoing) -> int:
    """Work out what is wanted. Returns how many reports were looked at."""
    done = 0
    for pk in unproposed(BATCH):
        if not keep_going():
            break
        _look_at(pk)
        done += 1
    return done


def _look_at(pk: int) -> None:
    report = Report.objects.filter(pk=pk).first()
    if report is None:
        return
    found: list[Proposal] = []
    try:
        found = propose_for(report) if report.status == Status.RECEIVED else []
    except Exception:  # one text that cannot be read must not keep the others waiting
        logger.exception("report %s: nothing could be proposed", report.tracking_code)
    _settle(report, found[0] if found else None)


@transaction.atomic
def _settle(seen: Report, best: Proposal | None) -> None:
    """Store the proposal, and hand the report on when it is looked at for the first time and that is allowed.

    A report that changed meanwhile is left for the next turn.
    """
    report = Report.objects.select_for_update().filter(pk=seen.pk, version=seen.version).first()
    if report is None:
        return
    stored = Stored.objects.filter(report=report).first()
    if stored and stored.made_at:
        return
    values = {
        "agency_id": best.agency_id if best else None,
        "category_id": best.category_id if best else None,
        "chance": best.chance if best else None,
        "sure": bool(best and best.sure),
        "made_at": timezone.now(),
    }
    Stored.objects.update_or_create(report=report, defaults=values)
    if stored is None and best is not None:
        _hand_on(report, best)


def _hand_on(report: Report, best: Proposal) -> None:
    """Do what the coordinator would, where a coordinator said so and learning is sure enough."""
    if best.chance is None or not policy.routes_alone(report):
        return
    switch = switch_for(report, locked=True)
    if switch is None or best.chance < switch.least:
        return
    agency = Agency.objects.get(pk=best.agency_id)
    with override(THEIRS):
        sure = {"share": percent(min(best.chance, 0.99), 0), "words": _said(best, report)}
        why = _("Oleh mesin, karena %(words)s, yakin %(share)s") % sure
    assign(report=report, agency=agency, by=policy.SYSTEM, publish=False, why=why, chance=best.chance)
    MachineDisposition.objects.create(
        report=report, category_id=switch.category_id, agency=agency, at=timezone.now(), chance=best.chance
    )


def _said(best: Proposal, report: Report) -> str:
    """The words that spoke for it, as far as they stand in the masked text: the line of history is not encrypted."""
    fit = [word for word in best.words if word in report.public_body or word in report.title]
    if not fit:
        return _("isi laporannya")
    return _("kata %(words)s") % {"words": ", ".join(f"“{word}”" for word in fit)}


def propose_anew() -> None:
    """Rules or what was learned changed: every waiting report is looked at again. None is handed on by that."""
    Stored.objects.filter(report__status=Status.RECEIVED).update(made_at=None)


def follow_proposal(report: Report) -> None:
    """Something happened to a report that still waits, or waits again: its proposal is worked out anew."""
    if report.status == Status.RECEIVED and report.kind != Kind.WHISTLEBLOWING:
        Stored.objects.filter(report=report).update(made_at=None)


def forget_proposals() -> int:
    """Delete what was proposed for reports that went on long ago. Returns how many rows went."""
    old = Stored.objects.filter(made_at__lt=timezone.now() - KEPT).exclude(report__status=Status.RECEIVED)
    return old.delete()[0]
