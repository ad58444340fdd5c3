from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels.adapters import Adapter
from kanal.channels.models import Medium, MediumState
from kanal.common import formats


class Web(Adapter):
    """The public form on the health page. What is written there is a report at once; nothing must be set up."""

    medium = Medium.WEB
    at_once = True

    def allowance(self, state: MediumState) -> str:  # noqa: ARG002  # no count is kept of visitors
        """How much one visitor may file."""
        times, seconds = settings.LIMITS["report"]
        if not times:
            return ""
        words = _("Paling banyak %(times)s laporan dalam %(minutes)s menit dari satu sambungan internet")
        return words % {"times": formats.number(times), "minutes": formats.number(max(1, seconds // 60))}


ADAPTER = Web()
