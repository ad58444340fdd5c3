from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from kanal.agencies.demo_people import demo_accounts
from kanal.agencies.queries import reference


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: the regency, today's date there, and who is signed in (None for citizens)."""
    facts = reference()
    return {
        "regency": facts.regency,
        "today": facts.today(),
        "actor": getattr(request, "actor", None),
        "demo_accounts": demo_accounts,
        # Drawn once for all forms of a page: each drawing takes fresh random digits.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
    }
