import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kanal.agencies.queries import Actor, actor_of, reference
from kanal.channels.actions import address_for
from kanal.dialogue import actions
from kanal.dialogue.actions import Asked, Plan, Promised
from kanal.dialogue.actions.packs import load_pack
from kanal.dialogue.models import Commitment, Episode, Programme, Question
from tests.support.people import PACK, People

MakeEpisode = Callable[..., Episode]


@pytest.fixture
def rina(people: People) -> Actor:
    """The announcer, who hosts."""
    load_pack(PACK)
    return actor_of(people.rina)


@pytest.fixture
def make_episode(rina: Actor) -> MakeEpisode:
    """Plan a Dialog Jumat, in so many hours from now."""

    def make(*, hours: float = 48, at: datetime | None = None, **more: Any) -> Episode:
        told: dict[str, Any] = {"place": "Pendapa Malowopati", "theme": "Jalan rusak", **more}
        programme = Programme.objects.get(code="dialog-jumat")
        starts_at = at or timezone.now() + timedelta(hours=hours)
        return actions.plan(plan=Plan(programme, starts_at, **told), by=rina)

    return make


@pytest.fixture
def episode(make_episode: MakeEpisode) -> Episode:
    return make_episode()


@pytest.fixture
def promise(people: People, rina: Actor) -> Commitment:
    """The roads agency promised something for ten days from now."""
    due_on = reference().today() + timedelta(days=10)
    return actions.promise(promised=Promised("Lubang di tikungan Jono ditambal", people.roads, due_on), by=rina)


@pytest.fixture
def held(make_episode: MakeEpisode, rina: Actor) -> Episode:
    """One whose time has come, announced while it was ahead."""
    episode = make_episode()
    actions.announce(episode=episode, by=rina)
    Episode.objects.filter(pk=episode.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    episode.refresh_from_db()
    return episode


@pytest.fixture
def running(held: Episode, rina: Actor) -> Episode:
    """One that is on the air for half an hour yet, with two topics."""
    Episode.objects.filter(pk=held.pk).update(starts_at=timezone.now() - timedelta(minutes=30))
    held.refresh_from_db()
    for topic in ("Jalan berlubang", "Air bersih"):
        actions.add_topic(episode=held, topic=topic, by=rina)
    held.refresh_from_db()
    return held


Ask = Callable[..., Question]


@pytest.fixture
def ask() -> Ask:
    """Somebody asks an episode something; with a handle, by telephone number on WhatsApp."""
    numbers = itertools.count(1)

    def asks(
        episode: Episode, text: str = "Kapan jalan Temayang diperbaiki?", *, handle: str = "", **more: object
    ) -> Question:
        address = address_for(medium="whatsapp", handle=handle) if handle else None
        told = {"medium": "whatsapp" if handle else "web", "submission": f"uji-tanya-{next(numbers):06}", **more}
        return actions.ask(episode=episode, asked=Asked(text, address=address, **told)).question  # type: ignore[arg-type]  # a test's own words

    return asks
