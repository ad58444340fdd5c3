from collections.abc import Callable, Iterator

import pytest

from kanal.issues.models import Issue
from kanal.issues.signals import issue_changed


@pytest.fixture
def heard() -> Iterator[Callable[[], list[str]]]:
    """The verbs that rooms above were told of."""
    verbs: list[str] = []

    def listen(issue: Issue, verb: str, **_signal: object) -> None:
        assert issue.pk
        verbs.append(verb)

    issue_changed.connect(listen)
    yield lambda: verbs
    issue_changed.disconnect(listen)
