"""Writing a routing rule that learning proposed."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kanal.agencies.models import Agency
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions.proposing import propose_anew
from kanal.reports.models import RoutingRule
from kanal.reports.policy import Doer
from kanal.reports.queries.learned import likely_rules

_STEP = 10


@transaction.atomic
def accept_rule(*, words: str, agency: str, by: Doer) -> RoutingRule:
    """Make a proposed rule a rule of the regency, after all others: those that people wrote come first.

    `words` and the agency's code are what the page said. Accepted twice it stands once. Raises Refused for one who may
    not, and for what is not proposed any more.
    """
    policy.check_learning(by)
    known = RoutingRule.objects.filter(words=[words], agency__code=agency, category=None, region=None).first()
    if known:
        return known
    rule = next((one for one in likely_rules() if (one.words, one.agency.code) == (words, agency)), None)
    if rule is None:
        raise Refused(_("Aturan itu sudah tidak diusulkan. Muat ulang halaman ini."), status=404)
    last = RoutingRule.objects.aggregate(last=Max("order"))["last"] or 0
    made = RoutingRule.objects.create(
        order=last + _STEP,
        name=_("Kata “%(words)s” (dari %(total)s laporan)") % {"words": words, "total": rule.total},
        words=[words],
        agency=Agency.objects.get(pk=rule.agency.id),
    )
    propose_anew()
    return made
