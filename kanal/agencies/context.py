from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import gettext as _

from kanal.agencies.demo_people import demo_accounts
from kanal.agencies.models import Membership
from kanal.agencies.queries import Actor, reference

Role = Membership.Role


signs: dict[str, Callable[[Actor], int]] = {}
"""Numbers beside lines of the menu, by address. The rooms above fill it in: what waits there is their fact."""

DAILY = frozenset({"/meja/", "/meja/pesan/", "/meja/tugas/", "/meja/acara/", "/meja/radio/", "/kinerja/"})
"""What is opened many times a day. On a wide screen a longer menu keeps what does not fit beside it under "Lainnya"."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The desk's menu as addresses and words: what is always in sight, and the rest under the word `more`."""

    sight: Sequence[tuple[str, str]] = ()
    rest: Sequence[tuple[str, str]] = ()
    more: str = ""


def _with_number(words: str, number: int) -> str:
    return format_html('{} <span class="badge red">{}</span>', words, number) if number else words


def desk_menu(actor: Actor) -> Menu:
    """The desk's menu for somebody's roles. Each page asks for the role again by itself."""
    talks = bool(actor.roles - {Role.INSPECTOR, Role.ADMINISTRATOR})
    pages = [
        ("/meja/", _("Antrean"), actor.roles != {Role.ANNOUNCER}),
        ("/meja/pesan/", _("Pesan"), actor.has(Role.COORDINATOR, Role.INSPECTOR)),
        ("/meja/tugas/", _("Tugas"), actor.has(Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR)),
        ("/meja/acara/", _("Acara"), actor.has(Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR)),
        ("/meja/isu/", _("Isu"), talks),
        ("/meja/dialog/", _("Dialog"), talks),
        ("/meja/janji/", _("Janji"), talks),
        ("/meja/lembar/", _("Lembar pekanan"), bool(actor.roles - {Role.ANNOUNCER, Role.ADMINISTRATOR})),
        ("/meja/aturan/", _("Aturan disposisi"), actor.has(Role.COORDINATOR)),
        ("/meja/radio/", _("Radio"), actor.has(Role.COORDINATOR, Role.ANNOUNCER)),
        ("/meja/lapor/", _("LAPOR!"), actor.has(Role.COORDINATOR, Role.LEADER)),
        ("/meja/saluran/", _("Saluran"), actor.has(Role.COORDINATOR, Role.ADMINISTRATOR)),
        ("/meja/kiriman/", _("Kiriman"), actor.has(Role.COORDINATOR, Role.ADMINISTRATOR)),
        ("/kinerja/", _("Kinerja"), True),
        ("/admin/", _("Admin"), actor.has(Role.ADMINISTRATOR)),
    ]
    offered = [(href, words, signs[href](actor) if href in signs else 0) for href, words, theirs in pages if theirs]
    seldom = [line for line in offered if line[0] not in DAILY]
    room = len(DAILY) - (len(offered) - len(seldom))
    rest = seldom[room:]
    sight = [line for line in offered if line not in rest]
    return Menu(
        sight=[(href, _with_number(words, number)) for href, words, number in sight],
        rest=[(href, _with_number(words, number)) for href, words, number in rest],
        more=_with_number(_("Lainnya"), sum(number for _href, _words, number in rest)),
    )


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: the regency, today's date there, who is signed in (None for citizens) and their menu."""
    facts = reference()
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "regency": facts.regency,
        "today": facts.today(),
        "actor": actor,
        "nav": desk_menu(actor) if actor else Menu(),
        "demo_accounts": demo_accounts,
        # Drawn once for all forms of a page: each drawing takes fresh random digits.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
    }
