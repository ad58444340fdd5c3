"""Kanal and, under /bare/, a second handler with the seven middlewares of a new Django project and nothing else."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings

from kanal.common.sqlite.requests import one_by_one

PLAIN = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
_kanal = get_wsgi_application()
with override_settings(MIDDLEWARE=PLAIN):
    _bare = WSGIHandler()


def _either(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request by the one or the other."""
    handler = _bare if environ["PATH_INFO"].startswith("/bare/") else _kanal
    return handler(environ, start_response)


application = one_by_one(_either)
