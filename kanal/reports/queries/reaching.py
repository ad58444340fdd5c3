"""Whether the reporter hears of it, and where: on every address of theirs that takes messages."""

from django.utils.translation import gettext as _

from kanal.channels.adapters import adapter_of
from kanal.channels.models import Address, Medium
from kanal.reports.models import Follower, Report


def hears_by_mail(report: Report) -> bool:
    """Whether a notice about this report reaches its reporter by e-mail: there is an address, and it takes mail."""
    return Medium.EMAIL in _hears_on(report)


def _hears_on(report: Report) -> list[Medium]:
    """The media on which a notice reaches the reporter alone; words under a post that everybody reads do not count."""
    theirs = Follower.objects.filter(
        report=report, reporter=True, confirmed_at__isnull=False, address__state=Address.State.OK
    )
    known = set(theirs.values_list("address__medium", flat=True))
    found = [medium for medium in Medium if medium.value in known]
    return [medium for medium in found if (it := adapter_of(medium)) and it.sends and not it.withheld("assigned", "")]


def counting(medium: str) -> str:
    """The medium again when every letter costs there, else ""."""
    adapter = adapter_of(medium)
    return medium if adapter and adapter.counts else ""


def and_told(said: str, report: Report) -> str:
    """What was done, and who was told."""
    return f"{said} {told_words(report)}"


def told_words(report: Report) -> str:
    """For the desk, after a deed of which the reporter should hear: who was told, and how the others may see it."""
    media = _hears_on(report)
    if media:
        return _("Pelapor dikabari lewat %(media)s.") % {"media": ", ".join(medium.within for medium in media)}
    if report.medium == Medium.LAPOR:
        return _("Pelapornya di SP4N-LAPOR! dan tidak dikabari dari sini.")
    if report.medium == Medium.WEB:
        return _("Belum ada e-mail: pelapor melihatnya lewat tautan pribadinya.")
    return _("Belum ada e-mail: pelapor hanya bisa melacak dengan kodenya.")
