"""What comes in: kept first, read afterwards, each step safe to repeat."""

from collections.abc import Collection, Sequence
from copy import copy
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels.actions import pulse
from kanal.channels.adapters import Changed, FileRef, Passed, Removed, Said, Strange
from kanal.channels.models import Address, Delivery, Inbound, InboundFile, Passing
from kanal.channels.signals import file_settled
from kanal.common.inserting import insert

LEASE = timedelta(minutes=2)
"""How long one delivery may take to be read; the due date itself is moved, so a dead worker's delivery comes again."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30))


def store_delivery(*, medium: str, payload: str, at: datetime | None = None, leased: bool = False) -> Delivery:
    """Keep what a platform handed us, before it is told that we have it.

    `leased`: the caller reads it at once (for an answer that says what became of it); the worker does if it dies.
    """
    now = at or timezone.now()
    due = now + LEASE if leased else now
    row = Delivery(medium=medium, payload=payload, received_at=now, next_attempt_at=due, attempts=int(leased))
    insert([row])
    return row


def store_inbound(*, medium: str, external_id: str, at: datetime | None = None) -> Inbound:
    """Note a message that is a report already (a form, an import), in the caller's transaction.

    Raises IntegrityError when (medium, external id) is known: deliveries repeat themselves. The transaction is lost
    then, so the caller looks for what the first delivery became after leaving it.
    """
    inbound = Inbound(
        medium=medium, external_id=external_id, received_at=at or timezone.now(), state=Inbound.State.USED
    )
    insert([inbound])
    pulse.note_in(medium, at=inbound.received_at)
    return inbound


def due_deliveries(*, limit: int, at: datetime | None = None) -> list[int]:
    """The ids of deliveries to be read now, in the order in which they came."""
    waiting = Delivery.objects.filter(state=Delivery.State.STORED, next_attempt_at__lte=at or timezone.now())
    return list(waiting.order_by("next_attempt_at", "id").values_list("pk", flat=True)[:limit])


def lease_delivery(pk: int, *, at: datetime | None = None) -> Delivery | None:
    """Take one delivery to read. None when another worker has it."""
    at = at or timezone.now()
    due = Delivery.objects.filter(pk=pk, state=Delivery.State.STORED, next_attempt_at__lte=at)
    taken = due.update(next_attempt_at=at + LEASE, attempts=F("attempts") + 1)
    return Delivery.objects.get(pk=pk) if taken else None


def delivery_read(row: Delivery) -> None:
    """It is read: its messages are rows of their own now."""
    Delivery.objects.filter(pk=row.pk).update(state=Delivery.State.READ, error="")


def delivery_unread(row: Delivery, *, error: str, for_good: bool, at: datetime | None = None) -> None:
    """It could not be read: try again later, or keep it with its reason where a coordinator sees it."""
    mine = Delivery.objects.filter(pk=row.pk, state=Delivery.State.STORED)
    if for_good or row.attempts > len(PAUSES):
        mine.update(state=Delivery.State.FAILED, error=error[:300])
    else:
        mine.update(next_attempt_at=(at or timezone.now()) + PAUSES[row.attempts - 1], error=error[:300])


def read_again(medium: str) -> int:
    """Put the deliveries of a medium that could not be read into the queue once more; returns how many."""
    failed = Delivery.objects.filter(medium=medium, state=Delivery.State.FAILED)
    return failed.update(state=Delivery.State.STORED, attempts=0, next_attempt_at=timezone.now())


@transaction.atomic
def read_anew(*, since: datetime) -> int:
    """Read once more what came since then on media where something was passed over, because the rules changed.

    Returns how many deliveries that is. What became a message stays as it is: messages are known by their ids.
    """
    passed = Passing.objects.filter(at__gte=since, strange=False)
    media = list(passed.values_list("medium", flat=True).distinct())
    passed.delete()
    known = Delivery.objects.filter(medium__in=media, state=Delivery.State.READ, received_at__gte=since)
    return known.update(state=Delivery.State.STORED, attempts=0, next_attempt_at=timezone.now())


def note_passed(medium: str, passed: Passed | Strange, *, at: datetime) -> None:
    """Note that something public was passed over, or something strange came, and why; once, however often it is read.

    The rest leaves no trace.
    """
    strange = isinstance(passed, Strange)
    why = passed.what if isinstance(passed, Strange) else passed.why if passed.counted else ""
    if why:
        note = Passing(medium=medium, external_id=passed.external_id, why=why[:120], strange=strange, at=at)
        insert([note], skip_known=True)


def forget_passings(*, older_than: timedelta) -> int:
    """Delete the notes of what was passed over long ago; returns how many."""
    return Passing.objects.filter(at__lt=timezone.now() - older_than).delete()[0]


def forget_deliveries(*, older_than: timedelta) -> int:
    """Delete raw deliveries that were read long ago; their messages stay."""
    old = Delivery.objects.filter(state=Delivery.State.READ, received_at__lt=timezone.now() - older_than)
    return old.delete()[0]


def keep_message(medium: str, said: Said, address: Address, *, state: str = Inbound.State.NEW) -> Inbound | None:
    """Keep one message with the files it mentions. None when it is known: it was delivered before."""
    inbound = Inbound(
        medium=medium,
        external_id=said.external_id,
        received_at=said.at,
        address=address,
        thread=said.thread,
        public=said.public,
        subject=said.subject,
        text=said.text,
        lat=said.lat,
        lon=said.lon,
        place=said.place,
        state=state,
    )
    if not insert([inbound], skip_known=True):
        return None
    keep_files(inbound, said.files)
    return inbound


def keep_files(inbound: Inbound, files: Sequence[FileRef]) -> None:
    """Note the files of a message; they are fetched afterwards."""
    now = timezone.now()
    rows = [
        InboundFile(
            inbound=inbound,
            external_id=ref.external_id[:300],
            kind=ref.kind,
            mime=ref.mime[:80],
            name=ref.name[:120],
            next_attempt_at=now,
        )
        for ref in files
    ]
    if rows:
        insert(rows, skip_known=True)


def settle(inbound: Inbound, state: str, *, why: str = "") -> None:
    """Note what became of a message."""
    inbound.state, inbound.why = state, why[:300]
    Inbound.objects.filter(pk=inbound.pk).update(state=inbound.state, why=inbound.why)


def forget_words(inbounds: Collection[int]) -> None:
    """Take words, places, sender and files out of messages whose report is made anonymous; that they came stays."""
    forget_files(inbounds)
    words = {"text": "", "subject": "", "place": "", "thread": "", "lat": None, "lon": None, "address": None}
    Inbound.objects.filter(pk__in=inbounds).update(**words)


def delete_messages(inbounds: Collection[int]) -> None:
    """Delete messages, their files included."""
    forget_files(inbounds)
    Inbound.objects.filter(pk__in=inbounds).delete()


def forget_files(inbounds: Collection[int]) -> None:
    """Delete what messages brought besides words: the rows now, the files once that is certain."""
    files = InboundFile.objects.filter(inbound__in=inbounds)
    paths = [Path(settings.MEDIA_ROOT) / path for path in files.exclude(path="").values_list("path", flat=True)]
    files.delete()

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)


def remove_loose_files(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete files of messages without a row: the process died before it could. Returns how many went.

    Young files are left alone: their row may be about to name them.
    """
    limit = timezone.now().timestamp() - older_than.total_seconds()
    root = Path(settings.MEDIA_ROOT)
    old = (file for file in (root / "messages").glob("*/*") if file.stat().st_mtime < limit)
    gone = 0
    while batch := list(islice(old, 500)):
        names = {str(file.relative_to(root)): file for file in batch}
        kept = set(InboundFile.objects.filter(path__in=list(names)).values_list("path", flat=True))
        for name in names.keys() - kept:
            names[name].unlink(missing_ok=True)
            gone += 1
    return gone


def change_message(medium: str, change: Changed) -> Inbound | None:
    """Note that the person rewrote a message. None when it is unknown or was taken back.

    An older change than the last is passed over.
    """
    row = _still_said(medium, change.external_id)
    if row is None or (row.changed_at and row.changed_at >= change.at):
        return None
    row.before = copy(row)
    row.text, row.changed_at = change.text, change.at
    row.save(update_fields=["text", "changed_at"])
    return row


def remove_message(medium: str, removal: Removed) -> Inbound | None:
    """Note that the person took a message back. None when it is not here (any more, or yet).

    Its words and place go, and no file of it is fetched any more; that it was there stays. Files that are here already
    are left to the room above, which knows whether a report was made of them. Of one that comes only later nothing is
    kept then.
    """
    row = _still_said(medium, removal.external_id)
    if row is None:
        gone = Inbound(medium=medium, external_id=removal.external_id, received_at=removal.at, removed_at=removal.at)
        gone.state, gone.why = Inbound.State.DROPPED, _("Ditarik pengirimnya sebelum terbaca.")
        insert([gone], skip_known=True)
        return None
    row.before = copy(row)
    row.text = row.subject = row.place = ""
    row.lat = row.lon = None
    row.removed_at = removal.at
    row.save(update_fields=["text", "subject", "place", "lat", "lon", "removed_at"])
    row.files.filter(state=InboundFile.State.WANTED).delete()
    return row


def _still_said(medium: str, external_id: str) -> Inbound | None:
    """A message that was not taken back, locked: of two deliveries that say the same the second finds it done."""
    rows = Inbound.objects.select_for_update().filter(medium=medium, external_id=external_id, removed_at=None)
    return rows.first()


def lease_file(pk: int, *, lease: timedelta) -> InboundFile | None:
    """Take one wanted file to fetch. None when another worker has it."""
    now = timezone.now()
    wanted = InboundFile.objects.filter(pk=pk, state=InboundFile.State.WANTED, next_attempt_at__lte=now)
    taken = wanted.update(next_attempt_at=now + lease, attempts=F("attempts") + 1)
    return InboundFile.objects.select_related("inbound").get(pk=pk) if taken else None


@transaction.atomic
def settle_file(file: InboundFile, state: str, *, error: str = "") -> None:
    """Note that a file is kept or not to be had, and tell the rooms above; not of one taken back while it came."""
    file.state, file.error = state, error[:300]
    known = {name: getattr(file, name) for name in ("state", "error", "kind", "mime", "size", "path")}
    if InboundFile.objects.filter(pk=file.pk).update(**known):
        file_settled.send(sender=InboundFile, file=file)


def file_later(file: InboundFile, pause: timedelta, *, error: str) -> None:
    """Fetch it later."""
    InboundFile.objects.filter(pk=file.pk).update(next_attempt_at=timezone.now() + pause, error=error[:300])
