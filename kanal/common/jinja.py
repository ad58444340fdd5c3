"""The Jinja2 environment of every page: escaping on, gettext of the request's language, icons, dates and numbers."""

from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, Template
from markupsafe import Markup

from kanal.common import calendar_words, formats, icons

LEVELS = {
    "success": ("green", "check"),
    "warning": ("yellow", "alert"),
    "error": ("red", "alert"),
}
"""Message level to status colour and icon; anything else is a blue note."""


class Page(Template):
    """A template whose result carries the icon symbols it used."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Render as any template, then fill the icon sprite."""
        return icons.fill_sprite(super().render(*args, **kwargs))


class PageEnvironment(Environment):
    """An environment whose templates are pages."""

    template_class = Page


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Find the address of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def notes(request: HttpRequest | None) -> list[tuple[str, str, str]]:
    """Take the messages waiting for this visitor, as (colour, icon, text); they are shown once."""
    if request is None:
        return []
    return [(*LEVELS.get(note.level_tag, ("blue", "info")), note.message) for note in get_messages(request)]


def is_here(request: HttpRequest | None, path: str) -> Markup:
    """Mark the navigation link of the page one is on; ``/`` and ``/meja/`` only match exactly."""
    if request is None:
        return Markup()
    here = request.path == path if path in {"/", "/meja/"} else request.path.startswith(path)
    return Markup(' aria-current="page"') if here else Markup()


def gettext(message: str) -> str:
    """The text in the reader's language. The source language needs no look-up, and a page has a hundred of them."""
    return message if translation.get_language() == settings.LANGUAGE_CODE else translation.gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The same for a number; Indonesian has one form for all."""
    if translation.get_language() == settings.LANGUAGE_CODE:
        return singular
    return translation.ngettext(singular, plural, number)


def say(message: str, **variables: Any) -> Markup:
    """``_("… %(name)s", name=x)`` in a template: translated, with the variables escaped into it.

    The extension's own ``_`` looks its function up in the context at every call; a page has a hundred of them.
    """
    text = Markup(gettext(message))  # noqa: S704  # our own catalogue; Markup's % escapes the variables
    return text % variables if variables or "%" in text else text


def environment(**options: Any) -> Environment:
    """Build the environment; Django calls it with the backend's OPTIONS.

    Texts come through new-style gettext: ``_("… %(name)s", name=x)`` escapes ``x``, and a literal per cent sign in a
    text is written ``%%``. The gettext functions look the language up on each call, so one environment serves all.
    """
    extensions = [*options.pop("extensions", []), "jinja2.ext.i18n", "jinja2.ext.do"]
    options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True, **options, "extensions": extensions}
    env = PageEnvironment(**options)
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext,
        ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(
        _=say,
        static=static,
        url=url,
        icon=icons.icon,
        icon_sprite=icons.icon_sprite,
        language=translation.get_language,
        notes=notes,
        is_here=is_here,
        ticks=formats.ticks,
    )
    env.filters.update(formats.FILTERS, why_off=calendar_words.why_off)
    return env
