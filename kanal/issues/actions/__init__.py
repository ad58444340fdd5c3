"""Every write to issues, as named verbs. Import them from here: `actions.confirm(issue=…, by=…)`."""

from kanal.issues.actions.bulletins import (
    Words,
    draft_bulletin,
    extend_bulletin,
    resume_bulletin,
    send_bulletin,
    stop_bulletin,
    submit_bulletin,
    withdraw_bulletin,
    write_bulletin,
)
from kanal.issues.actions.evidence import add_reports, gather, remove_reports
from kanal.issues.actions.joining import merge, split
from kanal.issues.actions.life import confirm, describe, dismiss, found, found_by_machine, move, rename
from kanal.issues.actions.remembering import accept, decline, propose, remember
from kanal.issues.actions.told import Said
from kanal.issues.actions.weighing import weigh

__all__ = [
    "Said",
    "Words",
    "accept",
    "add_reports",
    "confirm",
    "decline",
    "describe",
    "dismiss",
    "draft_bulletin",
    "extend_bulletin",
    "found",
    "found_by_machine",
    "gather",
    "merge",
    "move",
    "propose",
    "remember",
    "remove_reports",
    "rename",
    "resume_bulletin",
    "send_bulletin",
    "split",
    "stop_bulletin",
    "submit_bulletin",
    "weigh",
    "withdraw_bulletin",
    "write_bulletin",
]
