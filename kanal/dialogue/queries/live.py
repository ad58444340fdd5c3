"""What the live page of an episode shows: its topics, the questions in their places, the minutes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.models import Membership, User
from kanal.agencies.queries import reference
from kanal.channels.models import Medium
from kanal.common.masking import mask
from kanal.dialogue import policy
from kanal.dialogue.models import Episode, Minute, Question, Sitting, Slot
from kanal.dialogue.queries.questions import ends_at, of_programme
from kanal.dialogue.workflow import UNANSWERED, QuestionStatus

MOST_WAITING, MOST_LATER, MOST_DONE = 60, 40, 20
FAR = 120
"""Minutes before its beginning from which on they are counted down."""


@dataclass(frozen=True, slots=True)
class Line:
    """A question as the studio reads it. `who` and `place` are what the asker told; `before`: from an earlier day."""

    question: Question
    who: str
    place: str
    medium: str
    before: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that moves while an episode runs."""

    episode: Episode
    topics: Sequence[Slot]
    sitting: Sitting
    on_air: Sequence[Line]
    waiting: Sequence[Line]
    later: Sequence[Line]
    done: Sequence[Line]
    counts: dict[str, int]

    @property
    def more(self) -> int:
        """How many wait beyond those that are listed."""
        return max(0, self.counts.get(QuestionStatus.WAITING, 0) - len(self.waiting))

    @property
    def ends_at(self) -> datetime:
        """When the episode is to be over."""
        return ends_at(self.episode)

    @property
    def next_topic(self) -> Slot | None:
        """The topic after the one that is on."""
        order = list(self.topics)
        at = next((place for place, one in enumerate(order) if one.pk == self.sitting.slot_id), -1)
        return order[at + 1] if at + 1 < len(order) else None

    @property
    def left(self) -> str:
        """How long it still goes on, or until it begins."""
        return left_words(self.episode.starts_at, self.ends_at)

    @property
    def topic_ends_at(self) -> datetime | None:
        """When the topic that is on has had its minutes."""
        slot = next((one for one in self.topics if one.pk == self.sitting.slot_id), None)
        since = self.sitting.since
        return since + timedelta(minutes=slot.minutes) if slot and since else None

    @property
    def topic_left(self) -> str:
        """How long the topic that is on still has."""
        ends = self.topic_ends_at
        return left_words(self.sitting.since or ends, ends) if ends else ""


def left_words(starts_at: datetime, ends: datetime) -> str:
    """The time that is left, in words; the page's script goes on counting with the same ones."""
    now = timezone.now()
    to_start, to_end = _minutes(starts_at - now), _minutes(ends - now)
    if to_start > FAR:
        return _("belum mulai")
    if to_start > 0:
        return _("mulai %(minutes)d menit lagi") % {"minutes": to_start}
    if to_end >= 0:
        return _("sisa %(minutes)d menit") % {"minutes": to_end}
    return _("lewat %(minutes)d menit") % {"minutes": -to_end}


def _minutes(stretch: timedelta) -> int:
    return ceil(stretch.total_seconds() / 60)


def sitting_of(episode: Episode) -> Sitting:
    """How an episode runs; of one that nobody led yet an empty row that is not kept."""
    return Sitting.objects.select_related("notes_by").filter(episode=episode).first() or Sitting(episode=episode)


def board(episode: Episode) -> Board:
    """The live page's moving part."""
    own = episode.questions.select_related("slot", "issue", "report")
    earlier = Question.objects.filter(of_programme(episode), status=QuestionStatus.LATER)
    earlier = earlier.select_related("slot", "issue", "report")
    counted = episode.questions.order_by().values_list("status").annotate(number=Count("pk"))
    return Board(
        episode=episode,
        topics=list(episode.slots.select_related("issue")),
        sitting=sitting_of(episode),
        on_air=_lines(episode, own.filter(status=QuestionStatus.ON_AIR).order_by("changed_at")),
        waiting=_lines(episode, own.filter(status=QuestionStatus.WAITING)[:MOST_WAITING]),
        later=_lines(episode, earlier[:MOST_LATER]),
        done=_lines(episode, own.filter(status=QuestionStatus.ANSWERED).order_by("-changed_at")[:MOST_DONE]),
        counts=dict(counted),
    )


def _lines(episode: Episode, questions: Iterable[Question]) -> list[Line]:
    regions = reference().regions
    found = []
    for one in questions:
        region = regions.get(one.region_id) if one.region_id else None
        place = region.place if region else mask(one.place).text
        before = one.episode_id != episode.pk
        found.append(Line(one, mask(one.name).text, place, str(Medium(one.medium).label), before))
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """The minutes of one topic as they are written: a topic without any has an empty page. `slot` None: the evening."""

    slot: Slot | None
    topic: str
    text: str
    version: int


def pages(episode: Episode) -> list[Page]:
    """The minutes in the order of the topics, then those of topics that were dropped, then those of the evening."""
    kept = list(episode.notes.all())
    by_slot = {one.slot_id: one for one in kept if one.slot_id}
    found = [_page(slot, slot.topic, by_slot.get(slot.pk)) for slot in episode.slots.all()]
    found += [_page(None, one.topic, one) for one in kept if not one.slot_id and not one.general]
    return [*found, _page(None, "", next((one for one in kept if one.general), None))]


def _page(slot: Slot | None, topic: str, minute: Minute | None) -> Page:
    return Page(slot, topic, minute.text if minute else "", minute.version if minute else 0)


def public_minutes(episode: Episode) -> list[Minute]:
    """The minutes as everybody reads them, once they are closed: by topic, then what belongs to none."""
    if not Sitting.objects.filter(episode=episode, closed_at__isnull=False).exists():
        return []
    notes = episode.notes.exclude(shown="").select_related("slot")
    return sorted(notes, key=lambda one: (one.general, one.slot.number if one.slot else 0, one.pk))


def public_answers(episode: Episode) -> list[Question]:
    """The questions that were answered, as everybody reads them once the minutes are closed."""
    return list(episode.questions.filter(status=QuestionStatus.ANSWERED)[: 2 * MOST_WAITING])


def left_over(episode: Episode) -> QuerySet[Question]:
    """What was asked and neither answered nor put in a place."""
    return episode.questions.filter(status__in=UNANSWERED)


def note_takers() -> list[User]:
    """Who may be asked to write minutes: everybody with a desk for dialogue, by name."""
    has_desk = Membership.objects.filter(role__in=policy.READERS).values("user_id")
    return list(User.objects.filter(pk__in=has_desk, is_active=True).order_by("name")[:500])
