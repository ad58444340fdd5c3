"""What of this room goes on elsewhere when an agency is merged (kanal.agencies.contributions)."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from kanal.reports.models import Category, ReportTask, RoutingRule
from kanal.reports.queries.overdue import open_reports


def goes_over(agency_ids: Collection[int]) -> Iterator[tuple[str, int]]:
    """Numbers alone, whistle-blowing never among them: whoever merges agencies reads no reports."""
    yield _("Laporan terbuka"), open_reports().filter(agency_id__in=agency_ids).count()
    tasks = ReportTask.objects.filter(agency_id__in=agency_ids, state=ReportTask.State.OPEN)
    yield _("Tugas terbuka"), tasks.count()
    yield _("Kategori yang biasanya ke sana"), Category.objects.filter(default_agency_id__in=agency_ids).count()
    yield _("Aturan disposisi ke sana"), RoutingRule.objects.filter(agency_id__in=agency_ids).count()
