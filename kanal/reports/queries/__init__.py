from kanal.reports.queries.access import find_for, get_by_private_link, get_for, get_public, private_link_token
from kanal.reports.queries.reference import ReportReference, forget, report_reference

__all__ = [
    "ReportReference",
    "find_for",
    "forget",
    "get_by_private_link",
    "get_for",
    "get_public",
    "private_link_token",
    "report_reference",
]
