from django.urls import path

from kanal.channels.app.payloads import INCOMING
from kanal.reports.webhooks import api

app_name = "webhooks"
urlpatterns = [path(name, api.view_of(name), name=name) for name in INCOMING]
