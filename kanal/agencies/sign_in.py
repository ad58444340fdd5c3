from ipaddress import ip_address

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.agencies.models import User
from kanal.common.prepared import Prepared
from kanal.common.refusal import Refused
from kanal.common.visitors import told_address

UNTOLD = "0.0.0.0"  # noqa: S104  # the name of a counter, nothing listens here


class StaffOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's hook
        """Closed, always."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which attempts are counted: the visitor's, not the proxy's that stands before all of us.

        Visitors whose address cannot be told share one counter.
        """
        try:
            return str(ip_address(told_address(request)))
        except ValueError:
            return UNTOLD


def own_address(_request: HttpRequest) -> HttpResponse:
    """Stands where allauth would let people add e-mail addresses to their account, unproven and even a colleague's.

    Raises Refused: whoever reads the mailbox of an account can sign in to it, so an administrator decides which it is.
    """
    raise Refused(_("Alamat e-mail akun diatur oleh administrator. Minta ia mengubahnya bila perlu."), status=403)


_with_roles: Prepared[User] = Prepared(
    lambda user_id: (
        User.objects.filter(pk=user_id)
        .annotate(held_role=F("memberships__role"), held_agency=F("memberships__agency_id"))
        .order_by()
    )
)


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Finds the person of a session together with their roles: every page of the desk needs both."""

    def get_user(self, user_id: int | str) -> User | None:
        """The active account, its roles in `held` (see queries.actor_of); None for a closed or missing one."""
        rows = _with_roles(int(user_id))
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        user = rows[0]
        held = [(row.__dict__["held_role"], row.__dict__["held_agency"]) for row in rows]
        user.held = [(role, agency) for role, agency in held if role]
        return user
