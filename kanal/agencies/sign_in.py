from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F
from django.http import HttpRequest

from kanal.agencies.models import User


class StaffOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's hook
        """Closed, always."""
        return False


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Finds the person of a session together with their roles: every page of the desk needs both."""

    def get_user(self, user_id: int | str) -> User | None:
        """The active account, its roles in `held` (see queries.actor_of); None for a closed or missing one."""
        rows = list(
            User.objects.filter(pk=user_id)
            .annotate(held_role=F("memberships__role"), held_agency=F("memberships__agency_id"))
            .order_by()
        )
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        user = rows[0]
        user.held = [(row.held_role, row.held_agency) for row in rows if row.held_role]
        return user
