from django.urls import path

from kanal.channels.telegram import views

app_name = "telegram"
urlpatterns = [path("", views.webhook, name="webhook")]
