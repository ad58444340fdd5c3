"""A case on paper for the letter file."""

import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.channels.models import Medium
from kanal.common import formats
from kanal.common.masking import mask
from kanal.common.text import one_line
from kanal.common.typesetting import pdf
from kanal.reports.actions.identity import Identity
from kanal.reports.queries.case import Case
from kanal.reports.queries.case_words import deadlines, history

TEMPLATE = Path(__file__).parent / "letters" / "case.typ"
LONGEST_TEXT = 20_000
"""Characters of one text that are printed; nobody files a hundred pages, and the rest stays on the desk."""


def letter_pdf(case: Case, *, identity: Identity | None, at: datetime | None = None) -> bytes:
    """The case as an A4 PDF. `identity` is printed when given; without it the reporter stays protected."""
    return pdf(TEMPLATE, letter_data(case, identity=identity, at=at or timezone.now()))


def letter_data(case: Case, *, identity: Identity | None, at: datetime) -> dict[str, Any]:
    """What stands on the paper, as plain text.

    While the reporter is protected, numbers and addresses in the text and the history are hidden too: a paper travels.
    """
    report, facts = case.report, reference()
    text = report.body if case.raw else report.public_body
    shown = _as_it_is if identity else _masked
    return {
        "code": report.tracking_code,
        "title": report.heading,
        "office": facts.regency.letterhead,
        "heading": _("Lembar Laporan Warga"),
        "address": " · ".join(
            filter(None, (facts.regency.address, *(words for _i, words, _a in facts.regency.contacts)))
        ),
        "qr": qr_svg(settings.BASE_URL + reverse("reports:desk_detail", args=[report.tracking_code])),
        "printed": _("Dicetak %(when)s oleh %(name)s") % {"when": formats.day_time(at), "name": case.actor.name},
        "facts": _facts(case),
        "text": _paragraphs(shown(text)),
        "person": _person(identity),
        "protected": _("Dilindungi. Identitas pelapor tidak dicantumkan pada lembar ini."),
        "answers": _answers(case),
        "clocks": _clocks(case, at),
        "history": [
            _row(line.title, line.at, line.who, shown(line.note))
            for line in reversed(history(case.events, raw=case.raw))
        ],
        "words": {
            "qr": _("Kode QR alamat laporan di meja"),
            "text": _("Isi laporan") if case.raw else _("Isi laporan (teks untuk umum)"),
            "person": _("Pelapor"),
            "answers": _("Jawaban"),
            "clocks": _("Tenggat"),
            "history": _("Riwayat"),
            "none": _("Belum ada."),
        },
    }


def _masked(text: str) -> str:
    return mask(text).text


def _as_it_is(text: str) -> str:
    return text


def _facts(case: Case) -> list[list[str]]:
    report = case.report
    place = ", ".join(filter(None, (report.place_text, case.region.place if case.region else "")))
    rows = [
        (_("Nomor"), report.tracking_code),
        (_("Nomor LAPOR!"), report.external_id or ""),
        (_("Jenis"), case.kind_word),
        (_("Kategori"), case.category.name if case.category else ""),
        (_("Tempat"), place),
        (_("Kejadian"), formats.day(report.occurred_on) if report.occurred_on else ""),
        (_("Diterima"), f"{formats.day_time(report.received_at)}, {Medium(report.medium).label}"),
        (_("Ditangani"), reference().told(case.report.agency_id) or _("koordinator")),
        (_("Keadaan"), str(case.status.staff_word)),
        (_("Sifat"), _nature(case)),
    ]
    return [[label, value] for label, value in rows if value]


def _nature(case: Case) -> str:
    return formats.join_names(
        [word for word, on in ((_("rahasia"), case.report.secret), (_("anonim"), case.report.anonymous)) if on]
    )


def _paragraphs(text: str) -> list[str]:
    """Non-empty lines; an over-long text ends with a note that it goes on at the desk."""
    kept = text[:LONGEST_TEXT]
    lines = [line.strip() for line in kept.split("\n") if line.strip()]
    return [*lines, _("[Teks selanjutnya ada di meja.]")] if len(text) > LONGEST_TEXT else lines


def _person(identity: Identity | None) -> list[list[str]]:
    if identity is None:
        return []
    rows = [[_("Nama"), identity.name or _("tidak disebutkan")]]
    return rows + [[str(medium), handle] for medium, handle in identity.handles]


def _answers(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "head": ", ".join(filter(None, (_agency_name(a.agency_id), formats.day_time(a.published_at)))),
            "text": _paragraphs(a.text if case.raw else a.public_text),
        }
        for a in case.published
    ]


def _agency_name(pk: int | None) -> str:
    agency = reference().agencies.get(pk or 0)
    return agency.name if agency else ""


def _clocks(case: Case, at: datetime) -> list[list[str]]:
    rows = []
    for shown in deadlines(case.clocks, reference().today(at)):
        said = shown.met or _("paling lambat %(day)s (%(distance)s)") % {
            "day": formats.day(shown.due_on),
            "distance": formats.distance_days(shown.left),
        }
        rows.append([shown.word, f"{said}. {shown.terms}, {shown.rule}"])
    return rows


def _row(title: str, at: datetime, who: str, note: str) -> list[str]:
    return [formats.short_day_time(at), f"{title} ({who})", " ".join(_lines(note))]


def _lines(text: str) -> Iterable[str]:
    return (one_line(line) for line in text[:LONGEST_TEXT].split("\n"))


def qr_svg(text: str) -> str:
    """The QR code of an address as an SVG document."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=1, scale=4, xmldecl=True, svgns=True)
    return out.getvalue().decode()
