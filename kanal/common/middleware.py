import errno
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string, select_template
from django.utils import translation
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused

log = logging.getLogger(__name__)
_WRONG_METHOD = 405
_PERMISSIONS = (
    "geolocation=(self), camera=(), microphone=(), display-capture=(), payment=(), usb=(), browsing-topics=()"
)
_FULL = {errno.ENOSPC, errno.EDQUOT}

Handler = Callable[[HttpRequest], HttpResponse]


class ChosenLanguage:
    """Indonesian unless the reader chose English here.

    The browser's own setting is not asked: many phones in the villages run in English because nobody changed it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language for this request."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


class OurOwnContent:
    """Allows pages nothing but our own files (Content-Security-Policy, settings.CONTENT_SECURITY_POLICY)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        rules = settings.CONTENT_SECURITY_POLICY.items()
        self.policy = "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in rules)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header; a page that says something stricter itself keeps it."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class RefuseBrokenInput:
    """Ends requests that no honest browser sends (NUL bytes in the address) with a clear 400, before any database."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse or pass on."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(render_to_string("errors/400.html", {}, using="jinja2"))
        return self.get_response(request)


class OursAlone:
    """Tells browsers that nothing of ours goes into other sites, and no page uses more of a phone than its place.

    Static files too, so it stands before whatever serves them.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response


class KeptByNobody:
    """Tells browsers and proxies to keep no copy of what staff, reporters and partners read, faults included."""

    PLACES = ("/meja/", "/akun/", "/admin/", "/lacak/", "/tugas/", "/aduan/ikuti/", "/aduan/berhenti/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header where the page has not done so itself."""
        response = self.get_response(request)
        if request.path.startswith(self.PLACES) and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class PoliteRefusal:
    """Turns a Refused raised anywhere below into a page that says, in one sentence, why not and what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on. To a wrong method Django answers with an empty page: somebody signed in anew on a form, say."""
        response = self.get_response(request)
        if response.status_code == _WRONG_METHOD and not response.streaming and not response.content:
            sentence = _("Halaman ini hanya menerima kiriman formulir. Kembali ke halaman sebelumnya, lalu ulangi.")
            response.content = render_to_string("errors/page.html", {"message": sentence}, using="jinja2").encode()
            response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Draw the refusal; a database or disk that cannot take anything now is one too."""
        if isinstance(exception, OperationalError) or getattr(exception, "errno", None) in _FULL:
            log.error("nothing can be stored now", exc_info=exception)
            exception = Refused(
                _("Maaf, kami sedang bermasalah. Tekan tombol kembali: tulisan Anda masih ada di HP ini."), status=503
            )
        if not isinstance(exception, Refused):
            return None
        template = select_template([f"errors/{exception.status}.html", "errors/page.html"], using="jinja2")
        # The frame of a page asks the database who and where we are; a fault must not lead to the next one.
        content = template.render({"message": exception.sentence}, None if exception.status == 503 else request)  # noqa: PLR2004  # unavailable
        return HttpResponse(content, status=exception.status)
