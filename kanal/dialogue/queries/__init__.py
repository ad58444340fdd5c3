from kanal.dialogue.queries.calendar import calendar_file
from kanal.dialogue.queries.episodes import (
    NEWEST,
    find_for,
    get_for,
    get_public,
    history,
    invitation_of,
    past,
    programme_of,
    programmes,
    slot_of,
    topics_of,
    upcoming,
)
from kanal.dialogue.queries.promises import Filters, Row, promises_in, rows_of, standing_of

__all__ = [
    "NEWEST",
    "Filters",
    "Row",
    "calendar_file",
    "find_for",
    "get_for",
    "get_public",
    "history",
    "invitation_of",
    "past",
    "programme_of",
    "programmes",
    "promises_in",
    "rows_of",
    "slot_of",
    "standing_of",
    "topics_of",
    "upcoming",
]
