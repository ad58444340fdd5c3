"""What a schema cannot say about a call of a program: whether the places, people, files and codes it names exist."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kanal.agencies import places
from kanal.agencies.models import Region
from kanal.agencies.queries import RegionFacts, reference
from kanal.channels import outside
from kanal.channels.app.payloads import Fault, Incoming, MessageIn, ReportIn, Sender, StatusIn
from kanal.common.codes import normalise_code
from kanal.common.text import clean
from kanal.reports.forms.reaching import MailField, PhoneField
from kanal.reports.models import ApiClient, Report
from kanal.reports.queries import report_reference

_mail, _phone = MailField(required=False), PhoneField(required=False)


def faults_of(told: Incoming, client: ApiClient) -> list[Fault]:
    """Everything that is wrong, each with its field."""
    if isinstance(told, StatusIn):
        both_or_none = (told.code is None) == (told.id is None)
        return [Fault(field="", message=_("Isi code atau id, satu saja."))] if both_or_none else []
    found = list(_said(told, client))
    return found + list(_placed(told) if isinstance(told, ReportIn) else [])


def _said(told: ReportIn | MessageIn, client: ApiClient) -> Iterator[Fault]:
    if not clean(told.text, max_chars=2 * len(told.text) + 1).strip():
        yield Fault(field="text", message=_("Belum ada kata-katanya."))
    yield from _reachable(told.sender)
    for number, url in enumerate(told.files):
        if sentence := _why_not_fetched(url, client):
            yield Fault(field=f"files[{number}]", message=sentence)


def _reachable(sender: Sender) -> Iterator[Fault]:
    for name, field, value in (("email", _mail, sender.email), ("phone", _phone, sender.phone)):
        try:
            field.clean(value)
        except ValidationError as fault:
            yield Fault(field=f"sender.{name}", message=" ".join(fault.messages))


def _why_not_fetched(url: str, client: ApiClient) -> str:
    """Why a file is not fetched from an address: only the sites that were agreed on are called at all."""
    try:
        host = (urlsplit(url).hostname or "").lower()
        if host not in client.file_hosts:
            return _("Situs itu belum didaftarkan untuk aplikasi ini.")
        outside.check(url)
    except (outside.InsideError, ValueError) as fault:
        return getattr(fault, "sentence", "") or _("Alamat itu tidak terbaca.")
    return ""


def _placed(told: ReportIn) -> Iterator[Fault]:
    if told.category and told.category not in report_reference().categories_by_code:
        yield Fault(field="category", message=_("Kategori itu tidak ada. Daftarnya di /open311/v2/services.json."))
    if told.region and region_of(told) is None:
        sentence = _("region adalah kode desa atau kecamatan dari Kemendagri, misalnya 35.22.01.2001.")
        yield Fault(field="region", message=sentence)
    if (told.lat is None) != (told.lon is None):
        yield Fault(field="lat", message=_("lat dan lon selalu bersama."))
    elif told.lat is not None and told.lon is not None and not places.locate(told.lat, told.lon).inside:
        yield Fault(field="lat", message=_("Titik itu di luar %(regency)s.") % {"regency": reference().regency.name})


def region_of(told: ReportIn) -> RegionFacts | None:
    """The village or kecamatan that a program named."""
    region = reference().regions_by_code.get(told.region)
    return None if region is None or region.level == Region.Level.REGENCY else region


def own_report(client_id: int, code: str) -> Report | None:
    """The report of this code if this program filed it and may still know of it."""
    known = normalise_code(code, reference().regency.code_prefix) or ""
    return Report.objects.filter(tracking_code=known, api_filing__client=client_id, secret=False).first()


def email_of(sender: Sender) -> str:
    """The address in its normal form."""
    return str(_mail.clean(sender.email))


def phone_of(sender: Sender) -> str:
    """The number in its normal form."""
    return str(_phone.clean(sender.phone))
