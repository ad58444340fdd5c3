"""Files and feeds as answers of a page."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import patch_cache_control

from kanal.common.export import csv_rows

_FEED_SECONDS = 300


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A table as a CSV file of this name, line by line."""
    stream = StreamingHttpResponse(csv_rows(header, rows), content_type="text/csv; charset=utf-8")
    stream["Content-Disposition"] = f'attachment; filename="{name}"'
    return stream


def feed_answer(content: str) -> HttpResponse:
    """An Atom feed, which anybody may keep for five minutes."""
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    patch_cache_control(response, public=True, max_age=_FEED_SECONDS)
    return response
