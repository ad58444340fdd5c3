from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from kanal.common.text import search_text
from kanal.reports.models import Report
from kanal.reports.queries.search import slice_word, spelled
from kanal.reports.workflow import Kind

_SQLITE = "INSERT OR REPLACE INTO reports_search (rowid, words) VALUES (%s, %s)"
_POSTGRES = (
    "INSERT INTO reports_search (report_id, words) "
    "VALUES (%s, to_tsvector('simple', %s) || array_to_tsvector(ARRAY[%s])) "
    "ON CONFLICT (report_id) DO UPDATE SET words = EXCLUDED.words"
)


def words_of(report: Report, place: str, category: str) -> str:
    """The stemmed words by which a report is found: masked texts only. Whistle-blowing is not indexed at all."""
    return words_from(report.__dict__, place, category)


def words_from(row: Mapping[str, Any], place: str, category: str) -> str:
    """The same from a report's columns, for those who write many at once."""
    if row["kind"] == Kind.WHISTLEBLOWING:
        return ""
    told = [row.get(name) or "" for name in ("tracking_code", "external_id", "title", "public_body", "place_text")]
    return spelled(search_text(*told, place, category))


def index(rows: Iterable[tuple[int, str]]) -> None:
    """Put (report id, words) into the search table, replacing what was there; rows without words are left out."""
    wanted = [row for row in rows if row[1]]
    if not wanted:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(_SQLITE, wanted)
        else:
            cursor.executemany(_POSTGRES, [(pk, words, slice_word(pk)) for pk, words in wanted])


def unindex(report_ids: Iterable[int]) -> None:
    """Take destroyed reports out of the search table."""
    column = "rowid" if connection.vendor == "sqlite" else "report_id"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM reports_search WHERE {column} = %s", [(i,) for i in report_ids])  # noqa: S608  # a fixed name
