"""The public list as rows for spreadsheets, and as an Atom feed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.channels.models import Medium
from kanal.common.feeds import Feed
from kanal.common.text import shorten
from kanal.reports.queries.public import latest
from kanal.reports.queries.public_filters import Filters, narrowed
from kanal.reports.queries.reference import report_reference
from kanal.reports.workflow import KIND_WORDS, NEVER, STATUS, Kind, Status

MOST_ROWS = 50_000
FEED_ENTRIES = 40
_SUMMARY = 600
_CHUNK = 1000

_COLUMNS = (
    *("tracking_code", "kind", "title", "public_body", "category_id", "region_id", "place_text", "status"),
    *("agency_id", "medium", "received_at", "verified_at", "answered_at", "closed_at", "due_on", "supporters_count"),
)


def export_header() -> list[str]:
    """The columns of an export, in the reader's language."""
    return [
        *(_("Kode"), _("Jenis"), _("Judul"), _("Isi"), _("Kategori"), _("Tempat"), _("Patokan"), _("Keadaan")),
        *(_("Ditangani"), _("Saluran"), _("Diterima"), _("Diteruskan"), _("Dijawab"), _("Selesai"), _("Tenggat")),
        *(_("Juga mengalami"), _("Alamat halaman")),
    ]


def export_rows(filters: Filters) -> Iterator[list[object]]:
    """The masked public fields of each report of a list, in its order, at most MOST_ROWS and then a line that says so.

    The words are looked up now, in the reader's language: the rows are drawn while the answer is already on its way.
    """
    words = _Words()
    rows = narrowed(filters).order_by(*filters.order.keyset.fields).values(*_COLUMNS)[: MOST_ROWS + 1]
    return _limited(words, rows.iterator(chunk_size=_CHUNK))


def _limited(words: "_Words", rows: Iterator[dict[str, Any]]) -> Iterator[list[object]]:
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            yield [words.cut]
            return
        yield words.row(row)


class _Words:
    """Names of statuses, places and agencies as plain text, once for all rows."""

    def __init__(self) -> None:
        facts = reference()
        self.kinds = {kind.value: str(KIND_WORDS[kind]) for kind in Kind}
        self.statuses = {status.value: str(STATUS[status].word) for status in Status}
        self.media = {value: str(label) for value, label in Medium.choices}
        self.categories = {pk: c.name for pk, c in report_reference().categories.items()}
        self.places = {pk: r.place for pk, r in facts.regions.items()}
        self.agencies = {pk: a.name for pk, a in facts.agencies.items()}
        self.base = settings.BASE_URL + reverse("reports:public_list")
        self.cut = _("Hanya %(most)d baris pertama. Persempit saringannya untuk mengambil sisanya.") % {
            "most": MOST_ROWS
        }

    def row(self, row: Mapping[str, Any]) -> list[object]:
        return [
            row["tracking_code"],
            self.kinds.get(row["kind"], ""),
            row["title"],
            row["public_body"],
            self.categories.get(row["category_id"], ""),
            self.places.get(row["region_id"], ""),
            row["place_text"],
            self.statuses.get(row["status"], ""),
            self.agencies.get(row["agency_id"], ""),
            self.media.get(row["medium"], ""),
            *(row[name] for name in ("received_at", "verified_at", "answered_at", "closed_at")),
            row["due_on"] if row["due_on"] != NEVER else None,
            row["supporters_count"],
            f"{self.base}{row['tracking_code']}/",
        ]


def feed_xml(filters: Filters) -> str:
    """The newest reports of a list as Atom (RFC 4287), with the ids of the reports as permanent names."""
    facts = reference()
    page = settings.BASE_URL + reverse("reports:public_list") + filters.parameters().removesuffix("?")
    name = _("Aduan warga %(regency)s") % {"regency": facts.regency.name}
    feed = Feed(
        title=f"{name}: {filters.q}" if filters.q else name,
        page=page,
        address=settings.BASE_URL + reverse("reports:public_feed") + filters.parameters().removesuffix("?"),
        author=facts.regency.name,
    )
    base = settings.BASE_URL + reverse("reports:public_list")
    for report in latest(filters, FEED_ENTRIES):
        region = facts.regions.get(report.region_id or 0)
        said = " · ".join(filter(None, [str(STATUS[Status(report.status)].word), region.place if region else ""]))
        feed.add(
            title=report.title,
            address=f"{base}{report.tracking_code}/",
            text=f"{said}\n\n{shorten(report.public_body, _SUMMARY)}",
            pubdate=report.received_at,
            updateddate=_changed(report.changed_at, report.received_at),
        )
    return feed.writeString("utf-8")


def _changed(changed_at: datetime | None, received_at: datetime) -> datetime:
    return max(changed_at or received_at, received_at)
