"""New reports that arrive one by one at a filled installation: how long each takes to find its issue."""

import json
import os
import random
import sys
import time
from typing import Any

import django
from django.db import connection
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
django.setup()

from bench.mining import figures  # noqa: E402  # Django is set up only now
from kanal.agencies.queries import reference  # noqa: E402  # Django is set up only now
from kanal.common.indonesian import normal_form  # noqa: E402  # Django is set up only now
from kanal.issues.actions.remembering import place_new  # noqa: E402  # Django is set up only now
from kanal.issues.models import Issue, IssueReport, Memory  # noqa: E402  # Django is set up only now
from kanal.reports.demo.generator import Generator  # noqa: E402  # Django is set up only now
from kanal.reports.demo.life import Staff  # noqa: E402  # Django is set up only now
from kanal.reports.models import Report  # noqa: E402  # Django is set up only now
from kanal.reports.queries import report_reference  # noqa: E402  # Django is set up only now

NEWCOMERS = 300


def probed(count: int) -> dict[str, Any]:
    """What is there, how long a worker takes after its start to be ready, and each of `count` newcomers.

    They are taken away again.
    """
    bodies = Report.objects.values_list("title", "public_body").iterator(chunk_size=5000)
    texts = {hash(normal_form(f"{title}\n{body}")) for title, body in bodies}
    start = time.perf_counter()
    place_new()
    first = time.perf_counter() - start
    return {
        "database": connection.vendor,
        "reports": Report.objects.count(),
        "distinct_texts": len(texts),
        "issues": Issue.objects.filter(merged_into=None).count(),
        "reports_in_issues": IssueReport.objects.filter(belongs=True).values("report").distinct().count(),
        "ready_after_start_ms": round(1000 * first, 1),
        "finding_its_issue": _placed(count),
    }


def _placed(count: int) -> dict[str, float]:
    """Read, find, write and mark as read, one report after the other, as the worker does when each comes alone."""
    story = Generator(
        reference(), report_reference(), Staff({}), total=10 * count, seed=97, today=reference().today()
    ).chunk(0, count)
    random.Random(97).shuffle(story)
    last = Memory.objects.values_list("last_report", flat=True).get()
    seconds, placed = [], 0
    fields = ("title", "body", "public_body", "region_id", "category_id")
    for number, told in enumerate(story):
        row = {name: told.report.get(name) for name in fields}
        report = Report.objects.create(tracking_code=f"XYZ-{number:04}-BNCH", received_at=timezone.now(), **row)
        start = time.perf_counter()
        place_new()
        seconds.append(time.perf_counter() - start)
        placed += IssueReport.objects.filter(report=report).exists()
        report.delete()
    Memory.objects.update(last_report=last)
    return {"reports": len(seconds), "found_one": placed, **figures(seconds)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probed(NEWCOMERS)))
