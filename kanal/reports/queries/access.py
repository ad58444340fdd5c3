from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.common.codes import private_token, token_matches
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.models import Report


def _hidden() -> Refused:
    return Refused(_("Laporan itu tidak ditemukan. Periksa kodenya."), status=404, code="hidden")


def _named() -> QuerySet[Report]:
    return Report.objects.select_related("contact")


def one(reports: QuerySet[Report]) -> Report | None:
    """The only row of a look-up by a unique code, or None.

    Not `first()`: its ORDER BY makes Django compare every one of the forty columns, which costs more than the query.
    """
    return next(iter(reports.order_by()[:1]), None)


def get_for(actor: Actor, code: str) -> Report:
    """A report at the desk, for one who may see it. Raises Refused (404) alike for hidden, secret and missing ones."""
    return shown_to(actor, one(_named().filter(tracking_code=code)))


def shown_to(actor: Actor, report: Report | None) -> Report:
    """The report that was looked up, if the person may see it. Raises Refused (404) as `get_for`."""
    if report is None or not policy.sees(actor, report):
        raise _hidden()
    return report


def find_for(actor: Actor) -> QuerySet[Report]:
    """The reports of a person's queues."""
    return Report.objects.filter(policy.queue_filter(actor))


def get_public(code: str) -> Report:
    """A report anybody may read. Raises Refused (404) for every other, so that nobody learns that it exists."""
    report = one(Report.objects.filter(tracking_code=code, published=True))
    if report is None or not policy.is_public(report):
        raise _hidden()
    return report


def get_by_private_link(code: str, token: str) -> Report:
    """The reporter's own view: whoever holds the link from the receipt. Raises Refused (404) for a wrong one."""
    report = one(_named().filter(tracking_code=code))
    if not token_matches(settings.LOOKUP_KEY, code, token) or report is None:
        raise _hidden()
    return report


def private_link_token(report: Report) -> str:
    """The secret half of a report's private link; made from the code, so it is stored nowhere."""
    return private_token(settings.LOOKUP_KEY, report.tracking_code)
