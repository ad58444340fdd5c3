"""The sheets for the host and for the agencies on paper."""

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.common.typesetting import pdf
from kanal.dialogue.models import Episode
from kanal.dialogue.queries.briefs import AgencySheet, Guest, HostSheet, Owed, TopicSheet

TEMPLATE = Path(__file__).parent.parent / "letters" / "brief.typ"
_MARKS = {"red": "!", "green": "\u2713"}
"""How a promise is marked on black and white paper, by the colour it has on the screen."""


def host_pdf(sheet: HostSheet, *, by: str) -> bytes:
    """The host's sheet as an A4 PDF; a topic begins on a page of its own."""
    return pdf(TEMPLATE, host_data(sheet, by=by))


def agency_pdf(sheet: AgencySheet, *, by: str) -> bytes:
    """An agency's sheet as an A4 PDF."""
    return pdf(TEMPLATE, agency_data(sheet, by=by))


def host_data(sheet: HostSheet, *, by: str) -> dict[str, Any]:
    """What stands on the host's paper, as plain text."""
    return {
        **_head(sheet.episode, _("Lembar penyiar"), by),
        "guests": [_guest(one) for one in sheet.guests],
        "bring": [],
        "rundown": [_line(one) for one in sheet.topics],
        "topics": [_topic(one) for one in sheet.topics],
        "owed": [_owed(one) for one in sheet.owed],
        "cases": [],
        "cases_head": "",
        "owed_head": _("Janji lain yang lewat tanggal"),
        "for_host": True,
    }


def agency_data(sheet: AgencySheet, *, by: str) -> dict[str, Any]:
    """What stands on an agency's paper, as plain text."""
    title = _("Lembar untuk %(agency)s") % {"agency": sheet.agency.name}
    every = sorted([*sheet.topics, *sheet.others], key=lambda one: one.slot.number)
    return {
        **_head(sheet.episode, title, by),
        "guests": [],
        "bring": list(sheet.bring),
        "rundown": [{**_line(one), "own": one in sheet.topics} for one in every],
        "topics": [_topic(one) for one in sheet.topics],
        "owed": [_owed(one) for one in sheet.owed],
        "cases": [[one.code, one.category, one.place, formats.number(one.days)] for one in sheet.cases],
        "cases_head": cases_head(sheet),
        "owed_head": _("Janji dinas Anda"),
        "for_host": False,
    }


def cases_head(sheet: AgencySheet) -> str:
    """How many reports are overdue, and that only the oldest are named."""
    if not sheet.overdue:
        return _("Tidak ada laporan yang lewat tenggat.")
    whole = ngettext("%(num)s laporan lewat tenggat", "%(num)s laporan lewat tenggat", sheet.overdue)
    said = whole % {"num": formats.number(sheet.overdue)}
    if sheet.overdue == len(sheet.cases):
        return f"{said}."
    return _("%(whole)s; ini %(shown)s yang paling lama.") % {"whole": said, "shown": len(sheet.cases)}


def _head(episode: Episode, title: str, by: str) -> dict[str, Any]:
    regency = reference().regency
    facts = [
        (_("Waktu"), formats.day_time(episode.starts_at)),
        (_("Tempat"), episode.place),
        (_("Pembawa acara"), episode.host),
        (_("Lama"), ngettext("%(num)s menit", "%(num)s menit", episode.duration) % {"num": episode.duration}),
    ]
    return {
        "office": regency.letterhead,
        "title": title,
        "name": ": ".join(filter(None, (episode.programme.name, episode.theme))),
        "facts": [[label, value] for label, value in facts if value],
        "printed": _("Dicetak %(when)s oleh %(name)s") % {"when": formats.day_time(timezone.now()), "name": by},
        "words": {
            "guests": _("Yang hadir"),
            "rundown": _("Susunan acara"),
            "bring": _("Yang perlu dibawa"),
            "trend": _("Suara per 28 hari"),
            "quotes": _("Kata warga"),
            "owed": _("Yang pernah dijanjikan"),
            "answers": _("Jawaban dinas"),
            "questions": _("Pertanyaan"),
            "notes": _("Catatan"),
            "cases": _("Laporan yang lewat tenggat"),
            "case": [_("Kode"), _("Tentang"), _("Tempat"), _("Lewat (hari kerja)")],
            "none": _("Belum ada topik."),
            "nobody": _("Belum ada dinas yang diundang."),
            "no_quotes": _("Belum ada laporan yang boleh dikutip."),
            "yours": _("topik Anda"),
            "few": _("Kolom kosong bergaris tepi: terlalu sedikit untuk disebut angkanya."),
        },
    }


def _guest(one: Guest) -> dict[str, str]:
    return {"agency": one.agency, "words": one.words, "state": one.state}


def _line(one: TopicSheet) -> dict[str, Any]:
    return {
        "number": one.slot.number,
        "time": one.time,
        "topic": one.slot.topic,
        "minutes": ngettext("%(num)s menit", "%(num)s menit", one.slot.minutes) % {"num": one.slot.minutes},
        "own": False,
    }


def _topic(one: TopicSheet) -> dict[str, Any]:
    return {
        **_line(one),
        "agency": one.agency,
        "figures": [list(pair) for pair in one.figures],
        "growth": one.growth,
        "trend": [list(pair) for pair in one.trend],
        "places_head": one.places,
        "places_note": one.places_note,
        "places": [list(pair) for pair in one.districts],
        "quotes": [[quote.text, source_of(quote.district, formats.day(quote.day))] for quote in one.quotes],
        "owed": [_owed(promise) for promise in one.owed],
        "answers": [[said.text, said.by] for said in one.answers],
        "questions": list(one.questions),
    }


def source_of(district: str, day: str) -> str:
    """Where and when somebody said it."""
    return ", ".join(filter(None, (_("Kec. %(name)s") % {"name": district} if district else "", day)))


def _owed(one: Owed) -> dict[str, str]:
    mark = _MARKS.get(one.row.standing.colour, "\u2022")
    return {
        "mark": mark,
        "text": one.text,
        "told": f"{one.row.standing.word}: {one.when}. {one.row.agency}".rstrip(),
    }
