from collections.abc import Callable
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


def _with_sign(href: str, words: str, actor: Actor) -> str:
    number = signs[href](actor) if href in signs else 0
    return format_html('{} <span class="badge red">{}</span>', words, number) if number else words


def desk_menu(actor: Actor) -> list[tuple[str, str]]:
    """The desk's menu for somebody's roles: addresses and words. Each page asks for the role again by itself."""
    pages = [
        ("/meja/", _("Antrean"), actor.roles != {Role.ANNOUNCER}),
        ("/meja/pesan/", _("Pesan"), actor.has(Role.COORDINATOR, Role.INSPECTOR)),
        ("/meja/tugas/", _("Tugas"), actor.has(Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR)),
        ("/meja/acara/", _("Acara"), actor.has(Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR)),
        ("/meja/aturan/", _("Aturan disposisi"), actor.has(Role.COORDINATOR)),
        ("/meja/radio/", _("Radio"), actor.has(Role.COORDINATOR, Role.ANNOUNCER)),
        ("/meja/saluran/", _("Saluran"), actor.has(Role.COORDINATOR, Role.ADMINISTRATOR)),
        ("/meja/kiriman/", _("Kiriman"), actor.has(Role.COORDINATOR, Role.ADMINISTRATOR)),
        ("/kinerja/", _("Kinerja"), True),
        ("/admin/", _("Admin"), actor.has(Role.ADMINISTRATOR)),
    ]
    return [(href, _with_sign(href, words, actor)) for href, words, offered in pages if offered]


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: the regency, today's date there, who is signed in (None for citizens) and their menu."""
    facts = reference()
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "regency": facts.regency,
        "today": facts.today(),
        "actor": actor,
        "nav": desk_menu(actor) if actor else [],
        "demo_accounts": demo_accounts,
        # Drawn once for all forms of a page: each drawing takes fresh random digits.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
    }
