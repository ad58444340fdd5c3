import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from kanal.common.indonesian import search_text
from kanal.reports.models import Report
from kanal.reports.queries.search import slice_word, spelled
from kanal.reports.workflow import Kind

_SQLITE = "INSERT OR REPLACE INTO reports_search (rowid, words) VALUES (%s, %s)"
_PAGES = 200
"""How much of the index one step writes anew: a few hundredths of a second in which others wait."""
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


def tidy(*, seconds: float) -> int:
    """Write the search index of SQLite anew in short steps, so that words of destroyed reports leave it for good.

    A word that is taken out stays in its old segment, marked as gone, until segments are merged. Stops when nothing is
    left to merge or after `seconds`; what is left over is done by the next call. Returns the number of steps; none on
    PostgreSQL, whose own housekeeping does the same.
    """
    if connection.vendor != "sqlite":
        return 0
    steps, until = 0, time.monotonic() + seconds
    going = _merge(-_PAGES)  # a negative number takes every segment into the merge
    while going and time.monotonic() < until:
        steps += 1
        going = _merge(_PAGES)
    return steps


def _merge(pages: int) -> bool:
    """One step of a merge. Returns whether there was anything to merge; FTS5 tells by rows changed beside its order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        cursor.execute("INSERT INTO reports_search (reports_search, rank) VALUES ('merge', %s)", [pages])
        cursor.execute("SELECT total_changes()")
        return bool(cursor.fetchone()[0] - before > 1)
