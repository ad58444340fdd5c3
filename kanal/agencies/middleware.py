from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

_KNOWN = "second_factor"
_OWN_FACTORS = "/akun/2fa/"


class SecondFactor:
    """Staff must have a second factor before they see anything of the desk or the admin pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send a signed-in person without a second factor to the page where one is set up."""
        if request.method == "POST" and request.path.startswith(_OWN_FACTORS):
            request.session.pop(_KNOWN, None)  # something may be taken off now: look again afterwards
        guarded = request.path.startswith(("/meja/", "/admin/"))
        if settings.SECOND_FACTOR_REQUIRED and guarded and request.user.is_authenticated and not self._has_one(request):
            messages.info(request, _("Sebelum membuka meja, pasang dulu pengaman kedua untuk akun Anda."))
            return redirect(reverse("mfa_index"))
        return self.get_response(request)

    @staticmethod
    def _has_one(request: HttpRequest) -> bool:
        """Asked once per session: every page of the desk would otherwise cost a query more."""
        if not request.session.get(_KNOWN):
            request.session[_KNOWN] = is_mfa_enabled(request.user)
        return bool(request.session[_KNOWN])
