"""What Django draws when no page could answer: one sentence for a person, whatever went wrong, without the database."""

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _page(status: int, message: str = "") -> HttpResponse:
    content = render_to_string(f"errors/{status}.html", {"message": message}, using="jinja2")
    return HttpResponse(content, status=status)


def bad_request(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not understood, or more than a form may carry."""
    if isinstance(exception, TOO_MUCH):
        sentence = _("Kiriman itu terlalu besar. Kurangi teksnya, atau kirim paling banyak 5 foto sekaligus.")
        return _page(413, sentence)
    return _page(400)


def forbidden(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's hook
    """Not for this visitor."""
    return _page(403)


def not_found(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's hook
    """Nothing at this address."""
    return _page(404)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Our fault. The fault itself is in the log."""
    return _page(500)


def no_cookie(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without the mark that proves it is ours: cookies are off, or the page was open for weeks."""
    log.warning("a form was refused: %s", reason)
    sentence = _(
        "Formulir ini tidak bisa kami pastikan berasal dari halaman kami. Izinkan cookie di peramban Anda, "
        "muat ulang halamannya, lalu kirim lagi."
    )
    return _page(403, sentence)
