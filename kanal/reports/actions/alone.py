"""The switch that lets Kanal hand on reports of a category by itself: turned by a coordinator, off by itself too."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.models import Membership
from kanal.channels.actions import Message, queue
from kanal.common.formats import percent
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions.notices import THEIRS
from kanal.reports.models import MachineDisposition, Report, RoutingSwitch, SwitchChange
from kanal.reports.models.alone import LEAST_ALLOWED
from kanal.reports.policy import Doer
from kanal.reports.queries.alone import too_many_refused
from kanal.reports.queries.reference import report_reference
from kanal.reports.workflow import Status

PURPOSE = "alone_off"
REFUSING = frozenset({"return_", "recall", "assign"})
"""What says of a report that Kanal handed on that it was handed on wrongly."""


@transaction.atomic
def turn_switch(*, category_id: int, on: bool, least: float, by: Doer) -> RoutingSwitch:
    """Let Kanal hand on new reports of a category when it is at least so sure, or no longer. Twice does no harm.

    Raises Refused for one who may not, for a category that is no more or is one of danger, and for too low a demand.
    """
    policy.check_learning(by)
    category = report_reference().categories.get(category_id)
    if category is None or (on and not category.active):
        raise Refused(_("Kategori itu sudah tidak dipakai."), status=404)
    if on and category.rapid:
        raise Refused(_("Laporan reaksi cepat selalu dilihat orang dulu."), status=400)
    if not LEAST_ALLOWED <= least < 1:
        least_words = percent(LEAST_ALLOWED, 0)
        raise Refused(_("Batas yakin paling rendah %(least)s dan di bawah 100%%.") % {"least": least_words}, status=400)
    now = timezone.now()
    start = {"on": False, "least": least, "changed_at": now}
    row, made = RoutingSwitch.objects.select_for_update().get_or_create(category_id=category_id, defaults=start)
    if (row.on, row.least) != (on, least) or (made and on):
        _turn(row, on=on, least=least, user_id=by.user_id)
    return row


def _turn(row: RoutingSwitch, *, on: bool, least: float, user_id: int | None, why: str = "") -> None:
    row.on, row.least, row.changed_at, row.changed_by_id = on, least, timezone.now(), user_id
    row.save()
    SwitchChange.objects.create(switch=row, at=row.changed_at, user_id=user_id, on=on, least=least, why=why)


def follow_machine(report: Report, verb: str) -> None:
    """Note that what Kanal handed on was taken back, and switch it off where that happens too often."""
    if verb not in REFUSING or (verb == "assign" and report.status != Status.ASSIGNED):
        return
    handed = MachineDisposition.objects.filter(report=report, refused_at__isnull=True)
    wrong = handed.exclude(agency_id=report.agency_id or 0) if verb == "assign" else handed
    if not wrong.update(refused_at=timezone.now(), refused_by=verb):
        return
    category_id = MachineDisposition.objects.values_list("category_id", flat=True).get(report=report)
    row = RoutingSwitch.objects.select_for_update().filter(category_id=category_id, on=True).first()
    many = too_many_refused(row) if row else None
    if row and many:
        _switch_off(row, *many)


@override(THEIRS)
def _switch_off(row: RoutingSwitch, refused: int, watched: int) -> None:
    why = _("%(refused)d dari %(watched)d disposisi terakhir dikembalikan") % {"refused": refused, "watched": watched}
    _turn(row, on=False, least=row.least, user_id=None, why=why)
    coordinators = Membership.objects.filter(role=Membership.Role.COORDINATOR, user__is_active=True)
    link = settings.BASE_URL + reverse("reports:desk_rules")
    words = {"category": row.category.name, "why": why, "link": f"{link}#sendiri"}
    parts = (
        _("Kanal berhenti meneruskan sendiri laporan kategori %(category)s: %(why)s."),
        _("Laporan baru menunggu Anda di antrean seperti biasa. Yang sudah diteruskan tidak berubah."),
        _("Lihat dan putuskan: %(link)s"),
    )
    queue(
        Message(
            purpose=PURPOSE,
            dedupe_key=f"{PURPOSE}:{row.pk}:{row.changed_at:%Y%m%dT%H%M%S%f}:{email}",
            subject=_("Disposisi sendiri dimatikan: %(category)s") % words,
            body="\n\n".join(part % words for part in parts) + "\n",
            to_staff=email,
        )
        for email in coordinators.values_list("user__email", flat=True).distinct()
    )
