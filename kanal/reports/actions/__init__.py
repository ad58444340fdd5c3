"""Every write to reports, as named verbs. Import them from here: `actions.assign(report=…, agency=…, by=…)`."""

from kanal.reports.actions.adopting import adopt_photo
from kanal.reports.actions.answers import approve_answer, draft_answer, publish_answer, send_back_answer, submit_answer
from kanal.reports.actions.contacting import add_contact
from kanal.reports.actions.disposition import archive, assign, recall, return_
from kanal.reports.actions.gathering_photos import drop_sheet, keep_sheets
from kanal.reports.actions.gatherings import (
    Occasion,
    Ready,
    Saved,
    Typed,
    change_gathering,
    hold_gathering,
    save_rows,
)
from kanal.reports.actions.handling import ask_info, close, escalate, note, start, take
from kanal.reports.actions.identity import identity_of, open_contact, open_identity
from kanal.reports.actions.intake import Filing, file_report
from kanal.reports.actions.merging import merge, unmerge
from kanal.reports.actions.reopening import decline_reopen, reopen
from kanal.reports.actions.reporter import (
    ask_reopen,
    confirm_follow,
    flag_content,
    follow,
    give_feedback,
    reply,
    support,
    unfollow,
    withdraw,
)
from kanal.reports.actions.sorting import classify, edit_public_text, flag_rapid, unflag_rapid
from kanal.reports.actions.tasks import answer_task, close_task, partner_link, renew_task, split, task_from_token
from kanal.reports.actions.telling import Word, answer_alike, tell_reports

__all__ = [
    "Filing",
    "Occasion",
    "Ready",
    "Saved",
    "Typed",
    "Word",
    "add_contact",
    "adopt_photo",
    "answer_alike",
    "answer_task",
    "approve_answer",
    "archive",
    "ask_info",
    "ask_reopen",
    "assign",
    "change_gathering",
    "classify",
    "close",
    "close_task",
    "confirm_follow",
    "decline_reopen",
    "draft_answer",
    "drop_sheet",
    "edit_public_text",
    "escalate",
    "file_report",
    "flag_content",
    "flag_rapid",
    "follow",
    "give_feedback",
    "hold_gathering",
    "identity_of",
    "keep_sheets",
    "merge",
    "note",
    "open_contact",
    "open_identity",
    "partner_link",
    "publish_answer",
    "recall",
    "renew_task",
    "reopen",
    "reply",
    "return_",
    "save_rows",
    "send_back_answer",
    "split",
    "start",
    "submit_answer",
    "support",
    "take",
    "task_from_token",
    "tell_reports",
    "unflag_rapid",
    "unfollow",
    "unmerge",
    "withdraw",
]
