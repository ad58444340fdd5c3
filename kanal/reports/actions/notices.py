"""What reporters, followers and staff are told. Every text goes into the outbox in the transaction of its cause.

A verb describes what is to be told as a Notice and leaves the writing to this module: whoever acts may read Kanal in
English, but what is sent is in the language of those who get it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from kanal.agencies.models import Membership
from kanal.agencies.queries import reference, staff_of
from kanal.channels.actions import Message, queue
from kanal.channels.adapters import adapter_of
from kanal.channels.models import Address
from kanal.common import formats
from kanal.reports.models import Follower, Report
from kanal.reports.queries import private_link_token
from kanal.reports.queries.follow_links import stop_link
from kanal.reports.queries.wordings import worded
from kanal.reports.wordings import BY_KEY, filled, joined, sentence_of
from kanal.reports.workflow import Kind, Words

CONFIDED = "confided"
"""The purpose of every notice about whistle-blowing on media where others could read a hint."""
THEIRS = "id"
"""The language of what is sent to those who chose none: Indonesian, with Javanese below it where there is some."""
ENGLISH, JAVANESE = "en", "jv"


def tongue(language: str) -> str:
    """The language that dates, numbers and fixed words are written in for somebody who chose `language` (or "")."""
    return ENGLISH if language == ENGLISH else THEIRS


class Notice:
    """What is to be told, not yet written: subject and text are lazy sentences, `values` what stands in their gaps.

    Dates are given as dates. A text that is a plain string is somebody's own words and stands as it is.
    `code`, the report's own, need not be given.
    """

    __slots__ = ("_subject", "_text", "_values", "purpose")

    def __init__(self, purpose: str, subject: Promise, text: Words, **values: object) -> None:
        self.purpose = purpose
        self._subject = subject
        self._text = text
        self._values = values

    def written(self, report: Report, language: str = "") -> tuple[str, str]:
        """Subject and text in the language of the reader, whichever is active."""
        with override(tongue(language)):
            values = {"code": report.tracking_code, **_said(self._values)}
            text = _worded(self._text, values, language) if isinstance(self._text, Promise) else self._text
            return _worded(self._subject, values, language or THEIRS), text


def _worded(text: Promise, values: Mapping[str, object], language: str) -> str:
    with override(THEIRS):
        sentence = sentence_of(str(text))
    return in_language(sentence.key if sentence else "", text, values, language)


def in_language(key: str, text: Promise, values: Mapping[str, object], language: str) -> str:
    """A sentence as the coordinator worded it, else that of the code, in the language that the reader chose.

    Who chose none gets Indonesian, and Javanese below it where a coordinator wrote some; who chose Javanese also gets
    that of the code, and what has none is Indonesian. English is that of the code. `values` are in the reader's
    language already.
    """
    if language == ENGLISH:
        return str(text) % values
    texts = worded().get(key, {})
    indonesian = filled(texts["id"], values) if "id" in texts else str(text) % values
    javanese = texts.get("jv", "")
    if language == JAVANESE and not javanese and key in BY_KEY:
        javanese = BY_KEY[key].javanese
    if not language:
        return joined([indonesian, filled(javanese, values)])
    return (filled(javanese, values) if language == JAVANESE else "") or indonesian


def say(key: str, language: str, **values: object) -> str:
    """A sentence of the conversation on a chat (`wordings.TALK`), for somebody who chose this language (or "")."""
    with override(tongue(language)):
        said = {"regency": reference().regency.name, **_said(values)}
        return in_language(key, BY_KEY[key].text, said, language)


def say_alone(key: str, language: str, **values: object) -> str:
    """A sentence that is said in one language: Indonesian to those who chose none."""
    return say(key, language or THEIRS, **values)


def say_openly(purpose: str, text: Promise, values: Mapping[str, str]) -> str:
    """What stands in public for a message that belongs to one person alone: short, hence in one language."""
    return in_language(f"public_{purpose}", text, {"regency": reference().regency.name, **values}, THEIRS)


def _said(values: Mapping[str, object]) -> dict[str, str]:
    """The values as the active language says them."""
    return {
        name: formats.day(value) if value is None or isinstance(value, date) else str(value)
        for name, value in values.items()
    }


def private_link(report: Report) -> str:
    """The full address of the reporter's own page."""
    path = reverse("reports:private", args=[report.tracking_code, private_link_token(report)])
    return settings.BASE_URL + path


def public_link(report: Report) -> str:
    """The full address of the public page."""
    return settings.BASE_URL + reverse("reports:public_detail", args=[report.tracking_code])


def desk_link(report: Report) -> str:
    """The full address at the desk."""
    return settings.BASE_URL + reverse("reports:desk_detail", args=[report.tracking_code])


def framed(text: str, *, link: str, code: str, language: str = "") -> str:
    """A notice to a citizen as it arrives: what is told, where to read on, the code, and who writes."""
    return say_alone("frame", language, text=text, link=link, code=code) + "\n"


def message_to(address: Address, report: Report, notice: Notice, *, key: str, private: bool, stop: str = "") -> Message:
    """One notice with its greeting and the link that fits the reader: reporters get the private one.

    `stop` is the address that ends the messages, for those who only follow.
    """
    link = private_link(report) if private else public_link(report)
    subject, text = notice.written(report, address.language)
    body = framed(text, link=link, code=report.tracking_code, language=address.language)
    if stop:
        body += f"\n{say_alone('frame_stop', address.language, link=stop, code=report.tracking_code)}\n"
    return Message(
        purpose=_purpose(notice, report, address),
        dedupe_key=f"{notice.purpose}:{report.pk}:{key}:{address.pk}",
        subject=subject,
        body=body,
        reference=report.tracking_code,
        address=address,
    )


def _purpose(notice: Notice, report: Report, address: Address) -> str:
    """The purpose of a notice; of whistle-blowing nobody may read even that there is one, so no hint stands for it."""
    adapter = adapter_of(address.medium)
    confided = report.kind == Kind.WHISTLEBLOWING and adapter is not None and adapter.hints
    return CONFIDED if confided else notice.purpose


def tell_followers(report: Report, notice: Notice, *, public: bool = True) -> None:
    """Tell the reporter, and (when `public`) every confirmed follower. A merged report's people follow its main report.

    Public followers hear nothing of a report that is not public.
    """
    rows = Follower.objects.filter(report=report, confirmed_at__isnull=False).select_related("address")
    if not public or not report.published:
        rows = rows.filter(reporter=True)
    queue(
        message_to(
            row.address,
            report,
            notice,
            key=str(report.version),
            private=row.reporter,
            stop="" if row.reporter else stop_link(row.pk),
        )
        for row in rows
    )


def tell_agency(
    report: Report,
    notice: Notice,
    *,
    roles: Iterable[str],
    key: str = "",
    spare: Collection[str] = (),
    agency_id: int | None = None,
) -> None:
    """Tell the people who hold a role in the report's agency, or in another. The notice names the code, never a person.

    Whistle-blowing has no agency for this purpose: the inspectors are told, and nobody else may learn that it exists.
    `key` sets apart notices of one purpose that leave the report's version as it is; `spare` holds the addresses of
    those who read it in their morning letter instead.
    """
    if report.kind == Kind.WHISTLEBLOWING:
        tell_role(report, notice, Membership.Role.INSPECTOR, key=key)
        return
    agency_id = agency_id or report.agency_id
    if agency_id is None:
        return
    people = staff_of([agency_id], *roles)
    emails = people.exclude(user__email__in=spare).values_list("user__email", flat=True).distinct()
    _tell_staff(report, notice, emails, key=key)


def call_unit(report: Report, agency_id: int | None) -> None:
    """Call out the unit of rapid reaction and the coordinators, who hand the case to it: why, and where."""
    region = reference().regions.get(report.region_id or 0)
    place = ", ".join(filter(None, (report.place_text, region.place if region else "")))
    notice = Notice(
        "rapid",
        gettext_lazy("REAKSI CEPAT: laporan %(code)s"),
        gettext_lazy("Perlu ditangani sekarang: %(reason)s. Tempat: %(place)s."),
        reason=report.rapid_reason,
        place=place or gettext_lazy("belum disebut"),
    )
    roles = [Membership.Role.OFFICER, Membership.Role.SUPERVISOR]
    tell_agency(report, notice, roles=roles, agency_id=agency_id)
    tell_role(report, notice, Membership.Role.COORDINATOR)


def tell_role(report: Report, notice: Notice, role: str, *, key: str = "", spare: Collection[str] = ()) -> None:
    """Tell everybody with a role, such as the coordinators; of whistle-blowing the inspectors, whatever the role.

    `key` and `spare`: see tell_agency.
    """
    if report.kind == Kind.WHISTLEBLOWING:
        role, spare = Membership.Role.INSPECTOR, ()
    people = Membership.objects.filter(role=role, user__is_active=True)
    emails = people.exclude(user__email__in=spare).values_list("user__email", flat=True).distinct()
    _tell_staff(report, notice, emails, key=key)


def _tell_staff(report: Report, notice: Notice, emails: Iterable[str], *, key: str) -> None:
    subject, text = notice.written(report)
    queue(
        Message(
            purpose=notice.purpose,
            dedupe_key=f"{notice.purpose}:{report.pk}:{key or report.version}:{email}",
            subject=subject,
            body=f"{text}\n\n{desk_link(report)}\n",
            reference=report.tracking_code,
            to_staff=email,
        )
        for email in emails
    )
