import os

from django.core.wsgi import get_wsgi_application

from kanal.common.sqlite.requests import one_by_one

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
application = one_by_one(get_wsgi_application())
