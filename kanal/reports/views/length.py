"""How long what is being written becomes where every letter costs: told below the field while one types."""

from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.channels.adapters import adapter_of
from kanal.common.refusal import Refused
from kanal.reports.actions.notices import THEIRS, framed, in_language, private_link
from kanal.reports.forms.case_answer import LONGEST_ANSWER
from kanal.reports.models import Report
from kanal.reports.queries import get_for
from kanal.reports.queries.fit_for_all import fit_for_all
from kanal.reports.wordings import BY_KEY


@require_POST
@never_cache
@desk()
def length(request: DeskRequest, medium: str) -> HttpResponse:
    """One sentence. The answer to a report (`kode`) is measured with everything that is sent around it."""
    adapter = adapter_of(medium)
    if adapter is None or not adapter.counts:
        raise Refused(_("Di saluran itu panjang tulisan tidak dihitung."), status=404)
    text = request.POST.get("text", "")[:LONGEST_ANSWER]
    code = request.POST.get("kode", "")
    if code:
        text = _as_sent(get_for(request.actor, code), text)
    return HttpResponse(escape(adapter.measured(text)))


def _as_sent(report: Report, answer: str) -> str:
    """The notice with this answer, as its reporter gets it."""
    agency = reference().agency_today(report.agency_id)
    values = {
        "code": report.tracking_code,
        "agency": agency.name if agency else reference().regency.name,
        "answer": fit_for_all(answer, report),
    }
    with override(THEIRS):
        said = in_language("answered", BY_KEY["answered"].text, values, "")
    return framed(said, link=private_link(report), code=report.tracking_code)
