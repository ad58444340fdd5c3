"""The frame of every verb: one lock, one check, one version, one line of history. Each room's `Deed` fills it in.

The transaction is the verb's own (`@transaction.atomic`), so that its notices are in it too.
"""

from abc import ABC, abstractmethod
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused


class _Lived(Protocol):
    """A row with a lifecycle: its status, how often it changed, and its history."""

    pk: Any
    status: Any
    version: Any
    events: Any

    def save(self) -> None: ...


class _Doer(Protocol):
    @property
    def user_id(self) -> int | None: ...


class _Verb(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def to(self) -> str | None: ...


Row = TypeVar("Row", bound=_Lived)
Doer = TypeVar("Doer", bound=_Doer)


class Frame(ABC, Generic[Row, Doer]):
    """`with Deed("start", …, by=by) as deed:` changes the locked row; leaving the block writes it and its history.

    The verb's permission and starting status are checked under the lock; `target` is set on the way out, and what the
    caller holds is brought up to date. `version` is what the person saw: when somebody else was faster the deed is
    refused (`Refused.code` is "stale"), and when it was the same person doing the same thing (a double click) it is
    "repeated" and the page may call it done. Raises Refused; nothing is written then.
    """

    changed: ClassVar[str | Promise]
    """The sentence for somebody whose page is older than the row."""

    def __init__(self, verb: _Verb, given: Row, *, by: Doer, version: int | None, at: datetime | None = None) -> None:
        self.verb = verb
        self.by = by
        self.at = at or timezone.now()
        self.note = ""
        self.data: dict[str, Any] = {}
        self.target = verb.to
        self._given = given
        self._version = version

    def __enter__(self) -> Self:
        model: Any = type(self._given)  # a model, with its manager
        self.row: Row = model.objects.select_for_update().get(pk=self._given.pk)
        self._refuse_stale()
        self.check()
        self.before: str = self.row.status
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            return
        if self.target is not None:
            self.row.status = self.target
        self.settle()
        self.row.version += 1
        self.row.save()
        self.tell()
        self._given.__dict__.update(self.row.__dict__)

    def _refuse_stale(self) -> None:
        if self._version is None or self.row.version == self._version:
            return
        last = self.row.events.order_by("-id").first()
        if last and (last.verb, last.user_id) == (self.verb.name, self.by.user_id):
            raise Refused(_("Sudah dilakukan."), code="repeated")
        raise Refused(str(self.changed), code="stale")

    @abstractmethod
    def check(self) -> None:
        """Raise Refused unless the verb is theirs to do with `row`, and possible now."""

    def settle(self) -> None:
        """Count anew what follows from the new status; the row is written right after."""

    @abstractmethod
    def tell(self) -> None:
        """Write the line of history, and tell the rooms above."""
