"""An edition in words: the one reading of its figures that the page and the paper share, so that both say the same."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.brief.figures import NOTHING, WEEKS, Body, Decision, Field, Figures, Matter, Promise, Taken
from kanal.brief.headings import notes, words
from kanal.brief.models import Edition
from kanal.brief.weeks import in_words, name_in_words
from kanal.common import formats
from kanal.common.few import LEAST
from kanal.common.text import shorten
from kanal.issues.workflow import STATUS, Status

LOUD = 5
"""So many issues stand on the first page; the others in a table behind it."""
TWO_QUOTES = 180
"""Characters up to which two quotes stand under an issue on the first page."""
MOST_PROMISES = 3
LONGEST_TITLE, LONGEST_BELOW = 72, 56
"""So much of a title fits the first page, and below in one of three columns; the issue's own page has all of it."""

Shown = dict[str, Any]
_DISTRICT = Edition.Scope.DISTRICT.value


def shown(figures: Figures, *, version: int = 1, taken: Taken = NOTHING) -> Shown:
    """Everything that stands on the page and on the paper, as plain text and numbers.

    `taken` are the quotes and titles that are not among these figures any more.
    """
    return {
        **_head(figures, version),
        "scope": figures.scope,
        "taken": _taken(taken),
        "strip": _strip(figures),
        "punctual": _punctual(figures),
        "decisions": [_decision(one) for one in figures.decisions],
        "issues": [_issue(one, figures) for one in figures.issues[:LOUD]],
        "others": [_other(one, figures) for one in figures.issues[LOUD:]],
        "small": _small(figures),
        "sudden": _sudden(figures),
        "solved": _solved(figures),
        "promises": [_promise_line(one) for one in figures.promises[:MOST_PROMISES]],
        "promises_tally": _tally(figures),
        "fields": [_field(one) for one in figures.fields],
        "quiet": _quiet(figures),
        "districts": [_body(one) for one in figures.districts],
        "agencies": [_body(one) for one in figures.agencies],
        "villages": ", ".join(f"{one.name} {formats.number(one.voices)}" for one in figures.villages),
        "villages_hidden": _villages_hidden(figures),
        "cases": [
            [one.code, shorten(one.title, 80) or _("belum tampil untuk umum"), _days(one.days)] for one in figures.cases
        ],
        "returned": [_returned(one.agency, one.reason, one.count) for one in figures.returned],
        "notes": notes(figures),
        "rated": any(one.rate is not None for one in figures.districts),
        "words": words(figures),
    } | _page_rows(figures)


def _page_rows(figures: Figures) -> Shown:
    """The tables as the page shows them: only the columns that say something."""
    agencies, districts = [_body(one) for one in figures.agencies], [_body(one) for one in figures.districts]
    rated = any(one.rate is not None for one in figures.districts)
    heads = [_("Kecamatan"), _("Pekan ini"), _("Berubah"), _("Terbuka"), _("Lewat")]
    return {
        "agency_rows": [[row[0], row[3], row[4]] if figures.scope == _DISTRICT else row[:6] for row in agencies],
        "district_rows": [[*row[:5], row[6]] if rated else row[:5] for row in districts],
        "district_heads": [*heads, _("Per 10.000")] if rated else heads,
        "other_rows": [
            [f"{row[0]}. {row[1]}", *row[2:]] for row in (_other(one, figures) for one in figures.issues[LOUD:])
        ],
    }


def _head(figures: Figures, version: int) -> Shown:
    titles = {
        Edition.Scope.REGENCY.value: _("Suara warga pekan ini"),
        Edition.Scope.AGENCY.value: _("Suara warga untuk %(name)s") % {"name": figures.name},
        Edition.Scope.DISTRICT.value: _("Suara warga %(name)s") % {"name": figures.name},
    }
    compared = (
        _("Panah: dibanding lembar %(week)s.") % {"week": name_in_words(figures.compared)}
        if figures.compared
        else _("Pekan lalu belum ada lembar; panah peringkat mulai lembar berikutnya.")
    )
    edition = _("Lembar %(week)s") % {"week": in_words(figures.friday)}
    return {
        "title": titles[figures.scope],
        "kicker": _("%(regency)s, rapat %(day)s") % {"regency": figures.regency, "day": formats.day(figures.friday)},
        "period": formats.period(figures.since, figures.until),
        "edition": edition
        if version == 1
        else _("%(edition)s, versi %(version)s") % {"edition": edition, "version": version},
        "counted": _("Dihitung %(moment)s") % {"moment": formats.short_day_time(figures.counted_at)},
        "compared": compared,
    }


def _taken(taken: Taken) -> str:
    parts = []
    if taken.quotes:
        parts.append(ngettext("%(num)s kutipan", "%(num)s kutipan", taken.quotes) % {"num": taken.quotes})
    if taken.titles:
        parts.append(ngettext("%(num)s judul", "%(num)s judul", taken.titles) % {"num": taken.titles})
    if not parts:
        return ""
    said = _("Sesudah lembar ini disusun, %(what)s dikeluarkan karena laporannya tidak lagi boleh diceritakan.")
    return said % {"what": formats.join_names(parts)}


def change(now: int, before: int) -> str:
    """The difference as people say it."""
    if now > before:
        return _("naik %(count)s") % {"count": formats.number(now - before)}
    if now < before:
        return _("turun %(count)s") % {"count": formats.number(before - now)}
    return _("tetap")


def _strip(figures: Figures) -> list[Shown]:
    one = figures.summary
    overdue = change(one.overdue, one.overdue_before) + ", " if one.overdue_before is not None else ""
    found = [
        (_("Suara warga"), formats.number(one.voices), change(one.voices, one.voices_before)),
        (_("Laporan"), formats.number(one.reports), change(one.reports, one.reports_before)),
        (
            _("Lewat tenggat"),
            formats.number(one.overdue),
            overdue + _("dari %(count)s terbuka") % {"count": formats.number(one.open)},
        ),
    ]
    if figures.scope == Edition.Scope.DISTRICT:
        rate = formats.decimal(10_000 * one.voices_whole / one.people) if one.people else "–"
        note = _("dalam %(weeks)s pekan") % {"weeks": WEEKS} if one.people else _("jumlah penduduk belum diketahui")
        found.append((_("Suara per 10.000 orang"), rate, note))
    else:
        found.append((_("Tepat waktu"), formats.percent(one.in_time, 0), _in_time_note(figures)))
    return [{"label": label, "value": value, "note": note} for label, value, note in found]


def _in_time_note(figures: Figures) -> str:
    one = figures.summary
    if one.in_time is None:
        return _("belum cukup data")
    if one.in_time_before is None:
        return _("pekan lalu belum cukup data")
    points = round((one.in_time - one.in_time_before) * 100)
    return f"{change(points, 0)} {_('poin')}" if points else _("tetap")


def _punctual(figures: Figures) -> str:
    """Answer punctuality in one line against last week; only the regency's brief has both."""
    one = figures.summary
    if one.answered is None:
        return ""
    told = {"now": formats.number(one.answered), "before": formats.number(one.answered_before or 0)}
    sentence = _("%(now)s laporan dijawab pekan ini, pekan lalu %(before)s.") % told
    if one.in_time is None:
        return sentence
    share = {"now": formats.percent(one.in_time, 0), "before": formats.percent(one.in_time_before, 0)}
    if one.in_time_before is None:
        return sentence + " " + _("Tindak lanjut tepat waktu %(now)s.") % share
    return sentence + " " + _("Tindak lanjut tepat waktu %(now)s, pekan lalu %(before)s.") % share


def _decision(one: Decision) -> Shown:
    told = {"agency": one.agency, "count": formats.number(one.count), "days": formats.number(one.days)}
    sentences = {
        "promise_late": _("Janji %(agency)s, lewat %(days)s hari kerja. Beri tanggal baru atau minta penjelasan."),
        "promise_broken": _("Janji %(agency)s, dinyatakan tidak ditepati. Tentukan tindak lanjutnya."),
        "no_lead": _("%(count)s suara dalam setahun dan belum ada dinas utama. Tunjuk satu dinas."),
        "overdue": _("%(count)s laporan lewat tenggat, dinas utama %(agency)s. Minta tanggal selesainya."),
        "sudden": _("Muncul tiba-tiba: %(count)s suara dalam 28 hari. Tentukan siapa yang turun ke lapangan."),
    }
    return {"title": _stopped(shorten(one.title, 80)), "text": sentences.get(one.kind, "") % told}


def _stopped(text: str) -> str:
    """A text as a sentence of its own, with one full stop, whatever it ended with."""
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


def _issue(one: Matter, figures: Figures) -> Shown:
    quotes = one.quotes[:2] if sum(len(quote.text) for quote in one.quotes) <= TWO_QUOTES else one.quotes[:1]
    waiting = max(0, one.unanswered - one.overdue)
    return {
        "id": one.id,
        "rank": one.place,
        **_move(one, figures),
        "title": shorten(one.title, LONGEST_TITLE),
        "candidate": _("calon isu") if one.status == Status.CANDIDATE else "",
        "sudden": _("muncul tiba-tiba") if one.sudden else "",
        "meta": _meta(one),
        "state": _state(one),
        "parts": [max(0, one.reports - waiting - one.overdue), waiting, one.overdue],
        "weeks": one.weeks,
        "weeks_words": _weeks_words(one.weeks),
        "quotes": [
            {"text": quote.text, "place": quote.place if figures.scope != _DISTRICT else ""} for quote in quotes
        ],
        "promises": [_promise_line(promise) for promise in one.promises],
    }


def _move(one: Matter, figures: Figures) -> Shown:
    if not figures.compared:
        return {"move": "", "move_words": ""}
    if one.before is None:
        return {"move": "new", "move_words": _("baru di daftar")}
    if one.before == one.place:
        return {"move": "same", "move_words": _("peringkat tetap")}
    move, words = ("up", _("naik dari %(place)s")) if one.before > one.place else ("down", _("turun dari %(place)s"))
    return {"move": move, "move_words": words % {"place": one.before}}


def _meta(one: Matter) -> str:
    week = ngettext("%(num)s suara pekan ini", "%(num)s suara pekan ini", one.weeks[-1])
    villages = ngettext("%(num)s desa", "%(num)s desa", one.villages) % {"num": formats.number(one.villages)}
    voices = _("%(num)s setahun") % {"num": formats.number(one.voices)}
    lead = one.agency or _("belum ada dinas utama")
    told = f"{week % {'num': formats.number(one.weeks[-1])}} ({change(one.weeks[-1], one.weeks[-2])})"
    return ", ".join(
        [told, voices, villages, _("dipimpin %(agency)s") % {"agency": lead} if one.guest and one.agency else lead]
    )


def _state(one: Matter) -> str:
    share = formats.percent(one.unanswered / one.reports, 0) if one.reports else formats.percent(0, 0)
    told = {"share": share, "overdue": formats.number(one.overdue)}
    if one.overdue:
        return _("%(share)s belum dijawab, %(overdue)s lewat tenggat") % told
    return _("%(share)s belum dijawab, tidak ada yang lewat tenggat") % told


def _weeks_words(weeks: Sequence[int | None]) -> str:
    said = ", ".join(_few(week) for week in weeks)
    return _("Suara tiap pekan, yang terakhir pekan ini: %(weeks)s.") % {"weeks": said}


def _other(one: Matter, figures: Figures) -> list[str]:
    move = _move(one, figures)["move_words"]
    title = f"{one.title} ({_('calon isu')})" if one.status == Status.CANDIDATE else one.title
    numbers = (formats.number(one.weeks[-1]), formats.number(one.voices), formats.number(one.overdue))
    return [str(one.place), title, one.agency or "–", *numbers, move]


def _small(figures: Figures) -> str:
    parts = []
    if len(figures.issues) < figures.told:
        parts.append(
            _("%(count)s isu lain ada di meja.") % {"count": formats.number(figures.told - len(figures.issues))}
        )
    if figures.hidden:
        told = {"count": formats.number(figures.hidden), "least": LEAST}
        parts.append(_("%(count)s isu di bawah %(least)s suara tidak diceritakan.") % told)
    return " ".join(parts)


def _sudden(figures: Figures) -> list[str]:
    found, above = [], {one.id for one in figures.issues[:LOUD]}
    for one in figures.sudden:
        if one.id in above:
            continue
        numbers = {"recent": formats.number(one.recent), "usual": formats.number(round(one.usual))}
        told = {"title": shorten(one.title, LONGEST_BELOW), **numbers}
        sentence = _("%(title)s: %(recent)s suara dalam 28 hari, biasanya %(usual)s") % told
        also = [_("calon isu")] * one.candidate + [_("baru pekan ini")] * (one.fresh and bool(figures.compared))
        found.append(f"{sentence} ({', '.join(also)})" if also else sentence)
    return found[:MOST_PROMISES]


def _solved(figures: Figures) -> list[str]:
    issues = [
        f"{one.title}: {str(STATUS[Status(one.status)].word).lower()}" if one.status in set(Status) else one.title
        for one in figures.solved
    ]
    kept = [
        _("Janji ditepati: %(text)s (%(agency)s)") % {"text": one.text, "agency": one.agency} for one in figures.kept
    ]
    return [shorten(line, 90) for line in [*issues, *kept]][:4]


def _promise_line(one: Promise) -> Shown:
    told = {"agency": one.agency, "days": formats.number(one.late), "day": formats.short_day(one.due)}
    if one.broken:
        lead = _("Janji %(agency)s tidak ditepati")
    elif one.late:
        lead = _("Janji %(agency)s lewat %(days)s hari kerja")
    else:
        lead = _("Janji %(agency)s jatuh %(day)s")
    return {"lead": lead % told, "text": shorten(one.text, LONGEST_BELOW), "late": bool(one.late or one.broken)}


def _tally(figures: Figures) -> str:
    if not figures.promises_ended:
        return ""
    told = {"kept": formats.number(figures.promises_kept), "ended": formats.number(figures.promises_ended)}
    return _("Tahun ini %(kept)s dari %(ended)s janji yang sampai tanggalnya ditepati.") % told


def _few(voices: int | None) -> str:
    return f"<{LEAST}" if voices is None else formats.number(voices)


def _field(one: Field) -> Shown:
    now, before = one.weeks[-1], one.weeks[-2]
    return {
        "name": one.name,
        "week": _few(now),
        "change": change(now, before) if now is not None and before is not None else "",
        "weeks": [week or 0 for week in one.weeks],
        "weeks_words": _weeks_words(one.weeks),
        "overdue": formats.number(one.overdue),
        "late": _("%(count)s lewat tenggat") % {"count": formats.number(one.overdue)},
        "parts": ", ".join(f"{part.name} {formats.number(part.voices)}" for part in one.parts),
        "issues": "; ".join(one.issues),
        "quotes": [{"text": quote.text, "place": quote.place} for quote in one.quotes],
    }


def _quiet(figures: Figures) -> str:
    if not figures.quiet or figures.scope != Edition.Scope.REGENCY:
        return ""
    told = {"weeks": WEEKS, "least": LEAST, "names": formats.join_names(figures.quiet)}
    return _("Di bawah %(least)s suara dalam %(weeks)s pekan: %(names)s.") % told


def _body(one: Body) -> list[str]:
    return [
        one.name,
        _few(one.week),
        change(one.week, one.last) if one.week is not None and one.last is not None else "–",
        formats.number(one.open),
        formats.number(one.overdue),
        formats.percent(one.in_time, 0) if one.in_time is not None else "–",
        formats.decimal(one.rate) if one.rate is not None else "–",
    ]


def _villages_hidden(figures: Figures) -> str:
    if not figures.villages_hidden:
        return ""
    told = {"count": formats.number(figures.villages_hidden), "least": LEAST}
    return _("%(count)s desa lain masing-masing di bawah %(least)s suara.") % told


def _days(count: int) -> str:
    return ngettext("%(num)s hari kerja", "%(num)s hari kerja", count) % {"num": formats.number(count)}


def _returned(agency: str, reason: str, count: int) -> str:
    told = {"agency": agency, "reason": reason, "count": formats.number(count)}
    return _("%(agency)s: %(count)s kali, %(reason)s") % told
