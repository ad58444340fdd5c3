from collections.abc import Collection

from django.utils.translation import gettext as _

from kanal.agencies.models import Membership
from kanal.common.refusal import Refused

MERGERS = frozenset({Membership.Role.ADMINISTRATOR})
"""Who merges agencies: whoever keeps the reference data. A coordinator hands reports on, and keeps no agencies."""


def merges(roles: Collection[str]) -> bool:
    """Whether somebody with these roles may merge one agency into another."""
    return not MERGERS.isdisjoint(roles)


def check_merges(roles: Collection[str]) -> None:
    """Raise Refused (403) unless `merges`."""
    if not merges(roles):
        raise Refused(_("Perangkat daerah digabung oleh administrator."), status=403, code="not_yours")
