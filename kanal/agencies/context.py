from typing import Any

from django.http import HttpRequest

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
    }
