"""Full-text search. SQLite keeps an FTS5 table, PostgreSQL a narrow table with a tsvector; both hold stemmed words.

Matches come newest first (by id), because both databases can then stop early: ranking 200,000 matches cannot be done in
50 ms, walking the newest ones can. Filters are applied to one window of matches after the other until a page is full.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kanal.common.indonesian import SearchQuery, query_tokens
from kanal.reports.models import Report
from kanal.reports.queries.pages import Count, Keyset, Page

T = TypeVar("T")

WINDOW = 900
"""Matches looked at per step; they travel as parameters, and SQLite takes 999 of them."""

STEPS = 60
"""Steps before a page is given as far as it got, with a way on: filters that fit almost nothing must end too."""

SLICE = 14
"""Bits of a report's id that do not count for its slice: 16,384 reports."""
FEW, WIDEST = 50, 16
"""A look at PostgreSQL's index that brings fewer than FEW matches is followed by one twice as wide, up to WIDEST."""
_BELIEVED_SECONDS = 600

NEWEST = Keyset(("-id",))


def slice_word(report_id: int) -> str:
    """The word by which PostgreSQL's index knows a stretch of ids; no text can hold it, because of the slash."""
    return f"/{report_id >> SLICE}"


def spelled(text: str) -> str:
    """The text with every character beyond ASCII written as its number, for the index and for queries alike.

    The tokenisers of both databases cut words of other scripts (ꦲꦏ꧀ꦱꦫ) at signs that belong to them, and SQLite then
    refuses the query: without positions in its index it cannot look for words in a row. The x keeps PostgreSQL from
    reading 00e23 as a number in scientific notation.
    """
    return text if text.isascii() else "".join([char if char.isascii() else f"x{ord(char):05x}" for char in text])


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _lexeme(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def match_expression(query: SearchQuery) -> str:
    """The query in the syntax of this installation's database; "" when there is nothing to look for."""
    quote, star, both = (_quoted, "*", " ") if connection.vendor == "sqlite" else (_lexeme, ":*", " & ")
    words = [quote(spelled(term)) for term in query.terms]
    if query.prefix:
        words.append(quote(spelled(query.prefix)) + star)
    return both.join(words)


def _sql() -> tuple[str, str]:
    """The id column and the condition of the search table."""
    return (
        ("rowid", "reports_search MATCH %s") if connection.vendor == "sqlite" else ("report_id", "words @@ %s::tsquery")
    )


def _asked(text: str) -> str:
    """The expression for what stands in a search box; "" when there is nothing to look for.

    The last word may be unfinished, unless it is a common word as it stands: gathering everything that begins with
    "jalan" takes a third of a second among a million reports, and would find hardly more than "jalan" itself.
    """
    query = query_tokens(text)
    if query.prefix and _is_common(query.prefix):
        query = SearchQuery((*query.terms, query.prefix))
    return match_expression(query)


def _is_common(word: str) -> bool:
    """Whether a word as it stands fills the first page by itself; what was found is believed for ten minutes."""
    key = f"reports:search:common:{word.encode().hex()[:200]}"
    known: bool | None = cache.get(key)
    if known is None:
        known = _looks_common(word)
        cache.set(key, known, _BELIEVED_SECONDS)
    return known


def _looks_common(word: str) -> bool:
    expression, enough = match_expression(SearchQuery((word,))), WINDOW
    if connection.vendor == "postgresql":  # the newest slices tell
        newest = _edges()[1] >> SLICE
        expression, enough = f"{_slices([newest - 1, newest])} & {expression}", FEW
    column, condition = _sql()
    sql = f"SELECT count(*) FROM (SELECT {column} FROM reports_search WHERE {condition} LIMIT {enough}) found"  # noqa: S608  # fixed names
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression])
        return bool(cursor.fetchone()[0] == enough)


def matching(reports: QuerySet[Report, T], text: str) -> QuerySet[Report, T]:
    """Narrow a list of reports to those that hold every word of `text`; the last word may be unfinished.

    Right in any order, but it gathers every match first: for pages use `search_page`.
    A text without a searchable word finds nothing rather than everything.
    """
    expression = _asked(text)
    if not expression:
        return reports.none()
    column, condition = _sql()
    return reports.filter(pk__in=RawSQL(f"SELECT {column} FROM reports_search WHERE {condition}", (expression,)))  # noqa: S608, S611  # fixed names


def _windows(text: str, beyond: int | None, *, back: bool) -> Iterator[list[int]]:
    """The ids of the matches, newest first (`back`: oldest first) beyond an id, window by window, at most STEPS."""
    expression = _asked(text)
    if not expression:
        return iter(())
    windows = _sqlite_windows if connection.vendor == "sqlite" else _postgres_windows
    return islice(windows(expression, beyond, back=back), STEPS)


def _sqlite_windows(expression: str, beyond: int | None, *, back: bool) -> Iterator[list[int]]:
    order, compare = ("ASC", ">") if back else ("DESC", "<")
    found: list[int] = []
    while True:
        edge = f"AND rowid {compare} %s" if beyond is not None else ""
        values: list[str | int] = [expression] if beyond is None else [expression, beyond]
        with connection.cursor() as cursor:
            sql = f"SELECT rowid FROM reports_search WHERE reports_search MATCH %s {edge}"  # noqa: S608  # fixed names
            cursor.execute(f"{sql} ORDER BY rowid {order} LIMIT {WINDOW}", values)
            found = [row[0] for row in cursor.fetchall()]
        if found:
            beyond = found[-1]
            yield found
        if len(found) < WINDOW:
            return


def _postgres_windows(expression: str, beyond: int | None, *, back: bool) -> Iterator[list[int]]:
    """PostgreSQL's index gives all matches or none, so they are asked for slice by slice of the ids.

    The rarer a word, the more slices at once; never all of them, since words come in bursts (floods in the wet months)
    and the rows of one burst lie all over the table.
    """
    step = 1 if back else -1
    low, high = _edges()
    begin, end = (low, high) if back else (high, low)
    numbers = range((beyond + step if beyond is not None else begin) >> SLICE, (end >> SLICE) + step, step)
    found: list[int] = []
    width = 1
    while numbers:
        ids = _ids(f"{_slices(numbers[:width])} & ({expression})", beyond, back=back)
        numbers = numbers[width:]
        if len(ids) < FEW:
            width = min(2 * width, WIDEST)
        found += ids
        beyond = ids[-1] if ids else beyond
        while len(found) >= FEW:
            yield found[:WINDOW]
            found = found[WINDOW:]
    if found:
        yield found


def _edges() -> tuple[int, int]:
    """The lowest and the highest id that can be found; 0 while there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(report_id), max(report_id) FROM reports_search")
        low, high = cursor.fetchone()
        return low or 0, high or 0


def _slices(numbers: Iterable[int]) -> str:
    """The condition that a row belongs to one of these slices."""
    words = " | ".join([_lexeme(slice_word(number << SLICE)) for number in numbers])
    return f"({words})"


def _ids(expression: str, beyond: int | None, *, back: bool) -> list[int]:
    """Every match beyond an id, in order. Materialised, because only then is the index of words always used."""
    order, compare = ("ASC", ">") if back else ("DESC", "<")
    edge = f"AND report_id {compare} %s" if beyond is not None else ""
    values: list[str | int] = [expression] if beyond is None else [expression, beyond]
    sql = f"SELECT report_id FROM reports_search WHERE words @@ %s::tsquery {edge}"  # noqa: S608  # fixed names
    with connection.cursor() as cursor:
        cursor.execute(f"WITH found AS MATERIALIZED ({sql}) SELECT report_id FROM found ORDER BY 1 {order}", values)  # noqa: S608  # likewise
        return [row[0] for row in cursor.fetchall()]


def search_page(reports: QuerySet[Report, T], text: str, cursor: str | None = None, *, limit: int = 50) -> Page[T]:
    """One page of the reports that hold every word of `text`, newest first. `reports` may be `.values()` with "id".

    A missing or broken cursor gives the first page. A page can be short and still have a next one, when STEPS windows
    held too few reports that pass the other filters.
    """
    back, edge = NEWEST.place(reports, cursor) or (False, [None])
    rows, last, more = _collect(reports, _windows(text, edge[0], back=back), limit, back=back)
    if back and not more:
        return search_page(reports, text, None, limit=limit)
    first_page = edge[0] is None
    if back:
        rows.reverse()
        return Page(rows, limit, previous=NEWEST.cursor(rows[0], back=True), next=NEWEST.cursor(rows[-1]))
    following = (
        NEWEST.cursor(rows[-1]) if more and len(rows) == limit else NEWEST.cursor({"id": last}) if more else None
    )
    return Page(
        rows, limit, previous=NEWEST.cursor(rows[0], back=True) if rows and not first_page else None, next=following
    )


def _collect(
    reports: QuerySet[Report, T], windows: Iterator[list[int]], limit: int, *, back: bool
) -> tuple[list[T], int | None, bool]:
    """Rows up to `limit`, the last id looked at, and whether there may be more."""
    rows: list[T] = []
    last, steps = None, 0
    for ids in windows:
        steps, last = steps + 1, ids[-1]
        rows += list(reports.filter(pk__in=ids).order_by("id" if back else "-id")[: limit + 1 - len(rows)])
        if len(rows) > limit:
            return rows[:limit], last, True
    return rows, last, steps == STEPS


def search_count(reports: QuerySet[Report, Any], text: str, *, cap: int = 1000, steps: int = 3) -> Count:
    """How many reports hold every word of `text`: exact when that is cheap to know, else "more than" what was seen."""
    number = 0
    found = chain.from_iterable(_windows(text, None, back=False))
    for step in range(1, steps + 1):
        ids = list(islice(found, WINDOW))
        number += reports.order_by().filter(pk__in=ids).values("pk").count()
        if number > cap:
            return Count(cap, more=True)
        if len(ids) < WINDOW:
            break
        if step == steps:
            return Count(number, more=True)
    return Count(number)
