"""What the radio desk reads: the broadcast on the air, its calls, and how many have told the same before."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.channels.models import Medium
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.models import RadioCall, RadioShow, Report
from kanal.reports.queries.access import one
from kanal.reports.queries.similar import Probe, similar

MOST_CALLS = 300
MOST_SHOWS = 30
MOST_ALIKE = 100
NAMED_ALIKE = 3
CALL = ("tracking_code", "title", "status", "archive_reason", "received_at", "region_id", "place_text")


def on_air() -> RadioShow | None:
    """The broadcast that runs now."""
    return RadioShow.objects.filter(ended_at=None).first()


def show_for(actor: Actor, pk: int) -> RadioShow:
    """A broadcast, for those who run the radio desk. Raises Refused (404) for others and for a missing one."""
    show = RadioShow.objects.filter(pk=pk).first() if policy.hosts_radio(actor) and pk < 2**63 else None
    if show is None:
        raise Refused(_("Siaran itu tidak ditemukan."), status=404, code="hidden")
    return show


def call_of(show: RadioShow, code: str) -> Report:
    """A report that was told in this broadcast. Raises Refused (404) for any other."""
    report = one(Report.objects.filter(tracking_code=code, radio_call__show=show))
    if report is None:
        raise Refused(_("Telepon itu tidak ada di siaran ini."), status=404, code="hidden")
    return report


def calls_of(show: RadioShow) -> list[Any]:
    """The calls of a broadcast as rows of CALL, newest first. Titles are masked, like everything here."""
    told = Report.objects.filter(radio_call__show=show).order_by("-received_at", "-id")
    return list(told.values_list(*CALL, named=True)[:MOST_CALLS])


def past_shows() -> list[RadioShow]:
    """The latest broadcasts with their number of calls (`taken`), without their minutes."""
    return list(RadioShow.objects.annotate(taken=Count("calls")).defer("minutes")[:MOST_SHOWS])


def broadcast_of(report: Report) -> RadioShow | None:
    """The broadcast in which a report was told; asked of the database for radio reports alone."""
    if report.medium != Medium.RADIO:
        return None
    call = RadioCall.objects.select_related("show").defer("show__minutes").filter(report_id=report.pk).first()
    return call.show if call else None


@dataclass(frozen=True, slots=True)
class Alike:
    """How many have told the same, and the public ones among them that may be named on the air."""

    count: int
    named: tuple[Report, ...]


def like_this(text: str, region_id: int | None) -> Alike:
    """The reports like these words, in at most two queries."""
    found = similar(Probe(text, region_id=region_id), Report.objects.filter(policy.counted_openly()), limit=MOST_ALIKE)
    public = [one.report for one in found if policy.is_public(one.report)]
    return Alike(len(found), tuple(public[:NAMED_ALIKE]))
