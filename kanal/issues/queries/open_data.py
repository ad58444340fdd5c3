"""The public issues as files for everybody: CSV, JSON and Atom."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.common.feeds import Feed
from kanal.issues.queries.openly import Filters, OpenIssue, wanted

FEED_ENTRIES = 40


def export_header() -> list[str]:
    """The columns of an export, in the reader's language."""
    return [
        *(_("Nomor"), _("Judul"), _("Ringkasan"), _("Kategori"), _("Dinas utama"), _("Wilayah"), _("Keadaan")),
        *(_("Suara"), _("Laporan"), _("Masih menunggu jawaban"), _("Desa atau kelurahan")),
        *(_("Pertama disampaikan"), _("Terakhir disampaikan"), _("Alamat halaman")),
    ]


def export_rows(filters: Filters) -> Iterator[list[object]]:
    """The issues of a list, in its order. The words are looked up now, in the reader's language."""
    rows: list[list[object]] = [
        [
            one.pk,
            one.title,
            one.summary,
            one.category.name if one.category else "",
            one.agency.name if one.agency else "",
            "; ".join(one.places),
            str(one.standing.word),
            one.told.voices,
            one.told.reports,
            one.told.waiting,
            one.told.villages,
            _day(one.first_seen),
            _day(one.last_seen),
            address_of(one),
        ]
        for one in wanted(filters)
    ]
    return iter(rows)


def address_of(issue: OpenIssue) -> str:
    """The issue's whole address."""
    return settings.BASE_URL + reverse("issues:public_issue", args=[issue.pk])


def json_body(filters: Filters) -> tuple[bytes, str]:
    """The issues of a list as JSON, with its fingerprint; `voices` of a district are told as far as tellable."""
    content = json.dumps(
        {"issues": [_record(one) for one in wanted(filters)]}, separators=(",", ":"), ensure_ascii=False
    ).encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:24]}"'


def _record(issue: OpenIssue) -> dict[str, Any]:
    facts, kind, agency = reference(), issue.category, issue.agency
    spread = sorted(issue.districts.items(), key=lambda pair: (-(pair[1] or 0), pair[0]))
    return {
        "id": issue.pk,
        "url": address_of(issue),
        "title": issue.title,
        "summary": issue.summary,
        "status": issue.status.value,
        "status_name": str(issue.standing.word),
        "category": {"code": kind.code, "name": kind.name} if kind else None,
        "agency": {"code": agency.code, "name": agency.name} if agency else None,
        "places": [facts.regions[pk].code for pk in issue.where if pk in facts.regions],
        "voices": issue.told.voices,
        "reports": issue.told.reports,
        "unanswered": issue.told.waiting,
        "villages": issue.told.villages,
        "districts": [
            {"code": facts.regions[pk].code, "name": facts.regions[pk].name, "voices": voices} for pk, voices in spread
        ],
        "first_seen": _day(issue.first_seen),
        "last_seen": _day(issue.last_seen),
    }


def _day(moment: datetime | None) -> str | None:
    """The day alone: the minute of a report that is not public could tell a neighbour whose it is."""
    return reference().today(moment).isoformat() if moment else None


def feed_xml(filters: Filters) -> str:
    """The issues of which something was said last, as Atom (RFC 4287), each with its address as a permanent name."""
    regency = reference().regency
    base = settings.BASE_URL + reverse("issues:public_issues")
    feed = Feed(
        title=_("Isu warga %(regency)s") % {"regency": regency.name},
        page=base + filters.parameters(),
        address=settings.BASE_URL + reverse("issues:public_feed") + filters.parameters(),
        author=regency.name,
    )
    for one in sorted(wanted(filters), key=lambda one: (one.at, one.pk), reverse=True)[:FEED_ENTRIES]:
        told = {"standing": one.standing.word, "voices": formats.number(one.told.voices)}
        feed.add(
            title=one.title,
            address=address_of(one),
            text=_("%(standing)s. %(voices)s suara.") % told + (f"\n{one.summary}" if one.summary else ""),
            updateddate=one.at,
        )
    return feed.writeString("utf-8")
