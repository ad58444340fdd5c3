from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import reference
from kanal.channels.actions import Message, add_address, address_for, queue, store_inbound
from kanal.channels.models import Address, Inbound, Medium
from kanal.common.codes import new_code
from kanal.common.images import CleanImage
from kanal.common.inserting import insert
from kanal.common.masking import mask
from kanal.common.refusal import Refused
from kanal.common.text import title_from
from kanal.reports.actions import indexing
from kanal.reports.actions.attachments import attach
from kanal.reports.actions.clocks import nearest, new_clock
from kanal.reports.actions.notices import Notice, call_unit, message_to
from kanal.reports.models import Follower, Report, ReportClock, ReportEvent
from kanal.reports.queries import report_reference
from kanal.reports.queries.routing import Urgent, urgent
from kanal.reports.signals import report_filed
from kanal.reports.workflow import Clock, Kind, Status

HIDDEN_TITLE = "Laporan pengawasan"
"""The title column of whistle-blowing is not encrypted, so it says nothing."""
PLACE_WORD = "Patokan"
"""Goes before the place in the words of whistle-blowing, kept with them and so in Indonesian."""


STILL_DANGER = timedelta(hours=24)
"""Nobody is called out for what was told longer ago: an import, a paper list."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What somebody told us, cleaned (common.text.clean) and resolved; `submission` makes filing it twice harmless.

    A report made of a message names it (`inbound`, with its medium and external id as `medium` and `submission`) and
    the address it came from (`address`), which is told of the report like one that was typed in.
    """

    body: str
    submission: str
    kind: Kind = Kind.COMPLAINT
    title: str = ""
    medium: str = Medium.WEB
    category_id: int | None = None
    region_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    place_text: str = ""
    occurred_on: date | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    anonymous: bool = False
    secret: bool = False
    photos: tuple[CleanImage, ...] = ()
    by_user_id: int | None = None
    address: Address | None = None
    inbound: Inbound | None = None


def file_report(filing: Filing, *, at: datetime | None = None) -> Report:
    """Take in a report: message, person, report, history, clocks, index and receipt in one transaction.

    The same `submission` filed again (a double click, a resent draft) returns the report it became the first time.
    Raises Refused for one that became something else, such as a question to a broadcast.
    """
    prepared = _prepare(filing, at or timezone.now())
    try:
        with transaction.atomic():
            return _file(filing, prepared)
    except IntegrityError:
        known = Report.objects.filter(inbound__medium=filing.medium, inbound__external_id=filing.submission).first()
        if known is None and filing.inbound is None and _is_used(filing):
            sentence = _("Halaman ini terlalu lama terbuka. Tulisan Anda masih ada; tekan Kirim sekali lagi.")
            raise Refused(sentence, code="used") from None
        if known is None:
            raise
        return known


def _is_used(filing: Filing) -> bool:
    return Inbound.objects.filter(medium=filing.medium, external_id=filing.submission).exists()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything that can be worked out before the transaction: SQLite has one writer, and others wait for it."""

    report: Report
    clocks: list[ReportClock]
    words: str
    danger: Urgent | None


def _prepare(filing: Filing, at: datetime) -> _Prepared:
    danger = _danger(filing, at)
    report = _new_report(filing, at, danger)
    clocks = [new_clock(report, Clock.VERIFY, at), new_clock(report, Clock.SETTLE, at)]
    report.due_on, report.due_clock = nearest(clocks, report.status)
    place, category = _place_and_category(report)
    return _Prepared(report, clocks, indexing.words_of(report, place, category), danger)


def _file(filing: Filing, prepared: _Prepared) -> Report:
    report = prepared.report
    report.inbound = filing.inbound or store_inbound(
        medium=filing.medium, external_id=filing.submission, at=report.received_at
    )
    addresses = _addresses(filing)
    report.contact = addresses[0].contact if addresses else None
    insert([report])
    for clock in prepared.clocks:
        clock.report = report
    insert(prepared.clocks)
    insert([_first_line(report, filing)])
    indexing.index([(report.pk, prepared.words)])
    if filing.photos:
        attach(report=report, photos=filing.photos)
    keep_informed(report, addresses)
    if prepared.danger and timezone.now() - report.received_at < STILL_DANGER:
        call_unit(report, prepared.danger.agency_id)
    report_filed.send(sender=Report, report=report)
    return report


def _first_line(report: Report, filing: Filing) -> ReportEvent:
    return ReportEvent(
        report=report,
        verb="receive",
        at=report.received_at,
        public=True,
        to_status=report.status,
        user_id=filing.by_user_id,
        by=ReportEvent.By.STAFF if filing.by_user_id else ReportEvent.By.REPORTER,
        data={"medium": filing.medium},
    )


def _sealed(filing: Filing) -> Filing:
    """Whistle-blowing with its place among its words: they are encrypted, the column of places is not."""
    if filing.kind is not Kind.WHISTLEBLOWING or not filing.place_text:
        return filing
    return replace(filing, body=f"{filing.body}\n\n{PLACE_WORD}: {filing.place_text}", place_text="")


def _danger(filing: Filing, at: datetime) -> Urgent | None:
    if filing.kind is Kind.WHISTLEBLOWING:
        return None
    words = f"{filing.title}\n{filing.body}"
    return urgent(words, category_id=filing.category_id, region_id=filing.region_id, at=at)


def _new_report(filing: Filing, at: datetime, danger: Urgent | None) -> Report:
    filing = _sealed(filing)
    confidential = filing.kind is Kind.WHISTLEBLOWING
    public_body = "" if confidential else mask(filing.body).text
    # A title taken from the text is taken from the masked text: each masking costs as much as an INSERT.
    public_title = mask(filing.title).text if filing.title else title_from(public_body)
    return Report(
        tracking_code=new_code(reference().regency.code_prefix),
        kind=filing.kind,
        supervision=confidential,
        title=HIDDEN_TITLE if confidential else public_title[:200],
        body=filing.body,
        public_body=public_body,
        category_id=filing.category_id,
        region_id=filing.region_id,
        lat=filing.lat,
        lon=filing.lon,
        accuracy_m=filing.accuracy_m,
        place_text=mask(filing.place_text).text[:200] if filing.place_text else "",
        occurred_on=filing.occurred_on,
        medium=filing.medium,
        anonymous=filing.anonymous,
        secret=filing.secret or confidential,
        status=Status.RECEIVED,
        received_at=at,
        urgency=0 if danger else 1,
        rapid_reason=danger.reason if danger else "",
        has_photo=bool(filing.photos),
    )


def _addresses(filing: Filing) -> list[Address]:
    """The ways to reach this person. The first makes the contact; a second that is free joins it."""
    wanted = [(Medium.EMAIL, filing.email), (Medium.PHONE, filing.phone)]
    found: list[Address] = [filing.address] if filing.address else []
    for medium, handle in wanted:
        if not handle:
            continue
        if found:
            found.append(add_address(contact=found[0].contact, medium=medium, handle=handle))
        else:
            found.append(address_for(medium=medium, handle=handle, name=filing.name))
    return found


def _place_and_category(report: Report) -> tuple[str, str]:
    region = reference().regions.get(report.region_id or 0)
    category = report_reference().categories.get(report.category_id or 0)
    return region.place if region else "", category.name if category else ""


def keep_informed(report: Report, addresses: list[Address]) -> None:
    """The reporter hears of everything, and first of all gets the receipt."""
    if not addresses:
        return
    following = [Follower(report=report, address=a, reporter=True, confirmed_at=report.received_at) for a in addresses]
    insert(following, skip_known=True)
    queue(receipt(report, address) for address in addresses if address.medium == Medium.EMAIL)


def receipt(report: Report, address: Address) -> Message:
    """What the reporter is told at first: the code, the date, the link. Queued twice it is still sent once."""
    text = gettext_lazy("Mulai sekarang kabar tentang laporan Anda dikirim ke alamat ini.")
    if report.status == Status.RECEIVED:
        text = gettext_lazy("Laporan Anda sudah kami terima. Diteruskan ke dinas paling lambat %(day)s.")
    notice = Notice("receipt", gettext_lazy("Laporan %(code)s kami terima"), text, day=report.due_on)
    return message_to(address, report, notice, key="receipt", private=True)
