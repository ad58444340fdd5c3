"""The radio desk: a broadcast begins and ends, calls become reports, a wrong note is taken back, minutes are kept."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor, reference
from kanal.channels.models import Contact, Medium
from kanal.common.inserting import insert
from kanal.common.refusal import Refused
from kanal.common.text import one_line
from kanal.reports import policy
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.intake import Filing, file_report
from kanal.reports.models import RadioCall, RadioShow, Report
from kanal.reports.workflow import Kind

LONGEST_PROGRAMME = 120
WRONGLY_NOTED = "wrongly_noted"
"""The archive reason of a call that was taken back. It is no standard reason: nobody is sent a sentence about it."""


def _host(actor: Actor) -> int:
    """The account of a host. Raises Refused for anybody else."""
    if not policy.hosts_radio(actor) or actor.user_id is None:
        raise Refused(_("Meja radio untuk penyiar dan koordinator."), status=403, code="not_yours")
    return actor.user_id


def start_show(*, by: Actor, programme: str, at: datetime | None = None) -> RadioShow:
    """Go on the air. Starting the programme that is on the air already returns it.

    Raises Refused without a name, and while another programme is on the air.
    """
    host = _host(by)
    programme = one_line(programme)
    if not programme:
        raise Refused(_("Tulis dulu nama siarannya."), status=400)
    at = at or timezone.now()
    try:
        with transaction.atomic():
            return RadioShow.objects.create(
                date=reference().today(at),
                programme=programme[:LONGEST_PROGRAMME],
                started_at=at,
                started_by_id=host,
            )
    except IntegrityError:
        running = RadioShow.objects.filter(ended_at=None).first()
        if running is None:
            raise
    if running.programme != programme:
        raise Refused(_("Siaran “%(name)s” masih berjalan. Selesaikan dulu.") % {"name": running.programme})
    return running


@transaction.atomic
def stop_show(*, show: RadioShow, by: Actor, at: datetime | None = None) -> RadioShow:
    """Go off the air; stopping what has ended already changes nothing."""
    _host(by)
    show = RadioShow.objects.select_for_update().get(pk=show.pk)
    if show.ended_at is None:
        show.ended_at = max(at or timezone.now(), show.started_at)
        show.save(update_fields=["ended_at"])
    return show


@transaction.atomic
def save_minutes(*, show: RadioShow, by: Actor, minutes: str, recording_url: str, version: int) -> RadioShow:
    """Write the minutes and the link to the recording, during the broadcast or any time after it.

    `version` is what the writer saw. Raises Refused when somebody else wrote in between (`code` "stale"); the same
    words again are no change.
    """
    _host(by)
    show = RadioShow.objects.select_for_update().get(pk=show.pk)
    if (show.minutes, show.recording_url) == (minutes, recording_url):
        return show
    if show.version != version:
        raise Refused(_("Notulen ini baru saja diubah orang lain. Salin tulisan Anda, lalu muat ulang."), code="stale")
    show.minutes, show.recording_url, show.version = minutes, recording_url, show.version + 1
    show.save(update_fields=["minutes", "recording_url", "version"])
    return show


@transaction.atomic
def take_call(*, show: RadioShow, by: Actor, filing: Filing, at: datetime | None = None) -> Report:
    """File what a caller says. The same submission again is the same report, and stays in its first broadcast.

    Raises Refused for whistle-blowing, which is not told on the air, and long after the broadcast.
    """
    _host(by)
    at = at or timezone.now()
    if filing.kind is Kind.WHISTLEBLOWING:
        raise Refused(_("Laporan penyelewengan tidak dicatat di siaran. Arahkan penelepon ke Inspektorat."), status=400)
    show = RadioShow.objects.get(pk=show.pk)
    if not policy.takes_calls(by, show, at=at):
        raise Refused(_("Siaran ini sudah lama selesai. Catat lewat siaran yang sedang berjalan."), code="over")
    report = file_report(replace(filing, medium=Medium.RADIO, by_user_id=by.user_id), at=at)
    _call, fresh = RadioCall.objects.get_or_create(report=report, defaults={"show": show})
    if fresh and filing.name and report.contact_id is None:
        _keep_name(report, filing.name)
    return report


def _keep_name(report: Report, name: str) -> None:
    """A caller who leaves no number still has a name."""
    contact = Contact(name=name)
    insert([contact])
    Report.objects.filter(pk=report.pk).update(contact=contact)
    report.contact = contact


@transaction.atomic
def take_back(*, show: RadioShow, report: Report, by: Actor, at: datetime | None = None) -> Report:
    """Put away a call that was noted wrongly, while the broadcast runs and nobody has handed it on.

    A coordinator can open it again. Raises Refused afterwards and for a report of another broadcast; a second click on
    one taken back already does nothing.
    """
    _host(by)
    show = RadioShow.objects.select_for_update().get(pk=show.pk)
    if not RadioCall.objects.filter(show=show, report=report).exists():
        raise Refused(_("Telepon itu tidak ada di siaran ini."), status=404, code="hidden")
    if not show.on_air:
        raise Refused(_("Siaran sudah selesai. Minta koordinator mengarsipkan laporannya."), code="over")
    if Report.objects.filter(pk=report.pk, archive_reason=WRONGLY_NOTED).exists():
        return report
    with Deed("take_back", report=report, by=policy.retractor(by, show), at=at) as deed:
        deed.report.archive_reason = WRONGLY_NOTED
        deed.report.closed_at = deed.at
        deed.clocks.void_all()
        deed.note = "salah catat"
    return report
