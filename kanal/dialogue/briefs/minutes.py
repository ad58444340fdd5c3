"""Signed minutes on paper: what everybody reads on the page of the episode, and nothing else."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.common.typesetting import pdf
from kanal.dialogue.models import Episode, Invitation, Minute, Question
from kanal.dialogue.queries import Row, promises_in
from kanal.dialogue.queries.live import public_answers, public_minutes, sitting_of

TEMPLATE = Path(__file__).parent.parent / "letters" / "minutes.typ"


def minutes_pdf(episode: Episode) -> bytes:
    """The minutes as an A4 PDF. Raises Refused (404) until they are signed off."""
    notes = public_minutes(episode)
    if not notes:
        raise Refused(_("Notulennya belum ditutup."), status=404, code="hidden")
    return pdf(TEMPLATE, minutes_data(episode, notes, public_answers(episode)))


def minutes_data(episode: Episode, notes: list[Minute], answers: list[Question]) -> dict[str, Any]:
    """What stands on the paper, as plain text."""
    regency = reference().regency
    facts = [
        (_("Waktu"), formats.day_time(episode.starts_at)),
        (_("Tempat"), episode.place),
        (_("Pembawa acara"), episode.host),
        (_("Hadir"), ", ".join(_guests(episode))),
    ]
    return {
        "office": regency.letterhead,
        "title": _("Notulen"),
        "name": ": ".join(filter(None, (episode.programme.name, episode.theme))),
        "facts": [[label, value] for label, value in facts if value],
        "closed": _("Ditutup %(when)s") % {"when": formats.day_time(sitting_of(episode).closed_at)},
        "parts": [
            {"topic": one.topic or _("Lain-lain"), "lines": [line for line in one.shown.splitlines() if line.strip()]}
            for one in notes
        ],
        "promises": [{"text": row.commitment.text, "told": _told(row)} for row in promises_in(episode)],
        "answers": [{"question": one.shown, "answer": one.answer} for one in answers],
        "words": {"promises": _("Yang dijanjikan"), "answers": _("Pertanyaan warga yang dijawab")},
    }


def _guests(episode: Episode) -> list[str]:
    coming = episode.invitations.select_related("agency").filter(state=Invitation.State.COMING)
    return [f"{one.agency.short_name or one.agency.name} ({one.who})" for one in coming]


def _told(row: Row) -> str:
    words = _("%(agency)s, paling lambat %(day)s.")
    return words % {"agency": row.agency, "day": formats.day(row.commitment.due_on)}
