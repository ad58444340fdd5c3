"""Every report's search words written anew, after the lists of words changed: step by step, from any step on."""

from django.db import transaction

from kanal.agencies.queries import reference
from kanal.reports.actions import indexing
from kanal.reports.models import Report
from kanal.reports.queries import report_reference

AT_ONCE = 500


@transaction.atomic
def reindex_next(after: int) -> int | None:
    """Write the words of the next reports after an id; returns the last one's id, None when there is none left.

    The rows are held for so long, so that nobody changes a report between the reading and the writing of its words.
    """
    rows = Report.objects.select_for_update(of=("self",)).filter(pk__gt=after).order_by("pk")[:AT_ONCE]
    reports = list(rows)
    regions, categories = reference().regions, report_reference().categories
    words, silent = [], []
    for report in reports:
        region, category = regions.get(report.region_id or 0), categories.get(report.category_id or 0)
        told = indexing.words_of(report, region.place if region else "", category.name if category else "")
        words.append((report.pk, told))
        if not told:
            silent.append(report.pk)
    indexing.index(words)
    indexing.unindex(silent)
    return reports[-1].pk if reports else None
