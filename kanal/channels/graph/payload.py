"""Envelopes, moments and ids as Meta writes them."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from kanal.channels.adapters import BROKEN, Strange, unknown_shape

LONGEST_ID = 200
_MILLISECONDS = 10**11
"""Larger numbers are no seconds: they would be in the year 5138."""


def entries(payload: bytes, kind: str) -> list[dict[str, Any]]:
    """The entries of one call about objects of a kind. Raises NotUnderstoodError for what is no such call."""
    try:
        body = json.loads(payload)
        found, about = [entry for entry in body["entry"] if entry.keys()], body["object"]
    except (*BROKEN, RecursionError) as fault:
        raise unknown_shape(f"{kind}: {type(fault).__name__}") from fault
    if about != kind:
        raise unknown_shape(f"{kind}: object")
    return found


def listed(part: dict[str, Any], name: str) -> list[Any]:
    """A list by its name; one thing where a list is meant is a list of one."""
    found = part.get(name) or []
    return found if isinstance(found, list) else [found]


def moment(timestamp: Any) -> datetime:
    """Seconds, milliseconds or a date with its zone, as Meta mixes them.

    A clock that runs ahead brings no messages from tomorrow. Raises what BROKEN names.
    """
    now = datetime.now(tz=UTC)
    if isinstance(timestamp, str) and not timestamp.isdigit():
        return min(datetime.fromisoformat(timestamp).astimezone(UTC), now)
    number = int(timestamp)
    seconds = number / 1000 if number > _MILLISECONDS else number
    return min(datetime.fromtimestamp(seconds, tz=UTC), now)


def short_id(name: Any) -> str:
    """An id of Meta's, made short where it would not fit its column."""
    name = str(name)
    return name if len(name) <= LONGEST_ID else fingerprint(name)


def fingerprint(part: Any) -> str:
    """An id for what has none: the same part always has the same."""
    return f"sha256:{hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()}"


# --- what is kept for a person to look at -----------------------------------------------------------------------------


def of_another(part: Any, platform: str) -> Strange:
    """News about an account that is not ours."""
    return Strange(fingerprint(part), _("%(platform)s mengirim kabar tentang akun lain.") % {"platform": platform})


def told(part: Any, platform: str, what: str) -> Strange:
    """News of a kind that this version does not know by its name."""
    sentence = _("%(platform)s memberi tahu: %(what)s.") % {"platform": platform, "what": what[:60] or "?"}
    return Strange(fingerprint(part), sentence)


def misshapen(part: Any, platform: str) -> Strange:
    """News of a known kind in a shape that nobody documented."""
    return Strange(fingerprint(part), _("Kabar %(platform)s yang belum dikenal bentuknya.") % {"platform": platform})
