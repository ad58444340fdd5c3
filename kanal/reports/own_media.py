"""Media that this room keeps by itself, as the health page shows them: what comes there is a report at once."""

from django.utils.translation import gettext as _

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


class _Desk(Adapter):
    """What somebody at a desk writes down."""

    at_once = True


class Radio(_Desk):
    """Calls during a broadcast."""

    medium = Medium.RADIO

    @property
    def about(self) -> str:
        """Where it is kept."""
        return _("Telepon selama siaran, dicatat penyiar di halaman Radio.")

    def steps(self) -> list[Step]:
        """Somebody must be there to take the calls."""
        return [Step(_("Beri penyiar akun dengan peran penyiar radio (kanal enrol … --role announcer)."), _host())]


class Phone(_Desk):
    """Calls at the office."""

    medium = Medium.PHONE

    @property
    def about(self) -> str:
        """Where it is kept."""
        return _("Telepon ke kantor, dicatat petugas di halaman Catat laporan.")


class Letters(_Desk):
    """Letters on paper."""

    medium = Medium.LETTER

    @property
    def about(self) -> str:
        """Where it is kept."""
        return _("Surat yang dicatat satu per satu, atau setumpuk sekaligus di halaman Acara.")


class Visits(_Desk):
    """Events where people speak, and visitors of the office."""

    medium = Medium.VISIT

    @property
    def about(self) -> str:
        """What belongs to it, and where it is kept."""
        return _("Sambang Desa, Dialog Jumat, dan tatap muka di halaman Acara; tamu kantor dicatat satu per satu.")


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
