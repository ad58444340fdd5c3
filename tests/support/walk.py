"""The walk through every page: what the URLconf offers, and how a table says who may see which page.

The tables are in `tests/support/pages/`, one for each room. A page without a line there fails tests/test_every_page.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.support.town import Town

Arguments = Callable[[Town], list[object]]
STAFF = ("kun", "oki", "heni", "dewi", "laras", "ida", "agus", "rina")
"""Everybody with an account, by their names in tests/support/people.py."""
COMMON = ("kun", "oki", "heni", "laras", "ida", "agus")
HOSTS = ("rina", "kun")
HANDLERS = ("kun", "oki", "heni")
PLACEHOLDERS = {"int": "1", "str": "x", "slug": "x", "path": "x"}
"""What stands in for the argument of a URL where no real one is needed."""


def nothing(_town: Town) -> list[object]:
    """A page without arguments."""
    return []


@dataclass(frozen=True)
class Stop:
    """One page as some people see it. Nobody named means: a citizen without an account.

    `who` see it in the browser too; `also` may open it and find nothing there that `who` have not seen. At the desk
    (/meja/) everybody else must be refused, where a stop has neither a query nor another status.
    """

    who: tuple[str, ...] = ("",)
    arguments: Arguments = nothing
    query: str = ""
    status: int = 200
    also: tuple[str, ...] = ()
    page: bool = True
    """No page: pictures, files, feeds, and parts of pages."""

    def path(self, name: str, town: Town) -> str:
        """Where it is."""
        return reverse(name, args=self.arguments(town)) + (f"?{self.query}" if self.query else "")

    @property
    def named(self) -> set[str]:
        """Everybody of whom it says how they are answered."""
        return {*self.who, *self.also}


Pages = dict[str, tuple[Stop, ...]]


def data(arguments: Arguments = nothing, *who: str, also: tuple[str, ...] = (), query: str = "") -> tuple[Stop, ...]:
    """What is no page."""
    return (Stop(who or ("",), arguments, query, also=also, page=False),)


def linked(link: Callable[[Town], str]) -> Stop:
    """A citizen who followed a link from a letter: the last part of its path is the page's argument."""
    return Stop(arguments=lambda town: [urlsplit(link(town)).path.rstrip("/").rpartition("/")[2]])


@dataclass(frozen=True)
class Place:
    """A URL of the URLconf: its name with its room ("issues:desk_issue"), and its path with placeholders."""

    name: str
    path: str


def _places(patterns: list[URLPattern | URLResolver], before: str = "/", room: str = "") -> Iterator[Place]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _places(pattern.url_patterns, route, pattern.namespace or room)
        else:
            for argument in pattern.pattern.converters:
                kind = next(kind for kind in PLACEHOLDERS if f"<{kind}:{argument}>" in route)
                route = route.replace(f"<{kind}:{argument}>", PLACEHOLDERS[kind])
            yield Place(f"{room}:{pattern.name}" if room else pattern.name or route, route)


def places(*, without: tuple[str, ...]) -> list[Place]:
    """Every URL of Kanal, except below the paths that answer programs or belong to libraries."""
    return [place for place in _places(get_resolver().url_patterns) if not place.path.startswith(without)]


def takes_only(client: Client, place: Place) -> bool:
    """Whether a URL only takes what a form sends: whoever merely opens it is told so (405)."""
    return client.get(place.path).status_code == 405
