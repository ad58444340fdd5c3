"""Media that this room keeps by itself, as the health page shows them: what comes there is a report at once."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Membership
from kanal.channels.adapters import Adapter, Step
from kanal.channels.models import Medium, MediumState
from kanal.common import formats
from kanal.common.snapshot import Snapshot
from kanal.reports import policy
from kanal.reports.models import ApiClient


def _has_host() -> bool:
    return Membership.objects.filter(role__in=policy.RADIO_HOSTS, user__is_active=True).exists()


def _hourly_limits() -> list[int]:
    """Those of all programs that may file, the lowest first; 0 is none."""
    limits = ApiClient.objects.filter(active=True).order_by("hourly_limit")
    return list(limits.values_list("hourly_limit", flat=True))


_host: Snapshot[bool] = Snapshot(_has_host)
_limits: Snapshot[list[int]] = Snapshot(_hourly_limits)


class Radio(Adapter):
    """Calls during a broadcast."""

    medium = Medium.RADIO
    at_once = True
    about = gettext_lazy("Telepon selama siaran, dicatat penyiar di halaman Radio.")

    def steps(self) -> list[Step]:
        """Somebody must be there to take the calls."""
        return [Step(_("Beri penyiar akun dengan peran penyiar radio (kanal enrol … --role announcer)."), _host())]


class Phone(Adapter):
    """Calls at the office."""

    medium = Medium.PHONE
    at_once = True
    about = gettext_lazy("Telepon ke kantor, dicatat petugas di halaman Catat laporan.")


class Letters(Adapter):
    """Letters on paper."""

    medium = Medium.LETTER
    at_once = True
    about = gettext_lazy("Surat yang dicatat satu per satu, atau setumpuk sekaligus di halaman Acara.")


class Visits(Adapter):
    """Events where people speak, and visitors of the office."""

    medium = Medium.VISIT
    at_once = True
    about = gettext_lazy(
        "Sambang Desa, Dialog Jumat, dan tatap muka di halaman Acara; tamu kantor dicatat satu per satu."
    )


class Open311(Adapter):
    """Programs that file over Open311."""

    medium = Medium.OPEN311
    at_once = True

    def steps(self) -> list[Step]:
        """Reading needs nothing, filing a key."""
        words = _("Buat kunci untuk tiap aplikasi di halaman Aplikasi lain, lalu serahkan kepada pembuatnya.")
        return [Step(words, bool(_limits()))]

    def allowance(self, state: MediumState) -> str:  # noqa: ARG002  # each server process counts for itself
        """How much the programs may send."""
        limits = _limits()
        if not limits or not limits[0]:
            return ""
        low, high = limits[0], limits[-1]
        numbers = formats.number(low) if low == high else f"{formats.number(low)}-{formats.number(high)}"
        return _("Paling banyak %(number)s kiriman sejam dari satu aplikasi") % {"number": numbers}


ADAPTERS = (Radio(), Phone(), Letters(), Visits(), Open311())
