"""Reading exports of SP4N-LAPOR!: files in, typed rows out; no database."""

from kanal.channels.lapor.agencies import AgencyMatcher, KnownAgency, Match
from kanal.channels.lapor.places import PlaceMatch, PlaceMatcher
from kanal.channels.lapor.reading import Banner, Export, NotAnExport, open_export
from kanal.channels.lapor.rejects import write_rejects
from kanal.channels.lapor.rows import LaporRow, Reject, RowOptions

__all__ = [
    "AgencyMatcher",
    "Banner",
    "Export",
    "KnownAgency",
    "LaporRow",
    "Match",
    "NotAnExport",
    "PlaceMatch",
    "PlaceMatcher",
    "Reject",
    "RowOptions",
    "open_export",
    "write_rejects",
]
