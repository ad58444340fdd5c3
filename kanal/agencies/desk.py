from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.agencies.models import User
from kanal.agencies.queries import Actor, actor_of
from kanal.common.refusal import Refused

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of a signed-in person, with the roles they hold."""

    actor: Actor
    user: User


def desk(
    *roles: str,
) -> Callable[
    [Callable[Concatenate[DeskRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Open a page to signed-in people who hold one of these roles (none named: any role), and tell it who they are.

    Raises Refused (403) for an account without such a role.
    """

    def wrap(
        view: Callable[Concatenate[DeskRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @login_required
        @wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = actor_of(request.user)  # type: ignore[arg-type]  # login_required leaves no anonymous user
            if not actor.roles or (roles and not actor.has(*roles)):
                raise Refused(
                    _("Akun Anda belum punya peran untuk halaman ini. Minta administrator menambahkannya."), status=403
                )
            request.actor = actor  # type: ignore[attr-defined]  # it becomes a DeskRequest
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        return inner

    return wrap
