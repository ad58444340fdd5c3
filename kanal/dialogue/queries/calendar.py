"""The agenda as an iCalendar file (RFC 5545), for the calendars of people's telephones."""

from collections.abc import Iterable
from datetime import UTC, timedelta

import icalendar
from django.conf import settings
from django.urls import reverse

from kanal.agencies.queries import reference
from kanal.common.text import drop_surrogates
from kanal.dialogue.models import Episode
from kanal.dialogue.queries.episodes import public
from kanal.dialogue.workflow import Status

MOST = 200
REFRESH = timedelta(hours=6)


def calendar_file(programme: str = "", *, only: Episode | None = None) -> bytes:
    """The announced episodes, the newest 200, or one of them.

    An episode keeps its UID for ever, and its SEQUENCE grows with every change of time, place or standing, so that a
    calendar that took it once moves or strikes out its own entry.
    """
    regency = reference().regency
    found = icalendar.Calendar()
    found.add("prodid", "-//Kanal//dialog//ID")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"Dialog {regency.name}")
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    episodes: Iterable[Episode] = [only] if only else public(programme).prefetch_related("slots")[:MOST]
    for episode in episodes:
        found.add_component(_entry(episode, regency.code))
    content: bytes = found.to_ical()
    return content


def _entry(episode: Episode, regency_code: str) -> icalendar.Event:
    entry = icalendar.Event()
    name = ": ".join(filter(None, (episode.programme.name, episode.theme)))
    link = settings.BASE_URL + reverse("dialogue:episode", args=[episode.pk])
    topics = [f"- {slot.topic}" for slot in episode.slots.all()]
    starts_at = episode.starts_at.astimezone(UTC)
    called_off = episode.status == Status.CANCELLED
    entry.add("uid", f"dialog-{episode.pk}@{regency_code}.kanal")
    entry.add("sequence", episode.sequence)
    entry.add("dtstamp", episode.changed_at.astimezone(UTC))
    entry.add("last-modified", episode.changed_at.astimezone(UTC))
    entry.add("dtstart", starts_at)
    entry.add("dtend", starts_at + timedelta(minutes=episode.duration))
    entry.add("summary", drop_surrogates(name))
    entry.add("location", drop_surrogates(episode.place))
    entry.add("description", drop_surrogates("\n".join(filter(None, (episode.reason, *topics, link)))))
    entry.add("url", link)
    entry.add("status", "CANCELLED" if called_off else "CONFIRMED")
    return entry
