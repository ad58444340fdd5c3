"""What this room puts on the pages of reports: the loudest issues, of which issue a report is part, a way to found one.

Registered in `IssuesConfig.ready()`, see `kanal.reports.contributions`.
"""

from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.agencies.queries import Actor
from kanal.common import formats
from kanal.issues import policy, queries
from kanal.issues.models import Bulletin, Issue
from kanal.issues.queries.openly import Filters, OpenIssue, register, wanted
from kanal.issues.workflow import STATUS, BulletinStatus, Phase, Status
from kanal.reports.contributions import Block, Line
from kanal.reports.models import Report

AT_HOME = 3
MOST_ALIKE = 10


def _voices(issue: OpenIssue) -> str:
    told = ngettext("%(shown)s warga menyampaikannya", "%(shown)s warga menyampaikannya", issue.told.voices)
    return told % {"shown": formats.number(issue.told.voices)}


def _open_line(issue: OpenIssue) -> Line:
    info = issue.standing
    badge = (str(info.word), info.icon, info.colour)
    return Line(issue.title, reverse("issues:public_issue", args=[issue.pk]), _voices(issue), badge)


def on_home() -> Block | None:
    """The loudest public issues; nothing while there are none."""
    loudest = [one for one in wanted(Filters()) if one.standing.phase.value == "open"][:AT_HOME]
    if not loudest:
        return None
    more = Line(_("Semua isu"), reverse("issues:public_issues"))
    about = _("Laporan tentang masalah yang sama, dikumpulkan.")
    return Block(_("Paling banyak disampaikan"), [_open_line(one) for one in loudest], more, about)


def of_public_report(report: Report) -> Block | None:
    """The public issues of which a report is part. One query, none while there are no public issues."""
    known = register()
    if not known:
        return None
    ids = queries.issues_of(report).filter(pk__in=list(known)).values_list("pk", flat=True)
    lines = [_open_line(known[pk]) for pk in ids]
    return Block(_("Bagian dari isu"), lines) if lines else None


def of_similar(actor: Actor, report: Report, alike: Sequence[Report]) -> Block | None:
    """The issues of which a report is part, and for coordinators a way to make one of it and those like it."""
    if not policy.sees(actor) or report.secret:
        return None
    lines = [_desk_line(issue) for issue in queries.issues_of(report).only("pk", "title", "status")[:5]]
    if policy.allows("found", policy.person(actor), Issue()):
        told = Report.objects.filter(policy.counted(), pk__in=[one.pk for one in alike[:MOST_ALIKE]])
        codes = [report.tracking_code, *told.order_by("pk").values_list("tracking_code", flat=True)]
        query = urlencode([("laporan", code) for code in codes])
        words = _("Buat isu dari laporan ini dan yang mirip") if len(codes) > 1 else _("Buat isu dari laporan ini")
        lines.append(Line(words, f"{reverse('issues:desk_found')}?{query}"))
    return Block(_("Isu"), lines) if lines else None


def _desk_line(issue: Issue) -> Line:
    info = STATUS[Status(issue.status)]
    badge = (str(info.word), info.icon, info.colour)
    return Line(issue.title, reverse("issues:desk_issue", args=[issue.pk]), badge=badge)


def for_chosen(actor: Actor) -> list[Line]:
    """A way to make an issue of the reports ticked in the queue, for whoever may."""
    if not policy.allows("found", policy.person(actor), Issue()):
        return []
    return [Line(_("Buat isu"), reverse("issues:desk_found"))]


def goes_over(agency_ids: Collection[int]) -> Iterator[tuple[str, int]]:
    """What of this room goes on elsewhere when an agency is merged (kanal.agencies.contributions)."""
    going_on = [status for status in Status if STATUS[status].phase in {Phase.PROPOSED, Phase.OPEN}]
    issues = Issue.objects.filter(merged_into=None, agency_id__in=agency_ids, status__in=going_on)
    yield _("Isu yang dipimpinnya"), issues.count()
    unsent = [BulletinStatus.DRAFT, BulletinStatus.SUBMITTED]
    yield _("Kabar yang belum dikirim"), Bulletin.objects.filter(agency_id__in=agency_ids, status__in=unsent).count()
