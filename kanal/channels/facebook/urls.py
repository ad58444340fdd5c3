from django.urls import path

from kanal.channels.graph.views import webhook
from kanal.channels.models import Medium

app_name = "facebook"
urlpatterns = [path("", webhook(Medium.FACEBOOK), name="webhook")]
