from kanal.brief.queries.counting import figures_of
from kanal.brief.queries.editions import (
    before,
    every,
    find_for,
    get_for,
    latest,
    missing,
    name_of,
    newest_of_all,
    of_week,
    page_of,
    versions,
)
from kanal.brief.queries.survey import Survey, survey
from kanal.brief.queries.telling import told_now

__all__ = [
    "Survey",
    "before",
    "every",
    "figures_of",
    "find_for",
    "get_for",
    "latest",
    "missing",
    "name_of",
    "newest_of_all",
    "of_week",
    "page_of",
    "survey",
    "told_now",
    "versions",
]
