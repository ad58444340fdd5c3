from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string, select_template
from django.utils import translation

from kanal.common.refusal import Refused

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


class RefuseBrokenInput:
    """Ends requests that no honest browser sends (NUL bytes in the address) with a clear 400, before any database."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse or pass on."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(render_to_string("errors/400.html", {}, using="jinja2"))
        return self.get_response(request)


class PoliteRefusal:
    """Turns a Refused raised anywhere below into a page that says, in one sentence, why not and what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Draw the refusal."""
        if not isinstance(exception, Refused):
            return None
        template = select_template([f"errors/{exception.status}.html", "errors/page.html"], using="jinja2")
        content = template.render({"message": exception.sentence}, request)
        return HttpResponse(content, status=exception.status)
