# ruff: noqa: S311  # shares of an invented world, and the dice that decide in it
"""A few open reports in every state, so that each queue of each demo account has something to show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from kanal.agencies.demo_people import AGENCY
from kanal.reports.actions.bulk_load import Story
from kanal.reports.demo.generator import Generator, Trouble
from kanal.reports.demo.life import Life
from kanal.reports.workflow import Kind


@dataclass(frozen=True, slots=True)
class Shown:
    """One report to be seen: what about, where, how many days ago, and the state in which it stands now."""

    category: str
    village: str
    days_ago: int
    state: str
    handled_here: bool = True
    """By the demo officer's agency rather than the category's usual one."""


SHOWN = (
    Shown("jalan-berlubang", "Jono", 1, "received", handled_here=False),
    Shown("pju-padam", "Kauman", 1, "received", handled_here=False),
    Shown("banjir", "Ledok Kulon", 1, "received", handled_here=False),
    Shown("usul", "Sumbang", 2, "received", handled_here=False),
    Shown("jalan-berlubang", "Sukorejo", 3, "assigned"),
    Shown("jembatan", "Malo", 4, "assigned"),
    Shown("trotoar", "Kepatihan", 16, "assigned"),
    Shown("jalan-desa", "Temayang", 9, "returned"),
    Shown("jalan-berlubang", "Dander", 12, "in_progress"),
    Shown("jalan-proyek", "Kapas", 26, "in_progress"),
    Shown("jalan-berlubang", "Baureno", 12, "needs_info"),
    Shown("jembatan", "Kalitidu", 12, "draft"),
    Shown("jalan-berlubang", "Balen", 12, "submitted"),
    Shown("trotoar", "Klangon", 12, "approved"),
    Shown("jalan-berlubang", "Ngasem", 12, "answered"),
    Shown("jalan-berlubang", "Sumberrejo", 15, "reopen_asked"),
    Shown("korupsi", "Padangan", 5, "received", handled_here=False),
    Shown("korupsi", "Kanor", 20, "received", handled_here=False),
)


def showcase(generator: Generator) -> Iterator[Story]:
    """The stories to show; their numbers follow those of the generator's own reports."""
    office, agency = generator.office, generator.facts.agencies_by_code[AGENCY]
    for number, shown in enumerate(SHOWN, generator.total):
        rng = Random(f"{generator.seed}/{number}/shown")
        morning = office.midnight(office.today - timedelta(days=shown.days_ago))
        at = morning + timedelta(hours=7, minutes=rng.randrange(240))
        scene = generator.scenes.about(shown.category)
        trouble = generator.trouble(rng, scene, generator.places.named(shown.village), at)
        story = _open_story(generator, rng, number, trouble)
        life = Life(generator.world, rng, story, scene, until=shown.state)
        if shown.handled_here:
            life.agency = agency.id
        life.run()
        yield story


def _open_story(generator: Generator, rng: Random, number: int, trouble: Trouble) -> Story:
    """A report that the demo's people may see: not secret, unless it is whistle-blowing."""
    story = generator.told(rng, number, trouble.since, trouble)
    if trouble.scene.kind is not Kind.WHISTLEBLOWING:
        story.report["secret"] = False
    return story
