"""What of an officer's words others may read: no private links and codes of hidden reports; in public no numbers."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import reference
from kanal.channels.openly import CODE
from kanal.common.codes import normalise_code
from kanal.common.masking import mask, mask_links
from kanal.reports import policy
from kanal.reports.models import Report


def fit_for_all(text: str, report: Report) -> str:
    """An answer as everybody reads it."""
    return without_secrets(mask(text).text, report)


def without_secrets(text: str, report: Report) -> str:
    """Words without private links and without the codes of other reports that are not public; the rest stays."""
    hidden = set(_hidden_codes(text, report))
    with override("id"):
        instead = _("[kode disembunyikan]")
    return CODE.sub(lambda code: instead if _whole(code[0]) in hidden else code[0], mask_links(text))


def held_back(text: str, report: Report) -> list[str]:
    """What of a text everybody reads without, told to the one who writes it. Empty when all of it may stand."""
    said = []
    if mask_links(text) != text:
        said.append(_("Tautan pribadi ditutup: siapa pun yang memegangnya bisa membuka laporan itu."))
    if codes := _hidden_codes(text, report):
        said.append(_("Kode ditutup, laporannya tidak tampil untuk umum: %(codes)s.") % {"codes": ", ".join(codes)})
    return said


def _whole(code: str) -> str:
    return normalise_code(code, reference().regency.code_prefix) or ""


def _hidden_codes(text: str, report: Report) -> list[str]:
    named = {_whole(match[0]) for match in CODE.finditer(mask_links(text))} - {"", report.tracking_code}
    others = Report.objects.filter(tracking_code__in=named).defer("body", "public_body") if named else ()
    return sorted(other.tracking_code for other in others if not policy.is_public(other))
