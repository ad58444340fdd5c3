from django.urls import path

from kanal.channels.graph.views import webhook
from kanal.channels.models import Medium

app_name = "whatsapp"
urlpatterns = [path("", webhook(Medium.WHATSAPP), name="webhook")]
