"""The sentences to citizens as the coordinator worded them, kept in this process for a few seconds."""

from collections.abc import Mapping

from kanal.common.snapshot import Snapshot
from kanal.reports.models import Wording


def _load() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for key, language, text in Wording.objects.values_list("key", "language", "text"):
        found.setdefault(key, {})[language] = text
    return found


worded: Snapshot[Mapping[str, Mapping[str, str]]] = Snapshot(_load)
"""Texts by the key of their sentence and by language; sentences that nobody worded anew are missing."""


def forget(**_signal: object) -> None:
    """Drop the shared copy after a change; receivers of Django's model signals call it."""
    worded.clear()
