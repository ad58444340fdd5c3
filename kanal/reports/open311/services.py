"""What can be reported over Open311: the categories, one service without a category, and one in confidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Max
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kanal.agencies.models import Regency
from kanal.agencies.queries import reference
from kanal.common.snapshot import Snapshot
from kanal.reports.models import Category, ServiceAttribute
from kanal.reports.open311.answering import Problem
from kanal.reports.queries import report_reference
from kanal.reports.workflow import Kind

ANYTHING = "umum"
IN_CONFIDENCE = "pengawasan"
_OLDEST = datetime(2020, 1, 1, tzinfo=UTC)
_LISTS = {ServiceAttribute.Datatype.SINGLE, ServiceAttribute.Datatype.MULTIPLE}


@dataclass(frozen=True, slots=True)
class Service:
    """One service; `category_id` None where the desk chooses the category."""

    code: str
    name: str
    description: str
    group: str
    keywords: str = ""
    category_id: int | None = None
    kind: Kind = Kind.COMPLAINT

    @property
    def is_blackbox(self) -> bool:
        """Whether nothing about its reports is ever told here."""
        return self.kind is Kind.WHISTLEBLOWING

    @property
    def attributes(self) -> list[ServiceAttribute]:
        """What its clients are to ask."""
        return _questions().get(self.category_id or 0, [])

    def listed(self) -> dict[str, Any]:
        """A line of the service list."""
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": self.description or None,
            "metadata": bool(self.attributes),
            "type": "blackbox" if self.is_blackbox else "realtime",
            "keywords": self.keywords or None,
            "group": self.group or None,
        }

    def defined(self) -> dict[str, Any]:
        """The service definition."""
        asked = [_defined(one, order) for order, one in enumerate(self.attributes, 1)]
        return {"service_code": self.code, "attributes": asked}


def _defined(one: ServiceAttribute, order: int) -> dict[str, Any]:
    told = {
        "variable": one.asks,
        "code": one.code,
        "datatype": one.datatype,
        "required": one.required and one.asks,
        "datatype_description": one.hint or None,
        "order": order,
        "description": one.description,
    }
    if one.datatype in _LISTS:
        told["values"] = [{"key": key, "name": name} for key, name in choices(one).items()]
    return told


def choices(one: ServiceAttribute) -> dict[str, str]:
    """The answers of a list by the key that a client sends."""
    return {slugify(name) or str(at): str(name) for at, name in enumerate(one.options, 1)}


def _load_questions() -> dict[int, list[ServiceAttribute]]:
    found: dict[int, list[ServiceAttribute]] = {}
    for one in ServiceAttribute.objects.order_by("category_id", "order", "pk"):
        found.setdefault(one.category_id, []).append(one)
    return found


_questions: Snapshot[dict[int, list[ServiceAttribute]]] = Snapshot(_load_questions)


@receiver([post_save, post_delete], sender=ServiceAttribute)
def forget(**_signal: object) -> None:
    """Drop the shared copy after a change."""
    _questions.clear()


def services() -> dict[str, Service]:
    """Every service by its code, in the order of the categories."""
    return {service.code: service for service in _services()}


def _services() -> Iterator[Service]:
    anything, confidence = _("Lainnya"), _("Pengawasan")
    for top, below in report_reference().grouped_categories():
        for one in below:
            yield Service(one.code, one.name, "", top.name, ", ".join(one.keywords), one.id)
        name = _("%(name)s, lainnya") % {"name": top.name} if below else top.name
        yield Service(top.code, name, "", top.name, ", ".join(top.keywords), top.id)
    yield Service(ANYTHING, anything, _("Petugas yang memilih kategorinya."), anything)
    only = _("Hanya Inspektorat yang membacanya. Tidak pernah tampil dan tidak diberi kode di sini.")
    whistle = _("Penyelewengan oleh pegawai")
    yield Service(IN_CONFIDENCE, whistle, only, confidence, kind=Kind.WHISTLEBLOWING)


def find_service(code: str) -> Service:
    """The service of a code. Raises Problem: 400 when none was given, 404 when there is no such service."""
    if not code:
        raise Problem(400, _("service_code belum diisi. Daftarnya ada di services."))
    service = services().get(code)
    if service is None:
        raise Problem(404, _("service_code itu tidak ada. Daftarnya ada di services."))
    return service


def service_of(category_id: int | None) -> tuple[str, str]:
    """Code and name under which a report is listed; categories no longer in use keep theirs."""
    category = report_reference().categories.get(category_id or 0)
    return (category.code, category.name) if category else (ANYTHING, _("Lainnya"))


def jurisdictions(regency: Regency) -> list[str]:
    """The jurisdiction_ids that mean this regency, the recommended first: its website without www, its code."""
    website = (urlsplit(regency.website).hostname or "").removeprefix("www.")
    return [name for name in (website, regency.code) if name]


def check_jurisdiction(given: str) -> None:
    """Raise Problem (404) for another jurisdiction; leaving it out is fine, there is one."""
    if given and given.strip().lower() not in jurisdictions(reference().regency):
        raise Problem(404, _("jurisdiction_id itu bukan %(regency)s.") % {"regency": reference().regency.name})


def changed_at() -> datetime:
    """When the list of services last changed."""
    moments: list[datetime] = [_OLDEST]
    for rows in (Category.objects.all(), ServiceAttribute.objects.all()):
        moments += filter(None, [rows.aggregate(last=Max("changed_at"))["last"]])
    return max(moments)
