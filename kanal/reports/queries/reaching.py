"""Whether the reporter hears of it: notices go out by e-mail alone, a phone number is for officers to call."""

from django.utils.translation import gettext as _

from kanal.channels.models import Address, Medium
from kanal.reports.models import Follower, Report


def hears_by_mail(report: Report) -> bool:
    """Whether a notice about this report reaches its reporter: there is an e-mail address, and it takes mail."""
    return Follower.objects.filter(
        report=report,
        reporter=True,
        confirmed_at__isnull=False,
        address__medium=Medium.EMAIL,
        address__state=Address.State.OK,
    ).exists()


def and_told(said: str, report: Report) -> str:
    """What was done, and who was told."""
    return f"{said} {told_words(report)}"


def told_words(report: Report) -> str:
    """For the desk, after a deed of which the reporter should hear: who was told, and how the others may see it."""
    if hears_by_mail(report):
        return _("Pelapor dikabari lewat e-mail.")
    if report.medium == Medium.LAPOR:
        return _("Pelapornya di SP4N-LAPOR! dan tidak dikabari dari sini.")
    if report.medium == Medium.WEB:
        return _("Belum ada e-mail: pelapor melihatnya lewat tautan pribadinya.")
    return _("Belum ada e-mail: pelapor hanya bisa melacak dengan kodenya.")
