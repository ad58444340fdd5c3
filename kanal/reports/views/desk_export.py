"""The queue as a file for a spreadsheet: what is on the screen, masked, and no more than the person may see."""

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor, reference
from kanal.channels.models import Medium
from kanal.common import export, formats
from kanal.common.answers import csv_answer
from kanal.reports.queries.desk import Filters, exported
from kanal.reports.queries.reference import report_reference
from kanal.reports.workflow import KIND_WORDS, NEVER, STATUS, Kind, Status, heading

MOST = 50_000
"""Rows of one file; more is a matter for the open data pages, not for the desk."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def header() -> list[str]:
    """The names of the columns."""
    return [
        *(_("Kode"), _("Jenis"), _("Judul"), _("Isi (tersamar)"), _("Kategori"), _("Tempat"), _("Saluran")),
        *(_("Keadaan"), _("Di tangan"), _("Reaksi cepat"), _("Rahasia"), _("Tenggat")),
        *(_("Diterima"), _("Diteruskan"), _("Dijawab"), _("Selesai")),
    ]


def lines(actor: Actor, filters: Filters, *, most: int = MOST) -> Iterator[list[Any]]:
    """The rows; a file that would be longer ends with a line that says so."""
    for written, row in enumerate(exported(actor, filters, most + 1)):
        if written == most:
            yield [
                _("Hanya %(most)s laporan pertama. Persempit saringannya untuk melihat sisanya.")
                % {"most": formats.number(most)}
            ]
            return
        yield _line(row)


def _line(row: Any) -> list[Any]:
    facts, ways = reference(), report_reference()
    region = facts.regions.get(row.region_id)
    category = ways.categories.get(row.category_id)
    agency = facts.agencies.get(row.agency_id)
    yes = _("ya")
    return [
        row.tracking_code,
        str(KIND_WORDS[Kind(row.kind)]),
        str(heading(row.kind, row.title)),
        row.public_body,
        category.name if category else "",
        region.place if region else row.place_text,
        str(Medium(row.medium).label),
        str(STATUS[Status(row.status)].staff_word),
        agency.name if agency else "",
        yes if row.urgency == 0 else "",
        yes if row.secret else "",
        row.due_on if row.due_on != NEVER else None,
        *(row.received_at, row.verified_at, row.answered_at, row.closed_at),
    ]


def spreadsheet(actor: Actor, filters: Filters, form: str) -> HttpResponseBase:
    """The answer with the file: CSV as a stream, XLSX from a temporary file."""
    name = f"antrean-{reference().today().isoformat()}.{form}"
    if form == "csv":
        response: HttpResponseBase = csv_answer(name, header(), lines(actor, filters))
    else:
        file = export.xlsx_file(header(), lines(actor, filters), _("Antrean"))
        response = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    response.headers["Cache-Control"] = "private, no-store"
    return response
