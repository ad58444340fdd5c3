from collections.abc import Callable, Iterator

import pytest

from kanal.issues.models import Bulletin, Issue
from kanal.issues.signals import issue_changed
from tests.support.concerned import citizen, drafted, issue_of, reported
from tests.support.people import People


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


@pytest.fixture
def road(people: People) -> Issue:
    """Two people with a report each."""
    return issue_of(people, reported(citizen(1), 1), reported(citizen(2), 2))


@pytest.fixture
def bulletin(people: People, road: Issue) -> Bulletin:
    """A draft of what everybody who told of the road is told."""
    return drafted(people, road)
