"""What reporters, followers and staff are told. Every text goes into the outbox in the transaction of its cause."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.models import Membership
from kanal.agencies.queries import reference
from kanal.channels.actions import Message, queue
from kanal.channels.models import Address
from kanal.reports.models import Follower, Report
from kanal.reports.queries import private_link_token
from kanal.reports.queries.follow_links import stop_link
from kanal.reports.workflow import Kind


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


def message_to(
    address: Address,
    report: Report,
    *,
    purpose: str,
    subject: str,
    text: str,
    key: str,
    private: bool,
    stop: str = "",
) -> Message:
    """One notice with its greeting and the link that fits the reader: reporters get the private one.

    `stop` is the address that ends the messages, for those who only follow.
    """
    link = private_link(report) if private else public_link(report)
    body = _("%(text)s\n\nSelengkapnya: %(link)s\n\nKode laporan: %(code)s\nKanal %(regency)s\n") % {
        "text": text,
        "link": link,
        "code": report.tracking_code,
        "regency": reference().regency.name,
    }
    if stop:
        body += _("\nTidak ingin dikabari lagi? %(link)s\n") % {"link": stop}
    return Message(
        purpose=purpose,
        dedupe_key=f"{purpose}:{report.pk}:{key}:{address.pk}",
        subject=subject,
        body=body,
        reference=report.tracking_code,
        address=address,
    )


def tell_followers(report: Report, *, purpose: str, subject: str, text: str, public: bool = True) -> None:
    """Tell the reporter, and (when `public`) every confirmed follower. A merged report's people follow its main report.

    Public followers hear nothing of a report that is not public.
    """
    rows = Follower.objects.filter(report=report, confirmed_at__isnull=False).select_related("address")
    if not public or not report.published:
        rows = rows.filter(reporter=True)
    with override("id"):
        queue(
            message_to(
                row.address,
                report,
                purpose=purpose,
                subject=subject,
                text=text,
                key=str(report.version),
                private=row.reporter,
                stop="" if row.reporter else stop_link(row.pk),
            )
            for row in rows
        )


def tell_agency(
    report: Report,
    *,
    purpose: str,
    subject: str,
    text: str,
    roles: Iterable[str],
    key: str = "",
    spare: Collection[str] = (),
) -> None:
    """Tell the people who hold a role in the report's agency. The notice names the code, never a person.

    Whistle-blowing has no agency for this purpose: the inspectors are told, and nobody else may learn that it exists.
    `key` sets apart notices of one purpose that leave the report's version as it is; `spare` holds the addresses of
    those who read it in their morning letter instead.
    """
    if report.kind == Kind.WHISTLEBLOWING:
        tell_role(report, Membership.Role.INSPECTOR, purpose=purpose, subject=subject, text=text, key=key)
        return
    if report.agency_id is None:
        return
    people = Membership.objects.filter(agency_id=report.agency_id, role__in=list(roles), user__is_active=True)
    emails = people.exclude(user__email__in=spare).values_list("user__email", flat=True).distinct()
    _tell_staff(report, emails, purpose=purpose, subject=subject, text=text, key=key)


def tell_role(
    report: Report,
    role: str,
    *,
    purpose: str,
    subject: str,
    text: str,
    key: str = "",
    spare: Collection[str] = (),
) -> None:
    """Tell everybody with a role, such as the coordinators; of whistle-blowing the inspectors, whatever the role.

    `key` and `spare`: see tell_agency.
    """
    if report.kind == Kind.WHISTLEBLOWING:
        role, spare = Membership.Role.INSPECTOR, ()
    people = Membership.objects.filter(role=role, user__is_active=True)
    emails = people.exclude(user__email__in=spare).values_list("user__email", flat=True).distinct()
    _tell_staff(report, emails, purpose=purpose, subject=subject, text=text, key=key)


def _tell_staff(report: Report, emails: Iterable[str], *, purpose: str, subject: str, text: str, key: str) -> None:
    queue(
        Message(
            purpose=purpose,
            dedupe_key=f"{purpose}:{report.pk}:{key or report.version}:{email}",
            subject=subject,
            body=f"{text}\n\n{desk_link(report)}\n",
            reference=report.tracking_code,
            to_staff=email,
        )
        for email in emails
    )
