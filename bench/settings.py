"""Kanal's own settings, the bare views beside it, and no limits per visitor: all load comes from one address."""

from kanal.config.settings import *  # noqa: F403  # the point is to measure exactly these
from kanal.config.settings import INSTALLED_APPS, LIMITS

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
LIMITS = dict.fromkeys([*LIMITS, "tries"], (0, 1))
PROOF_OF_WORK_COST = 10  # the visitor's work, not the server's; checking it costs the same
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
WSGI_APPLICATION = "bench.wsgi.application"
