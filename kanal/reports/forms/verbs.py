"""Which form performs which verb: the table that the dispatcher of the case page asks."""

from kanal.reports.forms import case, case_answer, case_text
from kanal.reports.forms.verb import VerbForm

FORMS: dict[str, type[VerbForm]] = {
    "assign": case.AssignForm,
    "return_": case.ReturnForm,
    "recall": case.RecallForm,
    "start": case.StartForm,
    "take": case.TakeForm,
    "ask_info": case.AskInfoForm,
    "note": case.NoteForm,
    "draft_answer": case_answer.DraftAnswerForm,
    "submit_answer": case_answer.SubmitAnswerForm,
    "approve_answer": case_answer.ApproveAnswerForm,
    "send_back_answer": case_answer.SendBackForm,
    "publish_answer": case_answer.PublishAnswerForm,
    "merge": case.MergeForm,
    "unmerge": case.UnmergeForm,
    "archive": case.ArchiveForm,
    "reopen": case.ReopenForm,
    "decline_reopen": case.DeclineReopenForm,
    "close": case.CloseForm,
    "escalate": case.EscalateForm,
    "flag_rapid": case.FlagRapidForm,
    "unflag_rapid": case.UnflagRapidForm,
    "split": case_answer.SplitForm,
    "classify": case_text.ClassifyForm,
    "edit_public_text": case_text.EditPublicTextForm,
}
"""Verbs with an address of their own are not here: identity and tasks; nor those of the reporter."""

KEYS: dict[str, str] = {
    "draft_answer": "b",
    "assign": "t",
    "start": "m",
    "ask_info": "p",
    "note": "c",
    "take": "a",
    "return_": "w",
    "merge": "g",
    "split": "s",
    "close": "u",
}
"""One letter for the verbs of every day; they work while no field has the focus."""
