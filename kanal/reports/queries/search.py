"""Full-text search. SQLite keeps an FTS5 table, PostgreSQL a narrow table with a tsvector; both hold stemmed words.

Matches come newest first, because both databases can then stop after one page: ranking 200,000 matches cannot be done
in 50 ms, walking the newest ones can.
"""

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kanal.common.text import SearchQuery, query_tokens
from kanal.reports.models import Report


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def match_expression(query: SearchQuery) -> str:
    """The query in the syntax of this installation's database; "" when there is nothing to look for."""
    if connection.vendor == "sqlite":
        words = [_quoted(term) for term in query.terms]
        if query.prefix:
            words.append(_quoted(query.prefix) + "*")
        return " ".join(words)
    lexemes = ["'" + term.replace("'", "''").replace("\\", "\\\\") + "'" for term in query.terms]
    if query.prefix:
        lexemes.append("'" + query.prefix.replace("'", "''").replace("\\", "\\\\") + "':*")
    return " & ".join(lexemes)


def matching(reports: QuerySet[Report], text: str) -> QuerySet[Report]:
    """Narrow a list of reports to those that hold every word of `text`; the last word may be unfinished.

    A text without a searchable word finds nothing rather than everything.
    """
    expression = match_expression(query_tokens(text))
    if not expression:
        return reports.none()
    if connection.vendor == "sqlite":
        found = RawSQL("SELECT rowid FROM reports_search WHERE reports_search MATCH %s", (expression,))  # parameterised
    else:
        found = RawSQL(
            "SELECT report_id FROM reports_search WHERE words @@ %s::tsquery", (expression,)
        )  # parameterised
    return reports.filter(pk__in=found)
