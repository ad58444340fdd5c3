"""Waiting for news on a line that a platform holds open: one worker at a time, kept before they are forgotten there."""

import logging
import random
import time
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone
from django.utils.translation import override

from kanal.channels import actions
from kanal.channels.actions import pulse
from kanal.channels.adapters import Found, UnreachableError, adapters
from kanal.channels.mailroom import AFTER_A_FAULT

logger = logging.getLogger("kanal.mailroom")

HOLD = 25
"""Seconds for which the platform is asked to wait; routers forget lines on which nothing is said for a minute."""
LEASE = timedelta(seconds=HOLD + 20)
"""How long one round may take; a worker that died is followed by another after that."""
BEHIND_ANOTHER = 3.0
"""Seconds between two looks whether the worker that listens is still there."""
SHORTEST_ROUND = 1.0
"""A platform that answers "nothing" at once instead of waiting is asked no more often."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0


class HeldLine:
    """The line of one medium. Every worker has one; the lease in `MediumState` says which of them is open."""

    def __init__(self, medium: str) -> None:
        self._medium, self._faults = medium, 0

    def listen(self, worker: str, *, patient: bool = True) -> float:
        """Wait for news and keep them. Returns how many seconds to rest before listening again.

        Not `patient`, it asks only for what is there.
        """
        adapter = adapters()[self._medium]
        if not adapter.is_configured or not self._take(worker):
            return BEHIND_ANOTHER
        cursor, looked_at = pulse.cursor_of(self._medium)
        rest = (looked_at - timezone.now()).total_seconds() if looked_at else 0.0
        if rest > 0:  # left alone after a fault, by this worker or by one before it
            return min(rest, BEHIND_ANOTHER)
        begun = time.monotonic()
        try:
            with override("id"):
                found = adapter.hold(cursor, HOLD if patient else 0)
        except UnreachableError as trouble:
            return self._leave_alone(trouble)
        except (DatabaseError, InterfaceError):
            raise  # the worker waits for the database
        except Exception:
            logger.exception("listening to %s failed", self._medium)
            return self._leave_alone(UnreachableError("", pause=AFTER_A_FAULT))
        self._keep(worker, found, cursor)
        return 0.0 if found else max(0.0, SHORTEST_ROUND - (time.monotonic() - begun))

    def let_go(self, worker: str) -> None:
        """Another worker may listen at once."""
        pulse.let_go(self._medium, worker)

    def _take(self, worker: str) -> bool:
        return pulse.take_line(self._medium, worker, until=timezone.now() + LEASE)

    @transaction.atomic  # the page and the place where to go on are one: asking from there on makes it forgotten
    def _keep(self, worker: str, found: Found | None, cursor: str) -> None:
        self._faults = 0
        if not self._take(worker):
            return  # it took so long that another listens meanwhile, and hears the same
        if found:
            actions.store_delivery(medium=self._medium, payload=found.payload.decode("utf-8", "replace"))
        pulse.looked(self._medium, cursor=found.cursor if found else cursor, used=0)

    def _leave_alone(self, trouble: UnreachableError) -> float:
        """Rest as long as the platform says, or longer after each fault; by chance, so that not all come at once."""
        pause = min(FIRST_PAUSE * 2.0**self._faults, LONGEST_PAUSE)
        if trouble.pause:
            pause = max(pause, trouble.pause.total_seconds())
        self._faults = min(self._faults + 1, 10)
        pause *= random.uniform(1, 1.5)  # noqa: S311  # spreads load, protects nothing
        pulse.look_later(self._medium, sentence=trouble.sentence, for_=timedelta(seconds=pause), alarm=trouble.alarm)
        return min(pause, BEHIND_ANOTHER)
