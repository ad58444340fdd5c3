"""How an episode runs: which topic is on, who writes the minutes, what stands in them and when they are closed."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.models import User
from kanal.agencies.queries import Actor
from kanal.common.kept import kept
from kanal.common.masking import mask
from kanal.common.refusal import Refused
from kanal.dialogue import policy
from kanal.dialogue.actions.deed import Deed, tell
from kanal.dialogue.models import Episode, Minute, Sitting, Slot


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote for a topic (None: for the evening), and the version that they saw; 0 for none yet."""

    text: str
    slot: Slot | None = None
    seen: int = 0


class Overtaken(Refused):
    """Somebody else wrote in between; `minute` is what stands there now."""

    def __init__(self, minute: Minute) -> None:
        sentence = _("%(name)s baru saja menulis di sini. Tulisan Anda masih ada: gabungkan, lalu simpan.")
        super().__init__(sentence % {"name": minute.changed_by.name}, code="stale")
        self.minute = minute


def _sitting(episode: Episode) -> Sitting:
    """How it runs, locked by its episode."""
    Episode.objects.select_for_update(of=("self",)).get(pk=episode.pk)
    return Sitting.objects.get_or_create(episode_id=episode.pk)[0]


@transaction.atomic
def turn(*, episode: Episode, slot: Slot, by: Actor) -> None:
    """From now on this topic is talked about; saying so again changes nothing."""
    policy.check("turn", by, episode)
    if slot.episode_id != episode.pk:
        raise Refused(_("Topik itu tidak ada lagi."), status=404, code="hidden")
    sitting = _sitting(episode)
    if sitting.slot_id == slot.pk:
        return
    sitting.slot, sitting.since = slot, timezone.now()
    sitting.save()
    tell(episode, "turn", by=by, at=sitting.since, data={"topic": slot.topic})


@transaction.atomic
def name_notes(*, episode: Episode, user: User | None, by: Actor) -> None:
    """Ask somebody with a desk to write the minutes of an episode, or (None) nobody but its hosts."""
    if user and not user.memberships.filter(role__in=policy.READERS).exists():
        raise Refused(_("Orang itu tidak punya meja dialog. Pilih yang lain."), status=400, code="no_desk")
    with Deed("name_notes", episode, by=by) as deed:
        sitting = _sitting(deed.subject)
        sitting.notes_by = user
        sitting.save()
        deed.data = {"user": user.pk if user else None}


@transaction.atomic
def write(*, episode: Episode, draft: Draft, by: Actor) -> Minute:
    """Keep the minutes of a topic as they are now; whoever types saves every few seconds.

    The same words again change nothing. Raises Overtaken, which carries what stands there, when somebody else wrote
    since `seen`; Refused once the minutes are closed. Only the first writing has a line in the history of the episode.
    """
    policy.check("write", by, episode)
    text = kept(draft.text, most=Minute.LONGEST)
    if _sitting(episode).closed_at:
        raise Refused(_("Notulen sudah ditutup. Minta koordinator membukanya lagi."), code="closed")
    minute = _minute(episode, draft.slot)
    if minute is None:
        return _first(episode, draft.slot, text, by)
    if minute.text == text:
        return minute
    if minute.version != draft.seen:
        raise Overtaken(minute)
    minute.text, minute.changed_by_id, minute.version = text, by.user_id or 0, minute.version + 1
    minute.save()
    return minute


def _minute(episode: Episode, slot: Slot | None) -> Minute | None:
    rows = Minute.objects.select_related("changed_by").filter(episode_id=episode.pk)
    return rows.filter(slot=slot).first() if slot else rows.filter(general=True).first()


def _first(episode: Episode, slot: Slot | None, text: str, by: Actor) -> Minute:
    if slot and slot.episode_id != episode.pk:
        raise Refused(_("Topik itu tidak ada lagi. Salin tulisan Anda ke topik lain."), status=404, code="hidden")
    if not episode.notes.exists():
        tell(episode, "write", by=by, at=timezone.now())
    return Minute.objects.create(
        episode_id=episode.pk,
        slot=slot,
        general=slot is None,
        topic=slot.topic if slot else "",
        text=text,
        changed_by_id=by.user_id or 0,
    )


@transaction.atomic
def close_minutes(*, episode: Episode, by: Actor, version: int | None = None) -> None:
    """Sign the minutes off: from now on everybody reads them, masked, and nobody changes them."""
    with Deed("close_minutes", episode, by=by, version=version) as deed:
        sitting = _sitting(deed.subject)
        if sitting.closed_at:
            raise Refused(_("Sudah dilakukan."), code="repeated")
        notes = list(deed.subject.notes.select_related("slot"))
        if not any(one.text for one in notes):
            raise Refused(_("Notulennya masih kosong."), code="empty")
        for one in notes:
            one.shown, one.topic = mask(one.text).text, one.slot.topic if one.slot else one.topic
        Minute.objects.bulk_update(notes, ["shown", "topic"])
        sitting.closed_at = deed.at
        sitting.save()


@transaction.atomic
def open_minutes(*, episode: Episode, by: Actor, version: int | None = None) -> None:
    """Take signed minutes back to mend them; nobody else reads them until they are closed again."""
    with Deed("open_minutes", episode, by=by, version=version) as deed:
        sitting = _sitting(deed.subject)
        if not sitting.closed_at:
            raise Refused(_("Sudah dilakukan."), code="repeated")
        sitting.closed_at = None
        sitting.save()
