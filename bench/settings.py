"""Kanal's own settings with the bare views beside it and the per-visitor limits off: all load comes from one address."""

from kanal.config.settings import *  # noqa: F403  # the point is to measure exactly these
from kanal.config.settings import INSTALLED_APPS, LIMITS

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
LIMITS = {name: (0, seconds) for name, (_count, seconds) in LIMITS.items()}
PROOF_OF_WORK_COST = 10  # the visitor's work, not the server's; checking it costs the same
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
