"""Every write to issues, as named verbs. Import them from here: `actions.confirm(issue=…, by=…)`."""

from kanal.issues.actions.evidence import add_reports, gather, remove_reports
from kanal.issues.actions.joining import merge, split
from kanal.issues.actions.life import confirm, describe, dismiss, found, move, rename
from kanal.issues.actions.told import Said

__all__ = [
    "Said",
    "add_reports",
    "confirm",
    "describe",
    "dismiss",
    "found",
    "gather",
    "merge",
    "move",
    "remove_reports",
    "rename",
    "split",
]
