from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
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


DeskView = Callable[Concatenate[DeskRequest, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def desk(*roles: str) -> Callable[[DeskView[P]], View[P]]:
    """Open a page to signed-in people who hold one of these roles (none named: any role), and tell it who they are.

    Raises Refused (403) for an account without such a role.
    """

    def wrap(view: DeskView[P]) -> View[P]:
        @wraps(view)
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            user = request.user
            if not isinstance(user, User):
                return redirect_to_login(request.get_full_path())
            actor = actor_of(user)
            if not actor.roles or (roles and not actor.has(*roles)):
                sentence = _("Akun Anda belum punya peran untuk halaman ini. Minta administrator menambahkannya.")
                raise Refused(sentence, status=403)
            asked = cast("DeskRequest", request)
            asked.actor = actor
            return view(asked, *args, **kwargs)

        return inner

    return wrap
