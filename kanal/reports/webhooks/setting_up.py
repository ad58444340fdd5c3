"""What must be set up before other apps of the regency reach Kanal, for the health page."""

from django.utils.translation import gettext as _

from kanal.channels.adapters import Step
from kanal.common.snapshot import Snapshot
from kanal.reports.models import ApiClient


def _count() -> int:
    return ApiClient.objects.filter(active=True).exclude(signing_key="").count()


_apps: Snapshot[int] = Snapshot(_count)


def steps() -> list[Step]:
    """An app with a key is all there is to do; what it must do itself stands on /pengembang/."""
    return [
        Step(
            _("Buka Aplikasi lain, daftarkan aplikasinya, lalu serahkan kunci tanda tangannya kepada pembuatnya."),
            _apps() > 0,
        )
    ]
